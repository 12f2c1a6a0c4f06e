//! What people write who have no address, or give none: `N/A`, `none`, `123 test`, `asdf`, `123 Main St Anytown`.
//!
//! A street that is really called `TEST` and has a suffix counts as one, unless its number is one that is
//! made up as well (`123 TEST ST`). A town counts as made up only where the ZIP table knows none of that name.

use super::components::Components;
use super::place::Place;
use super::token::{Token, joined};
use crate::geo::lexicon::Kind;
use crate::geo::{CityKey, is_city};

/// Each says alone that there is no address.
const NOTHING: &[&str] = &[
    "BLANK",
    "FAKE",
    "HOMELESS",
    "N/A",
    "NA",
    "NIL",
    "NONE",
    "NOTHING",
    "NULL",
    "TBA",
    "TBD",
    "TEST",
    "TESTING",
    "UNDEFINED",
    "UNK",
    "UNKNOWN",
    "UNLISTED",
];

/// The same in more words.
const PHRASES: &[&str] = &[
    "DO NOT HAVE ONE",
    "DONT HAVE ONE",
    "FAKE ADDRESS",
    "NO ADDRESS",
    "NO FIXED ADDRESS",
    "NO STREET",
    "NOT APPLICABLE",
    "NOT AVAILABLE",
    "NOT GIVEN",
    "NOT KNOWN",
    "NOT LISTED",
    "NOT PROVIDED",
    "SAME",
    "SAME AS ABOVE",
    "SAME AS BILLING",
    "TEST ADDRESS",
    "UNKNOWN ADDRESS",
];

/// Streets of examples.
const STREETS: &[&str] =
    &["ANY", "ANYSTREET", "ANYWHERE", "EXAMPLE", "FAKE", "SAMPLE", "SOME", "TEST", "TESTING", "YOUR"];

/// Towns of examples, of one word.
const TOWNS: &[&str] = &[
    "ANYCITY",
    "ANYPLACE",
    "ANYTOWN",
    "ANYWHERE",
    "SOMECITY",
    "SOMEPLACE",
    "SOMETOWN",
    "SOMEWHERE",
    "YOURCITY",
    "YOURTOWN",
];

/// Whether the words before the place, or the place, stand for no address.
pub(super) fn is_placeholder(before: &[Token<'_>], components: &Components, place: &Place<'_>) -> bool {
    let flagged = before.iter().any(|word| word.is(Kind::PLACEHOLDER));
    let few = before.len() <= 3;
    (flagged || few) && is_nothing(before)
        || flagged && (is_made_up_street(components) || ends_in_made_up_town(before, place))
        || place.city.as_deref().is_some_and(|city| is_made_up_town(city, place))
}

/// Whether words say nothing but that there is nothing; a number before them does not count.
pub(super) fn is_nothing(words: &[Token<'_>]) -> bool {
    let named = words.iter().position(|word| !word.is_digits()).and_then(|at| words.get(at..)).unwrap_or_default();
    let is_said = |word: &Token<'_>| word.is(Kind::PLACEHOLDER) && NOTHING.contains(&word.text) || is_mashed(word);
    let phrase = || named.len() <= 5 && PHRASES.contains(&&*joined(named));
    !named.is_empty() && (named.iter().all(is_said) || phrase())
}

/// Keys struck at random: `XXX`, `ASDF`, `QWERTY`.
fn is_mashed(word: &Token<'_>) -> bool {
    const ROWS: &[&str] = &["ASDF", "QWER", "ZXCV", "HJKL", "SDFG"];
    let mut letters = word.text.bytes();
    let first = letters.next();
    word.is_letters()
        && word.text.len() >= 3
        && (letters.all(|letter| Some(letter) == first) || ROWS.iter().any(|row| word.text.starts_with(row)))
}

/// `123 FAKE ST`: a name of examples behind a number of examples.
fn is_made_up_street(components: &Components) -> bool {
    let named = components.street.as_deref().is_some_and(|name| STREETS.contains(&name));
    named && components.house_number.as_deref().is_some_and(is_counted)
}

/// `1`, `12`, `123`, `1234`, `12345`, `111`, `999`.
fn is_counted(number: &str) -> bool {
    let first = number.as_bytes().first();
    "12345".starts_with(number) || number.len() > 2 && number.as_bytes().iter().all(|digit| Some(digit) == first)
}

/// `123 MAIN ST ANYTOWN`, without a place.
fn ends_in_made_up_town(before: &[Token<'_>], place: &Place<'_>) -> bool {
    let town = |count: usize| {
        let words = before.len().checked_sub(count).and_then(|at| before.get(at..)).unwrap_or_default();
        place.city.is_none() && is_made_up_town(&joined(words), place)
    };
    town(1) || town(2)
}

fn is_made_up_town(name: &str, place: &Place<'_>) -> bool {
    let two = || {
        let (any, kind) = name.split_once(' ')?;
        Some(["ANY", "SOME", "YOUR"].contains(&any) && ["CITY", "TOWN"].contains(&kind))
    };
    (TOWNS.contains(&name) || two().unwrap_or(false))
        && !is_city(&CityKey::of(name), place.known_state().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::address::canonicalize_text;
    use crate::address::token::tests::with_tokens;

    #[test]
    fn words_for_nothing() {
        for text in ["N/A", "n.a.", "none", "NULL null", "123 test", "asdf", "xxx", "not provided", "same as above"] {
            assert!(with_tokens(text, is_nothing), "{text}");
        }
        for text in ["", "12", "Test Rd", "Nottingham", "Nona", "No 5", "Same Day Dr", "12 3"] {
            assert!(!with_tokens(text, is_nothing), "{text}");
        }
    }

    #[test]
    fn streets_and_towns_of_examples() {
        let is_placeholder = |text: &str| {
            let address = canonicalize_text(text, "");
            let found = address.problems.iter().any(|problem| problem.code.as_str() == "address.placeholder");
            assert!(!found || address.key.is_none(), "{text}");
            found
        };
        for text in [
            "123 Main St Anytown",
            "123 Main St, Anytown, CA 90001",
            "9 Elm St, Any City, NY",
            "123 Fake Street, Springfield IL 62701",
            "1234 Test, Springfield IL 62701",
            "asdf, Springfield IL 62701",
            "N/A, N/A, NY 10001",
        ] {
            assert!(is_placeholder(text), "{text}");
        }
        for text in ["742 Test Rd, Springfield IL 62701", "12 Any Hill Rd, Kalona IA 52247", "5 Elm St, Nowhere, OK"] {
            assert!(!is_placeholder(text), "{text}");
        }
    }
}
