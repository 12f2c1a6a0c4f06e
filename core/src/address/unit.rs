//! Units: apartments, suites, floors, buildings (USPS Publication 28 §21 and Appendix C2).

use super::components::Components;
use super::report::Report;
use super::token::Token;
use super::words::{Words, text};
use super::{line, number};
use crate::geo::usps;
use crate::model::Code;

struct Unit {
    kind: Option<&'static str>,
    id: String,
    written: String,
}

impl Unit {
    /// Whether it has its number, or needs none.
    fn is_whole(&self) -> bool {
        !self.id.is_empty() || self.kind.is_some_and(usps::unit_stands_alone)
    }
}

/// Takes the units out of the words. One goes to `unit`, one around it to `unit2`.
pub(super) fn take_units(words: &mut Words, components: &mut Components, report: &mut Report<'_>) {
    let mut units = Vec::new();
    let mut at = 0;
    while at < words.len() {
        match unit_at(words, at) {
            Some((mut unit, end)) => {
                unit.written = words.cut(at..end);
                units.push(unit);
            }
            None if text(words, at) == "#" && after_numbered_road(words, at) => words.remove(at),
            None => at += 1,
        }
    }
    place(units, components, report);
}

/// The last unit that is not a building, floor or department is the inner one, else the last of all; the
/// department at a post office box is around it and no unit.
fn place(mut units: Vec<Unit>, components: &mut Components, report: &mut Report<'_>) {
    let boxed = components.po_box.is_some();
    let is_inner = |unit: &Unit| !is_outer(unit.kind) && unit.is_whole();
    let is_any = |unit: &Unit| unit.is_whole() && !(boxed && unit.kind == Some("DEPT"));
    let inner = units.iter().rposition(is_inner).or_else(|| units.iter().rposition(is_any));
    for unit in &units {
        note(unit, report);
    }
    if let Some(inner) = inner.or_else(|| units.iter().rposition(|unit| !unit.is_whole())) {
        let unit = units.remove(inner);
        (components.unit_type, components.unit) = (unit.kind.map(Into::into), some(unit.id));
    }
    let mut outer = units.into_iter();
    if let Some(unit) = outer.next() {
        (components.unit2_type, components.unit2) = (unit.kind.map(Into::into), some(unit.id));
    }
    for unit in outer {
        report.correct(Code::AddressExtraRemoved, &unit.written, "");
    }
}

fn some(id: String) -> Option<String> {
    Some(id).filter(|id| !id.is_empty())
}

fn is_outer(kind: Option<&str>) -> bool {
    kind.is_some_and(|kind| ["BLDG", "DEPT", "FL", "LEVEL"].contains(&kind))
}

fn note(unit: &Unit, report: &mut Report<'_>) {
    let standard = [unit.kind.unwrap_or("#"), &unit.id].join(" ");
    report.correct(Code::AddressUnitStandardized, &unit.written, standard.trim());
    if !unit.is_whole() {
        report.problem(Code::AddressUnitMissing);
    }
}

/// The unit that starts at a word, and the place after it.
fn unit_at(words: &Words, at: usize) -> Option<(Unit, usize)> {
    let unit = |kind: Option<&'static str>, id: &str, end: usize| {
        Some((Unit { kind, id: id.into(), written: String::new() }, end))
    };
    let word = words.get(at)?;
    if word.text == "#" {
        return marked(words, at);
    }
    if let Some(floor) = ordinal_floor(words, at) {
        return unit(Some("FL"), floor, at + 2);
    }
    if let Some((kind, id)) = glued(&word.text).filter(|_| at != 1) {
        return unit(Some(kind), id, at + 1);
    }
    if word.text == "NO"
        && at > 1
        && follows_street(words, at)
        && !after_numbered_road(words, at)
        && words.get(at + 1).is_some_and(Token::has_digit)
    {
        return unit(None, text(words, at + 1), at + 2);
    }
    let kind = usps::unit(&word.text).filter(|kind| may_start_here(words, at, kind))?;
    designated(words, at, kind)
}

/// `APT 4`, `STE # D`, `BLDG C`, `REAR`, and a designator with nothing after it.
fn designated(words: &Words, at: usize, kind: &'static str) -> Option<(Unit, usize)> {
    let skip = |at: usize| at + usize::from(["#", "NO", "NUMBER"].contains(&text(words, at)));
    let after = if words.closes_segment(at) && text(words, at + 1) != "#" { at + 1 } else { skip(at + 1) };
    let broken = words.closes_segment(at) && after == at + 1;
    if let Some((id, end)) = id_at(words, after).filter(|_| !broken) {
        return Some((Unit { kind: Some(kind), id, written: String::new() }, end));
    }
    let alone = usps::unit_stands_alone(kind) || ["APT", "LOT", "RM", "STE", "UNIT"].contains(&kind);
    let fits = at > 0 && alone && words.closes_segment(at);
    fits.then(|| (Unit { kind: Some(kind), id: String::new(), written: String::new() }, at + 1))
}

/// `# 12`, `# APT 1`; but not the number of an account, a highway, or of a house at the very start.
fn marked(words: &Words, at: usize) -> Option<(Unit, usize)> {
    if let Some(kind) = usps::unit(text(words, at + 1)) {
        return designated(words, at + 1, kind);
    }
    let before = at.checked_sub(1).map_or("", |before| text(words, before));
    let account = ["ACCOUNT", "ACCT", "BIN", "CUSTOMER", "FILE", "ID", "KBA", "REF"].contains(&before);
    if account || after_numbered_road(words, at) {
        return None;
    }
    let (id, end) = id_at(words, at + 1)?;
    let house_number = at == 0 && !number::starts_at(words.all(), end);
    (!house_number).then(|| (Unit { kind: None, id, written: String::new() }, end))
}

/// The number of a unit: `4`, `4B`, `4 B`, `C 4`, `D`, or a short word at the end of its segment.
fn id_at(words: &Words, at: usize) -> Option<(String, usize)> {
    let word = words.get(at)?;
    let letter = |word: &Token| word.text.len() == 1 && word.is_letters();
    let closes = words.closes_segment(at);
    let next = words.get(at + 1).filter(|_| !closes && words.closes_segment(at + 1));
    if let Some(next) = next.filter(|next| word.is_digits() && letter(next) || letter(word) && next.is_digits()) {
        return Some((format!("{}{}", word.text, next.text), at + 2));
    }
    let plain = usps::suffix(&word.text).is_none() && usps::directional(&word.text).is_none();
    let short = closes && plain && word.text.len() <= 4 && word.text != "#" && word.text != "&";
    (word.has_digit() || letter(word) || short).then(|| (word.text.clone(), at + 1))
}

/// `2ND FLOOR`: the floor's number.
fn ordinal_floor(words: &Words, at: usize) -> Option<&str> {
    let number = number::ordinal(text(words, at))?;
    let floor = usps::unit(text(words, at + 1)) == Some("FL");
    (floor && !words.closes_segment(at)).then_some(number)
}

/// `APT12`, `STE200`, `LT42`.
fn glued(word: &str) -> Option<(&'static str, &str)> {
    let at = word.find(|c: char| c.is_ascii_digit()).filter(|at| *at >= 2)?;
    let (letters, id) = word.split_at_checked(at)?;
    let kind =
        usps::unit(letters).filter(|kind| ["APT", "BLDG", "LOT", "RM", "SPC", "STE", "TRLR", "UNIT"].contains(kind));
    Some((kind?, id))
}

/// A designator right after the house number is more likely a street's name, unless it is never one.
fn may_start_here(words: &Words, at: usize, kind: &str) -> bool {
    let before = at.checked_sub(1).and_then(|before| words.get(before));
    let is_number = |word: &Token| word.has_digit() && number::ordinal(&word.text).is_none();
    let directional = before.is_some_and(|word| usps::directional(&word.text).is_some());
    let first = if directional && at > 1 && at < 3 { words.get(0) } else { before };
    let after_number = first.is_some_and(is_number) && !words.opens_segment(at);
    !after_number || ["APT", "STE", "UNIT"].contains(&kind)
}

fn after_numbered_road(words: &Words, at: usize) -> bool {
    !words.opens_segment(at) && line::is_numbered_road(words.all().get(..at).unwrap_or_default())
}

fn follows_street(words: &Words, at: usize) -> bool {
    at.checked_sub(1).is_some_and(|before| super::city::ends_street_line(words.all(), before))
}
