//! Labelled words → the parts of an address, with what was changed on the way.

use super::components::Components;
use super::label::{Label, Labels};
use super::report::Report;
use super::token::{Token, joined};
use super::words::parted;
use super::{GENERAL_DELIVERY, number, unit};
use crate::geo::usps;
use crate::model::Code;
use std::borrow::Cow;

/// The parts that stand before the place.
pub(super) fn components(words: &[Token<'_>], labels: &Labels, report: &mut Report<'_>) -> Components {
    let found = words.iter().fold(0, |found, word| found | labels.of(word).bit());
    let mut builder = Builder { words, labels, found, report, components: Components::default() };
    builder.add_units();
    builder.add_boxes();
    builder.add_number();
    builder.add_streets();
    builder.note_extra();
    builder.components
}

/// Labels that stand in one stretch of words.
const ONCE: [(Label, Label); 6] = [
    (Label::Number, Label::Number),
    (Label::UnitType, Label::Unit),
    (Label::OuterType, Label::Outer),
    (Label::BoxType, Label::Box),
    (Label::RouteType, Label::Route),
    (Label::Urbanization, Label::Urbanization),
];

struct Builder<'b, 's, 'p> {
    words: &'b [Token<'s>],
    labels: &'b Labels,
    /// The bits of all labels that there are.
    found: u32,
    report: &'b mut Report<'p>,
    components: Components,
}

impl<'b, 's> Builder<'b, 's, '_> {
    /// The first stretch of words that have one of two labels.
    fn stretch(&self, one: Label, other: Label) -> &'b [Token<'s>] {
        let either = one.bit() | other.bit();
        if self.found & either == 0 {
            return &[];
        }
        let has = |word: &Token<'_>| either & self.labels.of(word).bit() != 0;
        let Some(start) = self.words.iter().position(has) else { return &[] };
        let from = self.words.get(start..).unwrap_or_default();
        from.split(|word| !has(word)).next().unwrap_or_default()
    }

    /// The number that stands apart from its designator.
    fn apart(&self, designator: &[Token<'_>], id_label: Label) -> &'b [Token<'s>] {
        if self.found & id_label.bit() == 0 {
            return &[];
        }
        let together = designator.iter().any(|word| self.labels.of(word) == id_label);
        if together { &[] } else { self.stretch(id_label, id_label) }
    }

    /// Those words of a stretch that have a label, run together.
    fn id(&self, words: &[Token<'s>], label: Label) -> Option<String> {
        let length = words.iter().map(|word| word.text.len() + 1).sum();
        let mut id = String::with_capacity(length);
        let mut before: Option<&Token<'_>> = None;
        for word in words.iter().filter(|word| self.labels.of(word) == label) {
            let glued =
                |before: &Token<'_>| before.is_digits() && word.is_letter() || before.is_letter() && word.is_digits();
            id.push_str(if before.is_none_or(glued) { "" } else { " " });
            id.push_str(word.text);
            before = Some(word);
        }
        Some(id).filter(|id| !id.is_empty())
    }

    fn add_units(&mut self) {
        let inner = self.stretch(Label::UnitType, Label::Unit);
        let outer = self.stretch(Label::OuterType, Label::Outer);
        let place = |words: &[Token<'_>]| words.first().map(Token::at);
        let outer_first = place(outer) < place(inner);
        if outer_first {
            (self.components.unit2_type, self.components.unit2) = self.unit(outer, Label::OuterType, Label::Outer);
        }
        (self.components.unit_type, self.components.unit) = self.unit(inner, Label::UnitType, Label::Unit);
        if !outer_first {
            (self.components.unit2_type, self.components.unit2) = self.unit(outer, Label::OuterType, Label::Outer);
        }
    }

    /// Designator and number of a unit.
    fn unit(&mut self, words: &[Token<'s>], type_label: Label, id_label: Label) -> (Option<String>, Option<String>) {
        if words.is_empty() {
            return (None, None);
        }
        let designator = |word: &&Token<'_>| self.labels.of(word) == type_label;
        let is_marked = words.iter().any(|word| designator(&word));
        let mut kind = words.iter().filter(designator).find_map(Token::unit);
        let glued = if let [word] = words { unit::glued(word.text).filter(|_| !is_marked) } else { None };
        let id = match words {
            [number, floor, ..] if floor.unit() == Some("FL") && self.labels.of(number) == id_label => {
                Some(unit::floor_number(number).to_owned())
            }
            words => match glued {
                Some((glued, number)) => {
                    kind = Some(glued);
                    Some(number.to_owned())
                }
                None => self.id(words, id_label).or_else(|| self.id(self.apart(words, id_label), id_label)),
            },
        };
        if is_marked || kind.is_some() {
            self.note_unit(joined(words), kind, id.as_deref());
        }
        (kind.map(str::to_owned), id)
    }

    fn note_unit(&mut self, written: Cow<'s, str>, kind: Option<&str>, id: Option<&str>) {
        let designator = kind.unwrap_or("#");
        let is_standard = match (written.strip_prefix(designator), id) {
            (Some(rest), Some(id)) => rest.strip_prefix(' ') == Some(id),
            (rest, None) => rest == Some(""),
            (None, _) => false,
        };
        if !is_standard {
            let id = id.unwrap_or_default();
            let standard = if id.is_empty() { designator.into() } else { Cow::from([designator, " ", id].concat()) };
            self.report.correct(Code::AddressUnitStandardized, written, standard);
        }
        if id.is_none() && !kind.is_some_and(usps::unit_stands_alone) {
            self.report.problem(Code::AddressUnitMissing);
        }
    }

    fn add_boxes(&mut self) {
        let route = self.stretch(Label::RouteType, Label::Route);
        self.components.route_type = route.first().map(|word| route_type(word.text).to_owned());
        self.components.route_id = self.id(route, Label::Route);
        let post_box = self.stretch(Label::BoxType, Label::Box);
        self.components.po_box =
            self.id(post_box, Label::Box).or_else(|| self.id(self.apart(post_box, Label::Box), Label::Box));
        let urbanization = self.stretch(Label::Urbanization, Label::Urbanization);
        self.components.urbanization = Some(joined(urbanization).into_owned()).filter(|name| !name.is_empty());
    }

    fn add_number(&mut self) {
        let words = self.stretch(Label::Number, Label::Number);
        if words.is_empty() {
            return;
        }
        let number = number::number_text(words);
        let whole = number.trim_start_matches('0');
        let plain = if whole.starts_with(|c: char| c.is_ascii_digit()) { whole } else { &number };
        if plain.len() < number.len() {
            let plain = plain.to_owned();
            self.report.correct(Code::AddressNumberZerosRemoved, number, plain.as_str());
            self.components.house_number = Some(plain);
        } else {
            self.components.house_number = Some(number.into_owned());
        }
    }

    fn add_streets(&mut self) {
        if self.labels.has(Label::Delivery) {
            self.components.street = Some(GENERAL_DELIVERY.to_owned());
            return;
        }
        let corner = self.words.iter().position(|word| self.labels.of(word) == Label::Corner);
        let (one, other) = self.words.split_at_checked(corner.unwrap_or(self.words.len())).unwrap_or((self.words, &[]));
        let single = shared_suffix(other, self.labels);
        self.components.predirectional = self.directional(one, Label::Before).map(Cow::into_owned);
        self.components.street = self.name(one);
        self.components.suffix = self.suffix(one);
        self.components.postdirectional = self.directional(one, Label::After).map(Cow::into_owned);
        if corner.is_none() {
            return;
        }
        let before = self.directional(other, Label::Before).unwrap_or_default();
        let name = self.labelled(other, Label::Name);
        let after = self.directional(other, Label::After).unwrap_or_default();
        let parts = [before, name, after];
        let mut street = String::with_capacity(parts.iter().map(|part| part.len() + 1).sum());
        for part in parts.iter().filter(|part| !part.is_empty()) {
            street.push_str(if street.is_empty() { "" } else { " " });
            street.push_str(part);
        }
        self.components.street2 = Some(street).filter(|name| !name.is_empty());
        match single.filter(|_| self.components.suffix.is_none()) {
            Some(single) => {
                self.components.suffix = Some(single.to_owned());
                self.components.suffix2 = Some(single.to_owned());
            }
            None => self.components.suffix2 = self.suffix(other),
        }
    }

    /// The words of a stretch with a label, with single spaces between them.
    fn labelled(&self, words: &[Token<'s>], label: Label) -> Cow<'s, str> {
        if self.found & label.bit() == 0 {
            return "".into();
        }
        let has = |word: &Token<'_>| self.labels.of(word) == label;
        let Some(start) = words.iter().position(has) else { return "".into() };
        let from = words.get(start..).unwrap_or_default();
        let first = from.split(|word| !has(word)).next().unwrap_or_default();
        let rest = from.get(first.len()..).unwrap_or_default();
        if !rest.iter().any(has) {
            return joined(first);
        }
        let mut text = joined(first).into_owned();
        for word in rest.iter().filter(|word| has(word)) {
            text.push(' ');
            text.push_str(word.text);
        }
        text.into()
    }

    fn name(&self, words: &[Token<'s>]) -> Option<String> {
        Some(self.labelled(words, Label::Name).into_owned()).filter(|name| !name.is_empty())
    }

    fn directional(&mut self, words: &[Token<'s>], label: Label) -> Option<Cow<'s, str>> {
        let written = self.labelled(words, label);
        let standard = match &written {
            Cow::Borrowed(written) => directional(written)?.into(),
            Cow::Owned(written) => Cow::from(directional(written)?.to_owned()),
        };
        self.report.correct(Code::AddressDirectionalStandardized, written, &*standard);
        Some(standard)
    }

    /// A misspelt suffix stays as it is among the components; the standard line mends it.
    fn suffix(&mut self, words: &[Token<'s>]) -> Option<String> {
        if self.found & Label::Suffix.bit() == 0 {
            return None;
        }
        let has = |word: &&Token<'_>| self.labels.of(word) == Label::Suffix;
        let mut suffix: Option<String> = None;
        for word in words.iter().filter(has) {
            let code = if word.suffix().is_some() { Code::AddressSuffixStandardized } else { Code::AddressSuffixTypo };
            let standard = word.suffix().or_else(|| word.suffix_with_a_slip()).unwrap_or(word.text);
            self.report.correct(code, word.text, standard);
            let kept = word.suffix().unwrap_or(word.text);
            suffix = Some(suffix.map_or_else(|| kept.to_owned(), |before| [&before, kept].join(" ")));
        }
        suffix
    }

    /// Whether the words of a house number stand side by side.
    fn has_one_number(&self) -> bool {
        let count = self.words.iter().filter(|word| self.labels.of(word) == Label::Number).count();
        count <= 1 || count == self.stretch(Label::Number, Label::Number).len()
    }

    /// What is no part of the address, and what would be a second number, unit or box.
    fn note_extra(&mut self) {
        let counted = ONCE.iter().fold(Label::Other.bit(), |bits, (one, other)| bits | one.bit() | other.bit());
        if self.found & counted & !Label::Number.bit() == 0 && self.has_one_number() {
            return;
        }
        let mut left = ONCE.map(|(one, other)| {
            let first = self.stretch(one, other);
            (one.bit() | other.bit(), first.len() + self.apart(first, other).len())
        });
        let mut extra = String::new();
        for word in self.words {
            let label = self.labels.of(word);
            let slot = left.iter_mut().find(|(either, _)| either & label.bit() != 0);
            let is_extra = match slot {
                Some((_, 0)) => true,
                Some((_, count)) => {
                    *count -= 1;
                    false
                }
                None => label == Label::Other,
            };
            if is_extra {
                match extra.is_empty() {
                    true => extra.reserve(self.words.iter().map(|word| word.text.len() + 1).sum()),
                    false => extra.push(' '),
                }
                extra.push_str(word.text);
            }
        }
        if !extra.is_empty() {
            self.report.correct(Code::AddressExtraRemoved, extra, "");
        }
    }
}

/// `MISSION & VALENCIA STS`: both are streets.
fn shared_suffix(other: &[Token<'_>], labels: &Labels) -> Option<&'static str> {
    let suffix = other.iter().rfind(|word| labels.of(word) == Label::Suffix)?;
    match suffix.text {
        "STS" | "STREETS" => Some("ST"),
        "AVES" | "AVENUES" => Some("AVE"),
        "RDS" | "ROADS" => Some("RD"),
        _ => None,
    }
}

/// The standard abbreviation of a directional of one word or two, or the words themselves where they are none.
fn directional(written: &str) -> Option<&str> {
    if written.is_empty() {
        return None;
    }
    let both = || {
        let (first, second) = parted(written, b' ')?;
        match (usps::directional(first)?, usps::directional(second)?) {
            ("N", "E") => Some("NE"),
            ("N", "W") => Some("NW"),
            ("S", "E") => Some("SE"),
            ("S", "W") => Some("SW"),
            _ => None,
        }
    };
    Some(usps::directional(written).or_else(both).unwrap_or(written))
}

/// The standard word for a route, from the first word that was written for it.
fn route_type(word: &str) -> &str {
    match word {
        "CMR" | "PSC" | "UNIT" => word,
        "HC" | "HCR" | "HIGHWAY" | "HWY" | "STAR" => "HC",
        _ => "RR",
    }
}
