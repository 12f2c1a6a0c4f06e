//! Whole numbers, decimals, percentages and money: one reading of digits, separators, signs, words and ranges.
//!
//! Of a range the lower end is the value; the upper is the part `upper`, and a problem says that it was a range.

mod read;

use super::{FieldOptions, FieldOutcome, input};
use crate::model::{Code, Correction, Money, Problem, RawValue, Value};
use read::{Amount, amount};

pub(super) fn integer(raw: &RawValue, path: &str, options: &FieldOptions) -> FieldOutcome {
    numeral(raw, path, options, |units| match units % Money::SCALE {
        0 => Ok(Value::Int(units / Money::SCALE)),
        _ => Err(Code::NumberNotWhole),
    })
}

pub(super) fn decimal(raw: &RawValue, path: &str, options: &FieldOptions) -> FieldOutcome {
    numeral(raw, path, options, |units| Ok(Value::text(written(units))))
}

pub(super) fn money(raw: &RawValue, path: &str, options: &FieldOptions) -> FieldOutcome {
    numeral(raw, path, options, |units| match Money::from_units(units) {
        Some(money) if money >= Money::ZERO => Ok(Value::Money(money)),
        Some(_) => Err(Code::MoneyNegative),
        None => Err(Code::NumberTooLarge),
    })
}

/// `6.5`, `6.5 %` and `6.5 percent` are one: the number before the sign. `0.065` without a sign may be either.
pub(super) fn percent(raw: &RawValue, path: &str, options: &FieldOptions) -> FieldOutcome {
    const SIGNS: [&str; 6] = ["%", "percent", "per cent", "pct", "pct.", "apr"];
    let mut input = match input::read(raw, path, options) {
        Ok(input) => input,
        Err(done) => return done,
    };
    let typed = input.text.clone();
    let lower = input.text.to_lowercase().replace('\u{ff05}', "%");
    let signed = SIGNS.iter().find_map(|sign| lower.trim_end().strip_suffix(sign));
    input.text = match signed {
        // `3%-5%` has its signs inside as well.
        Some(number) => number.replace('%', "").trim().to_owned().into(),
        None => typed.clone(),
    };
    let mut outcome = settle(input, &typed, raw, path, options, |units| Ok(Value::text(written(units))));
    let fraction = outcome.value.as_ref().and_then(Value::as_text).is_some_and(|text| text.starts_with("0."));
    if signed.is_none() && fraction {
        outcome.problems.push(Problem::new(Code::NumberPercentAmbiguous, path).with_shape(raw.shape()));
    }
    outcome
}

/// A number that `value` makes a canonical one of.
fn numeral(
    raw: &RawValue,
    path: &str,
    options: &FieldOptions,
    value: impl Fn(i64) -> Result<Value, Code>,
) -> FieldOutcome {
    match input::read(raw, path, options) {
        Ok(input) => {
            let typed = input.text.clone();
            settle(input, &typed, raw, path, options, value)
        }
        Err(done) => done,
    }
}

fn settle(
    mut input: input::Input<'_>,
    typed: &str,
    raw: &RawValue,
    path: &str,
    options: &FieldOptions,
    value: impl Fn(i64) -> Result<Value, Code>,
) -> FieldOutcome {
    let refuse = |code| FieldOutcome::refused(Problem::new(code, path).with_shape(raw.shape()));
    let Amount { low, high, open } = match amount(&input.text) {
        Ok(amount) => amount,
        Err(code) => return refuse(code),
    };
    if let Some(expected) = outside(low, options) {
        let problem = Problem::new(Code::NumberOutOfRange, path).with_shape(raw.shape()).with_expected(expected);
        return FieldOutcome::refused(problem);
    }
    let found = match value(low) {
        Ok(found) => found,
        Err(code) => return refuse(code),
    };
    note(&mut input, path, typed, &found);
    let mut outcome = input.found(found);
    if high.is_some() || open {
        outcome.problems.push(Problem::new(Code::NumberRange, path).with_shape(raw.shape()));
    }
    if let Some(upper) = high.and_then(|high| value(high).ok()) {
        outcome.parts.insert("upper", upper);
    }
    outcome
}

/// What was expected, where the number is beyond the limits of the options.
fn outside(units: i64, options: &FieldOptions) -> Option<String> {
    let low = options.min.is_some_and(|min| units < min.saturating_mul(Money::SCALE));
    let high = options.max.is_some_and(|max| units > max.saturating_mul(Money::SCALE));
    (low || high).then(|| match (options.min, options.max) {
        (Some(min), Some(max)) => format!("{min} to {max}"),
        (Some(min), None) => format!("at least {min}"),
        (_, max) => format!("at most {}", max.unwrap_or_default()),
    })
}

/// A decimal without zeros at its end.
fn written(units: i64) -> String {
    let sign = if units < 0 { "-" } else { "" };
    let (whole, part) = (units.unsigned_abs() / 10_000, units.unsigned_abs() % 10_000);
    let text = format!("{sign}{whole}.{part:04}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn note(input: &mut input::Input<'_>, path: &str, from: &str, to: &Value) {
    let to = match to {
        Value::Int(number) => number.to_string(),
        Value::Money(money) => money.to_string(),
        Value::Text(text) => text.clone(),
        _ => return,
    };
    let same = from == to || to.strip_suffix(".00") == Some(from);
    if !same {
        input.corrections.push(Correction::new(Code::NumberStandardized, path, from, to));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn normal(check: fn(&RawValue, &str, &FieldOptions) -> FieldOutcome, text: &str) -> Option<Value> {
        check(&RawValue::text(text), "/x", &FieldOptions::default()).value
    }

    #[test]
    fn decimals_and_percentages_are_written_plainly() {
        for (text, plain) in [("6.50", "6.5"), ("-0,25", "-0.25"), ("1,200", "1200"), ("0", "0"), ("1.2k", "1200")] {
            assert_eq!(normal(decimal, text), Some(Value::text(plain)), "{text}");
        }
        for (text, plain) in
            [("6.5%", "6.5"), ("6,5 %", "6.5"), ("20 percent", "20"), ("3%-5%", "3"), ("0.065", "0.065")]
        {
            assert_eq!(normal(percent, text), Some(Value::text(plain)), "{text}");
        }
        let doubtful = percent(&RawValue::text("0.065"), "/x", &FieldOptions::default());
        assert_eq!(doubtful.problems.first().map(|p| p.code), Some(Code::NumberPercentAmbiguous));
    }

    #[test]
    fn a_range_gives_its_lower_end_and_says_so() {
        let found = money(&RawValue::text("$150-200"), "/bill", &FieldOptions::default());
        assert_eq!(found.value, Money::from_units(1_500_000).map(Value::Money));
        assert_eq!(found.parts.get("upper"), Money::from_units(2_000_000).map(Value::Money).as_ref());
        assert_eq!(found.problems.first().map(|p| p.code), Some(Code::NumberRange));
        assert!(found.valid());
    }
}
