//! Money: an integer count of 1/10,000 of the currency unit. Never a float.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// An amount in 1/10,000 of the currency unit; on the wire a string with 2 to 4 decimals.
///
/// ```
/// use leadwright::model::Money;
/// let price: Money = "42.5".parse()?;
/// assert_eq!(price.to_string(), "42.50");
/// assert_eq!(price.units(), 425_000);
/// # Ok::<(), leadwright::model::MoneyError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(extend("pattern" = r"^-?[0-9]+\.[0-9]{2,4}$")))]
pub struct Money(i64);

/// A text that is no amount of money with at most 4 decimals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MoneyError;

impl fmt::Display for MoneyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an amount is digits with at most 4 decimals, like \"42.50\"")
    }
}

impl std::error::Error for MoneyError {}

impl Money {
    /// Nothing.
    pub const ZERO: Money = Money(0);
    /// How many of the smallest step make one currency unit.
    pub const SCALE: i64 = 10_000;
    /// Largest amount either side of zero: what a JSON number in every language still holds exactly.
    pub const MAX: Money = Money((1 << 53) - 1);

    /// From a count of 1/10,000 of the unit; `None` beyond ±(2^53 − 1).
    ///
    /// ```
    /// use leadwright::model::Money;
    /// assert_eq!(Money::from_units(425_000).map(|m| m.to_string()).as_deref(), Some("42.50"));
    /// ```
    pub fn from_units(units: i64) -> Option<Self> {
        (units.unsigned_abs() <= Self::MAX.0.unsigned_abs()).then_some(Self(units))
    }

    /// The count of 1/10,000 of the unit.
    pub fn units(self) -> i64 {
        self.0
    }

    /// The sum, or `None` beyond the largest amount.
    #[must_use]
    pub fn checked_add(self, other: Money) -> Option<Money> {
        self.0.checked_add(other.0).and_then(Self::from_units)
    }

    /// The difference, or `None` beyond the largest amount.
    #[must_use]
    pub fn checked_sub(self, other: Money) -> Option<Money> {
        self.0.checked_sub(other.0).and_then(Self::from_units)
    }

    /// A share in parts per million, rounded down to a cent (rule 41).
    ///
    /// ```
    /// use leadwright::model::Money;
    /// let price: Money = "9.99".parse()?;
    /// assert_eq!(price.share_floor_cent(700_000).to_string(), "6.99");
    /// # Ok::<(), leadwright::model::MoneyError>(())
    /// ```
    #[must_use]
    pub fn share_floor_cent(self, ppm: u32) -> Money {
        let exact = i128::from(self.0) * i128::from(ppm) / 1_000_000;
        let cents = exact.div_euclid(100) * 100;
        i64::try_from(cents).ok().and_then(Self::from_units).unwrap_or(Self::MAX)
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let units = self.0.unsigned_abs();
        let (whole, part) = (units / 10_000, units % 10_000);
        match part {
            p if p % 100 == 0 => write!(f, "{sign}{whole}.{:02}", p / 100),
            p if p % 10 == 0 => write!(f, "{sign}{whole}.{:03}", p / 10),
            p => write!(f, "{sign}{whole}.{p:04}"),
        }
    }
}

impl FromStr for Money {
    type Err = MoneyError;

    fn from_str(text: &str) -> Result<Self, MoneyError> {
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
        let numeric = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
        if !numeric(whole) || !numeric(part) || part.len() > 4 {
            return Err(MoneyError);
        }
        let whole: i64 = whole.parse().map_err(|_| MoneyError)?;
        let part: i64 = format!("{part:0<4}").parse().map_err(|_| MoneyError)?;
        let units = whole.checked_mul(Self::SCALE).and_then(|w| w.checked_add(part)).ok_or(MoneyError)?;
        Self::from_units(if negative { -units } else { units }).ok_or(MoneyError)
    }
}

impl TryFrom<String> for Money {
    type Error = MoneyError;
    fn try_from(text: String) -> Result<Self, MoneyError> {
        text.parse()
    }
}

impl From<Money> for String {
    fn from(money: Money) -> String {
        money.to_string()
    }
}

/// An ISO 4217 code: three capital letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(extend("pattern" = r"^[A-Z]{3}$")))]
pub struct Currency([u8; 3]);

impl Currency {
    /// The US dollar.
    pub const USD: Currency = Currency(*b"USD");

    /// The three letters.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("XXX")
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Currency {
    type Err = MoneyError;
    fn from_str(text: &str) -> Result<Self, MoneyError> {
        let code: [u8; 3] = text.as_bytes().try_into().map_err(|_| MoneyError)?;
        if code.iter().all(u8::is_ascii_uppercase) { Ok(Self(code)) } else { Err(MoneyError) }
    }
}

impl TryFrom<String> for Currency {
    type Error = MoneyError;
    fn try_from(text: String) -> Result<Self, MoneyError> {
        text.parse()
    }
}

impl From<Currency> for String {
    fn from(currency: Currency) -> String {
        currency.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rule_095_money_is_a_count_of_ten_thousandths() {
        for (text, shown) in
            [("0", "0.00"), ("42.5", "42.50"), ("0.0001", "0.0001"), ("-3.125", "-3.125"), ("12.340", "12.34")]
        {
            assert_eq!(text.parse::<Money>().unwrap().to_string(), shown);
        }
        for text in ["", "-", ".5", "5.", "1.23456", "1e3", "+1", "1,000", "NaN", "９", "99999999999999999999"] {
            assert_eq!(text.parse::<Money>(), Err(MoneyError), "{text}");
        }
    }
}
