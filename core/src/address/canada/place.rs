//! The last line, read from the right: country, postal code, province, municipality.

use super::postal::{self, PostalCode};
use super::{towns, words};
use crate::address::label::{Label, Labels};
use crate::address::number;
use crate::address::report::Report;
use crate::address::token::{Gap, Token, joined};
use crate::model::Code;
use std::borrow::Cow;

/// What the last line says.
#[derive(Clone, Default)]
pub(super) struct Place<'s> {
    pub(super) city: Option<Cow<'s, str>>,
    pub(super) province: Option<&'static str>,
    pub(super) postal: Option<PostalCode>,
}

impl Place<'_> {
    /// Whether the municipality is one of the towns that are known in the province.
    pub(super) fn is_town(&self) -> bool {
        let name = self.city.as_deref().unwrap_or_default();
        towns::is_named(name, self.province)
    }
}

/// Whether words are an address of Canada: they end in `CANADA`, in a postal code, or in a province after the name of
/// a town or in a line of its own. What may be of the United States is not taken.
pub(in crate::address) fn is_canadian(tokens: &[Token<'_>]) -> bool {
    let Some(last) = tokens.last() else { return false };
    if last.has_digit() {
        // Most addresses end here: no ZIP code has a letter.
        return last.text.bytes().any(|b| b.is_ascii_alphabetic())
            && (ends_in_code(tokens) || ends_in_bad_code(tokens));
    }
    if words::is_country(last.text) && without_country(tokens).len() < tokens.len() {
        return true;
    }
    if last.state().is_some() || !words::may_end_province(last.text) {
        return false;
    }
    ends_in_province(tokens) || province_at_end(tokens).is_some_and(|(_, before)| postal::at_end(before).is_some())
}

/// `ON K1A OB1`: three and three letters and digits after the letters of a province.
fn ends_in_bad_code(tokens: &[Token<'_>]) -> bool {
    let [.., province, first, last] = tokens else { return false };
    let mixed = |word: &Token<'_>| word.text.len() == 3 && word.has_digit() && !word.is_digits();
    mixed(first) && mixed(last) && province.text.len() == 2 && province_named(province.text).is_some()
}

/// `K1A 0B1` in two words, or in one after a province, a town or a break.
fn ends_in_code(tokens: &[Token<'_>]) -> bool {
    let Some((_, before)) = postal::at_end(tokens) else { return false };
    let in_two = before.len() + 2 == tokens.len();
    in_two
        || before.is_empty()
        || before.last().is_some_and(|word| word.gap != Gap::None)
        || province_at_end(before).is_some()
        || towns::at_end(before, None).is_some()
}

fn ends_in_province(tokens: &[Token<'_>]) -> bool {
    let Some((province, before)) = province_at_end(tokens) else { return false };
    let letters = tokens.len() == before.len() + 1 && tokens.last().is_some_and(|word| word.text == province);
    let Some(last) = before.last() else { return false };
    let breaks = before.iter().filter(|word| word.gap != Gap::None).count();
    if letters && breaks >= 2 && last.gap != Gap::None {
        return true;
    }
    let town_starts = |start: usize| start == 0 || before.get(start - 1).is_some_and(|word| word.gap != Gap::None);
    if let Some((_, town)) = towns::at_end(before, Some(province)) {
        // A name may be that of a city of the United States as well (Ontario CA): the town is a segment then.
        return letters || town_starts(before.len() - town.len());
    }
    letters && is_last_line(before)
}

/// `SMALLVILLE` in `12 MAIN ST⏎SMALLVILLE ON`: letters on a line of their own.
fn is_last_line(before: &[Token<'_>]) -> bool {
    let line = before.iter().rposition(|word| word.gap == Gap::Line).map_or(before.len(), |at| at + 1);
    let town = before.get(line..).unwrap_or_default();
    !town.is_empty() && town.iter().all(Token::is_letters) && town.iter().all(|word| word.unit().is_none())
}

/// The words without `CANADA` at their end: after a break, a postal code or a province. `CA` may be California: it is
/// the country after a postal code or the letters of a province.
fn without_country<'t, 's>(tokens: &'t [Token<'s>]) -> &'t [Token<'s>] {
    let Some((last, before)) = tokens.split_last().filter(|(last, _)| words::is_country(last.text)) else {
        return tokens;
    };
    let province = province_at_end(before);
    let whole = last.text == "CANADA";
    let parted = whole && before.last().is_some_and(|word| word.gap != Gap::None || last.at() == 0);
    let letters = |word: &Token<'_>| word.text.len() == 2 && word.state().is_none();
    let named = province.is_some() && (whole || before.last().is_some_and(letters));
    if parted || named || postal::at_end(before).is_some() { before } else { tokens }
}

/// A province at the end, and what is before it.
pub(super) fn province_at_end<'t, 's>(tokens: &'t [Token<'s>]) -> Option<(&'static str, &'t [Token<'s>])> {
    (1..=4.min(tokens.len())).rev().find_map(|count| {
        let (before, name) = tokens.split_at_checked(tokens.len() - count)?;
        let parted = name.iter().rev().skip(1).any(|word| word.gap != Gap::None);
        let province = province_named(&joined(name)).filter(|_| !parted)?;
        Some((province, before))
    })
}

/// The letters of a province, however it is written.
pub(super) fn province_named(name: &str) -> Option<&'static str> {
    if name.contains('-') { words::province(&name.replace('-', " ")) } else { words::province(name) }
}

/// Reads the place at the end of the words; what is before it remains.
pub(super) fn find_place<'t, 's>(
    tokens: &'t [Token<'s>],
    labels: &mut Labels,
    report: &mut Report<'_>,
) -> (Place<'s>, &'t [Token<'s>]) {
    let mut place = Place::default();
    let mut rest = without_country(tokens);
    if let Some(country) = tokens.get(rest.len()..).filter(|country| !country.is_empty()) {
        labels.mark(country, Label::Country);
        report.correct(Code::AddressCountryRemoved, joined(country), "");
    }
    rest = take_codes(rest, &mut place, labels, report);
    if place.postal.is_none() {
        rest = take_bad_code(rest, labels, report);
        rest = take_codes(rest, &mut place, labels, report);
    }
    let (city, before) = city_at_end(rest, place.province);
    if !city.is_empty() {
        labels.mark(city, Label::City);
        place.city = Some(joined(city));
    }
    (place, before)
}

/// Postal code and province at the end, in either order.
fn take_codes<'t, 's>(
    tokens: &'t [Token<'s>],
    place: &mut Place<'s>,
    labels: &mut Labels,
    report: &mut Report<'_>,
) -> &'t [Token<'s>] {
    let mut rest = tokens;
    for _ in 0..2 {
        if let Some((code, before)) = postal::at_end(rest).filter(|_| place.postal.is_none()) {
            labels.mark(rest.get(before.len()..).unwrap_or_default(), Label::Zip);
            place.postal = Some(code);
            rest = before;
        }
        let province = province_at_end(rest).filter(|(province, before)| {
            place.province.is_none_or(|known| known == *province && before.len() > 1)
                && !is_meant_as_city(province, before, rest, place.province)
        });
        if let Some((province, before)) = province {
            let written = rest.get(before.len()..).unwrap_or_default();
            labels.mark(written, Label::State);
            let code =
                if place.province.is_none() { Code::AddressStateStandardized } else { Code::AddressRepeatRemoved };
            let to = if place.province.is_none() { province } else { "" };
            report.correct(code, joined(written), to);
            place.province = Some(province);
            rest = before;
        }
    }
    rest
}

/// `QUEBEC` is a city as well, where none is before it.
fn is_meant_as_city(province: &str, before: &[Token<'_>], rest: &[Token<'_>], known: Option<&str>) -> bool {
    let written = rest.get(before.len()..).unwrap_or_default();
    province == "QC"
        && matches!(written, [word] if word.text == "QUEBEC")
        && (known.is_some() || city_at_end(before, Some(province)).0.is_empty())
}

/// What stands where a postal code should, but is none: `K1A OB1`, `K1A 0B`, five digits.
fn take_bad_code<'t, 's>(tokens: &'t [Token<'s>], labels: &mut Labels, report: &mut Report<'_>) -> &'t [Token<'s>] {
    let mixed = |word: &Token<'_>| word.has_digit() && !word.is_digits();
    let count = match tokens {
        [.., first, last] if mixed(first) && first.text.len() == 3 && last.text.len() <= 3 => 2,
        [.., _, last] if mixed(last) && (6..=7).contains(&last.text.len()) => 1,
        [.., before, last] if last.is_digits() && last.text.len() == 5 && !before.has_digit() => 1,
        _ => return tokens,
    };
    let Some((before, code)) = tokens.split_at_checked(tokens.len() - count) else { return tokens };
    if before.last().is_none_or(|word| word.gap == Gap::None && province_at_end(before).is_none()) {
        return tokens;
    }
    labels.mark(code, Label::Zip);
    report.dropped(Code::AddressPostalCodeInvalid, &joined(code));
    before
}

/// The municipality at the end of the words, and what is before it.
pub(super) fn city_at_end<'t, 's>(
    words: &'t [Token<'s>],
    province: Option<&str>,
) -> (&'t [Token<'s>], &'t [Token<'s>]) {
    let earlier = words.split_last().map_or(&[][..], |(_, before)| before);
    let start = earlier.iter().rposition(|word| word.gap != Gap::None).map_or(0, |at| at + 1);
    let Some((before, segment)) = words.split_at_checked(start) else { return (&[], words) };
    let known = towns::is_town(segment, province);
    if known || is_name(segment) && (!before.is_empty() || street_end(segment).is_none()) {
        return (segment, before);
    }
    let town = towns::at_end(words, province).or_else(|| towns::at_end(words, None));
    if let Some((before, town)) = town.filter(|(_, town)| town.len() <= segment.len()) {
        return (town, before);
    }
    match street_end(segment).and_then(|end| words.split_at_checked(start + end)) {
        Some((before, town)) if !town.is_empty() && town.iter().all(|word| !word.has_digit()) => (town, before),
        _ => (&[], words),
    }
}

/// Whether a segment may be the name of a municipality, and is no street line.
fn is_name(segment: &[Token<'_>]) -> bool {
    let Some(first) = segment.first() else { return false };
    let opens_line = words::unit(first.text).is_some()
        || words::station(first.text).is_some()
        || words::french_type(first.text).is_some_and(words::is_only_french)
        || first.is_one_of(&["#", "CP", "GD", "PO", "RR"]);
    let ends_street = segment.len() > 1
        && segment.last().is_some_and(|last| words::english_type(last.text).is_some_and(is_surely_a_street));
    !opens_line && !ends_street && segment.iter().all(|word| !word.has_digit())
}

/// Types that end no name of a town.
fn is_surely_a_street(standard: &str) -> bool {
    ["AVE", "BLVD", "CRES", "CRT", "DR", "HWY", "LANE", "PKY", "RD", "ST"].contains(&standard)
}

/// The place after the last street type and its direction, where a number comes before.
fn street_end(words: &[Token<'_>]) -> Option<usize> {
    (0..words.len()).find(|at| number::starts_at(words, *at))?;
    let last = words.iter().rposition(|word| words::english_type(word.text).is_some()).filter(|at| *at > 1)?;
    let directions =
        words.iter().skip(last + 1).take_while(|word| words::direction(word.text, false).is_some()).count();
    Some(last + 1 + directions)
}
