//! Where a street line begins and ends among other words.

use super::number;
use super::place::joined;
use super::token::{Gap, Token};
use crate::geo::usps;
use std::borrow::Cow;

/// The stretches of words between breaks.
pub(super) fn segments(words: &[Token]) -> impl Iterator<Item = &[Token]> {
    words.split_inclusive(|word| word.gap != Gap::None)
}

/// The texts of words.
pub(super) fn texts(words: &[Token]) -> Vec<&str> {
    words.iter().map(|word| word.text.as_str()).collect()
}

/// What follows a house number up to the first break, and what is after that. A directional or a
/// suffix that stands alone after the break still belongs to the line: `1800 M STREET, NW`.
pub(super) fn split_line(words: &[Token]) -> (Cow<'_, [Token]>, &[Token]) {
    let end = words.iter().position(|word| word.gap != Gap::None).map_or(words.len(), |at| at + 1);
    let Some((line, after)) = words.split_at_checked(end) else { return (Cow::Borrowed(words), &[]) };
    let count = belonging(line, segments(after).next().unwrap_or_default());
    match after.split_at_checked(count) {
        Some((more, rest)) if count > 0 => (Cow::Owned([line, more].concat()), rest),
        _ => (Cow::Borrowed(line), after),
    }
}

/// How many words of the next segment still belong to the line.
fn belonging(line: &[Token], next: &[Token]) -> usize {
    let is_directional = |word: &Token| usps::directional(&word.text).is_some();
    let directionals = next.iter().take(2).take_while(|word| is_directional(word)).count();
    if directionals > 0 {
        let wants = !line.last().is_some_and(is_directional) && (ends_in_suffix(line) || directionals == next.len());
        return if wants { directionals } else { 0 };
    }
    match next {
        [word] if is_ending(word) && !ends_in_suffix(line) => 1,
        _ => 0,
    }
}

/// Whether the last word, directionals aside, is a suffix.
pub(super) fn ends_in_suffix(words: &[Token]) -> bool {
    let words =
        words.split(|word| word.gap != Gap::None && usps::suffix(&word.text).is_none()).next().unwrap_or_default();
    let last = words.iter().rev().find(|word| usps::directional(&word.text).is_none());
    words.len() > 1 && last.is_some_and(|word| usps::suffix(&word.text).is_some())
}

fn is_ending(word: &Token) -> bool {
    usps::is_ending(&word.text)
}

/// Where `C/O SOMEBODY` begins, or the end.
pub(super) fn care_of(words: &[Token]) -> usize {
    let marks = |word: &Token| ["ATTENTION", "ATTN", "C/O"].contains(&word.text.as_str());
    words.iter().position(marks).unwrap_or(words.len())
}

/// Where the street ends and the name of a building or firm begins: after a suffix that ends a street,
/// when two or more words follow that are no more of it.
pub(super) fn end_of_street(words: &[Token]) -> usize {
    let last = before_directional(words).or_else(|| words.iter().rposition(is_ending)).filter(|at| *at > 0);
    let Some(mut end) = last.map(|at| at + 1) else { return words.len() };
    while words.get(end).is_some_and(|word| usps::directional(&word.text).is_some()) {
        end += 1;
    }
    let after = words.get(end..).unwrap_or_default();
    let more = after.iter().any(|word| word.has_digit() || is_corner_mark(word) || number::is_route_word(&word.text));
    if after.len() < 2 || more || opens_with_type(words) { words.len() } else { end }
}

/// The suffix of `PEACHTREE RD NE TOWER PLACE`: a directional after it ends the street.
fn before_directional(words: &[Token]) -> Option<usize> {
    let ends = |pair: &[Token]| matches!(pair, [suffix, after] if is_ending(suffix) && usps::directional(&after.text).is_some());
    words.windows(2).position(ends).filter(|at| words.len() > at + 3)
}

/// `AVENUE OF THE AMERICAS`, `HIGHWAY ...`: the first word (a directional aside) is the type.
fn opens_with_type(words: &[Token]) -> bool {
    let first = words.iter().find(|word| usps::directional(&word.text).is_none());
    let second = words.iter().filter(|word| usps::directional(&word.text).is_none()).nth(1);
    first.is_some_and(is_ending) && second.is_none_or(|word| !is_ending(word))
}

/// A number or a letter after the street's name that is no part of it.
pub(super) fn is_bare_unit(last: &Token, street: &[Token]) -> bool {
    let Some((before, name)) = street.split_last() else { return false };
    let named = name.iter().any(|word| usps::directional(&word.text).is_none());
    let closed = is_ending(before) || usps::suffix(&before.text).is_some() || usps::directional(&before.text).is_some();
    if is_plainly_numbered_road(street) {
        return false;
    }
    if last.text.len() <= 2 && last.is_letters() {
        let plain = usps::directional(&last.text).is_none() && usps::suffix(&last.text).is_none();
        return is_ending(before) && named && plain;
    }
    let numbered = last.is_digits() || last.has_digit() && number::ordinal(&last.text).is_none() && closed;
    numbered && named && (closed || !street.iter().any(|word| number::is_route_word(&word.text)))
}

/// Whether a number after these words is that of a road: `COUNTY ROAD`, `OLD HIGHWAY`, `STATE RT`; but not
/// after `PEACHTREE ROAD`.
pub(super) fn is_numbered_road(words: &[Token]) -> bool {
    let Some((last, before)) = words.split_last().filter(|(last, _)| number::is_route_word(&last.text)) else {
        return false;
    };
    let names_a_kind = ["BUSINESS", "COUNTY", "OLD", "STATE"].contains(&last.text.as_str());
    match last.text.as_str() {
        "NO" | "NUMBER" => is_numbered_road(before),
        _ => !names_a_kind && (is_nameless(before) || usps::suffix(&last.text).is_none()),
    }
}

/// Whether what stands before `ROAD` is no name of it: nothing, the house number, a directional, `STATE`.
fn is_nameless(before: &[Token]) -> bool {
    let by_owner = |word: &str| word != "OLD" && number::is_route_word(word) || number::is_road_owner(word);
    match before {
        [.., one, other] if [one, other].iter().all(|word| usps::directional(&word.text).is_some()) => false,
        [.., owner] => owner.is_digits() || usps::directional(&owner.text).is_some() || by_owner(&owner.text),
        [] => true,
    }
}

/// The same where no `#` stands before the number: then `SCENIC HWY 98` is a road too.
fn is_plainly_numbered_road(words: &[Token]) -> bool {
    let named = words.len() > 1 && words.last().is_some_and(|word| number::is_highway_word(&word.text));
    let kind = words.last().is_some_and(|word| ["BUSINESS", "COUNTY", "OLD", "STATE"].contains(&word.text.as_str()));
    named || kind || is_numbered_road(words)
}

/// Without a number, only this is surely a street: a corner, a numbered road, a name with a suffix that
/// ends a street.
pub(super) fn is_street_without_number(words: &[Token]) -> bool {
    let last = words.iter().rev().find(|word| usps::directional(&word.text).is_none());
    let suffixed = words.len() >= 2 && last.is_some_and(is_ending);
    has_numbered_road(words) || suffixed || corner(words, false).is_some()
}

/// `HIGHWAY 63`, `COUNTY ROAD UV`, `STATE HIGHWAY NO 33`.
pub(super) fn has_numbered_road(words: &[Token]) -> bool {
    (1..words.len()).any(|at| {
        let (Some(number), Some(road)) = (words.get(at), words.get(..at)) else { return false };
        let lettered = number.text.len() <= 3 && number.is_letters() && is_owned_road(road);
        let plain = usps::directional(&number.text).is_none() && usps::suffix(&number.text).is_none();
        road.last().is_some_and(|word| word.text != "OLD")
            && is_plainly_numbered_road(road)
            && (number.has_digit() || lettered && plain)
    })
}

/// `COUNTY ROAD`.
fn is_owned_road(words: &[Token]) -> bool {
    matches!(words, [.., owner, road] if number::is_road_owner(&owner.text) && number::is_route_word(&road.text))
}

/// `ONE MIDTOWN PLAZA 1360 PEACHTREE STREET`: the number of the street after the name of a building, and
/// the place after it.
pub(super) fn second_number(words: &[Token]) -> Option<(String, usize)> {
    (2..words.len()).find_map(|at| {
        let word = words.get(at).filter(|word| word.is_digits())?;
        let (name, street) = (words.get(..at)?, words.get(at + 1..)?);
        let named =
            name.last().is_some_and(|last| usps::suffix(&last.text).is_some()) && !is_plainly_numbered_road(name);
        (named && street.len() >= 2 && ends_in_suffix(street)).then(|| (word.text.clone(), at + 1))
    })
}

/// A segment of its own like `12C`, `1600` or `C-5`.
pub(super) fn is_unit_number(word: &Token) -> bool {
    let short = word.text.len() <= 6 && number::ordinal(&word.text).is_none();
    short
        && word.text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
        && (word.has_digit() || word.text.contains('-'))
}

fn is_corner_mark(word: &Token) -> bool {
    ["&", "/", "@", "AND", "AT"].contains(&word.text.as_str())
}

/// The two streets of a corner. With a house number, `C AND N SMITH MILL RD` and `PEACE & PLENTY LN`
/// are names: the first part must be a whole street then.
pub(super) fn corner(words: &[Token], numbered: bool) -> Option<(Vec<&str>, Vec<&str>)> {
    let mark = words.iter().position(is_corner_mark)?;
    let (one, rest) = words.split_at_checked(mark)?;
    let other = rest.get(1..).filter(|other| !other.is_empty())?;
    let one = match one {
        [corner, of, rest @ ..] if corner.text == "CORNER" && of.text == "OF" => rest,
        other => other,
    };
    if one.is_empty() || numbered && !ends_in_suffix(one) && !one.last().is_some_and(Token::has_digit) {
        return None;
    }
    if one.len() + other.len() > 10 || joined(other).len() < 2 {
        return None;
    }
    let (mut one, mut other) = (texts(one), texts(other));
    share_suffix(&mut one, &mut other);
    Some((one, other))
}

/// `MISSION & VALENCIA STS`: both are streets.
fn share_suffix(one: &mut Vec<&str>, other: &mut [&str]) {
    let single = match other.last() {
        Some(&"STS" | &"STREETS") => "ST",
        Some(&"AVES" | &"AVENUES") => "AVE",
        Some(&"RDS" | &"ROADS") => "RD",
        _ => return,
    };
    if let Some(last) = other.last_mut() {
        *last = single;
    }
    one.push(single);
}
