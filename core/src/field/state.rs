//! States of the United States and provinces of Canada, by their two letters.

use super::{FieldOptions, FieldOutcome, input};
use crate::geo::usps;
use crate::model::{Code, Correction, Problem, RawValue, Value};
use crate::text::did_you_mean;

/// Letters, then names and old abbreviations, of the provinces (Canada Post, Addressing Guidelines, table of symbols).
const PROVINCES: [(&str, &[&str]); 13] = [
    ("AB", &["alberta", "alta"]),
    ("BC", &["british columbia"]),
    ("MB", &["manitoba", "man"]),
    ("NB", &["new brunswick"]),
    ("NL", &["newfoundland and labrador", "newfoundland", "labrador", "nf"]),
    ("NS", &["nova scotia"]),
    ("NT", &["northwest territories", "nwt"]),
    ("NU", &["nunavut"]),
    ("ON", &["ontario", "ont"]),
    ("PE", &["prince edward island", "pei"]),
    ("QC", &["quebec", "québec", "que", "pq"]),
    ("SK", &["saskatchewan", "sask"]),
    ("YT", &["yukon", "yukon territory"]),
];

pub(super) fn check(raw: &RawValue, path: &str, options: &FieldOptions) -> FieldOutcome {
    let mut input = match input::read(raw, path, options) {
        Ok(input) => input,
        Err(done) => return done,
    };
    let plain = plain(&input.text);
    let found = match options.region.as_deref() {
        Some("US") => usps::state(&plain),
        Some("CA") => province(&plain),
        _ => usps::state(&plain).or_else(|| province(&plain)),
    };
    let Some(letters) = found else {
        let mut problem = Problem::new(Code::StateUnknown, path).with_shape(raw.shape());
        if let Some(near) = meant(&plain) {
            problem = problem.with_suggestion(near);
        }
        return FieldOutcome::refused(problem);
    };
    if letters != input.text {
        input.corrections.push(Correction::new(Code::StateStandardized, path, &*input.text, letters));
    }
    let mut outcome = input.found(Value::text(letters));
    let country = if province(letters).is_some() { "CA" } else { "US" };
    outcome.parts.insert("country", Value::text(country));
    outcome
}

/// `N.Y.`, `N. Carolina` and `new  york` without dots, in capitals.
fn plain(text: &str) -> String {
    let words = text.split([' ', '.', ',']).filter(|word| !word.is_empty()).map(str::to_uppercase);
    let words: Vec<String> = words.collect();
    let letters = words.iter().all(|word| word.chars().count() == 1);
    words.join(if letters { "" } else { " " })
}

fn province(plain: &str) -> Option<&'static str> {
    let lower = plain.to_lowercase();
    let named = |(letters, names): &&(&'static str, &[&str])| *letters == plain || names.contains(&lower.as_str());
    PROVINCES.iter().find(named).map(|(letters, _)| *letters)
}

fn meant(plain: &str) -> Option<&'static str> {
    // Two letters are near to too many.
    if plain.chars().count() < 4 {
        return None;
    }
    usps::state_meant(plain).or_else(|| {
        let names = PROVINCES.iter().flat_map(|(_, names)| names.iter().copied());
        did_you_mean(&plain.to_lowercase(), names).and_then(|name| province(&name.to_uppercase()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(text: &str) -> FieldOutcome {
        check(&RawValue::text(text), "/state", &FieldOptions::default())
    }

    #[test]
    fn the_ways_people_write_a_state() {
        for (text, letters) in [
            ("tx", "TX"),
            ("T.X.", "TX"),
            (" new  york ", "NY"),
            ("N.Y.", "NY"),
            ("Calif.", "CA"),
            ("District of Columbia", "DC"),
            ("Ontario", "ON"),
            ("québec", "QC"),
        ] {
            assert_eq!(state(text).value, Some(Value::text(letters)), "{text}");
        }
        assert_eq!(state("on").parts.get("country"), Some(&Value::text("CA")));
        let only_us = FieldOptions { region: Some("US".into()), ..FieldOptions::default() };
        assert!(!check(&RawValue::text("ON"), "/state", &only_us).valid());
    }

    #[test]
    fn a_near_miss_is_asked_about() {
        assert_eq!(state("Califronia").problems.first().and_then(|p| p.suggestion.as_deref()), Some("CA"));
        assert_eq!(state("zz").problems.first().map(|p| p.suggestion.clone()), Some(None));
    }
}
