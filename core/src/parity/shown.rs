//! What is shown of a value without saying the value.

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
