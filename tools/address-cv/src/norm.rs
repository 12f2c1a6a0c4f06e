//! Spellings that USPS Publication 28 declares equal, made equal: what the scorer of the development data does, so that
//! the figures are the same.

use serde_json::Value;
use std::collections::BTreeMap;
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

const DIRECTIONALS: &[(&str, &str)] = &[
    ("NORTH", "N"),
    ("SOUTH", "S"),
    ("EAST", "E"),
    ("WEST", "W"),
    ("NORTHEAST", "NE"),
    ("NORTHWEST", "NW"),
    ("SOUTHEAST", "SE"),
    ("SOUTHWEST", "SW"),
    ("NO", "N"),
    ("SO", "S"),
    ("NTH", "N"),
    ("N E", "NE"),
    ("N W", "NW"),
    ("S E", "SE"),
    ("S W", "SW"),
    ("NORTH EAST", "NE"),
    ("NORTH WEST", "NW"),
    ("SOUTH EAST", "SE"),
    ("SOUTH WEST", "SW"),
];
const ORDINALS: &[&str] = &[
    "FIRST", "SECOND", "THIRD", "FOURTH", "FIFTH", "SIXTH", "SEVENTH", "EIGHTH", "NINTH", "TENTH", "ELEVENTH",
    "TWELFTH",
];
const CITY_WORDS: &[(&str, &str)] = &[
    ("ST", "SAINT"),
    ("STE", "SAINTE"),
    ("MT", "MOUNT"),
    ("FT", "FORT"),
    ("N", "NORTH"),
    ("S", "SOUTH"),
    ("E", "EAST"),
    ("W", "WEST"),
    ("HTS", "HEIGHTS"),
    ("SPGS", "SPRINGS"),
    ("BCH", "BEACH"),
    ("VLG", "VILLAGE"),
    ("TWP", "TOWNSHIP"),
    ("PT", "POINT"),
];
const STREET_WORDS: &[(&str, &str)] = &[("ROUTE", "RTE"), ("RT", "RTE"), ("INTERSTATE", "I"), ("SAINT", "ST")];

fn of<'t>(table: &[(&str, &'t str)], word: &str) -> Option<&'t str> {
    table.iter().find(|(from, _)| *from == word).map(|(_, to)| *to)
}

/// The tables of `pub28.json`.
pub(crate) struct Normalizer {
    suffixes: BTreeMap<String, String>,
    units: BTreeMap<String, String>,
    states: BTreeMap<String, String>,
}

/// The parts of an address by their names.
pub(crate) type Parts = BTreeMap<String, String>;

impl Normalizer {
    pub(crate) fn new(pub28: &str) -> Result<Self, String> {
        let tables: Value = serde_json::from_str(pub28).map_err(|error| format!("pub28.json: {error}"))?;
        let table =
            |name: &str| serde_json::from_value(tables[name].clone()).map_err(|error| format!("{name}: {error}"));
        Ok(Self { suffixes: table("suffix")?, units: table("unit")?, states: table("state")? })
    }

    fn suffix<'a>(&'a self, word: &'a str) -> &'a str {
        self.suffixes.get(word).map_or(word, String::as_str)
    }

    /// A street word: route words, `SAINT`, suffixes.
    fn street_word<'a>(&'a self, word: &'a str) -> &'a str {
        of(STREET_WORDS, word).unwrap_or_else(|| self.suffix(word))
    }

    /// One part as it is compared; empty where it is absent.
    pub(crate) fn part(&self, name: &str, parts: &Parts) -> String {
        parts.get(name).map_or_else(String::new, |text| self.text(name, text))
    }

    /// Number, directionals, name and suffix as one text.
    pub(crate) fn street_line(&self, parts: &Parts) -> String {
        let written = ["predirectional", "street", "suffix", "postdirectional"].map(|name| match parts.get(name) {
            Some(text) => text.as_str(),
            None => "",
        });
        self.text("street_full", &written.join(" "))
    }

    pub(crate) fn text(&self, name: &str, text: &str) -> String {
        let clean = clean(text);
        if clean.is_empty() {
            return clean;
        }
        let words =
            |split: &[char]| clean.split(split).filter(|word| !word.is_empty()).map(ordinal).collect::<Vec<_>>();
        match name {
            "predirectional" | "postdirectional" => {
                let plain = clean.replace('-', "");
                of(DIRECTIONALS, &clean).or_else(|| of(DIRECTIONALS, &plain)).map_or(plain, str::to_owned)
            }
            "suffix" | "suffix2" => clean.split(' ').map(|word| self.suffix(word)).collect::<Vec<_>>().join(" "),
            "street" | "street2" => {
                let words = words(&[' ', '-']);
                let words = words.iter().map(|word| self.street_word(without_zeros(word)));
                words.collect::<Vec<_>>().join(" ").replace("U S ", "US ")
            }
            "street_full" => {
                let words = words(&[' ', '-']);
                let words = words.iter().map(|word| {
                    let word = of(DIRECTIONALS, word).unwrap_or_else(|| self.suffix(word));
                    of(STREET_WORDS, word).unwrap_or(word)
                });
                words.collect::<Vec<_>>().join(" ").replace("U S ", "US ")
            }
            "unit_type" => {
                let kind = clean.replace('#', "").trim().to_owned();
                self.units.get(&kind).cloned().unwrap_or(kind)
            }
            "unit" => {
                let id = ordinal(&clean.replace(['#', ' ', '-'], ""));
                let digits = id.trim_end_matches(|c: char| c.is_ascii_alphabetic());
                let ending = &id[digits.len()..];
                let plain = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
                if plain && ["ST", "ND", "RD", "TH"].contains(&ending) { digits.to_owned() } else { id }
            }
            "house_number" => without_zeros(&clean.replace(['#', ' '], "")).to_owned(),
            "state" => self.states.get(&clean).cloned().unwrap_or(clean),
            "city" => {
                let words = clean.split([' ', '-']).filter(|word| !word.is_empty());
                words.map(|word| of(CITY_WORDS, word).unwrap_or(word)).collect::<Vec<_>>().join(" ")
            }
            "zip" => clean.chars().filter(char::is_ascii_digit).take(5).collect(),
            _ => clean.replace(['#', ' '], ""),
        }
    }
}

fn ordinal(word: &str) -> String {
    let number = ORDINALS.iter().position(|ordinal| *ordinal == word).map(|at| at + 1);
    number.map_or_else(
        || word.to_owned(),
        |number| {
            let ending = match number {
                1 => "ST",
                2 => "ND",
                3 => "RD",
                _ => "TH",
            };
            format!("{number}{ending}")
        },
    )
}

/// Leading zeros before another digit.
fn without_zeros(word: &str) -> &str {
    let plain = word.trim_start_matches('0');
    let zeros = word.len() - plain.len();
    match plain.starts_with(|c: char| c.is_ascii_digit()) {
        true => plain,
        false => &word[zeros.saturating_sub(1)..],
    }
}

/// Upper case without accents and marks, single spaces.
fn clean(text: &str) -> String {
    let plain: String = text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_uppercase).collect();
    let plain = plain.replace('\u{2019}', "'").replace('&', "AND");
    let mut clean = String::new();
    for c in plain.chars().filter(|c| !"'.`".contains(*c)) {
        let kept = c.is_ascii_uppercase() || c.is_ascii_digit() || "/#-".contains(c);
        if kept {
            clean.push(c);
        } else if !clean.ends_with(' ') {
            clean.push(' ');
        }
    }
    clean.trim_matches([' ', '-']).to_owned()
}
