//! Social Security numbers. Only the shape is looked at, and a whole number goes nowhere: its canonical value is that
//! there was one, and no problem or correction holds a digit of it.

use super::{FieldOptions, FieldOutcome, input};
use crate::model::{Code, Problem, RawValue, Value};
use unicode_normalization::UnicodeNormalization;

/// Numbers that were printed in advertisements (Social Security Administration, "Misused Social Security numbers").
const PRINTED: [&str; 2] = ["078051120", "219099999"];

pub(super) fn whole(raw: &RawValue, path: &str, options: &FieldOptions) -> FieldOutcome {
    let input = match input::read(raw, path, options) {
        Ok(input) => input,
        Err(done) => return done,
    };
    let refuse = |code| FieldOutcome::refused(Problem::new(code, path).with_shape(raw.shape()));
    // What a lead says that was validated before, or on whose form there is a box for it.
    match &*input.text {
        "true" => return FieldOutcome { value: Some(Value::Bool(true)), ..FieldOutcome::default() },
        "false" if options.required => return FieldOutcome::refused(Problem::new(Code::FieldMissing, path)),
        "false" => return FieldOutcome::default(),
        _ => {}
    }
    let Some(digits) = digits(&input.text, &[3, 2, 4]) else { return refuse(Code::SsnNotOne) };
    if !is_possible(&digits) {
        return refuse(Code::SsnImpossible);
    }
    FieldOutcome { value: Some(Value::Bool(true)), ..FieldOutcome::default() }
}

/// The last four digits. Of a whole number nothing is taken: who asks for four should not be sent nine.
pub(super) fn last_four(raw: &RawValue, path: &str, options: &FieldOptions) -> FieldOutcome {
    let input = match input::read(raw, path, options) {
        Ok(input) => input,
        Err(done) => return done,
    };
    let text = input.text.trim_start_matches(['x', 'X', '*', '•', '-', '#', ' ']);
    match digits(text, &[4]).filter(|digits| digits != "0000") {
        Some(digits) => FieldOutcome { value: Some(Value::Text(digits)), ..FieldOutcome::default() },
        None => FieldOutcome::refused(Problem::new(Code::SsnNotLastFour, path).with_shape(raw.shape())),
    }
}

/// The digits of groups of these lengths, or of all of them in one.
fn digits(text: &str, lengths: &[usize]) -> Option<String> {
    let text: String = text.nfkc().collect();
    let groups: Vec<&str> = text.split(['-', ' ', '.', '–']).collect();
    let fits = groups.len() == 1 || groups.iter().map(|group| group.len()).eq(lengths.iter().copied());
    let digits = groups.concat();
    let right = fits && digits.len() == lengths.iter().sum::<usize>();
    (right && digits.bytes().all(|b| b.is_ascii_digit())).then_some(digits)
}

/// Area, group and serial number as they were given out before and after 25 June 2011 (20 CFR 422.103, SSA "Randomization").
fn is_possible(digits: &str) -> bool {
    let (area, rest) = digits.split_at_checked(3).unwrap_or_default();
    let (group, serial) = rest.split_at_checked(2).unwrap_or_default();
    let given = area != "000" && area != "666" && !area.starts_with('9') && group != "00" && serial != "0000";
    given && !PRINTED.contains(&digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_digit_of_a_number_goes_anywhere() {
        for (text, code) in [
            ("123-45-6789", None),
            ("123 45 6789", None),
            ("123456789", None),
            ("１２３-４５-６７８９", None),
            ("000-12-3456", Some(Code::SsnImpossible)),
            ("666-12-3456", Some(Code::SsnImpossible)),
            ("912-12-3456", Some(Code::SsnImpossible)),
            ("123-00-4567", Some(Code::SsnImpossible)),
            ("123-45-0000", Some(Code::SsnImpossible)),
            ("078-05-1120", Some(Code::SsnImpossible)),
            ("12-345-6789", Some(Code::SsnNotOne)),
            ("12345678", Some(Code::SsnNotOne)),
        ] {
            let found = whole(&RawValue::text(text), "/ssn", &FieldOptions::default());
            assert_eq!(found.problems.first().map(|p| p.code), code, "{text}");
            assert!(!format!("{found:?}").contains("45"), "{text}");
        }
    }

    #[test]
    fn that_there_was_one_stays_so() {
        let of = |raw: &RawValue, required| whole(raw, "/ssn", &FieldOptions { required, ..FieldOptions::default() });
        assert_eq!(of(&RawValue::Bool(true), true).value, Some(Value::Bool(true)));
        assert_eq!(of(&RawValue::text("true"), true).value, Some(Value::Bool(true)));
        assert_eq!(of(&RawValue::Bool(false), false), FieldOutcome::default());
        assert_eq!(of(&RawValue::Bool(false), true).problems.first().map(|p| p.code), Some(Code::FieldMissing));
    }

    #[test]
    fn four_digits_are_four() {
        let four = |text: &str| last_four(&RawValue::text(text), "/ssn4", &FieldOptions::default());
        for text in ["0042", "xxx-xx-0042", "***0042"] {
            assert_eq!(four(text).value, Some(Value::text("0042")), "{text}");
        }
        for text in ["0000", "123-45-6789", "42", "00421"] {
            assert_eq!(four(text).problems.first().map(|p| p.code), Some(Code::SsnNotLastFour), "{text}");
        }
    }
}
