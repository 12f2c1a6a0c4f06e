//! A validated lead as one flat record: what a cleaned file holds.

use super::address::is_part;
use super::envelope::Envelope;
use super::lead::Validated;
use crate::field::FieldKind;
use crate::model::Value;
use crate::schema::Schema;
use std::collections::BTreeMap;

/// The names of a lead about itself, in the order of a record.
pub const RESERVED: [&str; 8] =
    ["id", "source", "vertical", "received_at", "idempotency_key", "test", "ping_id", "not_to"];

/// Flattens a lead: what it says about itself, then its fields in the order of the schema, the street in
/// `address_line1`, then the fields that the schema does not know. Validating a record again changes nothing.
///
/// Values that were worked out of others (the type of a phone number, the parts of an address) are not among them, nor
/// are fields whose value was refused. Personal data.
///
/// ```
/// use leadwright::{schema::Schema, validate::{ValidateOptions, record, validate_line}};
/// let schema = Schema::named("us/home-services@1").ok_or("no such schema")?;
/// let raw = br#"{"Lead ID":"7","Tel":"312.867.5309","addr1":"5 north elm street","Zip":"60601"}"#;
/// let line = validate_line(raw, 1, &schema, &ValidateOptions::default());
/// let names: Vec<_> = record(&line.lead, line.envelope.as_ref(), &schema).into_iter().map(|(name, _)| name).collect();
/// assert_eq!(names, ["id", "phone", "address_line1", "city", "state", "zip"]);
/// # Ok::<(), &str>(())
/// ```
pub fn record(lead: &Validated, envelope: Option<&Envelope>, schema: &Schema) -> Vec<(String, Value)> {
    let mut record = envelope.map(of_itself).unwrap_or_default();
    let address = match lead.canonical.get("address") {
        Some(Value::Record(address)) => Some(address),
        _ => None,
    };
    // What was reckoned is reckoned again.
    for field in schema.fields().iter().filter(|field| !schema.is_derived(&field.name)) {
        let value = match (field.name.as_str(), address) {
            ("address_line1", Some(address)) => street(address, lead),
            ("zip", Some(address)) => whole_zip(address, lead),
            (name, _) if field.kind == FieldKind::Zip => zip_with_more(name, lead),
            (name, _) => lead.canonical.get(name).cloned(),
        };
        // The whole line and the second one stand in the first.
        let merged = address.is_some() && matches!(field.name.as_str(), "address_line2" | "postal_address");
        record.extend(value.filter(|_| !merged).map(|value| (field.name.clone(), value)));
    }
    let unknown = lead.canonical.iter().filter(|(name, _)| name.starts_with("x_"));
    record.extend(unknown.map(|(name, value)| (name.clone(), value.clone())));
    record
}

/// The columns of records, as far as they are known before the first lead: all of a schema, or what a header leads to.
///
/// ```
/// use leadwright::{schema::Schema, validate::columns};
/// let schema = Schema::named("us/home-services@1").ok_or("no such schema")?;
/// let names = columns(&schema, Some(&["Lead ID", "Name", "Zip", "Fancy Thing"]));
/// assert_eq!(names, ["id", "first_name", "last_name", "full_name", "address_line1", "city", "state", "zip", "x_fancy_thing"]);
/// # Ok::<(), &str>(())
/// ```
pub fn columns(schema: &Schema, header: Option<&[&str]>) -> Vec<String> {
    let own = RESERVED.iter().map(|name| (*name).to_owned());
    let fields = schema.fields().iter().map(|field| field.name.as_str()).filter(|name| !schema.is_derived(name));
    let Some(header) = header else { return own.chain(fields.map(str::to_owned)).collect() };
    let own = own.filter(|name| header.iter().any(|key| super::envelope::reserved_name(key) == Some(name.as_str())));
    let has = |name: &str| header.iter().any(|key| schema.find(key).is_some_and(|field| field.name == name));
    let has_address = schema.fields().iter().any(|field| is_part(&field.name) && has(&field.name));
    let wanted = |name: &&str| match *name {
        "address_line2" | "postal_address" => false,
        name if is_part(name) => has_address,
        "first_name" | "last_name" => has("full_name") || has(name),
        name => has(name),
    };
    let unknown = header.iter().filter(|key| !key.is_empty() && super::envelope::reserved_name(key).is_none());
    let unknown = unknown.filter(|key| schema.find(key).is_none()).map(|key| super::lead::unknown_name(key));
    let mut columns: Vec<String> = own.chain(fields.filter(wanted).map(str::to_owned)).collect();
    for name in unknown {
        if !columns.contains(&name) {
            columns.push(name);
        }
    }
    columns
}

fn of_itself(envelope: &Envelope) -> Vec<(String, Value)> {
    let texts = [
        ("id", envelope.id.clone()),
        ("source", envelope.source.clone()),
        ("vertical", envelope.vertical.clone()),
        ("received_at", envelope.received_at.map(|at| at.to_string())),
        ("idempotency_key", envelope.idempotency_key.clone()),
        ("test", envelope.test.then(|| "true".to_owned())),
        ("ping_id", envelope.ping_id.clone()),
        ("not_to", (!envelope.not_to.is_empty()).then(|| envelope.not_to.join(","))),
    ];
    texts.into_iter().filter_map(|(name, text)| Some((name.to_owned(), Value::Text(text?)))).collect()
}

/// The lines of an address without the last one, which has city, state and ZIP code.
fn street(address: &BTreeMap<String, Value>, lead: &Validated) -> Option<Value> {
    let Some(Value::List(lines)) = address.get("lines") else { return None };
    let placed =
        ["city", "state", "zip"].iter().any(|part| lead.canonical.contains_key(*part) || address.contains_key(*part));
    let street = lines.len().saturating_sub(usize::from(placed));
    let lines: Vec<&str> = lines.iter().take(street).filter_map(Value::as_text).collect();
    (!lines.is_empty()).then(|| Value::Text(lines.join(", ")))
}

/// With the four digits behind it, if they were given.
fn whole_zip(address: &BTreeMap<String, Value>, lead: &Validated) -> Option<Value> {
    joined(lead.canonical.get("zip")?, address.get("zip4"))
}

/// The same of a ZIP code that is no part of the address.
fn zip_with_more(name: &str, lead: &Validated) -> Option<Value> {
    joined(lead.canonical.get(name)?, lead.canonical.get(&format!("{name}.zip4")))
}

fn joined(zip: &Value, more: Option<&Value>) -> Option<Value> {
    Some(match (zip.as_text(), more.and_then(Value::as_text)) {
        (Some(zip), Some(more)) => Value::Text(format!("{zip}-{more}")),
        _ => zip.clone(),
    })
}
