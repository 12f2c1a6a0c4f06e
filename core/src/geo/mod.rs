//! ZIP codes: state, cities, county, zone. And the words of USPS Publication 28.

mod city_key;
pub(crate) mod lexicon;
mod suffixes;
pub(crate) mod usps;
mod words;
mod zip;
mod zip_table;

pub use city_key::CityKey;
pub use zip::{Cities, Zip5, ZipInfo, ZipKind, ZipsOfCity, city_names, is_city, zip_info, zips_of_city};
