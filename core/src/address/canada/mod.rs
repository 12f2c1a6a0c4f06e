//! Addresses of Canada, by Canada Post's addressing guidelines
//! (<https://www.canadapost-postescanada.ca/cpc/en/support/articles/addressing-guidelines/overview.page>).

mod delivery;
mod place;
mod postal;
mod standard;
mod street;
mod towns;
mod words;

pub(super) use place::is_canadian;

use super::evidence::Evidence;
use super::label::{Label, Labels};
use super::parts::Rest;
use super::report::Report;
use super::token::{Token, joined};
use super::{CanonicalAddress, REVIEW_BELOW, confidence, key, note_missing_street};
use crate::model::Code;
use place::{Place, find_place, province_named};
use postal::PostalCode;
use standard::LastLine;

/// An address in one run of words.
pub(super) fn read<'s>(
    tokens: &[Token<'s>],
    room: &mut Vec<Token<'s>>,
    labels: &mut Labels,
    mut report: Report<'_>,
) -> CanonicalAddress {
    let (place, before) = find_place(tokens, labels, &mut report);
    assemble(&place, before, room, labels, report)
}

/// An address in parts.
pub(super) fn read_parts<'s>(
    line: &[Token<'s>],
    rest: &Rest<'_, 's>,
    room: &mut Vec<Token<'s>>,
    labels: &mut Labels,
    mut report: Report<'_>,
) -> CanonicalAddress {
    let mut place = Place { province: read_province(rest, &mut report), ..Place::default() };
    read_postal(rest.zip, &mut place, &mut report);
    read_city(rest.city, &mut place, labels);
    let before = without_place(line, &mut place, labels, &mut report);
    assemble(&place, before, room, labels, report)
}

/// Whether parts that name no country are an address of Canada: its postal code, or a province and no ZIP code.
pub(super) fn are_canadian(rest: &Rest<'_, '_>) -> bool {
    let code = postal::at_end(rest.zip).is_some_and(|(_, before)| before.is_empty());
    let province = province_named(&joined(rest.state)).is_some();
    let state = crate::geo::usps::state(&joined(rest.state)).is_some();
    let zip = rest.zip.first().is_some_and(|word| {
        word.text.len() >= 4 && word.has_digit() && !word.text.contains(|c: char| c.is_ascii_alphabetic())
    });
    (code && !state) || (province && !state && !zip)
}

/// A province from its part.
fn read_province(rest: &Rest<'_, '_>, report: &mut Report<'_>) -> Option<&'static str> {
    let written = joined(rest.state);
    if written.is_empty() {
        return None;
    }
    let known = province_named(&written);
    match known {
        Some(letters) => report.correct(Code::AddressStateStandardized, written, letters),
        None => report.dropped(Code::AddressStateUnknown, rest.typed_state),
    }
    known
}

fn read_postal(words: &[Token<'_>], place: &mut Place<'_>, report: &mut Report<'_>) {
    match postal::at_end(words) {
        Some((code, [])) => place.postal = Some(code),
        _ if words.is_empty() => {}
        _ => report.dropped(Code::AddressPostalCodeInvalid, &joined(words)),
    }
}

/// A city, also where province or postal code were typed after it.
fn read_city<'s>(words: &[Token<'s>], place: &mut Place<'s>, labels: &mut Labels) {
    let (found, before) = find_place(words, labels, &mut Report::silent());
    let agrees = found.province.is_none() || place.province.is_none() || place.province == found.province;
    if agrees && found.city.is_some() && before.is_empty() {
        place.city = found.city;
        place.province = place.province.or(found.province);
        place.postal = place.postal.or(found.postal);
    } else {
        place.city = Some(joined(words)).filter(|name| !name.is_empty());
    }
}

/// A street line without the place that was typed into it once more. What the parts lack is taken from it.
fn without_place<'t, 's>(
    line: &'t [Token<'s>],
    place: &mut Place<'s>,
    labels: &mut Labels,
    report: &mut Report<'_>,
) -> &'t [Token<'s>] {
    let (found, before) = find_place(line, labels, &mut Report::silent());
    let anchored = found.postal.is_some() || found.province.is_some();
    let same = |one: bool, other: bool| one || other;
    let agrees = same(place.postal.is_none() || found.postal.is_none(), place.postal == found.postal)
        && same(place.province.is_none() || found.province.is_none(), place.province == found.province);
    if !anchored || !agrees || before.is_empty() {
        labels.mark(line, Label::Other);
        return line;
    }
    report.correct(Code::AddressRepeatRemoved, joined(line.get(before.len()..).unwrap_or_default()), "");
    place.city = place.city.take().or(found.city);
    place.province = place.province.or(found.province);
    place.postal = place.postal.or(found.postal);
    before
}

/// Components, lines, key and confidence from what was read.
fn assemble<'s>(
    place: &Place<'s>,
    before: &[Token<'s>],
    room: &mut Vec<Token<'s>>,
    labels: &mut Labels,
    mut report: Report<'_>,
) -> CanonicalAddress {
    let province = place.province.or_else(|| place.postal.and_then(|code| code.provinces().first().copied()));
    let mut delivery = delivery::read(before, room, province, labels, &mut report);
    let components = &mut delivery.components;
    components.city = place.city.as_deref().map(str::to_owned);
    components.state = place.province.map(str::to_owned);
    components.zip = place.postal.as_ref().map(PostalCode::spaced);
    if *components == super::Components::default() {
        return CanonicalAddress::refused(report.only(Code::AddressUnparsed));
    }
    components.country = Some("CA".to_owned());
    let last = settle(place, province, &mut report);
    note_missing_street(components, &mut report);
    let lines = standard::lines(&delivery, &last);
    let folded = standard::folded(&delivery.components);
    let name = super::standard::standard_name(folded.street.as_deref().unwrap_or_default());
    let keys = place_key(place, province).and_then(|place| key::keys_at(&folded, &name, &[&place]));
    let (key, building_key) = keys.unzip();
    let evidence = Evidence::abroad(&delivery.components, place.is_town(), &report);
    let (confidence, confidence_by_part) = confidence::confidence(evidence);
    let Report { corrections, problems, .. } = report;
    CanonicalAddress {
        components: delivery.components,
        lines,
        key,
        building_key,
        confidence,
        confidence_by_part,
        needs_review: confidence < REVIEW_BELOW,
        corrections,
        problems,
        #[cfg(feature = "study")]
        evidence,
    }
}

/// The place as it is written; what contradicts itself is said, and stays.
fn settle(place: &Place<'_>, province: Option<&'static str>, report: &mut Report<'_>) -> LastLine {
    match (place.province, place.postal) {
        (Some(province), Some(code)) if !code.provinces().contains(&province) => {
            report.problem(Code::AddressZipStateMismatch);
        }
        (None, Some(_)) => report.correct(Code::AddressStateFromZip, "", province.unwrap_or_default()),
        _ => {}
    }
    if place.postal.is_none() && (place.city.is_none() || province.is_none()) {
        report.problem(Code::AddressNoPlace);
    }
    LastLine {
        city: place.city.as_deref().map(str::to_owned),
        province,
        postal: place.postal.as_ref().map(PostalCode::spaced),
    }
}

/// What stands for the place in a key: the postal code, else city and province.
fn place_key(place: &Place<'_>, province: Option<&str>) -> Option<String> {
    match (&place.postal, &place.city, province) {
        (Some(code), ..) => Some(["CA/", code.plain()].concat()),
        (None, Some(city), Some(province)) => {
            let letters: String = city.chars().filter(|c| c.is_alphanumeric()).collect();
            Some(["CA/", &letters, "/", province].concat())
        }
        _ => None,
    }
}
