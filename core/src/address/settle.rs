//! The place as the Postal Service would write it: what the ZIP table adds to, and mends in, what was written.

use super::city::is_nearly;
use super::place::Place;
use super::report::Report;
use crate::geo::{CityKey, CityKind, Named, Zip5, ZipInfo, ZipKind, city_in_zip, state_of_zip};
use crate::model::Code;
use std::borrow::Cow;

/// Where the table knows the city that was written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum CityFound {
    /// Under its own name in the ZIP code.
    InZip,
    /// Under another name in the ZIP code.
    AliasInZip,
    /// In the ZIP code, with a slip.
    NearlyInZip,
    /// In the state; there is no ZIP code that the table knows.
    InState,
    /// In the state, but not in the ZIP code.
    Elsewhere,
    /// Nowhere, or there is no city.
    #[default]
    Nowhere,
}

/// The city, state and ZIP code of the standard last line.
#[derive(Clone, Default)]
pub(super) struct LastLine<'p> {
    pub(super) city: Option<Cow<'p, str>>,
    pub(super) state: Option<&'static str>,
    pub(super) zip: Option<Zip5>,
    pub(super) zip4: Option<&'p str>,
    pub(super) found: CityFound,
}

impl LastLine<'_> {
    /// Adds `SPRINGFIELD IL 62701-1234`.
    pub(super) fn write(&self, line: &mut String) {
        let zip = self.zip.as_ref().map(Zip5::as_str);
        if self.city.is_some() || self.state.is_some() || zip.is_some() {
            line.reserve(32);
        }
        for part in [self.city.as_deref(), self.state, zip].into_iter().flatten() {
            line.push_str(if line.is_empty() { "" } else { " " });
            line.push_str(part);
        }
        if let Some(zip4) = zip.and(self.zip4) {
            line.push('-');
            line.push_str(zip4);
        }
    }
}

/// Completes and mends the place.
pub(super) fn settle<'p>(place: &'p Place<'_>, boxed: bool, report: &mut Report<'_>) -> LastLine<'p> {
    let zip = known_zip(place, report);
    let state = settle_state(place, zip, report);
    let (city, found) = settle_city(place, zip, state, report);
    let zip4 = place.zip.and_then(|zip| zip.four);
    let mut last = LastLine { city, state, zip: place.zip.map(|zip| zip.five), zip4, found };
    if last.zip.is_none() {
        last.zip = only_zip(&last, boxed);
        report.correct(Code::AddressZipFromCity, "", last.zip.as_ref().map_or("", Zip5::as_str));
    }
    if last.zip.is_none() && (last.city.is_none() || last.state.is_none()) {
        report.problem(Code::AddressNoPlace);
    }
    last
}

/// The table has few of the ZIP codes of military post, so their post offices are known by their letters.
fn is_military(state: Option<&str>) -> bool {
    state.is_some_and(|state| ["AA", "AE", "AP"].contains(&state))
}

fn known_zip(place: &Place<'_>, report: &mut Report<'_>) -> Option<ZipInfo> {
    let zip = place.zip.as_ref()?;
    let (info, zip) = (zip.info, zip.five.as_str());
    if info.is_none() && !is_military(state_of_zip(zip)) {
        report.problem_with(Code::AddressZipUnknown, zip);
    }
    info
}

fn settle_state(place: &Place<'_>, zip: Option<ZipInfo>, report: &mut Report<'_>) -> Option<&'static str> {
    match (place.state, zip.map(|zip| zip.state())) {
        (Some(written), Some(of_zip)) if written != of_zip => {
            report.problem(Code::AddressZipStateMismatch);
            Some(written)
        }
        (None, Some(of_zip)) => {
            report.correct(Code::AddressStateFromZip, "", of_zip);
            Some(of_zip)
        }
        (written, _) => written,
    }
}

fn settle_city<'p>(
    place: &'p Place<'_>,
    zip: Option<ZipInfo>,
    state: Option<&str>,
    report: &mut Report<'_>,
) -> (Option<Cow<'p, str>>, CityFound) {
    let Some(written) = place.city.as_deref() else {
        let city = zip.map(|zip| zip.city());
        report.correct(Code::AddressCityFromZip, "", city.unwrap_or_default());
        return (city.map(Cow::from), CityFound::Nowhere);
    };
    if zip.is_none() && is_military(state) && ["APO", "DPO", "FPO"].contains(&written) {
        return (Some(written.into()), CityFound::InState);
    }
    let here = zip.and_then(|zip| in_zip(written, zip));
    let Some((code, name)) = here.or_else(|| in_state(written, state.unwrap_or_default())) else {
        report.problem_with(Code::AddressCityUnknown, written);
        return (Some(written.into()), CityFound::Nowhere);
    };
    report.correct(code, written, name);
    // Its own and near names are in the ZIP code; what an alias stands for need not be.
    let sure = matches!(here, Some((Code::AddressCityStandardized | Code::AddressCityTypo, _)));
    let elsewhere = !sure && zip.is_some_and(|zip| city_in_zip(&CityKey::of(name), zip).is_none());
    if elsewhere && !report.has(Code::AddressZipStateMismatch) {
        report.problem(Code::AddressCityZipMismatch);
    }
    let found = match (here.map(|(code, _)| code), zip) {
        _ if elsewhere => CityFound::Elsewhere,
        (Some(Code::AddressCityTypo), _) => CityFound::NearlyInZip,
        (Some(Code::AddressCityAlias), _) => CityFound::AliasInZip,
        (None, None) => CityFound::InState,
        _ => CityFound::InZip,
    };
    (Some(name.into()), found)
}

/// The standard name in a ZIP code, and what kind of change that is.
fn in_zip(written: &str, zip: ZipInfo) -> Option<(Code, &'static str)> {
    if let Some(city) = city_in_zip(&CityKey::of(written), zip) {
        let alias = city.kind == CityKind::Alias;
        return Some((if alias { Code::AddressCityAlias } else { Code::AddressCityStandardized }, city.name));
    }
    let near = |name: &&str| is_nearly(written.split(' '), name);
    if let Some(name) = std::iter::once(zip.city()).chain(zip.acceptable_cities()).find(near) {
        return Some((Code::AddressCityTypo, name));
    }
    let alias = zip.other_cities().find(near)?;
    city_in_zip(&CityKey::of(alias), zip).map(|city| (Code::AddressCityAlias, city.name))
}

/// The standard name in a state without a (fitting) ZIP code.
fn in_state(written: &str, state: &str) -> Option<(Code, &'static str)> {
    let named = Named::of(&CityKey::of(written));
    if let Some(name) = named.alias_in(state) {
        return Some((Code::AddressCityAlias, name));
    }
    if !named.is_in(state) {
        return None;
    }
    let own = named.own_zips(state).map(|zip| zip.city()).next();
    own.or_else(|| named.spellings().next()).map(|name| (Code::AddressCityStandardized, name))
}

/// The ZIP code of a city that has only one: for a street only one with an area, for a box only one of all. A town
/// that shares the ZIP codes of another has none of its own.
fn only_zip(last: &LastLine<'_>, boxed: bool) -> Option<Zip5> {
    let key = CityKey::of(last.city.as_deref()?);
    let named = Named::of(&key);
    let mut zips = named.own_zips(last.state?).filter(|zip| boxed || zip.kind() == ZipKind::Area);
    let first = zips.next()?;
    zips.all(|zip| zip == first).then(|| first.zip())
}
