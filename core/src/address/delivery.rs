//! The delivery line: boxes, units, house number, street, corner; and what is none of these.

use super::components::Components;
use super::line::Corner;
use super::place::Place;
use super::report::Report;
use super::street::{Standard, Street, read_street};
use super::token::{Gap, Token, is_digits, joined};
use super::words::Words;
use super::{GENERAL_DELIVERY, boxes, line, number, unit};
use crate::geo::usps;
use crate::model::Code;
use std::borrow::Cow;

/// Reads what stands before the place; `room` is for the words that are left while parts are taken out.
pub(super) fn read_delivery<'s>(
    tokens: &[Token<'s>],
    room: &mut Vec<Token<'s>>,
    place: &Place<'_>,
    report: &mut Report<'_>,
) -> Components {
    unglue(tokens, room);
    let mut words = Words(room);
    let mut components = Components::default();
    take_urbanization(&mut words, &mut components, place);
    boxes::take_boxes(&mut words, &mut components, is_military(place));
    unit::take_units(&mut words, &mut components, report);
    let mut reader = Reader { components, report, extra: String::new() };
    reader.read(words.all());
    reader.finish()
}

/// `RR2` and the grid numbers of `48S 400E` as two words each.
fn unglue<'s>(tokens: &[Token<'s>], words: &mut Vec<Token<'s>>) {
    words.clear();
    let grid = |at: usize| tokens.get(at).and_then(|word| number_and_directional(word.text)).is_some();
    let is_grid = grid(0) && grid(1);
    for (at, word) in tokens.iter().enumerate() {
        let parts = if is_grid && at < 2 { number_and_directional(word.text) } else { route_and_number(word.text) };
        match parts.filter(|_| word.has_digit()).and_then(|(first, _)| word.split(first.len())) {
            Some(parts) => words.extend(parts),
            None => words.push(*word),
        }
    }
}

fn number_and_directional(word: &str) -> Option<(&str, &str)> {
    let parts = word.len().checked_sub(1).and_then(|at| word.split_at_checked(at))?;
    (is_digits(parts.0) && ["N", "S", "E", "W"].contains(&parts.1)).then_some(parts)
}

fn route_and_number(word: &str) -> Option<(&str, &str)> {
    let parts = word.split_at_checked(2)?;
    (["RR", "HC"].contains(&parts.0) && is_digits(parts.1)).then_some(parts)
}

fn is_military(place: &Place<'_>) -> bool {
    place.known_state().is_some_and(|state| ["AA", "AE", "AP"].contains(&state))
        || place.city.as_deref().is_some_and(|city| ["APO", "FPO", "DPO"].contains(&city))
}

/// In Puerto Rico: `URB LAS GLADIOLAS`, a segment of its own (Publication 28 §29).
fn take_urbanization(words: &mut Words<'_, '_>, components: &mut Components, place: &Place<'_>) {
    let starts = |at: usize| {
        let named = words.get(at).is_some_and(|w| w.is_one_of(&["URB", "URBANIZACION"]));
        named && words.opens_segment(at) && !words.closes_segment(at)
    };
    if place.known_state().is_none_or(|state| state != "PR") {
        return;
    }
    let Some(at) = words.find_map(|at| starts(at).then_some(at)) else { return };
    let end = (at..words.len()).find(|end| words.closes_segment(*end) || number::starts_at(words.all(), end + 1));
    let Some(end) = end.filter(|end| *end > at) else { return };
    words.cut(at..at + 1);
    components.urbanization = Some(words.cut(at..end).into_owned());
}

/// Room for the words of a corner, with a suffix for each street.
const LONGEST_CORNER: usize = 12;

struct Reader<'r, 'p> {
    components: Components,
    report: &'r mut Report<'p>,
    extra: String,
}

impl Reader<'_, '_> {
    fn read(&mut self, words: &[Token<'_>]) {
        if self.components.street.as_deref() == Some(GENERAL_DELIVERY) {
            return self.put_aside(words);
        }
        match find_number(words) {
            Some((at, number, end)) => {
                self.put_aside(words.get(..at).unwrap_or_default());
                self.read_numbered(&number, words.get(end..).unwrap_or_default());
            }
            None => self.read_unnumbered(words),
        }
    }

    /// A bare number is a unit only beside a street: otherwise it counts an account or a bin.
    fn finish(mut self) -> Components {
        if self.components.street.is_none() && self.components.unit_type.is_none() {
            let unit = self.components.unit.take();
            self.add_extra(&unit.unwrap_or_default());
        }
        if !self.extra.is_empty() {
            self.report.correct(Code::AddressExtraRemoved, std::mem::take(&mut self.extra), "");
        }
        self.components
    }

    fn put_aside(&mut self, words: &[Token<'_>]) {
        self.add_extra(&joined(words));
    }

    fn add_extra(&mut self, text: &str) {
        if !self.extra.is_empty() && !text.is_empty() {
            self.extra.push(' ');
        }
        self.extra.push_str(text);
    }

    fn read_numbered(&mut self, number: &str, words: &[Token<'_>]) {
        let whole = number.trim_start_matches('0');
        let plain = if whole.starts_with(|c: char| c.is_ascii_digit()) { whole } else { number };
        self.report.correct(Code::AddressNumberZerosRemoved, number, plain);
        self.components.house_number = Some(plain.to_owned());
        let (street, after) = line::split_line(words);
        if let Some((number, end)) = line::second_number(street) {
            self.put_aside(street.get(..end - 1).unwrap_or_default());
            self.components.house_number = Some(number.to_owned());
            self.read_line(street.get(end..).unwrap_or_default());
        } else {
            self.read_line(street);
        }
        for segment in line::segments(after) {
            match segment {
                [unit] if self.components.unit.is_none() && line::is_unit_number(unit) => {
                    self.components.unit = Some(unit.text.to_owned());
                }
                other => self.put_aside(other),
            }
        }
    }

    /// No house number: only what is surely a street is taken for one.
    fn read_unnumbered(&mut self, words: &[Token<'_>]) {
        let boxed = self.components.po_box.is_some() || self.components.route_id.is_some();
        let is_street = if boxed { line::has_numbered_road } else { line::is_street_without_number };
        let street = line::segments(words).position(is_street);
        for (at, segment) in line::segments(words).enumerate() {
            if Some(at) == street {
                self.read_line(segment);
            } else {
                self.put_aside(segment);
            }
        }
    }

    /// One street line without its number.
    fn read_line(&mut self, words: &[Token<'_>]) {
        let (street, care_of) = words.split_at(line::care_of(words));
        let street = self.take_bare_unit(street);
        let (street, name_after) = street.split_at(line::end_of_street(street));
        self.put_aside(name_after);
        self.put_aside(care_of);
        match line::corner(street, self.components.house_number.is_some()) {
            Some(corner) => self.set_corner(&corner),
            None => self.set_street(street),
        }
    }

    /// `145 MAIN ST 3`, `12 SUMMIT CT B`: a number or letter after the street is a unit.
    fn take_bare_unit<'t, 's>(&mut self, words: &'t [Token<'s>]) -> &'t [Token<'s>] {
        match words.split_last() {
            Some((last, street)) if self.components.unit.is_none() && line::is_bare_unit(last, street) => {
                self.components.unit = Some(last.text.to_owned());
                street
            }
            _ => words,
        }
    }

    fn set_street(&mut self, words: &[Token<'_>]) {
        let Street { before, name, suffix, after } = read_street(words);
        self.components.predirectional = self.directional(before);
        self.components.street = Some(name.into_owned()).filter(|name| !name.is_empty());
        self.components.suffix = self.suffix(suffix);
        self.components.postdirectional = self.directional(after);
    }

    fn set_corner(&mut self, corner: &Corner<'_, '_>) {
        let Some(single) = corner.shared else { return self.set_streets(corner.one, corner.other) };
        // Both streets get the one suffix that stood after the second.
        let mut room = [Token::default(); LONGEST_CORNER];
        let other = corner.other.split_last().map_or(&[][..], |(_, other)| other);
        let suffix = Token::made(single);
        let words = corner.one.iter().chain([&suffix]).chain(other).chain([&suffix]).copied();
        let count = room.iter_mut().zip(words).map(|(slot, word)| *slot = word).count();
        if let Some((one, other)) = room.get(..count).and_then(|words| words.split_at_checked(corner.one.len() + 1)) {
            self.set_streets(one, other);
        }
    }

    fn set_streets(&mut self, one: &[Token<'_>], other: &[Token<'_>]) {
        self.set_street(one);
        let Street { before, name, suffix, after } = read_street(other);
        let parts = [self.directional(before), Some(name.into_owned()), self.directional(after)];
        let mut street = String::new();
        for part in parts.iter().flatten().filter(|part| !part.is_empty()) {
            street.push_str(if street.is_empty() { "" } else { " " });
            street.push_str(part);
        }
        self.components.street2 = Some(street).filter(|name| !name.is_empty());
        self.components.suffix2 = self.suffix(suffix);
    }

    fn directional(&mut self, word: Option<Standard<'_>>) -> Option<String> {
        let Standard { written, standard } = word?;
        self.report.correct(Code::AddressDirectionalStandardized, written, standard);
        Some(standard.to_owned())
    }

    /// A misspelt suffix stays as it is among the components; the standard line mends it.
    fn suffix(&mut self, word: Option<Standard<'_>>) -> Option<String> {
        let Standard { written, standard } = word?;
        if usps::suffix(&written).is_none() {
            self.report.correct(Code::AddressSuffixTypo, &*written, standard);
            return Some(written.into_owned());
        }
        self.report.correct(Code::AddressSuffixStandardized, written, standard);
        Some(standard.to_owned())
    }
}

/// The house number: at the start, else at the start of a later segment, else the first with a street after it.
fn find_number<'s>(words: &[Token<'s>]) -> Option<(usize, Cow<'s, str>, usize)> {
    let opens = |at: &usize| at.checked_sub(1).and_then(|before| words.get(before)).is_none_or(|w| w.gap != Gap::None);
    let number_at = |at: usize| {
        let (number, end) = number::house_number(words, at)?;
        let spelled = number::spelled(&number).is_some();
        let street = words.get(end..).filter(|street| !street.is_empty())?;
        (!spelled || line::ends_in_suffix(street)).then_some((at, number, end))
    };
    let after_route_word = |at: usize| {
        at.checked_sub(1)
            .and_then(|before| words.get(before))
            .is_some_and(|w| w.text == "#" || number::is_route_word(w))
    };
    let opening = (0..words.len()).filter(opens).find_map(number_at);
    opening.or_else(|| {
        let inner = (1..words.len()).filter(|at| !opens(at) && !after_route_word(*at));
        inner.filter(|at| words.get(*at).is_some_and(|w| w.gap == Gap::None)).find_map(number_at)
    })
}
