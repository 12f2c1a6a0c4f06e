//! ZIP codes of the United States and postal codes of Canada.

use super::{FieldOptions, FieldOutcome, input};
use crate::geo::zip_info;
use crate::model::{Code, Correction, Problem, RawValue, Value};
use unicode_normalization::UnicodeNormalization;

pub(super) fn check(raw: &RawValue, path: &str, options: &FieldOptions) -> FieldOutcome {
    let mut input = match input::read(raw, path, options) {
        Ok(input) => input,
        Err(done) => return done,
    };
    let text: String = input.text.nfkc().flat_map(char::to_uppercase).collect();
    if let Some(code) = canadian(&text).filter(|_| options.region.as_deref() != Some("US")) {
        note(&mut input, path, Code::ZipStandardized, &code);
        let mut outcome = input.found(Value::Text(code));
        outcome.parts.insert("country", Value::text("CA"));
        return outcome;
    }
    let Some(Zip { five, four, zeros }) = american(&text).filter(|_| options.region.as_deref() != Some("CA")) else {
        return FieldOutcome::refused(Problem::new(Code::ZipNotAZip, path).with_shape(raw.shape()));
    };
    let whole = four.as_ref().map_or_else(|| five.clone(), |four| format!("{five}-{four}"));
    note(&mut input, path, if zeros { Code::ZipLeadingZero } else { Code::ZipStandardized }, &whole);
    let known = zip_info(&five).is_some();
    let mut outcome = input.found(Value::Text(five));
    outcome.parts.insert("country", Value::text("US"));
    if let Some(four) = four {
        outcome.parts.insert("zip4", Value::Text(four));
    }
    if !known {
        outcome.problems.push(Problem::new(Code::ZipUnassigned, path).with_shape(raw.shape()));
    }
    outcome
}

fn note(input: &mut input::Input<'_>, path: &str, code: Code, to: &str) {
    if to != input.text {
        input.corrections.push(Correction::new(code, path, &*input.text, to));
    }
}

struct Zip {
    five: String,
    four: Option<String>,
    /// Zeros in front had been lost.
    zeros: bool,
}

/// `60601`, `60601-1234`, `606011234`, `60601.0`, and `2134` for `02134`: a spreadsheet takes the zeros in front away.
fn american(text: &str) -> Option<Zip> {
    let text = text.strip_suffix(".0").unwrap_or(text).trim_end_matches('-').trim();
    let (five, four) = match text.split_once(['-', '–', ' ', '+']) {
        Some((five, four)) => (five.trim(), Some(four.trim_start_matches(['-', '+', ' ']))),
        None if text.len() == 9 => (text.get(..5)?, text.get(5..)),
        // Of nine digits without the zero in front.
        None if text.len() == 8 => (text.get(..4)?, text.get(4..)),
        None => (text, None),
    };
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let four = four.filter(|four| !four.is_empty());
    let fits = digits(five) && (3..=5).contains(&five.len()) && four.is_none_or(|four| four.len() == 4 && digits(four));
    let lost = fits && five.len() < 5;
    let five = format!("{five:0>5}");
    // A short one counts only when there is such a ZIP code; 000 and 0000 are nothing.
    (fits && five != "00000" && (!lost || zip_info(&five).is_some())).then(|| Zip {
        five,
        four: four.map(str::to_owned),
        zeros: lost,
    })
}

/// `K1A 0B1`: letter, digit, letter, digit, letter, digit, without D, F, I, O, Q and U, and not W or Z in front
/// (Canada Post, Addressing Guidelines).
fn canadian(text: &str) -> Option<String> {
    let plain: String = text.chars().filter(|c| !matches!(c, ' ' | '-')).collect();
    let fits = plain.chars().count() == 6
        && plain.chars().enumerate().all(|(at, c)| match at % 2 {
            0 => c.is_ascii_uppercase() && !"DFIOQU".contains(c) && !(at == 0 && "WZ".contains(c)),
            _ => c.is_ascii_digit(),
        });
    let (area, rest) = plain.split_at_checked(3)?;
    fits.then(|| format!("{area} {rest}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zip(text: &str) -> FieldOutcome {
        check(&RawValue::text(text), "/zip", &FieldOptions::default())
    }

    #[test]
    fn the_ways_people_write_a_zip_code() {
        for (text, five, four) in [
            ("60601", "60601", None),
            ("60601.0", "60601", None),
            ("60601-1234", "60601", Some("1234")),
            ("606011234", "60601", Some("1234")),
            ("60601 - 1234", "60601", Some("1234")),
            ("60601-", "60601", None),
            ("2134", "02134", None),
            ("2134-1001", "02134", Some("1001")),
            ("21341001", "02134", Some("1001")),
            ("601", "00601", None),
            ("６０６０１", "60601", None),
            ("k1a0b1", "K1A 0B1", None),
        ] {
            assert_eq!(zip(text).value, Some(Value::text(five)), "{text}");
            assert_eq!(zip(text).parts.get("zip4"), four.map(Value::text).as_ref(), "{text}");
        }
        for text in ["9999", "00000", "123456", "99991234", "60601-12", "D1A 0B1", "abcde", "1234 Main"] {
            assert!(!zip(text).valid(), "{text}");
        }
        assert_eq!(zip("00001").problems.first().map(|p| p.code), Some(Code::ZipUnassigned));
        assert_eq!(zip("2134").corrections.first().map(|c| c.code), Some(Code::ZipLeadingZero));
    }

    proptest::proptest! {
        #[test]
        fn no_text_panics_and_what_comes_out_stays(text in "\\PC*|[0-9 -]{3,10}|[a-zA-Z0-9 ]{6,7}") {
            if let Some(Value::Text(found)) = zip(&text).value {
                proptest::prop_assert_eq!(zip(&found).value, Some(Value::text(found)));
            }
        }
    }
}
