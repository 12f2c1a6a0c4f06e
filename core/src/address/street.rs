//! One street: directional, name, suffix, directional (USPS Publication 28 §23).

use super::token::{Token, joined};
use crate::geo::lexicon::Kind;
use crate::geo::usps;
use std::borrow::Cow;

/// A word that has a standard, and how it was written.
#[derive(Clone)]
pub(super) struct Standard<'s> {
    pub(super) written: Cow<'s, str>,
    pub(super) standard: &'static str,
}

/// The parts of one street.
#[derive(Clone, Default)]
pub(super) struct Street<'s> {
    pub(super) before: Option<Standard<'s>>,
    pub(super) name: Cow<'s, str>,
    pub(super) suffix: Option<Standard<'s>>,
    pub(super) after: Option<Standard<'s>>,
}

/// Some words at an edge, what they stand for, and the words that are left.
type Taken<'t, 's> = (&'t [Token<'s>], Option<Standard<'s>>);

/// Parts a street's words.
pub(super) fn read_street<'s>(words: &[Token<'s>]) -> Street<'s> {
    let (words, after) = directional_at_end(words);
    let (words, before) = directional_at_start(words);
    let (words, suffix) = suffix_at_end(words);
    let (words, after) = match after {
        None if suffix.is_some() => directional_before_suffix(words),
        after => (words, after),
    };
    Street { before, name: joined(words), suffix, after }
}

/// A directional of one word or two: `NW`, `NORTH WEST`; and how many words.
fn directional(words: &[Token<'_>]) -> Option<(&'static str, usize)> {
    let first = words.first()?.directional()?;
    let second = words.get(1).and_then(Token::directional);
    match (first, second) {
        ("N", Some("E")) => Some(("NE", 2)),
        ("N", Some("W")) => Some(("NW", 2)),
        ("S", Some("E")) => Some(("SE", 2)),
        ("S", Some("W")) => Some(("SW", 2)),
        _ => Some((first, 1)),
    }
}

/// `MAIN ST NW`, `400 E`, `HIGHWAY 50 W`; but not the name of `AVENUE E`, nor `NO` that is no `N`.
fn directional_at_end<'t, 's>(words: &'t [Token<'s>]) -> Taken<'t, 's> {
    if words.last().is_none_or(|word| word.directional().is_none()) {
        return (words, None);
    }
    let two = words.len().checked_sub(2).filter(|at| *at > 0).and_then(|at| words.split_at_checked(at));
    let one = words.len().checked_sub(1).and_then(|at| words.split_at_checked(at));
    let fits = |(rest, end): &(&[Token<'_>], &[Token<'_>])| {
        directional(end).is_some_and(|(_, count)| count == end.len()) && may_end_in_directional(rest, end)
    };
    match two.filter(fits).or(one.filter(fits)) {
        Some((rest, end)) => (rest, directional(end).map(|(standard, _)| Standard { written: joined(end), standard })),
        None => (words, None),
    }
}

fn may_end_in_directional(rest: &[Token<'_>], end: &[Token<'_>]) -> bool {
    let Some((last, earlier)) = rest.split_last() else { return false };
    let suffix = last.suffix().is_some();
    let avenue = last.suffix() == Some("AVE");
    let named = earlier.iter().any(|word| word.directional().is_none() || word.text.len() > 2);
    let letter = end.iter().all(|word| word.text.len() == 1);
    let shortened = end.iter().any(|word| word.is_one_of(&["NO", "SO"]));
    if !named && letter && (avenue || suffix && earlier.is_empty()) {
        return false;
    }
    !shortened || suffix || last.suffix_with_a_slip().is_some() || last.is_ordinal()
}

/// `N MAIN`, `NORTH WEST 5TH`; but `NORTH AVE` and `WEST ST` are names.
fn directional_at_start<'t, 's>(words: &'t [Token<'s>]) -> Taken<'t, 's> {
    let both = directional(words);
    let first = words.first().and_then(Token::directional).map(|standard| (standard, 1));
    for (standard, count) in both.into_iter().chain(first) {
        let Some((start, rest)) = words.split_at_checked(count) else { continue };
        if stands_alone(rest) {
            return (rest, Some(Standard { written: joined(start), standard }));
        }
    }
    (words, None)
}

/// Whether words can be a street without the directional before them.
fn stands_alone(words: &[Token<'_>]) -> bool {
    match words {
        [] => false,
        [word] => !word.is(Kind::ENDING),
        _ => true,
    }
}

/// The suffix at the end of a name of two words or more.
fn suffix_at_end<'t, 's>(words: &'t [Token<'s>]) -> Taken<'t, 's> {
    let Some((last, name)) = words.split_last().filter(|(_, name)| !name.is_empty()) else { return (words, None) };
    let spanish = name.first().is_some_and(|first| first.is(Kind::SPANISH));
    let known = last.suffix().filter(|standard| !spanish || usps::ends_a_street(standard));
    match known.or_else(|| last.suffix_with_a_slip().filter(|_| !spanish)) {
        Some(standard) => (name, Some(Standard { written: last.text.into(), standard })),
        None => (words, None),
    }
}

/// `BALLAST PT W BLVD`: the directional between name and suffix.
fn directional_before_suffix<'t, 's>(words: &'t [Token<'s>]) -> Taken<'t, 's> {
    let Some((last, name)) = words.split_last() else { return (words, None) };
    let Some(standard) = last.directional().filter(|_| !last.is_one_of(&["NO", "SO"])) else { return (words, None) };
    let after_suffix = name.last().is_some_and(|word| word.is(Kind::ENDING));
    let plain = !name.is_empty() && last.text.len() <= 2;
    if plain && !after_suffix { (name, Some(Standard { written: last.text.into(), standard })) } else { (words, None) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::address::token::tests::with_tokens;

    fn parts(text: &str) -> String {
        with_tokens(text, |words| {
            let street = read_street(words);
            let standard = |word: &Option<Standard<'_>>| word.as_ref().map_or("-", |word| word.standard);
            [standard(&street.before), &street.name, standard(&street.suffix), standard(&street.after)].join("|")
        })
    }

    #[test]
    fn directionals_and_names_that_look_like_them() {
        for (text, want) in [
            ("NORTH MAIN STREET", "N|MAIN|ST|-"),
            ("NORTH AVE", "-|NORTH|AVE|-"),
            ("E NORTH AVE", "E|NORTH|AVE|-"),
            ("AVENUE E", "-|AVENUE E|-|-"),
            ("S AVENUE H", "S|AVENUE H|-|-"),
            ("NORTH AVE W", "-|NORTH|AVE|W"),
            ("EAST ST W", "-|EAST|ST|W"),
            ("MAIN ST NORTH WEST", "-|MAIN|ST|NW"),
            ("E 1700 S", "E|1700|-|S"),
            ("BALLAST PT W BLVD", "-|BALLAST PT|BLVD|W"),
            ("OLD NORTH RD", "-|OLD NORTH|RD|-"),
            ("US HIGHWAY 50 W", "-|US HIGHWAY 50|-|W"),
            ("WEST BROADWAY", "W|BROADWAY|-|-"),
            ("21ST AVE NO", "-|21ST|AVE|N"),
            ("", "-||-|-"),
        ] {
            assert_eq!(parts(text), want, "{text}");
        }
    }

    #[test]
    fn suffixes_and_slips() {
        for (text, want) in [
            ("AVENUE RD", "-|AVENUE|RD|-"),
            ("ST PAUL ST", "-|ST PAUL|ST|-"),
            ("MAIN STRET", "-|MAIN|ST|-"),
            ("CAMINO DEL LAGO", "-|CAMINO DEL LAGO|-|-"),
            ("PASEO DEL PARK", "-|PASEO DEL PARK|-|-"),
            ("BROADWAY", "-|BROADWAY|-|-"),
        ] {
            assert_eq!(parts(text), want, "{text}");
        }
    }
}
