//! The delivery line: boxes, units, house number, street, corner; and what is none of these.

use super::label::{Label, Labels};
use super::place::Place;
use super::street::label_street;
use super::token::{Gap, Token};
use super::words::Words;
use super::{boxes, line, number, unit};
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
    unit::take_mail_stop(&mut words);
    boxes::take_boxes(&mut words, labels, is_military(place));
    unit::take_units(&mut words, all, labels);
    if !labels.has(Label::Delivery) {
        let spanish = place.known_state() == Some("PR");
        let whole_place = place.zip.is_some() && place.state.is_some() && place.city.is_some();
        let mut reader = Reader { whole_place, unit: labels.has(Label::Unit), numbered: false, spanish, labels };
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
    /// Whether it is in Puerto Rico.
    spanish: bool,
    /// Whether city, state and ZIP code were written.
    whole_place: bool,
}

impl Reader<'_> {
    fn read(&mut self, words: &[Token<'_>]) {
        let boxed = self.labels.has(Label::Box);
        match find_number(words, boxed) {
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
        if let ([unit], [second, street @ ..]) = (number, street)
            && !self.unit
            && line::is_unit_before_number(unit, second, street)
        {
            self.labels.mark(number, Label::Unit);
            self.labels.mark(std::slice::from_ref(second), Label::Number);
            self.unit = true;
            self.read_line(street);
        } else if let Some(second) = line::second_number(street) {
            self.labels.mark(street.get(second..=second).unwrap_or_default(), Label::Number);
            self.read_line(street.get(second + 1..).unwrap_or_default());
        } else {
            self.labels.mark(number, Label::Number);
            self.labels.mark(number.split(|word| word.text != "#").next().unwrap_or_default(), Label::Mark);
            self.read_line(street);
        }
        for segment in line::segments(after) {
            match segment {
                [unit, side @ ..] if !self.unit && line::is_unit_number(unit) && line::is_side(side) => {
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
        if let Some((street, number)) = line::segments(words).find_map(line::number_behind).filter(|_| self.spanish) {
            self.labels.mark(std::slice::from_ref(number), Label::Number);
            self.numbered = true;
            return self.read_line(street);
        }
        let is_street = if boxed { line::has_numbered_road } else { line::is_street_without_number };
        let street = line::segments(words).find(|segment| is_street(segment));
        // `MAIN, KALONA IA 52247`: one word before a whole place is a street rather than nothing.
        let alone = || words.first().filter(|_| self.whole_place && !boxed && line::is_name_alone(words));
        if let Some(street) = street.or_else(|| alone().map(std::slice::from_ref)) {
            self.read_line(street);
        }
    }

    /// One street line without its number.
    fn read_line(&mut self, words: &[Token<'_>]) {
        let (street, _) = words.split_at(line::care_of(words));
        let street = line::without_marks_at_end(street);
        let street = line::without_marks_at_end(self.take_bare_unit(street));
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
            && (before.iter().any(|word| word.directional().is_some()) || number.text.len() <= 2)
            && line::is_bare_unit(number, before)
        {
            self.labels.mark(&[*number, *side], Label::Unit);
            self.unit = true;
            return before;
        }
        if let [before @ .., first, second] = words
            && !self.unit
            && before.last().is_some_and(Token::is_ending)
            && [first, second].into_iter().all(|word| line::is_unit_number(word) && line::is_bare_unit(word, before))
        {
            self.labels.mark(&[*first, *second], Label::Unit);
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
fn find_number(words: &[Token<'_>], boxed: bool) -> Option<Range<usize>> {
    let last_word = words.iter().rposition(|word| !word.is_digits());
    let opens = |at: &usize| at.checked_sub(1).and_then(|before| words.get(before)).is_none_or(|w| w.gap != Gap::None);
    let number_at = |at: usize| {
        let end = number::house_number(words, at)?;
        let first = words.get(at)?;
        let street = words.get(end..).filter(|street| !street.is_empty())?;
        let whole = || {
            let (line, _) = line::split_line(street);
            line::ends_in_suffix(street) || line.iter().skip(1).any(Token::is_ending)
        };
        let spelled = !first.has_digit() && first.text != "#";
        // Beside a box a row of numbers counts an account.
        let counted = boxed && last_word.is_none_or(|last| last < end);
        // A number in a segment of its own before another number is none of a house.
        let alone = words.get(end - 1).is_some_and(|last| last.gap != Gap::None) && number::starts_at(words, end);
        (!counted && !alone && (!spelled || whole())).then_some(at..end)
    };
    let after_route_word = |at: usize| {
        at.checked_sub(1)
            .and_then(|before| words.get(before))
            .is_some_and(|w| w.text == "#" || number::is_route_word(w))
    };
    let opening = (0..words.len()).filter(opens).find_map(number_at);
    let behind_building = opening.clone().and_then(|first| {
        let mut later = (first.end..words.len()).filter(opens).filter_map(number_at);
        let is_street = |number: &Range<usize>| line::is_plain_street(words.get(number.end..).unwrap_or_default());
        line::is_building(words.get(first.end..)?).then(|| later.find(is_street)).flatten()
    });
    behind_building.or(opening).or_else(|| {
        let is_mark = |at: usize| words.get(at).is_some_and(|word| word.text == "#");
        let after_corner = |at: usize| words.get(at - 1).is_some_and(line::is_corner_mark);
        let inner = (1..words.len()).filter(|at| !opens(at) && !is_mark(*at) && !after_route_word(*at));
        let inner = inner.filter(|at| !after_corner(*at));
        inner.filter(|at| words.get(*at).is_some_and(|w| w.gap == Gap::None)).find_map(number_at)
    })
}
