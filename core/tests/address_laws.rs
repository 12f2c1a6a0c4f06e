//! Laws that hold for every address: nothing panics, standard lines read back as themselves, and one
//! household has one key however it is written.

use leadwright::address::{
    AddressParts, AddressPaths, CanonicalAddress, LONGEST_TEXT, REVIEW_BELOW, canonicalize_line, canonicalize_parts,
    canonicalize_text,
};
use proptest::prelude::*;

/// ZIP code, city, state, name of the state; places of every kind of name.
const PLACES: &[(&str, &str, &str, &str)] = &[
    ("84105", "Salt Lake City", "UT", "Utah"),
    ("63104", "St. Louis", "MO", "Missouri"),
    ("14052", "East Aurora", "NY", "New York"),
    ("07302", "Jersey City", "NJ", "New Jersey"),
    ("20003", "Washington", "DC", "District of Columbia"),
    ("64112", "Kansas City", "MO", "Missouri"),
    ("58102", "Fargo", "ND", "North Dakota"),
    ("70113", "New Orleans", "LA", "Louisiana"),
];
const NAMES: &[&str] =
    &["Main", "Oak Hill", "5th", "Martin Luther King", "La Salle", "St Paul", "Lake Shore", "Wells", "Ponce de Leon"];
const SUFFIXES: &[(&str, &str)] =
    &[("St", "Street"), ("Ave", "Avenue"), ("Rd", "Road"), ("Blvd", "Boulevard"), ("Ln", "Lane"), ("Ter", "Terrace")];
const DIRECTIONALS: &[(&str, &str)] = &[("", ""), ("N", "North"), ("E", "East"), ("SW", "Southwest")];
const UNITS: &[(&str, &str)] = &[("", ""), ("Apt 4B", "#4B"), ("Ste 210", "Suite 210"), ("Unit 7", "Unit # 7")];

#[derive(Clone, Copy, Debug)]
struct Household {
    number: u32,
    before: usize,
    name: usize,
    suffix: usize,
    unit: usize,
    place: usize,
}

prop_compose! {
    fn household()(
        number in 1_u32..20_000,
        before in 0..DIRECTIONALS.len(),
        name in 0..NAMES.len(),
        suffix in 0..SUFFIXES.len(),
        unit in 0..UNITS.len(),
        place in 0..PLACES.len(),
    ) -> Household {
        Household { number, before, name, suffix, unit, place }
    }
}

/// How a household is written.
#[derive(Clone, Copy, Debug)]
struct Style {
    long: bool,
    case: u8,
    between: &'static str,
    zip4: bool,
    country: bool,
}

prop_compose! {
    fn style()(
        long in any::<bool>(),
        case in 0_u8..3,
        between in prop_oneof![Just(", "), Just("\n"), Just(" ,  "), Just("; ")],
        zip4 in any::<bool>(),
        country in any::<bool>(),
    ) -> Style {
        Style { long, case, between, zip4, country }
    }
}

fn street(house: &Household, long: bool) -> String {
    let pick = |pair: (&'static str, &'static str)| if long { pair.1 } else { pair.0 };
    let words = [
        house.number.to_string(),
        pick(DIRECTIONALS[house.before]).to_owned(),
        NAMES[house.name].to_owned(),
        pick(SUFFIXES[house.suffix]).to_owned(),
        pick(UNITS[house.unit]).to_owned(),
    ];
    words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

fn written(house: &Household, style: Style) -> String {
    let (zip, city, letters, name) = PLACES[house.place];
    let state = if style.long { name } else { letters };
    let zip4 = if style.zip4 { "-1234" } else { "" };
    let country = if style.country { ", USA" } else { "" };
    let text = format!("{}{}{city}, {state} {zip}{zip4}{country}", street(house, style.long), style.between);
    match style.case {
        0 => text.to_uppercase(),
        1 => text.to_lowercase(),
        _ => text,
    }
}

fn read_again(address: &CanonicalAddress) -> CanonicalAddress {
    canonicalize_text(&address.lines.join("\n"), "")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn one_household_has_one_key(house in household(), one in style(), other in style()) {
        let (one, other) = (written(&house, one), written(&house, other));
        let (a, b) = (canonicalize_text(&one, ""), canonicalize_text(&other, ""));
        prop_assert!(a.key.is_some(), "{one:?}");
        prop_assert_eq!(a.key, b.key, "{:?} {:?}", one, other);
        prop_assert_eq!(a.building_key, b.building_key);
    }

    #[test]
    fn another_number_or_unit_has_another_key(house in household(), style in style(), more in 1_u32..50) {
        let a = canonicalize_text(&written(&house, style), "");
        let other_unit = Household { unit: (house.unit + 1) % UNITS.len(), ..house };
        let next_door = Household { number: house.number + more, ..house };
        prop_assert_ne!(&a.key, &canonicalize_text(&written(&next_door, style), "").key);
        let b = canonicalize_text(&written(&other_unit, style), "");
        prop_assert_ne!(&a.key, &b.key);
        prop_assert_eq!(&a.building_key, &b.building_key);
    }

    #[test]
    fn standard_lines_read_back_as_themselves(house in household(), style in style()) {
        let first = canonicalize_text(&written(&house, style), "");
        let again = read_again(&first);
        prop_assert_eq!(&first.lines, &again.lines);
        prop_assert_eq!(&first.key, &again.key);
        prop_assert!(again.problems.is_empty());
    }

    #[test]
    fn parts_and_text_agree(house in household(), long in any::<bool>()) {
        let (zip, city, letters, _) = PLACES[house.place];
        let parts = AddressParts {
            street: Some(street(&house, long)),
            city: Some(city.into()),
            state: Some(letters.into()),
            zip: Some(zip.into()),
            ..AddressParts::default()
        };
        let from_parts = canonicalize_parts(&parts, &AddressPaths::under(""));
        let from_text = canonicalize_text(&format!("{}, {city}, {letters} {zip}", street(&house, !long)), "");
        prop_assert_eq!(from_parts.key, from_text.key);
    }

    #[test]
    fn no_text_panics(text in any::<String>()) {
        let address = canonicalize_text(&text, "/x");
        let parts = address.confidence_by_part;
        for value in [address.confidence, parts.street, parts.unit, parts.city, parts.state, parts.zip] {
            prop_assert!(value <= 1000);
        }
        prop_assert!(address.needs_review || address.confidence >= REVIEW_BELOW);
        prop_assert!(address.components != Default::default() || !address.problems.is_empty());
    }

    #[test]
    fn no_words_of_addresses_panic(words in prop::collection::vec(word(), 0..24)) {
        let address = canonicalize_text(&words.concat(), "/x");
        prop_assert!(address.key.is_none() || !address.lines.is_empty());
        prop_assert!(address.lines.iter().map(String::len).sum::<usize>() <= 4_000);
    }

    #[test]
    fn no_line_panics(line in prop::collection::vec(any::<u8>(), 0..200), number in any::<u64>()) {
        let out = canonicalize_line(&line, number);
        prop_assert!(serde_json::from_slice::<serde_json::Value>(&out).is_ok());
    }
}

/// Words that mean something to the parser, with what may stand between them.
fn word() -> impl Strategy<Value = String> {
    const WORDS: &[&str] = &[
        "1",
        "12",
        "123",
        "78701",
        "78701-1234",
        "7302",
        "#",
        "&",
        "@",
        "/",
        "-",
        "1/2",
        "5TH",
        "A",
        "N",
        "NE",
        "NO",
        "SO",
        "NORTH",
        "EAST",
        "ST",
        "AVE",
        "AVENUE",
        "RD",
        "HIGHWAY",
        "HWY",
        "CR",
        "COUNTY",
        "STATE",
        "US",
        "I-35",
        "APT",
        "STE",
        "FL",
        "FLOOR",
        "REAR",
        "BLDG",
        "UNIT",
        "PO",
        "P",
        "O",
        "BOX",
        "RR",
        "HC",
        "ROUTE",
        "PSC",
        "URB",
        "GENERAL",
        "DELIVERY",
        "AND",
        "AT",
        "C/O",
        "ATTN",
        "CITY",
        "OF",
        "TOWN",
        "SAINT",
        "LA",
        "NEW",
        "YORK",
        "NY",
        "TX",
        "PR",
        "AE",
        "WASHINGTON",
        "DC",
        "USA",
        "CANADA",
        "ONE",
        "CORNER",
        "N6W23001",
        "48S",
        "STRET",
        "½",
        "é",
        "\u{200b}",
    ];
    const GAPS: &[&str] = &[" ", ", ", "\n", "", ".", "  "];
    (0..WORDS.len(), 0..GAPS.len()).prop_map(|(word, gap)| format!("{}{}", WORDS[word], GAPS[gap]))
}

#[test]
fn a_megabyte_is_refused_at_once() {
    for text in ["1 Main St ".repeat(100_000), "é".repeat(500_000), "#".repeat(1_000_000)] {
        let address = canonicalize_text(&text, "");
        assert_eq!(address.problems.len(), 1);
        assert_eq!(address.problems[0].code.as_str(), "address.too_long");
    }
    assert_eq!(canonicalize_text(&"x".repeat(LONGEST_TEXT), "").problems[0].code.as_str(), "address.placeholder");
}

#[test]
fn the_development_addresses_read_back_as_themselves() {
    let beside = |folder: &std::path::Path| folder.join("shared/eval/address/data/parse.dev.jsonl");
    let mut folders = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).ancestors();
    let Some(rows) = folders.find_map(|folder| std::fs::read_to_string(beside(folder)).ok()) else {
        eprintln!("skipped: no development data beside the repository");
        return;
    };
    for row in rows.lines() {
        let row: serde_json::Value = serde_json::from_str(row).unwrap();
        let first = canonicalize_text(row["raw"].as_str().unwrap(), "");
        if !first.lines.is_empty() {
            let again = read_again(&first);
            assert_eq!((&first.lines, &first.key), (&again.lines, &again.key), "{}", row["id"]);
        }
    }
}
