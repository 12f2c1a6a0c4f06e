//! Keys: one text for one delivery point, however it was written.
//!
//! Every part of the address has a place of its own in the text that is hashed, so nothing of one part can pass for
//! the next: `N` `EWTON` is not `NEWTON`. Only the words of a street's name are run together, because people write
//! `LA SALLE` and `LASALLE`, `LAKE VIEW` and `LAKEVIEW` for one street.

use super::components::Components;
use super::hashing::{Hashing, Short};
use super::settle::LastLine;
use super::standard::{standard_name, standard_suffix};
use super::words::{parted, pieces};
use super::{GENERAL_DELIVERY, number};
use crate::geo::{CityKey, usps};

/// Between the parts of a key; no part has it.
const NEXT: &str = "|";

/// The key of a delivery point, and that of its building; none where nothing can be delivered. `name` is the standard
/// name of the street.
pub(super) fn keys(components: &Components, name: &str, last: &LastLine<'_>) -> Option<(String, String)> {
    if let Some(zip) = &last.zip {
        return keys_at(components, name, &[zip.as_str()]);
    }
    let city = CityKey::of(last.city.as_deref()?);
    keys_at(components, name, &[city.as_str(), "/", last.state?])
}

/// The same where something else than a [`LastLine`] stands for the place.
pub(super) fn keys_at(components: &Components, name: &str, place: &[&str]) -> Option<(String, String)> {
    let Components { house_number, street, po_box, route_type, route_id, urbanization, .. } = components;
    let on_street = house_number.is_some() && street.as_deref().is_some_and(|name| name != GENERAL_DELIVERY);
    if !on_street && po_box.is_none() {
        return None;
    }
    let mut text = Hashing::default();
    if let Some(number) = house_number {
        write_number(number, &mut text);
    }
    if on_street {
        write_street(components, name, &mut text);
    }
    text.push(NEXT);
    for id in [urbanization, route_type, route_id, po_box] {
        if let Some(id) = id {
            write_id(id, &mut text);
        }
        text.push(NEXT);
    }
    place.iter().for_each(|part| text.push(part));
    text.push(NEXT);
    let building = text.key();
    text.push("/");
    write_units(components, &mut text);
    Some((text.key(), building))
}

fn write_number(number: &str, text: &mut Hashing) {
    let spelled = number::spelled(number).map(Short::of);
    let digits = spelled.as_ref().map_or(number, Short::as_str);
    let (first, rest) = parted(digits, b'-').unwrap_or((digits, ""));
    for (at, part) in pieces(first, |byte| byte == b' ').enumerate() {
        text.push(if at > 0 { "+" } else { "" });
        text.push(part);
    }
    // `109-A` is `109A`; the dash of `59-17` counts.
    text.push(if rest.starts_with(|c: char| c.is_ascii_digit()) { "-" } else { "" });
    text.push(rest);
}

fn write_street(components: &Components, name: &str, text: &mut Hashing) {
    let Components { predirectional, suffix, postdirectional, street2, suffix2, .. } = components;
    text.push(NEXT);
    text.push(predirectional.as_deref().unwrap_or_default());
    // `BOULEVARD E` is one name or a name and a directional: without a suffix between them it is all one.
    let (joined, after) = if suffix.is_none() { (postdirectional, &None) } else { (&None, postdirectional) };
    text.push(NEXT);
    write_name(name, text);
    write_name(joined.as_deref().unwrap_or_default(), text);
    text.push(NEXT);
    text.push(suffix.as_deref().map(standard_suffix).unwrap_or_default());
    text.push(NEXT);
    if let Some(name) = street2 {
        write_name(&standard_name(name), text);
    }
    text.push(NEXT);
    text.push(suffix2.as_deref().map(standard_suffix).unwrap_or_default());
    text.push(NEXT);
    text.push(after.as_deref().unwrap_or_default());
}

/// The words of a name run together, abbreviations spelled out: numbers without their ordinal ending or leading zeros.
fn write_name(name: &str, text: &mut Hashing) {
    for word in pieces(name, |byte| byte == b' ' || byte == b'-') {
        match number::ordinal(word) {
            Some(digits) => {
                text.push(digits.trim_start_matches('0'));
                text.push("TH");
            }
            None => text.push(spelled_out(word)),
        }
    }
}

/// What is abbreviated within names, in full; what stands for two words (saint or street, doctor or drive) stays.
fn spelled_out(word: &str) -> &str {
    match word.as_bytes() {
        b"SAINT" | b"STREET" => "ST",
        b"DOCTOR" | b"DRIVE" => "DR",
        b"AND" => "&",
        b"AV" | b"AVE" => "AVENUE",
        b"BCH" => "BEACH",
        b"BLVD" => "BOULEVARD",
        b"BRK" => "BROOK",
        b"CRK" => "CREEK",
        b"CTR" | b"CENTRE" => "CENTER",
        b"FLD" => "FIELD",
        b"FT" => "FORT",
        b"GDN" => "GARDEN",
        b"GDNS" => "GARDENS",
        b"GRV" => "GROVE",
        b"HBR" => "HARBOR",
        b"HL" => "HILL",
        b"HLS" => "HILLS",
        b"HTS" => "HEIGHTS",
        b"HWY" => "HIGHWAY",
        b"JUNIOR" => "JR",
        b"LK" => "LAKE",
        b"LN" => "LANE",
        b"MDWS" => "MEADOWS",
        b"MT" => "MOUNT",
        b"MTN" => "MOUNTAIN",
        b"PK" => "PARK",
        b"PKWY" => "PARKWAY",
        b"PT" => "POINT",
        b"RD" => "ROAD",
        b"RDG" => "RIDGE",
        b"SPG" => "SPRING",
        b"SPGS" => "SPRINGS",
        b"VLG" => "VILLAGE",
        b"VLY" => "VALLEY",
        b"VW" => "VIEW",
        _ => directional_in_full(word).unwrap_or(word),
    }
}

fn directional_in_full(word: &str) -> Option<&'static str> {
    if !matches!(word.as_bytes(), [b'E' | b'N' | b'S' | b'W', ..]) {
        return None;
    }
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
fn write_units(components: &Components, text: &mut Hashing) {
    let Components { unit_type, unit, unit2_type, unit2, .. } = components;
    let one = |kind: &Option<String>, id: &Option<String>, text: &mut Hashing| match (kind, id) {
        (_, Some(id)) => write_id(id, text),
        (Some(kind), None) if usps::unit_stands_alone(kind) => text.push(kind),
        _ => {}
    };
    if !matches!(unit2_type.as_deref(), Some("FL" | "LEVEL" | "DEPT")) {
        one(unit2_type, unit2, text);
    }
    text.push("/");
    one(unit_type, unit, text);
}

/// A number or letters without spaces, dashes, leading zeros and an ordinal's ending.
fn write_id(id: &str, text: &mut Hashing) {
    if id.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return write_plain_id(id, text);
    }
    let mut plain = Short::default();
    if id.chars().filter(|c| c.is_alphanumeric()).all(|c| plain.push(c)) {
        return write_plain_id(plain.as_str(), text);
    }
    let plain: String = id.chars().filter(|c| c.is_alphanumeric()).collect();
    write_plain_id(&plain, text);
}

fn write_plain_id(plain: &str, text: &mut Hashing) {
    let digits = number::ordinal(plain).unwrap_or(plain);
    let short = digits.trim_start_matches('0');
    text.push(if short.is_empty() { digits } else { short });
}

/// A key of whole texts, for addresses that are not parsed.
pub(super) fn key_of_words(texts: &[&str]) -> String {
    let mut text = Hashing::default();
    for (at, part) in texts.iter().enumerate() {
        text.push(if at > 0 { NEXT } else { "" });
        text.push(part);
    }
    text.key()
}
