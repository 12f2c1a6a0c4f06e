//! City names: where they are, and whether one is good in a ZIP code.

use super::city_key::CityKey;
use super::study::{Means, without};
use super::table::{Place, TABLE};
use super::zip::ZipInfo;

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
    let names = TABLE.names_of(city);
    let own = TABLE.city(zip.row());
    if names.contains(&own) {
        return Some(CityInZip { name: TABLE.name(own), kind: CityKind::Own });
    }
    let near = names.flat_map(|name| TABLE.places(name).map(move |place| (name, place)));
    let found = near.filter(|(_, place)| reaches(place, zip)).min_by_key(|(_, place)| place.is_alias())?;
    Some(match TABLE.alias_of(&found.1) {
        Some(name) => CityInZip { name: TABLE.name(name), kind: CityKind::Alias },
        None => CityInZip { name: TABLE.name(found.0), kind: CityKind::Near },
    })
}

fn reaches(place: &Place, zip: ZipInfo) -> bool {
    let home = ZipInfo::at(place.home);
    home == zip
        || !without(Means::Neighbours)
            && home.state() == zip.state()
            && home.metres_to(&zip).is_some_and(|metres| metres <= place.reach() + zip.slack())
}

/// ZIP codes that know a city name: those that it goes with, and the home of each town of the name.
#[derive(Clone, Debug)]
pub struct ZipsOfCity<'a> {
    names: std::ops::Range<usize>,
    name: usize,
    rows: std::ops::Range<usize>,
    homes: std::ops::Range<usize>,
    state: &'a str,
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
            if self.state.is_empty() || TABLE.state(row) == self.state {
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
    ZipsOfCity { names: TABLE.names_of(city), name: 0, rows: 0..0, homes: 0..0, state }
}

/// Whether a name is that of a city in a state; an empty state means anywhere.
///
/// ```
/// use leadwright::geo::{CityKey, is_city};
/// assert!(is_city(&CityKey::of("St. Paul"), "MN"));
/// assert!(!is_city(&CityKey::of("St. Paul"), "HI"));
/// ```
pub fn is_city(city: &CityKey, state: &str) -> bool {
    let mut places = TABLE.names_of(city).flat_map(|name| TABLE.places(name));
    places.any(|place| state.is_empty() || TABLE.state(place.home) == state)
}

/// The table's spellings of a city name, in upper case.
///
/// ```
/// use leadwright::geo::{CityKey, city_names};
/// assert!(city_names(&CityKey::of("St Paul")).any(|name| name == "SAINT PAUL"));
/// ```
pub fn city_names(city: &CityKey) -> impl Iterator<Item = &'static str> {
    TABLE.names_of(city).map(|name| TABLE.name(name))
}

/// The name in a state that an alias stands for: `SLC` in Utah.
///
/// ```
/// use leadwright::geo::{CityKey, alias_of};
/// assert_eq!(alias_of(&CityKey::of("SLC"), "UT"), Some("SALT LAKE CITY"));
/// assert_eq!(alias_of(&CityKey::of("Provo"), "UT"), None);
/// ```
pub fn alias_of(city: &CityKey, state: &str) -> Option<&'static str> {
    let mut places = TABLE.names_of(city).flat_map(|name| TABLE.places(name));
    let place = places.find(|place| TABLE.state(place.home) == state)?;
    TABLE.alias_of(&place).map(|name| TABLE.name(name))
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
