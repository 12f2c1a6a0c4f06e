//! The city at the end of what is left once ZIP code and state are taken.

use super::place::{Place, joined};
use super::token::{Gap, Token};
use crate::geo::{CityKey, ZipInfo, is_city, usps};

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

/// All names of a ZIP code, the preferred one first.
pub(super) fn names_of(zip: ZipInfo) -> impl Iterator<Item = &'static str> {
    std::iter::once(zip.city()).chain(zip.acceptable_cities()).chain(zip.other_cities())
}

/// Takes the city off the end.
pub(super) fn take_city<'t>(rest: &'t [Token], place: &mut Place) -> &'t [Token] {
    let start = match (place.known_state(), place.zip_info()) {
        (None, _) => start_anywhere(rest),
        (Some(state), zip) => start_in_state(rest, state, zip),
    };
    let Some((before, city)) = start.and_then(|start| rest.split_at_checked(start)) else { return rest };
    let city = without_town_of(city);
    place.city = Some(joined(city)).filter(|name| !name.is_empty());
    before
}

fn without_town_of(city: &[Token]) -> &[Token] {
    match city {
        [kind, of, name @ ..] if !name.is_empty() && of.text == "OF" && is_kind_of_town(&kind.text) => name,
        other => other,
    }
}

fn is_kind_of_town(word: &str) -> bool {
    ["BOROUGH", "CITY", "TOWN", "TOWNSHIP", "VILLAGE"].contains(&word)
}

/// How well a name is known in a ZIP code and a state.
pub(super) fn known(name: &[Token], state: &str, zip: Option<ZipInfo>) -> Known {
    let key = CityKey::of_words(name.iter().map(|t| t.text.as_str()));
    if let Some(zip) = zip {
        if names_of(zip).any(|known| CityKey::of(known) == key) {
            return Known::InZip;
        }
        let words: Vec<&str> = name.iter().map(|t| t.text.as_str()).collect();
        if names_of(zip).any(|known| is_nearly(&words, known)) {
            return Known::NearlyInZip;
        }
    }
    if is_city(&key, state) { Known::InState } else { Known::Nowhere }
}

/// Whether words are a name with a slip in a word or an abbreviation of one: `CHICGO`, `HUNTINGTON BH`.
pub(super) fn is_nearly(words: &[&str], name: &str) -> bool {
    let mut names = name.split([' ', '-']);
    let letters: usize = words.iter().map(|w| w.len()).sum();
    letters >= 4
        && words.iter().all(|word| names.next().is_some_and(|full| is_nearly_word(word, full)))
        && names.next().is_none()
}

fn is_nearly_word(word: &str, full: &str) -> bool {
    word == full
        || CityKey::of(word) == CityKey::of(full)
        || word.len() >= 4
            && full.len() >= 4
            && word.bytes().next() == full.bytes().next()
            && usps::one_slip(word, full)
        || is_short_for(word, full)
}

/// `BH` for `BEACH`, `BLOOMFLD` for `BLOOMFIELD`: the first letter, then others in their order.
fn is_short_for(word: &str, full: &str) -> bool {
    let mut letters = full.bytes();
    word.len() >= 2
        && word.len() < full.len()
        && word.bytes().next() == full.bytes().next()
        && word.bytes().all(|letter| letters.any(|other| other == letter))
}

/// The start of the city where state (and perhaps ZIP code) are known.
fn start_in_state(rest: &[Token], state: &str, zip: Option<ZipInfo>) -> Option<usize> {
    let segment = segment_start(rest);
    let best = best_known(rest, state, zip);
    if segment > 0 || !begins_with_number(rest) {
        let whole = rest.get(segment..).unwrap_or_default();
        if best.is_some_and(|best| is_name_with_more(rest, segment, best)) || best.is_none() && is_plain_name(whole) {
            return Some(segment);
        }
    }
    best.or_else(|| start_after_street(rest))
}

/// The best known name at the end: known in the ZIP code before known in the state, then the longest.
fn best_known(rest: &[Token], state: &str, zip: Option<ZipInfo>) -> Option<usize> {
    let mut best: Option<(bool, Known, usize)> = None;
    for count in 1..=LONGEST.min(rest.len()) {
        let start = rest.len() - count;
        let name = rest.get(start..)?;
        let broken = name.split_last().is_some_and(|(_, inner)| inner.iter().any(|t| t.gap != Gap::None));
        if broken || name.iter().any(|t| !may_be_in_a_city(t)) {
            break;
        }
        let known = known(name, state, zip);
        if known == Known::Nowhere || best.is_some() && leaves_no_street(rest, start) {
            continue;
        }
        let opens_segment = start > 0 && start == segment_start(rest);
        best = best.max(Some((opens_segment, known, count)));
    }
    best.map(|(_, _, count)| rest.len() - count)
}

fn may_be_in_a_city(token: &Token) -> bool {
    !token.has_digit() && token.text != "#" && token.text != "@"
}

/// A house number alone is left: then a shorter name leaves a street too.
fn leaves_no_street(rest: &[Token], start: usize) -> bool {
    start == 1 && rest.first().is_some_and(|t| t.has_digit() && t.gap == Gap::None)
}

fn begins_with_number(rest: &[Token]) -> bool {
    rest.first().is_some_and(Token::has_digit)
}

/// Where the words after the last break begin.
fn segment_start(rest: &[Token]) -> usize {
    let inner = rest.split_last().map(|(_, inner)| inner).unwrap_or_default();
    inner.iter().rposition(|t| t.gap != Gap::None).map_or(0, |at| at + 1)
}

/// `Bear Creek TW`: the segment holds a known name and a word or two before it that are no part of a street.
fn is_name_with_more(rest: &[Token], segment: usize, best: usize) -> bool {
    let more = rest.get(segment..best).unwrap_or_default();
    segment > 0
        && !more.is_empty()
        && more.len() <= 2
        && is_plain_name(more)
        && more.iter().all(|t| !is_street_word(&t.text))
}

fn is_street_word(word: &str) -> bool {
    usps::directional(word).is_some()
        || usps::unit(word).is_some()
        || usps::suffix(word).is_some_and(usps::ends_a_street)
}

/// Letters only, at most five words, and not all directionals.
fn is_plain_name(words: &[Token]) -> bool {
    (1..=5).contains(&words.len())
        && words.iter().all(|t| t.is_letters())
        && !words.iter().all(|t| usps::directional(&t.text).is_some())
        && !words.iter().any(|t| usps::unit(&t.text).is_some_and(|unit| ["APT", "STE", "UNIT", "BLDG"].contains(&unit)))
}

/// Without a break and with an unknown city: what follows the last word that ends a street line.
fn start_after_street(rest: &[Token]) -> Option<usize> {
    let end = (1..rest.len()).rev().find(|at| ends_street_line(rest, *at))? + 1;
    rest.get(end..).filter(|name| is_plain_name(name)).map(|_| end)
}

/// Neither state nor ZIP code: a known city, but only after a break or the end of a street line.
fn start_anywhere(rest: &[Token]) -> Option<usize> {
    let segment = segment_start(rest);
    let start = if segment > 0 { segment } else { (1..rest.len()).rev().find(|at| ends_street_line(rest, *at))? + 1 };
    let name = rest.get(start..).filter(|name| is_plain_name(name) && name.len() <= LONGEST)?;
    let line = rest.get(..start)?;
    let has_number = line.iter().any(|t| t.has_digit());
    (has_number && known(name, "", None) == Known::InState).then_some(start)
}

/// Whether a word can be the last of a street line: a suffix, a directional after one, a unit's or box's number.
pub(super) fn ends_street_line(words: &[Token], at: usize) -> bool {
    let word = |back: usize| at.checked_sub(back).and_then(|i| words.get(i)).map_or("", |t| t.text.as_str());
    let suffix = |w: &str| usps::suffix(w).is_some_and(usps::ends_a_street);
    let numbered = words.get(at).is_some_and(Token::has_digit);
    let label = word(1);
    suffix(word(0))
        || usps::directional(word(0)).is_some()
            && (suffix(label) || words.get(at.wrapping_sub(1)).is_some_and(Token::has_digit))
        || numbered
            && at > 0
            && ([
                "#", "BOX", "POBOX", "HIGHWAY", "HWY", "ROUTE", "RTE", "RT", "ROAD", "RD", "FM", "CR", "SR", "US",
                "PMB",
            ]
            .contains(&label)
                || usps::unit(label).is_some())
        || usps::unit(label).is_some() && word(0).len() == 1
}
