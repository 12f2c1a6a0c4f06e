//! Keys: one text for one delivery point, however it was written.
//!
//! Every part of the address has a place of its own in the text that is hashed, so nothing of one part can pass for
//! the next: `N` `EWTON` is not `NEWTON`. Only the words of a street's name are run together, because people write
//! `LA SALLE` and `LASALLE`, `LAKE VIEW` and `LAKEVIEW` for one street.

use super::components::Components;
use super::settle::LastLine;
use super::standard::{standard_name, standard_suffix};
use super::{GENERAL_DELIVERY, number};
use crate::geo::usps;
use sha2::{Digest, Sha256};

/// The version of the key; a change to what goes into it makes a new one.
const PREFIX: &str = "k1-";

/// Between the parts of a key; no part has it.
const NEXT: char = '|';

/// The key of a delivery point, and that of its building; none where nothing can be delivered.
pub(super) fn keys(components: &Components, last: &LastLine<'_>) -> Option<(String, String)> {
    keys_at(components, last.key())
}

/// The same where something else than a [`LastLine`] stands for the place.
pub(super) fn keys_at(components: &Components, place: Option<String>) -> Option<(String, String)> {
    let mut text = String::with_capacity(96);
    write_building(components, &place?, &mut text)?;
    let building = hashed(&text);
    text.push('/');
    write_units(components, &mut text);
    Some((hashed(&text), building))
}

fn write_building(components: &Components, place: &str, text: &mut String) -> Option<()> {
    let Components { house_number, street, po_box, route_type, route_id, urbanization, .. } = components;
    let on_street = house_number.is_some() && street.as_deref().is_some_and(|name| name != GENERAL_DELIVERY);
    if !on_street && po_box.is_none() {
        return None;
    }
    if let Some(number) = house_number {
        write_number(number, text);
    }
    if on_street {
        write_street(components, text);
    }
    text.push(NEXT);
    for id in [urbanization, route_type, route_id, po_box] {
        write_id(id.as_deref().unwrap_or_default(), text);
        text.push(NEXT);
    }
    text.push_str(place);
    text.push(NEXT);
    Some(())
}

/// First 128 bits of SHA-256 as 32 hexadecimal digits.
fn hashed(text: &str) -> String {
    let digit = |value: u8| char::from_digit(value.into(), 16).unwrap_or('0');
    let mut key = String::with_capacity(PREFIX.len() + 32);
    key.push_str(PREFIX);
    for byte in Sha256::digest(text.as_bytes()).iter().take(16) {
        key.push(digit(byte >> 4));
        key.push(digit(byte & 15));
    }
    key
}

fn write_number(number: &str, text: &mut String) {
    let spelled = number::spelled(number);
    let digits = spelled.as_deref().unwrap_or(number);
    let (first, rest) = digits.split_once('-').unwrap_or((digits, ""));
    text.extend(first.chars().map(|c| if c == ' ' { '+' } else { c }));
    // `109-A` is `109A`; the dash of `59-17` counts.
    text.push_str(if rest.starts_with(|c: char| c.is_ascii_digit()) { "-" } else { "" });
    text.push_str(rest);
}

fn write_street(components: &Components, text: &mut String) {
    let Components { predirectional, street, suffix, postdirectional, street2, suffix2, .. } = components;
    let part = |part: &Option<String>, text: &mut String| {
        text.push(NEXT);
        text.push_str(part.as_deref().unwrap_or_default());
    };
    part(predirectional, text);
    // `BOULEVARD E` is one name or a name and a directional: without a suffix between them it is all one.
    let (joined, after) = if suffix.is_none() { (postdirectional, &None) } else { (&None, postdirectional) };
    for (name, suffix, joined) in [(street, suffix, joined), (street2, suffix2, &None)] {
        text.push(NEXT);
        if let Some(name) = name {
            write_name(&standard_name(name), text);
        }
        write_name(joined.as_deref().unwrap_or_default(), text);
        text.push(NEXT);
        text.push_str(suffix.as_deref().map(standard_suffix).unwrap_or_default());
    }
    part(after, text);
}

/// The words of a name run together, abbreviations spelled out: numbers without their ordinal ending or leading zeros.
fn write_name(name: &str, text: &mut String) {
    for word in name.split([' ', '-']) {
        match number::ordinal(word) {
            Some(digits) => {
                text.push_str(digits.trim_start_matches('0'));
                text.push_str("TH");
            }
            None => text.push_str(spelled_out(word)),
        }
    }
}

/// What is abbreviated within names, in full; what stands for two words (saint or street, doctor or drive) stays.
fn spelled_out(word: &str) -> &str {
    match word {
        "SAINT" | "STREET" => "ST",
        "DOCTOR" | "DRIVE" => "DR",
        "AND" => "&",
        "AV" | "AVE" => "AVENUE",
        "BCH" => "BEACH",
        "BLVD" => "BOULEVARD",
        "BRK" => "BROOK",
        "CRK" => "CREEK",
        "CTR" | "CENTRE" => "CENTER",
        "FLD" => "FIELD",
        "FT" => "FORT",
        "GDN" => "GARDEN",
        "GDNS" => "GARDENS",
        "GRV" => "GROVE",
        "HBR" => "HARBOR",
        "HL" => "HILL",
        "HLS" => "HILLS",
        "HTS" => "HEIGHTS",
        "HWY" => "HIGHWAY",
        "JUNIOR" => "JR",
        "LK" => "LAKE",
        "LN" => "LANE",
        "MDWS" => "MEADOWS",
        "MT" => "MOUNT",
        "MTN" => "MOUNTAIN",
        "PK" => "PARK",
        "PKWY" => "PARKWAY",
        "PT" => "POINT",
        "RD" => "ROAD",
        "RDG" => "RIDGE",
        "SPG" => "SPRING",
        "SPGS" => "SPRINGS",
        "VLG" => "VILLAGE",
        "VLY" => "VALLEY",
        "VW" => "VIEW",
        _ => directional_in_full(word).unwrap_or(word),
    }
}

fn directional_in_full(word: &str) -> Option<&'static str> {
    Some(match usps::directional(word)? {
        "E" => "EAST",
        "N" => "NORTH",
        "NE" => "NORTHEAST",
        "NW" => "NORTHWEST",
        "S" => "SOUTH",
        "SE" => "SOUTHEAST",
        "SW" => "SOUTHWEST",
        _ => "WEST",
    })
}

/// The unit's number without its designator; the designator where it has no number. A floor says
/// nothing more when the unit on it is known.
fn write_units(components: &Components, text: &mut String) {
    let Components { unit_type, unit, unit2_type, unit2, .. } = components;
    let one = |kind: &Option<String>, id: &Option<String>, text: &mut String| match (kind, id) {
        (_, Some(id)) => write_id(id, text),
        (Some(kind), None) if usps::unit_stands_alone(kind) => text.push_str(kind),
        _ => {}
    };
    if !matches!(unit2_type.as_deref(), Some("FL" | "LEVEL" | "DEPT")) {
        one(unit2_type, unit2, text);
    }
    text.push('/');
    one(unit_type, unit, text);
}

/// A number or letters without spaces, dashes, leading zeros and an ordinal's ending.
fn write_id(id: &str, text: &mut String) {
    let start = text.len();
    text.extend(id.chars().filter(|c| c.is_alphanumeric()));
    let plain = text.split_off(start);
    let digits = number::ordinal(&plain).unwrap_or(&plain);
    let short = digits.trim_start_matches('0');
    text.push_str(if short.is_empty() { digits } else { short });
}

/// A key of whole texts, for addresses that are not parsed.
pub(super) fn key_of_words(texts: &[&str]) -> String {
    hashed(&texts.join("|"))
}
