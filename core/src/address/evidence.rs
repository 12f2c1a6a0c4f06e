//! What speaks for and against a reading, part by part: small classes whose correctness was counted on labelled addresses.
//!
//! A class is a number: a base (what was found) and bits (what makes it doubtful). The tables of
//! `calibration.rs` say how often each class was right.

#![cfg_attr(not(feature = "study"), allow(unreachable_pub, dead_code))]

use super::GENERAL_DELIVERY;
use super::components::Components;
use super::place::Place;
use super::report::Report;
use super::settle::{CityFound, LastLine};
use crate::model::Code;

/// The classes of the parts of one reading.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Evidence {
    /// Number, street, boxes and routes; below [`STREETS`].
    pub street: u8,
    /// The unit; below [`UNITS`].
    pub unit: u8,
    /// The city; below [`CITIES`].
    pub city: u8,
    /// The state; below [`STATES`].
    pub state: u8,
    /// The ZIP code; below [`ZIPS`].
    pub zip: u8,
}

/// How many classes there are of each part, and how many bits of them are doubts.
pub const STREETS: usize = 10 << STREET_BITS;
/// Doubts of a street.
pub const STREET_BITS: u32 = 4;
/// Classes of a unit.
pub const UNITS: usize = 5 << UNIT_BITS;
/// Doubts of a unit.
pub const UNIT_BITS: u32 = 2;
/// Classes of a city.
pub const CITIES: usize = 8 << CITY_BITS;
/// Doubts of a city.
pub const CITY_BITS: u32 = 3;
/// Classes of a state.
pub const STATES: usize = 5 << STATE_BITS;
/// Doubts of a state.
pub const STATE_BITS: u32 = 1;
/// Classes of a ZIP code.
pub const ZIPS: usize = 6 << ZIP_BITS;
/// Doubts of a ZIP code.
pub const ZIP_BITS: u32 = 1;

impl Evidence {
    /// What a finished reading shows.
    pub(super) fn of(components: &Components, place: &Place<'_>, last: &LastLine<'_>, report: &Report<'_>) -> Self {
        let corrected = |code: Code| report.corrections.iter().any(|correction| correction.code == code);
        let extra = corrected(Code::AddressExtraRemoved);
        // Without a break before the city, where it begins is a matter of reading.
        let run_on = place.city.is_some() && !place.apart;
        let placeless = place.city.is_none() && place.state.is_none() && place.zip.is_none();
        let street = street_base(components);
        let odd = is_odd(components) || corrected(Code::AddressSuffixTypo);
        let nothing = street == 0;
        Self {
            street: class(street, [extra, run_on, odd, placeless]),
            unit: class(unit_base(components), [extra, nothing]),
            city: class(city_base(place, last.found), [extra, run_on, nothing]),
            state: class(state_base(place, report), [matches!(last.found, CityFound::Nowhere | CityFound::Elsewhere)]),
            zip: class(zip_base(place, report), [extra]),
        }
    }
}

impl Evidence {
    /// What a reading of Canada shows, in the classes of the United States; where there is no table of ZIP codes, a
    /// town that is known in its province is a city that is known in its state.
    pub(super) fn abroad(components: &Components, town: bool, report: &Report<'_>) -> Self {
        let extra = report.corrections.iter().any(|correction| correction.code == Code::AddressExtraRemoved);
        let Components { city, state, zip, .. } = components;
        let placeless = city.is_none() && state.is_none() && zip.is_none();
        let street = street_base(components);
        let nothing = street == 0;
        let city_base = match (city.is_some(), placeless) {
            (false, true) => 0,
            (false, false) => 1,
            (true, _) if town => 5,
            (true, _) => 7,
        };
        let state_base = match (state.is_some(), zip.is_some()) {
            (false, zip) => u8::from(zip),
            (true, false) => 2,
            (true, true) if report.has(Code::AddressZipStateMismatch) => 4,
            (true, true) => 3,
        };
        let zip_base = match zip {
            None if report.has(Code::AddressPostalCodeInvalid) => 1,
            None => 0,
            Some(_) if report.has(Code::AddressZipStateMismatch) => 4,
            Some(_) => 5,
        };
        Self {
            street: class(street, [extra, false, is_odd(components), placeless]),
            unit: class(unit_base(components), [extra, nothing]),
            city: class(city_base, [extra, false, nothing]),
            state: class(state_base, [false]),
            zip: class(zip_base, [extra]),
        }
    }
}

fn class<const N: usize>(base: u8, bits: [bool; N]) -> u8 {
    bits.iter().fold(base, |all, bit| all << 1 | u8::from(*bit))
}

fn street_base(components: &Components) -> u8 {
    let Components { house_number, street, suffix, po_box, route_id, street2, .. } = components;
    let boxed = po_box.is_some() || route_id.is_some();
    match (house_number.is_some(), street.as_deref()) {
        (_, Some(_)) if boxed => 2,
        (_, Some(_)) if street2.is_some() => 4,
        (_, Some(name)) if name == GENERAL_DELIVERY => 3,
        (false, Some(_)) => 5,
        (true, Some(_)) if suffix.is_some() => 6,
        (true, Some(name)) if name.bytes().any(|b| b.is_ascii_digit()) => 7,
        (true, Some(_)) => 8,
        (_, None) if boxed => 1,
        (true, None) => 9,
        (false, None) => 0,
    }
}

/// A long name, or a directional that is no word for one.
fn is_odd(components: &Components) -> bool {
    let name = components.street.as_deref().unwrap_or_default();
    name.bytes().filter(|byte| *byte == b' ').count() >= 3
        || components.suffix.as_deref().is_some_and(|suffix| suffix.contains(' '))
}

fn unit_base(components: &Components) -> u8 {
    let Components { unit_type, unit, unit2_type, unit2, .. } = components;
    match (unit_type.is_some(), unit.is_some()) {
        _ if unit2_type.is_some() || unit2.is_some() => 4,
        (true, true) => 1,
        (false, true) => 2,
        (true, false) => 3,
        (false, false) => 0,
    }
}

fn city_base(place: &Place<'_>, found: CityFound) -> u8 {
    match (&place.city, found) {
        (None, _) if place.state.is_none() && place.zip.is_none() => 0,
        (None, _) => 1,
        (_, CityFound::InZip) => 2,
        (_, CityFound::AliasInZip) => 3,
        (_, CityFound::NearlyInZip) => 4,
        (_, CityFound::InState) => 5,
        (_, CityFound::Elsewhere) => 6,
        (_, CityFound::Nowhere) => 7,
    }
}

fn state_base(place: &Place<'_>, report: &Report<'_>) -> u8 {
    match (place.state.is_some(), place.zip_info()) {
        (false, None) => 0,
        (false, Some(_)) => 1,
        (true, None) => 2,
        (true, Some(_)) if report.has(Code::AddressZipStateMismatch) => 4,
        (true, Some(_)) => 3,
    }
}

fn zip_base(place: &Place<'_>, report: &Report<'_>) -> u8 {
    let restored = || report.corrections.iter().any(|correction| correction.code == Code::AddressZipLeadingZero);
    match place.zip {
        None if report.has(Code::AddressZipInvalid) => 1,
        None => 0,
        Some(_) if restored() => 2,
        Some(zip) if zip.info.is_none() => 3,
        Some(_) if report.has(Code::AddressZipStateMismatch) => 4,
        Some(_) => 5,
    }
}
