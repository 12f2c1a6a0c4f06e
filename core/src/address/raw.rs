//! An address as it comes in a lead: text, or an object of parts under many names.

use super::parts::{AddressParts, AddressPaths};
use super::{CanonicalAddress, Canonicalizer};
use crate::model::{Code, Problem, RawMap, RawValue, ValueRead, read_value};

/// Reads an address from a raw value: one text, or an object of parts.
///
/// The parts are known under their usual names in any case and with any marks between words: `address`,
/// `address1`, `street`, `line1`, `addr` …; `address2`, `line2`, `unit`, `apt` …; `city`, `town`; `state`,
/// `province`, `region`; `zip`, `zipcode`, `postal_code` …; `zip4`; `house_number`; `country`. The first of
/// several names for one part counts. `text`, `full` and `formatted` hold a whole address.
///
/// Problems: those of [`canonicalize_parts`](super::canonicalize_parts), and `address.wrong_type` for what is neither text nor a number.
///
/// ```
/// use leadwright::address::canonicalize_raw;
/// use leadwright::model::{RawMap, RawValue};
/// let raw = RawValue::Object(RawMap(vec![
///     ("Address_1".into(), RawValue::text("5 Elm Pl")),
///     ("zipCode".into(), RawValue::Number("63104".into())),
/// ]));
/// assert_eq!(canonicalize_raw(&raw, "/home").lines, ["5 ELM PL", "SAINT LOUIS MO 63104"]);
/// ```
pub fn canonicalize_raw(raw: &RawValue, path: &str) -> CanonicalAddress {
    Canonicalizer::default().raw(raw, path)
}

/// The same with the memory of a canonicalizer.
pub(super) fn read_raw(canonicalizer: &mut Canonicalizer, raw: &RawValue, path: &str) -> CanonicalAddress {
    match raw {
        RawValue::Text(text) => canonicalizer.text(text, path),
        RawValue::Object(map) => canonicalize_object(canonicalizer, map, path),
        RawValue::Null => CanonicalAddress::refused(Problem::new(Code::AddressMissing, path)),
        odd => CanonicalAddress::refused(wrong_type(odd, path)),
    }
}

/// The same from one JSON value: what the bindings hand on. Paths start at the address itself.
///
/// What is odd about the JSON is the first problem: `json.syntax`, `json.too_deep`, `json.invalid_utf8`,
/// `json.duplicate_key`.
///
/// ```
/// use leadwright::address::canonicalize_json;
/// assert_eq!(canonicalize_json(br#"{"street":"5 elm place","zip":63104}"#).lines, ["5 ELM PL", "SAINT LOUIS MO 63104"]);
/// assert_eq!(canonicalize_json(b"5 elm place").problems[0].code.as_str(), "json.syntax");
/// ```
pub fn canonicalize_json(json: &[u8]) -> CanonicalAddress {
    Canonicalizer::default().json(json)
}

/// The same with the memory of a canonicalizer.
pub(super) fn read_json(canonicalizer: &mut Canonicalizer, json: &[u8]) -> CanonicalAddress {
    match read_value(json) {
        Err(error) => CanonicalAddress::refused(error.problem()),
        Ok(ValueRead { value, problems }) => {
            let mut address = canonicalizer.raw(&value, "");
            address.problems.splice(0..0, problems);
            address
        }
    }
}

fn wrong_type(odd: &RawValue, path: &str) -> Problem {
    Problem::new(Code::AddressWrongType, path).with_shape(odd.shape()).with_expected("text, or an object of text parts")
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Whole,
    Number,
    Street,
    Street2,
    City,
    State,
    Zip,
    Zip4,
    Country,
}

fn part_of(key: &str) -> Option<Part> {
    let plain: String = key.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    Some(match plain.as_str() {
        "text" | "raw" | "full" | "formatted" | "fulladdress" | "formattedaddress" => Part::Whole,
        "housenumber" | "streetnumber" | "number" => Part::Number,
        "address" | "address1" | "addressline" | "addressline1" | "addr" | "addr1" | "line1" | "street" | "street1"
        | "streetaddress" | "streetaddress1" | "streetname" | "streetline1" => Part::Street,
        "address2" | "addressline2" | "addr2" | "line2" | "street2" | "streetaddress2" | "streetline2" | "unit"
        | "unitnumber" | "apt" | "aptnumber" | "apartment" | "suite" => Part::Street2,
        "city" | "town" | "locality" | "municipality" | "cityname" => Part::City,
        "state" | "statecode" | "province" | "region" | "st" => Part::State,
        "zip" | "zip5" | "zipcode" | "postal" | "postalcode" | "postcode" => Part::Zip,
        "zip4" | "plus4" | "zipplus4" => Part::Zip4,
        "country" | "countrycode" | "countryname" => Part::Country,
        _ => return None,
    })
}

struct Found {
    part: Part,
    text: String,
    path: String,
}

fn canonicalize_object(canonicalizer: &mut Canonicalizer, map: &RawMap, path: &str) -> CanonicalAddress {
    let (found, odd) = read_members(map, path);
    let text = |part: Part| found.iter().find(|f| f.part == part).map(|f| f.text.clone());
    let path_of =
        |part: Part| found.iter().find(|f| f.part == part).map_or_else(|| path.to_owned(), |f| f.path.clone());
    let mut address = {
        let parts = AddressParts {
            street: with_number(text(Part::Number), text(Part::Street).or_else(|| text(Part::Whole))),
            street2: text(Part::Street2),
            city: text(Part::City),
            state: text(Part::State),
            zip: text(Part::Zip).map(|zip| text(Part::Zip4).map_or(zip.clone(), |four| format!("{zip}-{four}"))),
            country: text(Part::Country),
        };
        let street = if text(Part::Street).is_some() { Part::Street } else { Part::Whole };
        let paths = AddressPaths {
            whole: path.to_owned(),
            street: path_of(street),
            street2: path_of(Part::Street2),
            city: path_of(Part::City),
            state: path_of(Part::State),
            zip: path_of(Part::Zip),
            country: path_of(Part::Country),
        };
        canonicalizer.parts(&parts, &paths)
    };
    address.problems.splice(0..0, odd);
    address
}

/// The parts that are text or numbers, and a problem for each that is something else. Null is absent.
fn read_members(map: &RawMap, path: &str) -> (Vec<Found>, Vec<Problem>) {
    let (mut found, mut odd): (Vec<Found>, Vec<Problem>) = (Vec::new(), Vec::new());
    for (key, value) in &map.0 {
        let Some(part) = part_of(key) else { continue };
        let path = format!("{path}/{}", key.replace('~', "~0").replace('/', "~1"));
        match value {
            RawValue::Text(text) | RawValue::Number(text) => {
                if !text.trim().is_empty() && !found.iter().any(|f| f.part == part) {
                    found.push(Found { part, text: text.clone(), path });
                }
            }
            RawValue::Null => {}
            value => odd.push(wrong_type(value, &path)),
        }
    }
    (found, odd)
}

fn with_number(number: Option<String>, street: Option<String>) -> Option<String> {
    match (number, street) {
        (Some(number), Some(street)) => Some(format!("{number} {street}")),
        (number, street) => street.or(number),
    }
}
