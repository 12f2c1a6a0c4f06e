//! Windows of caps. A window has a name instead of a reset: the counter of a new day is another counter, so there is
//! no job to miss (rule 2).

use super::zone::{Zone, plus_days};
use crate::model::{Date, Timestamp};
use std::fmt;

/// How long a cap counts before it counts anew, on the wall clock of its zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Window {
    /// A clock hour; the hour that a change of the clocks repeats is two hours (rule 5).
    Hour,
    /// A civil date, be it 23, 24 or 25 hours long (rules 1, 3 and 4).
    Day,
    /// Seven civil dates from Monday, or from Sunday where the plan says so (rule 10).
    Week,
    /// A civil month, or one that begins on the billing day (rule 11).
    Month,
    /// Without end.
    Total,
    /// Any span of so many milliseconds, the one that ends now included (rule 12).
    Rolling(i64),
}

/// What weeks and months begin with, where the plan says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Starts {
    /// Weeks begin on Sunday, not on Monday (rule 10).
    pub sunday: bool,
    /// The day of the month that months begin with, 1 to 31; held to the last day of a short month (rule 11).
    pub month_day: u8,
}

impl Default for Starts {
    fn default() -> Self {
        Self { sunday: false, month_day: 1 }
    }
}

/// Which day, hour or month it is: the part of a counter's key that changes with time.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WindowKey(String);

impl Window {
    /// All windows of the calendar, the shortest first.
    pub const ALL: [Window; 5] = [Window::Hour, Window::Day, Window::Week, Window::Month, Window::Total];

    /// The word in the plan.
    pub fn as_str(self) -> &'static str {
        match self {
            Window::Hour => "hour",
            Window::Day => "day",
            Window::Week => "week",
            Window::Month => "month",
            Window::Total => "total",
            Window::Rolling(_) => "rolling",
        }
    }

    /// The window of a word in the plan.
    ///
    /// ```
    /// use leadwright::limits::Window;
    /// assert_eq!(Window::named("day"), Some(Window::Day));
    /// assert_eq!(Window::named("days"), None);
    /// ```
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|window| window.as_str() == word)
    }

    /// The window that an instant lies in. The name of a rolling window does not change: what it counts is summed over
    /// time.
    ///
    /// ```
    /// use leadwright::limits::{Starts, Window, Zone};
    /// let zone: Zone = "America/New_York".parse()?;
    /// let at = "2026-11-01T05:30:00Z".parse()?;
    /// let key = |window: Window, starts| window.key(&zone, at, starts).to_string();
    /// assert_eq!(key(Window::Hour, Starts::default()), "hour:2026-11-01T01-0400");
    /// assert_eq!(key(Window::Week, Starts::default()), "week:2026-10-26");
    /// assert_eq!(key(Window::Month, Starts { sunday: false, month_day: 15 }), "month:2026-10-15");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn key(self, zone: &Zone, at: Timestamp, starts: Starts) -> WindowKey {
        let local = zone.local(at);
        let date = local.date;
        WindowKey(match self {
            Window::Hour => format!("hour:{date}T{:02}{}", local.minute_of_day / 60, offset(local.offset)),
            Window::Day => format!("day:{date}"),
            Window::Week => format!("week:{}", first_of_week(date, local.weekday, starts)),
            Window::Month if starts.month_day == 1 => format!("month:{:04}-{:02}", date.year(), date.month()),
            Window::Month => format!("month:{}", months(date, starts).0),
            Window::Total | Window::Rolling(_) => self.as_str().into(),
        })
    }

    /// The first date of the window that a date lies in, and the one after its last; none where it has no dates.
    pub(super) fn dates(self, date: Date, weekday: u8, starts: Starts) -> Option<(Date, Date)> {
        match self {
            Window::Hour | Window::Day => Some((date, plus_days(date, 1))),
            Window::Week => {
                let first = first_of_week(date, weekday, starts);
                Some((first, plus_days(first, 7)))
            }
            Window::Month => Some(months(date, starts)),
            Window::Total | Window::Rolling(_) => None,
        }
    }

    /// How long a rolling window is.
    ///
    /// ```
    /// use leadwright::limits::Window;
    /// assert_eq!(Window::Rolling(3_600_000).rolling_millis(), Some(3_600_000));
    /// assert_eq!(Window::Hour.rolling_millis(), None);
    /// ```
    pub fn rolling_millis(self) -> Option<i64> {
        match self {
            Window::Rolling(millis) => Some(millis),
            _ => None,
        }
    }
}

/// The first date on which the window in the key of a counter is over in every zone; none for a counter that is never over,
/// or that is no cap's.
///
/// ```
/// use leadwright::limits::over_on;
/// let over = |key| over_on(key).map(|date| date.to_string());
/// assert_eq!(over("contract:acme|day:2026-11-24|count|sold").as_deref(), Some("2026-11-26"));
/// assert_eq!(over("contract:acme|month:2026-10-15|spend|sold").as_deref(), Some("2026-11-16"));
/// assert_eq!(over("contract:acme|total|count|sold"), None);
/// assert_eq!(over("buyer:acme|funds"), None);
/// ```
pub fn over_on(counter: &str) -> Option<Date> {
    // The owner comes first, and may hold whatever a source calls its parts.
    let (word, date) = counter.rsplit('|').nth(2)?.split_once(':')?;
    let longest = match Window::named(word)? {
        Window::Hour | Window::Day => 1,
        Window::Week => 7,
        Window::Month => 31,
        Window::Total | Window::Rolling(_) => return None,
    };
    let date = date.split('T').next()?;
    let first: Date = date.parse().or_else(|_| format!("{date}-01").parse()).ok()?;
    // Zones are up to a day apart.
    Some(plus_days(first, longest + 1))
}

fn first_of_week(date: Date, weekday: u8, starts: Starts) -> Date {
    let since = if starts.sunday { (weekday + 1) % 7 } else { weekday };
    plus_days(date, -i64::from(since))
}

/// When the month that a date lies in begins, and when the next one does.
fn months(date: Date, starts: Starts) -> (Date, Date) {
    let number = i32::from(date.year()) * 12 + i32::from(date.month()) - 1;
    let here = begin_of(number, starts);
    if date < here { (begin_of(number - 1, starts), here) } else { (here, begin_of(number + 1, starts)) }
}

/// The first day of a month by its number; a month without such a day begins on its last one.
fn begin_of(month: i32, starts: Starts) -> Date {
    let year = i16::try_from(month.div_euclid(12)).unwrap_or(0);
    let of_year = u8::try_from(month.rem_euclid(12) + 1).unwrap_or(1);
    let day = (1..=starts.month_day).rev().find_map(|day| Date::new(year, of_year, day));
    // Only before the first and after the last year that there is.
    day.unwrap_or(if month < 24 { Date::FIRST } else { plus_days(Date::FIRST, 4_000_000) })
}

/// `-0400`; zones of long ago had seconds, which are kept so that no two offsets look alike.
fn offset(seconds: i32) -> String {
    let sign = if seconds < 0 { '-' } else { '+' };
    let (minutes, rest) = (seconds.unsigned_abs() / 60, seconds.unsigned_abs() % 60);
    let tail = if rest == 0 { String::new() } else { format!("{rest:02}") };
    format!("{sign}{:02}{:02}{tail}", minutes / 60, minutes % 60)
}

impl WindowKey {
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for WindowKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(window: Window, zone: &str, at: &str) -> String {
        window.key(&zone.parse().unwrap(), at.parse().unwrap(), Starts::default()).to_string()
    }

    #[test]
    fn rule_001_a_day_starts_in_the_buyers_zone() {
        assert_eq!(key(Window::Day, "America/Los_Angeles", "2026-11-24T07:59:59.999Z"), "day:2026-11-23");
        assert_eq!(key(Window::Day, "America/Los_Angeles", "2026-11-24T08:00:00Z"), "day:2026-11-24");
    }

    #[test]
    fn rule_003_a_day_of_23_or_25_hours_is_one_day() {
        for (at, day) in [
            ("2026-03-08T06:00:00Z", "day:2026-03-08"),
            ("2026-03-09T04:59:59Z", "day:2026-03-08"),
            ("2026-11-01T05:00:00Z", "day:2026-11-01"),
            ("2026-11-02T05:59:59Z", "day:2026-11-01"),
        ] {
            assert_eq!(key(Window::Day, "America/Chicago", at), day, "{at}");
        }
    }

    #[test]
    fn rule_004_a_day_without_midnight_starts_with_its_first_instant() {
        // Santiago went from 23:59:59 to 01:00:00.
        assert_eq!(key(Window::Day, "America/Santiago", "2026-09-06T03:59:59Z"), "day:2026-09-05");
        assert_eq!(key(Window::Day, "America/Santiago", "2026-09-06T04:00:00Z"), "day:2026-09-06");
    }

    #[test]
    fn rule_005_the_repeated_hour_is_two_windows() {
        let zone = "America/New_York";
        assert_eq!(key(Window::Hour, zone, "2026-11-01T05:30:00Z"), "hour:2026-11-01T01-0400");
        assert_eq!(key(Window::Hour, zone, "2026-11-01T06:30:00Z"), "hour:2026-11-01T01-0500");
    }

    #[test]
    fn rule_010_weeks_begin_on_monday_or_as_told() {
        let zone = "UTC".parse().unwrap();
        let sunday = "2026-11-29T12:00:00Z".parse().unwrap();
        let key = |sunday_first| {
            Window::Week.key(&zone, sunday, Starts { sunday: sunday_first, ..Starts::default() }).to_string()
        };
        assert_eq!(key(false), "week:2026-11-23");
        assert_eq!(key(true), "week:2026-11-29");
    }

    #[test]
    fn rule_011_a_month_begins_on_the_billing_day_or_on_the_last_of_a_short_month() {
        let zone = "UTC".parse().unwrap();
        let key = |month_day, day: &str| {
            let at = format!("{day}T12:00:00Z").parse().unwrap();
            Window::Month.key(&zone, at, Starts { month_day, ..Starts::default() }).to_string()
        };
        for (month_day, day, want) in [
            (1, "2026-11-01", "month:2026-11"),
            (15, "2026-11-14", "month:2026-10-15"),
            (15, "2026-11-15", "month:2026-11-15"),
            (15, "2027-01-01", "month:2026-12-15"),
            (31, "2027-01-31", "month:2027-01-31"),
            (31, "2027-02-27", "month:2027-01-31"),
            (31, "2027-02-28", "month:2027-02-28"),
            (31, "2027-03-30", "month:2027-02-28"),
            (31, "2027-03-31", "month:2027-03-31"),
            (30, "2028-02-29", "month:2028-02-29"),
            (29, "2027-02-28", "month:2027-02-28"),
            (29, "2028-02-28", "month:2028-01-29"),
        ] {
            assert_eq!(key(month_day, day), want, "{month_day} on {day}");
        }
    }

    #[test]
    fn rule_002_another_window_is_another_name_and_nothing_is_reset() {
        let zone = "America/Chicago";
        for window in [Window::Hour, Window::Day, Window::Week, Window::Month] {
            let [now, later] = ["2026-11-24T15:30:00Z", "2027-03-24T15:30:00Z"].map(|at| key(window, zone, at));
            assert_ne!(now, later);
        }
        assert_eq!(key(Window::Total, zone, "2026-11-24T15:30:00Z"), "total");
    }

    #[test]
    fn the_ends_of_time_have_windows_too() {
        for at in ["0001-01-01T00:00:00Z", "9999-12-30T22:00:00Z"] {
            for window in Window::ALL {
                assert!(!key(window, "Pacific/Auckland", at).is_empty());
                assert!(!key(window, "America/Chicago", at).is_empty());
                let starts = Starts { month_day: 31, sunday: true };
                assert!(!window.key(&"UTC".parse().unwrap(), at.parse().unwrap(), starts).to_string().is_empty());
            }
        }
    }
}
