//! The delivery line: boxes, units, house number, street, corner; and what is none of these.

use super::label::{Label, Labels};
use super::place::Place;
use super::street::label_street;
use super::token::{Gap, Token};
use super::words::Words;
use super::{boxes, line, number, unit};
use crate::geo::lexicon::Kind;
use std::ops::Range;

/// Labels what stands before the place; `room` is for the words that are left while parts are taken out.
pub(super) fn label_delivery<'s>(
    tokens: &[Token<'s>],
    all: &[Token<'s>],
    room: &mut Vec<Token<'s>>,
    place: &Place<'_>,
    labels: &mut Labels,
) {
    room.clear();
    room.extend_from_slice(tokens);
    let mut words = Words(room);
    take_urbanization(&mut words, place, labels);
    boxes::take_boxes(&mut words, labels, is_military(place));
    unit::take_units(&mut words, all, labels);
    if !labels.has(Label::Delivery) {
        let mut reader = Reader { unit: labels.has(Label::Unit), numbered: false, labels };
        reader.read(words.all());
    }
    // A bare number is a unit only beside a street: otherwise it counts an account or a bin.
    if !labels.has(Label::Name)
        && !labels.has(Label::Delivery)
        && !tokens.iter().any(|word| is_designator(word, labels))
    {
        labels.change(tokens, Label::Unit, Label::Other);
        labels.change(tokens, Label::UnitType, Label::Other);
    }
}

fn is_designator(word: &Token<'_>, labels: &Labels) -> bool {
    match labels.of(word) {
        Label::UnitType => word.unit().is_some(),
        Label::Unit => unit::glued(word.text).is_some(),
        _ => false,
    }
}

fn is_military(place: &Place<'_>) -> bool {
    place.known_state().is_some_and(|state| ["AA", "AE", "AP"].contains(&state))
        || place.city.as_deref().is_some_and(|city| ["APO", "FPO", "DPO"].contains(&city))
}

/// In Puerto Rico: `URB LAS GLADIOLAS`, a segment of its own (Publication 28 §29).
fn take_urbanization(words: &mut Words<'_, '_>, place: &Place<'_>, labels: &mut Labels) {
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
    words.mark(at..at + 1, Label::UrbanizationType, labels);
    words.mark(at + 1..end + 1, Label::Urbanization, labels);
    words.cut(at..end + 1);
}

struct Reader<'l> {
    labels: &'l mut Labels,
    /// Whether there is a unit already.
    unit: bool,
    /// Whether there is a house number.
    numbered: bool,
}

impl Reader<'_> {
    fn read(&mut self, words: &[Token<'_>]) {
        match find_number(words) {
            Some(number) => {
                let street = words.get(number.end..).unwrap_or_default();
                self.read_numbered(words.get(number).unwrap_or_default(), street);
            }
            None => self.read_unnumbered(words),
        }
    }

    fn read_numbered(&mut self, number: &[Token<'_>], words: &[Token<'_>]) {
        self.numbered = true;
        let (street, after) = line::split_line(words);
        if let Some(second) = line::second_number(street) {
            self.labels.mark(street.get(second..=second).unwrap_or_default(), Label::Number);
            self.read_line(street.get(second + 1..).unwrap_or_default());
        } else {
            self.labels.mark(number, Label::Number);
            self.labels.mark(number.split(|word| word.text != "#").next().unwrap_or_default(), Label::Mark);
            self.read_line(street);
        }
        for segment in line::segments(after) {
            match segment {
                [unit] if !self.unit && line::is_unit_number(unit) => {
                    self.labels.mark(segment, Label::Unit);
                    self.unit = true;
                }
                _ => {}
            }
        }
    }

    /// No house number: only what is surely a street is taken for one.
    fn read_unnumbered(&mut self, words: &[Token<'_>]) {
        let boxed = self.labels.has(Label::Box) || self.labels.has(Label::Route);
        let is_street = if boxed { line::has_numbered_road } else { line::is_street_without_number };
        if let Some(street) = line::segments(words).find(|segment| is_street(segment)) {
            self.read_line(street);
        }
    }

    /// One street line without its number.
    fn read_line(&mut self, words: &[Token<'_>]) {
        let (street, _) = words.split_at(line::care_of(words));
        let street = self.take_bare_unit(street);
        let (street, _) = street.split_at(line::end_of_street(street));
        match line::corner(street, self.numbered) {
            Some(corner) => {
                self.labels.mark(street, Label::Mark);
                self.labels.mark(corner.mark, Label::Corner);
                label_street(corner.one, self.labels);
                label_street(corner.other, self.labels);
            }
            None => label_street(street, self.labels),
        }
    }

    /// `145 MAIN ST 3`, `12 SUMMIT CT B`: a number or letter after the street is a unit.
    fn take_bare_unit<'t, 's>(&mut self, words: &'t [Token<'s>]) -> &'t [Token<'s>] {
        if let [before @ .., number, side] = words
            && !self.unit
            && side.directional().is_some()
            && number.has_digit()
            && before.iter().any(|word| word.directional().is_some())
            && line::is_bare_unit(number, before)
        {
            self.labels.mark(&[*number, *side], Label::Unit);
            self.unit = true;
            return before;
        }
        match words.split_last() {
            Some((last, street)) if !self.unit && line::is_bare_unit(last, street) => {
                self.labels.mark(std::slice::from_ref(last), Label::Unit);
                self.unit = true;
                street
            }
            _ => words,
        }
    }
}

/// The house number: at the start, else at the start of a later segment, else the first with a street after it.
fn find_number(words: &[Token<'_>]) -> Option<Range<usize>> {
    let opens = |at: &usize| at.checked_sub(1).and_then(|before| words.get(before)).is_none_or(|w| w.gap != Gap::None);
    let number_at = |at: usize| {
        let end = number::house_number(words, at)?;
        let spelled = words.get(at)?.is(Kind::CARDINAL);
        let street = words.get(end..).filter(|street| !street.is_empty())?;
        (!spelled || line::ends_in_suffix(street)).then_some(at..end)
    };
    let after_route_word = |at: usize| {
        at.checked_sub(1)
            .and_then(|before| words.get(before))
            .is_some_and(|w| w.text == "#" || number::is_route_word(w))
    };
    let opening = (0..words.len()).filter(opens).find_map(number_at);
    opening.or_else(|| {
        let is_mark = |at: usize| words.get(at).is_some_and(|word| word.text == "#");
        let inner = (1..words.len()).filter(|at| !opens(at) && !is_mark(*at) && !after_route_word(*at));
        inner.filter(|at| words.get(*at).is_some_and(|w| w.gap == Gap::None)).find_map(number_at)
    })
}
