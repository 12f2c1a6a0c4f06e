//! Windows of caps. A window has a name instead of a reset: the counter of a new day is another counter, so there is
//! no job to miss (rule 2).

use super::zone::{Zone, plus_days};
use crate::model::Timestamp;
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
    /// A civil month (rule 11).
    Month,
    /// Without end.
    Total,
}

/// Which day, hour or month it is: the part of a counter's key that changes with time.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WindowKey(String);

impl Window {
    /// All windows, the shortest first.
    pub const ALL: [Window; 5] = [Window::Hour, Window::Day, Window::Week, Window::Month, Window::Total];

    /// The word in the plan.
    pub fn as_str(self) -> &'static str {
        match self {
            Window::Hour => "hour",
            Window::Day => "day",
            Window::Week => "week",
            Window::Month => "month",
            Window::Total => "total",
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

    /// The window that an instant lies in. Weeks begin on Monday unless `sunday_first`.
    ///
    /// ```
    /// use leadwright::limits::{Window, Zone};
    /// let zone: Zone = "America/New_York".parse()?;
    /// let at = "2026-11-01T05:30:00Z".parse()?;
    /// assert_eq!(Window::Hour.key(&zone, at, false).to_string(), "hour:2026-11-01T01-0400");
    /// assert_eq!(Window::Week.key(&zone, at, false).to_string(), "week:2026-10-26");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn key(self, zone: &Zone, at: Timestamp, sunday_first: bool) -> WindowKey {
        let local = zone.local(at);
        let date = local.date;
        WindowKey(match self {
            Window::Hour => format!("hour:{date}T{:02}{}", local.minute_of_day / 60, offset(local.offset)),
            Window::Day => format!("day:{date}"),
            Window::Week => {
                let since = if sunday_first { (local.weekday + 1) % 7 } else { local.weekday };
                format!("week:{}", plus_days(date, -i64::from(since)))
            }
            Window::Month => format!("month:{:04}-{:02}", date.year(), date.month()),
            Window::Total => "total".into(),
        })
    }
}

/// `-0400`; zones of long ago had seconds, which are kept so that no two offsets look alike.
fn offset(seconds: i32) -> String {
    let sign = if seconds < 0 { '-' } else { '+' };
    let (minutes, rest) = (seconds.unsigned_abs() / 60, seconds.unsigned_abs() % 60);
    let tail = if rest == 0 { String::new() } else { format!("{rest:02}") };
    format!("{sign}{:02}{:02}{tail}", minutes / 60, minutes % 60)
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
        window.key(&zone.parse().unwrap(), at.parse().unwrap(), false).to_string()
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
        assert_eq!(Window::Week.key(&zone, sunday, false).to_string(), "week:2026-11-23");
        assert_eq!(Window::Week.key(&zone, sunday, true).to_string(), "week:2026-11-29");
    }

    #[test]
    fn the_ends_of_time_have_windows_too() {
        for at in ["0001-01-01T00:00:00Z", "9999-12-30T22:00:00Z"] {
            for window in Window::ALL {
                assert!(!key(window, "Pacific/Auckland", at).is_empty());
                assert!(!key(window, "America/Chicago", at).is_empty());
            }
        }
    }
}
