//! The forms a text of a plan can be written in.

use super::super::units::{UnitError, UnitFault, distance_metres, duration_millis, hours_range, week_days};
use super::mend::mended;
use crate::model::{Code, Currency, Date, Money};

/// How a text is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// Anything.
    Any,
    /// A name in somebody else's system: any text that is not empty.
    Foreign,
    /// An id.
    Id,
    /// The name of a lead's field.
    Field,
    /// A field, also one inside of another: `consent.trustedform`.
    FieldPath,
    /// A problem or a group of them: `email.disposable`, `email`.
    Problem,
    /// An entry of a catalogue with its version: `us/home-services@1`.
    Catalogue,
    /// A group of a route: `roofing/open`.
    GroupOfRoute,
    /// A file below the folder of the plan.
    File,
    /// A file, or a pattern with `*` in its last part.
    Pattern,
    /// An address on the web; after the host it may be a template.
    UrlTemplate,
    /// The name of a header that is ours to set.
    Header,
    /// A field as it is sent: `phone`, `phone.sha256`, `phone | ten_digits`.
    Sent,
    /// The name of a secret that the host keeps.
    Secret,
    /// A place in an answer: JSON Pointer.
    Pointer,
    /// `http`, or a place in an answer.
    AnswerPart,
    /// A time zone.
    Zone,
    /// A currency.
    Currency,
    /// A country: two letters.
    Country,
    /// A calendar date.
    Date,
    /// An amount of money, not negative.
    Money,
    /// A rate of exchange.
    Rate,
    /// A span of time.
    Duration,
    /// A distance.
    Distance,
    /// A ZIP Code of five digits.
    Zip,
    /// A county: five digits of FIPS.
    County,
    /// A state: two letters.
    State,
    /// A share that is added: `+20%`.
    ExtraShare,
    /// Hours of a day.
    Hours,
    /// Hours of a day, or the name of hours declared under `hours`.
    HoursOrName,
    /// The name of hours declared under `hours`: an id that does not look like hours.
    HoursName,
    /// Days of the week.
    Days,
}

/// Why a text is not in its form.
pub(crate) struct Misfit {
    pub(crate) code: Code,
    pub(crate) suggestion: Option<String>,
}

impl From<Code> for Misfit {
    fn from(code: Code) -> Self {
        Misfit { code, suggestion: None }
    }
}

impl Form {
    /// Whether the text is in this form; if not, how it was probably meant.
    pub(crate) fn check(self, text: &str) -> Result<(), Misfit> {
        self.check_as_written(text).map_err(|misfit| Misfit {
            suggestion: misfit
                .suggestion
                .or_else(|| mended(self, text).filter(|text| self.check_as_written(text).is_ok())),
            ..misfit
        })
    }

    fn check_as_written(self, text: &str) -> Result<(), Misfit> {
        let code = self.code();
        let when = |right: bool| if right { Ok(()) } else { Err(Misfit::from(code)) };
        match self {
            Form::Any => Ok(()),
            Form::Foreign => when(!text.is_empty() && text.len() <= 256),
            Form::Id => when(is_id(text)),
            Form::HoursName => when(is_id(text) && !looks_like_hours(text)),
            Form::Field => when(is_field(text)),
            Form::Problem => when(text.len() <= 128 && text.split('.').count() <= 2 && text.split('.').all(is_field)),
            Form::FieldPath => when(text.len() <= 256 && text.split('.').all(is_field)),
            Form::Catalogue => when(is_catalogue(text)),
            Form::GroupOfRoute => when(text.split_once('/').is_some_and(|(route, group)| is_id(route) && is_id(group))),
            Form::File => when(is_file(text) && !text.contains('*')),
            Form::Pattern => when(is_file(text) && !text.rsplit('/').skip(1).any(|part| part.contains('*'))),
            Form::UrlTemplate => when(is_url_template(text)),
            Form::Header => when(is_header(text)),
            Form::Sent => when(is_sent(text)),
            Form::Secret => when(text.strip_prefix("secret://").is_some_and(|name| name.split('/').all(is_id))),
            Form::Pointer => when(is_pointer(text)),
            Form::AnswerPart => when(text == "http" || is_pointer(text)),
            Form::Zone => zone(text),
            Form::Currency => when(text.parse::<Currency>().is_ok()),
            Form::Date => when(text.parse::<Date>().is_ok()),
            Form::Money => when(text.parse::<Money>().is_ok_and(|money| money >= Money::ZERO)),
            Form::Rate => when(text.parse::<Money>().is_ok_and(|rate| rate > Money::ZERO)),
            Form::Duration => when(duration_millis(text).is_ok()),
            Form::Distance => when(distance_metres(text).is_ok()),
            Form::Zip | Form::County => when(text.len() == 5 && text.bytes().all(|b| b.is_ascii_digit())),
            Form::Country | Form::State => when(text.len() == 2 && text.bytes().all(|b| b.is_ascii_uppercase())),
            Form::ExtraShare => when(is_extra_share(text)),
            Form::Hours => hours_range(text).map(drop).map_err(hours_misfit),
            Form::HoursOrName if looks_like_hours(text) => hours_range(text).map(drop).map_err(hours_misfit),
            Form::HoursOrName => when(is_id(text)),
            Form::Days => when(week_days(text).is_ok()),
        }
    }

    /// The code of a text that is not in this form.
    pub(crate) fn code(self) -> Code {
        match self {
            Form::Id | Form::HoursName => Code::PlanBadId,
            Form::File | Form::Pattern => Code::PlanBadFileName,
            Form::Zone => Code::PlanBadTimezone,
            Form::Currency => Code::PlanBadCurrency,
            Form::Date => Code::PlanBadDate,
            Form::Money => Code::PlanBadMoney,
            Form::Duration => Code::PlanBadDuration,
            Form::Distance => Code::PlanBadDistance,
            Form::Hours | Form::HoursOrName => Code::PlanBadHours,
            Form::Days => Code::PlanBadDay,
            _ => Code::PlanBadReference,
        }
    }

    /// What is right, with an example, as it follows "expected".
    pub(crate) fn expected(self) -> &'static str {
        match self {
            Form::Any => "a text",
            Form::Foreign => "a text that is not empty",
            Form::Id => "an id of 1 to 64 of A-Z a-z 0-9 . _ : -, and not `note`",
            Form::HoursName => r#"an id that does not read like hours, like "office""#,
            Form::Field => r#"the name of a field in a-z, 0-9 and _, like "roof_age""#,
            Form::Problem => r#"a problem or a group of them, like "email.disposable" or "email""#,
            Form::FieldPath => r#"a field, like "phone" or "consent.trustedform""#,
            Form::Catalogue => r#"a catalogue's entry with its version, like "us/home-services@1""#,
            Form::GroupOfRoute => r#"a route and its group, like "roofing/open""#,
            Form::File => r#"a file below the plan's folder, like "lists/opt-outs.txt""#,
            Form::Pattern => r#"a file or a pattern below the plan's folder, like "buyers/*.jsonc""#,
            Form::UrlTemplate => r#"an address on the web, like "https://buyer.example/leads""#,
            Form::Header => r#"the name of a header that HTTP does not set itself, like "X-Campaign""#,
            Form::Sent => r#"a field and perhaps filters, like "phone | ten_digits""#,
            Form::Secret => r#"the name of a secret, like "secret://summit""#,
            Form::Pointer => r#"a place in the answer as JSON Pointer, like "/price""#,
            Form::AnswerPart => r#""http" or a place in the answer as JSON Pointer, like "/status""#,
            Form::Zone => r#"a name of the IANA database, like "America/Chicago""#,
            Form::Currency => r#"the three capital letters of ISO 4217, like "USD""#,
            Form::Country => r#"the two capital letters of ISO 3166, like "US""#,
            Form::Date => r#"a day of the calendar, like "2026-11-26""#,
            Form::Money => r#"money as a text with at most 4 decimals, like "85.00""#,
            Form::Rate => r#"a rate as a text with at most 4 decimals, like "1.0850""#,
            Form::Duration => r#"a whole number and ms, s, m, h, d or w, like "30d", "20m" or "1200ms""#,
            Form::Distance => r#"a number and m, km or mi, like "60mi""#,
            Form::Zip => r#"a ZIP Code of five digits, like "75201""#,
            Form::County => r#"the five digits of a county (FIPS), like "48113""#,
            Form::State => r#"the two capital letters of a state, like "TX""#,
            Form::ExtraShare => r#"a share that is added, like "+20%""#,
            Form::Hours => r#"start and end as HH:MM, like "08:00-18:00", or "always""#,
            Form::HoursOrName => r#"the name of hours, like "office", or "08:00-18:00", or "always""#,
            Form::Days => r#"mon tue wed thu fri sat sun, a run like "mon-fri", or several with commas"#,
        }
    }

    /// A regular expression for the JSON Schema, where one says it well.
    pub(crate) fn pattern(self) -> Option<&'static str> {
        Some(match self {
            Form::Id => "^[A-Za-z0-9._:-]{1,64}$",
            Form::Field => "^[a-z][a-z0-9_]{0,63}$",
            Form::Problem => r"^[a-z][a-z0-9_]{0,63}(\.[a-z][a-z0-9_]{0,63})?$",
            Form::FieldPath => r"^[a-z][a-z0-9_]{0,63}(\.[a-z][a-z0-9_]{0,63})*$",
            Form::Catalogue => "^[a-z0-9-]+(/[a-z0-9-]+)*@[0-9]{1,9}$",
            Form::GroupOfRoute => "^[A-Za-z0-9._:-]{1,64}/[A-Za-z0-9._:-]{1,64}$",
            Form::UrlTemplate => "^https?://.+",
            Form::Header => "^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}$",
            Form::Sent => r"^[a-z][a-z0-9_.]*( *\| *[a-z0-9_]+)*$",
            Form::Secret => "^secret://.+",
            Form::Pointer => "^/",
            Form::AnswerPart => "^(http$|/)",
            Form::Currency => "^[A-Z]{3}$",
            Form::Date => "^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
            Form::Money | Form::Rate => r"^[0-9]+(\.[0-9]{1,4})?$",
            Form::Duration => "^[0-9]+(ms|s|m|h|d|w)$",
            Form::Distance => r"^[0-9]+(\.[0-9]{1,3})?(m|km|mi)$",
            Form::Zip | Form::County => "^[0-9]{5}$",
            Form::Country | Form::State => "^[A-Z]{2}$",
            Form::ExtraShare => r"^\+[0-9]{1,3}%$",
            Form::Hours => "^(always|[0-2][0-9]:[0-5][0-9]-[0-2][0-9]:[0-5][0-9])$",
            Form::Days => "^(mon|tue|wed|thu|fri|sat|sun)([-,] *(mon|tue|wed|thu|fri|sat|sun))*$",
            Form::Foreign => "^[^\\n]+$",
            Form::HoursName => "^(?!always$)(?![0-9].*:)[A-Za-z0-9._:-]{1,64}$",
            Form::Any | Form::HoursOrName | Form::File | Form::Pattern | Form::Zone => return None,
        })
    }

    /// How a number of this meaning is written; for the message to someone who wrote a bare number.
    pub(crate) fn of_number(self, number: &str) -> Option<String> {
        match self {
            Form::Money | Form::Rate => number.parse::<Money>().ok().map(|money| money.to_string()),
            Form::Zip | Form::County => number.parse::<u32>().ok().map(|n| format!("{n:05}")),
            Form::Duration => number.parse::<u32>().ok().map(|n| format!("{n}d")),
            Form::Distance => number.parse::<u32>().ok().map(|n| format!("{n}mi")),
            Form::Id | Form::Any | Form::Foreign => Some(number.to_owned()),
            _ => None,
        }
    }

    /// Whether names in this form are somebody else's, so that `note` is one of them.
    pub(crate) fn is_foreign(self) -> bool {
        matches!(self, Form::Foreign | Form::AnswerPart | Form::Header)
    }
}

/// `note` is taken: a key of that name is a remark.
fn is_id(text: &str) -> bool {
    crate::model::SourceId::new(text).is_ok() && text != super::NOTE
}

fn is_field(text: &str) -> bool {
    text.len() <= 64
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

fn is_catalogue(text: &str) -> bool {
    let part = |part: &str| {
        !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
    };
    let version = |v: &str| !v.is_empty() && v.len() < 10 && v.bytes().all(|b| b.is_ascii_digit());
    text.split_once('@').is_some_and(|(name, v)| name.split('/').all(part) && version(v))
}

fn is_file(text: &str) -> bool {
    let part = |part: &str| !matches!(part, "" | "." | "..") && !part.contains(['\\', ':', '\0']);
    text.len() <= 512 && text.split('/').all(part)
}

/// The scheme and the host are never made of what a lead holds.
fn is_url_template(text: &str) -> bool {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{") {
        let Some((_, after)) = after.split_once("}}") else { return false };
        plain.push_str(before);
        plain.push('x');
        rest = after;
    }
    plain.push_str(rest);
    let host = text.split('/').nth(2).and_then(|host| host.split(['?', '#']).next());
    is_url(&plain) && !plain.contains(['{', '}']) && host.is_some_and(|host| !host.contains('{'))
}

/// Headers that say where a message ends, or who is spoken to: they are HTTP's own.
const HTTPS_OWN: [&str; 12] = [
    "connection",
    "content-encoding",
    "content-length",
    "expect",
    "host",
    "keep-alive",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

fn is_header(text: &str) -> bool {
    let token = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b);
    (1..=64).contains(&text.len())
        && text.bytes().all(token)
        && !HTTPS_OWN.iter().any(|own| own.eq_ignore_ascii_case(text))
}

fn is_sent(text: &str) -> bool {
    let mut parts = text.split('|').map(str::trim);
    let field = parts.next().unwrap_or_default();
    text.len() <= 256 && field.split('.').all(is_field) && parts.all(is_field)
}

fn is_url(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let host = rest.and_then(|rest| rest.split(['/', '?', '#']).next());
    host.is_some_and(|host| !host.is_empty() && !host.contains('@'))
        && text.len() <= 2_048
        && !text.contains(|c: char| c.is_whitespace() || c.is_control())
}

/// RFC 6901, and not the whole document.
fn is_pointer(text: &str) -> bool {
    let escapes = |part: &str| part.split('~').skip(1).all(|rest| rest.starts_with(['0', '1']));
    text.starts_with('/') && text.len() <= 256 && escapes(text)
}

fn is_extra_share(text: &str) -> bool {
    let percent = text.strip_prefix('+').and_then(|rest| rest.strip_suffix('%'));
    percent.is_some_and(|n| {
        n.bytes().all(|b| b.is_ascii_digit()) && n.parse::<u16>().is_ok_and(|n| (1..=100).contains(&n))
    })
}

/// `08:00-18:00` is written with an id's characters, so hours and their names are told apart by this.
fn looks_like_hours(text: &str) -> bool {
    text == "always" || (text.starts_with(|c: char| c.is_ascii_digit()) && text.contains(':'))
}

fn hours_misfit(error: UnitError) -> Misfit {
    match error.why {
        UnitFault::Empty => Code::PlanEmptyHours.into(),
        _ => Code::PlanBadHours.into(),
    }
}

/// The name as the database writes it: what follows a plan compares zones by name.
fn zone(text: &str) -> Result<(), Misfit> {
    let found = jiff::tz::TimeZone::get(text).ok();
    let name = found.as_ref().and_then(|zone| zone.iana_name());
    if name == Some(text) && text != "Etc/Unknown" {
        return Ok(());
    }
    let suggestion = name.map(str::to_owned).or_else(|| near_zone(text));
    Err(Misfit { code: Code::PlanBadTimezone, suggestion })
}

fn near_zone(text: &str) -> Option<String> {
    let names: Vec<String> = jiff::tz::db().available().map(|name| name.as_str().to_owned()).collect();
    let near = crate::text::did_you_mean(text, names.iter().map(String::as_str));
    near.map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn right(form: Form, texts: &[&str]) {
        for text in texts {
            assert!(form.check(text).is_ok(), "{form:?} {text}");
        }
    }

    fn wrong(form: Form, texts: &[&str]) {
        for text in texts {
            assert!(form.check(text).is_err(), "{form:?} {text}");
        }
    }

    #[test]
    fn names_are_checked_for_their_form() {
        right(Form::Catalogue, &["us/home-services@1", "us-states@1"]);
        wrong(Form::Catalogue, &["us/home-services", "us//x@1", "@1", "US@1", "us@", "us@1a", "us@1234567890"]);
        right(Form::GroupOfRoute, &["roofing/open"]);
        wrong(Form::GroupOfRoute, &["roofing", "roofing/", "a/b/c", "a b/c"]);
        right(Form::FieldPath, &["phone", "consent.trustedform", "drivers.primary.age"]);
        wrong(Form::FieldPath, &["", "Phone", "a..b", ".a", "9a", "a-b"]);
        right(Form::Problem, &["email.disposable", "email"]);
        wrong(Form::Problem, &["", "Email", "a..b", "a.b.c", "email.*"]);
        right(Form::Secret, &["secret://summit", "secret://buyers/summit"]);
        wrong(Form::Secret, &["summit", "secret://", "secret://a//b"]);
        right(Form::Pointer, &["/a", "/a~1b/~0"]);
        wrong(Form::Pointer, &["a", "", "/a~2"]);
    }

    #[test]
    fn files_stay_below_the_plan() {
        right(Form::File, &["lists/opt-outs.txt", "a"]);
        wrong(Form::File, &["", "/etc/passwd", "../a", "a/../b", "a\\b", "C:/a", "a//b", "*.txt"]);
        right(Form::Pattern, &["buyers/*.jsonc", "a.jsonc", "*.jsonc"]);
        wrong(Form::Pattern, &["*/a.jsonc", "../*.jsonc"]);
    }

    #[test]
    fn addresses_hold_no_password() {
        right(Form::UrlTemplate, &["https://summit.example/leads", "http://10.0.0.1:8080/?a=b"]);
        wrong(
            Form::UrlTemplate,
            &["summit.example", "ftp://a", "https://", "https://u:p@a/", "https://a b/", "https:///a"],
        );
    }

    #[test]
    fn zones_are_names_of_the_database() {
        right(Form::Zone, &["America/Chicago", "UTC", "Etc/UTC"]);
        wrong(Form::Zone, &["", "CST", "Chicago", "+05:00", "Etc/Unknown"]);
        let near = |text| Form::Zone.check(text).err().and_then(|misfit| misfit.suggestion);
        assert_eq!(near("america/chicago").as_deref(), Some("America/Chicago"));
        assert_eq!(near("America/Chicgo").as_deref(), Some("America/Chicago"));
    }

    #[test]
    fn hours_and_their_names_are_told_apart() {
        right(Form::HoursOrName, &["office", "always", "08:00-18:00", "24-7"]);
        wrong(Form::HoursOrName, &["8:00-18:00", "08:00", "of fice"]);
        wrong(Form::HoursName, &["always", "08:00-18:00"]);
    }

    #[test]
    fn money_is_not_negative() {
        right(Form::Money, &["0", "85.00", "0.0001"]);
        wrong(Form::Money, &["-1.00", "$85", "1,000.00", "85.00001", ""]);
    }
}
