//! Reads `data/zip.bin` where it lies; its layout is described in `data/make_zip_table.py`.

use super::city_key::CityKey;
use super::section::{Cursor, Section};
use super::study::{Means, without};
use std::ops::Range;

static BYTES: &[u8] = include_bytes!("../../data/zip.bin");
const MAGIC_LENGTH: usize = 8;
const STATE_LENGTH: usize = 3;
const ZONE_LENGTH: usize = 32;
const COUNTY_LENGTH: usize = 5;
const PLACE_LENGTH: usize = 3;
const ALIAS: u8 = 255;

/// The sections in the order in which they lie.
macro_rules! table {
    ($($name:ident),* $(,)?) => {
        pub(super) struct Table { $($name: Section),* }

        impl Table {
            const fn read(bytes: &'static [u8]) -> Self {
                let count = [$(stringify!($name)),*].len();
                let cursor = Cursor::new(bytes, MAGIC_LENGTH, count);
                $(let ($name, cursor) = cursor.next();)*
                let _ = cursor;
                Self { $($name),* }
            }
        }
    };
}

table! {
    states, zones, counties, county_names, prefixes, low, zone, county, latitude, longitude, city, count, link_base,
    links, name_at, name_place, name_zip, places, aliases, backs, slots, tags, pool,
}

/// Nothing is left to do at start: where the sections lie is worked out by the compiler.
pub(super) static TABLE: Table = Table::read(BYTES);

/// The pool as text, looked through by the compiler: lengths are characters of one byte too.
static NAMES: &str = match std::str::from_utf8(TABLE_READ.pool.0) {
    Ok(names) => names,
    Err(_) => panic!("the names are text"),
};

/// The letters of the states, by their numbers.
static STATES: [&str; MOST_STATES] = states(TABLE_READ.states.0);
const MOST_STATES: usize = 64;
const TABLE_READ: Table = Table::read(BYTES);

const fn states(mut rest: &'static [u8]) -> [&'static str; MOST_STATES] {
    let mut states = [""; MOST_STATES];
    let mut at = 0;
    while at < MOST_STATES {
        let Some((row, more)) = rest.split_at_checked(STATE_LENGTH) else { return states };
        let Ok(letters) = std::str::from_utf8(row.split_at(2).0) else { return states };
        let (_, slots) = states.split_at_mut(at);
        if let [slot, ..] = slots {
            *slot = letters;
        }
        (at, rest) = (at + 1, more);
    }
    states
}

/// The two letters of a state as [`Table::is_in`] compares them; `None` for anything else.
pub(super) fn letters_of(state: &str) -> Option<u16> {
    state.as_bytes().try_into().ok().map(u16::from_le_bytes)
}

/// A town under one of its names.
#[derive(Clone, Copy)]
pub(super) struct Place {
    number: usize,
    /// The row of the ZIP in whose middle the town is taken to lie.
    pub(super) home: usize,
    reach: u8,
}

impl Place {
    pub(super) fn is_alias(&self) -> bool {
        self.reach == ALIAS
    }

    /// How far it reaches from its middle, in metres; an alias does not say.
    pub(super) fn reach(&self) -> u32 {
        if self.is_alias() { 3_000 } else { u32::from(self.reach) * 100 }
    }
}

impl Table {
    pub(super) fn zip_count(&self) -> usize {
        self.low.len()
    }

    /// The row of a ZIP, from its number as an integer.
    pub(super) fn row_of(&self, zip: u32) -> Option<usize> {
        if without(Means::Gazetteer) {
            return None;
        }
        let (prefix, low) = (zip / 100, (zip % 100) as u8);
        let rows = self.rows_of_prefix(prefix);
        let lows = self.low.0.get(rows.clone())?;
        let at = lows.binary_search_by_key(&low, |byte| byte & 0x7f).ok()?;
        Some(rows.start + at)
    }

    /// The rows whose ZIPs begin with three digits.
    pub(super) fn rows_of_prefix(&self, prefix: u32) -> Range<usize> {
        self.prefixes.range(prefix as usize)
    }

    /// The ZIP of a row: its prefix is the last one that starts at or before the row.
    pub(super) fn zip_of(&self, row: usize) -> u32 {
        let (mut below, mut above) = (0_usize, 1000_usize);
        while below + 1 < above {
            let middle = below.midpoint(above);
            if self.prefixes.short(middle) <= row { below = middle } else { above = middle }
        }
        (below as u32) * 100 + u32::from(self.low.byte(row) & 0x7f)
    }

    pub(super) fn is_area(&self, row: usize) -> bool {
        self.low.byte(row) & 0x80 != 0
    }

    pub(super) fn zone(&self, row: usize) -> &'static str {
        let at = usize::from(self.zone.byte(row) & 0x3f) * ZONE_LENGTH;
        self.zones.text(at..at + ZONE_LENGTH).trim_end_matches('\0')
    }

    /// 0 to 3: how far the ZIP reaches beyond its middle.
    pub(super) fn size_class(&self, row: usize) -> u8 {
        self.zone.byte(row) >> 6
    }

    /// Its middle in 1/10,000 degree; 0, 0 where none is known.
    pub(super) fn middle(&self, row: usize) -> (i32, i32) {
        (self.latitude.signed24(row), self.longitude.signed24(row))
    }

    pub(super) fn latitude(&self, row: usize) -> i32 {
        self.latitude.signed24(row)
    }

    pub(super) fn state(&self, row: usize) -> &'static str {
        self.county_state(self.county(row))
    }

    pub(super) fn county(&self, row: usize) -> usize {
        self.county.short(row)
    }

    pub(super) fn county_count(&self) -> usize {
        self.counties.len() / COUNTY_LENGTH
    }

    /// Two letters; nothing past the end.
    pub(super) fn county_state(&self, county: usize) -> &'static str {
        let state = usize::from(self.counties.byte(county * COUNTY_LENGTH));
        STATES.get(state).copied().unwrap_or_default()
    }

    /// Whether a row is in a state, given by its letters as [`letters_of`] packs them.
    pub(super) fn is_in(&self, row: usize, letters: u16) -> bool {
        let state = usize::from(self.counties.byte(self.county(row) * COUNTY_LENGTH));
        self.states.short_at(state * STATE_LENGTH) == letters
    }

    /// The two digits of the FIPS code of the county's state; 0 where it has none.
    pub(super) fn county_state_code(&self, county: usize) -> u8 {
        self.states.byte(usize::from(self.counties.byte(county * COUNTY_LENGTH)) * STATE_LENGTH + 2)
    }

    /// The last three digits of the county's FIPS code; 0 where there is no county.
    pub(super) fn county_code(&self, county: usize) -> u16 {
        self.counties.short_at(county * COUNTY_LENGTH + 1)
    }

    pub(super) fn county_name(&self, county: usize) -> &'static str {
        let start = |county: usize| usize::from(self.counties.short_at(county * COUNTY_LENGTH + 3));
        let last = county + 1 >= self.county_count();
        let end = if last { self.county_names.len() } else { start(county + 1) };
        self.county_names.text(start(county)..end)
    }

    /// The name that goes with a row.
    pub(super) fn city(&self, row: usize) -> usize {
        self.city.short(row)
    }

    /// The numbers of the links of a row.
    pub(super) fn links(&self, row: usize) -> Range<usize> {
        let counted =
            |rows: Range<usize>| self.count.bytes(rows).iter().map(|count| usize::from(*count)).sum::<usize>();
        let start = self.link_base.long(row / 64) + counted(row / 64 * 64..row);
        start..start + counted(row..row + 1)
    }

    /// A name that has its home in a row, and whether it is an alias. A row's aliases come last.
    pub(super) fn link(&self, link: usize) -> (usize, bool) {
        let link = self.links.short(link);
        (link & 0x7fff, link & 0x8000 != 0)
    }

    pub(super) fn name_count(&self) -> usize {
        (self.name_place.len() / 2).saturating_sub(1)
    }

    pub(super) fn name(&self, name: usize) -> &'static str {
        self.pooled(self.start_of(name))
    }

    /// Where the length of a name lies; the name follows it.
    fn start_of(&self, name: usize) -> usize {
        (0..name % 8).fold(self.name_at.unsigned24(name / 8), |at, _| at + 1 + usize::from(self.pool.byte(at)))
    }

    fn pooled(&self, start: usize) -> &'static str {
        NAMES.get(start + 1..start + 1 + usize::from(self.pool.byte(start))).unwrap_or_default()
    }

    /// Whether a name has a key.
    fn is_named(&self, name: usize, key: &CityKey) -> bool {
        key.is_of(self.pooled(self.start_of(name)))
    }

    /// The numbers of the towns with a name, in the order of their homes.
    pub(super) fn places_of(&self, name: usize) -> Range<usize> {
        self.name_place.range(name)
    }

    pub(super) fn place(&self, number: usize) -> Place {
        let at = number * PLACE_LENGTH;
        Place { number, home: usize::from(self.places.short_at(at)), reach: self.places.byte(at + 2) }
    }

    /// The towns with a name.
    pub(super) fn places(&self, name: usize) -> impl Iterator<Item = Place> + use<'_> {
        let places = self.places_of(name).map(|number| self.place(number));
        places.filter(|place| !(without(Means::Aliases) && place.is_alias()))
    }

    /// The name that an alias stands for.
    pub(super) fn alias_of(&self, place: &Place) -> Option<usize> {
        let (mut below, mut above) = (0, self.aliases.len() / 4);
        while below < above {
            let middle = below.midpoint(above);
            if self.aliases.short(middle * 2) < place.number { below = middle + 1 } else { above = middle }
        }
        (self.aliases.short(below * 2) == place.number && place.is_alias()).then(|| self.aliases.short(below * 2 + 1))
    }

    /// The numbers of the back links of a name.
    pub(super) fn backs_of(&self, name: usize) -> Range<usize> {
        self.name_zip.range(name)
    }

    /// A row that a name goes with.
    pub(super) fn back(&self, back: usize) -> usize {
        self.backs.short(back)
    }

    /// The names with a key; they stand side by side.
    pub(super) fn names_of(&self, key: &CityKey) -> Range<usize> {
        if without(Means::Gazetteer) {
            return 0..0;
        }
        let slots = self.slots.len() / 2;
        let (hash, tag) = key.hash();
        let start = (usize::from(hash) * slots) >> 16;
        let at = |step: usize| if start + step < slots { start + step } else { start + step - slots };
        let first = (0..slots)
            .map(|step| (self.slots.short(at(step)), at(step)))
            .take_while(|(slot, _)| *slot != 0)
            .filter(|(_, at)| self.tags.byte(*at) == tag)
            .map(|(slot, _)| slot - 1)
            .find(|name| self.is_named(*name, key));
        let is_same = |name: &usize| *name < self.name_count() && self.is_named(*name, key);
        first.map_or(0..0, |first| first..first + 1 + (first + 1..).take_while(is_same).count())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_whole() {
        assert!(BYTES.starts_with(b"LWZIP3\0\0"));
        assert_eq!(TABLE.zip_count(), 41_705);
        assert_eq!(TABLE.prefixes.len(), 2002);
        assert_eq!(TABLE.pool.0.as_ptr_range().end, BYTES.as_ptr_range().end);
        let last = TABLE.zip_count() - 1;
        assert_eq!(TABLE.links(last).end, TABLE.links.len() / 2);
    }

    #[test]
    fn every_name_is_found_by_its_key() {
        for name in 0..TABLE.name_count() {
            let key = CityKey::of(TABLE.name(name));
            assert!(TABLE.names_of(&key).contains(&name), "{}", TABLE.name(name));
        }
    }

    #[test]
    fn every_row_is_found_by_its_zip() {
        for row in 0..TABLE.zip_count() {
            assert_eq!(TABLE.row_of(TABLE.zip_of(row)), Some(row));
            assert!(TABLE.backs_of(TABLE.city(row)).any(|back| TABLE.back(back) == row));
        }
    }

    #[test]
    fn every_alias_stands_for_a_name_and_every_link_leads_home() {
        for name in 0..TABLE.name_count() {
            for place in TABLE.places(name) {
                assert_eq!(TABLE.alias_of(&place).is_some(), place.is_alias(), "{}", TABLE.name(name));
                assert!(place.is_alias() || place.reach() <= 25_000);
                let linked = TABLE.links(place.home).any(|link| TABLE.link(link) == (name, place.is_alias()));
                assert!(linked || TABLE.city(place.home) == name, "{}", TABLE.name(name));
            }
        }
    }
}
