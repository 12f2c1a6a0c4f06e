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
    let next = segments(after).next().unwrap_or_default();
    let belongs = match next {
        [word] if usps::directional(&word.text).is_some() => read_ends_in_directional(line).is_none(),
        [word] if usps::suffix(&word.text).is_some_and(usps::ends_a_street) => !ends_in_suffix(line),
        _ => false,
    };
    match after.split_at_checked(next.len()) {
        Some((_, rest)) if belongs => (Cow::Owned([line, next].concat()), rest),
        _ => (Cow::Borrowed(line), after),
    }
}

fn read_ends_in_directional(line: &[Token]) -> Option<&'static str> {
    line.last().and_then(|word| usps::directional(&word.text))
}

/// Whether the last word, directionals aside, is a suffix.
pub(super) fn ends_in_suffix(words: &[Token]) -> bool {
    let words = words.split(|word| word.gap != Gap::None && usps::suffix(&word.text).is_none()).next().unwrap_or_default();
    let last = words.iter().rev().find(|word| usps::directional(&word.text).is_none());
    words.len() > 1 && last.is_some_and(|word| usps::suffix(&word.text).is_some())
}

fn is_ending(word: &Token) -> bool {
    usps::suffix(&word.text).is_some_and(usps::ends_a_street)
}

/// Where `C/O SOMEBODY` begins, or the end.
pub(super) fn care_of(words: &[Token]) -> usize {
    let marks = |word: &Token| ["ATTENTION", "ATTN", "C/O"].contains(&word.text.as_str());
    words.iter().position(marks).unwrap_or(words.len())
}

/// Where the street ends and the name of a building or firm begins: after a suffix that ends a street,
/// when two or more words follow that are no more of it.
pub(super) fn end_of_street(words: &[Token]) -> usize {
    let last = words.iter().rposition(is_ending).filter(|at| *at > 0);
    let Some(mut end) = last.map(|at| at + 1) else { return words.len() };
    while words.get(end).is_some_and(|word| usps::directional(&word.text).is_some()) {
        end += 1;
    }
    let after = words.get(end..).unwrap_or_default();
    let more = after.iter().any(|word| word.has_digit() || is_corner_mark(word) || number::is_route_word(&word.text));
    if after.len() < 2 || more || opens_with_type(words) { words.len() } else { end }
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
    if number::is_route_word(&before.text) && !(is_ending(before) && named && !is_route_name(street)) {
        return false;
    }
    if last.text.len() == 1 && last.is_letters() {
        return is_ending(before) && named && usps::directional(&last.text).is_none();
    }
    let numbered = last.is_digits() || last.has_digit() && number::ordinal(&last.text).is_none() && closed;
    numbered && named && (closed || !street.iter().any(|word| number::is_route_word(&word.text)))
}

/// `COUNTY ROAD`, `OLD HIGHWAY`: a road that is called by a number.
fn is_route_name(street: &[Token]) -> bool {
    street.iter().rev().skip(1).all(|word| number::is_route_word(&word.text) || usps::directional(&word.text).is_some())
        || street.iter().rev().nth(1).is_some_and(|word| number::is_route_word(&word.text) && usps::suffix(&word.text).is_none())
}

/// Without a number, only this is surely a street: a corner, a numbered road, a name with a suffix that
/// ends a street.
pub(super) fn is_street_without_number(words: &[Token]) -> bool {
    let plain: Vec<&Token> = words.iter().filter(|word| usps::directional(&word.text).is_none()).collect();
    let numbered_road = plain.windows(2).any(|pair| {
        matches!(pair, [word, number] if number.has_digit() && number::is_route_word(&word.text) && !["OLD", "NO"].contains(&word.text.as_str()))
    });
    let suffixed = words.len() >= 2 && plain.last().is_some_and(|word| is_ending(word));
    let has_corner = corner(words, false).is_some();
    numbered_road || suffixed || has_corner
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
