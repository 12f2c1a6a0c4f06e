//! Names that somebody made up: words that mean nobody, and random keys.

use super::words;
use crate::text::lowered;
use std::borrow::Cow;

/// What a whole text is when it is no name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NoName {
    Test,
    Placeholder,
}

/// Whether every word is one that people write in place of a name.
pub(super) fn no_name(text: &str) -> Option<NoName> {
    let mut test = false;
    let mut count = 0;
    for word in text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        let word = word.trim_end_matches(|c: char| c.is_ascii_digit());
        let (placeholder, tests) = words::no_name(word);
        if !word.is_empty() && !placeholder && !tests {
            return None;
        }
        test |= tests && !word.eq_ignore_ascii_case("lead");
        count += 1;
    }
    (count > 0).then_some(if test { NoName::Test } else { NoName::Placeholder })
}

const ROWS: [&str; 6] = ["qwertyuiop", "asdfghjkl", "zxcvbnm", "poiuytrewq", "lkjhgfdsa", "mnbvcxz"];

/// Whether a word looks as if somebody drummed on the keys.
pub(crate) fn is_mash(word: &str) -> bool {
    let letters: Cow<'_, str> = match word.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        true => lowered(word),
        false => word.to_lowercase().chars().filter(|c| c.is_alphabetic()).collect(),
    };
    let count = letters.chars().count();
    if count < 3 || !letters.is_ascii() {
        return count > 3 && repeats_one(&letters, 4);
    }
    let vowels = letters.chars().filter(|c| is_vowel(*c)).count();
    repeats_one(&letters, 3)
        || on_a_row(&letters)
        || vowels == 0 && count > 3
        || longest_without_vowel(&letters) > 7
        || repeats_a_piece(&letters)
}

/// `y` sounds like one in names.
pub(super) fn is_vowel(c: char) -> bool {
    matches!(c, 'a' | 'e' | 'i' | 'o' | 'u' | 'y')
}

fn repeats_one(letters: &str, times: usize) -> bool {
    let mut run = 0;
    let mut before = None;
    letters.chars().any(|c| {
        run = if before == Some(c) { run + 1 } else { 1 };
        before = Some(c);
        run >= times
    })
}

/// Five keys of a row side by side, or fewer that no name has so. `Trew` and `Wert` are names.
fn on_a_row(letters: &str) -> bool {
    let piece = |length: usize| (0..).map_while(move |at| letters.get(at..at + length));
    let silent = |piece: &str| !piece.contains(is_vowel);
    piece(5).any(on_row)
        || piece(4).any(|piece| on_row(piece) && (silent(piece) || matches!(piece, "asdf" | "qwer")))
        || letters.len() == 3 && on_row(letters) && (silent(letters) || letters == "asd")
}

/// Where each letter lies on the keys: sixteen times its row, and its place there.
const PLACES: [u8; 26] = [16, 36, 34, 18, 2, 19, 20, 21, 7, 22, 23, 24, 38, 37, 8, 9, 0, 3, 17, 4, 6, 35, 1, 33, 5, 32];

/// Whether small letters lie side by side, in either direction.
fn on_row(piece: &str) -> bool {
    let place = |key: &u8| PLACES.get(usize::from(key.wrapping_sub(b'a'))).copied().map_or(-99, i16::from);
    let mut steps = piece.as_bytes().windows(2).map(|pair| match pair {
        [one, other] => place(other) - place(one),
        _ => 0,
    });
    let first = steps.next().unwrap_or(0);
    first.abs() == 1 && steps.all(|step| step == first)
}

fn longest_without_vowel(letters: &str) -> usize {
    letters.split(is_vowel).map(str::len).max().unwrap_or(0)
}

/// `sdfsdf`, `ghgh`, `asdasd`; `Coco` and `Mimi` are names.
fn repeats_a_piece(letters: &str) -> bool {
    [2, 3, 4].into_iter().any(|length| {
        let Some(piece) = letters.get(..length) else { return false };
        let times = letters.len() / length;
        let all = letters.as_bytes().chunks(length).all(|chunk| chunk == piece.as_bytes());
        if times < 2 || times * length != letters.len() || !all {
            return false;
        }
        let sounds = piece.chars().any(is_vowel) && !ROWS.iter().any(|row| length > 2 && row.contains(piece));
        !(sounds && times < 4)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn random_keys_are_seen_and_names_are_not() {
        for word in
            ["asdf", "qwerty", "sdfsdf", "xxx", "aaaa", "fghj", "bcdfg", "hjk", "zxcvb", "asdasd", "lkjh", "ghgh"]
        {
            assert!(is_mash(word), "{word}");
        }
        for word in [
            "Ng",
            "Lynn",
            "Schwartz",
            "Coco",
            "Mimi",
            "Hirschsprung",
            "Lloyd",
            "Krzysztof",
            "Weatherford",
            "Powers",
            "Aaron",
            "Dre",
            "Poulter",
            "Ferguson",
            "Trew",
            "Isaac",
            "Were",
            "Bobo",
            "Essen",
            "Wright",
            "Zoë",
            "Sas",
        ] {
            assert!(!is_mash(word), "{word}");
        }
    }

    #[test]
    fn places_are_those_of_the_rows() {
        let letters = || ('a'..='z').flat_map(|a| ('a'..='z').map(move |b| format!("{a}{b}")));
        for piece in
            letters().chain(ROWS.iter().flat_map(|row| (0..row.len() - 2).map(|at| row[at..at + 3].to_owned())))
        {
            assert_eq!(on_row(&piece), ROWS.iter().any(|row| row.contains(&piece)), "{piece}");
        }
        assert!(!on_row("asq") && !on_row("poi9") && !on_row("qwq"));
    }

    #[test]
    fn words_that_mean_nobody_are_no_name_only_together() {
        assert_eq!(no_name("Test Tester2"), Some(NoName::Test));
        assert_eq!(no_name("First Last"), Some(NoName::Placeholder));
        assert_eq!(no_name("No Name"), Some(NoName::Placeholder));
        for name in ["Ann Test", "Jo Last", "Christian Name", ""] {
            assert_eq!(no_name(name), None, "{name}");
        }
    }
}
