//! One street: directional, name, suffix, directional (USPS Publication 28 §23).

use super::label::{Label, Labels};
use super::token::Token;
use crate::geo::lexicon::Kind;
use crate::geo::usps;

/// The words that are left, and some taken off an edge.
type Taken<'t, 's> = (&'t [Token<'s>], &'t [Token<'s>]);

/// Labels a street's words.
pub(super) fn label_street(words: &[Token<'_>], labels: &mut Labels) {
    let (words, after) = directional_at_end(words);
    let (words, before) = directional_at_start(words);
    let (words, suffix) = suffix_at_end(words);
    let (words, after) = match after {
        [] if !suffix.is_empty() => directional_before_suffix(words),
        after => (words, after),
    };
    labels.mark(before, Label::Before);
    labels.mark(words, Label::Name);
    labels.mark(suffix, Label::Suffix);
    labels.mark(after, Label::After);
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
        return (words, &[]);
    }
    let two = words.len().checked_sub(2).filter(|at| *at > 0).and_then(|at| words.split_at_checked(at));
    let one = words.len().checked_sub(1).and_then(|at| words.split_at_checked(at));
    let fits = |(rest, end): &(&[Token<'_>], &[Token<'_>])| {
        directional(end).is_some_and(|(_, count)| count == end.len()) && may_end_in_directional(rest, end)
    };
    two.filter(fits).or(one.filter(fits)).unwrap_or((words, &[]))
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
    // `S W S YOUNG DR` is southern W. S. Young Drive.
    let initials = words.get(2).is_some_and(|word| word.directional().is_some() && word.text.len() == 1);
    let both = directional(words).filter(|(_, count)| *count == 1 || !initials);
    let first = words.first().and_then(Token::directional).map(|standard| (standard, 1));
    for (_, count) in both.into_iter().chain(first) {
        let Some((start, rest)) = words.split_at_checked(count) else { continue };
        if stands_alone(rest) {
            return (rest, start);
        }
    }
    (words, &[])
}

/// Whether words can be a street without the directional before them.
fn stands_alone(words: &[Token<'_>]) -> bool {
    match words {
        [] => false,
        [word] => !word.is(Kind::ENDING),
        // `WEST END AVE` is the avenue of the West End.
        [end, suffix] => end.text != "END" || suffix.suffix().is_none(),
        _ => true,
    }
}

/// The suffix at the end of a name of two words or more.
fn suffix_at_end<'t, 's>(words: &'t [Token<'s>]) -> Taken<'t, 's> {
    let Some((name, [last])) = words.len().checked_sub(1).and_then(|at| words.split_at_checked(at)) else {
        return (words, &[]);
    };
    let spanish = name.first().is_some_and(|first| first.is(Kind::SPANISH));
    let known = last.suffix().filter(|standard| !spanish || usps::ends_a_street(standard));
    let is_suffix = !name.is_empty() && (known.is_some() || !spanish && last.suffix_with_a_slip().is_some());
    if is_suffix { words.split_at(name.len()) } else { (words, &[]) }
}

/// `BALLAST PT W BLVD`: the directional between name and suffix.
fn directional_before_suffix<'t, 's>(words: &'t [Token<'s>]) -> Taken<'t, 's> {
    let Some((last, name)) = words.split_last() else { return (words, &[]) };
    if last.directional().is_none() || last.is_one_of(&["NO", "SO"]) {
        return (words, &[]);
    }
    let after_suffix = name.last().is_some_and(|word| word.is(Kind::ENDING));
    let plain = !name.is_empty() && last.text.len() <= 2;
    if plain && !after_suffix { words.split_at(name.len()) } else { (words, &[]) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::address::token::tests::with_tokens;

    fn parts(text: &str) -> String {
        with_tokens(text, |words| {
            let mut labels = Labels::default();
            labels.reset(words.len());
            label_street(words, &mut labels);
            let part = |label: Label| {
                let words: Vec<&str> = words.iter().filter(|w| labels.of(w) == label).map(|w| w.text).collect();
                if words.is_empty() { "-".to_owned() } else { words.join(" ") }
            };
            [Label::Before, Label::Name, Label::Suffix, Label::After].map(part).join("|")
        })
    }

    #[test]
    fn directionals_and_names_that_look_like_them() {
        for (text, want) in [
            ("NORTH MAIN STREET", "NORTH|MAIN|STREET|-"),
            ("NORTH AVE", "-|NORTH|AVE|-"),
            ("E NORTH AVE", "E|NORTH|AVE|-"),
            ("AVENUE E", "-|AVENUE E|-|-"),
            ("S AVENUE H", "S|AVENUE H|-|-"),
            ("NORTH AVE W", "-|NORTH|AVE|W"),
            ("EAST ST W", "-|EAST|ST|W"),
            ("MAIN ST NORTH WEST", "-|MAIN|ST|NORTH WEST"),
            ("E 1700 S", "E|1700|-|S"),
            ("BALLAST PT W BLVD", "-|BALLAST PT|BLVD|W"),
            ("OLD NORTH RD", "-|OLD NORTH|RD|-"),
            ("US HIGHWAY 50 W", "-|US HIGHWAY 50|-|W"),
            ("WEST BROADWAY", "WEST|BROADWAY|-|-"),
            ("WEST END AVE", "-|WEST END|AVE|-"),
            ("S W S YOUNG DR", "S|W S YOUNG|DR|-"),
            ("21ST AVE NO", "-|21ST|AVE|NO"),
            ("", "-|-|-|-"),
        ] {
            assert_eq!(parts(text), want, "{text}");
        }
    }

    #[test]
    fn suffixes_and_slips() {
        for (text, want) in [
            ("AVENUE RD", "-|AVENUE|RD|-"),
            ("ST PAUL ST", "-|ST PAUL|ST|-"),
            ("MAIN STRET", "-|MAIN|STRET|-"),
            ("CAMINO DEL LAGO", "-|CAMINO DEL LAGO|-|-"),
            ("PASEO DEL PARK", "-|PASEO DEL PARK|-|-"),
            ("BROADWAY", "-|BROADWAY|-|-"),
        ] {
            assert_eq!(parts(text), want, "{text}");
        }
    }
}
