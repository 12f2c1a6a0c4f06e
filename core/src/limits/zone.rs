//! Time zones, from the bundled database only: the host's would give another answer on another machine.

use crate::model::{Date, Timestamp};
use rustc_hash::FxHasher;
use std::fmt;
use std::hash::Hasher as _;

const EPOCH: Timestamp = Timestamp::EPOCH;

/// A time zone by its IANA name.
///
/// ```
/// use leadwright::limits::Zone;
/// let zone: Zone = "America/Chicago".parse()?;
/// let at = "2026-11-24T05:59:00Z".parse()?;
/// assert_eq!(zone.date(at).to_string(), "2026-11-23");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Zone {
    zone: jiff::tz::TimeZone,
    /// A number of its name: zones are compared for every cap, and that should not go through their names.
    number: u64,
}

impl PartialEq for Zone {
    fn eq(&self, other: &Self) -> bool {
        self.number == other.number
    }
}

impl Eq for Zone {}

/// A name that the IANA database does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ZoneError;

impl fmt::Display for ZoneError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a time zone is an IANA name, like \"America/Chicago\"")
    }
}

impl std::error::Error for ZoneError {}

impl std::str::FromStr for Zone {
    type Err = ZoneError;

    fn from_str(name: &str) -> Result<Self, ZoneError> {
        let zone = jiff::tz::TimeZoneDatabase::bundled().get(name).map_err(|_| ZoneError)?;
        let number = number(zone.iana_name().unwrap_or(name));
        Ok(Self { zone, number })
    }
}

/// Only ever compared within a process. That no two zones of the database have the same is tested.
fn number(name: &str) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(name.as_bytes());
    hasher.finish()
}

/// What a clock on the wall of a zone shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Local {
    pub(super) date: Date,
    pub(super) minute_of_day: u16,
    /// Seconds east of UTC.
    pub(super) offset: i32,
    /// 0 is Monday.
    pub(super) weekday: u8,
}

impl Zone {
    /// The civil date of an instant.
    pub fn date(&self, at: Timestamp) -> Date {
        self.local(at).date
    }

    /// The civil date and the quarter of an hour of it, 0 to 95: where an instant falls in a report.
    ///
    /// ```
    /// use leadwright::limits::Zone;
    /// let zone: Zone = "America/Chicago".parse()?;
    /// let (date, slot) = zone.slot("2026-11-24T15:30:00Z".parse()?);
    /// assert_eq!((date.to_string().as_str(), slot), ("2026-11-24", 38));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn slot(&self, at: Timestamp) -> (Date, u8) {
        let local = self.local(at);
        (local.date, u8::try_from(local.minute_of_day / 15).unwrap_or(0))
    }

    /// Only ever from the instant to the wall, which has one answer; the other way has none or two (rules 4 and 6).
    pub(super) fn local(&self, at: Timestamp) -> Local {
        let offset = self.zone.to_offset(at.to_jiff());
        let zoned = offset.to_datetime(at.to_jiff());
        let minute = u16::from(zoned.hour().unsigned_abs()) * 60 + u16::from(zoned.minute().unsigned_abs());
        Local {
            date: to_date(zoned.date()),
            minute_of_day: minute,
            offset: offset.seconds(),
            weekday: zoned.weekday().to_monday_zero_offset().unsigned_abs(),
        }
    }
}

/// A run of time in which the clocks are not changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stretch {
    /// Milliseconds since the epoch.
    pub(super) from: i64,
    /// One past the last.
    pub(super) to: i64,
    /// Seconds east of UTC.
    pub(super) offset: i32,
}

impl Zone {
    /// The stretches from one instant to another, in order.
    pub(super) fn stretches(&self, from: Timestamp, to: Timestamp) -> Vec<Stretch> {
        let changes = self.zone.following(from.to_jiff()).map(|change| change.timestamp().as_millisecond());
        let mut stretches = Vec::new();
        let mut begin = from.millis();
        for end in changes.take_while(|at| *at < to.millis()).chain([to.millis()]) {
            let offset = self.zone.to_offset(EPOCH.plus_millis(begin).to_jiff()).seconds();
            stretches.push(Stretch { from: begin, to: end, offset });
            begin = end;
        }
        stretches
    }
}

/// Years outside of 1 to 9999 are held at the ends: no lead is from there, and no input may stop the host.
pub(super) fn to_date(date: jiff::civil::Date) -> Date {
    let made = Date::new(date.year().max(1), date.month().unsigned_abs(), date.day().unsigned_abs());
    made.unwrap_or(Date::FIRST)
}

/// A date some days away, held within the years 1 to 9999.
pub(super) fn plus_days(date: Date, days: i64) -> Date {
    let month = i8::try_from(date.month()).unwrap_or(1);
    let day = i8::try_from(date.day()).unwrap_or(1);
    let civil = jiff::civil::Date::new(date.year(), month, day).unwrap_or(jiff::civil::Date::MIN);
    to_date(civil.saturating_add(jiff::Span::new().days(days.clamp(-4_000_000, 4_000_000))))
}

#[cfg(test)]
mod tests {
    use super::Zone;
    use std::collections::BTreeMap;

    #[test]
    fn zones_are_equal_by_their_names_and_no_two_names_share_a_number() {
        let database = jiff::tz::TimeZoneDatabase::bundled();
        let names = database.available().map(|name| name.as_str().to_owned());
        let zones: BTreeMap<String, Zone> = names.filter_map(|name| Some((name.clone(), name.parse().ok()?))).collect();
        assert!(zones.len() > 400, "{}", zones.len());
        let numbers: BTreeMap<u64, &str> = zones.iter().map(|(name, zone)| (zone.number, name.as_str())).collect();
        assert_eq!(numbers.len(), zones.len());
        assert_eq!("america/chicago".parse::<Zone>(), "America/Chicago".parse());
    }
}
