//! The lead in the body of a recorded decision, as far as it says who somebody is.

use crate::model::Value;
use serde::Deserialize;
use std::collections::BTreeMap;

/// The parts of a decision's body that say who somebody is.
#[derive(Deserialize)]
struct OnlyPerson {
    #[serde(default)]
    canonical: BTreeMap<String, serde_json::Value>,
}

/// The texts of the canonical lead; none for bytes that are no decision.
pub(crate) fn recorded_lead(body: &[u8]) -> Option<BTreeMap<String, Value>> {
    let read: OnlyPerson = serde_json::from_slice(body).ok()?;
    let values = read.canonical.into_iter().filter_map(|(name, value)| Some((name, as_value(value)?)));
    Some(values.collect())
}

/// A value of a recorded lead: only texts say who somebody is, wherever they stand.
fn as_value(json: serde_json::Value) -> Option<Value> {
    use serde_json::Value as Json;
    Some(match json {
        Json::String(text) => Value::Text(text),
        Json::Array(items) => Value::List(items.into_iter().filter_map(as_value).collect()),
        Json::Object(parts) => {
            Value::Record(parts.into_iter().filter_map(|(name, part)| Some((name, as_value(part)?))).collect())
        }
        Json::Null | Json::Bool(_) | Json::Number(_) => return None,
    })
}
