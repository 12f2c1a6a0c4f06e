//! House numbers, ordinals and the words that make a number part of a street's name.

use super::token::{Gap, Token, is_digits, joined, ordinal_digits};
use super::words::parted;
use crate::geo::lexicon::{self, Kind};
use std::borrow::Cow;

/// The value of a number in words: `SIX`, `TWENTY ONE`, `ONE HUNDRED FIVE`.
pub(super) fn spelled(text: &str) -> Option<u32> {
    if text.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    if let Some(digits) = cardinal(text) {
        return digits.parse().ok();
    }
    let mut words = text.split([' ', '-']).peekable();
    let mut value = 0;
    let mut next: u32 = cardinal(words.next()?)?.parse().ok()?;
    if words.next_if_eq(&"HUNDRED").is_some() {
        value = next * 100;
        let Some(word) = words.next() else { return Some(value) };
        next = cardinal(word)?.parse().ok()?;
    }
    if let Some(word) = words.next() {
        let unit: u32 = cardinal(word)?.parse().ok()?;
        next = (next >= 20 && unit < 10).then_some(next + unit)?;
    }
    words.next().is_none().then_some(value + next)
}

fn cardinal(word: &str) -> Option<&'static str> {
    let word = lexicon::word(word);
    word.number().filter(|_| word.is(Kind::CARDINAL))
}

/// The place after a number in words: the longest run of words that is one.
fn spelled_end(words: &[Token<'_>], at: usize) -> Option<usize> {
    let first = words.get(at)?;
    let opens = first.is(Kind::CARDINAL) || parted(first.text, b'-').is_some_and(|(tens, _)| cardinal(tens).is_some());
    if !opens {
        return None;
    }
    (1..=4).rev().map(|count| at + count).find(|end| {
        let run = words.get(at..*end).unwrap_or_default();
        run.len() == end - at
            && run.iter().all(|word| word.gap == Gap::None)
            && (run.len() == 1 && first.is(Kind::CARDINAL) || spelled(&joined(run)).is_some())
    })
}

/// The digits of an ordinal: `2ND`, `SECOND`.
pub(super) fn ordinal(word: &str) -> Option<&str> {
    // In words they end as they do in digits.
    if !matches!(word.as_bytes(), [.., b'S', b'T'] | [.., b'N' | b'R', b'D'] | [.., b'T', b'H']) {
        return None;
    }
    ordinal_digits(word).or_else(|| {
        let word = lexicon::word(word);
        word.number().filter(|_| word.is(Kind::ORDINAL))
    })
}

/// Words after which a number is that of a road.
pub(super) fn is_route_word(word: &Token<'_>) -> bool {
    word.is(Kind::ROUTE) || word.is(Kind::LETTERS) && word.directional().is_none()
}

/// `I-35`, `US-1`: a numbered road in one word.
pub(super) fn is_glued_route(word: &str) -> bool {
    parted(word, b'-').is_some_and(|(kind, id)| {
        let road = ["CR", "FM", "HWY", "I", "IH", "RTE", "SH", "SR", "US"].contains(&kind);
        let letters = || lexicon::word(kind).is(Kind::LETTERS);
        id.starts_with(|c: char| c.is_ascii_digit()) && (road || letters())
    })
}

/// Whether a house number starts at a word.
pub(super) fn starts_at(words: &[Token<'_>], at: usize) -> bool {
    house_number(words, at).is_some()
}

/// The place after the house number that starts at a word.
pub(super) fn house_number(words: &[Token<'_>], at: usize) -> Option<usize> {
    let first = words.get(at)?;
    if first.text == "#" {
        words.get(at + 1).filter(|word| word.is_digits())?;
        return house_number(words, at + 1);
    }
    let next = words.get(at + 1).filter(|_| first.gap == Gap::None);
    let first_part = first.text.strip_suffix(['N', 'S', 'E', 'W']).unwrap_or(first.text);
    if is_grid_part(first_part) && next.is_some_and(|next| is_grid_part(next.text)) {
        return Some(at + 2);
    }
    let lettered = at == 0 && next.is_some() && is_lettered(first.text);
    if lettered {
        return Some(at + 1);
    }
    if !first.has_digit() {
        return spelled_end(words, at);
    }
    if !is_number(first) {
        return None;
    }
    let more = next.is_some_and(|next| is_fraction(next.text) || first.is_digits() && is_number_letter(words, at + 1));
    Some(at + 1 + usize::from(more || is_end_of_range(words, at + 1)))
}

/// `370` in `358 370 E 71ST ST`: the last number of a row of houses.
fn is_end_of_range(words: &[Token<'_>], at: usize) -> bool {
    let (Some(first), Some(last)) = (at.checked_sub(1).and_then(|before| words.get(before)), words.get(at)) else {
        return false;
    };
    let value = |word: &Token<'_>| word.text.parse::<u32>().ok().filter(|_| word.is_digits() && word.gap == Gap::None);
    let near = |(from, to): (u32, u32)| from < to && to - from < 50 && from % 2 == to % 2;
    let name = words.get(at + 1).filter(|name| name.is_letters() && name.suffix().is_none());
    first.text.len() == last.text.len()
        && last.text.len() >= 3
        && value(first).zip(value(last)).is_some_and(near)
        && name.is_some_and(|name| name.gap == Gap::None)
        && words.get(at + 2).is_some()
}

/// The words of a house number as one text: `12 1/2`, `21B`, `N6W23001`.
pub(super) fn number_text<'s>(words: &[Token<'s>]) -> Cow<'s, str> {
    let [first, rest @ ..] = words else { return "".into() };
    if rest.is_empty() {
        return first.text.into();
    }
    let mut text = String::with_capacity(words.iter().map(|word| word.text.len() + 1).sum());
    text.push_str(first.text);
    for word in rest {
        let glued = word.is_letter() || is_grid_part(word.text);
        text.push_str(if glued { "" } else { " " });
        text.push_str(word.text);
    }
    text.into()
}

/// `123`, `123A`, `59-17`, `109-A`, `39.2`, `N6W23001`; not `5TH`.
fn is_number(token: &Token<'_>) -> bool {
    let word = token.text;
    if !token.has_digit() || token.is_ordinal() || word.len() > 12 {
        return false;
    }
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    let letters = word.bytes().filter(u8::is_ascii_alphabetic).count();
    let starts = word.bytes().next().is_some_and(|b| b.is_ascii_digit());
    starts && letters <= 1 && digits <= 8 && !is_fraction(word) || is_grid(word)
}

pub(super) fn is_fraction(word: &str) -> bool {
    parted(word, b'/').is_some_and(|(above, below)| is_digits(above) && is_digits(below))
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

/// `N6W23001`, and `N6EW23001` as some write it.
fn is_grid(word: &str) -> bool {
    let second = word.get(1..).and_then(|rest| rest.find(['N', 'S', 'E', 'W']));
    second.and_then(|at| word.split_at_checked(at + 1)).is_some_and(|(first, second)| {
        is_grid_part(first) && (is_grid_part(second) || second.get(1..).is_some_and(is_grid_part))
    })
}

/// `B` in `214 B SOUTH BLVD`: a lone letter, no directional, with a name of its own after it.
fn is_number_letter(words: &[Token<'_>], at: usize) -> bool {
    let (Some(letter), Some(name)) = (words.get(at), words.get(at + 1)) else {
        return false;
    };
    (at + 2 < words.len() || name.text.len() >= 4)
        && letter.text.len() == 1
        && letter.text.bytes().all(|b| b.is_ascii_alphabetic() && !b"NSEW".contains(&b))
        && letter.gap == Gap::None
        && name.text.len() > 1
        && !name.text.starts_with(|c: char| c.is_ascii_digit())
        && !name.is_one_of(&["AND", "AT", "DE", "LA"])
        && name.suffix_with_a_slip().is_none()
        && name.suffix().is_none()
        && name.unit().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::address::token::tests::with_tokens;

    fn number(text: &str) -> Option<String> {
        with_tokens(text, |tokens| {
            let words = tokens.get(..house_number(tokens, 0)?)?;
            Some(number_text(if words[0].text == "#" { &words[1..] } else { words }).into_owned())
        })
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
            ("Twenty-One Elm St", "TWENTY-ONE"),
            ("Two Hundred Six Elm St", "TWO HUNDRED SIX"),
            ("410 412 W Elm St", "410 412"),
            ("# 2 Elm Rd", "2"),
        ] {
            assert_eq!(number(text).as_deref(), Some(want), "{text}");
        }
        for text in ["5th Ave", "Main St", "1/2 Elm", "", "#"] {
            assert_eq!(number(text), None, "{text}");
        }
        assert_eq!(number("15 I St").as_deref(), Some("15"));
        assert_eq!(number("850 900 E Elm").as_deref(), Some("850"));
        for (text, want) in [("ELEVEN", 11), ("TWENTY-ONE", 21), ("TWO HUNDRED SIX", 206), ("ONE HUNDRED", 100)] {
            assert_eq!(spelled(text), Some(want));
        }
        assert_eq!(spelled("ONE TWO"), None);
    }
}
