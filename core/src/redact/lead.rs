//! All fields of a canonical lead, each by its class.

use super::{HIDDEN, Redaction};
use crate::model::Value;
use crate::schema::{Field, Pii, Schema};
use std::collections::BTreeMap;

/// The fields for other eyes. What the schema does not know is left out, with its name: either may say anything.
pub(crate) fn canonical(fields: &BTreeMap<String, Value>, schema: &Schema, how: &Redaction) -> BTreeMap<String, Value> {
    if matches!(how, Redaction::Raw) {
        return fields.clone();
    }
    let kept = fields.iter().filter_map(|(name, value)| Some((name.clone(), field(name, value, schema, how)?)));
    kept.collect()
}

fn field(name: &str, value: &Value, schema: &Schema, how: &Redaction) -> Option<Value> {
    if let Some(known) = schema.field(name) {
        return Some(by_class(known, value, how));
    }
    if name == "address" {
        return Some(address(value, how));
    }
    // A part of a value, which stands beside it: `phone.type`.
    let (whole, part) = name.rsplit_once('.')?;
    let whole = schema.field(whole)?;
    Some(match part {
        _ if whole.pii == Pii::Sensitive && matches!(how, Redaction::Redacted) => Value::text(HIDDEN),
        _ if whole.pii == Pii::None => value.clone(),
        "country" | "region" | "type" | "version" => value.clone(),
        _ => each(value, &|text| how.text("text", text)),
    })
}

fn by_class(field: &Field, value: &Value, how: &Redaction) -> Value {
    let kind = if field.name == "zip" { "zip" } else { field.kind.as_str() };
    match (field.pii, how) {
        (Pii::None, _) => value.clone(),
        (Pii::Sensitive, Redaction::Redacted) => Value::text(HIDDEN),
        (_, how) => each(value, &|text| how.text(kind, text)),
    }
}

/// Of an address only how sure it is, and of a hashed one its key, which is the same for the same household.
fn address(value: &Value, how: &Redaction) -> Value {
    let Value::Record(parts) = value else { return Value::text(HIDDEN) };
    let kept = parts.iter().filter_map(|(name, part)| match (name.as_str(), how) {
        ("confidence", _) => Some((name.clone(), part.clone())),
        ("key" | "building_key", Redaction::Hashed(_)) => {
            Some((name.clone(), each(part, &|text| how.text("address", text))))
        }
        _ => None,
    });
    Value::Record(kept.collect())
}

/// The text of a value, or of each value in it. Its own names are kept: they are the schema's.
fn each(value: &Value, hide: &dyn Fn(&str) -> String) -> Value {
    let text = match value {
        Value::Text(text) => hide(text),
        Value::Bool(yes) => hide(if *yes { "true" } else { "false" }),
        Value::Int(number) => hide(&number.to_string()),
        Value::Money(money) => hide(&money.to_string()),
        Value::Date(date) => hide(&date.to_string()),
        Value::Time(at) => hide(&at.to_string()),
        Value::List(items) => return Value::List(items.iter().map(|item| each(item, hide)).collect()),
        Value::Record(fields) => {
            return Value::Record(fields.iter().map(|(name, value)| (name.clone(), each(value, hide))).collect());
        }
    };
    Value::Text(text)
}
