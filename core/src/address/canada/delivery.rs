//! The delivery lines: boxes and post offices, rural routes, units, house number and street, English or French.

use super::street;
use super::words::{self as vocabulary, is_outer, station, unit};
use crate::address::components::Components;
use crate::address::label::{Label, Labels};
use crate::address::report::Report;
use crate::address::token::{Gap, Token, is_digits, joined};
use crate::address::words::{Words, text};
use crate::address::{GENERAL_DELIVERY, number};
use crate::model::Code;
use std::ops::Range;

/// What was read from the delivery lines.
pub(super) struct Delivery {
    pub(super) components: Components,
    /// Whether it is written in French.
    pub(super) french: bool,
}

/// Reads what stands before the place; `room` is for the words that are left while parts are taken out.
pub(super) fn read<'s>(
    tokens: &[Token<'s>],
    room: &mut Vec<Token<'s>>,
    province: Option<&str>,
    labels: &mut Labels,
    report: &mut Report<'_>,
) -> Delivery {
    room.clear();
    room.extend_from_slice(tokens);
    let components = Components::default();
    let mut reader = Reader { words: Words(room), labels, report, components, french: province == Some("QC") };
    reader.take_box();
    reader.take_route();
    reader.take_station();
    reader.take_designator_before_number();
    reader.take_units();
    reader.take_unit_before_number();
    reader.take_street();
    reader.note_extra(tokens);
    Delivery { components: reader.components, french: reader.french }
}

struct Reader<'r, 's, 'p> {
    words: Words<'r, 's>,
    labels: &'r mut Labels,
    report: &'r mut Report<'p>,
    components: Components,
    french: bool,
}

impl Reader<'_, '_, '_> {
    /// `PO BOX 12`, `CP 12`, `CASE POSTALE 12`.
    fn take_box(&mut self) {
        let found = self.words.find_map(|at| {
            let (after, french) = box_words(&self.words, at)?;
            Some((at, id_at(&self.words, after)?, french))
        });
        let Some((at, id, french)) = found else { return };
        self.components.po_box = Some(text(&self.words, id.start).to_owned());
        self.french = french;
        self.take(at, id, Label::BoxType, Label::Box);
    }

    /// `RR 2`, with `SITE 6 COMP 10` or a box after it.
    fn take_route(&mut self) {
        let kind = |at: usize| match [text(&self.words, at), text(&self.words, at + 1)] {
            ["RR", _] => Some(at + 1),
            ["R", "R"] | ["RURAL", "ROUTE"] | ["ROUTE", "RURALE"] => Some(at + 2),
            _ => None,
        };
        let found = self.words.find_map(|at| Some((at, id_at(&self.words, kind(at)?)?)));
        if let Some((at, id)) = found {
            self.components.route_type = Some("RR".to_owned());
            self.components.route_id = Some(text(&self.words, id.start).to_owned());
            self.take(at, id, Label::RouteType, Label::Route);
        } else if self.components.po_box.is_none() {
            return;
        }
        for (names, outer) in [(&["SITE", "EMPLACEMENT"], true), (&["COMP", "COMPARTMENT"], false)] {
            let found = self.words.find_map(|at| {
                let named = names.contains(&text(&self.words, at));
                Some((at, id_at(&self.words, at + 1).filter(|_| named)?))
            });
            let Some((at, id)) = found else { continue };
            let number = text(&self.words, id.start).to_owned();
            let kind = names.first().copied().unwrap_or_default();
            self.set_unit(kind, Some(number), outer);
            let labels = if outer { (Label::OuterType, Label::Outer) } else { (Label::UnitType, Label::Unit) };
            self.take(at, id, labels.0, labels.1);
        }
    }

    /// `STN A`, `SUCC CENTRE-VILLE` after a box or a route, and `GD` for general delivery.
    fn take_station(&mut self) {
        let general = self.words.find_map(|at| {
            let two = [text(&self.words, at), text(&self.words, at + 1)];
            match two {
                ["GENERAL", "DELIVERY"] => Some((at, 2, false)),
                ["POSTE", "RESTANTE"] => Some((at, 2, true)),
                ["GD", _] if self.words.opens_segment(at) => Some((at, 1, false)),
                ["PR", next] if self.words.opens_segment(at) && station(next).is_some() => Some((at, 1, true)),
                _ => None,
            }
        });
        if let Some((at, count, french)) = general {
            self.components.street = Some(GENERAL_DELIVERY.to_owned());
            self.french = french;
            self.words.mark(at..at + count, Label::Delivery, self.labels);
            self.words.cut(at..at + count);
        }
        if general.is_none() && self.components.po_box.is_none() && self.components.route_id.is_none() {
            return;
        }
        let found = self.words.find_map(|at| {
            let (kind, french) = station(text(&self.words, at)).filter(|_| self.words.opens_segment(at))?;
            let end = (at..self.words.len()).find(|end| self.words.closes_segment(*end))?;
            (end > at).then_some((at, end + 1, kind, french))
        });
        let Some((at, end, kind, french)) = found else { return };
        let name = joined(self.words.all().get(at + 1..end).unwrap_or_default()).into_owned();
        self.report.correct(Code::AddressUnitStandardized, text(&self.words, at), kind);
        self.components.station = Some([kind, " ", &name].concat());
        self.french = french;
        self.words.mark(at..end, Label::Station, self.labels);
        self.words.cut(at..end);
    }

    /// The `SUITE` of `SUITE 10-123 MAIN ST`, the `#` of `#10-123 MAIN ST`: the unit comes with the number.
    fn take_designator_before_number(&mut self) {
        let found = self.words.find_map(|at| {
            let word = text(&self.words, at);
            let kind = unit(word).or_else(|| (word == "#").then_some(("#", false)))?;
            let before_number = self.words.opens_segment(at)
                && unit_and_number(text(&self.words, at + 1)).is_some()
                && !self.words.closes_segment(at + 1);
            before_number.then_some((at, kind))
        });
        let Some((at, (kind, french))) = found else { return };
        self.french |= french;
        self.report.correct(Code::AddressUnitStandardized, text(&self.words, at), kind);
        self.components.unit_type = Some(kind).filter(|kind| *kind != "#").map(str::to_owned);
        self.words.mark(at..at + 1, Label::UnitType, self.labels);
        self.words.remove(at);
    }

    /// `APT 4`, `APP 4`, `2ND FLOOR`, `# 4`, `PH`.
    fn take_units(&mut self) {
        let mut at = 0;
        while at < self.words.len() {
            match unit_at(&self.words, at) {
                Some(found) => {
                    let all = found.all.clone();
                    self.note_unit(&found);
                    self.words.mark(
                        all.clone(),
                        if found.outer() { Label::OuterType } else { Label::UnitType },
                        self.labels,
                    );
                    self.words.mark(
                        found.id,
                        if is_outer(found.kind) { Label::Outer } else { Label::Unit },
                        self.labels,
                    );
                    self.words.cut(all);
                }
                None => at += 1,
            }
        }
    }

    fn note_unit(&mut self, found: &Unit) {
        let id = joined(self.words.all().get(found.id.clone()).unwrap_or_default()).replace([' ', '-'], "");
        let id = vocabulary::ordinal(&id).map_or(id.clone(), |(digits, _)| digits.to_owned());
        let written = joined(self.words.all().get(found.all.clone()).unwrap_or_default()).into_owned();
        let standard = format!("{} {id}", found.kind);
        if found.kind != "#" {
            self.report.correct(Code::AddressUnitStandardized, written, standard.trim());
        }
        if id.is_empty() && !stands_alone(found.kind) {
            self.report.problem(Code::AddressUnitMissing);
        }
        self.french |= found.french;
        self.set_unit(found.kind, Some(id).filter(|id| !id.is_empty()), found.outer());
    }

    /// The first unit is the unit, a floor or a building beside it is around it.
    fn set_unit(&mut self, kind: &str, id: Option<String>, outer: bool) {
        let kind = Some(kind).filter(|kind| *kind != "#").map(str::to_owned);
        let parts = &mut self.components;
        let taken = parts.unit_type.is_some() || parts.unit.is_some();
        if !outer && !taken {
            (parts.unit_type, parts.unit) = (kind, id);
        } else if parts.unit2.is_none() && parts.unit2_type.is_none() {
            (parts.unit2_type, parts.unit2) = (kind, id);
        }
    }

    /// `12-3456 MAIN ST`, `12, 3456 MAIN ST`: the unit comes before the number.
    fn take_unit_before_number(&mut self) {
        if self.components.unit.is_some() {
            return;
        }
        let alone = self.words.find_map(|at| {
            let whole = self.words.opens_segment(at) && self.words.closes_segment(at);
            let number = number::starts_at(self.words.all(), at + 1) && !self.words.closes_segment(at + 1);
            let id = self.words.get(at).filter(|word| word.has_digit() && word.text.len() <= 6)?;
            (whole && number && !id.text.contains('-')).then_some(at)
        });
        if let Some(at) = alone {
            self.components.unit = Some(text(&self.words, at).to_owned());
            self.words.mark(at..at + 1, Label::Unit, self.labels);
            self.words.cut(at..at + 1);
        }
    }

    fn take_street(&mut self) {
        if self.components.street.is_some() {
            return;
        }
        let Some(start) = self.words.find_map(|at| self.number_starts(at).then_some(at)) else {
            return self.take_street_without_number();
        };
        let all = self.words.all();
        let end = match all.get(start) {
            Some(word) if word.text.contains('-') => {
                let fraction = all.get(start + 1).is_some_and(|next| number::is_fraction(next.text));
                start + 1 + usize::from(fraction && word.gap == Gap::None)
            }
            _ => number::house_number(all, start).unwrap_or(start + 1),
        };
        let written = all.get(start..end).unwrap_or_default();
        self.labels.mark(written, Label::Number);
        let number = number::number_text(written).into_owned();
        let street = segment(all, end);
        self.set_number(&number);
        self.set_street(&street);
    }

    /// Whether a house number stands at a word: it opens a segment and has a street after it.
    fn number_starts(&self, at: usize) -> bool {
        let ordinal = vocabulary::ordinal(text(&self.words, at)).is_some_and(|(_, french)| french);
        let starts = number::starts_at(self.words.all(), at) || unit_and_number(text(&self.words, at)).is_some();
        let named = self.words.get(at).is_some_and(Token::has_digit) && at + 1 < self.words.len();
        let followed = |next: &str| vocabulary::english_type(next).is_none();
        self.words.opens_segment(at) && named && starts && (!ordinal || followed(text(&self.words, at + 1)))
    }

    fn set_number(&mut self, written: &str) {
        let (unit, number) = match unit_and_number(written) {
            Some((unit, number)) if self.components.unit.is_none() => (Some(unit), number),
            Some((_, number)) => (None, number),
            None => (None, written),
        };
        if let Some(unit) = unit {
            self.components.unit = Some(unit.to_owned());
        }
        let plain = number.trim_start_matches('0');
        let plain = if plain.starts_with(|c: char| c.is_ascii_digit()) { plain } else { number };
        self.report.correct(Code::AddressNumberZerosRemoved, number, plain);
        self.components.house_number = Some(plain.to_owned());
    }

    fn take_street_without_number(&mut self) {
        let all = self.words.all();
        let start = (0..all.len())
            .find(|at| self.words.opens_segment(*at) && street::is_street(&segment(all, *at), self.french));
        if let Some(street) = start.map(|start| segment(all, start)) {
            self.set_street(&street);
        }
    }

    fn set_street(&mut self, words: &[Token<'_>]) {
        let (street, french) = street::read(words, self.french, self.labels, self.report);
        self.french = french;
        let parts = &mut self.components;
        (parts.predirectional, parts.postdirectional) = (street.before, street.after);
        (parts.street, parts.suffix) = (street.name, street.kind);
        if parts.unit.is_none() {
            parts.unit = street.unit;
        }
    }

    fn take(&mut self, start: usize, id: Range<usize>, kind: Label, label: Label) {
        self.words.mark(start..id.start, kind, self.labels);
        self.words.mark(id.clone(), label, self.labels);
        self.words.cut(start..id.end);
    }

    /// What is no part of the address.
    fn note_extra(&mut self, tokens: &[Token<'_>]) {
        let extra: Vec<&str> =
            tokens.iter().filter(|word| self.labels.of(word) == Label::Other).map(|word| word.text).collect();
        if !extra.is_empty() {
            self.report.correct(Code::AddressExtraRemoved, extra.join(" "), "");
        }
    }
}

/// The words from a place to the next break; after `123,` that is the street of `123, RUE SAINT-JEAN`.
fn segment<'s>(words: &[Token<'s>], start: usize) -> Vec<Token<'s>> {
    let from = words.get(start..).unwrap_or_default();
    from.split_inclusive(|word| word.gap != Gap::None).next().unwrap_or_default().to_vec()
}

/// `12-3456`, `12-3456 1/2`, `PH1-3456`, `B-3456`: a unit and a house number.
fn unit_and_number(word: &str) -> Option<(&str, &str)> {
    let (unit, number) = word.split_once('-')?;
    let whole = number.split_once(' ').map_or(number, |(whole, _)| whole);
    let digits = whole.trim_end_matches(|c: char| c.is_ascii_uppercase());
    let short = unit.len() <= 6 && whole.len() <= digits.len() + 1 && is_digits(digits);
    let named = unit.bytes().all(|b| b.is_ascii_alphanumeric())
        && (unit.len() == 1 || unit.bytes().any(|b| b.is_ascii_digit()));
    (short && named).then_some((unit, number))
}

/// The place after the words for a box, and whether they are French.
fn box_words(words: &Words<'_, '_>, at: usize) -> Option<(usize, bool)> {
    let next = |n: usize| text(words, at + n);
    Some(match next(0) {
        "POBOX" | "POB" => (at + 1, false),
        "PO" if next(1) == "BOX" => (at + 2, false),
        "P" if next(1) == "O" && next(2) == "BOX" => (at + 3, false),
        "POST" if next(1) == "OFFICE" && next(2) == "BOX" => (at + 3, false),
        "BOX" => (at + 1, false),
        "CP" | "BP" => (at + 1, true),
        "C" if next(1) == "P" => (at + 2, true),
        "CASE" if next(1) == "POSTALE" => (at + 2, true),
        _ => return None,
    })
}

/// The number after a word for something: `12`, `# 12`, `NO 12`.
fn id_at(words: &Words<'_, '_>, at: usize) -> Option<Range<usize>> {
    let at = if ["#", "NO", "NUMBER", "NUMERO"].contains(&text(words, at)) { at + 1 } else { at };
    words.get(at)?.has_digit().then_some(at..at + 1)
}

struct Unit {
    kind: &'static str,
    french: bool,
    all: Range<usize>,
    id: Range<usize>,
}

impl Unit {
    fn outer(&self) -> bool {
        is_outer(self.kind)
    }
}

fn stands_alone(kind: &str) -> bool {
    ["BSMT", "PH"].contains(&kind)
}

/// A unit that starts at a word.
fn unit_at(words: &Words<'_, '_>, at: usize) -> Option<Unit> {
    let word = words.get(at)?;
    if word.text == "#" {
        let id = at + 1..at + 2;
        return words.get(at + 1)?.has_digit().then_some(Unit { kind: "#", french: false, all: at..id.end, id });
    }
    // `2E ETAGE`, `2ND FLOOR`.
    if let Some((kind, french)) = unit(text(words, at + 1)).filter(|(kind, _)| ["ETAGE", "FLOOR"].contains(kind))
        && vocabulary::ordinal(word.text).is_some()
    {
        return Some(Unit { kind, french, all: at..at + 2, id: at..at + 1 });
    }
    let (kind, french) = unit(word.text)?;
    let start = if ["#", "NO", "NUMERO"].contains(&text(words, at + 1)) { at + 2 } else { at + 1 };
    let may_follow = word.gap == Gap::None;
    let numbered = words.get(start).filter(|id| may_follow && (id.has_digit() || id.is_letter()));
    match numbered {
        Some(_) => Some(Unit { kind, french, all: at..start + 1, id: start..start + 1 }),
        None if stands_alone(kind) && words.closes_segment(at) || words.closes_segment(at) && at > 0 && !french => {
            Some(Unit { kind, french, all: at..at + 1, id: at..at })
        }
        None => None,
    }
}
