//! When a consumer may be called: on the clock of the consumer, not of the buyer.
//!
//! Where somebody is, is not known: the address says one thing, the area code of a phone may say another. Every clock
//! that may be theirs, and every rule that may hold, has to allow the call.

mod holiday;
mod table;

use super::zone::{Local, Zone};
use crate::field::AreaCode;
use crate::geo::{zip_info, zips};
use crate::model::Timestamp;
use std::collections::{BTreeMap, BTreeSet};
pub use table::{CallRule, Checked};

/// The Navajo Nation keeps daylight saving time where Arizona does not: who lives in one of these counties may have
/// either clock.
const NAVAJO: [&str; 3] = ["04001", "04005", "04017"];
const OF_ARIZONA: [&str; 2] = ["America/Denver", "America/Phoenix"];

/// All rules start and end on the quarter of an hour, and so do all zones.
const QUARTER: i64 = 15 * 60_000;
/// So long ahead a time is looked for: more than any run of closed days.
const QUARTERS: i64 = 14 * 24 * 4;

/// A table of rules with the time zones that it is read in.
///
/// ```
/// use leadwright::limits::CallRules;
/// let rules = CallRules::named("us-states@1").ok_or("no such table")?;
/// let florida = rules.times(Some("FL"), Some("33101"), ["+13055550142"]);
/// // 20:30 in Miami: the federal rule would allow it, Florida's does not.
/// let at = "2026-11-25T01:30:00Z".parse()?;
/// assert!(!florida.is_open(at));
/// assert_eq!(florida.next_open(at).to_string(), "2026-11-25T13:00:00.000Z");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct CallRules {
    zones: BTreeMap<&'static str, Zone>,
    /// The zones of each state.
    states: BTreeMap<&'static str, BTreeSet<&'static str>>,
}

/// When one consumer may be called: each rule that may hold, on each clock that may be theirs.
#[derive(Clone, Debug)]
pub struct CallTimes<'a> {
    all: Vec<(&'static CallRule, &'a Zone)>,
}

impl CallRules {
    /// The names of the tables.
    pub const NAMES: [&'static str; 1] = ["us-states@1"];

    /// A table by its name and version.
    pub fn named(name: &str) -> Option<Self> {
        if !Self::NAMES.contains(&name) {
            return None;
        }
        let mut states: BTreeMap<&'static str, BTreeSet<&'static str>> = BTreeMap::new();
        let mut names = BTreeSet::new();
        for (state, zone) in zips().filter_map(|zip| Some((zip.state(), zip.time_zone()?))) {
            states.entry(state).or_default().insert(zone);
            names.insert(zone);
        }
        names.extend(OF_ARIZONA);
        let codes = (200..1000_u32).filter_map(|code| AreaCode::find(&code.to_string()));
        codes.for_each(|code| names.extend(code.time_zones()));
        let zones = names.into_iter().filter_map(|name| Some((name, name.parse().ok()?))).collect();
        Some(Self { zones, states })
    }

    /// The day on which the sources of the rules were read.
    pub const AS_OF: &'static str = table::AS_OF;

    /// The rules: the federal one, then those of states, by their letters.
    pub fn rules() -> &'static [CallRule] {
        table::RULES
    }

    /// The times of a consumer with an address and phones, in E.164. Where the ZIP code is not known, all zones of the
    /// state count; where nothing is known, those of all the states.
    pub fn times<'p>(
        &self,
        state: Option<&str>,
        zip: Option<&str>,
        phones: impl IntoIterator<Item = &'p str>,
    ) -> CallTimes<'_> {
        let mut pairs: BTreeSet<(&'static str, &'static str)> = BTreeSet::new();
        let info = zip.and_then(|zip| zip_info(zip.get(..5)?));
        let state = state.or_else(|| info.map(|info| info.state()));
        let mut add = |state: Option<&str>, zone: &'static str| {
            pairs.insert((table::FEDERAL, zone));
            let own = state.and_then(|state| table::RULES.iter().find(|rule| rule.state == state));
            pairs.extend(own.map(|rule| (rule.state, zone)));
        };
        let of_zip = info.and_then(|info| {
            let zone = info.time_zone()?;
            let county = info.county().map(|county| county.fips().as_str().to_owned());
            let is_navajo = county.is_some_and(|fips| NAVAJO.contains(&fips.as_str()));
            Some(if is_navajo { OF_ARIZONA.to_vec() } else { vec![zone] })
        });
        let of_state = || state.and_then(|state| self.states.get(state)).map(|zones| zones.iter().copied().collect());
        let of_address: Vec<&'static str> = of_zip.or_else(of_state).unwrap_or_default();
        of_address.iter().for_each(|zone| add(state, zone));
        let mut is_known = !of_address.is_empty();
        for code in phones.into_iter().filter_map(area_code) {
            for zone in code.time_zones() {
                is_known = true;
                add(None, zone);
                code.states().for_each(|state| add(Some(state), zone));
            }
        }
        if !is_known {
            self.states.values().flatten().filter(|zone| is_of_the_states(zone)).for_each(|zone| add(state, zone));
        }
        let rule = |name: &str| table::RULES.iter().find(|rule| rule.state == name);
        let all = pairs.iter().filter_map(|(state, zone)| Some((rule(state)?, self.zones.get(zone)?)));
        CallTimes { all: all.collect() }
    }
}

impl CallTimes<'_> {
    /// Whether a call at this instant keeps all the rules.
    pub fn is_open(&self, at: Timestamp) -> bool {
        self.all.iter().all(|(rule, zone)| rule.allows(&zone.local(at)))
    }

    /// The first time from an instant on at which a call keeps all the rules: the instant itself, or the start of a
    /// quarter of an hour. Where there is none within 14 days, the end of them.
    pub fn next_open(&self, at: Timestamp) -> Timestamp {
        if self.is_open(at) {
            return at;
        }
        let past = at.millis().rem_euclid(QUARTER);
        let first = at.plus_millis(if past == 0 { 0 } else { QUARTER - past });
        let times = (0..QUARTERS).map(|n| first.plus_millis(n * QUARTER));
        let mut open = times.filter(|time| self.is_open(*time));
        open.next().unwrap_or_else(|| first.plus_millis(QUARTERS * QUARTER))
    }
}

impl CallRule {
    fn allows(&self, local: &Local) -> bool {
        if self.not_on_holidays && holiday::is_holiday(local.date) {
            return false;
        }
        let hours = match local.weekday {
            5 => self.saturday,
            6 => self.sunday,
            _ => Some(self.weekday),
        };
        hours.is_some_and(|(start, end)| (start..end).contains(&local.minute_of_day))
    }
}

/// Islands far in the Pacific have hardly an hour of the day in common with New York: who says nothing about where they
/// are is not taken to be there.
fn is_of_the_states(zone: &str) -> bool {
    zone.starts_with("America/") || zone == "Pacific/Honolulu"
}

/// The area code of a number of the North American plan.
fn area_code(phone: &str) -> Option<AreaCode> {
    let national = phone.strip_prefix("+1").filter(|national| national.len() == 10)?;
    AreaCode::find(national.get(..3)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(state: Option<&str>, zip: Option<&str>, phone: &str, at: &str) -> bool {
        let rules = &RULES;
        let phones = Some(phone).filter(|phone| !phone.is_empty());
        rules.times(state, zip, phones).is_open(at.parse().unwrap())
    }

    #[test]
    fn every_zone_of_the_tables_is_known() {
        let rules = CallRules::named("us-states@1").unwrap();
        for code in (200..1000_u32).filter_map(|code| AreaCode::find(&code.to_string())) {
            assert!(code.time_zones().all(|zone| rules.zones.contains_key(zone)));
        }
        assert!(rules.states.values().flatten().all(|zone| rules.zones.contains_key(zone)));
        assert_eq!(rules.states["IN"].len(), rules.times(Some("IN"), None, []).all.len());
        assert!(CallRules::named("us-states@2").is_none());
    }

    #[test]
    fn the_federal_hours_are_those_of_the_consumer() {
        // 08:00 and 21:00 in Chicago, in winter and in summer.
        for (at, want) in [
            ("2026-11-24T13:59:59Z", false),
            ("2026-11-24T14:00:00Z", true),
            ("2026-11-25T02:59:59Z", true),
            ("2026-11-25T03:00:00Z", false),
            ("2026-07-14T12:59:59Z", false),
            ("2026-07-14T13:00:00Z", true),
            ("2026-07-15T02:00:00Z", false),
        ] {
            assert_eq!(open(Some("IL"), Some("60601"), "+13125550142", at), want, "{at}");
        }
    }

    #[test]
    fn the_day_the_clocks_change_has_its_own_morning() {
        // 8 March 2026: 08:00 is 13:00 UTC from that day on, and was 14:00 the day before.
        for (at, want) in
            [("2026-03-07T13:30:00Z", false), ("2026-03-08T13:30:00Z", true), ("2026-11-01T13:30:00Z", false)]
        {
            assert_eq!(open(Some("IL"), Some("60601"), "", at), want, "{at}");
        }
    }

    #[test]
    fn a_phone_from_another_coast_has_a_clock_too() {
        // 08:30 in New York is 05:30 in Los Angeles.
        assert!(open(Some("NY"), Some("10001"), "+12125550142", "2026-11-24T13:30:00Z"));
        assert!(!open(Some("NY"), Some("10001"), "+12135550142", "2026-11-24T13:30:00Z"));
        // 18:30 in Los Angeles is 21:30 in New York.
        assert!(!open(Some("NY"), Some("10001"), "+12135550142", "2026-11-25T02:30:00Z"));
        // The rule of Florida goes with its area codes: 20:30.
        assert!(open(Some("NY"), Some("10001"), "+12125550142", "2026-11-25T01:30:00Z"));
        assert!(!open(Some("NY"), Some("10001"), "+13055550142", "2026-11-25T01:30:00Z"));
        // A toll-free number, and one of another country, say nothing about where somebody is.
        for phone in ["+18005550142", "+442079460000", "nonsense"] {
            assert!(open(Some("NY"), Some("10001"), phone, "2026-11-24T13:30:00Z"), "{phone}");
        }
    }

    #[test]
    fn arizona_has_two_clocks_in_summer_where_the_navajo_nation_is() {
        // 08:30 in Phoenix, in July: 09:30 for the Navajo Nation; 07:30 there is 06:30 in Phoenix.
        for (zip, at, want) in [
            ("85001", "2026-07-14T15:30:00Z", true),
            ("86515", "2026-07-14T15:30:00Z", true),
            // 07:30 in Phoenix and 08:30 in Window Rock: both clocks count.
            ("86515", "2026-07-14T14:30:00Z", false),
            // 20:30 in Phoenix and 21:30 in Window Rock.
            ("85001", "2026-07-15T03:30:00Z", true),
            ("86515", "2026-07-15T03:30:00Z", false),
            // In winter they agree.
            ("86515", "2026-11-25T03:30:00Z", true),
        ] {
            assert_eq!(open(Some("AZ"), Some(zip), "", at), want, "{zip} {at}");
        }
        // Without a ZIP code the whole state counts, with the reservation.
        assert!(!open(Some("AZ"), None, "+19285550142", "2026-07-15T03:30:00Z"));
    }

    #[test]
    fn indiana_has_two_clocks_and_a_zip_code_chooses() {
        // 20:30 in Gary is 21:30 in Indianapolis.
        let at = "2026-11-25T02:30:00Z";
        assert!(open(Some("IN"), Some("46402"), "", at));
        assert!(!open(Some("IN"), Some("46204"), "", at));
        assert!(!open(Some("IN"), None, "", at), "an unknown zone is the strictest of the state");
        assert!(!open(Some("IN"), Some("46402"), "+13175550142", at), "a phone of Indianapolis");
    }

    #[test]
    fn who_is_nowhere_is_everywhere() {
        // 13:00 in New York, 08:00 in Honolulu; an hour before that it is too early there.
        assert!(open(None, None, "", "2026-11-24T19:00:00Z"));
        assert!(!open(None, None, "", "2026-11-24T17:59:00Z"));
    }

    #[test]
    fn no_calls_means_the_next_day_with_calls() {
        let rules = CallRules::named("us-states@1").unwrap();
        let next =
            |state, zip, at: &str| rules.times(Some(state), Some(zip), []).next_open(at.parse().unwrap()).to_string();
        // Saturday 20:30 in Jackson: Sunday is closed, Monday opens at 8.
        assert_eq!(next("MS", "39201", "2026-11-22T02:30:00Z"), "2026-11-23T14:00:00.000Z");
        // The eve of Thanksgiving in Birmingham: the day after opens.
        assert_eq!(next("AL", "35203", "2026-11-26T02:30:00Z"), "2026-11-27T14:00:00.000Z");
        assert_eq!(next("IL", "60601", "2026-11-24T15:07:00Z"), "2026-11-24T15:07:00.000Z");
        assert_eq!(next("IL", "60601", "2026-11-24T12:07:00Z"), "2026-11-24T14:00:00.000Z");
    }

    static RULES: std::sync::LazyLock<CallRules> =
        std::sync::LazyLock::new(|| CallRules::named("us-states@1").unwrap());

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]

        #[test]
        fn the_next_time_is_open_and_nothing_before_it(
            minute in 0_i64..600_000, zip in 501_u32..99_951, area in 201_u32..990,
        ) {
            let phone = format!("+1{area}5550142");
            let times = RULES.times(None, Some(&format!("{zip:05}")), [phone.as_str()]);
            let at = "2026-01-01T00:00:00Z".parse::<Timestamp>().unwrap().plus_millis(minute * 60_000);
            let next = times.next_open(at);
            proptest::prop_assert!(times.is_open(next) && next >= at);
            let between = (at.millis() + 1..next.millis()).step_by(60_000 * 7);
            for millis in between {
                proptest::prop_assert!(!times.is_open(Timestamp::from_millis(millis).unwrap()));
            }
        }
    }
}
