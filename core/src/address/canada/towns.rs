//! Towns of Canada: where a street ends and a town begins when no comma says it.

use crate::address::token::Token;

/// `NAME|PROVINCE` a line, sorted; core/data/make_town_table.py says how names are folded.
static TOWNS: &str = include_str!("../../../data/towns_ca.txt");

/// Most words of a town's name that are looked up.
pub(super) const LONGEST: usize = 5;

/// Whether words are the name of a town, in a province or anywhere.
pub(super) fn is_town(words: &[Token<'_>], province: Option<&str>) -> bool {
    is_key(&folded(words.iter().map(|word| word.text)), province)
}

/// The same of a name that was read.
pub(super) fn is_named(name: &str, province: Option<&str>) -> bool {
    is_key(&folded(name.split(' ')), province)
}

fn is_key(key: &str, province: Option<&str>) -> bool {
    if key.is_empty() {
        return false;
    }
    let from = TOWNS.get(first_from(key)..).unwrap_or_default();
    let same = from.lines().map_while(|line| line.strip_prefix(key)?.strip_prefix('|'));
    same.into_iter().any(|of| province.is_none_or(|province| province == of))
}

/// The longest town at the end of the words, and what is before it.
pub(super) fn at_end<'t, 's>(
    words: &'t [Token<'s>],
    province: Option<&str>,
) -> Option<(&'t [Token<'s>], &'t [Token<'s>])> {
    (1..=LONGEST.min(words.len())).rev().find_map(|count| {
        let (before, town) = words.split_at_checked(words.len() - count)?;
        is_town(town, province).then_some((before, town))
    })
}

/// The byte where the first line begins that is not before a key.
fn first_from(key: &str) -> usize {
    let (mut low, mut high) = (0, TOWNS.len());
    while low < high {
        let middle = low + (high - low) / 2;
        let start = TOWNS.get(..middle).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1).max(low);
        let line = TOWNS.get(start..).and_then(|rest| rest.lines().next()).unwrap_or_default();
        let name = line.split('|').next().unwrap_or_default();
        if name < key {
            low = start + line.len() + 1;
        } else {
            high = start;
        }
    }
    low
}

fn folded<'w>(words: impl Iterator<Item = &'w str>) -> String {
    let mut key = String::with_capacity(24);
    for part in words.flat_map(|word| word.split(|c: char| !c.is_ascii_alphanumeric())) {
        key.push_str(match part {
            "SAINT" => "ST",
            "SAINTE" => "STE",
            "MOUNT" => "MT",
            "FORT" => "FT",
            other => other,
        });
    }
    key
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::address::token::tests::with_tokens;

    #[test]
    fn every_town_is_found() {
        for line in TOWNS.lines() {
            let (key, province) = line.split_once('|').unwrap();
            assert!(TOWNS[first_from(key)..].starts_with(key), "{line}");
            with_tokens(key, |words| assert!(is_town(words, Some(province)) || words.len() > 1, "{line}"));
        }
    }

    #[test]
    fn names_in_their_spellings() {
        for (text, province, known) in [
            ("St. John's", Some("NL"), true),
            ("Saint-Jean-sur-Richelieu", None, true),
            ("Trois-Rivières", Some("QC"), true),
            ("Trois-Rivières", Some("ON"), false),
            ("Nowhere at all", None, false),
            ("", None, false),
        ] {
            assert_eq!(with_tokens(text, |words| is_town(words, province)), known, "{text}");
        }
    }
}
