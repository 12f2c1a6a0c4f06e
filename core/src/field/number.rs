//! Whole numbers and money: one reading of digits, separators, signs and words.

use super::{FieldOptions, FieldOutcome, input};
use crate::model::{Code, Correction, Money, Problem, RawValue, Value};
use unicode_normalization::UnicodeNormalization;

pub(super) fn integer(raw: &RawValue, path: &str, options: &FieldOptions) -> FieldOutcome {
    let mut input = match input::read(raw, path, options) {
        Ok(input) => input,
        Err(done) => return done,
    };
    let refuse = |code| FieldOutcome::refused(Problem::new(code, path).with_shape(raw.shape()));
    let number = match amount(&input.text) {
        Ok(units) if units % Money::SCALE == 0 => units / Money::SCALE,
        Ok(_) => return refuse(Code::NumberNotWhole),
        Err(code) => return refuse(code),
    };
    let low = options.min.is_some_and(|min| number < min);
    if low || options.max.is_some_and(|max| number > max) {
        let expected = match (options.min, options.max) {
            (Some(min), Some(max)) => format!("{min} to {max}"),
            (Some(min), None) => format!("at least {min}"),
            (_, max) => format!("at most {}", max.unwrap_or(number)),
        };
        let problem = Problem::new(Code::NumberOutOfRange, path).with_shape(raw.shape()).with_expected(expected);
        return FieldOutcome::refused(problem);
    }
    note(&mut input, path, &number.to_string());
    input.found(Value::Int(number))
}

pub(super) fn money(raw: &RawValue, path: &str, options: &FieldOptions) -> FieldOutcome {
    let mut input = match input::read(raw, path, options) {
        Ok(input) => input,
        Err(done) => return done,
    };
    let refuse = |code| FieldOutcome::refused(Problem::new(code, path).with_shape(raw.shape()));
    let money = match amount(&input.text).map(Money::from_units) {
        Ok(Some(money)) if money >= Money::ZERO => money,
        Ok(Some(_)) => return refuse(Code::MoneyNegative),
        Ok(None) => return refuse(Code::NumberTooLarge),
        Err(code) => return refuse(code),
    };
    note(&mut input, path, &money.to_string());
    input.found(Value::Money(money))
}

fn note(input: &mut input::Input, path: &str, to: &str) {
    let same = input.text == to || to.strip_suffix(".00") == Some(&input.text);
    if !same {
        input.corrections.push(Correction::new(Code::NumberStandardized, path, &input.text, to));
    }
}

/// A number in 1/10,000. Currency signs and words aside; `k` and `m` multiply.
fn amount(text: &str) -> Result<i64, Code> {
    let text: String = text.nfkc().flat_map(char::to_lowercase).collect();
    let text = text.trim();
    let (negative, text) = match (text.strip_prefix('-'), text.strip_prefix('(').and_then(|t| t.strip_suffix(')'))) {
        (Some(rest), _) | (_, Some(rest)) => (true, rest),
        _ => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let text = without_words(text);
    let (text, times) = multiplier(text);
    let plain = plain_decimal(text.trim()).ok_or(Code::NumberNotANumber)?;
    let (whole, part) = plain.split_once('.').unwrap_or((&plain, ""));
    let units = to_units(whole, part, times)?;
    Ok(if negative { -units } else { units })
}

/// `$`, `usd`, `dollars`, `approx` and the like.
fn without_words(text: &str) -> &str {
    let before = ["approximately", "approx.", "approx", "about", "us$", "usd", "$", "€", "£", "~"];
    let after = ["dollars", "dollar", "usd", "eur", "us$", "$", "€", "£", "+", "per month", "/mo", "/month"];
    let mut text = text.trim();
    loop {
        let shorter = before.iter().find_map(|word| text.strip_prefix(word));
        let shorter = shorter.or_else(|| after.iter().find_map(|word| text.strip_suffix(word)));
        match shorter {
            Some(rest) => text = rest.trim(),
            None => return text,
        }
    }
}

fn multiplier(text: &str) -> (&str, i64) {
    let words = [
        ("thousand", 1_000),
        ("million", 1_000_000),
        ("mil", 1_000_000),
        ("mm", 1_000_000),
        ("k", 1_000),
        ("m", 1_000_000),
    ];
    let found = words.iter().find_map(|(word, times)| Some((text.strip_suffix(word)?, *times)));
    found.unwrap_or((text, 1))
}

/// Digits with at most one point. A separator that stands before exactly three digits, or more than once, groups; the
/// last of two kinds is the decimal point, so `890.000,00` and `890,000.00` are the same.
fn plain_decimal(text: &str) -> Option<String> {
    let shaped = text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b',' | b' ' | b'\''));
    if !shaped
        || !text.starts_with(|c: char| c.is_ascii_digit() || c == '.')
        || !text.ends_with(|c: char| c.is_ascii_digit() || c == '.')
    {
        return None;
    }
    let last = text.rfind(['.', ',']);
    let point = last.filter(|at| {
        let (before, after) = text.split_at(*at);
        let kind = if after.starts_with('.') { '.' } else { ',' };
        let groups = before.contains(kind) || kind == ',' && after.len() == 4;
        !groups
    });
    let (whole, part) = point.map_or((text, ""), |at| (text.get(..at).unwrap_or(""), text.get(at + 1..).unwrap_or("")));
    let whole = ungrouped(whole)?;
    part.bytes().all(|b| b.is_ascii_digit()).then(|| format!("{whole}.{part}"))
}

/// The digits of `1,234,567`; `12,34` and `1 2` are no groups.
fn ungrouped(text: &str) -> Option<String> {
    let mut groups = text.split([',', '.', ' ', '\'']);
    let first = groups.next()?;
    let rest: Vec<&str> = groups.collect();
    let right = rest.is_empty() || (1..=3).contains(&first.len()) && rest.iter().all(|group| group.len() == 3);
    right.then(|| first.to_owned() + &rest.concat())
}

fn to_units(whole: &str, part: &str, times: i64) -> Result<i64, Code> {
    let part = part.trim_end_matches('0');
    if part.len() > 9 {
        return Err(Code::NumberTooPrecise);
    }
    let digits = |text: &str| if text.is_empty() { Some(0) } else { text.parse::<i128>().ok() };
    let whole = digits(whole).ok_or(Code::NumberTooLarge)?;
    let scale = 10_i128.pow(u32::try_from(part.len()).unwrap_or(9));
    let exact = whole.checked_mul(scale).and_then(|w| w.checked_add(digits(part)?)).ok_or(Code::NumberTooLarge)?;
    let exact = exact.checked_mul(i128::from(times * Money::SCALE)).ok_or(Code::NumberTooLarge)?;
    if exact % scale != 0 {
        return Err(Code::NumberTooPrecise);
    }
    let limit = i128::from(Money::MAX.units());
    i64::try_from(exact / scale).ok().filter(|units| i128::from(*units) <= limit).ok_or(Code::NumberTooLarge)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ways_people_write_an_amount() {
        for (text, units) in [
            ("12", 120_000),
            ("1,234.50", 12_345_000),
            ("890.000,00", 8_900_000_000),
            ("$ 1,234", 12_340_000),
            ("USD 365000", 3_650_000_000),
            ("250k", 2_500_000_000),
            ("1.5m", 15_000_000_000),
            ("12,50", 125_000),
            ("(5)", -50_000),
            ("-.5", -5_000),
            ("1'000", 10_000_000),
        ] {
            assert_eq!(amount(text), Ok(units), "{text}");
        }
        for text in ["", "abc", "1,23,4", "12 34", "1e3", "0x10", "NaN", "--1", "1-2", "$"] {
            assert_eq!(amount(text), Err(Code::NumberNotANumber), "{text}");
        }
        assert_eq!(amount("99999999999999999999"), Err(Code::NumberTooLarge));
        assert_eq!(amount("0.00001"), Err(Code::NumberTooPrecise));
    }

    proptest::proptest! {
        #[test]
        fn what_money_shows_reads_back(units in 0_i64..(1 << 53)) {
            let shown = Money::from_units(units).unwrap().to_string();
            proptest::prop_assert_eq!(amount(&shown), Ok(units));
        }

        #[test]
        fn no_text_panics(text in "\\PC*|[0-9.,$km ()-]*") {
            let _ = amount(&text);
        }
    }
}
