//! Standard lines as Canada Post's addressing guidelines write them, and what goes into the key.

use super::delivery::Delivery;
use super::words::{direction, english_direction, ordinal, type_class};
use crate::address::GENERAL_DELIVERY;
use crate::address::components::Components;
use crate::address::token::is_digits;

/// The place as it is written on the last line.
#[derive(Default)]
pub(super) struct LastLine {
    pub(super) city: Option<String>,
    pub(super) province: Option<&'static str>,
    pub(super) postal: Option<String>,
}

/// The lines of an address from top to bottom: `10-123 MAIN ST NW`, `45 AV DU PARC APP 3`, `PO BOX 12 STN A`, and
/// `OTTAWA ON  K1A 0B1` with two spaces before the postal code.
pub(super) fn lines(delivery: &Delivery, last: &LastLine) -> Vec<String> {
    let place = joined([last.city.as_deref(), last.province]);
    let end = match &last.postal {
        Some(code) if place.is_empty() => code.clone(),
        Some(code) => [&place, "  ", code].concat(),
        None => place,
    };
    [street_line(&delivery.components), route_line(delivery), end].into_iter().filter(|line| !line.is_empty()).collect()
}

/// The parts that are there, with single spaces.
fn joined<'a>(parts: impl IntoIterator<Item = Option<&'a str>>) -> String {
    parts.into_iter().flatten().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

fn street_line(parts: &Components) -> String {
    let Some(name) = parts.street.as_deref().filter(|name| *name != GENERAL_DELIVERY) else {
        return if parts.route_id.is_some() { String::new() } else { joined(units(parts, false)) };
    };
    let number = parts.house_number.as_deref();
    let (before, number) = match (&parts.unit_type, parts.unit.as_deref(), number) {
        (None, Some(unit), Some(number)) => (true, Some([unit, "-", number].concat())),
        (_, _, number) => (false, number.map(str::to_owned)),
    };
    let kind = parts.suffix.as_deref();
    let (first, last) = if is_type_first(parts) { (kind, None) } else { (None, kind) };
    // The direction comes last, also where it was written before the name.
    let side = parts.postdirectional.as_deref().or(parts.predirectional.as_deref());
    let street = joined([number.as_deref(), first, Some(name), last, side]);
    let units = joined(units(parts, before));
    joined([Some(street.as_str()), Some(units.as_str())])
}

/// A French type stands before the name unless that is an ordinal.
fn is_type_first(parts: &Components) -> bool {
    const FRENCH: &[&str] = &[
        "ALLEE", "AUT", "AV", "BOUL", "CAR", "CARREF", "CERCLE", "CH", "COTE", "COUR", "COURS", "CROIS", "ILE", "IMP",
        "MONTEE", "PASS", "PLACE", "PROM", "QUAI", "RANG", "RTE", "RUE", "RLE", "SENT", "TSSE", "VOIE",
    ];
    let number = parts.street.as_deref().and_then(ordinal).is_some_and(|(_, french)| french);
    !number && parts.suffix.as_deref().is_some_and(|kind| FRENCH.contains(&kind))
}

/// Designators with their numbers; `before` where the unit is written before the number.
fn units(parts: &Components, before: bool) -> [Option<&str>; 4] {
    let Components { unit_type, unit, unit2_type, unit2, route_id, .. } = parts;
    let inner = !before && route_id.is_none();
    let kind = unit_type.as_deref().or_else(|| unit.as_ref().map(|_| "UNIT"));
    let outer = route_id.is_none();
    [
        unit2_type.as_deref().filter(|_| outer),
        unit2.as_deref().filter(|_| outer),
        kind.filter(|_| inner),
        unit.as_deref().filter(|_| inner),
    ]
}

/// `PO BOX 12 STN A`, `CP 12 SUCC A`, `SITE 6 COMP 10 RR 2`, `GD STN A`.
fn route_line(delivery: &Delivery) -> String {
    let Components { po_box, route_type, route_id, station, street, .. } = &delivery.components;
    let parts = &delivery.components;
    let word = |english, french| if delivery.french { french } else { english };
    let site = |part: &'_ Option<String>| route_id.as_ref().and(part.clone());
    let sites = [&parts.unit2_type, &parts.unit2, &parts.unit_type, &parts.unit].map(site);
    let general = street.as_deref().filter(|name| *name == GENERAL_DELIVERY).map(|_| word("GD", "PR"));
    // A box on a route is none at a post office.
    let box_word = po_box.as_ref().map(|_| if route_id.is_some() { "BOX" } else { word("PO BOX", "CP") });
    let numbered = parts.house_number.is_none();
    let [a, b, c, d] = sites.each_ref().map(|part| part.as_deref().filter(|_| numbered));
    joined([
        a,
        b,
        c,
        d,
        general,
        box_word,
        po_box.as_deref(),
        route_type.as_deref(),
        route_id.as_deref(),
        station.as_deref(),
    ])
}

/// The components as the key takes them: one spelling for both languages, the direction at the end, ordinals as `5TH`.
pub(super) fn folded(parts: &Components) -> Components {
    let mut folded = parts.clone();
    let name = parts.street.as_deref().unwrap_or_default();
    let side = parts.postdirectional.as_deref().or(parts.predirectional.as_deref());
    // `WEST GEORGIA ST` is `W GEORGIA ST`.
    let (side, name) = match name.split_once(' ') {
        Some((first, rest)) if side.is_none() => {
            direction(first, false).map_or((None, name), |side| (Some(side), rest))
        }
        _ => (side, name),
    };
    folded.suffix = parts.suffix.as_deref().map(|kind| type_class(kind).to_owned());
    folded.predirectional = None;
    folded.postdirectional = side.map(|side| english_direction(side).to_owned());
    let words: Vec<String> = name.split([' ', '-']).map(folded_word).collect();
    folded.street = parts.street.as_ref().map(|_| words.join(" "));
    folded
}

fn folded_word(word: &str) -> String {
    match ordinal(word) {
        Some((digits, _)) => [digits, "TH"].concat(),
        None if is_digits(word) => [word, "TH"].concat(),
        None if word == "SAINTE" => "STE".to_owned(),
        None => word.to_owned(),
    }
}
