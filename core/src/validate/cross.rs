//! What only shows when fields are looked at together. Nothing here refuses a lead but old consent, where a plan says how
//! old it may be: people move and keep their numbers, and call their children after cities.

use super::lead::Draft;
use super::moment::{Moment, Now};
use super::options::ValidateOptions;
use super::raw::RawField;
use crate::field::{AreaCode, FieldOutcome};
use crate::model::{Action, Code, Correction, Problem, RawValue, Value};

/// The lead, with what it says about itself.
pub(super) struct Together<'a> {
    pub(super) options: &'a ValidateOptions,
    pub(super) found: &'a [RawField<'a>],
}

impl Together<'_> {
    /// Everything that is only told, in the order of this list.
    pub(super) fn look(&self, draft: &mut Draft<'_>) {
        let problems =
            [self.area_code(draft), self.age(draft), self.country(draft), self.all_same(), self.consent_age(draft)];
        draft.problems.extend(problems.into_iter().flatten());
        draft.problems.extend(self.in_future(draft));
    }

    /// The phone and the address, in different states.
    fn area_code(&self, draft: &Draft<'_>) -> Option<Problem> {
        let national = draft.canonical.get("phone")?.as_text()?.strip_prefix("+1")?;
        let state = draft.canonical.get("state")?.as_text()?;
        let mut states = AreaCode::find(national.get(..3)?)?.states().peekable();
        states.peek()?;
        let elsewhere = states.all(|of_code| of_code != state);
        elsewhere.then(|| Problem::new(Code::CrossAreaCodeState, self.path("phone")))
    }

    /// The age that was given and the one that follows from the date of birth; a birthday between the two is no matter.
    fn age(&self, draft: &Draft<'_>) -> Option<Problem> {
        let Some(Value::Date(born)) = draft.canonical.get("dob") else { return None };
        let years = i64::from(born.years_until(self.options.as_of?));
        let (name, given) = named(draft, &["age", "x_age"])?;
        let given = match given {
            Value::Int(age) => *age,
            Value::Text(text) => text.parse().ok()?,
            _ => return None,
        };
        let differs = given.abs_diff(years) > 1;
        differs.then(|| Problem::new(Code::CrossAge, self.path(name)))
    }

    /// The country of the IP address, as the host knows it or the lead says, and that of the postal address.
    fn country(&self, draft: &Draft<'_>) -> Option<Problem> {
        let of_lead = || named(draft, &["ip_country", "x_ip_country"])?.1.as_text();
        let country = country(self.options.ip_country.as_deref().or_else(of_lead)?)?;
        let state = draft.canonical.get("state")?.as_text()?;
        // Post of the armed forces is delivered anywhere.
        let at_home = country == "US" || matches!(state, "AA" | "AE" | "AP");
        (!at_home).then(|| Problem::new(Code::CrossIpCountry, self.path("ip")))
    }

    /// Three fields that never hold the same, and do.
    fn all_same(&self) -> Option<Problem> {
        const APART: [&str; 5] = ["first_name", "last_name", "address_line1", "city", "comments"];
        fn plain<'t>(field: &RawField<'t>) -> impl Iterator<Item = char> + use<'t> {
            let text = match field.value {
                RawValue::Text(text) => text.as_str(),
                _ => "",
            };
            text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase)
        }
        let text = |field: &'_ RawField<'_>| match (field.field(), field.value) {
            (Some(known), RawValue::Text(_)) => APART.contains(&known.name.as_str()),
            _ => false,
        };
        let texts: Vec<&RawField<'_>> = self.found.iter().filter(|field| text(field)).collect();
        if texts.len() < 3 {
            return None;
        }
        let same = |field: &&&RawField<'_>| {
            plain(field).next().is_some() && texts.iter().filter(|other| plain(other).eq(plain(field))).count() >= 3
        };
        texts.iter().find(same).map(|field| Problem::new(Code::CrossAllSame, field.path))
    }

    /// Consent that is older than it may be.
    fn consent_age(&self, draft: &Draft<'_>) -> Option<Problem> {
        let most = self.options.consent_max_age?;
        let given = Moment::of(draft.canonical.get("consent.at")?)?;
        let old = Now::of(self.options)?.is_older(given, most);
        let days = most / 86_400_000;
        let expected = if days > 0 { format!("at most {days} days old") } else { format!("at most {most} ms old") };
        let problem = Problem::new(Code::ConsentTooOld, self.path("consent.at")).with_expected(expected);
        old.then(|| problem.with_action(Action::Rejected))
    }

    /// Times that cannot lie ahead and do.
    fn in_future(&self, draft: &Draft<'_>) -> Vec<Problem> {
        let Some(now) = Now::of(self.options) else { return Vec::new() };
        let times = ["consent.at", "submitted_at", "x_submitted_at", "x_origination_datetime"];
        let ahead = times.iter().filter_map(|name| {
            let moment = Moment::of(draft.canonical.get(name)?)?;
            now.is_before(moment).then(|| Problem::new(Code::CrossInFuture, self.path(name)))
        });
        ahead.collect()
    }

    /// Where a field stood; under its own name where it did not come in.
    fn path(&self, name: &str) -> String {
        let is_it = |field: &&RawField<'_>| match field.field() {
            Some(known) => known.name == name,
            None => name.strip_prefix("x_").is_some_and(|name| field.plain == name),
        };
        self.found.iter().find(is_it).map_or_else(|| format!("/{name}"), |field| field.path.to_owned())
    }
}

/// The first of some fields that has a value.
fn named<'d>(draft: &'d Draft<'_>, names: &[&'static str]) -> Option<(&'static str, &'d Value)> {
    names.iter().find_map(|name| Some((*name, draft.canonical.get(name)?)))
}

/// A country by two letters, territories of the United States as theirs. What is no country says nothing.
fn country(text: &str) -> Option<String> {
    let code = text.trim().to_ascii_uppercase();
    match code.as_str() {
        "USA" | "PR" | "VI" | "GU" | "AS" | "MP" | "UM" => Some("US".into()),
        // Unknown, a satellite, a proxy, or a whole continent.
        "XX" | "ZZ" | "AP" | "EU" | "A1" | "A2" | "O1" | "T1" => None,
        code => (code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_uppercase())).then(|| code.into()),
    }
}

/// What a whole name has in it.
pub(super) struct WholeName<'a> {
    path: &'a str,
    first: Option<String>,
    last: Option<String>,
}

impl<'a> WholeName<'a> {
    pub(super) fn of(path: &'a str, found: &FieldOutcome) -> Self {
        let part = |name: &str| found.parts.get(name).and_then(Value::as_text).map(str::to_owned);
        Self { path, first: part("first"), last: part("last") }
    }
}

/// First and last name out of the whole one, where they were not given.
pub(super) fn split_name(name: Option<WholeName<'_>>, draft: &mut Draft<'_>) {
    let Some(WholeName { path, first, last }) = name else { return };
    for (field, part) in [("first_name", first), ("last_name", last)] {
        let Some(found) = part else { continue };
        if draft.canonical.has(field) {
            continue;
        }
        let from = match draft.came("full_name").map(|came| came.value) {
            Some(RawValue::Text(text)) => text.as_str(),
            _ => "",
        };
        draft.corrections.push(Correction::new(Code::LeadNameSplit, path, from, &found));
        draft.canonical.insert(field.into(), Value::Text(found));
    }
}
