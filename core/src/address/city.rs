//! The city at the end of what is left once ZIP code and state are taken.

use super::label::{Label, Labels};
use super::number;
use super::place::Place;
use super::report::Report;
use super::token::{Gap, Token, joined};
use super::words::pieces;
use crate::geo::lexicon::Kind;
use crate::geo::study::{Means, without};
use crate::geo::{CityKey, CityKind, Named, ZipInfo, usps};
use crate::model::Code;

/// Most words of a city's name that are tried.
pub(super) const LONGEST: usize = 6;

/// How well a name is known; higher is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Known {
    /// Nowhere that it could be.
    Nowhere,
    /// In the state.
    InState,
    /// Nearly, in the ZIP code: a slip or an unusual abbreviation.
    NearlyInZip,
    /// In the ZIP code.
    InZip,
}

/// Takes the city off the end.
pub(super) fn take_city<'t, 's>(
    rest: &'t [Token<'s>],
    place: &mut Place<'s>,
    labels: &mut Labels,
    report: &mut Report<'_>,
) -> &'t [Token<'s>] {
    let zip = place.zip_info().filter(|_| !without(Means::ZipForCity));
    let start = match (place.known_state(), zip) {
        (None, _) => start_anywhere(rest),
        (Some(state), zip) => start_in_state(rest, state, zip),
    };
    let Some((before, city)) = start.and_then(|start| rest.split_at_checked(start)) else { return rest };
    labels.mark(city, Label::Mark);
    place.apart = before.last().is_none_or(|word| word.gap != Gap::None);
    let city = without_town_of(city, place.known_state().unwrap_or_default());
    labels.mark(city, Label::City);
    place.city = Some(joined(city)).filter(|name| !name.is_empty());
    let left = without_second_city(before, city, report);
    labels.mark(before.get(left.len()..).unwrap_or_default(), Label::Mark);
    left
}

/// `WASHINGTON, WASHINGTON DC`: the name once more, after a break or a whole street line.
fn without_second_city<'t, 's>(
    before: &'t [Token<'s>],
    city: &[Token<'s>],
    report: &mut Report<'_>,
) -> &'t [Token<'s>] {
    let Some((line, name)) = before.len().checked_sub(city.len()).and_then(|at| before.split_at_checked(at)) else {
        return before;
    };
    let again = name.iter().map(|t| &t.text).eq(city.iter().map(|t| &t.text));
    let whole = line.last().is_some_and(|t| t.gap != Gap::None)
        || line.len().checked_sub(1).is_some_and(|at| ends_street_line(line, at));
    if !again || !whole || city.is_empty() {
        return before;
    }
    report.correct(Code::AddressRepeatRemoved, joined(name), "");
    line
}

/// `TOWN OF VESTAL` is Vestal; `CITY OF INDUSTRY` is called so.
fn without_town_of<'t, 's>(city: &'t [Token<'s>], state: &str) -> &'t [Token<'s>] {
    match city {
        [kind, of, name @ ..] if !name.is_empty() && of.text == "OF" && is_kind_of_town(kind.text) => {
            if named(city).is_in(state) { city } else { name }
        }
        other => other,
    }
}

fn is_kind_of_town(word: &str) -> bool {
    ["BOROUGH", "CITY", "TOWN", "TOWNSHIP", "VILLAGE"].contains(&word)
}

fn named(name: &[Token<'_>]) -> Named {
    Named::of(&CityKey::of_words(name.iter().map(|t| t.text)))
}

/// How well a name is known in a ZIP code and a state, where that is as well as `least` or better.
fn known_from(least: Known, name: &[Token<'_>], named: &Named, state: &str, zip: Option<ZipInfo>) -> Known {
    if let Some(zip) = zip {
        if named.in_zip(zip).is_some() {
            return Known::InZip;
        }
        if least <= Known::NearlyInZip && is_nearly_in(name, zip) {
            return Known::NearlyInZip;
        }
    }
    if least <= Known::InState && named.is_in(state) { Known::InState } else { Known::Nowhere }
}

/// How well a name is known in a ZIP code and a state, and whether as one the Postal Service wants.
fn known(name: &[Token<'_>], state: &str, zip: Option<ZipInfo>) -> (Known, bool) {
    let named = named(name);
    let known = known_from(Known::Nowhere, name, &named, state, zip);
    let wanted = match known {
        Known::InZip => zip.and_then(|zip| named.in_zip(zip)).is_some_and(|city| city.kind != CityKind::Alias),
        Known::NearlyInZip => true,
        Known::InState => named.own_zips(state).next().is_some(),
        Known::Nowhere => false,
    };
    (known, wanted)
}

/// Whether words are nearly a name of a ZIP code, or the end of one.
fn is_nearly_in(name: &[Token<'_>], zip: ZipInfo) -> bool {
    zip.names().any(|known| is_nearly(name.iter().map(|t| t.text), known) || is_tail(name, known))
}

/// Whether words are a name with a slip in a word or an abbreviation of one: `CHICGO`, `HUNTINGTON BH`.
pub(super) fn is_nearly<'a>(mut words: impl Iterator<Item = &'a str>, name: &str) -> bool {
    if without(Means::Slips) {
        return false;
    }
    let (mut names, mut letters) = (pieces(name, |byte| byte == b' ' || byte == b'-'), 0);
    loop {
        match (words.next(), names.next()) {
            (Some(word), Some(full)) if is_nearly_word(word, full) => letters += word.len(),
            (None, None) => return letters >= 4,
            _ => return false,
        }
    }
}

/// `COURT HOUSE` of `CAPE MAY COURT HOUSE`: the last words of a longer name, two at least.
fn is_tail(words: &[Token<'_>], name: &str) -> bool {
    let ends = || name.as_bytes().last() == words.last().and_then(|word| word.text.as_bytes().last());
    if words.len() < 2 || !ends() {
        return false;
    }
    let mut names = name.rsplit(' ');
    words.iter().rev().all(|word| names.next() == Some(word.text)) && names.next().is_some()
}

fn is_nearly_word(word: &str, full: &str) -> bool {
    word.bytes().next() == full.bytes().next()
        && (word == full
            || CityKey::of(word).is_of(full)
            || word.len() >= 4 && full.len() >= 4 && usps::one_slip(word, full)
            || is_short_for(word, full))
}

/// `BH` for `BEACH`, `BLOOMFLD` for `BLOOMFIELD`: the first letter, then others in their order.
fn is_short_for(word: &str, full: &str) -> bool {
    let mut letters = full.bytes();
    word.len() >= 2 && word.len() < full.len() && word.bytes().all(|letter| letters.any(|other| other == letter))
}

/// The start of the city where state (and perhaps ZIP code) are known.
fn start_in_state(rest: &[Token<'_>], state: &str, zip: Option<ZipInfo>) -> Option<usize> {
    let segment = segment_start(rest);
    match best_known(rest, state, zip) {
        Some(best) if opens_a_name(rest, segment, best) => Some(segment),
        Some(best) => Some(best),
        None => {
            let whole = rest.get(segment..).filter(|name| is_plain_name(name));
            let opens =
                segment > 0 || !begins_with_number(rest) && !ends_street_line(rest, rest.len().saturating_sub(1));
            whole.filter(|_| opens).map(|_| segment).or_else(|| start_after_street(rest))
        }
    }
}

/// The best known name at the end: known in the ZIP code before known in the state, then the longest.
fn best_known(rest: &[Token<'_>], state: &str, zip: Option<ZipInfo>) -> Option<usize> {
    let mut best: Option<(bool, Known, usize)> = None;
    let segment = segment_start(rest);
    for count in 1..=LONGEST.min(rest.len() - segment) {
        let start = rest.len() - count;
        let name = rest.get(start..)?;
        if !name.first().is_some_and(may_be_in_a_city) {
            break;
        }
        if best.is_some() && leaves_no_street(rest, start) {
            continue;
        }
        // A name that does not open the segment must be known as well as the best one so far.
        let opens_segment = start > 0 && start == segment;
        let least = best.filter(|_| !opens_segment).map_or(Known::InState, |(_, known, _)| known);
        let known = known_from(least, name, &named(name), state, zip);
        if known == Known::Nowhere || is_directional_of_street(rest, start) && says_less(name, state, zip) {
            continue;
        }
        best = best.max(Some((opens_segment, known, count)));
    }
    best.map(|(_, _, count)| rest.len() - count)
}

/// Whether a name says less than the same without its first word: that one is known as well, and is the wanted one.
fn says_less(name: &[Token<'_>], state: &str, zip: Option<ZipInfo>) -> bool {
    let Some((_, shorter)) = name.split_first().filter(|(_, shorter)| !shorter.is_empty()) else { return false };
    let (known_so, wanted) = known(name, state, zip);
    let own = || zip.is_some_and(|zip| CityKey::of_words(name.iter().map(|t| t.text)).is_of(zip.city()));
    known(shorter, state, zip) == (known_so, true) && (!wanted || zip.is_some() && !own())
}

/// `CHURCH ST N CONCORD`: the letter after a suffix or a numbered road, before a city that does without it.
fn is_directional_of_street(rest: &[Token<'_>], start: usize) -> bool {
    let letter = rest.get(start).is_some_and(|word| word.text.len() == 1 && word.directional().is_some());
    letter && start.checked_sub(1).is_some_and(|before| ends_street_line(rest, before))
}

/// `…, E SAN JOSE`, `…, NEW CORDELL`: a word alone between the last break and a known name, of a kind that
/// often opens a name, is part of it. So is a directional before a name with nothing before it.
fn opens_a_name(rest: &[Token<'_>], segment: usize, best: usize) -> bool {
    const OPENING: &[&str] = &["DEL", "EL", "FORT", "LA", "LAKE", "LAS", "LOS", "MOUNT", "NEW", "PORT", "SAN", "SANTA"];
    match rest.get(segment..best) {
        Some([word]) => {
            let directional = word.directional().is_some_and(|standard| standard.len() == 1);
            directional || segment > 0 && word.is_one_of(OPENING)
        }
        _ => false,
    }
}

fn may_be_in_a_city(token: &Token<'_>) -> bool {
    !token.has_digit() && token.text != "#" && token.text != "@"
}

/// A house number alone is left: then a shorter name leaves a street too.
fn leaves_no_street(rest: &[Token<'_>], start: usize) -> bool {
    start == 1 && rest.first().is_some_and(|t| t.has_digit() && t.gap == Gap::None)
}

fn begins_with_number(rest: &[Token<'_>]) -> bool {
    rest.first().is_some_and(Token::has_digit)
}

/// Where the words after the last break begin.
fn segment_start(rest: &[Token<'_>]) -> usize {
    let inner = rest.split_last().map(|(_, inner)| inner).unwrap_or_default();
    inner.iter().rposition(|t| t.gap != Gap::None).map_or(0, |at| at + 1)
}

/// Letters only, at most five words, and not all directionals.
fn is_plain_name(words: &[Token<'_>]) -> bool {
    (1..=5).contains(&words.len())
        && words.iter().all(|t| t.text.chars().all(|c| c.is_alphabetic() || c == '-'))
        && !words.iter().all(|t| t.directional().is_some())
        && !words.iter().any(|t| t.unit().is_some_and(is_never_in_a_city))
}

fn is_never_in_a_city(unit: &str) -> bool {
    ["APT", "BLDG", "BSMT", "LBBY", "REAR", "STE", "UNIT"].contains(&unit)
}

/// Without a break and with an unknown city: what follows the last word that ends a street line, or else
/// the last suffix of any kind.
fn start_after_street(rest: &[Token<'_>]) -> Option<usize> {
    if rest.len().checked_sub(1).is_some_and(|last| ends_street_line(rest, last)) {
        return None;
    }
    let inner = || (1..rest.len().saturating_sub(1)).rev();
    let is_suffix = |at: &usize| *at > 1 && rest.get(*at).is_some_and(|word| word.suffix().is_some());
    let closed = rest.last().is_some_and(|word| word.suffix().is_some());
    let weak = || inner().find(is_suffix).filter(|_| !closed);
    let end = inner().find(|at| ends_street_line(rest, *at)).or_else(weak)? + 1;
    rest.get(end..).filter(|name| is_plain_name(name)).map(|_| end)
}

/// Neither state nor ZIP code: a known city, but only after a break or the end of a street line.
fn start_anywhere(rest: &[Token<'_>]) -> Option<usize> {
    let segment = segment_start(rest);
    let after_street = || (1..rest.len()).rev().find(|at| ends_street_line(rest, *at)).map(|at| at + 1);
    let open = if segment > 0 { Some(segment) } else { after_street().filter(|start| *start < rest.len()) };
    let Some(start) = open else { return start_of_large_city(rest) };
    let name = rest.get(start..).filter(|name| is_plain_name(name) && name.len() <= LONGEST)?;
    let line = rest.get(..start)?;
    let has_number = line.iter().any(Token::has_digit);
    (has_number && named(name).is_in("")).then_some(start)
}

/// `77 W WACKER CHICAGO`: a city of many ZIP codes, where a number and a name are left before it.
fn start_of_large_city(rest: &[Token<'_>]) -> Option<usize> {
    const MANY: usize = 20;
    let is_large = |start: &usize| {
        let name = rest.get(*start..).unwrap_or_default();
        name.iter().all(Token::is_letters) && named(name).own_zips("").take(MANY).count() == MANY
    };
    let is_line = |start: &usize| {
        let Some([_, inner @ .., last]) = rest.get(..*start) else { return false };
        let named = inner.iter().chain([last]).any(|word| word.directional().is_none());
        named && last.directional().is_none() && !inner.iter().chain([last]).any(|word| word.is(Kind::SPANISH))
    };
    let starts = (2..rest.len()).filter(|start| rest.len() - start <= 3);
    let numbered = number::starts_at(rest, 0);
    numbered.then(|| starts.filter(is_line).find(is_large)).flatten()
}

/// Whether a word can be the last of a street line: a suffix after a name, a directional after one, the
/// number of a road, unit or box.
pub(super) fn ends_street_line(words: &[Token<'_>], at: usize) -> bool {
    let token = |back: usize| at.checked_sub(back).and_then(|at| words.get(at));
    let ends_name = |back: usize| {
        let named = token(back + 1).is_some_and(|word| !word.is_digits() || back + 1 < at);
        named && token(back).is_some_and(Token::is_ending)
    };
    let numbered = |back: usize| {
        let Some((label, word)) = token(back + 1).zip(token(back)) else { return false };
        let labelled =
            label.is_one_of(&["#", "BOX", "POBOX"]) || number::is_route_word(label) || label.unit().is_some();
        let letter = back == 0 && word.text.len() == 1 && label.unit().is_some();
        labelled && (word.has_digit() || letter)
    };
    let floor = token(0).is_some_and(|word| word.unit() == Some("FL")) && token(1).is_some_and(Token::is_ordinal);
    let is_directional = |back: usize| token(back).is_some_and(|word| word.directional().is_some());
    let directional = is_directional(0);
    let double = directional && is_directional(1) && ends_name(2);
    floor || ends_name(0) || numbered(0) || double || directional && (ends_name(1) || numbered(1))
}
