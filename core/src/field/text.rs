//! Free text.

use super::{FieldOptions, FieldOutcome, input};
use crate::model::{Code, Problem, RawValue, Value};

/// Longest free text where the options name no other length, in characters.
const LONGEST: usize = 10_000;

pub(super) fn check(raw: &RawValue, path: &str, options: &FieldOptions) -> FieldOutcome {
    let input = match input::read_any(raw, path, options) {
        Ok(input) => input,
        Err(done) => return done,
    };
    let most = options.max_length.unwrap_or(LONGEST);
    if input.text.len() > most && input.text.chars().count() > most {
        let problem = Problem::new(Code::TextTooLong, path).with_expected(format!("at most {most} characters"));
        return FieldOutcome::refused(problem.with_shape(raw.shape()));
    }
    let value = Value::text(&*input.text);
    input.found(value)
}
