//! What was probably meant by a text that is not in its form: how people write money, days, hours and spans elsewhere.

use super::super::units::DAY_NAMES;
use super::Form;

/// A text that may be in the form; whoever asks checks it. Nothing is ever changed without the author.
pub(super) fn mended(form: Form, text: &str) -> Option<String> {
    if text.len() > 64 {
        return None;
    }
    match form {
        Form::Money => crate::text::plain_amount(text),
        Form::Country | Form::Currency => Some(text.trim().to_ascii_uppercase()),
        Form::Duration => with_unit(text, DURATIONS),
        Form::Distance => with_unit(text, DISTANCES),
        Form::Days => days(text),
        Form::Hours | Form::HoursOrName => hours(text),
        Form::Problem => Some(text.trim().trim_end_matches(".*").to_ascii_lowercase().replace([' ', '-'], "_")),
        Form::Field | Form::FieldPath => Some(text.trim().to_ascii_lowercase().replace([' ', '-'], "_")),
        Form::Id | Form::HoursName => Some(text.trim().replace(' ', "-")),
        Form::File | Form::Pattern => Some(text.replace('\\', "/").trim_start_matches("./").to_owned()),
        Form::Date => date(text),
        Form::Zip => crate::geo::usps::zip_meant(text),
        Form::County => county(text.trim()),
        Form::State => crate::geo::usps::state_meant(text).map(str::to_owned),
        Form::UrlTemplate => {
            Some(text.trim()).filter(|text| !text.contains("://")).map(|text| format!("https://{text}"))
        }
        Form::Pointer | Form::AnswerPart => Some(format!("/{}", text.trim_start_matches(['$', '.']).replace('.', "/"))),
        Form::Catalogue => Some(format!("{}@1", text.trim().to_ascii_lowercase().replace([' ', '_'], "-"))),
        Form::GroupOfRoute => Some(text.trim().replacen(['.', ':', ' '], "/", 1)),
        Form::ExtraShare => Some(format!("+{}%", text.trim().trim_matches(['+', '%']))),
        _ => None,
    }
}

/// `1001` → `01001`, `Dallas County, TX` → `48113`.
fn county(text: &str) -> Option<String> {
    if text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(format!("0{text}"));
    }
    let (name, state) = text.rsplit_once(',').or_else(|| text.rsplit_once(' '))?;
    let (name, state) = (name.trim(), state.trim());
    let is = |known: &str| {
        known.eq_ignore_ascii_case(name)
            || known.rsplit_once(' ').is_some_and(|(short, _)| short.eq_ignore_ascii_case(name))
    };
    let found = crate::geo::counties().find(|county| county.state() == state && is(county.name()))?;
    Some(found.fips().as_str().to_owned())
}

/// Units with the words for them. A month is none: it has no fixed length.
const DURATIONS: &[(&str, &str)] = &[
    ("ms", "ms msec msecs millisecond milliseconds"),
    ("s", "s sec secs second seconds"),
    ("m", "m min mins minute minutes"),
    ("h", "h hr hrs hour hours"),
    ("d", "d day days"),
    ("w", "w wk wks week weeks"),
];
const DISTANCES: &[(&str, &str)] = &[
    ("mi", "mi mile miles"),
    ("km", "km kilometer kilometers kilometre kilometres"),
    ("m", "m meter meters metre metres"),
];

/// `31 days` → `31d`.
fn with_unit(text: &str, units: &[(&str, &str)]) -> Option<String> {
    let text = text.trim().to_ascii_lowercase();
    let at = text.find(|c: char| !c.is_ascii_digit() && c != '.')?;
    let (number, word) = text.split_at_checked(at)?;
    let word = word.trim();
    let (unit, _) = units.iter().find(|(_, words)| words.split(' ').any(|known| known == word))?;
    Some(format!("{number}{unit}"))
}

const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// `Monday-Friday` → `mon-fri`.
fn days(text: &str) -> Option<String> {
    let lower = text.to_ascii_lowercase();
    let short = |part: &str| {
        let part = part.trim();
        let (day, _) =
            DAY_NAMES.iter().zip(DAYS).find(|(day, full)| part.starts_with(**day) && full.starts_with(part))?;
        Some(*day)
    };
    let run = |part: &str| part.split('-').map(short).collect::<Option<Vec<_>>>().map(|days| days.join("-"));
    lower.split(',').map(run).collect::<Option<Vec<_>>>().map(|runs| runs.join(","))
}

/// `2026/1/6` → `2026-01-06`. What begins with a day or a month could be either, unless one is no month.
fn date(text: &str) -> Option<String> {
    let parts: Vec<&str> = text.trim().split(['-', '/', '.', ' ']).collect();
    let [first, second, third] = parts.as_slice() else { return None };
    let over_twelve = |part: &str| part.parse::<u8>().is_ok_and(|n| n > 12);
    let (year, month, day) = match (first.len(), third.len()) {
        (4, _) => (first, second, third),
        (_, 4) if over_twelve(second) => (third, first, second),
        (_, 4) if over_twelve(first) => (third, second, first),
        _ => return None,
    };
    Some(format!("{year}-{month:0>2}-{day:0>2}"))
}

/// `8:00 - 18:00` → `08:00-18:00`.
fn hours(text: &str) -> Option<String> {
    let side = |part: &str| {
        let part = part.trim().to_ascii_lowercase();
        let (clock, noon) = match part.strip_suffix("pm").or_else(|| part.strip_suffix("am")) {
            Some(clock) => (clock.trim_end(), Some(part.ends_with("pm"))),
            None => (part.as_str(), None),
        };
        let (hour, minute) = clock.split_once(':').or_else(|| noon.map(|_| (clock, "00")))?;
        match noon {
            None => Some(format!("{hour:0>2}:{minute}")),
            Some(pm) => {
                let hour = hour.parse::<u8>().ok().filter(|hour| (1..=12).contains(hour))? % 12;
                Some(format!("{:02}:{minute}", hour + if pm { 12 } else { 0 }))
            }
        }
    };
    let (start, end) = text.split_once('-')?;
    Some(format!("{}-{}", side(start)?, side(end)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_write_elsewhere_is_understood() {
        for (form, text, right) in [
            (Form::Money, "$1,000.00", "1000.00"),
            (Form::Duration, "31 days", "31d"),
            (Form::Duration, "20 Minutes", "20m"),
            (Form::Duration, "5 milliseconds", "5ms"),
            (Form::Distance, "60 miles", "60mi"),
            (Form::Days, "tues,thurs", "tue,thu"),
            (Form::Days, "Monday - Friday", "mon-fri"),
            (Form::Hours, "8:00 - 18:00", "08:00-18:00"),
            (Form::Hours, "9am-5:30 PM", "09:00-17:30"),
            (Form::Hours, "12pm - 12am", "12:00-00:00"),
            (Form::Date, "11/26/2026", "2026-11-26"),
            (Form::Date, "2026/1/6", "2026-01-06"),
            (Form::Zip, "2134", "02134"),
            (Form::State, "Texas", "TX"),
            (Form::UrlTemplate, "buyer.example/leads", "https://buyer.example/leads"),
            (Form::Pointer, "$.a.price", "/a/price"),
            (Form::Catalogue, "us/home-services", "us/home-services@1"),
            (Form::GroupOfRoute, "roofing.open", "roofing/open"),
            (Form::File, "./lists\\a.txt", "lists/a.txt"),
            (Form::Currency, "usd", "USD"),
            (Form::Country, "us", "US"),
            (Form::Field, "Roof Age", "roof_age"),
        ] {
            let suggestion = form.check(text).err().and_then(|misfit| misfit.suggestion);
            assert_eq!(suggestion.as_deref(), Some(right), "{text}");
        }
    }

    #[test]
    fn what_is_not_understood_has_no_suggestion() {
        for (form, text) in [
            (Form::Money, "cheap"),
            (Form::Money, "1,50"),
            (Form::Duration, "5 months"),
            (Form::Duration, "5 mi"),
            (Form::Distance, "60 minutes"),
            (Form::Days, "monthly"),
            (Form::Zip, "7"),
            (Form::UrlTemplate, "ftp://buyer.example"),
            (Form::Duration, "soon"),
            (Form::Days, "weekend"),
            (Form::Hours, "9 to 5"),
            (Form::Date, "11/12/2026"),
            // A secret that stands in the open is not said again.
            (Form::Secret, "a-token-of-somebody"),
        ] {
            assert!(form.check(text).err().is_some_and(|misfit| misfit.suggestion.is_none()), "{text}");
        }
    }
}
