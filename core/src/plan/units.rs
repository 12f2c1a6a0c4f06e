//! The texts with units that a plan is written in: durations, distances, hours of a day and days of a week.
//!
//! All results are integers. Nothing here knows a calendar or a time zone.

use std::fmt;

/// A text that is not written in its unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnitError {
    /// What is wrong with it.
    pub why: UnitFault,
    /// What would have been right, with an example.
    pub expected: &'static str,
}

/// What is wrong with a text in a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnitFault {
    /// It is written in another way.
    Form,
    /// It is written right but larger than anything sensible.
    Large,
    /// Hours that end when they start (rule 8).
    Empty,
}

impl fmt::Display for UnitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "expected {}", self.expected)
    }
}

impl std::error::Error for UnitError {}

const DURATION: &str = r#"a whole number and ms, s, m, h, d or w, at most 100 years, like "30d", "20m" or "1200ms""#;
const DISTANCE: &str = r#"a number and m, km or mi, at most half way round the earth, like "60mi" or "2.5km""#;
const HOURS: &str = r#"start and end as HH:MM, like "08:00-18:00", over midnight "20:00-02:00", or "always""#;
const DAYS: &str = r#"mon tue wed thu fri sat sun, a run like "mon-fri", or several with commas"#;

/// The names of the days, Monday first.
pub const DAY_NAMES: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// Minutes of a civil day of 24 hours.
pub const DAY_MINUTES: u16 = 24 * 60;

const DAY_MILLIS: i64 = 86_400_000;
const LONGEST_MILLIS: i64 = 36_525 * DAY_MILLIS;
const FARTHEST_METRES: i128 = 20_040_000;

/// Milliseconds of a duration: a whole number and `ms`, `s`, `m`, `h`, `d` or `w`. A day is 86,400 seconds (rule 66).
///
/// # Errors
/// [`UnitError`] when it is written in another way or longer than 100 years.
///
/// ```
/// use leadwright::plan::units::duration_millis;
/// assert_eq!(duration_millis("1200ms"), Ok(1_200));
/// assert_eq!(duration_millis("30d"), Ok(30 * 86_400_000));
/// assert!(duration_millis("30 days").is_err());
/// ```
pub fn duration_millis(text: &str) -> Result<i64, UnitError> {
    let fault = |why| UnitError { why, expected: DURATION };
    let (number, unit) = split_unit(text);
    let scale = match unit {
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        "h" => 3_600_000,
        "d" => DAY_MILLIS,
        "w" => 7 * DAY_MILLIS,
        _ => return Err(fault(UnitFault::Form)),
    };
    if !is_digits(number) {
        return Err(fault(UnitFault::Form));
    }
    let millis = number.parse::<i64>().ok().and_then(|n| n.checked_mul(scale));
    millis.filter(|n| *n <= LONGEST_MILLIS).ok_or(fault(UnitFault::Large))
}

/// A duration as a plan writes it, in the largest unit that it is a whole number of.
///
/// ```
/// use leadwright::plan::units::duration_text;
/// assert_eq!(duration_text(30 * 86_400_000), "30d");
/// assert_eq!(duration_text(5_400_000), "90m");
/// ```
pub fn duration_text(millis: i64) -> String {
    let units = [(DAY_MILLIS, "d"), (3_600_000, "h"), (60_000, "m"), (1_000, "s")];
    let whole = units.iter().find(|(unit, _)| millis % unit == 0);
    whole.map_or_else(|| format!("{millis}ms"), |(unit, name)| format!("{}{name}", millis / unit))
}

/// Metres of a distance, rounded down: a number with at most 3 decimals and `m`, `km` or `mi` (1,609.344 m).
///
/// # Errors
/// [`UnitError`] when it is written in another way or longer than half way round the earth.
///
/// ```
/// use leadwright::plan::units::distance_metres;
/// assert_eq!(distance_metres("60mi"), Ok(96_560));
/// assert_eq!(distance_metres("2.5km"), Ok(2_500));
/// assert!(distance_metres("60").is_err());
/// ```
pub fn distance_metres(text: &str) -> Result<i64, UnitError> {
    let fault = |why| UnitError { why, expected: DISTANCE };
    let (number, unit) = split_unit(text);
    let millimetres = match unit {
        "m" => 1_000,
        "km" => 1_000_000,
        "mi" => 1_609_344,
        _ => return Err(fault(UnitFault::Form)),
    };
    let thousandths = thousandths(number).ok_or(fault(UnitFault::Form))?;
    let metres = thousandths.ok_or(fault(UnitFault::Large))? * millimetres / 1_000_000;
    i64::try_from(metres).ok().filter(|_| metres <= FARTHEST_METRES).ok_or(fault(UnitFault::Large))
}

/// `None` when it is no number, `Some(None)` when it is too large to matter.
fn thousandths(number: &str) -> Option<Option<i128>> {
    let (whole, part) = number.split_once('.').unwrap_or((number, "0"));
    if !is_digits(whole) || !is_digits(part) || part.len() > 3 {
        return None;
    }
    let part: i128 = format!("{part:0<3}").parse().ok()?;
    Some(whole.parse::<u32>().ok().map(|whole| i128::from(whole) * 1_000 + part))
}

fn split_unit(text: &str) -> (&str, &str) {
    let at = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    text.split_at(at)
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

/// Hours of a day in minutes since midnight, the end not included.
///
/// An end at or before the start lies in the next day (rule 7); the whole day is 0 to 1440.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct HoursRange {
    start: u16,
    end: u16,
}

impl HoursRange {
    /// The whole day.
    pub const ALWAYS: HoursRange = HoursRange { start: 0, end: DAY_MINUTES };

    /// First minute, 0 to 1439.
    pub fn start(self) -> u16 {
        self.start
    }

    /// One past the last minute, 1 to 1440; less than the start when the hours run over midnight.
    pub fn end(self) -> u16 {
        self.end
    }

    /// Whether the hours run over midnight into the next day.
    pub fn wraps(self) -> bool {
        self.end < self.start
    }

    /// How many minutes, on a day without a change of clocks.
    ///
    /// ```
    /// use leadwright::plan::units::hours_range;
    /// assert_eq!(hours_range("20:00-02:00")?.minutes(), 6 * 60);
    /// # Ok::<(), leadwright::plan::units::UnitError>(())
    /// ```
    pub fn minutes(self) -> u16 {
        if self.wraps() { DAY_MINUTES - self.start + self.end } else { self.end - self.start }
    }
}

/// Hours of a day: `08:00-18:00`, over midnight `20:00-02:00`, or `always`, which is `00:00-24:00`.
///
/// # Errors
/// [`UnitError`]; its `why` is [`UnitFault::Empty`] when start and end are the same (rule 8).
///
/// ```
/// use leadwright::plan::units::{UnitFault, hours_range};
/// let office = hours_range("08:00-18:00")?;
/// assert_eq!((office.start(), office.end()), (480, 1080));
/// assert_eq!(hours_range("08:00-08:00").unwrap_err().why, UnitFault::Empty);
/// # Ok::<(), leadwright::plan::units::UnitError>(())
/// ```
pub fn hours_range(text: &str) -> Result<HoursRange, UnitError> {
    let fault = |why| UnitError { why, expected: HOURS };
    if text == "always" {
        return Ok(HoursRange::ALWAYS);
    }
    let (start, end) = text.split_once('-').ok_or(fault(UnitFault::Form))?;
    let start = minute(start).filter(|m| *m < DAY_MINUTES).ok_or(fault(UnitFault::Form))?;
    let end = minute(end).ok_or(fault(UnitFault::Form))?;
    if start == end {
        return Err(fault(UnitFault::Empty));
    }
    Ok(HoursRange { start, end: if end == 0 { DAY_MINUTES } else { end } })
}

fn minute(text: &str) -> Option<u16> {
    let (hour, minute) = text.split_once(':')?;
    let two = |s: &str| if s.len() == 2 && is_digits(s) { s.parse::<u16>().ok() } else { None };
    let total = two(hour)? * 60 + two(minute).filter(|m| *m < 60)?;
    (total <= DAY_MINUTES).then_some(total)
}

/// Days of the week.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Days(u8);

impl Days {
    /// No day.
    pub const NONE: Days = Days(0);

    /// Whether the day is among them; 0 is Monday, 6 is Sunday.
    pub fn contains(self, day: u8) -> bool {
        day < 7 && self.0 & (1 << day) != 0
    }

    /// The days of both.
    #[must_use]
    pub fn union(self, other: Days) -> Days {
        Days(self.0 | other.0)
    }

    /// The days that are in both.
    #[must_use]
    pub fn both(self, other: Days) -> Days {
        Days(self.0 & other.0)
    }

    /// Whether there is none.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The days, Monday (0) first.
    pub fn iter(self) -> impl Iterator<Item = u8> {
        (0..7).filter(move |day| self.contains(*day))
    }
}

impl fmt::Display for Days {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = DAY_NAMES.iter().zip(0u8..).filter(|(_, day)| self.contains(*day));
        let names: Vec<&str> = names.map(|(name, _)| *name).collect();
        f.write_str(&names.join(","))
    }
}

/// Days of the week: `mon`, a run `mon-fri` (also over the weekend, `sat-mon`), or several with commas.
///
/// # Errors
/// [`UnitError`] when it is written in another way.
///
/// ```
/// use leadwright::plan::units::week_days;
/// assert_eq!(week_days("mon-wed")?.to_string(), "mon,tue,wed");
/// assert_eq!(week_days("sat-mon")?.to_string(), "mon,sat,sun");
/// assert!(week_days("Monday").is_err());
/// # Ok::<(), leadwright::plan::units::UnitError>(())
/// ```
pub fn week_days(text: &str) -> Result<Days, UnitError> {
    text.split(',').try_fold(Days::NONE, |days, part| Ok(days.union(run_of_days(part.trim())?)))
}

fn run_of_days(text: &str) -> Result<Days, UnitError> {
    let day = |name: &str| {
        let at = DAY_NAMES.iter().position(|n| *n == name);
        at.ok_or(UnitError { why: UnitFault::Form, expected: DAYS })
    };
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    let (first, last) = (day(first)?, day(last)?);
    let length = (last + 7 - first) % 7;
    Ok(Days((0..=length).fold(0, |bits, n| bits | 1 << ((first + n) % 7))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_whole_numbers_with_a_unit() {
        for (text, millis) in
            [("0s", 0), ("1200ms", 1_200), ("90s", 90_000), ("20m", 1_200_000), ("1w", 7 * DAY_MILLIS)]
        {
            assert_eq!(duration_millis(text), Ok(millis), "{text}");
        }
        for text in ["", "d", "30", "1.5h", "-1d", "+1d", "30 d", "30D", "1h30m", "1y", "٣d"] {
            assert_eq!(duration_millis(text).unwrap_err().why, UnitFault::Form, "{text}");
        }
        for text in ["36526d", "99999999999999999999d"] {
            assert_eq!(duration_millis(text).unwrap_err().why, UnitFault::Large, "{text}");
        }
    }

    #[test]
    fn rule_066_a_day_of_a_duration_is_86_400_seconds() {
        assert_eq!(duration_millis("30d"), Ok(30 * 86_400 * 1_000));
    }

    #[test]
    fn rule_082_distances_are_whole_metres() {
        for (text, metres) in [("1mi", 1_609), ("60mi", 96_560), ("0.5km", 500), ("500m", 500), ("0km", 0)] {
            assert_eq!(distance_metres(text), Ok(metres), "{text}");
        }
        for text in ["", "60", "mi", "1.2345km", ".5km", "5.km", "1e3m", "60 mi", "60miles"] {
            assert_eq!(distance_metres(text).unwrap_err().why, UnitFault::Form, "{text}");
        }
        assert_eq!(distance_metres("99999999999km").unwrap_err().why, UnitFault::Large);
    }

    #[test]
    fn rule_007_hours_may_run_over_midnight() {
        let late = hours_range("20:00-02:00").unwrap();
        assert!(late.wraps());
        assert_eq!((late.start(), late.end(), late.minutes()), (1_200, 120, 360));
        let evening = hours_range("20:00-00:00").unwrap();
        assert_eq!((evening.wraps(), evening.end()), (false, DAY_MINUTES));
    }

    #[test]
    fn rule_008_equal_ends_are_refused_and_the_whole_day_is_said_out_loud() {
        assert_eq!(hours_range("08:00-08:00").unwrap_err().why, UnitFault::Empty);
        assert_eq!(hours_range("00:00-00:00").unwrap_err().why, UnitFault::Empty);
        assert_eq!(hours_range("00:00-24:00"), Ok(HoursRange::ALWAYS));
        assert_eq!(hours_range("always"), Ok(HoursRange::ALWAYS));
        for text in ["", "8:00-18:00", "08:00", "08-18", "08:00-24:01", "24:00-08:00", "08:60-09:00", "8am-6pm"] {
            assert_eq!(hours_range(text).unwrap_err().why, UnitFault::Form, "{text}");
        }
    }

    #[test]
    fn days_run_and_list() {
        for (text, shown) in
            [("sun", "sun"), ("fri-mon", "mon,fri,sat,sun"), ("mon, wed", "mon,wed"), ("mon-mon", "mon")]
        {
            assert_eq!(week_days(text).unwrap().to_string(), shown);
        }
        for text in ["", "Mon", "mon-", "mon-fri-sun", "mon;tue", "weekdays"] {
            assert!(week_days(text).is_err(), "{text}");
        }
    }
}
