//! Pace: how much of a cap may be used by now, when it is spread evenly over the open time of its window (rule 23).

use super::schedule::Schedule;
use super::window::{Starts, Window};
use super::zone::Zone;
use crate::model::{Date, Timestamp};

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;

/// How far a window has come, in milliseconds of open time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Open time that has passed.
    pub elapsed: i64,
    /// All open time of the window.
    pub whole: i64,
}

impl Progress {
    /// How much of a limit may be used by now: its part of the open time, rounded up, and the first one at the opening.
    ///
    /// ```
    /// use leadwright::limits::Progress;
    /// let noon = Progress { elapsed: 3, whole: 8 };
    /// assert_eq!(noon.allows(25), 10);
    /// assert_eq!(Progress { elapsed: 0, whole: 8 }.allows(25), 1);
    /// assert_eq!(Progress { elapsed: 8, whole: 8 }.allows(25), 25);
    /// ```
    pub fn allows(self, limit: i64) -> i64 {
        if self.whole <= 0 || limit <= 0 {
            return limit;
        }
        let (elapsed, whole) = (i128::from(self.elapsed.clamp(0, self.whole)), i128::from(self.whole));
        let part = (i128::from(limit) * elapsed + whole - 1) / whole;
        i64::try_from(part).unwrap_or(limit).clamp(1, limit)
    }
}

/// How far the window of an instant has come, by opening hours and between a first and a last date; none for a window
/// that has no end. Time is counted as it passes: an hour that comes twice counts twice, one that is left out not at all.
///
/// ```
/// use leadwright::limits::{OpenHours, Schedule, Starts, Window, Zone, progress};
/// let zone: Zone = "America/Chicago".parse()?;
/// let office = Schedule::weekly((0..5).map(|day| (day, OpenHours { start: 480, end: 1_080 })), []);
/// let ten = "2026-11-24T16:00:00Z".parse()?;
/// let day = progress(Window::Day, &zone, &office, ten, Starts::default(), (None, None)).ok_or("a day has an end")?;
/// assert_eq!((day.elapsed, day.whole), (2 * 3_600_000, 10 * 3_600_000));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn progress(
    window: Window,
    zone: &Zone,
    hours: &Schedule,
    at: Timestamp,
    starts: Starts,
    between: (Option<Date>, Option<Date>),
) -> Option<Progress> {
    let now = zone.local(at);
    let (first, past) = window.dates(now.date, now.weekday, starts)?;
    let (mut from, mut to) = (reading(first), reading(past));
    if window == Window::Hour {
        from += i64::from(now.minute_of_day / 60) * HOUR;
        to = from + HOUR;
    }
    from = between.0.map_or(from, |first| from.max(reading(first)));
    to = between.1.map_or(to, |last| to.min(reading(last) + DAY));
    // No clock is further from UTC than a day.
    let epoch = reading_of_epoch();
    let instant = |reading: i64| Timestamp::EPOCH.plus_millis(reading - epoch);
    let mut progress = Progress { elapsed: 0, whole: 0 };
    for stretch in zone.stretches(instant(from - DAY), instant(to + DAY)) {
        // The hour that comes twice is two windows (rule 5).
        if window == Window::Hour && stretch.offset != now.offset {
            continue;
        }
        let shown = |at: i64| at + epoch + i64::from(stretch.offset) * 1_000;
        let (begin, end) = (from.max(shown(stretch.from)), to.min(shown(stretch.to)));
        if begin < end {
            progress.whole += hours.open_millis(begin, end);
        }
        let end = end.min(shown(at.millis()));
        if begin < end {
            progress.elapsed += hours.open_millis(begin, end);
        }
    }
    Some(progress)
}

/// What a clock counts up to at the beginning of a date.
fn reading(date: Date) -> i64 {
    Date::FIRST.days_until(date) * DAY
}

/// What a clock in Greenwich had counted up to when our instants begin.
fn reading_of_epoch() -> i64 {
    Date::new(1970, 1, 1).map_or(0, reading)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::OpenHours;
    use proptest::prelude::*;

    const ZONES: [&str; 8] = [
        "America/New_York",
        "America/Santiago",
        "America/St_Johns",
        "Asia/Kolkata",
        "Africa/Casablanca",
        "Australia/Lord_Howe",
        "Pacific/Apia",
        "UTC",
    ];

    /// Minute by minute, by the definition: those of the same window in which it is open.
    fn counted(window: Window, zone: &Zone, hours: &Schedule, at: Timestamp, starts: Starts) -> Progress {
        let key = window.key(zone, at, starts);
        let begin = at.millis().div_euclid(60_000) * 60_000;
        let around =
            (-9 * 24 * 60..9 * 24 * 60).map(|minute: i64| Timestamp::EPOCH.plus_millis(begin + minute * 60_000));
        let mut progress = Progress { elapsed: 0, whole: 0 };
        for minute in around.filter(|minute| window.key(zone, *minute, starts) == key && hours.is_open(zone, *minute)) {
            progress.whole += 60_000;
            progress.elapsed += (at.millis() - minute.millis()).clamp(0, 60_000);
        }
        progress
    }

    fn schedule() -> impl Strategy<Value = Schedule> {
        let range = (0u8..7, 0u16..1_440, 0u16..=1_440).prop_filter("no empty hours", |(_, start, end)| start != end);
        let hours = prop::collection::vec(range, 0..6);
        let closed = prop::collection::vec(-3i64..3, 0..3);
        (hours, closed).prop_map(|(hours, closed)| {
            let closed =
                closed.into_iter().map(|day| crate::limits::zone::plus_days("2026-11-01".parse().unwrap(), day));
            let hours = hours.into_iter().map(|(day, start, end)| (day, OpenHours { start, end }));
            Schedule::weekly(hours.collect::<Vec<_>>(), closed.collect::<Vec<_>>())
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn open_time_is_that_of_every_minute_of_the_window(
            hours in schedule(),
            zone in prop::sample::select(ZONES.to_vec()),
            window in prop::sample::select(vec![Window::Hour, Window::Day, Window::Week]),
            day in prop::sample::select(vec!["2026-10-31", "2026-11-01", "2026-03-08", "2026-09-06", "2011-12-29", "2026-04-05"]),
            millis in -DAY..DAY,
        ) {
            let zone: Zone = zone.parse().unwrap();
            let at = format!("{day}T12:00:00Z").parse::<Timestamp>().unwrap().plus_millis(millis);
            let starts = Starts::default();
            let got = progress(window, &zone, &hours, at, starts, (None, None)).unwrap();
            prop_assert_eq!(got, counted(window, &zone, &hours, at, starts));
        }

        #[test]
        fn pace_never_allows_more_than_the_cap_never_less_than_before_and_ends_at_the_cap(
            limit in 0i64..1_000_000_000_000,
            whole in 1i64..3_000_000_000,
            steps in prop::collection::vec(0i64..3_000_000_000, 1..20),
        ) {
            let mut steps = steps;
            steps.sort_unstable();
            let mut before = 0;
            for elapsed in steps {
                let allowed = Progress { elapsed, whole }.allows(limit);
                prop_assert!(allowed <= limit && before <= allowed);
                // Rounded up from its part, so by less than one.
                let part = i128::from(limit) * i128::from(elapsed.min(whole));
                let over = i128::from(allowed) * i128::from(whole) - part;
                prop_assert!(limit == 0 || allowed == 1 || (0..i128::from(whole)).contains(&over));
                before = allowed;
            }
            prop_assert_eq!(Progress { elapsed: whole, whole }.allows(limit), limit);
        }
    }

    #[test]
    fn rule_003_a_long_day_is_paced_over_its_true_length() {
        let zone = "America/New_York".parse().unwrap();
        let always = Schedule::default();
        for (at, hours) in [("2026-11-01T12:00:00Z", 25), ("2026-03-08T12:00:00Z", 23), ("2026-11-02T12:00:00Z", 24)] {
            let at = at.parse().unwrap();
            let day = progress(Window::Day, &zone, &always, at, Starts::default(), (None, None)).unwrap();
            assert_eq!(day.whole, hours * HOUR, "{at}");
        }
    }

    #[test]
    fn rule_023_a_cap_is_spread_over_the_open_time_of_its_window() {
        let zone = "America/Chicago".parse().unwrap();
        let hours = OpenHours { start: 8 * 60, end: 18 * 60 };
        let office = Schedule::weekly((0..5).map(|day| (day, hours)), ["2026-11-26".parse().unwrap()]);
        let allowed = |window, at: &str, cap| {
            let at = at.parse().unwrap();
            progress(window, &zone, &office, at, Starts::default(), (None, None)).unwrap().allows(cap)
        };
        for (at, want) in [
            ("2026-11-24T14:00:00Z", 1), // 08:00, the first at opening
            ("2026-11-24T14:00:00.001Z", 1),
            ("2026-11-24T15:00:00Z", 2), // an hour of ten: two of twenty
            ("2026-11-24T15:00:00.001Z", 3),
            ("2026-11-24T19:00:00Z", 10),
            ("2026-11-24T23:59:59.999Z", 20),
        ] {
            assert_eq!(allowed(Window::Day, at, 20), want, "{at}");
        }
        // Thursday is closed: Tuesday evening is half of the week, whatever the clock says.
        assert_eq!(allowed(Window::Week, "2026-11-25T00:00:00Z", 40), 20);
        // November has 20 working days, and the closed one is none.
        assert_eq!(allowed(Window::Month, "2026-11-03T00:00:00Z", 200), 10);
        let last = ("2026-11-25".parse().ok(), "2026-11-27".parse().ok());
        let at = "2026-11-25T19:00:00Z".parse().unwrap();
        let month = progress(Window::Month, &zone, &office, at, Starts::default(), last).unwrap();
        assert_eq!(month.allows(40), 10, "two days between the first and the last one");
        assert_eq!(progress(Window::Total, &zone, &office, at, Starts::default(), last), None);
    }
}
