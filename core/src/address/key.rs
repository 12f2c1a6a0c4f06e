//! Keys: one text for one delivery point, however it was written.

use super::components::Components;
use super::settle::LastLine;
use super::standard::{standard_name, standard_suffix};
use super::{GENERAL_DELIVERY, number};
use crate::geo::usps;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;

/// The version of the key; a change to what goes into it makes a new one.
const PREFIX: &str = "a1:";

/// The key of a delivery point, and that of its building; none where nothing can be delivered.
pub(super) fn keys(components: &Components, last: &LastLine<'_>) -> Option<(String, String)> {
    let building = building(components, last)?;
    let unit = units(components);
    Some((hashed(&format!("{building}|{unit}")), hashed(&format!("{building}|"))))
}

fn building(components: &Components, last: &LastLine<'_>) -> Option<String> {
    let Components { house_number, street, po_box, route_type, route_id, urbanization, .. } = components;
    let on_street = house_number.is_some() && street.as_deref().is_some_and(|name| name != GENERAL_DELIVERY);
    if !on_street && po_box.is_none() {
        return None;
    }
    let number = house_number.as_deref().map(number_key).unwrap_or_default();
    let street = if on_street { street_key(components) } else { String::new() };
    let id = |part: &Option<String>| part.as_deref().map(id_key).unwrap_or_default();
    let parts = [
        number,
        street,
        id(urbanization),
        route_type.clone().unwrap_or_default(),
        id(route_id),
        id(po_box),
        last.key()?,
    ];
    Some(parts.join("|"))
}

/// First 128 bits of SHA-256 as 32 hexadecimal digits.
fn hashed(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    digest.iter().take(16).fold(PREFIX.to_owned(), |mut key, byte| {
        let _ = write!(key, "{byte:02x}");
        key
    })
}

fn number_key(number: &str) -> String {
    let digits = number::spelled(number).unwrap_or(number);
    let (first, rest) = digits.split_once('-').unwrap_or((digits, ""));
    // `109-A` is `109A`; the dash of `59-17` counts.
    let dash = if rest.starts_with(|c: char| c.is_ascii_digit()) { "-" } else { "" };
    format!("{}{dash}{}", first.replace(' ', "+"), rest)
}

/// All words of the street run together, so that `LA SALLE` is `LASALLE`.
fn street_key(components: &Components) -> String {
    let name = |part: &Option<String>| {
        let name = part.as_deref().map(standard_name).unwrap_or_default();
        name.split([' ', '-']).map(word_key).collect::<String>()
    };
    let suffix = |part: &Option<String>| part.as_deref().map(standard_suffix).unwrap_or_default().to_owned();
    let directional = |part: &Option<String>| part.clone().unwrap_or_default();
    [
        directional(&components.predirectional),
        name(&components.street),
        suffix(&components.suffix),
        directional(&components.postdirectional),
        name(&components.street2),
        suffix(&components.suffix2),
    ]
    .concat()
}

/// A word of a street's name: numbers without their ordinal ending or leading zeros, common words abbreviated.
fn word_key(word: &str) -> String {
    if let Some(digits) = number::ordinal(word) {
        return format!("{}TH", digits.trim_start_matches('0'));
    }
    let common = match word {
        "SAINT" => Some("ST"),
        "FORT" => Some("FT"),
        "MOUNT" => Some("MT"),
        "AND" => Some("&"),
        _ => None,
    };
    let known = common.or_else(|| usps::directional(word)).or_else(|| usps::suffix(word));
    known.unwrap_or(word).to_owned()
}

/// The unit's number without its designator; the designator where it has no number. A floor says
/// nothing more when the unit on it is known.
fn units(components: &Components) -> String {
    let Components { unit_type, unit, unit2_type, unit2, .. } = components;
    let one = |kind: &Option<String>, id: &Option<String>| match (kind, id) {
        (_, Some(id)) => id_key(id),
        (Some(kind), None) if usps::unit_stands_alone(kind) => kind.clone(),
        _ => String::new(),
    };
    let outer = match unit2_type.as_deref() {
        Some("FL" | "LEVEL" | "DEPT") => String::new(),
        _ => one(unit2_type, unit2),
    };
    format!("{outer}/{}", one(unit_type, unit))
}

/// A number or letters without spaces, dashes, leading zeros and an ordinal's ending.
fn id_key(id: &str) -> String {
    let plain: String = id.chars().filter(|c| c.is_alphanumeric()).collect();
    let digits = number::ordinal(&plain).unwrap_or(&plain);
    let short = digits.trim_start_matches('0');
    if short.is_empty() { digits.to_owned() } else { short.to_owned() }
}
