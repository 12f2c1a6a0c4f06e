//! What is known of each ZIP code, without allocating.

use super::city_key::CityKey;
use super::zip_table::TABLE;

/// Five digits of a ZIP code.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Zip5([u8; 5]);

impl Zip5 {
    /// From five ASCII digits; `None` for anything else.
    ///
    /// ```
    /// use leadwright::geo::Zip5;
    /// assert_eq!(Zip5::parse("02134").unwrap().as_str(), "02134");
    /// assert!(Zip5::parse("2134").is_none());
    /// ```
    pub fn parse(text: &str) -> Option<Self> {
        let digits: [u8; 5] = text.as_bytes().try_into().ok()?;
        digits.iter().all(u8::is_ascii_digit).then_some(Self(digits))
    }

    /// The five digits as text.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    fn number(self) -> u32 {
        self.0.iter().fold(0, |sum, digit| sum * 10 + u32::from(digit - b'0'))
    }

    fn from_number(number: u32) -> Self {
        let mut digits = [b'0'; 5];
        let mut rest = number;
        for digit in digits.iter_mut().rev() {
            *digit = b'0' + (rest % 10) as u8;
            rest /= 10;
        }
        Self(digits)
    }
}

impl std::fmt::Debug for Zip5 {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Zip5(99999)")
    }
}

/// What a ZIP code serves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ZipKind {
    /// Streets.
    Standard,
    /// Post office boxes only.
    PoBox,
    /// One organisation.
    Unique,
    /// Military and diplomatic post (APO, FPO, DPO).
    Military,
}

/// One ZIP code of the table.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct ZipInfo {
    row: usize,
}

/// The facts of a ZIP code; `None` when it is not five digits or not in the table.
///
/// Facts are from the `zipcodes` package, see `data/README.md` in the crate.
///
/// ```
/// use leadwright::geo::zip_info;
/// let zip = zip_info("53713").unwrap();
/// assert_eq!((zip.city(), zip.state()), ("MADISON", "WI"));
/// assert_eq!(zip.time_zone(), Some("America/Chicago"));
/// assert!(zip_info("00000").is_none());
/// ```
pub fn zip_info(zip5: &str) -> Option<ZipInfo> {
    TABLE.row_of(Zip5::parse(zip5)?.number()).map(|row| ZipInfo { row })
}

impl ZipInfo {
    /// The five digits.
    pub fn zip(&self) -> Zip5 {
        Zip5::from_number(TABLE.zip_of(self.row))
    }

    /// The two letters of the state, territory or military region.
    pub fn state(&self) -> &'static str {
        TABLE.state(self.row)
    }

    /// The name the Postal Service prefers, in upper case.
    pub fn city(&self) -> &'static str {
        TABLE.name(TABLE.city(self.row))
    }

    /// Other names that are as good in an address.
    ///
    /// ```
    /// use leadwright::geo::zip_info;
    /// assert!(zip_info("11201").unwrap().acceptable_cities().any(|name| name == "BROOKLYN HEIGHTS"));
    /// ```
    pub fn acceptable_cities(&self) -> Cities {
        let links = TABLE.links(self.row);
        Cities { links: links.start..links.start + TABLE.acceptable_count(self.row) }
    }

    /// Names that people write but the Postal Service does not want: districts, abbreviations.
    pub fn other_cities(&self) -> Cities {
        let links = TABLE.links(self.row);
        Cities { links: links.start + TABLE.acceptable_count(self.row)..links.end }
    }

    /// The county or what stands for one; unknown for military ZIP codes.
    pub fn county(&self) -> Option<&'static str> {
        Some(TABLE.county(self.row)).filter(|name| !name.is_empty())
    }

    /// The IANA name of the time zone; unknown for military ZIP codes.
    pub fn time_zone(&self) -> Option<&'static str> {
        Some(TABLE.zone(self.row)).filter(|name| !name.is_empty())
    }

    /// Latitude and longitude of its middle, in 1/10,000 of a degree; `None` where there is none.
    ///
    /// ```
    /// use leadwright::geo::zip_info;
    /// let (latitude, longitude) = zip_info("99501").unwrap().coordinates_e4().unwrap();
    /// assert!((600_000..630_000).contains(&latitude) && (-1_510_000..-1_480_000).contains(&longitude));
    /// ```
    pub fn coordinates_e4(&self) -> Option<(i32, i32)> {
        Some(TABLE.place(self.row)).filter(|place| *place != (0, 0))
    }

    /// What it serves.
    pub fn kind(&self) -> ZipKind {
        match TABLE.kind(self.row) {
            0 => ZipKind::Standard,
            1 => ZipKind::PoBox,
            2 => ZipKind::Unique,
            _ => ZipKind::Military,
        }
    }

    /// Whether it is still in use.
    pub fn is_active(&self) -> bool {
        TABLE.in_use(self.row)
    }
}

impl std::fmt::Debug for ZipInfo {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ZipInfo")
    }
}

/// City names of one ZIP code, in upper case.
#[derive(Clone, Debug)]
pub struct Cities {
    links: std::ops::Range<usize>,
}

impl Iterator for Cities {
    type Item = &'static str;

    fn next(&mut self) -> Option<&'static str> {
        self.links.next().map(|link| TABLE.name(TABLE.linked(link)))
    }
}

/// ZIP codes that know a city name, in no promised order; a ZIP may come twice where it knows two spellings.
#[derive(Clone, Debug)]
pub struct ZipsOfCity<'a> {
    names: std::ops::Range<usize>,
    backs: std::ops::Range<usize>,
    state: &'a str,
}

impl Iterator for ZipsOfCity<'_> {
    type Item = ZipInfo;

    fn next(&mut self) -> Option<ZipInfo> {
        loop {
            let Some(back) = self.backs.next() else {
                self.backs = TABLE.backs(self.names.next()?);
                continue;
            };
            let row = TABLE.backed(back);
            if self.state.is_empty() || TABLE.state(row) == self.state {
                return Some(ZipInfo { row });
            }
        }
    }
}

/// The ZIP codes that know a city name (primary, acceptable or other) in a state of two upper-case
/// letters; an empty state means anywhere.
///
/// ```
/// use leadwright::geo::{CityKey, zips_of_city};
/// let zips: Vec<_> = zips_of_city(&CityKey::of("Kalona"), "IA").collect();
/// assert_eq!(zips.iter().map(|zip| zip.zip().as_str().to_owned()).collect::<Vec<_>>(), ["52247"]);
/// assert!(zips_of_city(&CityKey::of("Kalona"), "TX").next().is_none());
/// ```
pub fn zips_of_city<'a>(city: &CityKey, state: &'a str) -> ZipsOfCity<'a> {
    ZipsOfCity { names: TABLE.names_of(city), backs: 0..0, state }
}

/// Whether a name is that of a city in a state; an empty state means anywhere.
///
/// ```
/// use leadwright::geo::{CityKey, is_city};
/// assert!(is_city(&CityKey::of("St. Paul"), "MN"));
/// assert!(!is_city(&CityKey::of("St. Paul"), "HI"));
/// ```
pub fn is_city(city: &CityKey, state: &str) -> bool {
    zips_of_city(city, state).next().is_some()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_five_ascii_digits_are_a_zip() {
        for text in ["", "1", "123456", "1234a", "１２３４５", "12-45"] {
            assert!(Zip5::parse(text).is_none() && zip_info(text).is_none(), "{text}");
        }
        assert!(zip_info("99999").is_none());
    }

    #[test]
    fn names_of_a_zip_come_in_three_ranks() {
        let zip = zip_info("84105").unwrap();
        assert_eq!(zip.city(), "SALT LAKE CITY");
        assert!(zip.acceptable_cities().any(|name| name == "SLC"));
        assert!(zip.other_cities().any(|name| name == "S SALT LAKE"));
        assert_eq!(zip.kind(), ZipKind::Standard);
        assert!(zip.is_active() && zip.county() == Some("Salt Lake County"));
    }

    #[test]
    fn military_zips_have_no_zone_and_no_county() {
        let zip = zip_info("09012").unwrap();
        assert_eq!((zip.state(), zip.kind(), zip.time_zone(), zip.county()), ("AE", ZipKind::Military, None, None));
    }

    #[test]
    fn values_do_not_reach_debug() {
        assert_eq!(format!("{:?}", Zip5::parse("78701").unwrap()), "Zip5(99999)");
    }
}
