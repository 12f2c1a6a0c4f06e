//! Names that somebody made up: words that mean nobody, and random keys.

use super::words;

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
    let letters: String = word.to_lowercase().chars().filter(|c| c.is_alphabetic()).collect();
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
    let on_row = |piece: &str| ROWS.iter().any(|row| row.contains(piece));
    let silent = |piece: &str| !piece.contains(is_vowel);
    piece(5).any(on_row)
        || piece(4).any(|piece| on_row(piece) && (silent(piece) || matches!(piece, "asdf" | "qwer")))
        || letters.len() == 3 && on_row(letters) && (silent(letters) || letters == "asd")
}

fn longest_without_vowel(letters: &str) -> usize {
    letters.split(is_vowel).map(str::len).max().unwrap_or(0)
}

/// `sdfsdf`, `ghgh`, `asdasd`; `Coco` and `Mimi` are names.
fn repeats_a_piece(letters: &str) -> bool {
    [2, 3, 4].into_iter().any(|length| {
        let Some(piece) = letters.get(..length) else { return false };
        let times = letters.len() / length;
        let whole = times > 1 && piece.repeat(times) == letters;
        let sounds = piece.chars().any(is_vowel) && !ROWS.iter().any(|row| length > 2 && row.contains(piece));
        whole && !(sounds && times < 4)
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
    fn words_that_mean_nobody_are_no_name_only_together() {
        assert_eq!(no_name("Test Tester2"), Some(NoName::Test));
        assert_eq!(no_name("First Last"), Some(NoName::Placeholder));
        assert_eq!(no_name("No Name"), Some(NoName::Placeholder));
        for name in ["Ann Test", "Jo Last", "Christian Name", ""] {
            assert_eq!(no_name(name), None, "{name}");
        }
    }
}
