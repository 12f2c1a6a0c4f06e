//! Standard lines (USPS Publication 28 §§21–29, Appendix F for numbered roads).

use super::components::Components;
use super::report::Report;
use super::settle::LastLine;
use crate::geo::usps;
use crate::model::Code;

/// The lines of an address from top to bottom.
pub(super) fn lines(components: &Components, last: &LastLine, report: &mut Report<'_>) -> Vec<String> {
    let urbanization = components.urbanization.as_ref().map(|name| format!("URB {name}"));
    let street = Some([street_line(components, report), units(components)].join(" ").trim().to_owned());
    let all = [urbanization, street, box_line(components), Some(last.text())];
    all.into_iter().flatten().filter(|line| !line.is_empty()).collect()
}

fn street_line(components: &Components, report: &mut Report<'_>) -> String {
    let Components { house_number, predirectional, street, suffix, postdirectional, street2, suffix2, .. } = components;
    let name = street.as_deref().map(standard_name);
    report.correct(
        Code::AddressRouteStandardized,
        street.as_deref().unwrap_or_default(),
        name.as_deref().unwrap_or_default(),
    );
    let corner = street2.is_some().then(|| "&".to_owned());
    let parts = [
        house_number.clone(),
        predirectional.clone(),
        name,
        suffix.as_deref().map(standard_suffix),
        postdirectional.clone(),
        corner,
        street2.clone(),
        suffix2.as_deref().map(standard_suffix),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// The abbreviation of a suffix, misspelt ones mended.
pub(super) fn standard_suffix(word: &str) -> String {
    usps::suffix(word).or_else(|| usps::suffix_with_a_slip(word)).unwrap_or(word).to_owned()
}

/// `BLDG 7 APT 4B`, `# 4`, `REAR`; a designator that lacks its number is left out.
fn units(components: &Components) -> String {
    let Components { unit_type, unit, unit2_type, unit2, .. } = components;
    let one = |kind: &Option<String>, id: &Option<String>| {
        let alone = kind.clone().filter(|kind| usps::unit_stands_alone(kind));
        let kind = id.as_ref().map_or(alone, |_| Some(kind.clone().unwrap_or_else(|| "#".to_owned())));
        [kind, id.clone()].into_iter().flatten().collect::<Vec<_>>().join(" ")
    };
    [one(unit2_type, unit2), one(unit_type, unit)].join(" ").trim().to_owned()
}

/// `PO BOX 11890`, `RR 4 BOX 87A`, `PSC 802 BOX 74`.
fn box_line(components: &Components) -> Option<String> {
    let Components { po_box, route_type, route_id, .. } = components;
    match (route_type, route_id, po_box) {
        (Some(kind), Some(id), Some(number)) => Some(format!("{kind} {id} BOX {number}")),
        (Some(kind), Some(id), None) => Some(format!("{kind} {id}")),
        (_, _, Some(number)) => Some(format!("PO BOX {number}")),
        _ => None,
    }
}

/// A street's name with numbered roads spelled as in Appendix F: `CR 12` → `COUNTY ROAD 12`.
pub(super) fn standard_name(name: &str) -> String {
    let parted = name.split(' ').flat_map(parted_route);
    let words: Vec<&str> = parted.collect();
    let spelled = words.iter().enumerate().map(|(at, word)| {
        let before = at.checked_sub(1).and_then(|before| words.get(before)).copied().unwrap_or_default();
        let after = words.get(at + 1).copied().unwrap_or_default();
        // `HIGHWAY NO 33` is `HIGHWAY 33`.
        let counts =
            ["NO", "NUMBER"].contains(word) && is_road(before) && after.starts_with(|c: char| c.is_ascii_digit());
        (!counts).then(|| spelled_route_word(word, before, if is_road(word) && after == "NO" { "0" } else { after }))
    });
    spelled.flatten().collect::<Vec<_>>().join(" ")
}

/// `I-35` is two words of a numbered road; `A-1` is one of something else.
fn parted_route(word: &str) -> impl Iterator<Item = &str> {
    let parts = word.split_once('-').filter(|(kind, id)| {
        let road = ["CR", "FM", "HWY", "I", "RTE", "SH", "SR", "US"].contains(kind) || usps::state(kind) == Some(kind);
        road && id.starts_with(|c: char| c.is_ascii_digit())
    });
    let (first, second) = parts.map_or((word, None), |(kind, id)| (kind, Some(id)));
    std::iter::once(first).chain(second)
}

fn is_road(word: &str) -> bool {
    ["HGWY", "HIGHWAY", "HIWAY", "HWY", "RD", "ROAD", "ROUTE", "RT", "RTE"].contains(&word)
}

fn spelled_route_word<'w>(word: &'w str, before: &str, after: &str) -> &'w str {
    let owner = |w: &str| ["CNTY", "CO", "COUNTY", "CTY", "ST", "STATE", "US"].contains(&w);
    let numbered = after.starts_with(|c: char| c.is_ascii_digit());
    match word {
        "HGWY" | "HIWAY" | "HWY" if numbered || owner(before) => "HIGHWAY",
        "RT" | "RTE" if numbered || owner(before) => "ROUTE",
        "RD" if numbered && owner(before) => "ROAD",
        "CR" if numbered && before.is_empty() => "COUNTY ROAD",
        "I" if numbered => "INTERSTATE",
        "CNTY" | "CO" | "CTY" if is_road(after) => "COUNTY",
        "ST" if is_road(after) && before.is_empty() => "STATE",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbered_roads() {
        for (name, want) in [
            ("CR 12", "COUNTY ROAD 12"),
            ("CO RD 12", "COUNTY ROAD 12"),
            ("I-35", "INTERSTATE 35"),
            ("US HWY 1", "US HIGHWAY 1"),
            ("HWY 365", "HIGHWAY 365"),
            ("HWY NO 33", "HIGHWAY 33"),
            ("ST RTE 9", "STATE ROUTE 9"),
            ("FM 1960", "FM 1960"),
            ("AZ-260", "AZ 260"),
            ("MAIN", "MAIN"),
            ("OLD HWY", "OLD HWY"),
        ] {
            assert_eq!(standard_name(name), want, "{name}");
            assert_eq!(standard_name(want), want, "{want}");
        }
    }
}
