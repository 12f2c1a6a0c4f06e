//! One street: directional, name, suffix, directional (USPS Publication 28 §23).

use super::number;
use crate::geo::usps;

/// A word that has a standard, and how it was written.
#[derive(Clone)]
pub(super) struct Standard {
    pub(super) written: String,
    pub(super) standard: &'static str,
}

/// The parts of one street.
#[derive(Clone, Default)]
pub(super) struct Street {
    pub(super) before: Option<Standard>,
    pub(super) name: String,
    pub(super) suffix: Option<Standard>,
    pub(super) after: Option<Standard>,
}

/// Parts a street's words.
pub(super) fn read_street(words: &[&str]) -> Street {
    let (words, after) = directional_at_end(words);
    let (words, before) = directional_at_start(words);
    let (words, suffix) = suffix_at_end(words);
    let (words, after) = match after {
        None if suffix.is_some() => directional_before_suffix(words),
        after => (words, after),
    };
    Street { before, name: words.join(" "), suffix, after }
}

/// A directional of one word or two: `NW`, `NORTH WEST`; and how many words.
fn directional(words: &[&str]) -> Option<(&'static str, usize)> {
    let first = usps::directional(words.first()?)?;
    let second = words.get(1).and_then(|word| usps::directional(word));
    match (first, second) {
        ("N", Some("E")) => Some(("NE", 2)),
        ("N", Some("W")) => Some(("NW", 2)),
        ("S", Some("E")) => Some(("SE", 2)),
        ("S", Some("W")) => Some(("SW", 2)),
        _ => Some((first, 1)),
    }
}

/// `MAIN ST NW`, `400 E`, `HIGHWAY 50 W`; but not the name of `AVENUE E`, nor `NO` that is no `N`.
fn directional_at_end<'a, 'w>(words: &'w [&'a str]) -> (&'w [&'a str], Option<Standard>) {
    let two = words.len().checked_sub(2).filter(|at| *at > 0).and_then(|at| words.split_at_checked(at));
    let one = words.len().checked_sub(1).and_then(|at| words.split_at_checked(at));
    let fits = |(rest, end): &(&[&str], &[&str])| {
        directional(end).is_some_and(|(_, count)| count == end.len()) && may_end_in_directional(rest, end)
    };
    match two.filter(fits).or(one.filter(fits)) {
        Some((rest, end)) => {
            (rest, directional(end).map(|(standard, _)| Standard { written: end.join(" "), standard }))
        }
        None => (words, None),
    }
}

fn may_end_in_directional(rest: &[&str], end: &[&str]) -> bool {
    let Some((last, earlier)) = rest.split_last() else { return false };
    let suffix = usps::suffix(last).is_some();
    let avenue = usps::suffix(last) == Some("AVE");
    let named = earlier.iter().any(|word| usps::directional(word).is_none() || word.len() > 2);
    let letter = end.iter().all(|word| word.len() == 1);
    let shortened = end.iter().any(|word| ["NO", "SO"].contains(word));
    if !named && letter && (avenue || suffix && earlier.is_empty()) {
        return false;
    }
    !shortened || suffix || usps::suffix_with_a_slip(last).is_some() || number::ordinal(last).is_some()
}

/// `N MAIN`, `NORTH WEST 5TH`; but `NORTH AVE` and `WEST ST` are names.
fn directional_at_start<'a, 'w>(words: &'w [&'a str]) -> (&'w [&'a str], Option<Standard>) {
    let both = directional(words);
    let first = words.first().and_then(|word| usps::directional(word)).map(|standard| (standard, 1));
    for (standard, count) in both.into_iter().chain(first) {
        let Some((start, rest)) = words.split_at_checked(count) else { continue };
        if stands_alone(rest) {
            return (rest, Some(Standard { written: start.join(" "), standard }));
        }
    }
    (words, None)
}

/// Whether words can be a street without the directional before them.
fn stands_alone(words: &[&str]) -> bool {
    match words {
        [] => false,
        [word] => !usps::suffix(word).is_some_and(usps::ends_a_street),
        _ => true,
    }
}

/// The suffix at the end of a name of two words or more.
fn suffix_at_end<'a, 'w>(words: &'w [&'a str]) -> (&'w [&'a str], Option<Standard>) {
    let Some((last, name)) = words.split_last().filter(|(_, name)| !name.is_empty()) else { return (words, None) };
    let spanish = name.first().is_some_and(|first| is_spanish_type(first));
    let known = usps::suffix(last).filter(|standard| !spanish || usps::ends_a_street(standard));
    match known.or_else(|| usps::suffix_with_a_slip(last).filter(|_| !spanish)) {
        Some(standard) => (name, Some(Standard { written: (*last).to_owned(), standard })),
        None => (words, None),
    }
}

/// Words that open a street's name in Spanish and French where English ends it with a suffix.
pub(super) fn is_spanish_type(word: &str) -> bool {
    ["AVENIDA", "CALLE", "CALLEJON", "CAMINITO", "CAMINO", "CARRETERA", "PASEO", "RUE", "VEREDA", "VIA"].contains(&word)
}

/// `BALLAST PT W BLVD`: the directional between name and suffix.
fn directional_before_suffix<'a, 'w>(words: &'w [&'a str]) -> (&'w [&'a str], Option<Standard>) {
    let Some((last, name)) = words.split_last() else { return (words, None) };
    let Some(standard) = usps::directional(last).filter(|_| !["NO", "SO"].contains(last)) else { return (words, None) };
    let after_suffix = name.last().and_then(|word| usps::suffix(word)).is_some_and(usps::ends_a_street);
    let plain = !name.is_empty() && last.len() <= 2;
    if plain && !after_suffix {
        (name, Some(Standard { written: (*last).to_owned(), standard }))
    } else {
        (words, None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str) -> String {
        let words: Vec<&str> = text.split(' ').collect();
        let street = read_street(&words);
        let standard = |word: &Option<Standard>| word.as_ref().map_or("-", |word| word.standard);
        [standard(&street.before), &street.name, standard(&street.suffix), standard(&street.after)].join("|")
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
