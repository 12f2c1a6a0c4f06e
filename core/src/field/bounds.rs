//! The least and the greatest value of a field.

use super::FieldOutcome;
use crate::model::{Code, Problem, RawValue, Value};

/// Refuses a value outside of the bounds.
pub(crate) fn within(
    bounds: (&Option<Value>, &Option<Value>),
    raw: &RawValue,
    path: &str,
    outcome: FieldOutcome,
) -> FieldOutcome {
    let (min, max) = bounds;
    let Some(value) = &outcome.value else { return outcome };
    let low = min.as_ref().is_some_and(|min| value < min);
    let high = max.as_ref().is_some_and(|max| value > max);
    if !low && !high {
        return outcome;
    }
    let shown = |bound: &Option<Value>| bound.as_ref().and_then(|bound| serde_json::to_string(bound).ok());
    let expected = match (shown(min), shown(max)) {
        (Some(min), Some(max)) => format!("{min} to {max}"),
        (Some(min), None) => format!("{min} or more"),
        (_, max) => format!("{} or less", max.unwrap_or_default()),
    };
    let problem = Problem::new(Code::NumberOutOfRange, path).with_shape(raw.shape());
    FieldOutcome::refused(problem.with_expected(expected))
}
