//! What criteria ask about.

use crate::model::{Date, Value};

/// The name under which the score of a lead is asked for: no field has such a one. Criteria call it `quality`.
pub const QUALITY: &str = "@quality";

/// What criteria may ask about a lead.
pub trait Facts {
    /// The canonical value of a field.
    fn value(&self, field: &str) -> Option<&Value>;
    /// Shows every field that has a value, and its value. Fastest in the order of names; each name comes once.
    fn each(&self, visit: &mut dyn FnMut(&str, &Value));
    /// Whether the lead is on a list; none when it has no value that the list could hold.
    fn in_list(&self, list: &str) -> Option<bool>;

    /// Whether a list could not be asked.
    fn list_fails(&self, _list: &str) -> bool {
        false
    }
    /// The civil date of the lead in the plan's zone (rule 84).
    fn today(&self) -> Date;
}
