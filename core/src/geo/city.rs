//! City names: where they are, and whether one is good in a ZIP code.

use super::city_key::CityKey;
use super::study::{Means, without};
use super::table::{Place, TABLE, letters_of};
use super::zip::ZipInfo;
use std::marker::PhantomData;
use std::ops::Range;

/// A city name that is good in a ZIP code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CityInZip {
    /// The table's spelling, in upper case. For an alias the name that it stands for.
    pub name: &'static str,
    /// How it belongs to the ZIP code.
    pub kind: CityKind,
}

/// How a city name belongs to a ZIP code; the earlier the better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CityKind {
    /// The name that goes with the ZIP code.
    Own,
    /// A town in it, or near enough that its mail may go there.
    Near,
    /// Another name of one of these.
    Alias,
}

/// Whether a city name is good in a ZIP code: its own, or that of a town that reaches into it.
///
/// How far a town reaches is reckoned from its people, how far a ZIP code does from its neighbours.
///
/// ```
/// use leadwright::geo::{CityKey, CityKind, city_in_zip, zip_info};
/// let zip = zip_info("80226").unwrap();
/// let good = |name: &str| city_in_zip(&CityKey::of(name), zip).map(|city| city.kind);
/// assert_eq!(good("Denver"), Some(CityKind::Own));
/// assert_eq!(good("Lakewood"), Some(CityKind::Near));
/// assert_eq!(good("Colorado Springs"), None);
/// ```
pub fn city_in_zip(city: &CityKey, zip: ZipInfo) -> Option<CityInZip> {
    Named::of(city).in_zip(zip)
}

/// What the table has under a city's name, looked up once for all questions about it.
#[derive(Clone)]
pub(crate) struct Named {
    /// The numbers of its spellings, which stand side by side.
    names: Range<usize>,
}

impl Named {
    /// Looks a name up.
    pub(crate) fn of(city: &CityKey) -> Self {
        Self { names: TABLE.names_of(city) }
    }

    /// The same as [`city_in_zip`].
    pub(crate) fn in_zip(&self, zip: ZipInfo) -> Option<CityInZip> {
        let own = TABLE.city(zip.row());
        if self.names.contains(&own) {
            return Some(CityInZip { name: TABLE.name(own), kind: CityKind::Own });
        }
        let letters = letters_of(zip.state()).unwrap_or_default();
        let mut alias = None;
        for name in self.names.clone() {
            for place in TABLE.places(name).filter(|place| reaches(place, zip, letters)) {
                if !place.is_alias() {
                    return Some(CityInZip { name: TABLE.name(name), kind: CityKind::Near });
                }
                alias = alias.or(Some(place));
            }
        }
        let name = TABLE.alias_of(&alias?)?;
        Some(CityInZip { name: TABLE.name(name), kind: CityKind::Alias })
    }

    /// The same as [`is_city`].
    pub(crate) fn is_in(&self, state: &str) -> bool {
        let area = Area::of(state);
        self.names.clone().flat_map(|name| TABLE.places(name)).any(|place| area.has(place.home))
    }

    /// The same as [`zips_of_city`].
    pub(crate) fn zips(self, state: &str) -> ZipsOfCity<'_> {
        let area = Area::of(state);
        ZipsOfCity { names: self.names, name: 0, rows: 0..0, homes: 0..0, area, state: PhantomData }
    }

    /// Those of the same that the name goes with, in one of its spellings.
    pub(crate) fn own_zips(&self, state: &str) -> impl Iterator<Item = ZipInfo> {
        self.clone().zips(state).filter(|zip| self.names.contains(&TABLE.city(zip.row())))
    }

    /// The same as [`alias_of`].
    pub(crate) fn alias_in(&self, state: &str) -> Option<&'static str> {
        let letters = letters_of(state)?;
        let mut places = self.names.clone().flat_map(|name| TABLE.places(name));
        let place = places.find(|place| TABLE.is_in(place.home, letters))?;
        TABLE.alias_of(&place).map(|name| TABLE.name(name))
    }

    /// The same as [`city_names`].
    pub(crate) fn spellings(self) -> impl Iterator<Item = &'static str> {
        self.names.map(|name| TABLE.name(name))
    }
}

/// Where a city may lie.
#[derive(Clone, Copy, Debug)]
enum Area {
    Anywhere,
    State(u16),
    Nowhere,
}

impl Area {
    fn of(state: &str) -> Self {
        if state.is_empty() { Self::Anywhere } else { letters_of(state).map_or(Self::Nowhere, Self::State) }
    }

    fn has(self, row: usize) -> bool {
        match self {
            Self::Anywhere => true,
            Self::State(letters) => TABLE.is_in(row, letters),
            Self::Nowhere => false,
        }
    }
}

/// Whether a place reaches into a ZIP code of the state with these letters.
fn reaches(place: &Place, zip: ZipInfo, letters: u16) -> bool {
    let home = ZipInfo::at(place.home);
    if home == zip {
        return true;
    }
    if without(Means::Neighbours) || !TABLE.is_in(place.home, letters) {
        return false;
    }
    let reach = place.reach() + zip.slack();
    // A step of latitude is more than eleven metres: what is too far to the north or south needs no more arithmetic.
    let steps = TABLE.latitude(place.home).abs_diff(TABLE.latitude(zip.row()));
    steps.saturating_mul(11) <= reach.saturating_add(100) && home.metres_to(&zip).is_some_and(|metres| metres <= reach)
}

/// ZIP codes that know a city name: those that it goes with, and the home of each town of the name.
#[derive(Clone, Debug)]
pub struct ZipsOfCity<'a> {
    names: Range<usize>,
    name: usize,
    rows: Range<usize>,
    homes: Range<usize>,
    area: Area,
    state: PhantomData<&'a str>,
}

impl Iterator for ZipsOfCity<'_> {
    type Item = ZipInfo;

    fn next(&mut self) -> Option<ZipInfo> {
        loop {
            let row = if let Some(back) = self.rows.next() {
                TABLE.back(back)
            } else if let Some(number) = self.homes.next() {
                let home = TABLE.place(number).home;
                if TABLE.city(home) == self.name {
                    continue;
                }
                home
            } else {
                self.name = self.names.next()?;
                (self.rows, self.homes) = (TABLE.backs_of(self.name), TABLE.places_of(self.name));
                continue;
            };
            if self.area.has(row) {
                return Some(ZipInfo::at(row));
            }
        }
    }
}

/// The ZIP codes that know a city name in a state of two upper-case letters, in no promised order; an empty state
/// means anywhere. A greater town reaches into more ZIP codes than these, see [`city_in_zip`].
///
/// ```
/// use leadwright::geo::{CityKey, zips_of_city};
/// let zips: Vec<_> = zips_of_city(&CityKey::of("Kalona"), "IA").collect();
/// assert_eq!(zips.iter().map(|zip| zip.zip().as_str().to_owned()).collect::<Vec<_>>(), ["52247"]);
/// assert!(zips_of_city(&CityKey::of("Kalona"), "TX").next().is_none());
/// ```
pub fn zips_of_city<'a>(city: &CityKey, state: &'a str) -> ZipsOfCity<'a> {
    Named::of(city).zips(state)
}

/// Whether a name is that of a city in a state; an empty state means anywhere.
///
/// ```
/// use leadwright::geo::{CityKey, is_city};
/// assert!(is_city(&CityKey::of("St. Paul"), "MN"));
/// assert!(!is_city(&CityKey::of("St. Paul"), "HI"));
/// ```
pub fn is_city(city: &CityKey, state: &str) -> bool {
    Named::of(city).is_in(state)
}

/// The table's spellings of a city name, in upper case.
///
/// ```
/// use leadwright::geo::{CityKey, city_names};
/// assert!(city_names(&CityKey::of("St Paul")).any(|name| name == "SAINT PAUL"));
/// ```
pub fn city_names(city: &CityKey) -> impl Iterator<Item = &'static str> {
    Named::of(city).spellings()
}

/// The name in a state that an alias stands for: `SLC` in Utah.
///
/// ```
/// use leadwright::geo::{CityKey, alias_of};
/// assert_eq!(alias_of(&CityKey::of("SLC"), "UT"), Some("SALT LAKE CITY"));
/// assert_eq!(alias_of(&CityKey::of("Provo"), "UT"), None);
/// ```
pub fn alias_of(city: &CityKey, state: &str) -> Option<&'static str> {
    Named::of(city).alias_in(state)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geo::zip_info;

    fn kind(name: &str, zip: &str) -> Option<CityKind> {
        city_in_zip(&CityKey::of(name), zip_info(zip).unwrap()).map(|city| city.kind)
    }

    #[test]
    fn every_zip_has_its_own_city() {
        for row in (0..TABLE.zip_count()).step_by(11) {
            let zip = ZipInfo::at(row);
            assert_eq!(city_in_zip(&CityKey::of(zip.city()), zip).map(|city| city.kind), Some(CityKind::Own));
            assert!(is_city(&CityKey::of(zip.city()), zip.state()), "{}", zip.city());
        }
    }

    #[test]
    fn towns_reach_into_the_zips_around_but_not_far() {
        assert_eq!(kind("Tigard", "97223"), Some(CityKind::Near));
        assert_eq!(kind("Shoreline", "98133"), Some(CityKind::Near));
        assert_eq!(kind("S. Salt Lake", "84115"), Some(CityKind::Near));
        assert_eq!(kind("SLC", "84105"), Some(CityKind::Alias));
        assert_eq!(kind("Tigard", "97701"), None);
        assert_eq!(kind("Kansas City", "66101"), Some(CityKind::Own));
        assert_eq!(kind("Springfield", "62701"), Some(CityKind::Own));
        assert_eq!(kind("Nowhere At All", "62701"), None);
    }
}
