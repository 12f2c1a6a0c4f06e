//! A street: its type before the name in French and after it in English, its direction, a bare unit at the end.

use super::words::{direction, english_type, french_type, is_french_particle, is_only_french, ordinal};
use crate::address::label::{Label, Labels};
use crate::address::report::Report;
use crate::address::token::{Token, joined};
use crate::model::Code;

/// The parts of a street.
#[derive(Default)]
pub(super) struct Street {
    pub(super) before: Option<String>,
    pub(super) kind: Option<String>,
    pub(super) name: Option<String>,
    pub(super) after: Option<String>,
    pub(super) unit: Option<String>,
}

/// Whether words without a house number are surely a street.
pub(super) fn is_street(words: &[Token<'_>], french: bool) -> bool {
    let last = words.iter().rev().find(|word| direction(word.text, french).is_none());
    let ends = words.len() > 1 && last.is_some_and(|word| english_type(word.text).is_some());
    ends || first_type(words, french).is_some() || is_highway(words)
}

/// The French type that opens a street.
fn first_type(words: &[Token<'_>], french: bool) -> Option<&'static str> {
    let [first, rest @ ..] = words else { return None };
    let kind = french_type(first.text).filter(|_| !rest.is_empty())?;
    let last = rest.iter().rev().find(|word| direction(word.text, french).is_none());
    let english = last.is_some_and(|word| english_type(word.text).is_some());
    let named = rest.iter().any(|word| is_french_particle(word.text));
    (is_only_french(kind) || !english && (french || named)).then_some(kind)
}

/// `HIGHWAY 7`, `COUNTY ROAD 5`: the type opens the name.
fn is_highway(words: &[Token<'_>]) -> bool {
    let numbered = words.iter().position(|word| word.has_digit()).is_some_and(|at| at > 0 && at <= 3);
    let first = words.first().map_or("", |word| word.text);
    numbered && ["COUNTY", "HIGHWAY", "HWY", "RANGE", "REGIONAL", "ROUTE", "RTE", "TOWNSHIP"].contains(&first)
}

/// Reads the words after the house number; also says whether they are French.
pub(super) fn read(words: &[Token<'_>], french: bool, labels: &mut Labels, report: &mut Report<'_>) -> (Street, bool) {
    let mut reader = Reader { labels, report, street: Street::default(), french };
    reader.read(words);
    (reader.street, reader.french)
}

struct Reader<'r, 'p> {
    labels: &'r mut Labels,
    report: &'r mut Report<'p>,
    street: Street,
    french: bool,
}

impl Reader<'_, '_> {
    fn read(&mut self, words: &[Token<'_>]) {
        if let Some(kind) = first_type(words, self.french) {
            self.french = true;
            self.set_type(words.get(..1).unwrap_or_default(), kind);
            let name = self.take_after(words.get(1..).unwrap_or_default());
            return self.set_name(name);
        }
        if is_highway(words) {
            let name = self.take_after(words);
            return self.set_name(name);
        }
        let Some(at) = last_type(words) else {
            let name = self.take_after(words);
            return self.set_name(name);
        };
        let after = self.take_tail(words.get(at + 1..).unwrap_or_default());
        let name = words.get(..at).unwrap_or_default();
        // `THE PARKWAY`: the type is the name.
        if matches!(name, [the] if the.text == "THE") {
            return self.set_name(words.get(..=at).unwrap_or_default());
        }
        let kind = words.get(at..=at).unwrap_or_default();
        let word = kind.first().map_or("", |word| word.text);
        let is_french = matches!(name, [number] if ordinal(number.text).is_some_and(|(_, french)| french));
        self.french |= is_french;
        let standard = if is_french { french_type(word) } else { english_type(word) };
        self.set_type(kind, standard.or_else(|| french_type(word)).unwrap_or(word));
        let name = if after { name } else { self.take_before(name) };
        self.set_name(name);
    }

    /// The direction and a bare unit after the type; answers whether there was a direction.
    fn take_tail(&mut self, words: &[Token<'_>]) -> bool {
        let [first, ..] = words else { return false };
        let found = direction(first.text, self.french);
        let rest = if let Some(standard) = found {
            self.set_after(words.get(..1).unwrap_or_default(), standard);
            words.get(1..).unwrap_or_default()
        } else {
            words
        };
        if let [unit] = rest
            && (unit.has_digit() || unit.is_letter())
        {
            self.labels.mark(rest, Label::Unit);
            self.street.unit = Some(unit.text.to_owned());
        }
        found.is_some()
    }

    /// A direction at the end of a name.
    fn take_after<'t, 's>(&mut self, words: &'t [Token<'s>]) -> &'t [Token<'s>] {
        let Some((last, name)) = words.split_last().filter(|(_, name)| !name.is_empty()) else { return words };
        let Some(standard) = direction(last.text, self.french) else { return words };
        self.set_after(words.get(name.len()..).unwrap_or_default(), standard);
        name
    }

    fn set_after(&mut self, words: &[Token<'_>], standard: &str) {
        self.labels.mark(words, Label::After);
        self.report.correct(Code::AddressDirectionalStandardized, joined(words), standard);
        self.street.after = Some(standard.to_owned());
    }

    /// `W 4TH AVE`: a letter before the name, or a word before a number.
    fn take_before<'t, 's>(&mut self, words: &'t [Token<'s>]) -> &'t [Token<'s>] {
        let Some((first, name)) = words.split_first().filter(|(_, name)| !name.is_empty()) else { return words };
        let numbered = name.first().is_some_and(Token::has_digit);
        let Some(standard) = direction(first.text, false).filter(|_| first.text.len() <= 2 || numbered) else {
            return words;
        };
        let before = words.get(..1).unwrap_or_default();
        self.labels.mark(before, Label::Before);
        self.report.correct(Code::AddressDirectionalStandardized, joined(before), standard);
        self.street.before = Some(standard.to_owned());
        name
    }

    fn set_type(&mut self, words: &[Token<'_>], standard: &str) {
        self.labels.mark(words, Label::Suffix);
        self.report.correct(Code::AddressSuffixStandardized, joined(words), standard);
        self.street.kind = Some(standard.to_owned());
    }

    fn set_name(&mut self, words: &[Token<'_>]) {
        self.labels.mark(words, Label::Name);
        self.street.name = Some(joined(words).into_owned()).filter(|name| !name.is_empty());
    }
}

/// The type that ends an English street; in French one only after an ordinal (`5E AVENUE`).
fn last_type(words: &[Token<'_>]) -> Option<usize> {
    let is_type = |word: &Token<'_>| english_type(word.text).is_some();
    if let [number, kind, ..] = words
        && ordinal(number.text).is_some_and(|(_, french)| french)
        && french_type(kind.text).is_some()
    {
        return Some(1);
    }
    words.iter().rposition(is_type).filter(|at| *at > 0)
}
