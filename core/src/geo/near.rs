//! Areas: the ZIP codes around a place, and those of a county.

use super::distance::{Point, metres_between};
use super::table::TABLE;
use super::zip::ZipInfo;

/// The ZIP codes whose middle lies within `metres` of a place (the border belongs to it), in their order.
///
/// A ZIP code without a known middle is never in it. It looks at every ZIP code there is, which takes about as long
/// as reading a page: for compiling a plan, not for each lead; for one lead ask [`ZipInfo::metres_to`].
///
/// ```
/// use leadwright::geo::{zip_info, zips_within};
/// let middle = zip_info("60601").unwrap().middle().unwrap();
/// let near: Vec<_> = zips_within(middle, 2_000).map(|zip| zip.zip().as_str().to_owned()).collect();
/// assert!(near.contains(&"60601".to_owned()) && near.contains(&"60602".to_owned()));
/// assert!(!near.contains(&"60637".to_owned()), "it is 12 km to the south");
/// ```
pub fn zips_within(place: Point, metres: u32) -> impl Iterator<Item = ZipInfo> {
    // A degree of latitude has 111,195 metres, a ten-thousandth of it eleven: what is farther north or south
    // needs no closer look.
    let most = i64::from(metres) / 11 + 1;
    (0..TABLE.zip_count())
        .filter(move |row| (i64::from(TABLE.latitude(*row)) - i64::from(place.latitude)).abs() <= most)
        .map(ZipInfo::at)
        .filter(move |zip| zip.middle().is_some_and(|middle| metres_between(middle, place) <= metres))
}

/// All ZIP codes of the table, in their order.
///
/// ```
/// use leadwright::geo::zips;
/// assert!(zips().filter(|zip| zip.state() == "RI").count() > 80);
/// ```
pub fn zips() -> impl Iterator<Item = ZipInfo> {
    (0..TABLE.zip_count()).map(ZipInfo::at)
}

/// Five digits of a county's FIPS code.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct CountyFips([u8; 5]);

impl CountyFips {
    /// From five ASCII digits; `None` for anything else. Whether there is such a county, [`county`] knows.
    pub fn parse(text: &str) -> Option<Self> {
        let digits: [u8; 5] = text.as_bytes().try_into().ok()?;
        digits.iter().all(u8::is_ascii_digit).then_some(Self(digits))
    }

    /// The five digits as text.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    fn of(state: u8, county: u16) -> Self {
        let mut rest = u32::from(state) * 1000 + u32::from(county);
        let mut digits = [b'0'; 5];
        for digit in digits.iter_mut().rev() {
            *digit = b'0' + (rest % 10) as u8;
            rest /= 10;
        }
        Self(digits)
    }
}

impl std::fmt::Debug for CountyFips {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CountyFips(99999)")
    }
}

/// A county, or what stands for one: a parish, a borough, a city of its own, a municipality.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct County {
    row: usize,
}

impl County {
    /// What stands in a row, unless it stands for no county.
    pub(super) fn at(row: usize) -> Option<Self> {
        (TABLE.county_code(row) != 0).then_some(Self { row })
    }

    /// Its FIPS code.
    pub fn fips(&self) -> CountyFips {
        CountyFips::of(TABLE.county_state_code(self.row), TABLE.county_code(self.row))
    }

    /// Its name as it is usually written: `Salt Lake County`.
    pub fn name(&self) -> &'static str {
        TABLE.county_name(self.row)
    }

    /// The two letters of its state.
    pub fn state(&self) -> &'static str {
        TABLE.county_state(self.row)
    }

    /// The ZIP codes that lie in it, each in the county of its post office or of most of its area.
    ///
    /// ```
    /// use leadwright::geo::county;
    /// let county = county("19183").unwrap();
    /// assert_eq!((county.name(), county.state()), ("Washington County", "IA"));
    /// assert!(county.zips().any(|zip| zip.zip().as_str() == "52247"));
    /// ```
    pub fn zips(&self) -> impl Iterator<Item = ZipInfo> + use<> {
        let county = self.row;
        (0..TABLE.zip_count()).filter(move |row| TABLE.county(*row) == county).map(ZipInfo::at)
    }
}

impl std::fmt::Debug for County {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("County")
    }
}

/// The county with a FIPS code; `None` when it is not five digits or has no ZIP code of its own.
///
/// In Connecticut the codes are those of the counties that were, as in the postal table, or of the planning regions.
pub fn county(fips: &str) -> Option<County> {
    let fips = CountyFips::parse(fips)?;
    counties().find(|county| county.fips() == fips)
}

/// All counties, in the order of their states' letters and their FIPS codes.
pub fn counties() -> impl Iterator<Item = County> {
    (0..TABLE.county_count()).filter_map(County::at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geo::zip_info;

    #[test]
    fn the_border_belongs_to_the_area() {
        let (home, other) = (zip_info("75201").unwrap(), zip_info("76102").unwrap());
        let metres = home.metres_to(&other).unwrap();
        let holds = |metres: u32| zips_within(home.middle().unwrap(), metres).any(|zip| zip == other);
        assert!(holds(metres) && !holds(metres - 1));
    }

    #[test]
    fn no_area_misses_what_a_look_at_every_zip_finds() {
        for (zip, metres) in [("75201", 96_560), ("99501", 400_000), ("00901", 40_000), ("02134", 0), ("96910", 30_000)]
        {
            let home = zip_info(zip).unwrap();
            let all = (0..TABLE.zip_count()).map(ZipInfo::at);
            let want = all.filter(|other| home.metres_to(other).is_some_and(|found| found <= metres)).count();
            assert_eq!(zips_within(home.middle().unwrap(), metres).count(), want, "{zip}");
            assert!(want > 0);
        }
    }

    #[test]
    fn counties_and_their_zips_agree() {
        let all: Vec<County> = counties().collect();
        assert!(all.len() > 3_100);
        for one in all.iter().step_by(37) {
            assert_eq!(county(one.fips().as_str()), Some(*one));
            assert!(one.zips().all(|zip| zip.county() == Some(*one) && zip.state() == one.state()));
        }
        assert!(county("00000").is_none() && county("48").is_none() && county("4820１").is_none());
    }
}
