//! What a ledger writes of values, names and exceptions.

use crate::model::{RawValue, general_path, looks_like_a_value, shown_path, write_raw};
use crate::parity::Shown;
use crate::redact::HashKey;

/// A value; with itself only where values are kept.
pub(super) fn shown(value: &RawValue, key: Option<&HashKey>, values: bool) -> Shown {
    let (kind, length) = match value {
        RawValue::Null => ("null", None),
        RawValue::Bool(_) => ("boolean", None),
        RawValue::Number(_) => ("number", None),
        RawValue::Text(text) => ("text", Some(text.chars().count())),
        RawValue::List(items) => ("list", Some(items.len())),
        RawValue::Object(map) => ("object", Some(map.0.len())),
    };
    let written = write_raw(value);
    Shown {
        kind: kind.into(),
        length: length.and_then(|length| u64::try_from(length).ok()),
        token: key.map(|key| key.hash("value", &written)),
        value: values.then(|| serde_json::from_str(&written).ok()).flatten(),
    }
}

/// The place of a difference as it is grouped and shown: without the numbers of items, and a name that looks like somebody's
/// value as its shape.
pub(super) fn shown_place(path: &str) -> String {
    shown_path(&general_path(path), false)
}

/// The class of an exception, where it looks like one: what stands in its place may be a message about a lead.
pub(super) fn shown_exception(class: &str) -> &str {
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | ':');
    let is_class = (1..=80).contains(&class.len()) && class.chars().all(is_name) && !looks_like_a_value(class);
    if is_class { class } else { "?" }
}
