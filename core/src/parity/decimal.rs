//! Numbers as they are written, compared exactly: floats decide nothing.

use crate::model::Money;
use crate::text::plain_amount;
use std::cmp::Ordering;

/// Digits and the power of ten that they are multiplied by; without zeros at their end, so that one number is one value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Decimal {
    digits: i128,
    exponent: i32,
}

/// More digits than any price, score or id has; so many still fit when they are brought to one exponent.
const MOST_DIGITS: usize = 34;

impl Decimal {
    /// A number of JSON. None where it has more digits than anybody counts with.
    pub(super) fn read(text: &str) -> Option<Self> {
        let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
        let exponent: i32 = exponent.parse().ok()?;
        let (negative, mantissa) = mantissa.strip_prefix('-').map_or((false, mantissa), |rest| (true, rest));
        let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let digits = [whole, part].concat();
        let digits = digits.trim_start_matches('0');
        let kept = digits.trim_end_matches('0');
        if kept.is_empty() {
            return (!whole.is_empty() && digits.bytes().all(|byte| byte == b'0'))
                .then_some(Self { digits: 0, exponent: 0 });
        }
        if kept.len() > MOST_DIGITS || !kept.bytes().all(|byte| byte.is_ascii_digit()) || whole.is_empty() {
            return None;
        }
        let places = i32::try_from(digits.len() - kept.len()).ok()?.checked_sub(i32::try_from(part.len()).ok()?)?;
        let number: i128 = kept.parse().ok()?;
        Some(Self { digits: if negative { -number } else { number }, exponent: exponent.checked_add(places)? })
    }

    /// An amount of money, as a number or as people write it.
    pub(super) fn amount(text: &str) -> Option<Self> {
        Self::read(text).or_else(|| Self::read(&plain_amount(text)?))
    }

    /// One text for one number, which is a number of JSON too.
    pub(super) fn text(self) -> String {
        match self.exponent {
            0 => self.digits.to_string(),
            exponent => format!("{}e{exponent}", self.digits),
        }
    }

    /// Both in steps of the smaller exponent. None where they are too far apart to be counted together.
    fn together(self, other: Self) -> Option<(i128, i128, i32)> {
        let least = match (self.digits, other.digits) {
            (0, _) => other.exponent,
            (_, 0) => self.exponent,
            _ => self.exponent.min(other.exponent),
        };
        let scaled = |number: Self| match number.digits {
            0 => Some(0),
            digits => {
                let by = u32::try_from(number.exponent.checked_sub(least)?).ok()?;
                digits.checked_mul(10_i128.checked_pow(by)?)
            }
        };
        Some((scaled(self)?, scaled(other)?, least))
    }

    /// How far apart they are, without a sign.
    pub(super) fn distance(self, other: Self) -> Option<Self> {
        let (a, b, exponent) = self.together(other)?;
        Some(Self { digits: a.checked_sub(b)?.checked_abs()?, exponent })
    }

    /// Whether it is at most the other one.
    pub(super) fn at_most(self, other: Self) -> bool {
        self.together(other).is_some_and(|(a, b, _)| a <= b)
    }

    pub(super) fn is_negative(self) -> bool {
        self.digits < 0
    }

    /// In 1/10,000 of the unit, to the nearest.
    pub(super) fn money(self) -> Option<Money> {
        let power = self.exponent.checked_add(4)?;
        let by = 10_i128.checked_pow(power.unsigned_abs().min(40));
        let units = match power.cmp(&0) {
            Ordering::Less => by.map_or(0, |by| (self.digits + self.digits.signum() * (by / 2)) / by),
            _ => self.digits.checked_mul(by?)?,
        };
        Money::from_units(i64::try_from(units).ok()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_number_is_one_value() {
        for (text, same) in
            [("1", "1.0"), ("100", "1e2"), ("0.10", "1e-1"), ("-0.0", "0"), ("12.50", "1250E-2"), ("1e400", "10e399")]
        {
            assert_eq!(Decimal::read(text).unwrap(), Decimal::read(same).unwrap(), "{text} {same}");
        }
        for text in ["", "-", "x", "1.x", ".5", "NaN", &"9".repeat(35)] {
            assert_eq!(Decimal::read(text), None, "{text}");
        }
    }

    #[test]
    fn money_is_rounded_to_the_nearest() {
        for (text, money) in [
            ("42.5", "42.50"),
            ("0.00005", "0.0001"),
            ("-0.00005", "-0.0001"),
            ("$1,250", "1250.00"),
            ("1e-90", "0.00"),
        ] {
            assert_eq!(Decimal::amount(text).unwrap().money().unwrap().to_string(), money, "{text}");
        }
        assert_eq!(Decimal::read("1e400").unwrap().money(), None);
    }

    #[test]
    fn distances_are_exact() {
        let of = |a: &str, b: &str| Decimal::read(a).unwrap().distance(Decimal::read(b).unwrap()).map(Decimal::text);
        assert_eq!(of("0.3", "0.1"), Some("2e-1".into()));
        assert_eq!(of("0", "0.1"), Some("1e-1".into()));
        assert_eq!(of("1e400", "1"), None, "too far apart to be counted");
        assert!(Decimal::read("0.000001").unwrap().at_most(Decimal::read("0.000001").unwrap()));
    }
}
