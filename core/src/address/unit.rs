//! Units: apartments, suites, floors, buildings (USPS Publication 28 §21 and Appendix C2).

use super::label::{Label, Labels};
use super::token::{Token, ordinal_digits};
use super::words::{Words, text};
use super::{line, number};
use crate::geo::lexicon;
use crate::geo::usps;
use std::ops::Range;

/// More units than this in one address are left where they are.
const MOST: usize = 6;

/// A unit among the words that are left: the whole of it, and the number in it.
struct Unit {
    kind: Option<&'static str>,
    all: Range<usize>,
    id: Range<usize>,
}

/// A unit that was taken out: the words from first to last, by their places.
#[derive(Clone, Copy, Default)]
struct Taken {
    kind: Option<&'static str>,
    numbered: bool,
    first: usize,
    last: usize,
}

impl Taken {
    /// Whether it has its number, or needs none.
    fn is_whole(&self) -> bool {
        self.numbered || self.kind.is_some_and(usps::unit_stands_alone)
    }

    fn is_outer(&self) -> bool {
        self.kind.is_some_and(|kind| ["BLDG", "DEPT", "FL", "LEVEL"].contains(&kind))
    }
}

/// Takes the units out of the words. One is the unit, one is around it.
pub(super) fn take_units(words: &mut Words<'_, '_>, all: &[Token<'_>], labels: &mut Labels) {
    let mut units = [Taken::default(); MOST];
    let mut free = units.iter_mut();
    let mut at = 0;
    while at < words.len() {
        let unit = if free.len() > 0 { unit_at(words, at) } else { None };
        match unit {
            Some(unit) => {
                let place = |at: usize| words.get(at).map_or(0, Token::at);
                let taken = Taken {
                    kind: unit.kind,
                    numbered: !unit.id.is_empty(),
                    first: place(unit.all.start),
                    last: place(unit.all.end - 1),
                };
                if let Some(slot) = free.next() {
                    *slot = taken;
                }
                words.mark(unit.all.clone(), Label::UnitType, labels);
                words.mark(unit.id, Label::Unit, labels);
                words.cut(unit.all);
            }
            None if text(words, at) == "#" && after_numbered_road(words, at) => {
                words.mark(at..at + 1, Label::Mark, labels);
                words.remove(at);
            }
            None => at += 1,
        }
    }
    let count = MOST - free.len();
    part(units.get(..count).unwrap_or_default(), all, labels);
}

/// The last unit that is not a building, floor or department is the inner one, else the last of all; the
/// department at a post office box is around it and no unit.
fn part(units: &[Taken], all: &[Token<'_>], labels: &mut Labels) {
    let boxed = labels.has(Label::Box);
    let is_inner = |unit: &Taken| !unit.is_outer() && unit.is_whole();
    let is_any = |unit: &Taken| unit.is_whole() && !(boxed && unit.kind == Some("DEPT"));
    let inner = units.iter().rposition(is_inner).or_else(|| units.iter().rposition(is_any));
    let inner = inner.or_else(|| units.iter().rposition(|unit| !unit.is_whole()));
    let outer = units.iter().enumerate().filter(|(at, _)| Some(*at) != inner);
    for (count, (_, unit)) in outer.enumerate() {
        let (kind, id) = if count == 0 { (Label::OuterType, Label::Outer) } else { (Label::Other, Label::Other) };
        let words = all.get(unit.first..=unit.last).unwrap_or_default();
        labels.change(words, Label::UnitType, kind);
        labels.change(words, Label::Unit, id);
    }
}

/// The unit that starts at a word.
fn unit_at(words: &Words<'_, '_>, at: usize) -> Option<Unit> {
    let unit = |kind: Option<&'static str>, all: Range<usize>, id: Range<usize>| Some(Unit { kind, all, id });
    let word = words.get(at)?;
    if word.text == "#" {
        return marked(words, at);
    }
    if word.is_ordinal() && is_ordinal_floor(words, at) {
        return unit(Some("FL"), at..at + 2, at..at + 1);
    }
    if word.has_digit()
        && let Some((kind, _)) = glued(word.text).filter(|_| at != 1)
    {
        return unit(Some(kind), at..at + 1, at..at + 1);
    }
    if word.text == "NO"
        && at > 1
        && follows_street(words, at)
        && !after_numbered_road(words, at)
        && words.get(at + 1).is_some_and(Token::has_digit)
    {
        return unit(None, at..at + 2, at + 1..at + 2);
    }
    if word.text == "ST" && at > 0 && is_suite_number(words, at) {
        return unit(Some("STE"), at..at + 2, at + 1..at + 2);
    }
    let kind = word.unit().filter(|kind| may_start_here(words, at, kind))?;
    designated(words, at, at, kind)
}

/// `ST 310` in a segment of its own is a suite.
fn is_suite_number(words: &Words<'_, '_>, at: usize) -> bool {
    let number = words.get(at + 1).is_some_and(Token::is_digits);
    number && words.opens_segment(at) && !words.closes_segment(at) && words.closes_segment(at + 1)
}

/// Takes out `MSC 24`, `MAIL STOP 5-230`: where mail goes within a firm is no part of the address.
pub(super) fn take_mail_stop(words: &mut Words<'_, '_>) {
    let stop = |at: usize| match text(words, at) {
        "MSC" | "MS" | "MAILSTOP" => Some(at + 1),
        "MAIL" if ["STOP", "CODE"].contains(&text(words, at + 1)) => Some(at + 2),
        _ => None,
    };
    let found = words.find_map(|at| {
        let id = stop(at)?;
        let id = id + usize::from(text(words, id) == "#");
        let numbered = words.get(id).is_some_and(|word| word.has_digit() && !word.is_ordinal());
        // `MS 35` alone is a road of Mississippi.
        let behind = at > 0
            && (words.opens_segment(at)
                || follows_street(words, at)
                || words.get(at - 1).is_some_and(|word| word.suffix().is_some()));
        (numbered && behind).then_some(at..id + 1)
    });
    if let Some(found) = found {
        words.cut(found);
    }
}

/// `APT 4`, `STE # D`, `BLDG C`, `REAR`, and a designator with nothing after it.
fn designated(words: &Words<'_, '_>, start: usize, at: usize, kind: &'static str) -> Option<Unit> {
    let skip = |at: usize| at + usize::from(["#", "NO", "NUMBER"].contains(&text(words, at)));
    let after = if words.closes_segment(at) && text(words, at + 1) != "#" { at + 1 } else { skip(at + 1) };
    let broken = words.closes_segment(at) && after == at + 1;
    if let Some(id) = id_at(words, after).filter(|_| !broken) {
        let id = with_side(words, start, id);
        return Some(Unit { kind: Some(kind), all: start..id.end, id });
    }
    let alone = usps::unit_stands_alone(kind) || ["APT", "LOT", "RM", "STE", "UNIT"].contains(&kind);
    let fits = at > 0 && alone && words.closes_segment(at);
    fits.then(|| Unit { kind: Some(kind), all: start..at + 1, id: at..at })
}

/// `# 12`, `# APT 1`; but not the number of an account, a highway, or of a house at the very start.
fn marked(words: &Words<'_, '_>, at: usize) -> Option<Unit> {
    if let Some(kind) = words.get(at + 1).and_then(Token::unit) {
        return designated(words, at, at + 1, kind);
    }
    let before = at.checked_sub(1).map_or("", |before| text(words, before));
    let account = ["ACCOUNT", "ACCT", "BIN", "CUSTOMER", "FILE", "ID", "KBA", "REF"].contains(&before);
    if account || after_numbered_road(words, at) {
        return None;
    }
    let id = with_side(words, at, id_at(words, at + 1)?);
    let house_number = at == 0 && !number::starts_at(words.all(), id.end);
    (!house_number).then_some(Unit { kind: None, all: at..id.end, id })
}

/// The number of a unit: `4`, `4B`, `4 B`, `C 4`, `1-5 344`, `D`, or a short word at the end of its segment.
fn id_at(words: &Words<'_, '_>, at: usize) -> Option<Range<usize>> {
    let word = words.get(at)?;
    let closes = words.closes_segment(at);
    let ends =
        words.closes_segment(at + 1) || words.get(at + 2).is_some_and(|word| word.unit().is_some() || word.text == "#");
    let next = words.get(at + 1).filter(|_| !closes && ends);
    let belongs = |next: &Token<'_>| {
        word.is_digits() && next.is_letter()
            || word.is_letter() && next.is_digits()
            || word.has_digit() && !word.is_ordinal() && next.is_digits()
    };
    if next.is_some_and(belongs) {
        return Some(at..at + 2);
    }
    let plain = word.suffix().is_none() && word.directional().is_none();
    let short = closes && plain && word.text.len() <= 4 && word.text != "#" && word.text != "&";
    (word.has_digit() || word.is_letter() || short).then_some(at..at + 1)
}

/// `# 3 SOUTH`: the directional belongs to the unit where the street has one already.
fn with_side(words: &Words<'_, '_>, start: usize, id: Range<usize>) -> Range<usize> {
    let is_directional = |word: &Token<'_>| word.directional().is_some();
    let numbered = words.get(id.start).is_some_and(|word| word.has_digit() && !word.is_ordinal());
    let side = words.get(id.end).is_some_and(is_directional) && words.closes_segment(id.end);
    let street = words.all().get(..start).unwrap_or_default();
    if numbered && side && !words.closes_segment(id.end - 1) && street.iter().any(is_directional) {
        return id.start..id.end + 1;
    }
    id
}

/// `2ND FLOOR`.
fn is_ordinal_floor(words: &Words<'_, '_>, at: usize) -> bool {
    words.get(at + 1).and_then(Token::unit) == Some("FL") && !words.closes_segment(at)
}

/// The number of the floor in `2ND FLOOR`, `SECOND FLOOR`.
pub(super) fn floor_number<'s>(word: &Token<'s>) -> &'s str {
    ordinal_digits(word.text).or_else(|| lexicon::word(word.text).number()).unwrap_or(word.text)
}

/// `APT12`, `STE200`, `LT42`.
pub(super) fn glued(word: &str) -> Option<(&'static str, &str)> {
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
    // `FL 91 MILEPOST 299` is a road of Florida, `FL 2 100 MAIN ST` a floor.
    if at == 0 && text(words, at) == "FL" && !words.closes_segment(1) {
        return words.get(2).is_some_and(is_number);
    }
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
