//! Reads `data/zip.bin`; its layout is described in `data/make_zip_table.py`.

use super::city_key::CityKey;
use std::sync::LazyLock;

static BYTES: &[u8] = include_bytes!("../../data/zip.bin");
const MAGIC_LENGTH: usize = 8;
const SECTIONS: usize = 19;

/// One section: equal cells of a fixed width, or plain bytes.
#[derive(Clone, Copy, Default)]
struct Section(&'static [u8]);

impl Section {
    fn byte(self, index: usize) -> u8 {
        self.0.get(index).copied().unwrap_or(0)
    }

    fn short(self, index: usize) -> u16 {
        self.0.get(index * 2..).and_then(<[u8]>::first_chunk).map_or(0, |b| u16::from_le_bytes(*b))
    }

    fn three(self, index: usize) -> [u8; 3] {
        self.0.get(index * 3..).and_then(<[u8]>::first_chunk).copied().unwrap_or_default()
    }

    fn unsigned(self, index: usize) -> usize {
        let [a, b, c] = self.three(index);
        u32::from_le_bytes([a, b, c, 0]) as usize
    }

    fn signed(self, index: usize) -> i32 {
        let [a, b, c] = self.three(index);
        i32::from_le_bytes([0, a, b, c]) >> 8
    }

    fn text(self, start: usize, end: usize) -> &'static str {
        self.0.get(start..end).and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or_default()
    }
}

pub(super) struct Table {
    states: Section,
    zones: Vec<&'static str>,
    counties: Vec<&'static str>,
    prefixes: Section,
    low: Section,
    flags: Section,
    state: Section,
    zone: Section,
    county: Section,
    latitude: Section,
    longitude: Section,
    city: Section,
    link: Section,
    links: Section,
    name_at: Section,
    name_back: Section,
    backs: Section,
    slots: Section,
    pool: Section,
}

pub(super) static TABLE: LazyLock<Table> = LazyLock::new(|| Table::read(BYTES));

impl Table {
    fn read(bytes: &'static [u8]) -> Self {
        let sizes = bytes.get(MAGIC_LENGTH..).unwrap_or_default();
        let mut rest = sizes.get(SECTIONS * 4..).unwrap_or_default();
        let mut sections = sizes.chunks_exact(4).take(SECTIONS).map(|size| {
            let size = size.first_chunk().map_or(0, |b| u32::from_le_bytes(*b)) as usize;
            let (section, after) = rest.split_at_checked(size).unwrap_or_default();
            rest = after;
            Section(section)
        });
        let mut next = || sections.next().unwrap_or_default();
        Self {
            states: next(),
            zones: counted(next()),
            counties: counted(next()),
            prefixes: next(),
            low: next(),
            flags: next(),
            state: next(),
            zone: next(),
            county: next(),
            latitude: next(),
            longitude: next(),
            city: next(),
            link: next(),
            links: next(),
            name_at: next(),
            name_back: next(),
            backs: next(),
            slots: next(),
            pool: next(),
        }
    }

    pub(super) fn zip_count(&self) -> usize {
        self.low.0.len()
    }

    /// The row of a ZIP, from its number as an integer.
    pub(super) fn row_of(&self, zip: u32) -> Option<usize> {
        let prefix = (zip / 100) as usize;
        let low = (zip % 100) as u8;
        let rows = usize::from(self.prefixes.short(prefix))..usize::from(self.prefixes.short(prefix + 1));
        let lows = self.low.0.get(rows.clone())?;
        let at = lows.binary_search_by_key(&low, |byte| byte & 0x7f).ok()?;
        Some(rows.start + at)
    }

    /// The ZIP of a row: its prefix is the last one that starts at or before the row.
    pub(super) fn zip_of(&self, row: usize) -> u32 {
        let (mut below, mut above) = (0_usize, 1000_usize);
        while below + 1 < above {
            let middle = below.midpoint(above);
            if usize::from(self.prefixes.short(middle)) <= row { below = middle } else { above = middle }
        }
        (below as u32) * 100 + u32::from(self.low.byte(row) & 0x7f)
    }

    pub(super) fn in_use(&self, row: usize) -> bool {
        self.low.byte(row) & 0x80 != 0
    }

    pub(super) fn kind(&self, row: usize) -> u8 {
        self.flags.byte(row) >> 6
    }

    pub(super) fn acceptable_count(&self, row: usize) -> usize {
        usize::from(self.flags.byte(row) & 0x3f)
    }

    pub(super) fn state(&self, row: usize) -> &'static str {
        let at = usize::from(self.state.byte(row)) * 2;
        self.states.text(at, at + 2)
    }

    pub(super) fn zone(&self, row: usize) -> &'static str {
        self.zones.get(usize::from(self.zone.byte(row))).copied().unwrap_or_default()
    }

    pub(super) fn county(&self, row: usize) -> &'static str {
        self.counties.get(usize::from(self.county.short(row))).copied().unwrap_or_default()
    }

    pub(super) fn place(&self, row: usize) -> (i32, i32) {
        (self.latitude.signed(row), self.longitude.signed(row))
    }

    pub(super) fn city(&self, row: usize) -> usize {
        usize::from(self.city.short(row))
    }

    /// The numbers of a row's links: acceptable names first.
    pub(super) fn links(&self, row: usize) -> std::ops::Range<usize> {
        let end = if row + 1 < self.zip_count() { self.link.short(row + 1).into() } else { self.links.0.len() / 2 };
        usize::from(self.link.short(row))..end
    }

    pub(super) fn linked(&self, link: usize) -> usize {
        usize::from(self.links.short(link))
    }

    pub(super) fn name_count(&self) -> usize {
        self.name_at.0.len() / 3
    }

    pub(super) fn name(&self, name: usize) -> &'static str {
        let end = if name + 1 < self.name_count() { self.name_at.unsigned(name + 1) } else { self.pool.0.len() };
        self.pool.text(self.name_at.unsigned(name), end)
    }

    /// The numbers of the back links of a name.
    pub(super) fn backs(&self, name: usize) -> std::ops::Range<usize> {
        let last = name + 1 >= self.name_count();
        let end = if last { self.backs.0.len() / 2 } else { self.name_back.unsigned(name + 1) };
        self.name_back.unsigned(name)..end
    }

    pub(super) fn backed(&self, back: usize) -> usize {
        usize::from(self.backs.short(back))
    }

    /// The names with a key; they stand side by side.
    pub(super) fn names_of(&self, key: &CityKey) -> std::ops::Range<usize> {
        let first = self.first_name(key);
        let is_same = |name: &usize| *name < self.name_count() && CityKey::of(self.name(*name)) == *key;
        first.map_or(0..0, |first| first..first + (first..).take_while(is_same).count())
    }

    fn first_name(&self, key: &CityKey) -> Option<usize> {
        let slots = self.slots.0.len() / 2;
        let start = usize::from(key.slot());
        (0..slots)
            .map(|step| self.slots.short((start + step) % slots))
            .take_while(|slot| *slot != 0)
            .map(|slot| usize::from(slot) - 1)
            .find(|name| CityKey::of(self.name(*name)) == *key)
    }
}

fn counted(section: Section) -> Vec<&'static str> {
    let mut rest = section.0;
    let mut texts = Vec::new();
    while let Some((length, after)) = rest.split_first() {
        let (text, next) = after.split_at_checked(usize::from(*length)).unwrap_or_default();
        texts.push(std::str::from_utf8(text).unwrap_or_default());
        rest = next;
    }
    texts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_whole() {
        assert!(BYTES.starts_with(b"LWZIP1\0\0"));
        assert_eq!(TABLE.zip_count(), 42_789);
        assert_eq!(TABLE.prefixes.0.len(), 2002);
        assert!(!TABLE.pool.0.is_empty() && TABLE.pool.0.as_ptr_range().end == BYTES.as_ptr_range().end);
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
        }
    }
}
