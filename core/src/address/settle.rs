//! The place as the Postal Service would write it: what the ZIP table adds to, and mends in, what was written.

use super::city::{is_nearly, names_of};
use super::place::Place;
use super::report::Report;
use crate::geo::{CityKey, Zip5, ZipInfo, ZipKind, city_names, is_city, zips_of_city};
use crate::model::Code;
use std::borrow::Cow;

/// The city, state and ZIP code of the standard last line.
#[derive(Clone, Default)]
pub(super) struct LastLine<'p> {
    pub(super) city: Option<Cow<'p, str>>,
    pub(super) state: Option<&'static str>,
    pub(super) zip: Option<Zip5>,
    pub(super) zip4: Option<&'p str>,
}

impl LastLine<'_> {
    /// Adds `SPRINGFIELD IL 62701-1234`.
    pub(super) fn write(&self, line: &mut String) {
        let zip = self.zip.as_ref().map(Zip5::as_str);
        for part in [self.city.as_deref(), self.state, zip].into_iter().flatten() {
            line.push_str(if line.is_empty() { "" } else { " " });
            line.push_str(part);
        }
        if let Some(zip4) = zip.and(self.zip4) {
            line.push('-');
            line.push_str(zip4);
        }
    }

    /// What stands for the place in a key: the ZIP code, else city and state.
    pub(super) fn key(&self) -> Option<String> {
        self.zip.map(|zip| zip.as_str().to_owned()).or_else(|| {
            let city = CityKey::of(self.city.as_deref()?);
            let folded = std::str::from_utf8(city.as_bytes()).unwrap_or_default();
            Some(format!("{folded}/{}", self.state?))
        })
    }
}

/// Completes and mends the place.
pub(super) fn settle<'p>(place: &'p Place<'_>, report: &mut Report<'_>) -> LastLine<'p> {
    let zip = known_zip(place, report);
    let state = settle_state(place, zip, report);
    let city = settle_city(place, zip, state, report);
    let zip4 = place.zip.and_then(|zip| zip.four);
    let mut last = LastLine { city, state, zip: place.zip.map(|zip| zip.five), zip4 };
    if last.zip.is_none() {
        last.zip = only_zip(&last);
        report.correct(Code::AddressZipFromCity, "", last.zip.as_ref().map_or("", Zip5::as_str));
    }
    if last.zip.is_none() && (last.city.is_none() || last.state.is_none()) {
        report.problem(Code::AddressNoPlace);
    }
    last
}

fn known_zip(place: &Place<'_>, report: &mut Report<'_>) -> Option<ZipInfo> {
    let zip = place.zip.as_ref()?;
    let (info, zip) = (zip.info, zip.five.as_str());
    match info {
        None => report.problem_with(Code::AddressZipUnknown, zip),
        Some(info) if !info.is_active() => report.problem_with(Code::AddressZipInactive, zip),
        Some(_) => {}
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
) -> Option<Cow<'p, str>> {
    let Some(written) = place.city.as_deref() else {
        let city = zip?.city();
        report.correct(Code::AddressCityFromZip, "", city);
        return Some(city.into());
    };
    let mended = zip.and_then(|zip| in_zip(written, zip)).or_else(|| in_state(written, state.unwrap_or_default()));
    if let Some((code, name)) = mended {
        report.correct(code, written, name);
        let elsewhere = zip.is_some_and(|zip| !names_of(zip).any(|known| CityKey::of(known) == CityKey::of(name)));
        if elsewhere && !report.has(Code::AddressZipStateMismatch) {
            report.problem(Code::AddressCityZipMismatch);
        }
        return Some(name.into());
    }
    report.problem_with(Code::AddressCityUnknown, written);
    Some(written.into())
}

/// The standard name in a ZIP code, and what kind of change that is.
fn in_zip(written: &str, zip: ZipInfo) -> Option<(Code, &'static str)> {
    let key = CityKey::of(written);
    let good = || std::iter::once(zip.city()).chain(zip.acceptable_cities());
    let same = |name: &&str| name.bytes().next() == key.as_bytes().first().copied() && CityKey::of(name) == key;
    let near = |name: &&str| is_nearly(written.split(' '), name);
    if let Some(name) = good().find(same) {
        return Some((Code::AddressCityStandardized, name));
    }
    if zip.other_cities().any(|name| same(&name)) {
        return Some((Code::AddressCityAlias, zip.city()));
    }
    if let Some(name) = good().find(near) {
        return Some((Code::AddressCityTypo, name));
    }
    zip.other_cities().any(|name| near(&name)).then(|| (Code::AddressCityAlias, zip.city()))
}

/// The standard name in a state without a (fitting) ZIP code. A name that is nowhere a good one is
/// replaced only when all ZIP codes that know it agree.
fn in_state(written: &str, state: &str) -> Option<(Code, &'static str)> {
    let key = CityKey::of(written);
    if !is_city(&key, state) {
        return None;
    }
    let is_good =
        |zip: ZipInfo| std::iter::once(zip.city()).chain(zip.acceptable_cities()).find(|n| CityKey::of(n) == key);
    if let Some(name) = zips_of_city(&key, state).find_map(is_good) {
        return Some((Code::AddressCityStandardized, name));
    }
    let mut cities = zips_of_city(&key, state).map(|zip| zip.city());
    let first = cities.next()?;
    if cities.all(|city| city == first) {
        return Some((Code::AddressCityAlias, first));
    }
    city_names(&key).next().map(|name| (Code::AddressCityStandardized, name))
}

/// The ZIP code of a city that has only one.
fn only_zip(last: &LastLine<'_>) -> Option<Zip5> {
    let key = CityKey::of(last.city.as_deref()?);
    let mut zips = zips_of_city(&key, last.state?)
        .filter(|zip| zip.is_active() && zip.kind() != ZipKind::Unique)
        .map(|zip| zip.zip());
    let first = zips.next()?;
    zips.all(|zip| zip == first).then_some(first)
}
