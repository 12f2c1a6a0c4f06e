//! ZIP codes: state, cities, county, zone, distance. And the words of USPS Publication 28.

mod city;
mod city_key;
mod distance;
pub(crate) mod lexicon;
mod near;
mod section;
#[cfg(feature = "study")]
#[doc(hidden)]
pub mod study;
#[cfg(not(feature = "study"))]
#[allow(unreachable_pub, dead_code)]
pub(crate) mod study;
mod suffixes;
mod table;
pub(crate) mod usps;
mod words;
mod zip;

pub(crate) use city::Named;
pub use city::{CityInZip, CityKind, ZipsOfCity, alias_of, city_in_zip, city_names, is_city, zips_of_city};
pub use city_key::CityKey;
pub use distance::{Point, metres_between};
pub use near::{County, CountyFips, counties, county, zips, zips_within};
pub use zip::{Cities, Zip5, ZipInfo, ZipKind, state_of_zip, zip_info};
