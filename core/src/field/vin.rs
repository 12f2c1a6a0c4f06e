//! Vehicle identification numbers (ISO 3779, 49 CFR 565).

use super::{FieldOptions, FieldOutcome, input};
use crate::model::{Code, Correction, Problem, RawValue, Value};

/// What each place counts in the check digit, itself in the ninth (49 CFR 565.15, table IV).
const WEIGHTS: [u32; 17] = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];
/// The letters of the tenth place, the model year, from 1980 on and again from 2010 on (table VII).
const YEARS: &str = "ABCDEFGHJKLMNPRSTVWXY123456789";

pub(super) fn check(raw: &RawValue, path: &str, options: &FieldOptions) -> FieldOutcome {
    let mut input = match input::read(raw, path, options) {
        Ok(input) => input,
        Err(done) => return done,
    };
    let plain: String = input.text.chars().filter(|c| !matches!(c, ' ' | '-')).collect();
    let plain = plain.to_ascii_uppercase();
    // I, O and Q are in no number; where the check digit bears it out, a 1 or a 0 was meant.
    let meant = plain.replace('I', "1").replace(['O', 'Q'], "0");
    let sure = meant == plain || check_digit(&meant).is_some_and(|digit| meant.chars().nth(8) == Some(digit));
    let Some(digit) = check_digit(&meant).filter(|_| sure) else {
        return FieldOutcome::refused(Problem::new(Code::VinNotOne, path).with_shape(raw.shape()));
    };
    if meant != input.text {
        input.corrections.push(Correction::new(Code::VinStandardized, path, &*input.text, &meant));
    }
    let mut outcome = input.found(Value::text(&meant));
    if let Some(year) = model_year(&meant) {
        outcome.parts.insert("year", Value::Int(year));
    }
    // Makers of other continents may put any sign there, so it is no refusal.
    if meant.chars().nth(8) != Some(digit) {
        outcome.problems.push(Problem::new(Code::VinCheckDigit, path).with_shape(raw.shape()));
    }
    outcome
}

/// What the ninth place should be; none if this is no number at all.
fn check_digit(vin: &str) -> Option<char> {
    let values: Vec<u32> = vin.chars().map(value).collect::<Option<_>>()?;
    if values.len() != WEIGHTS.len() {
        return None;
    }
    let sum: u32 = values.iter().zip(WEIGHTS).map(|(value, weight)| value * weight).sum();
    char::from_digit(sum % 11, 10).or(Some('X'))
}

/// What a sign counts (table III).
fn value(c: char) -> Option<u32> {
    match c {
        '0'..='9' => c.to_digit(10),
        'A'..='H' => Some(u32::from(c) - u32::from('A') + 1),
        'J'..='N' => Some(u32::from(c) - u32::from('J') + 1),
        'P' => Some(7),
        'R' => Some(9),
        'S'..='Z' => Some(u32::from(c) - u32::from('S') + 2),
        _ => None,
    }
}

/// Of cars and light trucks a letter in the seventh place says that the second round of years is meant.
fn model_year(vin: &str) -> Option<i64> {
    let at = i64::try_from(YEARS.find(vin.chars().nth(9)?)?).ok()?;
    let second = vin.chars().nth(6)?.is_ascii_alphabetic();
    Some(if second { 2010 } else { 1980 } + at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vin(text: &str) -> FieldOutcome {
        check(&RawValue::text(text), "/vin", &FieldOptions::default())
    }

    #[test]
    fn the_check_digit_is_that_of_the_regulation() {
        // All ones are right by arithmetic: 89 modulo 11 is 1.
        let ones = "1".repeat(17);
        assert_eq!(vin(&ones).value, Some(Value::text(&ones)));
        assert!(vin(&ones).problems.is_empty());
        let other = format!("{}2", "1".repeat(16));
        assert_eq!(vin(&other).problems.first().map(|p| p.code), Some(Code::VinCheckDigit));
        assert_eq!(vin("IIIIIIIIIIIIIIIII").value, Some(Value::text(&ones)));
        assert_eq!(vin("1111-1111-1111-1111-1").value, Some(Value::text(&ones)));
        for text in ["111", "O2222222222222222", "é1111111111111111", ""] {
            assert_eq!(vin(text).value, None, "{text}");
        }
    }

    #[test]
    fn the_seventh_place_says_which_round_of_years() {
        assert_eq!(model_year("1M8GDM9AXKP042788"), Some(1989));
        assert_eq!(model_year("1M8GDMAAXKP042788"), Some(2019));
        assert_eq!(model_year("1M8GDM9AX1P042788"), Some(2001));
        assert!(vin("1M8GDM9AXKP042788").problems.is_empty());
    }

    proptest::proptest! {
        #[test]
        fn no_text_panics_and_what_comes_out_stays(text in "\\PC*|[A-Z0-9]{17}") {
            if let Some(Value::Text(found)) = vin(&text).value {
                proptest::prop_assert_eq!(vin(&found).value, Some(Value::text(found)));
            }
        }
    }
}
