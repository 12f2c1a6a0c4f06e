//! The members of a record, and the items of a list.

use super::{Condition, FieldKind, FieldOptions};
use crate::model::{RawMap, RawValue, Value};

/// A value with a name inside of a record, or an item of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub kind: FieldKind,
    /// What its check is told.
    pub options: FieldOptions,
    /// Other names that suppliers give it.
    pub synonyms: Vec<String>,
    /// The least number, amount or date.
    pub min: Option<Value>,
    /// The greatest.
    pub max: Option<Value>,
    /// It may not be absent where the members of its record are so; never for this reason when empty.
    pub required_if: Vec<Condition>,
}

impl Member {
    /// A member that may be absent, without bounds and other names.
    pub fn new(name: impl Into<String>, kind: FieldKind, options: FieldOptions) -> Self {
        Self { name: name.into(), kind, options, synonyms: Vec::new(), min: None, max: None, required_if: Vec::new() }
    }

    /// Whether a key is its name or one of its other names; capitals and signs between words make no difference.
    pub(crate) fn is(&self, key: &str) -> bool {
        std::iter::once(&self.name).chain(&self.synonyms).any(|name| same(name, key))
    }

    /// From an option of a line: the name of a kind, or `{"field_type", "opts"?}`.
    pub(super) fn of_raw(name: &str, raw: &RawValue) -> Option<Self> {
        let (kind, options) = match raw {
            RawValue::Text(kind) => (kind, FieldOptions::default()),
            RawValue::Object(map) => {
                let Some(RawValue::Text(kind)) = map.get("field_type") else { return None };
                let options = match map.get("opts") {
                    None => FieldOptions::default(),
                    Some(RawValue::Object(opts)) => {
                        Some(FieldOptions::from_raw(opts)).filter(|(_, bad)| bad.is_empty())?.0
                    }
                    Some(_) => return None,
                };
                (kind, options)
            }
            _ => return None,
        };
        Some(Self::new(name, kind.parse().ok()?, options))
    }

    /// All members of an option of a line, by name.
    pub(super) fn all_of(map: &RawMap) -> Option<Vec<Self>> {
        map.0.iter().map(|(name, raw)| Self::of_raw(name, raw)).collect()
    }
}

fn same(one: &str, other: &str) -> bool {
    fn plain(text: &str) -> impl Iterator<Item = char> {
        text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase)
    }
    plain(one).eq(plain(other))
}
