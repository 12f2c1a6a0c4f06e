//! The Rust ports as adapters of the scorer: `adapter usaddress|address-parser` reads lines `{"id","raw"}` and writes
//! lines `{"id","components","key"}`.

use address_parser::{Component, parse_location};
use serde_json::{Map, Value, json};
use std::io::{BufRead as _, Write as _};
use std::time::Instant;

/// Parts by the scorer's names.
type Parts = Map<String, Value>;

fn main() {
    let which = std::env::args().nth(1).unwrap_or_default();
    let read: fn(&str) -> Parts = match which.as_str() {
        "usaddress" => by_usaddress,
        "address-parser" => by_address_parser,
        other => panic!("there is no adapter {other:?}: usaddress, address-parser"),
    };
    let lines: Vec<Value> = std::io::stdin()
        .lock()
        .lines()
        .map(|line| serde_json::from_str(&line.expect("text")).expect("a line of JSON"))
        .collect();
    let start = Instant::now();
    let answers: Vec<Parts> = lines.iter().map(|line| read(line["raw"].as_str().unwrap_or_default())).collect();
    let seconds = start.elapsed().as_secs_f64();
    let mut out = std::io::stdout().lock();
    for (line, parts) in lines.iter().zip(answers) {
        let key = key_of(&parts);
        writeln!(out, "{}", json!({"id": line["id"], "components": parts, "key": key})).expect("the scorer listens");
    }
    eprintln!("TIME {seconds} {}", lines.len());
}

/// The ports have no key: all parts in capitals without marks, as the scorer's adapters of their originals have it.
fn key_of(parts: &Parts) -> String {
    const FIELDS: [&str; 10] = [
        "house_number",
        "predirectional",
        "street",
        "suffix",
        "postdirectional",
        "unit",
        "po_box",
        "city",
        "state",
        "zip",
    ];
    if parts.is_empty() {
        return String::new();
    }
    let plain = |field: &str| {
        let text = parts.get(field).and_then(Value::as_str).unwrap_or_default();
        text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect::<String>()
    };
    FIELDS.map(plain).join("|")
}

fn by_usaddress(text: &str) -> Parts {
    let mut parts = Parts::new();
    let mut corner = false;
    for (word, label) in usaddress::parse(text).unwrap_or_default() {
        let field = match label.as_str() {
            "IntersectionSeparator" => {
                corner = true;
                continue;
            }
            "AddressNumberPrefix" | "AddressNumber" | "AddressNumberSuffix" => "house_number",
            "StreetNamePreModifier" | "StreetNamePreType" | "StreetName" if corner => "street2",
            "StreetNamePreModifier" | "StreetNamePreType" | "StreetName" => "street",
            "StreetNamePreDirectional" | "StreetNamePostDirectional" if corner => continue,
            "StreetNamePreDirectional" => "predirectional",
            "StreetNamePostDirectional" => "postdirectional",
            "StreetNamePostType" if corner => "suffix2",
            "StreetNamePostType" => "suffix",
            "OccupancyType" => "unit_type",
            "OccupancyIdentifier" => "unit",
            "PlaceName" => "city",
            "StateName" => "state",
            "ZipCode" => "zip",
            "USPSBoxID" => "po_box",
            "USPSBoxGroupType" => "route_type",
            "USPSBoxGroupID" => "route_id",
            _ => continue,
        };
        let before = parts.get(field).and_then(Value::as_str).map(|text| format!("{text} ")).unwrap_or_default();
        parts.insert(field.to_owned(), format!("{before}{word}").into());
    }
    for text in parts.values_mut() {
        *text = text.as_str().unwrap_or_default().trim_matches([' ', ',', ';', '.', '(', ')']).into();
    }
    with_split_zip(parts)
}

fn by_address_parser(text: &str) -> Parts {
    const FIELDS: [(Component, &str); 15] = [
        (Component::Number, "house_number"),
        (Component::Prefix, "predirectional"),
        (Component::Prefix1, "predirectional"),
        (Component::Street, "street"),
        (Component::Street1, "street"),
        (Component::Type, "suffix"),
        (Component::Type1, "suffix"),
        (Component::Suffix, "postdirectional"),
        (Component::SecUnitType, "unit_type"),
        (Component::SecUnitNum, "unit"),
        (Component::City, "city"),
        (Component::State, "state"),
        (Component::Zip, "zip"),
        (Component::Street2, "street2"),
        (Component::Type2, "suffix2"),
    ];
    let mut parts = Parts::new();
    let Some(address) = parse_location(text) else { return parts };
    for (component, field) in FIELDS {
        if let Some(text) = address.get(component) {
            parts.entry(field).or_insert_with(|| text.into());
        }
    }
    if let Some(four) = address.get(Component::Plus4) {
        parts.insert("zip4".into(), four.into());
    }
    let boxed = parts.get("unit_type").and_then(Value::as_str).is_some_and(|kind| {
        let letters: String = kind.chars().filter(char::is_ascii_alphabetic).collect();
        letters.eq_ignore_ascii_case("pobox")
    });
    if boxed {
        parts.remove("unit_type");
        if let Some(id) = parts.remove("unit") {
            parts.insert("po_box".into(), id);
        }
    }
    parts
}

/// `62701-1234` is a ZIP code and four digits.
fn with_split_zip(mut parts: Parts) -> Parts {
    let zip = parts.get("zip").and_then(Value::as_str).unwrap_or_default();
    let digits: String = zip.chars().filter(char::is_ascii_digit).collect();
    let known = match digits.len() {
        5 => Some((digits.as_str(), "")),
        9 => digits.split_at_checked(5),
        _ => None,
    };
    if let Some((five, four)) = known {
        let (five, four) = (five.to_owned(), four.to_owned());
        parts.insert("zip".into(), five.into());
        if !four.is_empty() {
            parts.insert("zip4".into(), four.into());
        }
    }
    parts
}
