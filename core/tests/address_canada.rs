//! Laws of addresses of Canada: one household, one key, in both languages; and never one of the United States.

use leadwright::address::{Canonicalizer, canonicalize_text};
use proptest::prelude::*;

const PLACES: &[(&str, &str, &str, &str)] = &[
    ("Toronto", "ON", "Ontario", "M5V 2T6"),
    ("Gatineau", "QC", "Québec", "J8X 1A1"),
    ("Vancouver", "BC", "British Columbia", "V6J 1A1"),
    ("St. John's", "NL", "Newfoundland and Labrador", "A1C 1A1"),
    ("Trois-Rivières", "QC", "PQ", "G9A 1A1"),
    ("Charlottetown", "PE", "Prince Edward Island", "C1A 1A1"),
];

/// One street in two spellings.
const STREETS: &[[&str; 2]] = &[
    ["Elm Street", "elm st."],
    ["Roble Cres", "ROBLE CRESCENT"],
    ["14th Ave NW", "14 Avenue Northwest"],
    ["rue des Ormes", "RUE DES ORMES"],
    ["boul. Saint-Exemple Ouest", "boulevard St-Exemple O"],
    ["ch. du Lac", "Chemin du Lac"],
];

#[derive(Clone, Copy, Debug)]
struct Household {
    number: u32,
    street: usize,
    unit: u32,
    place: usize,
}

fn household() -> impl Strategy<Value = Household> {
    let parts = (1_u32..9_999, 0..STREETS.len(), 0_u32..400, 0..PLACES.len());
    parts.prop_map(|(number, street, unit, place)| Household { number, street, unit, place })
}

fn written(house: Household, style: u8) -> String {
    let Household { number, street, unit, place } = house;
    let (city, letters, name, code) = PLACES[place];
    let [one, other] = STREETS[street];
    let street = if style & 1 == 0 { one } else { other };
    let line = match (unit, style >> 1 & 3) {
        (0, _) => format!("{number} {street}"),
        (unit, 0) => format!("{unit}-{number} {street}"),
        (unit, 1) => format!("{number} {street}, Unit {unit}"),
        (unit, 2) => format!("{number} {street} app. {unit}"),
        (unit, _) => format!("#{unit}, {number} {street}"),
    };
    let province = if style & 8 == 0 { letters } else { name };
    let code = if style & 16 == 0 { code.to_owned() } else { code.replace(' ', "").to_lowercase() };
    let end = if style & 32 == 0 { "" } else { ", Canada" };
    format!("{line}, {city}, {province} {code}{end}")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn one_household_has_one_key(house in household(), one in any::<u8>(), other in any::<u8>()) {
        let (one, other) = (written(house, one), written(house, other));
        let (a, b) = (canonicalize_text(&one, ""), canonicalize_text(&other, ""));
        prop_assert_eq!(a.components.country.as_deref(), Some("CA"), "{}", one);
        prop_assert!(a.key.is_some() && a.problems.is_empty(), "{:?} {:?}", one, a.problems);
        prop_assert_eq!(a.key, b.key, "{:?} {:?}", one, other);
        prop_assert_eq!(a.building_key, b.building_key);
    }

    #[test]
    fn another_number_or_unit_has_another_key(house in household(), style in any::<u8>(), more in 1_u32..50) {
        let a = canonicalize_text(&written(house, style), "");
        let next_door = canonicalize_text(&written(Household { number: house.number + more, ..house }, style), "");
        let upstairs = canonicalize_text(&written(Household { unit: house.unit + more, ..house }, style), "");
        prop_assert_ne!(&a.key, &next_door.key);
        prop_assert_ne!(&a.key, &upstairs.key);
        prop_assert_eq!(&a.building_key, &upstairs.building_key);
    }

    #[test]
    fn standard_lines_read_back_as_themselves(house in household(), style in any::<u8>()) {
        let first = canonicalize_text(&written(house, style), "");
        let again = canonicalize_text(&first.lines.join("\n"), "");
        prop_assert_eq!(&first.lines, &again.lines);
        prop_assert_eq!(&first.key, &again.key);
    }

    /// A text that ends in a ZIP code or in a state is never one of Canada.
    #[test]
    fn what_ends_in_a_zip_code_is_of_the_united_states(
        line in "[0-9]{1,4} [A-Z][a-z]{2,8} (St|Ave|Rd|rue)( [A-Z][0-9][A-Z])?",
        city in prop::sample::select(vec!["Ontario", "Vancouver", "Quebec", "Windsor", "London", "Canada"]),
        end in prop::sample::select(vec!["CA 91764", "WA 98661-1234", "CA", "Ohio", "91764", "WA, USA"]),
    ) {
        let text = format!("{line}, {city}, {end}");
        let (any, home) = (canonicalize_text(&text, ""), Canonicalizer::of_united_states().text(&text, ""));
        prop_assert_eq!(any, home, "{}", text);
    }
}
