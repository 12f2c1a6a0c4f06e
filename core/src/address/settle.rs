//! The place as the Postal Service would write it: what the ZIP table adds to, and mends in, what was written.

use super::city::{is_nearly, names_of};
use super::place::Place;
use super::report::Report;
use crate::geo::{CityKey, ZipInfo, ZipKind, city_names, is_city, zips_of_city};
use crate::model::Code;

/// The city, state and ZIP code of the standard last line.
#[derive(Clone, Default)]
pub(super) struct LastLine {
    pub(super) city: Option<String>,
    pub(super) state: Option<String>,
    pub(super) zip: Option<String>,
    pub(super) zip4: Option<String>,
}

impl LastLine {
    /// `SPRINGFIELD IL 62701-1234`.
    pub(super) fn text(&self) -> String {
        let zip = match (&self.zip, &self.zip4) {
            (Some(zip), Some(zip4)) => Some(format!("{zip}-{zip4}")),
            (zip, _) => zip.clone(),
        };
        let parts = [self.city.clone(), self.state.clone(), zip];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
    }

    /// What stands for the place in a key: the ZIP code, else city and state.
    pub(super) fn key(&self) -> Option<String> {
        self.zip.clone().or_else(|| {
            let city = CityKey::of(self.city.as_deref()?);
            let folded = std::str::from_utf8(city.as_bytes()).unwrap_or_default();
            Some(format!("{folded}/{}", self.state.as_deref()?))
        })
    }
}

/// Completes and mends the place.
pub(super) fn settle(place: &Place, report: &mut Report<'_>) -> LastLine {
    let zip = known_zip(place, report);
    let state = settle_state(place, zip, report);
    let city = settle_city(place, zip, state, report);
    let mut last = LastLine { city, state: state.map(str::to_owned), zip: place.zip.clone(), zip4: place.zip4.clone() };
    if last.zip.is_none() {
        last.zip = only_zip(&last);
        report.correct(Code::AddressZipFromCity, "", last.zip.as_deref().unwrap_or_default());
    }
    if last.key().is_none() {
        report.problem(Code::AddressNoPlace);
    }
    last
}

fn known_zip(place: &Place, report: &mut Report<'_>) -> Option<ZipInfo> {
    let zip = place.zip.as_deref()?;
    let info = place.zip_info();
    match info {
        None => report.problem_with(Code::AddressZipUnknown, zip),
        Some(info) if !info.is_active() => report.problem_with(Code::AddressZipInactive, zip),
        Some(_) => {}
    }
    info
}

fn settle_state(place: &Place, zip: Option<ZipInfo>, report: &mut Report<'_>) -> Option<&'static str> {
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

fn settle_city(place: &Place, zip: Option<ZipInfo>, state: Option<&str>, report: &mut Report<'_>) -> Option<String> {
    let Some(written) = place.city.as_deref() else {
        let city = zip?.city();
        report.correct(Code::AddressCityFromZip, "", city);
        return Some(city.to_owned());
    };
    let mended = zip.and_then(|zip| in_zip(written, zip)).or_else(|| in_state(written, state.unwrap_or_default()));
    if let Some((code, name)) = mended {
        report.correct(code, written, name);
        let elsewhere = zip.is_some_and(|zip| !names_of(zip).any(|known| CityKey::of(known) == CityKey::of(name)));
        if elsewhere && !report.has(Code::AddressZipStateMismatch) {
            report.problem(Code::AddressCityZipMismatch);
        }
        return Some(name.to_owned());
    }
    report.problem_with(Code::AddressCityUnknown, written);
    Some(written.to_owned())
}

/// The standard name in a ZIP code, and what kind of change that is.
fn in_zip(written: &str, zip: ZipInfo) -> Option<(Code, &'static str)> {
    let key = CityKey::of(written);
    let words: Vec<&str> = written.split(' ').collect();
    let good = || std::iter::once(zip.city()).chain(zip.acceptable_cities());
    let same = |name: &&str| CityKey::of(name) == key;
    let near = |name: &&str| is_nearly(&words, name);
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
fn only_zip(last: &LastLine) -> Option<String> {
    let key = CityKey::of(last.city.as_deref()?);
    let mut zips = zips_of_city(&key, last.state.as_deref()?)
        .filter(|zip| zip.is_active() && zip.kind() != ZipKind::Unique)
        .map(|zip| zip.zip());
    let first = zips.next()?;
    zips.all(|zip| zip == first).then(|| first.as_str().to_owned())
}
