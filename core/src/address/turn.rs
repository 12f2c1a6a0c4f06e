//! Addresses whose place does not stand at the end: words after it, or the street below the city.

use super::country;
use super::number;
use super::place::{ends_in_state, ends_with_city, five_and_four, zip_of};
use super::token::{Gap, Token, joined};
use crate::geo::lexicon::Kind;

/// How many words reach to the end of the place, where more follow that are no part of it: `SPRINGFIELD IL 62701`,
/// then `100 MAIN ST`, or `CALL AFTER 5PM`. None (0) where the place is at the end, as it mostly is.
///
/// Once those words are put behind the others, the address reads from the right as any does.
pub(super) fn words_before(words: &mut [Token<'_>]) -> usize {
    let Some((last, inner)) = words.split_last() else { return 0 };
    let four = || last.is_digits() && last.text.len() == 4 && inner.last().is_some_and(is_zip);
    let is_state = last.state().is_some() && last.suffix().is_none();
    if inner.len() < 2 || is_state || is_zip(last) || four() {
        return 0;
    }
    let after_zip = (2..words.len()).rev().find(|end| ends_in_zip(words.get(..*end).unwrap_or_default()));
    let end = after_zip.or_else(|| {
        let street_follows =
            |end: &usize| number::starts_at(words, *end) && ends_in_place(words.get(..*end).unwrap_or_default());
        (2..words.len()).rev().find(street_follows)
    });
    let Some((end, rest)) = end.and_then(|end| Some((end, words.get(end..)?))) else { return 0 };
    if country::is_home_country(&joined(rest)) {
        return 0;
    }
    if let Some(last) = words.last_mut() {
        last.gap = Gap::Line;
    }
    end
}

fn is_zip(word: &Token<'_>) -> bool {
    let (five, four) = five_and_four(word.text);
    word.has_digit() && zip_of(five, four).is_some_and(|zip| zip.info.is_some())
}

/// `…, IL 62701`: a known ZIP code behind its own state.
fn ends_in_zip(words: &[Token<'_>]) -> bool {
    let Some((last, before)) = words.split_last().filter(|(last, _)| last.has_digit()) else { return false };
    let (five, four) = five_and_four(last.text);
    let info = zip_of(five, four).and_then(|zip| zip.info);
    info.is_some_and(|info| ends_in_state(before, info))
}

/// `SPRINGFIELD, IL` at the end of a segment.
fn ends_in_place(words: &[Token<'_>]) -> bool {
    let Some((last, before)) = words.split_last() else { return false };
    last.gap != Gap::None && last.is(Kind::LETTERS) && last.state().is_some_and(|state| ends_with_city(before, state))
}
