//! Capital and small letters as names have them.

use crate::text::lowered;
use std::borrow::Cow;

/// Written small when letters have to be set; others, like Le or St., are capital in most American families.
const SMALL: &[&str] = &[
    "de", "del", "dela", "della", "di", "da", "dos", "das", "do", "du", "des", "van", "von", "vom", "der", "den",
    "ter", "ten", "zu", "zum", "zur", "y", "e", "und", "bin", "ibn", "bint",
];

/// Written small after another particle only: de la Vega, but La Rue.
const SMALL_INSIDE: &[&str] = &["la", "las", "los", "lo", "le"];

/// After Mac these start with a capital, other vowels and k do not: Macias, Mackey.
const MAC: &[&str] = &[
    "adam", "alister", "allister", "andrew", "arthur", "askill", "aulay", "ewan", "ewen", "innes", "innis", "intosh",
    "intyre", "isaac", "iver",
];

/// Sets letters in the right case, in words that need it; whether there was one. `one_case` is whether the whole name is
/// written in letters of one case, `particles` whether a word before another may be one.
pub(super) fn recase(words: &mut [String], one_case: bool, particles: bool) -> bool {
    let mut after_particle = false;
    let mut changed = false;
    let count = words.len();
    for (at, word) in words.iter_mut().enumerate() {
        let more = at + 1 < count;
        let may_be_small = particles && more;
        let lower = if may_be_small { lowered(word) } else { Cow::Borrowed("") };
        let small = may_be_small && (SMALL.contains(&&*lower) || after_particle && SMALL_INSIDE.contains(&&*lower));
        after_particle = small;
        let right = match () {
            () if small && (one_case || is_loud(word)) => lower.into_owned(),
            () if one_case || is_loud(word) => capitalized(word),
            () if particles && more && !word.chars().any(char::is_uppercase) => continue,
            () if starts_small(word) => capitalized(word),
            () => continue,
        };
        changed |= right != *word;
        *word = right;
    }
    changed
}

/// All capitals, and no initials: three letters at least.
fn is_loud(word: &str) -> bool {
    word.chars().filter(|c| c.is_alphabetic()).count() > 2
        && !word.chars().any(char::is_lowercase)
        && !word.contains('.')
}

/// `smith`, but not `d'Arcy` or `deVries`.
fn starts_small(word: &str) -> bool {
    !word.chars().any(char::is_uppercase)
}

fn capitalized(word: &str) -> String {
    let parts: Vec<String> = word.split('-').map(part_capitalized).collect();
    parts.join("-")
}

fn part_capitalized(part: &str) -> String {
    let lower = part.to_lowercase();
    // O'Brien and D'Angelo; Va'apu'u has its capital in front only.
    let apostrophe = lower.char_indices().nth(1).filter(|(_, c)| matches!(c, '\'' | '’' | '‘' | '`'));
    if let Some((at, c)) = apostrophe {
        let (before, after) = lower.split_at(at + c.len_utf8());
        return first_capital(before) + &first_capital(after);
    }
    for prefix in ["mc", "mac"] {
        if let Some(rest) = lower.strip_prefix(prefix).filter(|rest| takes_capital(prefix, rest)) {
            return first_capital(prefix) + &first_capital(rest);
        }
    }
    first_capital(&lower)
}

fn takes_capital(prefix: &str, rest: &str) -> bool {
    let long = rest.chars().count() > if prefix == "mc" { 1 } else { 3 };
    let consonant = rest.starts_with(|c: char| c.is_ascii_alphabetic() && !"aeiouyhk".contains(c));
    long && (prefix == "mc" || consonant || MAC.iter().any(|name| rest.starts_with(name)))
}

fn first_capital(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().map(|c| c.to_uppercase().collect::<String>()).unwrap_or_default();
    first + letters.as_str()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_set_as_families_have_them() {
        for (word, right) in [
            ("O'DEA", "O'Dea"),
            ("mcdougal-lee", "McDougal-Lee"),
            ("MACDUFF", "MacDuff"),
            ("macarthur", "MacArthur"),
            ("macias", "Macias"),
            ("mackey", "Mackey"),
            ("macy", "Macy"),
            ("ÉMILE", "Émile"),
            ("va'apu", "Va'apu"),
            ("mc", "Mc"),
            ("j.", "J."),
        ] {
            assert_eq!(capitalized(word), right);
        }
    }

    #[test]
    fn only_words_that_need_it_are_touched() {
        let words = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        for (text, one_case, right) in [
            ("VAN DER BERG", true, "van der Berg"),
            ("DE LA ROSA", true, "de la Rosa"),
            ("la rue", true, "La Rue"),
            ("Van Dyke", false, "Van Dyke"),
            ("LIU", false, "Liu"),
            ("d'Arcy", false, "d'Arcy"),
            ("von Essen", false, "von Essen"),
        ] {
            let mut words = words(text);
            assert_eq!(recase(&mut words, one_case, true), text != right);
            assert_eq!(words.join(" "), right);
        }
    }
}
