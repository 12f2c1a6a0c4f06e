//! When a field that may be absent may not be.

use crate::model::Value;
use std::collections::BTreeMap;

/// A field has one of these values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// The field, or member of the same record.
    pub field: String,
    /// Its values.
    pub values: Vec<Value>,
}

impl Condition {
    /// Whether it is so. A field without a value has none of them; capital letters make no difference, as in criteria.
    ///
    /// ```
    /// use leadwright::{field::Condition, model::Value};
    /// let insured = Condition { field: "insured".into(), values: vec![Value::Bool(true)] };
    /// let lead = |value: Option<bool>| value.map(|yes| ("insured".to_owned(), Value::Bool(yes))).into_iter().collect();
    /// assert!(insured.holds(&lead(Some(true))));
    /// assert!(!insured.holds(&lead(Some(false))) && !insured.holds(&lead(None)));
    /// ```
    pub fn holds(&self, values: &BTreeMap<String, Value>) -> bool {
        values.get(&self.field).is_some_and(|found| self.values.iter().any(|value| same(value, found)))
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
