//! Where a street line begins and ends among other words.

use super::number;
use super::token::{Gap, Token, is_digits, joined};
use crate::geo::lexicon::Kind;

/// The stretches of words between breaks.
pub(super) fn segments<'t, 's>(words: &'t [Token<'s>]) -> impl Iterator<Item = &'t [Token<'s>]> {
    words.split_inclusive(|word| word.gap != Gap::None)
}

/// What follows a house number up to the first break, and what is after that. A directional or a
/// suffix that stands alone after the break still belongs to the line: `1800 M STREET, NW`.
pub(super) fn split_line<'t, 's>(words: &'t [Token<'s>]) -> (&'t [Token<'s>], &'t [Token<'s>]) {
    let end = words.iter().position(|word| word.gap != Gap::None).map_or(words.len(), |at| at + 1);
    let Some((line, after)) = words.split_at_checked(end) else { return (words, &[]) };
    let count = belonging(line, segments(after).next().unwrap_or_default());
    words.split_at_checked(end + count).unwrap_or((line, after))
}

/// How many words of the next segment still belong to the line.
fn belonging(line: &[Token<'_>], next: &[Token<'_>]) -> usize {
    let is_directional = |word: &Token<'_>| word.directional().is_some();
    let directionals = next.iter().take(2).take_while(|word| is_directional(word)).count();
    if directionals > 0 {
        // `WEST HALL` is the name of something: behind a whole word only a unit may follow.
        let whole = next.first().is_some_and(|word| word.text.len() > 2);
        let named = next.get(directionals).is_some_and(|word| word.is_letters() && word.unit().is_none());
        if whole && named {
            return 0;
        }
        let wants = !line.last().is_some_and(is_directional) && (ends_in_suffix(line) || directionals == next.len());
        return if wants { directionals } else { 0 };
    }
    match next {
        [word] if word.is_ending() && !ends_in_suffix(line) => 1,
        _ => 0,
    }
}

/// Whether the last word, directionals aside, is a suffix.
pub(super) fn ends_in_suffix(words: &[Token<'_>]) -> bool {
    let words = words.split(|word| word.gap != Gap::None && word.suffix().is_none()).next().unwrap_or_default();
    let last = words.iter().rev().find(|word| word.directional().is_none());
    words.len() > 1 && last.is_some_and(|word| word.suffix().is_some())
}

/// Where `C/O SOMEBODY` begins, or the end.
pub(super) fn care_of(words: &[Token<'_>]) -> usize {
    let marks = |word: &Token<'_>| word.is_one_of(&["ATTENTION", "ATTN", "C/O"]);
    words.iter().position(marks).unwrap_or(words.len())
}

/// Where the street ends and the name of a building or firm begins: after a suffix that ends a street,
/// when two or more words follow that are no more of it.
pub(super) fn end_of_street(words: &[Token<'_>]) -> usize {
    if let Some(end) = after_numbered_road(words) {
        return end;
    }
    let last = before_directional(words).or_else(|| words.iter().rposition(Token::is_ending)).filter(|at| *at > 0);
    let Some(mut end) = last.map(|at| at + 1) else { return words.len() };
    while words.get(end).is_some_and(|word| word.directional().is_some()) {
        end += 1;
    }
    let after = words.get(end..).unwrap_or_default();
    // `MAIN ST FILE 57130`: a word of its own comes first.
    let opens_with_word = after.first().is_some_and(|word| word.is_letters() && word.suffix().is_none());
    let more = after
        .iter()
        .any(|word| word.has_digit() && !opens_with_word || is_corner_mark(word) || number::is_route_word(word));
    if after.len() < 2 || more || opens_with_type(words) { words.len() } else { end }
}

/// `RT 60 EAST` of `RT 60 EAST LONE OAK INDUSTRIAL PARK`.
fn after_numbered_road(words: &[Token<'_>]) -> Option<usize> {
    let end = words.iter().position(Token::has_digit)? + 1;
    let (road, after) = words.split_at_checked(end)?;
    let [side, first, second, ..] = after else { return None };
    let named = [first, second].into_iter().all(Token::is_letters)
        && first.suffix().is_none()
        && !second.is_ending()
        && !number::is_route_word(first)
        && !is_corner_mark(first)
        && !is_corner_mark(second);
    (named && side.directional().is_some() && is_numbered_road(road.split_last()?.1)).then_some(end + 1)
}

/// The suffix of `PEACHTREE RD NE TOWER PLACE`: a directional after it ends the street.
fn before_directional(words: &[Token<'_>]) -> Option<usize> {
    let ends =
        |pair: &[Token<'_>]| matches!(pair, [suffix, after] if suffix.is_ending() && after.directional().is_some());
    words.windows(2).position(ends).filter(|at| words.len() > at + 3)
}

/// `AVENUE OF THE AMERICAS`, `HIGHWAY ...`: the first word (a directional aside) is the type.
fn opens_with_type(words: &[Token<'_>]) -> bool {
    let first = words.iter().find(|word| word.directional().is_none());
    let second = words.iter().filter(|word| word.directional().is_none()).nth(1);
    first.is_some_and(Token::is_ending) && second.is_none_or(|word| !word.is_ending())
}

/// A number or a letter after the street's name that is no part of it.
pub(super) fn is_bare_unit(last: &Token, street: &[Token<'_>]) -> bool {
    let Some((before, name)) = street.split_last() else { return false };
    let whole = before.is_letters()
        && before.text.len() >= 5
        && before.suffix().is_none()
        && before.directional().is_none()
        && !before.is(Kind::OWNER)
        && !before.is(Kind::SPANISH)
        && !number::is_route_word(before);
    let named = whole || name.iter().any(|word| word.directional().is_none());
    let closed = before.is_ending() || before.suffix().is_some() || before.directional().is_some();
    if is_plainly_numbered_road(street) || before.is_one_of(&["EXIT", "KM", "MILE", "MILEPOST", "MM", "MP", "POST"]) {
        return false;
    }
    if last.text.len() <= 2 && last.is_letters() {
        let plain = last.directional().is_none() && last.suffix().is_none() && !last.is_one_of(&["JR", "SR"]);
        let side = before.directional().is_some() && name.last().is_some_and(Token::is_ending) && name.len() > 1;
        return (before.is_ending() || side) && named && plain;
    }
    let numbered = last.is_digits() || last.has_digit() && !last.is_ordinal() && (closed || is_number_and_letter(last));
    numbered && named && (closed || !street.iter().any(|word| number::is_route_word(word)))
}

/// `1A`.
fn is_number_and_letter(word: &Token<'_>) -> bool {
    let digits = word.text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    word.text.len() <= 4 && digits.len() + 1 == word.text.len() && is_digits(digits)
}

/// Whether a number after these words is that of a road: `COUNTY ROAD`, `OLD HIGHWAY`, `STATE RT`; but not
/// after `PEACHTREE ROAD`.
pub(super) fn is_numbered_road(words: &[Token<'_>]) -> bool {
    if matches!(words, [.., farm, to, market] if farm.text == "FARM" && to.text == "TO" && market.text == "MARKET") {
        return true;
    }
    let Some((last, before)) = words.split_last().filter(|(last, _)| number::is_route_word(last)) else {
        return false;
    };
    let names_a_kind = last.is_one_of(&["BUSINESS", "COUNTY", "OLD", "STATE"]);
    match last.text {
        "NO" | "NUMBER" => is_numbered_road(before),
        _ => !names_a_kind && (is_nameless(before) || last.suffix().is_none()),
    }
}

/// Whether what stands before `ROAD` is no name of it: nothing, the house number, a directional, `STATE`.
fn is_nameless(before: &[Token<'_>]) -> bool {
    let by_owner = |word: &Token<'_>| word.text != "OLD" && number::is_route_word(word) || word.is(Kind::OWNER);
    match before {
        [.., farm, to, market] if farm.text == "FARM" && to.text == "TO" && market.text == "MARKET" => true,
        [.., one, other] if [one, other].iter().all(|word| word.directional().is_some()) => false,
        [.., owner] => owner.is_digits() || owner.directional().is_some() || by_owner(owner),
        [] => true,
    }
}

/// The same where no `#` stands before the number: then `SCENIC HWY 98` is a road too.
fn is_plainly_numbered_road(words: &[Token<'_>]) -> bool {
    let words = match words {
        [road @ .., mark] if mark.is_one_of(&["NO", "NUMBER"]) => road,
        words => words,
    };
    let named = words.len() > 1 && words.last().is_some_and(|word| word.is(Kind::HIGHWAY));
    let kind = words.last().is_some_and(|word| word.is_one_of(&["BUSINESS", "COUNTY", "OLD", "STATE"]));
    named || kind || is_numbered_road(words)
}

/// Without a number, only this is surely a street: a corner, a numbered road, a name with a suffix that
/// ends a street.
pub(super) fn is_street_without_number(words: &[Token<'_>]) -> bool {
    let last = words.iter().rev().find(|word| word.directional().is_none());
    let suffixed = words.len() >= 2 && last.is_some_and(Token::is_ending);
    let glued = words.first().is_some_and(|word| number::is_glued_route(word.text));
    has_numbered_road(words) || glued || suffixed || corner(words, false).is_some()
}

/// One word that can be a street's name.
pub(super) fn is_name_alone(words: &[Token<'_>]) -> bool {
    matches!(words, [name] if name.gap != Gap::None && name.is_letters() && name.text.len() >= 4
        && name.unit().is_none() && !name.is(Kind::PLACEHOLDER))
}

/// `HIGHWAY 63`, `COUNTY ROAD UV`, `STATE HIGHWAY NO 33`.
pub(super) fn has_numbered_road(words: &[Token<'_>]) -> bool {
    (1..words.len()).any(|at| {
        let (Some(number), Some(road)) = (words.get(at), words.get(..at)) else { return false };
        let lettered = number.text.len() <= 3 && number.is_letters() && is_owned_road(road);
        let plain = number.directional().is_none() && number.suffix().is_none();
        road.last().is_some_and(|word| word.text != "OLD")
            && is_plainly_numbered_road(road)
            && (number.has_digit() || lettered && plain)
    })
}

/// `COUNTY ROAD`.
fn is_owned_road(words: &[Token<'_>]) -> bool {
    matches!(words, [.., owner, road] if owner.is(Kind::OWNER) && number::is_route_word(road))
}

/// `ONE MIDTOWN PLAZA 1360 PEACHTREE STREET`: the place of the street's number after the name of a building.
pub(super) fn second_number(words: &[Token<'_>]) -> Option<usize> {
    (2..words.len()).find_map(|at| {
        words.get(at).filter(|word| word.is_digits())?;
        let (name, street) = (words.get(..at)?, words.get(at + 1..)?);
        let named = name.last().is_some_and(|last| last.suffix().is_some()) && !is_plainly_numbered_road(name);
        (named && street.len() >= 2 && ends_in_suffix(street)).then_some(at)
    })
}

/// `4-B` in `4-B 100 MAIN ST`: a number with a letter, then the house number and a whole street.
pub(super) fn is_unit_before_number(unit: &Token<'_>, number: &Token<'_>, street: &[Token<'_>]) -> bool {
    let lettered = unit.has_digit() && !unit.is_digits() && unit.text.bytes().any(|b| b.is_ascii_alphabetic());
    let named = street.len() >= 2 && street.first().is_some_and(|word| word.suffix().is_none() && word.text != "MILE");
    let last = street.iter().rev().find(|word| word.directional().is_none());
    lettered && unit.text.len() <= 4 && number.is_digits() && named && last.is_some_and(Token::is_ending)
}

/// What may follow the number of a unit: nothing, or a directional.
pub(super) fn is_side(words: &[Token<'_>]) -> bool {
    matches!(words, []) || matches!(words, [side] if side.directional().is_some())
}

/// `CALLE SOL 25`: in Spanish the number stands behind the name.
pub(super) fn number_behind<'t, 's>(words: &'t [Token<'s>]) -> Option<(&'t [Token<'s>], &'t Token<'s>)> {
    let (number, street) = words.split_last()?;
    let named = matches!(street, [first, _, ..] if first.is(Kind::SPANISH));
    (named && number.has_digit() && !number.is_ordinal() && !number.text.contains('/')).then_some((street, number))
}

/// Words without an `&` or `AND` that nothing follows.
pub(super) fn without_marks_at_end<'t, 's>(words: &'t [Token<'s>]) -> &'t [Token<'s>] {
    match words {
        [street @ .., mark] if is_corner_mark(mark) => street,
        words => words,
    }
}

/// Whether the words up to the first break name a building rather than a street: `ALLEN PLAZA`, `CITY CENTER`.
pub(super) fn is_building(words: &[Token<'_>]) -> bool {
    let (line, _) = split_line(words);
    let last = line.last().filter(|word| word.gap != Gap::None);
    last.is_some_and(|word| ["CTR", "PLZ"].contains(&word.suffix().unwrap_or_default()) || word.is_one_of(BUILDINGS))
}

const BUILDINGS: &[&str] = &["BUILDING", "TOWER", "TOWERS"];

/// Whether the words up to the first break are a name and a suffix that ends a street.
pub(super) fn is_plain_street(words: &[Token<'_>]) -> bool {
    let (line, _) = split_line(words);
    let last = line.iter().rev().find(|word| word.directional().is_none());
    line.len() >= 2 && last.is_some_and(Token::is_ending)
}

/// A segment of its own like `12C`, `1600` or `C-5`.
pub(super) fn is_unit_number(word: &Token<'_>) -> bool {
    let short = word.text.len() <= 6 && !word.is_ordinal();
    short
        && word.text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
        && (word.has_digit() || word.text.contains('-'))
}

pub(super) fn is_corner_mark(word: &Token<'_>) -> bool {
    word.is_one_of(&["&", "/", "@", "AND", "AT"])
}

/// The two streets of a corner.
pub(super) struct Corner<'t, 's> {
    pub(super) one: &'t [Token<'s>],
    pub(super) other: &'t [Token<'s>],
    /// What stands between them.
    pub(super) mark: &'t [Token<'s>],
}

/// A suffix, a directional, a number or a road's words, but not the name of a building.
fn looks_like_a_street(words: &[Token<'_>]) -> bool {
    let street = |word: &Token<'_>| {
        word.suffix().is_some()
            || word.directional().is_some()
            || word.has_digit()
            || word.is_ordinal()
            || word.is_ending()
            || number::is_route_word(word)
    };
    words.iter().any(street) && words.last().is_none_or(|word| word.unit().is_none())
}

/// The two streets of a corner. With a house number, `C AND N SMITH MILL RD` and `PEACE & PLENTY LN`
/// are names: the first part must be a whole street then.
pub(super) fn corner<'t, 's>(words: &'t [Token<'s>], numbered: bool) -> Option<Corner<'t, 's>> {
    let mark = words.iter().position(is_corner_mark)?;
    let (one, rest) = words.split_at_checked(mark)?;
    let (mark, other) = rest.split_at_checked(1).filter(|(_, other)| !other.is_empty())?;
    let one = match one {
        [corner, of, rest @ ..] if corner.text == "CORNER" && of.text == "OF" => rest,
        [side, corner, of, rest @ ..] if side.directional().is_some() && corner.text == "CORNER" && of.text == "OF" => {
            rest
        }
        other => other,
    };
    if one.is_empty() || numbered && !ends_in_suffix(one) && !one.last().is_some_and(Token::has_digit) {
        return None;
    }
    // `THE CIRCLE AT NORTH HILLS` is one name; so are two people.
    let named = matches!(one, [the, ..] if the.text == "THE");
    let people = !numbered && one.len() + other.len() > 2 && ![one, other].into_iter().any(looks_like_a_street);
    if named || people {
        return None;
    }
    if one.len() + other.len() > 10 || joined(other).len() < 2 {
        return None;
    }
    Some(Corner { one, other, mark })
}
