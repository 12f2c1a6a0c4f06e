//! Real addresses, written the way people write them.

use crate::dice::Dice;
use serde::Deserialize;

/// An address as its publisher writes it.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Place {
    address1: String,
    #[serde(default)]
    address2: String,
    #[serde(default)]
    city: String,
    pub(crate) state: String,
    pub(crate) postal_code: String,
}

/// The addresses of a file; a line that is none (a heading, a remark) is passed over.
pub(crate) fn read(text: &str) -> Result<Vec<Place>, String> {
    let places: Vec<Place> = text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let places: Vec<Place> =
        places.into_iter().filter(|place| place.postal_code.len() == 5 && !place.city.is_empty()).collect();
    if places.is_empty() { Err("the file holds no address".into()) } else { Ok(places) }
}

/// The fields of an address in a raw lead.
pub(crate) fn fields(place: &Place, dice: &mut Dice) -> Vec<(&'static str, String)> {
    let street = street(place, dice);
    let (city, state) = (city(place, dice), state(place, dice));
    let zip = zip(place, dice);
    let unit = unit(place, dice);
    match dice.between(0, 99) {
        // All of it in one field.
        0..=5 => {
            let comma = dice.one(&[", ", " ", ",", "\n"]);
            let whole = [street, unit, city, format!("{state} {zip}")].into_iter().filter(|part| !part.is_empty());
            vec![("postal_address", whole.collect::<Vec<_>>().join(comma))]
        }
        // Everything after the street is in the street.
        6..=8 => vec![("street", format!("{street}, {city} {state} {zip}"))],
        // The unit in the street.
        9..=30 if !unit.is_empty() => {
            vec![("street", format!("{street} {unit}")), ("city", city), ("state", state), ("zip", zip)]
        }
        // Only the ZIP code.
        31..=35 => vec![("street", street), ("zip", zip)],
        // State and city swapped.
        36 => vec![("street", street), ("city", state), ("state", city), ("zip", zip)],
        _ => {
            let mut fields = vec![("street", street), ("city", city), ("state", state), ("zip", zip)];
            if !unit.is_empty() {
                fields.insert(1, ("address2", unit));
            }
            fields
        }
    }
}

const SUFFIXES: &[(&str, &[&str])] = &[
    ("Street", &["St", "St.", "str", "ST"]),
    ("Avenue", &["Ave", "Ave.", "AV", "avenue"]),
    ("Drive", &["Dr", "Dr.", "DR"]),
    ("Road", &["Rd", "Rd.", "RD"]),
    ("Lane", &["Ln", "Ln.", "lane"]),
    ("Court", &["Ct", "Ct.", "crt"]),
    ("Boulevard", &["Blvd", "Blvd.", "BLVD"]),
    ("Circle", &["Cir", "Circ"]),
    ("Place", &["Pl", "PL."]),
    ("North", &["N", "N.", "No."]),
    ("South", &["S", "S."]),
    ("East", &["E", "E."]),
    ("West", &["W", "W."]),
];

fn street(place: &Place, dice: &mut Dice) -> String {
    let mut words: Vec<String> = place.address1.split_whitespace().map(str::to_owned).collect();
    for word in &mut words {
        let short = SUFFIXES.iter().find(|(long, _)| *long == word.as_str());
        if let Some((_, short)) = short.filter(|_| dice.in_thousand(600)) {
            *word = dice.one(short).to_owned();
        }
    }
    let street = words.join(if dice.in_thousand(20) { "  " } else { " " });
    cased(street, dice)
}

fn unit(place: &Place, dice: &mut Dice) -> String {
    let number: String = place.address2.chars().filter(char::is_ascii_digit).collect();
    let number = number.trim_start_matches('0').to_owned();
    let number = if number.is_empty() && dice.in_thousand(60) { dice.between(1, 400).to_string() } else { number };
    if number.is_empty() {
        return String::new();
    }
    let word = dice.one(&["Apt ", "Apt. ", "#", "# ", "Unit ", "apt", "Apartment ", "APT #", "Ste "]);
    format!("{word}{number}")
}

fn city(place: &Place, dice: &mut Dice) -> String {
    let city = cased(place.city.clone(), dice);
    if dice.in_thousand(15) { format!(" {city} ") } else { city }
}

fn state(place: &Place, dice: &mut Dice) -> String {
    const NAMES: &[(&str, &str)] = &[
        ("AK", "Alaska"),
        ("AL", "Alabama"),
        ("AR", "Arkansas"),
        ("AZ", "Arizona"),
        ("CA", "California"),
        ("CO", "Colorado"),
        ("CT", "Connecticut"),
        ("FL", "Florida"),
        ("GA", "Georgia"),
        ("KY", "Kentucky"),
        ("MA", "Massachusetts"),
        ("MD", "Maryland"),
        ("OK", "Oklahoma"),
        ("TN", "Tennessee"),
        ("VT", "Vermont"),
    ];
    let name = NAMES.iter().find(|(letters, _)| *letters == place.state).map(|(_, name)| *name);
    match (dice.between(0, 99), name) {
        (0..=9, Some(name)) => cased(name.to_owned(), dice),
        (10..=14, _) => place.state.to_lowercase(),
        (15, _) => format!("{}.", place.state),
        _ => place.state.clone(),
    }
}

fn zip(place: &Place, dice: &mut Dice) -> String {
    let zip = &place.postal_code;
    match dice.between(0, 99) {
        // A spreadsheet ate the zero.
        0..=29 if zip.starts_with('0') => zip.trim_start_matches('0').to_owned(),
        30..=39 => format!("{zip}-{:04}", dice.between(1, 9_999)),
        40 => format!("{zip}{:04}", dice.between(1, 9_999)),
        41 if zip.contains('0') => zip.replace('0', "O"),
        42 => format!("{zip}.0"),
        _ => zip.clone(),
    }
}

fn cased(text: String, dice: &mut Dice) -> String {
    match dice.between(0, 99) {
        0..=14 => text.to_uppercase(),
        15..=29 => text.to_lowercase(),
        _ => text,
    }
}
