//! Time and chance as arguments: the only clock and the only randomness of a decision.

use super::value::Date;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// Milliseconds since 1970-01-01T00:00:00Z; on the wire RFC 3339 in UTC with three decimals.
///
/// From 0001-01-01T00:00:00Z to 9999-12-30T22:00:00Z.
///
/// ```
/// use leadwright::model::Timestamp;
/// let at: Timestamp = "2026-11-24T09:30:00-06:00".parse()?;
/// assert_eq!(at.to_string(), "2026-11-24T15:30:00.000Z");
/// # Ok::<(), leadwright::model::TimeError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(extend("format" = "date-time", "pattern" = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z$")))]
pub struct Timestamp(i64);

/// A text or number that is no instant of the years 0001 to 9999.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeError;

impl fmt::Display for TimeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a time is RFC 3339 with a zone, like \"2026-11-24T15:30:00Z\"")
    }
}

impl std::error::Error for TimeError {}

impl Timestamp {
    /// 1970-01-01T00:00:00Z.
    pub const EPOCH: Timestamp = Timestamp(0);

    const MIN: i64 = -62_135_596_800_000;
    /// 9999-12-30T22:00:00Z: the last instant whose wall clock is within the year 9999 in every zone.
    const MAX: i64 = 253_402_207_200_000;

    /// From milliseconds since the epoch.
    ///
    /// # Errors
    /// [`TimeError`] outside the years 0001 to 9999.
    ///
    /// ```
    /// use leadwright::model::Timestamp;
    /// assert_eq!(Timestamp::from_millis(0)?.to_string(), "1970-01-01T00:00:00.000Z");
    /// # Ok::<(), leadwright::model::TimeError>(())
    /// ```
    pub fn from_millis(millis: i64) -> Result<Self, TimeError> {
        if (Self::MIN..=Self::MAX).contains(&millis) { Ok(Self(millis)) } else { Err(TimeError) }
    }

    /// Milliseconds since the epoch.
    pub fn millis(self) -> i64 {
        self.0
    }

    /// This much later, held within the years 0001 to 9999.
    #[must_use]
    pub fn plus_millis(self, millis: i64) -> Self {
        Self(self.0.saturating_add(millis).clamp(Self::MIN, Self::MAX))
    }

    /// As the calendar library knows it.
    pub(crate) fn to_jiff(self) -> jiff::Timestamp {
        jiff::Timestamp::from_millisecond(self.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH)
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const DAY: i64 = 86_400_000;
        let (day, rest) = (self.0.div_euclid(DAY), self.0.rem_euclid(DAY));
        let Some(date) = Date::of_epoch_day(day) else { return write!(f, "{:.3}", self.to_jiff()) };
        let (second, milli) = (rest / 1_000, rest % 1_000);
        let digit = |number: i64| b'0' + u8::try_from(number % 10).unwrap_or(0);
        let two = |number: i64| [digit(number / 10), digit(number)];
        let mut text = *b"0000-00-00T00:00:00.000Z";
        let mut put = |at: usize, digits: &[u8]| {
            text.iter_mut().skip(at).zip(digits).for_each(|(letter, digit)| *letter = *digit);
        };
        put(0, &date.written());
        put(11, &two(second / 3_600));
        put(14, &two(second / 60 % 60));
        put(17, &two(second % 60));
        put(20, &[digit(milli / 100), digit(milli / 10), digit(milli)]);
        f.write_str(std::str::from_utf8(&text).unwrap_or_default())
    }
}

impl FromStr for Timestamp {
    type Err = TimeError;
    fn from_str(text: &str) -> Result<Self, TimeError> {
        if let Some(at) = usual(text) {
            return Self::from_millis(at);
        }
        let at: jiff::Timestamp = text.parse().map_err(|_| TimeError)?;
        Self::from_millis(at.as_millisecond())
    }
}

/// The milliseconds of `2026-11-24T15:30:05Z` and `2026-11-24T15:30:05.123Z`, as programs write them.
fn usual(text: &str) -> Option<i64> {
    let (date, time) = text.split_at_checked(10)?;
    let time = time.strip_prefix('T')?.strip_suffix('Z')?;
    let (time, milli) = match time.split_once('.') {
        Some((time, milli)) if milli.len() == 3 => (time, milli),
        Some(_) => return None,
        None => (time, "0"),
    };
    let number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse::<i64>().ok())?;
    let part = |at: usize| number(time.get(at..at + 2)?);
    let shaped = time.len() == 8 && time.get(2..3) == Some(":") && time.get(5..6) == Some(":");
    let (hour, minute, second, milli) = (part(0)?, part(3)?, part(6)?, number(milli)?);
    // A leap second is for the calendar library.
    let right = shaped && hour < 24 && minute < 60 && second < 60;
    let day = date.parse::<Date>().ok().filter(|_| right)?.epoch_day();
    Some((((day * 24 + hour) * 60 + minute) * 60 + second) * 1_000 + milli)
}

impl TryFrom<String> for Timestamp {
    type Error = TimeError;
    fn try_from(text: String) -> Result<Self, TimeError> {
        text.parse()
    }
}

impl From<Timestamp> for String {
    fn from(at: Timestamp) -> String {
        at.to_string()
    }
}

/// Where chance comes from: 0 to 2^53 − 1, so that every language holds it exactly.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u64", into = "u64")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(extend("maximum" = 9_007_199_254_740_991_u64)))]
pub struct Seed(u64);

impl Seed {
    /// Checks the range.
    ///
    /// ```
    /// use leadwright::model::Seed;
    /// assert!(Seed::new(7).is_some());
    /// assert!(Seed::new(1 << 53).is_none());
    /// ```
    pub fn new(seed: u64) -> Option<Self> {
        (seed < 1 << 53).then_some(Self(seed))
    }

    /// The number.
    pub fn get(self) -> u64 {
        self.0
    }
}

impl TryFrom<u64> for Seed {
    type Error = &'static str;
    fn try_from(seed: u64) -> Result<Self, Self::Error> {
        Self::new(seed).ok_or("a seed is 0 to 2^53 - 1")
    }
}

impl From<Seed> for u64 {
    fn from(seed: Seed) -> u64 {
        seed.0
    }
}

/// The moment of a decision: `now` is the only clock and `seed` the only chance it may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tick {
    /// The time of the decision.
    pub now: Timestamp,
    /// The seed of whatever chance a method wants.
    pub seed: Seed,
}

impl Tick {
    /// A tick with the default seed 0.
    ///
    /// ```
    /// use leadwright::model::{Seed, Tick};
    /// let tick = Tick::at("2026-11-24T15:30:00Z".parse()?);
    /// assert_eq!(tick.seed, Seed::default());
    /// # Ok::<(), leadwright::model::TimeError>(())
    /// ```
    pub fn at(now: Timestamp) -> Self {
        Self { now, seed: Seed::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn times_are_what_the_calendar_library_says(millis in Timestamp::MIN..=Timestamp::MAX, whole in 0..2) {
            let millis = if whole == 1 { millis / 1_000 * 1_000 } else { millis };
            let at = Timestamp::from_millis(millis).unwrap();
            let shown = format!("{:.3}", at.to_jiff());
            proptest::prop_assert_eq!(at.to_string(), shown.as_str());
            proptest::prop_assert_eq!(usual(&shown), Some(millis));
            proptest::prop_assert!(usual(&shown.replace(".000", "")).is_none_or(|read| read == millis));
        }

        #[test]
        fn what_is_read_at_once_the_calendar_library_reads_the_same(
            text in "(19|20|00)[0-9]{2}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-6][0-9]:[0-6][0-9](\\.[0-9]{1,4})?Z"
        ) {
            if let Some(millis) = usual(&text) {
                let at: jiff::Timestamp = text.parse().unwrap();
                proptest::prop_assert_eq!(at.as_millisecond(), millis);
            }
        }
    }

    #[test]
    fn the_last_instants_are_shown_as_they_are() {
        for text in ["0001-01-01T00:00:00.000Z", "9999-12-30T22:00:00.000Z"] {
            assert_eq!(text.parse::<Timestamp>().unwrap().to_string(), text);
        }
        assert_eq!(Timestamp::from_millis(Timestamp::MAX + 1), Err(TimeError));
        assert_eq!(Timestamp::from_millis(Timestamp::MAX).unwrap().plus_millis(1).millis(), Timestamp::MAX);
    }
}
