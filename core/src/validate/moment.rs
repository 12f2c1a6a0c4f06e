//! Times of a lead beside the time it is judged at, where either may be known to the day only.

use super::options::ValidateOptions;
use crate::model::{Date, Timestamp, Value};

const DAY: i64 = 86_400_000;
const HOUR: i64 = 3_600_000;
/// How far ahead a clock may be (rule 96).
const SKEW: i64 = 5 * 60_000;

/// The earliest and the latest instant that a value can mean: a day is another one in each zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Moment {
    earliest: i64,
    latest: i64,
}

impl Moment {
    /// Of a canonical value; none of one that is no time.
    pub(super) fn of(value: &Value) -> Option<Self> {
        match value {
            Value::Time(at) => Some(Self::at(*at)),
            Value::Date(day) => Some(Self::on(*day)),
            Value::Text(text) => match text.parse() {
                Ok(at) => Some(Self::at(at)),
                // Without its zone a time is good for its day.
                Err(_) => text.get(..10).and_then(|day| day.parse().ok()).map(Self::on),
            },
            _ => None,
        }
    }

    fn at(at: Timestamp) -> Self {
        Self { earliest: at.millis(), latest: at.millis() }
    }

    fn on(day: Date) -> Self {
        let start = Date::new(1970, 1, 1).map_or(0, |first| first.days_until(day)) * DAY;
        Self { earliest: start - 14 * HOUR, latest: start + DAY + 12 * HOUR }
    }
}

/// When the lead is judged.
#[derive(Clone, Copy, Debug)]
pub(super) struct Now(Moment);

impl Now {
    pub(super) fn at(now: Timestamp) -> Self {
        Self(Moment::at(now))
    }

    pub(super) fn on(day: Date) -> Self {
        Self(Moment::on(day))
    }

    /// None where nobody said when that is.
    pub(super) fn of(options: &ValidateOptions) -> Option<Self> {
        options.now.map(Self::at).or_else(|| options.as_of.map(Self::on))
    }

    /// Whether a moment lies ahead, whichever zone was meant.
    pub(super) fn is_before(self, other: Moment) -> bool {
        other.earliest > self.0.latest + SKEW
    }

    /// Whether a moment is longer ago than so many milliseconds, whichever zone was meant.
    pub(super) fn is_older(self, other: Moment, most: i64) -> bool {
        self.0.earliest - other.latest > most
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(text: &str) -> Moment {
        Moment::of(&Value::text(text)).unwrap()
    }

    #[test]
    fn a_day_is_ahead_only_where_it_is_in_every_zone() {
        let now = |text: &str| Now(moment(text));
        let noon = now("2026-11-24T12:00:00Z");
        assert!(!noon.is_before(moment("2026-11-24T12:04:00Z")));
        assert!(noon.is_before(moment("2026-11-24T12:06:00Z")));
        assert!(!noon.is_before(moment("2026-11-25")), "in Tonga it is the 25th");
        assert!(noon.is_before(moment("2026-11-26")));
        let day = now("2026-11-24");
        assert!(!day.is_before(moment("2026-11-24T23:59:00Z")) && !day.is_before(moment("2026-11-25 08:00:00")));
        assert!(day.is_before(moment("2026-11-27")));
    }

    #[test]
    fn old_is_what_is_old_in_every_zone() {
        let now = Now(moment("2026-11-24T12:00:00Z"));
        assert!(now.is_older(moment("2026-10-24T11:59:00Z"), 31 * DAY));
        assert!(!now.is_older(moment("2026-10-24T12:00:00Z"), 31 * DAY));
        assert!(!now.is_older(moment("2026-10-24"), 31 * DAY));
        assert!(now.is_older(moment("2026-10-22"), 31 * DAY));
        assert!(Moment::of(&Value::text("yesterday")).is_none());
    }
}
