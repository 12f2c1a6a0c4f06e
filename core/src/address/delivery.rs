//! The delivery line: boxes, units, house number, street, corner; and what is none of these.

use super::components::Components;
use super::place::{Place, joined};
use super::report::Report;
use super::street::{Standard, Street, read_street};
use super::token::{Gap, Token, is_digits};
use super::words::Words;
use super::{GENERAL_DELIVERY, boxes, line, number, unit};
use crate::geo::usps;
use crate::model::Code;

/// Reads what stands before the place.
pub(super) fn read_delivery(tokens: &[Token], place: &Place, report: &mut Report<'_>) -> Components {
    let mut words = Words::new(&unglued(tokens));
    let mut components = Components::default();
    take_urbanization(&mut words, &mut components, place);
    boxes::take_boxes(&mut words, &mut components, is_military(place));
    unit::take_units(&mut words, &mut components, report);
    let mut reader = Reader { components, report, extra: Vec::new() };
    reader.read(words.all());
    reader.finish()
}

/// `RR2` and the grid numbers of `48S 400E` as two words each.
fn unglued(tokens: &[Token]) -> Vec<Token> {
    let grid = |at: usize| tokens.get(at).and_then(|word| number_and_directional(&word.text)).is_some();
    let is_grid = grid(0) && grid(1);
    let split = |(at, word): (usize, &Token)| {
        let parts = if is_grid && at < 2 { number_and_directional(&word.text) } else { route_and_number(&word.text) };
        let Some((first, second)) = parts else { return vec![word.clone()] };
        vec![Token { text: first.into(), gap: Gap::None }, Token { text: second.into(), gap: word.gap }]
    };
    tokens.iter().enumerate().flat_map(split).collect()
}

fn number_and_directional(word: &str) -> Option<(&str, &str)> {
    let parts = word.len().checked_sub(1).and_then(|at| word.split_at_checked(at))?;
    (is_digits(parts.0) && ["N", "S", "E", "W"].contains(&parts.1)).then_some(parts)
}

fn route_and_number(word: &str) -> Option<(&str, &str)> {
    let parts = word.split_at_checked(2)?;
    (["RR", "HC"].contains(&parts.0) && is_digits(parts.1)).then_some(parts)
}

fn is_military(place: &Place) -> bool {
    place.known_state().is_some_and(|state| ["AA", "AE", "AP"].contains(&state))
        || place.city.as_deref().is_some_and(|city| ["APO", "FPO", "DPO"].contains(&city))
}

/// In Puerto Rico: `URB LAS GLADIOLAS`, a segment of its own (Publication 28 §29).
fn take_urbanization(words: &mut Words, components: &mut Components, place: &Place) {
    let starts = |at: usize| {
        let named = words.get(at).is_some_and(|w| ["URB", "URBANIZACION"].contains(&w.text.as_str()));
        named && words.opens_segment(at) && !words.closes_segment(at)
    };
    if place.known_state().is_none_or(|state| state != "PR") {
        return;
    }
    let Some(at) = words.find_map(|at| starts(at).then_some(at)) else { return };
    let end = (at..words.len()).find(|end| words.closes_segment(*end) || number::starts_at(words.all(), end + 1));
    let Some(end) = end.filter(|end| *end > at) else { return };
    words.cut(at..at + 1);
    components.urbanization = Some(words.cut(at..end));
}

struct Reader<'r, 'p> {
    components: Components,
    report: &'r mut Report<'p>,
    extra: Vec<String>,
}

impl Reader<'_, '_> {
    fn read(&mut self, words: &[Token]) {
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
            self.extra.extend(self.components.unit.take());
        }
        if !self.extra.is_empty() {
            self.report.correct(Code::AddressExtraRemoved, &self.extra.join(" "), "");
        }
        self.components
    }

    fn put_aside(&mut self, words: &[Token]) {
        if !words.is_empty() {
            self.extra.push(joined(words));
        }
    }

    fn read_numbered(&mut self, number: &str, words: &[Token]) {
        let whole = number.trim_start_matches('0');
        let plain = if whole.starts_with(|c: char| c.is_ascii_digit()) { whole } else { number };
        self.report.correct(Code::AddressNumberZerosRemoved, number, plain);
        self.components.house_number = Some(plain.to_owned());
        let (street, after) = line::split_line(words);
        if let Some((number, end)) = line::second_number(&street) {
            self.put_aside(street.get(..end - 1).unwrap_or_default());
            self.components.house_number = Some(number);
            self.read_line(street.get(end..).unwrap_or_default());
        } else {
            self.read_line(&street);
        }
        for segment in line::segments(after) {
            match segment {
                [unit] if self.components.unit.is_none() && line::is_unit_number(unit) => {
                    self.components.unit = Some(unit.text.clone());
                }
                other => self.put_aside(other),
            }
        }
    }

    /// No house number: only what is surely a street is taken for one.
    fn read_unnumbered(&mut self, words: &[Token]) {
        let segments: Vec<&[Token]> = line::segments(words).collect();
        let boxed = self.components.po_box.is_some() || self.components.route_id.is_some();
        let is_street = if boxed { line::has_numbered_road } else { line::is_street_without_number };
        let street = segments.iter().position(|segment| is_street(segment));
        for (at, segment) in segments.iter().enumerate() {
            if Some(at) == street {
                self.read_line(segment);
            } else {
                self.put_aside(segment);
            }
        }
    }

    /// One street line without its number.
    fn read_line(&mut self, words: &[Token]) {
        let (street, care_of) = words.split_at(line::care_of(words));
        let street = self.take_bare_unit(street);
        let (street, name_after) = street.split_at(line::end_of_street(street));
        self.put_aside(name_after);
        self.put_aside(care_of);
        match line::corner(street, self.components.house_number.is_some()) {
            Some((one, other)) => self.set_corner(&one, &other),
            None => self.set_street(&line::texts(street)),
        }
    }

    /// `145 MAIN ST 3`, `12 SUMMIT CT B`: a number or letter after the street is a unit.
    fn take_bare_unit<'t>(&mut self, words: &'t [Token]) -> &'t [Token] {
        match words.split_last() {
            Some((last, street)) if self.components.unit.is_none() && line::is_bare_unit(last, street) => {
                self.components.unit = Some(last.text.clone());
                street
            }
            _ => words,
        }
    }

    fn set_street(&mut self, words: &[&str]) {
        let Street { before, name, suffix, after } = read_street(words);
        self.components.predirectional = self.directional(before);
        self.components.street = Some(name).filter(|name| !name.is_empty());
        self.components.suffix = self.suffix(suffix);
        self.components.postdirectional = self.directional(after);
    }

    fn set_corner(&mut self, one: &[&str], other: &[&str]) {
        self.set_street(one);
        let Street { before, name, suffix, after } = read_street(other);
        let parts = [self.directional(before), Some(name), self.directional(after)];
        let street: Vec<String> = parts.into_iter().flatten().filter(|part| !part.is_empty()).collect();
        self.components.street2 = Some(street.join(" ")).filter(|name| !name.is_empty());
        self.components.suffix2 = self.suffix(suffix);
    }

    fn directional(&mut self, word: Option<Standard>) -> Option<String> {
        let Standard { written, standard } = word?;
        self.report.correct(Code::AddressDirectionalStandardized, &written, standard);
        Some(standard.to_owned())
    }

    /// A misspelt suffix stays as it is among the components; the standard line mends it.
    fn suffix(&mut self, word: Option<Standard>) -> Option<String> {
        let Standard { written, standard } = word?;
        if usps::suffix(&written).is_none() {
            self.report.correct(Code::AddressSuffixTypo, &written, standard);
            return Some(written);
        }
        self.report.correct(Code::AddressSuffixStandardized, &written, standard);
        Some(standard.to_owned())
    }
}

/// The house number: at the start, else at the start of a later segment, else the first with a street after it.
fn find_number(words: &[Token]) -> Option<(usize, String, usize)> {
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
            .is_some_and(|w| w.text == "#" || number::is_route_word(&w.text))
    };
    let opening = (0..words.len()).filter(opens).find_map(number_at);
    opening.or_else(|| {
        let inner = (1..words.len()).filter(|at| !opens(at) && !after_route_word(*at));
        inner.filter(|at| words.get(*at).is_some_and(|w| w.gap == Gap::None)).find_map(number_at)
    })
}
