//! Addresses of all other countries, which come in parts: wanted parts, the form of the postal code, lines by the
//! country's format. Their street lines are not parsed further.

mod lines;
mod pattern;
mod rules;

pub(super) use rules::{Rules, rules_of};

use super::components::Components;
use super::country::folded_name;
use super::parts::{AddressParts, AddressPaths};
use super::{CanonicalAddress, PartConfidence, key};
use crate::model::{Code, Problem, RawValue};
use crate::text::clean;

/// The letters of the parts that we have, with what they are called in a problem.
const PARTS: [(char, &str); 4] =
    [('A', "street lines"), ('C', "a city"), ('S', "a state, province or region"), ('Z', "a postal code")];

/// Checks and writes an address by the rules of its country.
pub(super) fn read(rules: Rules, parts: &AddressParts, paths: &AddressPaths) -> CanonicalAddress {
    let texts = Texts::of(rules, parts);
    let mut problems = vec![Problem::new(Code::AddressNotParsed, &paths.street)];
    for (letter, name) in PARTS {
        if rules.wanted.contains(letter) && texts.part(letter).is_empty() {
            problems.push(Problem::new(Code::AddressPartMissing, path_of(letter, paths)).with_expected(name));
        }
    }
    let postal = texts.part('Z').first().map(String::as_str).unwrap_or_default();
    if !postal.is_empty() && !rules.postal.is_empty() && !fits(rules.postal, postal) {
        let example = rules.example.split(',').next().unwrap_or_default();
        let problem = Problem::new(Code::AddressPostalCodeInvalid, &paths.zip);
        let problem = problem.with_shape(RawValue::text(postal).shape());
        problems.push(if example.is_empty() { problem } else { problem.with_expected(format!("as {example}")) });
    }
    let first = |letter: char| texts.part(letter).first().cloned();
    let components = Components {
        delivery: Some(texts.part('A').join("\n")).filter(|lines| !lines.is_empty()),
        city: first('C'),
        state: first('S'),
        zip: first('Z'),
        country: Some(rules.code.to_owned()),
        ..Components::default()
    };
    CanonicalAddress {
        lines: texts.lines(rules),
        key: key_of(&components),
        components,
        building_key: None,
        confidence: 0,
        confidence_by_part: PartConfidence::default(),
        needs_review: true,
        corrections: Vec::new(),
        problems,
        #[cfg(feature = "study")]
        evidence: super::evidence::Evidence::default(),
    }
}

fn path_of(letter: char, paths: &AddressPaths) -> &str {
    match letter {
        'A' => &paths.street,
        'C' => &paths.city,
        'S' => &paths.state,
        _ => &paths.zip,
    }
}

/// Spaces may stand where the pattern has none, and be left out where it wants one.
fn fits(pattern: &str, postal: &str) -> bool {
    let dense = || postal.replace(' ', "");
    pattern::fits(pattern, postal) || postal.contains(' ') && pattern::fits(pattern, &dense())
}

/// The parts as they are written, without spare space; capitals where the country wants them.
struct Texts([Vec<String>; PARTS.len()]);

impl Texts {
    fn of(rules: Rules, parts: &AddressParts) -> Self {
        let AddressParts { street, street2, city, state, zip, .. } = parts;
        let raw = [vec![street, street2], vec![city], vec![state], vec![zip]];
        let mut letters = PARTS.iter().map(|(letter, _)| *letter);
        Self(raw.map(|texts| {
            let letter = letters.next().unwrap_or_default();
            let capital = letter == 'Z' || rules.capitals.contains(letter);
            let texts = texts.into_iter().flatten();
            let lines = texts.flat_map(|text| text.lines()).map(|line| clean(line).text);
            let lines = lines.map(|line| if capital { line.to_uppercase() } else { line });
            lines.filter(|line| !line.is_empty()).collect()
        }))
    }

    fn part(&self, letter: char) -> &[String] {
        let at = PARTS.iter().position(|(one, _)| *one == letter);
        at.and_then(|at| self.0.get(at)).map(Vec::as_slice).unwrap_or_default()
    }

    /// In the country's own order; in that for Latin letters where it has one and no other letters were used.
    fn lines(&self, rules: Rules) -> Vec<String> {
        let is_latin = |c: char| !c.is_alphabetic() || c < '\u{250}' || ('\u{1e00}'..'\u{1f00}').contains(&c);
        let latin = self.0.iter().flatten().flat_map(|text| text.chars()).all(is_latin);
        let format = if latin && !rules.latin_format.is_empty() { rules.latin_format } else { rules.format };
        lines::lines(format, |letter| self.part(letter))
    }
}

/// A key of the words as they are written, for what is written alike but for case, accents, marks and spaces.
fn key_of(components: &Components) -> Option<String> {
    let Components { delivery, city, state, zip, country, .. } = components;
    let word = |part: &Option<String>| folded_name(part.as_deref().unwrap_or_default());
    let lines = word(delivery);
    let place = match zip {
        Some(zip) => folded_name(zip).replace([' ', '-'], ""),
        None => [word(city), word(state)].join("/"),
    };
    let has_place = zip.is_some() || city.is_some();
    (has_place && !lines.is_empty()).then(|| key::key_of_words(&[&word(country), &lines, &place]))
}
