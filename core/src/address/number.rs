//! House numbers, ordinals and the words that make a number part of a street's name.

use super::token::{Gap, Token, is_digits};
use crate::geo::usps;

const SPELLED: &[(&str, &str)] = &[
    ("EIGHT", "8"),
    ("EIGHTEEN", "18"),
    ("EIGHTY", "80"),
    ("ELEVEN", "11"),
    ("FIFTEEN", "15"),
    ("FIFTY", "50"),
    ("FIVE", "5"),
    ("FORTY", "40"),
    ("FOUR", "4"),
    ("FOURTEEN", "14"),
    ("NINE", "9"),
    ("NINETEEN", "19"),
    ("NINETY", "90"),
    ("ONE", "1"),
    ("SEVEN", "7"),
    ("SEVENTEEN", "17"),
    ("SEVENTY", "70"),
    ("SIX", "6"),
    ("SIXTEEN", "16"),
    ("SIXTY", "60"),
    ("TEN", "10"),
    ("THIRTEEN", "13"),
    ("THIRTY", "30"),
    ("THREE", "3"),
    ("TWELVE", "12"),
    ("TWENTY", "20"),
    ("TWO", "2"),
];

const ORDINALS: &[(&str, &str)] = &[
    ("EIGHTEENTH", "18"),
    ("EIGHTH", "8"),
    ("ELEVENTH", "11"),
    ("FIFTEENTH", "15"),
    ("FIFTH", "5"),
    ("FIRST", "1"),
    ("FOURTEENTH", "14"),
    ("FOURTH", "4"),
    ("NINETEENTH", "19"),
    ("NINTH", "9"),
    ("SECOND", "2"),
    ("SEVENTEENTH", "17"),
    ("SEVENTH", "7"),
    ("SIXTEENTH", "16"),
    ("SIXTH", "6"),
    ("TENTH", "10"),
    ("THIRD", "3"),
    ("THIRTEENTH", "13"),
    ("TWELFTH", "12"),
    ("TWENTIETH", "20"),
];

fn find(table: &'static [(&str, &str)], word: &str) -> Option<&'static str> {
    let at = table.binary_search_by(|(spelled, _)| (*spelled).cmp(word)).ok()?;
    table.get(at).map(|(_, digits)| *digits)
}

/// The digits of a number in words.
pub(super) fn spelled(word: &str) -> Option<&'static str> {
    find(SPELLED, word)
}

/// The digits of an ordinal: `2ND`, `SECOND`.
pub(super) fn ordinal(word: &str) -> Option<&str> {
    let ending = ["ST", "ND", "RD", "TH"].iter().find_map(|ending| word.strip_suffix(ending));
    ending.filter(|digits| is_digits(digits)).or_else(|| find(ORDINALS, word))
}

/// Words after which a number is that of a road.
pub(super) fn is_route_word(word: &str) -> bool {
    [
        "BUSINESS",
        "CO",
        "COUNTY",
        "CR",
        "CTH",
        "FM",
        "HGHWY",
        "HGWY",
        "HIGHWAY",
        "HIGHWAYS",
        "HIWAY",
        "HWY",
        "HWYS",
        "I",
        "INTERSTATE",
        "LOOP",
        "NO",
        "NUMBER",
        "OLD",
        "PR",
        "RD",
        "RM",
        "ROAD",
        "ROUTE",
        "ROUTES",
        "RT",
        "RTE",
        "RTS",
        "SH",
        "SPUR",
        "SR",
        "STATE",
        "STH",
        "US",
    ]
    .contains(&word)
        || usps::directional(word).is_none() && usps::state(word).is_some_and(|state| state == word)
}

/// Words that name a road by its number even where they end a name: `SCENIC HWY 98`.
pub(super) fn is_highway_word(word: &str) -> bool {
    ["HGHWY", "HGWY", "HIGHWAY", "HIWAY", "HWY", "NO", "NUMBER", "ROUTE", "RT", "RTE"].contains(&word)
}

/// Words before `ROAD` that make it a numbered one.
pub(super) fn is_road_owner(word: &str) -> bool {
    [
        "CNTY", "CO", "COUNTRY", "COUNTY", "CTY", "FARM", "FOREST", "PRIVATE", "RANCH", "SERVICE", "STATE", "TOWNSHIP",
        "TWP",
    ]
    .contains(&word)
}

/// Whether a house number starts at a word.
pub(super) fn starts_at(words: &[Token], at: usize) -> bool {
    house_number(words, at).is_some()
}

/// The house number that starts at a word, and the place after it.
pub(super) fn house_number(words: &[Token], at: usize) -> Option<(String, usize)> {
    let first = words.get(at)?;
    let text = |at: usize| words.get(at).map_or("", |t| t.text.as_str());
    if first.text == "#" {
        return house_number(words, at + 1).filter(|_| words.get(at + 1).is_some_and(Token::is_digits));
    }
    if is_grid_part(&first.text) && is_grid_part(text(at + 1)) && first.gap == Gap::None {
        return Some((format!("{}{}", first.text, text(at + 1)), at + 2));
    }
    if at == 0 && is_lettered(&first.text) && words.len() > 1 && first.gap == Gap::None {
        return Some((first.text.clone(), at + 1));
    }
    if spelled(&first.text).is_some() && first.gap == Gap::None {
        return Some((first.text.clone(), at + 1));
    }
    if !is_number(&first.text) {
        return None;
    }
    let mut number = first.text.clone();
    let mut end = at + 1;
    if first.gap == Gap::None && is_fraction(text(end)) {
        number = format!("{number} {}", text(end));
        end += 1;
    } else if first.gap == Gap::None && first.is_digits() && is_number_letter(words, end) {
        number.push_str(text(end));
        end += 1;
    }
    Some((number, end))
}

/// `123`, `123A`, `59-17`, `109-A`, `39.2`, `N6W23001`; not `5TH`.
fn is_number(word: &str) -> bool {
    if ordinal(word).is_some() || word.len() > 12 {
        return false;
    }
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    let letters = word.bytes().filter(u8::is_ascii_alphabetic).count();
    let starts = word.bytes().next().is_some_and(|b| b.is_ascii_digit());
    starts && letters <= 1 && digits <= 8 && !is_fraction(word) || is_grid(word)
}

fn is_fraction(word: &str) -> bool {
    word.split_once('/').is_some_and(|(above, below)| is_digits(above) && is_digits(below))
}

/// `N6`, `W23001`.
fn is_grid_part(word: &str) -> bool {
    let direction = word.bytes().next().is_some_and(|b| b"NSEW".contains(&b));
    direction && word.get(1..).is_some_and(is_digits)
}

/// `T703`: a letter and at least two digits, for the very start only.
fn is_lettered(word: &str) -> bool {
    let mut letters = word.chars();
    letters.next().is_some_and(|c| c.is_ascii_alphabetic())
        && letters.as_str().len() >= 2
        && is_digits(letters.as_str())
}

/// `N6W23001`.
fn is_grid(word: &str) -> bool {
    let second = word.get(1..).and_then(|rest| rest.find(['N', 'S', 'E', 'W']));
    second.and_then(|at| word.split_at_checked(at + 1)).is_some_and(|(a, b)| is_grid_part(a) && is_grid_part(b))
}

/// `B` in `214 B SOUTH BLVD`: a lone letter, no directional, with a name of its own after it.
fn is_number_letter(words: &[Token], at: usize) -> bool {
    let text = |at: usize| words.get(at).map_or("", |t| t.text.as_str());
    let letter = text(at);
    let name = text(at + 1);
    letter.len() == 1
        && letter.bytes().all(|b| b.is_ascii_alphabetic() && !b"NSEW".contains(&b))
        && words.get(at).is_some_and(|t| t.gap == Gap::None)
        && name.len() > 1
        && !name.starts_with(|c: char| c.is_ascii_digit())
        && !["AND", "AT", "DE", "LA"].contains(&name)
        && usps::suffix_with_a_slip(name).is_none()
        && usps::suffix(name).is_none()
        && usps::unit(name).is_none()
        && (words.get(at + 2).is_some() && (usps::directional(name).is_none() || words.len() > at + 2))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::address::token::tokens;

    fn number(text: &str) -> Option<String> {
        house_number(&tokens(text), 0).map(|(number, _)| number)
    }

    #[test]
    fn house_numbers() {
        for (text, want) in [
            ("123 Main St", "123"),
            ("12½ Elm St", "12 1/2"),
            ("21 B South Blvd", "21B"),
            ("61-20 Elm Blvd", "61-20"),
            ("W12 N345 Elm Ln", "W12N345"),
            ("N7W2300 Elm Rd", "N7W2300"),
            ("One Microsoft Way", "ONE"),
            ("# 2 Elm Rd", "2"),
        ] {
            assert_eq!(number(text).as_deref(), Some(want), "{text}");
        }
        for text in ["5th Ave", "Main St", "1/2 Elm", "", "#"] {
            assert_eq!(number(text), None, "{text}");
        }
        assert_eq!(number("15 I St").as_deref(), Some("15"));
    }

    #[test]
    fn tables_are_in_order() {
        for table in [SPELLED, ORDINALS] {
            assert!(table.windows(2).all(|pair| pair[0].0 < pair[1].0));
        }
    }
}
