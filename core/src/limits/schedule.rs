//! Opening hours on a wall clock.

use super::zone::{Zone, plus_days};
use crate::model::{Date, Timestamp};
use std::collections::BTreeSet;

const DAY_MINUTES: u16 = 24 * 60;
const MINUTE_MILLIS: i64 = 60_000;
const DAY_MILLIS: i64 = 24 * 60 * MINUTE_MILLIS;
/// A Monday.
const MONDAY: Date = Date::FIRST;

/// From one minute of a day to another, the end not included. An end at or before the start lies in the next day and
/// still belongs to the day it started on (rule 7).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct OpenHours {
    /// First minute, 0 to 1439.
    pub start: u16,
    /// One past the last minute, 0 to 1440.
    pub end: u16,
}

impl OpenHours {
    fn wraps(self) -> bool {
        self.end <= self.start
    }

    fn holds_on_its_day(self, minute: u16) -> bool {
        minute >= self.start && (self.wraps() || minute < self.end)
    }

    fn holds_on_the_next_day(self, minute: u16) -> bool {
        self.wraps() && minute < self.end
    }
}

/// When something is open. The default is always (rule 9).
///
/// ```
/// use leadwright::limits::{OpenHours, Schedule, Zone};
/// let zone: Zone = "America/Chicago".parse()?;
/// let office = Schedule::weekly([(0, OpenHours { start: 480, end: 1080 })], []);
/// assert!(office.is_open(&zone, "2026-11-23T15:00:00Z".parse()?));
/// assert!(!office.is_open(&zone, "2026-11-24T15:00:00Z".parse()?));
/// assert!(Schedule::default().is_open(&zone, "2026-11-24T15:00:00Z".parse()?));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Schedule {
    /// `None` is always.
    hours: Option<Vec<(u8, OpenHours)>>,
    closed: BTreeSet<Date>,
}

impl Schedule {
    /// Hours by day of the week, 0 being Monday, and dates on which nothing opens.
    pub fn weekly(hours: impl IntoIterator<Item = (u8, OpenHours)>, closed: impl IntoIterator<Item = Date>) -> Self {
        Self { hours: Some(hours.into_iter().collect()), closed: closed.into_iter().collect() }
    }

    /// Whether it is open at an instant.
    pub fn is_open(&self, zone: &Zone, at: Timestamp) -> bool {
        if self.hours.is_none() && self.closed.is_empty() {
            return true;
        }
        let local = zone.local(at);
        let yesterday = plus_days(local.date, -1);
        let is_closed = |date: &Date| self.closed.contains(date);
        let Some(hours) = &self.hours else { return !is_closed(&local.date) };
        hours.iter().any(|(day, range)| {
            let today = *day == local.weekday && range.holds_on_its_day(local.minute_of_day) && !is_closed(&local.date);
            let since_yesterday = (*day + 1) % 7 == local.weekday && range.holds_on_the_next_day(local.minute_of_day);
            today || since_yesterday && !is_closed(&yesterday)
        })
    }

    /// How many of the milliseconds from one reading of the clock to another are open ones; readings count from 0:00
    /// on the first date that there is.
    pub(super) fn open_millis(&self, from: i64, to: i64) -> i64 {
        let (first, last) = (from.div_euclid(DAY_MILLIS), (to - 1).div_euclid(DAY_MILLIS));
        let of_day = |day: i64| {
            let begin = day * DAY_MILLIS;
            let open = self.open_on(day).into_iter().map(|(start, end)| {
                let start = from.max(begin + i64::from(start) * MINUTE_MILLIS);
                (to.min(begin + i64::from(end) * MINUTE_MILLIS) - start).max(0)
            });
            open.sum::<i64>()
        };
        (first..=last).map(of_day).sum()
    }

    /// The open minutes of a day by its number, as ranges in order that do not touch.
    fn open_on(&self, day: i64) -> Vec<(u16, u16)> {
        let is_closed = |day: i64| !self.closed.is_empty() && self.closed.contains(&plus_days(MONDAY, day));
        let (today, yesterday) = (!is_closed(day), !is_closed(day - 1));
        let Some(hours) = &self.hours else { return if today { vec![(0, DAY_MINUTES)] } else { Vec::new() } };
        let mut ranges = Vec::with_capacity(hours.len());
        for (weekday, range) in hours {
            if today && i64::from(*weekday) == day.rem_euclid(7) {
                ranges.push((range.start, if range.wraps() { DAY_MINUTES } else { range.end }));
            }
            if yesterday && range.wraps() && i64::from(*weekday) == (day - 1).rem_euclid(7) {
                ranges.push((0, range.end));
            }
        }
        ranges.sort_unstable();
        let mut apart: Vec<(u16, u16)> = Vec::with_capacity(ranges.len());
        for (start, end) in ranges {
            match apart.last_mut().filter(|last| start <= last.1) {
                Some(last) => last.1 = last.1.max(end),
                None => apart.push((start, end)),
            }
        }
        apart
    }

    /// Whether it is open at any minute of the days from one to another, where either may be left open. More than `most`
    /// days are taken for open where the week has hours.
    pub(crate) fn opens_between(&self, first: Option<Date>, last: Option<Date>, most: i64) -> bool {
        let (Some(first), Some(last)) = (first, last) else { return self.ever_opens() };
        let days = first.days_until(last);
        if days > most {
            return self.ever_opens();
        }
        (0..=days).any(|day| self.opens_on(plus_days(first, day)))
    }

    fn opens_on(&self, date: Date) -> bool {
        let yesterday = plus_days(date, -1);
        let Some(hours) = &self.hours else { return !self.closed.contains(&date) };
        let on = |date: Date, wanted: fn(&OpenHours) -> bool| {
            let weekday = MONDAY.days_until(date).rem_euclid(7);
            let there = hours.iter().any(|(day, range)| i64::from(*day) == weekday && wanted(range));
            there && !self.closed.contains(&date)
        };
        on(date, |range| range.start < DAY_MINUTES) || on(yesterday, |range| range.wraps() && range.end > 0)
    }

    /// In how many clock hours of a day it is open, at most; the hour that is repeated when clocks go back counts twice.
    pub(crate) fn most_hours_a_day(&self) -> i64 {
        let Some(hours) = &self.hours else { return 25 };
        let of_day = |weekday: u8| {
            let mut open: BTreeSet<u16> = BTreeSet::new();
            for (day, range) in hours {
                let end = if range.wraps() { DAY_MINUTES } else { range.end };
                if *day == weekday && range.start < end {
                    open.extend(range.start / 60..=(end - 1) / 60);
                }
                if (*day + 1) % 7 == weekday && range.wraps() && range.end > 0 {
                    open.extend(0..=(range.end - 1) / 60);
                }
            }
            let repeated = open.iter().any(|hour| *hour < 4);
            i64::try_from(open.len()).unwrap_or(24) + i64::from(repeated)
        };
        (0..7).map(of_day).max().unwrap_or(0)
    }

    /// Whether it is open for any minute of a week.
    pub fn ever_opens(&self) -> bool {
        self.hours.as_ref().is_none_or(|hours| hours.iter().any(|(_, range)| range.start < DAY_MINUTES))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(schedule: &Schedule, zone: &str, at: &str) -> bool {
        schedule.is_open(&zone.parse().unwrap(), at.parse().unwrap())
    }

    #[test]
    fn rule_006_a_repeated_hour_is_open_twice_and_a_skipped_one_never() {
        let two_o_clock = Schedule::weekly([(6, OpenHours { start: 60, end: 120 })], []);
        let zone = "America/New_York";
        assert!(open(&two_o_clock, zone, "2026-11-01T05:30:00Z"));
        assert!(open(&two_o_clock, zone, "2026-11-01T06:30:00Z"));
        assert!(!open(&two_o_clock, zone, "2026-11-01T07:00:00Z"));
        // On 8 March the clock goes from 02:00 to 03:00.
        let skipped = Schedule::weekly([(6, OpenHours { start: 120, end: 180 })], []);
        for at in ["2026-03-08T06:59:00Z", "2026-03-08T07:00:00Z", "2026-03-08T07:59:00Z"] {
            assert!(!open(&skipped, zone, at), "{at}");
        }
    }

    #[test]
    fn rule_006_night_hours_are_longer_and_shorter_when_the_clocks_change() {
        let nights = Schedule::weekly([(5, OpenHours { start: 22 * 60, end: 4 * 60 })], []);
        let open_in = |from: &str| {
            let from: Timestamp = from.parse().unwrap();
            let zone: Zone = "America/New_York".parse().unwrap();
            (0..24 * 60).filter(|minute| nights.is_open(&zone, from.plus_millis(minute * MINUTE_MILLIS))).count()
        };
        assert_eq!(open_in("2026-10-24T16:00:00Z"), 6 * 60);
        assert_eq!(open_in("2026-10-31T16:00:00Z"), 7 * 60, "an hour comes twice");
        assert_eq!(open_in("2026-03-07T17:00:00Z"), 5 * 60, "an hour is left out");
    }

    #[test]
    fn rule_007_night_hours_belong_to_the_day_they_start_on() {
        let nights = OpenHours { start: 20 * 60, end: 120 };
        let schedule = Schedule::weekly([(3, nights), (4, nights), (5, nights)], ["2026-11-26".parse().unwrap()]);
        for (at, want) in [
            ("2026-11-28T01:59:00Z", true),
            ("2026-11-29T01:59:00Z", true),
            ("2026-11-29T02:00:00Z", false),
            ("2026-11-29T20:00:00Z", false),
            // The 26th is a Thursday and closed: neither its evening nor the night after.
            ("2026-11-26T21:00:00Z", false),
            ("2026-11-27T01:00:00Z", false),
            ("2026-11-27T21:00:00Z", true),
        ] {
            assert_eq!(open(&schedule, "UTC", at), want, "{at}");
        }
    }

    #[test]
    fn days_and_hours_of_a_schedule_are_counted() {
        let day = |text: &str| Some(text.parse::<Date>().unwrap());
        let nights = OpenHours { start: 22 * 60 + 30, end: 90 };
        let schedule = Schedule::weekly([(5, nights)], ["2026-11-28".parse().unwrap()]);
        // The 28th is a Saturday and closed, with the night after it.
        assert!(!schedule.opens_between(day("2026-11-23"), day("2026-11-29"), 100));
        assert!(schedule.opens_between(day("2026-12-06"), day("2026-12-06"), 100));
        assert!(schedule.opens_between(day("2026-11-23"), None, 100));
        // 22, 23; and 0, 1 with the one that is repeated.
        assert_eq!(schedule.most_hours_a_day(), 3);
        assert_eq!(Schedule::weekly([(0, OpenHours { start: 510, end: 630 })], []).most_hours_a_day(), 3);
        assert_eq!(Schedule::default().most_hours_a_day(), 25);
    }

    #[test]
    fn rule_009_without_a_schedule_it_is_always_open() {
        assert!(open(&Schedule::default(), "Asia/Kolkata", "2026-11-24T03:00:00Z"));
    }
}
