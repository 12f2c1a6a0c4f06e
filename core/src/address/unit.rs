//! Units: apartments, suites, floors, buildings (USPS Publication 28 §21 and Appendix C2).

use super::components::Components;
use super::report::Report;
use super::token::{Token, ordinal_digits};
use super::words::{Words, text};
use super::{line, number};
use crate::geo::lexicon;
use crate::geo::usps;
use crate::model::Code;
use std::borrow::Cow;

/// More units than this in one address are left where they are.
const MOST: usize = 6;

#[derive(Default)]
struct Unit<'s> {
    kind: Option<&'static str>,
    id: Cow<'s, str>,
    written: Cow<'s, str>,
}

impl Unit<'_> {
    /// Whether it has its number, or needs none.
    fn is_whole(&self) -> bool {
        !self.id.is_empty() || self.kind.is_some_and(usps::unit_stands_alone)
    }
}

/// Takes the units out of the words. One goes to `unit`, one around it to `unit2`.
pub(super) fn take_units(words: &mut Words<'_, '_>, components: &mut Components, report: &mut Report<'_>) {
    let mut units: [Unit<'_>; MOST] = Default::default();
    let mut free = units.iter_mut();
    let mut at = 0;
    while at < words.len() {
        let unit = if free.len() > 0 { unit_at(words, at) } else { None };
        match unit {
            Some((unit, end)) => {
                let written = words.cut(at..end);
                if let Some(slot) = free.next() {
                    *slot = Unit { written, ..unit };
                }
            }
            None if text(words, at) == "#" && after_numbered_road(words, at) => words.remove(at),
            None => at += 1,
        }
    }
    let count = MOST - free.len();
    place(units.get(..count).unwrap_or_default(), components, report);
}

/// The last unit that is not a building, floor or department is the inner one, else the last of all; the
/// department at a post office box is around it and no unit.
fn place(units: &[Unit<'_>], components: &mut Components, report: &mut Report<'_>) {
    let boxed = components.po_box.is_some();
    let is_inner = |unit: &Unit<'_>| !is_outer(unit.kind) && unit.is_whole();
    let is_any = |unit: &Unit<'_>| unit.is_whole() && !(boxed && unit.kind == Some("DEPT"));
    let inner = units.iter().rposition(is_inner).or_else(|| units.iter().rposition(is_any));
    for unit in units {
        note(unit, report);
    }
    let inner = inner.or_else(|| units.iter().rposition(|unit| !unit.is_whole()));
    if let Some(unit) = inner.and_then(|inner| units.get(inner)) {
        (components.unit_type, components.unit) = (unit.kind.map(Into::into), some(&unit.id));
    }
    let mut outer = units.iter().enumerate().filter(|(at, _)| Some(*at) != inner).map(|(_, unit)| unit);
    if let Some(unit) = outer.next() {
        (components.unit2_type, components.unit2) = (unit.kind.map(Into::into), some(&unit.id));
    }
    for unit in outer {
        report.correct(Code::AddressExtraRemoved, &*unit.written, "");
    }
}

fn some(id: &str) -> Option<String> {
    Some(id).filter(|id| !id.is_empty()).map(str::to_owned)
}

fn is_outer(kind: Option<&str>) -> bool {
    kind.is_some_and(|kind| ["BLDG", "DEPT", "FL", "LEVEL"].contains(&kind))
}

fn note(unit: &Unit<'_>, report: &mut Report<'_>) {
    let kind = unit.kind.unwrap_or("#");
    let id = unit.written.strip_prefix(kind).map(|rest| rest.strip_prefix(' ').unwrap_or("-"));
    let is_standard = if unit.id.is_empty() { unit.written == kind } else { id == Some(&unit.id) };
    if !is_standard {
        report.correct(Code::AddressUnitStandardized, &*unit.written, [kind, &unit.id].join(" ").trim());
    }
    if !unit.is_whole() {
        report.problem(Code::AddressUnitMissing);
    }
}

/// The unit that starts at a word, and the place after it.
fn unit_at<'s>(words: &Words<'_, 's>, at: usize) -> Option<(Unit<'s>, usize)> {
    let unit = |kind: Option<&'static str>, id: &'s str, end: usize| {
        Some((Unit { kind, id: id.into(), ..Unit::default() }, end))
    };
    let word = words.get(at)?;
    if word.text == "#" {
        return marked(words, at);
    }
    if word.is_ordinal()
        && let Some(floor) = ordinal_floor(words, at)
    {
        return unit(Some("FL"), floor, at + 2);
    }
    if word.has_digit()
        && let Some((kind, id)) = glued(word.text).filter(|_| at != 1)
    {
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
    let kind = word.unit().filter(|kind| may_start_here(words, at, kind))?;
    designated(words, at, kind)
}

/// `APT 4`, `STE # D`, `BLDG C`, `REAR`, and a designator with nothing after it.
fn designated<'s>(words: &Words<'_, 's>, at: usize, kind: &'static str) -> Option<(Unit<'s>, usize)> {
    let skip = |at: usize| at + usize::from(["#", "NO", "NUMBER"].contains(&text(words, at)));
    let after = if words.closes_segment(at) && text(words, at + 1) != "#" { at + 1 } else { skip(at + 1) };
    let broken = words.closes_segment(at) && after == at + 1;
    if let Some((id, end)) = id_at(words, after).filter(|_| !broken) {
        return Some((Unit { kind: Some(kind), id, ..Unit::default() }, end));
    }
    let alone = usps::unit_stands_alone(kind) || ["APT", "LOT", "RM", "STE", "UNIT"].contains(&kind);
    let fits = at > 0 && alone && words.closes_segment(at);
    fits.then(|| (Unit { kind: Some(kind), ..Unit::default() }, at + 1))
}

/// `# 12`, `# APT 1`; but not the number of an account, a highway, or of a house at the very start.
fn marked<'s>(words: &Words<'_, 's>, at: usize) -> Option<(Unit<'s>, usize)> {
    if let Some(kind) = words.get(at + 1).and_then(Token::unit) {
        return designated(words, at + 1, kind);
    }
    let before = at.checked_sub(1).map_or("", |before| text(words, before));
    let account = ["ACCOUNT", "ACCT", "BIN", "CUSTOMER", "FILE", "ID", "KBA", "REF"].contains(&before);
    if account || after_numbered_road(words, at) {
        return None;
    }
    let (id, end) = id_at(words, at + 1)?;
    let house_number = at == 0 && !number::starts_at(words.all(), end);
    (!house_number).then(|| (Unit { id, ..Unit::default() }, end))
}

/// The number of a unit: `4`, `4B`, `4 B`, `C 4`, `D`, or a short word at the end of its segment.
fn id_at<'s>(words: &Words<'_, 's>, at: usize) -> Option<(Cow<'s, str>, usize)> {
    let word = words.get(at)?;
    let closes = words.closes_segment(at);
    let next = words.get(at + 1).filter(|_| !closes && words.closes_segment(at + 1));
    let fits = |next: &&Token<'_>| word.is_digits() && next.is_letter() || word.is_letter() && next.is_digits();
    if let Some(next) = next.filter(fits) {
        return Some(([word.text, next.text].concat().into(), at + 2));
    }
    let plain = word.suffix().is_none() && word.directional().is_none();
    let short = closes && plain && word.text.len() <= 4 && word.text != "#" && word.text != "&";
    (word.has_digit() || word.is_letter() || short).then(|| (word.text.into(), at + 1))
}

/// `2ND FLOOR`: the floor's number.
fn ordinal_floor<'s>(words: &Words<'_, 's>, at: usize) -> Option<&'s str> {
    let floor = words.get(at + 1).and_then(Token::unit) == Some("FL");
    let word = text(words, at);
    let number = || ordinal_digits(word).or_else(|| lexicon::word(word).number());
    if floor && !words.closes_segment(at) { number() } else { None }
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
fn may_start_here(words: &Words<'_, '_>, at: usize, kind: &str) -> bool {
    let before = at.checked_sub(1).and_then(|before| words.get(before));
    let is_number = |word: &Token<'_>| word.has_digit() && !word.is_ordinal();
    let directional = before.is_some_and(|word| word.directional().is_some());
    let first = if directional && at > 1 && at < 3 { words.get(0) } else { before };
    let after_number = first.is_some_and(is_number) && !words.opens_segment(at);
    !after_number || ["APT", "STE", "UNIT"].contains(&kind)
}

fn after_numbered_road(words: &Words<'_, '_>, at: usize) -> bool {
    !words.opens_segment(at) && line::is_numbered_road(words.all().get(..at).unwrap_or_default())
}

fn follows_street(words: &Words<'_, '_>, at: usize) -> bool {
    at.checked_sub(1).is_some_and(|before| super::city::ends_street_line(words.all(), before))
}
