//! A postal address in one text. The reading is that of `address`.

use super::{FieldOptions, FieldOutcome, input};
use crate::address::canonicalize_raw;
use crate::model::{RawValue, Severity, Value};

/// The standard lines as one text; the parts beside it.
pub(super) fn check(raw: &RawValue, path: &str, options: &FieldOptions) -> FieldOutcome {
    if !matches!(raw, RawValue::Object(_)) {
        // The address reads the text itself: the ends of its lines say something.
        if let Err(done) = input::read(raw, path, options) {
            return done;
        }
    }
    let address = canonicalize_raw(raw, path);
    let refused = address.problems.iter().any(|problem| problem.severity >= Severity::Error);
    let mut outcome =
        FieldOutcome { problems: address.problems, corrections: address.corrections, ..FieldOutcome::default() };
    if refused || address.lines.is_empty() {
        return outcome;
    }
    outcome.value = Some(Value::text(address.lines.join(", ")));
    outcome.parts = address.components.parts().map(|(name, part)| (name, Value::text(part))).collect();
    if let Some(key) = address.key {
        outcome.parts.insert("key", Value::text(key));
    }
    outcome
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> FieldOutcome {
        check(&RawValue::text(text), "/address", &FieldOptions::default())
    }

    #[test]
    fn one_address_is_one_text() {
        let found = address("12 North Elm Street\nKalona, I.A. 52247");
        assert_eq!(found.value, Some(Value::text("12 N ELM ST, KALONA IA 52247")));
        assert_eq!(found.parts.get("zip"), Some(&Value::text("52247")));
        assert_eq!(address("N/A"), FieldOutcome::default());
        assert!(!address("12 Rue de la Paix, 75002 Paris, France").valid());
    }
}
