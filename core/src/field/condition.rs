//! When a field that may be absent may not be.

use crate::model::Value;
use std::collections::BTreeMap;

/// What must be so of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// The field, or member of the same record.
    pub field: String,
    /// What is wanted of it.
    pub is: Wanted,
}

/// What a condition wants of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// It has one of these values; capital letters make no difference, as in criteria.
    OneOf(Vec<Value>),
    /// It has no value, or none that was good.
    Missing,
    /// It has a value.
    Present,
}

impl Condition {
    /// Whether it is so. A field without a value has none of them.
    ///
    /// ```
    /// use leadwright::{field::{Condition, Wanted}, model::Value};
    /// let insured = Condition { field: "insured".into(), is: Wanted::OneOf(vec![Value::Bool(true)]) };
    /// let lead = |value: Option<bool>| value.map(|yes| ("insured".to_owned(), Value::Bool(yes))).into_iter().collect();
    /// assert!(insured.holds(&lead(Some(true))));
    /// assert!(!insured.holds(&lead(Some(false))) && !insured.holds(&lead(None)));
    /// ```
    pub fn holds(&self, values: &BTreeMap<String, Value>) -> bool {
        self.holds_for(values.get(&self.field))
    }

    /// The same, by the value that the field has.
    pub(crate) fn holds_for(&self, found: Option<&Value>) -> bool {
        match &self.is {
            Wanted::OneOf(values) => found.is_some_and(|found| values.iter().any(|value| same(value, found))),
            Wanted::Missing => found.is_none(),
            Wanted::Present => found.is_some(),
        }
    }
}

fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Text(one), Value::Text(other)) => {
            one.chars().flat_map(char::to_lowercase).eq(other.chars().flat_map(char::to_lowercase))
        }
        _ => one == other,
    }
}
