//! Standard lines (USPS Publication 28 §§21–29, Appendix F for numbered roads).

use super::components::Components;
use super::number;
use super::settle::LastLine;
use super::words::pieces;
use crate::geo::lexicon::{self, Kind};
use crate::geo::usps;
use std::borrow::Cow;

/// The lines of an address from top to bottom; `name` is the standard name of the street.
pub(super) fn lines(components: &Components, name: &str, last: &LastLine<'_>) -> Vec<String> {
    let Components { urbanization, po_box, route_id, .. } = components;
    let more = urbanization.is_some() || po_box.is_some() || route_id.is_some();
    let mut lines = Vec::with_capacity(if more { 4 } else { 2 });
    let mut line = Line::default();
    if let Some(name) = &components.urbanization {
        line.words(["URB", name]);
        line.end(&mut lines);
    }
    write_street(components, name, &mut line);
    write_unit(components.unit2_type.as_deref(), components.unit2.as_deref(), &mut line);
    write_unit(components.unit_type.as_deref(), components.unit.as_deref(), &mut line);
    line.end(&mut lines);
    write_box(components, &mut line);
    line.end(&mut lines);
    last.write(&mut line.0);
    line.end(&mut lines);
    lines
}

/// A line that is being written, one space between words.
#[derive(Default)]
struct Line(String);

impl Line {
    /// Adds what was written to the lines, and begins anew.
    fn end(&mut self, lines: &mut Vec<String>) {
        if !self.0.is_empty() {
            lines.push(std::mem::take(&mut self.0));
        }
    }

    fn word(&mut self, word: &str) {
        if word.is_empty() {
            return;
        }
        match self.0.is_empty() {
            true => self.0.reserve(48),
            false => self.0.push(' '),
        }
        self.0.push_str(word);
    }

    fn words<'a>(&mut self, words: impl IntoIterator<Item = &'a str>) {
        words.into_iter().for_each(|word| self.word(word));
    }

    fn part(&mut self, part: Option<&String>) {
        self.word(part.map_or("", String::as_str));
    }

    fn suffix(&mut self, part: Option<&String>) {
        self.word(part.map_or("", |word| standard_suffix(word)));
    }
}

fn write_street(components: &Components, name: &str, line: &mut Line) {
    let Components { house_number, predirectional, suffix, postdirectional, street2, suffix2, .. } = components;
    line.part(house_number.as_ref());
    line.part(predirectional.as_ref());
    line.word(name);
    line.suffix(suffix.as_ref());
    line.part(postdirectional.as_ref());
    if street2.is_some() {
        line.word("&");
    }
    line.part(street2.as_ref());
    line.suffix(suffix2.as_ref());
}

/// The abbreviation of a suffix, misspelt ones mended.
pub(super) fn standard_suffix(word: &str) -> &str {
    usps::suffix(word).or_else(|| usps::suffix_with_a_slip(word)).unwrap_or(word)
}

/// `APT 4B`, `# 4`, `REAR`; a designator that lacks its number is left out.
fn write_unit(kind: Option<&str>, id: Option<&str>, line: &mut Line) {
    match (kind, id) {
        (kind, Some(id)) => line.words([kind.unwrap_or("#"), id]),
        (Some(kind), None) if usps::unit_stands_alone(kind) => line.word(kind),
        _ => {}
    }
}

/// `PO BOX 11890`, `RR 4 BOX 87A`, `PSC 802 BOX 74`.
fn write_box(components: &Components, line: &mut Line) {
    let Components { po_box, route_type, route_id, .. } = components;
    match (route_type, route_id, po_box) {
        (Some(kind), Some(id), Some(number)) => line.words([kind, id, "BOX", number]),
        (Some(kind), Some(id), None) => line.words([kind.as_str(), id]),
        (_, _, Some(number)) => line.words(["PO BOX", number]),
        _ => {}
    }
}

/// A street's name with numbered roads spelled as in Appendix F: `CR 12` → `COUNTY ROAD 12`.
pub(super) fn standard_name(name: &str) -> Cow<'_, str> {
    let may_change = |word: &str| {
        let known = lexicon::word(word);
        known.is(Kind::ROUTE) || known.is(Kind::OWNER) || word.bytes().any(|byte| byte == b'-')
    };
    if !pieces(name, |byte| byte == b' ').any(may_change) {
        return name.into();
    }
    if let Some(id) = farm_to_market(name) {
        return format!("FM {id}").into();
    }
    let (mut length, mut rest) = (0, Some(name));
    route_words(name, |word| {
        length += word.len() + 1;
        rest = rest.and_then(|rest| rest.strip_prefix(word)).map(|rest| rest.strip_prefix(' ').unwrap_or(rest));
    });
    if rest == Some("") && length == name.len() + 1 {
        return name.into();
    }
    let mut spelled = String::with_capacity(length);
    route_words(name, |word| {
        spelled.push_str(if spelled.is_empty() { "" } else { " " });
        spelled.push_str(word);
    });
    spelled.into()
}

/// The words of a numbered road as they are spelled.
fn route_words<'n>(name: &'n str, mut tell: impl FnMut(&'n str)) {
    let words = || name.split(' ').flat_map(parted_route);
    let mut after = words().skip(1);
    let mut before = "";
    for word in words() {
        let next = after.next().unwrap_or_default();
        // `HIGHWAY NO 33` is `HIGHWAY 33`.
        let is_number_sign = ["NO", "NUMBER"].contains(&word) && is_road(before) && begins_with_digit(next);
        if !is_number_sign {
            tell(spelled_route_word(word, before, if is_road(word) && next == "NO" { "0" } else { next }));
        }
        before = word;
    }
}

/// The number of `FARM TO MARKET ROAD 1960`, `FARM-TO-MARKET 1960`.
fn farm_to_market(name: &str) -> Option<&str> {
    let rest = name.strip_prefix("FARM TO MARKET ").or_else(|| name.strip_prefix("FARM-TO-MARKET "))?;
    let id = ["ROAD ", "RD "].iter().find_map(|road| rest.strip_prefix(road)).unwrap_or(rest);
    begins_with_digit(id).then_some(id)
}

fn begins_with_digit(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_digit())
}

/// `I-35` is two words of a numbered road; `A-1` is one of something else.
fn parted_route(word: &str) -> impl Iterator<Item = &str> {
    let parts = word.split_once('-').filter(|_| number::is_glued_route(word));
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
        "I" | "IH" if numbered => "INTERSTATE",
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
            ("FARM TO MARKET ROAD 1960", "FM 1960"),
            ("IH 35", "INTERSTATE 35"),
            ("AZ-260", "AZ 260"),
            ("MAIN", "MAIN"),
            ("OLD HWY", "OLD HWY"),
        ] {
            assert_eq!(standard_name(name), want, "{name}");
            assert_eq!(standard_name(want), want, "{want}");
        }
    }
}
