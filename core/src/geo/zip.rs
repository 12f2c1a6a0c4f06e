//! What is known of each ZIP code, without allocating.

use super::distance::{Point, metres_between};
use super::near::County;
use super::study::{Means, without};
use super::table::TABLE;

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
    /// An area with streets.
    Area,
    /// A post office's boxes, or one organisation: no area of its own.
    Point,
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
/// Sources: GeoNames and the Census Bureau, see `data/README.md` in the crate.
///
/// ```
/// use leadwright::geo::zip_info;
/// let zip = zip_info("53713").unwrap();
/// assert_eq!((zip.city(), zip.state()), ("MADISON", "WI"));
/// assert_eq!(zip.time_zone(), Some("America/Chicago"));
/// assert_eq!(zip.county().unwrap().fips().as_str(), "55025");
/// assert!(zip_info("00000").is_none());
/// ```
pub fn zip_info(zip5: &str) -> Option<ZipInfo> {
    TABLE.row_of(Zip5::parse(zip5)?.number()).map(ZipInfo::at)
}

/// The state that a ZIP code belongs to, also where the table does not have that code: military post has its
/// three-digit prefixes, and the codes of most prefixes all belong to one state.
///
/// ```
/// use leadwright::geo::state_of_zip;
/// assert_eq!((state_of_zip("10001"), state_of_zip("09099"), state_of_zip("00000")), (Some("NY"), Some("AE"), None));
/// ```
pub fn state_of_zip(zip5: &str) -> Option<&'static str> {
    let number = Zip5::parse(zip5)?.number();
    if let Some(row) = TABLE.row_of(number) {
        return Some(TABLE.state(row));
    }
    match number / 100 {
        90..=98 => return Some("AE"),
        340 => return Some("AA"),
        962..=966 => return Some("AP"),
        _ => {}
    }
    let mut states = TABLE.rows_of_prefix(number / 100).map(|row| TABLE.state(row));
    let first = states.next()?;
    states.all(|state| state == first).then_some(first)
}

impl ZipInfo {
    pub(super) fn at(row: usize) -> Self {
        Self { row }
    }

    pub(super) fn row(&self) -> usize {
        self.row
    }

    /// The five digits.
    pub fn zip(&self) -> Zip5 {
        Zip5::from_number(TABLE.zip_of(self.row))
    }

    /// The two letters of the state, territory or military region.
    pub fn state(&self) -> &'static str {
        TABLE.state(self.row)
    }

    /// The name that goes with the ZIP code, in upper case.
    pub fn city(&self) -> &'static str {
        TABLE.name(TABLE.city(self.row))
    }

    /// Other towns that have their middle in the ZIP code. A greater town also reaches into ZIP codes around:
    /// ask [`city_in_zip`](super::city_in_zip) whether a name is good in one.
    ///
    /// ```
    /// use leadwright::geo::zip_info;
    /// assert!(zip_info("97223").unwrap().acceptable_cities().any(|name| name == "TIGARD"));
    /// ```
    pub fn acceptable_cities(&self) -> Cities {
        Cities { links: TABLE.links(self.row), aliases: false }
    }

    /// Other names of towns that have their middle in the ZIP code: older and longer ones, abbreviations.
    pub fn other_cities(&self) -> Cities {
        Cities { links: TABLE.links(self.row), aliases: true }
    }

    /// All its names: its own, those of other towns in it, and other names of these.
    pub(crate) fn names(&self) -> impl Iterator<Item = &'static str> + Clone + use<> {
        let links = TABLE.links(self.row).map(|link| TABLE.link(link));
        let wanted = |alias: bool| !without(if alias { Means::Aliases } else { Means::Neighbours });
        let linked = links.filter(move |(_, alias)| wanted(*alias)).map(|(name, _)| TABLE.name(name));
        std::iter::once(self.row).map(|row| TABLE.name(TABLE.city(row))).chain(linked)
    }

    /// The county; unknown for military ZIP codes.
    pub fn county(&self) -> Option<County> {
        County::at(TABLE.county(self.row))
    }

    /// The IANA name of the time zone; unknown for military ZIP codes.
    pub fn time_zone(&self) -> Option<&'static str> {
        Some(TABLE.zone(self.row)).filter(|name| !name.is_empty())
    }

    /// Its middle: that of its area, or its post office; unknown for military ZIP codes.
    ///
    /// ```
    /// use leadwright::geo::zip_info;
    /// let middle = zip_info("99501").unwrap().middle().unwrap();
    /// assert!((600_000..630_000).contains(&middle.latitude) && (-1_510_000..-1_480_000).contains(&middle.longitude));
    /// ```
    pub fn middle(&self) -> Option<Point> {
        let (latitude, longitude) = TABLE.middle(self.row);
        (latitude != 0 || longitude != 0).then_some(Point { latitude, longitude })
    }

    /// The metres between its middle and another's; `None` where one of them has none.
    ///
    /// ```
    /// use leadwright::geo::zip_info;
    /// let (dallas, fort_worth) = (zip_info("75201").unwrap(), zip_info("76102").unwrap());
    /// assert!((45_000..55_000).contains(&dallas.metres_to(&fort_worth).unwrap()));
    /// assert!(dallas.metres_to(&zip_info("09012").unwrap()).is_none());
    /// ```
    pub fn metres_to(&self, other: &Self) -> Option<u32> {
        Some(metres_between(self.middle()?, other.middle()?))
    }

    /// How far it may reach beyond its middle, in metres: one of four steps, from the distance to its neighbours.
    pub(super) fn slack(&self) -> u32 {
        // Keep in step with SLACK_KM in data/make_zip_table.py.
        match TABLE.size_class(self.row) {
            0 => 1_000,
            1 => 3_000,
            2 => 7_000,
            _ => 14_000,
        }
    }

    /// What it serves.
    pub fn kind(&self) -> ZipKind {
        match self.county() {
            _ if TABLE.is_area(self.row) => ZipKind::Area,
            Some(_) => ZipKind::Point,
            None if ["AA", "AE", "AP"].contains(&self.state()) => ZipKind::Military,
            None => ZipKind::Point,
        }
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
    aliases: bool,
}

impl Iterator for Cities {
    type Item = &'static str;

    fn next(&mut self) -> Option<&'static str> {
        let aliases = self.aliases;
        if without(if aliases { Means::Aliases } else { Means::Neighbours }) {
            return None;
        }
        self.links
            .by_ref()
            .map(|link| TABLE.link(link))
            .find(|(_, alias)| *alias == aliases)
            .map(|(name, _)| TABLE.name(name))
    }
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
    fn all_names_are_those_of_each_kind_in_turn() {
        for zip in (0..TABLE.zip_count()).map(ZipInfo::at) {
            let in_turn = std::iter::once(zip.city()).chain(zip.acceptable_cities()).chain(zip.other_cities());
            assert!(zip.names().eq(in_turn), "{}", zip.city());
        }
    }

    #[test]
    fn an_area_and_a_post_office() {
        let zip = zip_info("84105").unwrap();
        assert_eq!((zip.city(), zip.kind()), ("SALT LAKE CITY", ZipKind::Area));
        assert_eq!(zip.county().unwrap().name(), "Salt Lake County");
        assert_eq!(zip_info("84110").unwrap().kind(), ZipKind::Point);
    }

    #[test]
    fn military_zips_have_no_zone_no_county_and_no_middle() {
        let zip = zip_info("09012").unwrap();
        assert_eq!((zip.state(), zip.city(), zip.kind()), ("AE", "APO", ZipKind::Military));
        assert!(zip.time_zone().is_none() && zip.county().is_none() && zip.middle().is_none());
    }

    #[test]
    fn territories_are_there() {
        let state = |zip: &str| zip_info(zip).map(|zip| zip.state());
        assert_eq!(["00926", "00802", "96910", "96799", "96950"].map(state), ["PR", "VI", "GU", "AS", "MP"].map(Some));
        assert_eq!(zip_info("00926").unwrap().time_zone(), Some("America/Puerto_Rico"));
    }

    #[test]
    fn only_where_nobody_lives_by_a_clock_is_the_zone_unknown() {
        let mut without = (0..TABLE.zip_count()).map(ZipInfo::at).filter(|zip| zip.time_zone().is_none());
        assert_eq!(without.find(|zip| zip.kind() != ZipKind::Military), None);
    }

    #[test]
    fn values_do_not_reach_debug() {
        assert_eq!(format!("{:?}", Zip5::parse("78701").unwrap()), "Zip5(99999)");
    }
}
