//! What a ledger says about a value without saying the value.

use crate::model::{RawValue, general_path, shown_path, write_raw};
use crate::redact::HashKey;
use serde::{Deserialize, Serialize};

/// A value as a report may show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shown {
    /// null, boolean, number, text, list or object.
    #[serde(rename = "type")]
    pub kind: String,
    /// Characters of a text, items of a list, members of an object.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub length: Option<u64>,
    /// A keyed hash: the same value has the same one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub token: Option<String>,
    /// The value, where values are kept.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub value: Option<serde_json::Value>,
}

impl Shown {
    pub(super) fn of(value: &RawValue, key: Option<&HashKey>, values: bool) -> Self {
        let (kind, length) = match value {
            RawValue::Null => ("null", None),
            RawValue::Bool(_) => ("boolean", None),
            RawValue::Number(_) => ("number", None),
            RawValue::Text(text) => ("text", Some(text.chars().count())),
            RawValue::List(items) => ("list", Some(items.len())),
            RawValue::Object(map) => ("object", Some(map.0.len())),
        };
        let written = write_raw(value);
        Self {
            kind: kind.into(),
            length: length.and_then(|length| u64::try_from(length).ok()),
            token: key.map(|key| key.hash("value", &written)),
            value: values.then(|| serde_json::from_str(&written).ok()).flatten(),
        }
    }
}

/// The place of a difference as it is grouped and shown: without the numbers of items, and a name that looks like somebody's
/// value as its shape.
pub(super) fn shown_place(path: &str) -> String {
    shown_path(&general_path(path), false)
}

/// The class of an exception, where it looks like one: what stands in its place may be a message about a lead.
pub(super) fn shown_exception(class: &str) -> &str {
    let is_name = |c: char| c.is_ascii_alphabetic() || matches!(c, '_' | '.' | ':');
    if (1..=80).contains(&class.len()) && class.chars().all(is_name) { class } else { "?" }
}
