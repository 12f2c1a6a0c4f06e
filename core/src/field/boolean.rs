//! Yes and no.

use super::{FieldOptions, FieldOutcome, input};
use crate::model::{Code, Problem, RawValue, Value};
use crate::text::lowered;

const YES: [&str; 15] =
    ["1", "1.0", "agree", "agreed", "checked", "i agree", "on", "own", "owner", "si", "sí", "t", "true", "y", "yes"];
const NO: [&str; 12] = ["0", "0.0", "disagree", "f", "false", "n", "no", "nope", "off", "rent", "renter", "unchecked"];

pub(super) fn check(raw: &RawValue, path: &str, options: &FieldOptions) -> FieldOutcome {
    let input = match input::read(raw, path, options) {
        Ok(input) => input,
        Err(done) => return done,
    };
    let word = lowered(&input.text);
    let word = word.trim_end_matches(['.', '!']);
    match (YES.contains(&word), NO.contains(&word)) {
        (true, _) => input.found(Value::Bool(true)),
        (_, true) => input.found(Value::Bool(false)),
        _ => FieldOutcome::refused(
            Problem::new(Code::BooleanNotABoolean, path).with_shape(raw.shape()).with_expected("yes or no"),
        ),
    }
}
