//! Canonical values: what a field is after validation.

use super::money::Money;
use super::time::Timestamp;
use serde::{Serialize, Serializer};
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

/// A calendar date, years 1 to 9999; on the wire `YYYY-MM-DD`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
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
        jiff::civil::Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
        Some(Self { year, month, day })
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
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
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
            Value::Date(date) => out.collect_str(date),
            Value::Time(at) => out.collect_str(at),
            Value::Text(text) => out.serialize_str(text),
            Value::List(items) => out.collect_seq(items),
            Value::Record(fields) => out.collect_map(fields),
        }
    }
}
