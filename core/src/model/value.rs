//! Canonical values: what a field is after validation.

use super::money::Money;
use super::time::Timestamp;
use serde::{Deserialize, Serialize, Serializer};
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

/// A calendar date, years 1 to 9999; on the wire `YYYY-MM-DD`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Date {
    year: i16,
    month: u8,
    day: u8,
}

impl Date {
    /// 1 January of the year 1.
    pub const FIRST: Date = Date { year: 1, month: 1, day: 1 };

    /// Checks that there is such a day.
    ///
    /// ```
    /// use leadwright::model::Date;
    /// assert_eq!(Date::new(2024, 2, 29).map(|d| d.to_string()).as_deref(), Some("2024-02-29"));
    /// assert!(Date::new(2023, 2, 29).is_none());
    /// ```
    pub fn new(year: i16, month: u8, day: u8) -> Option<Self> {
        if year < 1 {
            return None;
        }
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let days = match month {
            1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
            4 | 6 | 9 | 11 => 30,
            2 => 28 + u8::from(leap),
            _ => return None,
        };
        (year <= 9999 && (1..=days).contains(&day)).then_some(Self { year, month, day })
    }

    /// The year.
    pub fn year(self) -> i16 {
        self.year
    }

    /// The month, 1 to 12.
    pub fn month(self) -> u8 {
        self.month
    }

    /// The day of the month, 1 to 31.
    pub fn day(self) -> u8 {
        self.day
    }

    /// Whole years from this date to another; someone born on 29 February turns on 1 March (rule 84).
    ///
    /// ```
    /// use leadwright::model::Date;
    /// let born: Date = "2004-02-29".parse()?;
    /// assert_eq!(born.years_until("2022-02-28".parse()?), 17);
    /// assert_eq!(born.years_until("2022-03-01".parse()?), 18);
    /// # Ok::<(), leadwright::model::TimeError>(())
    /// ```
    pub fn years_until(self, other: Date) -> i32 {
        let reached = (other.month, other.day) >= (self.month, self.day);
        i32::from(other.year) - i32::from(self.year) - i32::from(!reached)
    }

    /// Days from this date to another, negative where that is earlier.
    ///
    /// ```
    /// use leadwright::model::Date;
    /// let first: Date = "2024-02-28".parse()?;
    /// assert_eq!(first.days_until("2024-03-01".parse()?), 2);
    /// # Ok::<(), leadwright::model::TimeError>(())
    /// ```
    pub fn days_until(self, other: Date) -> i64 {
        other.day_number() - self.day_number()
    }

    /// The ten letters of `YYYY-MM-DD`.
    pub(crate) fn written(self) -> [u8; 10] {
        let digit = |number: i16| b'0' + u8::try_from(number % 10).unwrap_or(0);
        let (y, m, d) = (self.year, i16::from(self.month), i16::from(self.day));
        let (thousand, hundred, ten, one) = (digit(y / 1000), digit(y / 100), digit(y / 10), digit(y));
        [thousand, hundred, ten, one, b'-', digit(m / 10), digit(m), b'-', digit(d / 10), digit(d)]
    }

    /// The day so many days after 1 January 1970, within the years 1 to 9999. Years begin in March here, so that leap days
    /// come last; 400 of them always have as many days.
    pub(crate) fn of_epoch_day(days: i64) -> Option<Self> {
        const FOUR_CENTURIES: i64 = 146_097;
        // From 1 March of the year 0.
        let days = days + 719_468;
        let (era, day) = (days.div_euclid(FOUR_CENTURIES), days.rem_euclid(FOUR_CENTURIES));
        let year = (day - day / 1_460 + day / 36_524 - day / (FOUR_CENTURIES - 1)) / 365;
        let day = day - (365 * year + year / 4 - year / 100);
        let month = (5 * day + 2) / 153;
        let day = day - (153 * month + 2) / 5 + 1;
        let month = if month < 10 { month + 3 } else { month - 9 };
        let year = era * 400 + year + i64::from(month <= 2);
        Self::new(i16::try_from(year).ok()?, u8::try_from(month).ok()?, u8::try_from(day).ok()?)
    }

    /// Days since 1 January 1970.
    pub(crate) fn epoch_day(self) -> i64 {
        Date { year: 1970, month: 1, day: 1 }.days_until(self)
    }

    /// Days since some day long ago, years beginning in March so that leap days come last.
    fn day_number(self) -> i64 {
        let month = (i64::from(self.month) + 9) % 12;
        let year = i64::from(self.year) - i64::from(self.month <= 2);
        let leaps = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
        year * 365 + leaps + (month * 306 + 5) / 10 + i64::from(self.day)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(std::str::from_utf8(&self.written()).unwrap_or_default())
    }
}

impl TryFrom<String> for Date {
    type Error = super::time::TimeError;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Date> for String {
    fn from(date: Date) -> String {
        date.to_string()
    }
}

impl FromStr for Date {
    type Err = super::time::TimeError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parts = || {
            let (year, rest) = text.split_once('-')?;
            let (month, day) = rest.split_once('-')?;
            let right = year.len() == 4 && month.len() == 2 && day.len() == 2;
            let digits = text.bytes().all(|b| b.is_ascii_digit() || b == b'-');
            if !right || !digits {
                return None;
            }
            Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
        };
        parts().ok_or(super::time::TimeError)
    }
}

/// A canonical value. `Debug` shows its kind only, because most values are personal data.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Value {
    /// Yes or no.
    Bool(bool),
    /// A whole number within ±(2^53 − 1).
    Int(i64),
    /// An amount in the plan's currency.
    Money(Money),
    /// A calendar date.
    Date(Date),
    /// An instant.
    Time(Timestamp),
    /// Text.
    Text(String),
    /// A list.
    List(Vec<Value>),
    /// Named values.
    Record(BTreeMap<String, Value>),
}

impl Value {
    /// Text from anything like text.
    pub fn text(text: impl Into<String>) -> Self {
        Value::Text(text.into())
    }

    /// The text, if it is text.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Value::Bool(_) => "Value(bool)",
            Value::Int(_) => "Value(int)",
            Value::Money(_) => "Value(money)",
            Value::Date(_) => "Value(date)",
            Value::Time(_) => "Value(time)",
            Value::Text(_) => "Value(text)",
            Value::List(_) => "Value(list)",
            Value::Record(_) => "Value(record)",
        })
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        match self {
            Value::Bool(yes) => out.serialize_bool(*yes),
            Value::Int(n) => out.serialize_i64(*n),
            Value::Money(money) => out.collect_str(money),
            Value::Date(date) => out.serialize_str(std::str::from_utf8(&date.written()).unwrap_or_default()),
            Value::Time(at) => out.collect_str(at),
            Value::Text(text) => out.serialize_str(text),
            Value::List(items) => out.collect_seq(items),
            Value::Record(fields) => out.collect_map(fields),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Date;

    #[test]
    fn days_are_those_of_the_calendar_library() {
        for year in (1..=9999_i16).step_by(7).chain([4, 100, 400, 1900, 2000, 9999]) {
            for (month, day) in (0..=13_u8).flat_map(|month| (0..=32_u8).map(move |day| (month, day))) {
                let (m, d) = (i8::try_from(month).unwrap(), i8::try_from(day).unwrap());
                let known = jiff::civil::Date::new(year, m, d).ok();
                let ours = Date::new(year, month, day);
                assert_eq!(ours.map(|date| date.to_string()), known.map(|date| date.to_string()));
                assert_eq!(ours.and_then(|date| Date::of_epoch_day(date.epoch_day())), ours);
            }
        }
        assert!(
            Date::new(0, 1, 1).is_none()
                && Date::new(10_000, 1, 1).is_none()
                && Date::of_epoch_day(i64::MAX / 2).is_none()
        );
    }
}
