//! One of a closed set of words.

use super::{FieldOptions, FieldOutcome, input};
use crate::model::{Code, Correction, Problem, RawValue, Value};
use crate::text::did_you_mean;

pub(super) fn check(raw: &RawValue, path: &str, options: &FieldOptions) -> FieldOutcome {
    let mut input = match input::read(raw, path, options) {
        Ok(input) => input,
        Err(done) => return done,
    };
    let word = folded(&input.text);
    let spellings =
        || options.values.iter().flat_map(|v| std::iter::once(&v.id).chain(&v.synonyms).map(move |s| (s, &v.id)));
    if let Some((_, id)) = spellings().find(|(spelling, _)| folded(spelling) == word) {
        if *id != input.text {
            input.corrections.push(Correction::new(Code::EnumStandardized, path, &input.text, id));
        }
        return input.found(Value::text(id));
    }
    let mut problem = Problem::new(Code::EnumUnknown, path).with_shape(raw.shape());
    let near = did_you_mean(&input.text, spellings().map(|(spelling, _)| spelling.as_str()));
    if let Some((_, id)) = near.and_then(|near| spellings().find(|(spelling, _)| *spelling == near)) {
        problem = problem.with_suggestion(id);
    }
    FieldOutcome::refused(problem)
}

/// Small letters and digits: `Auto-Insurance`, `auto_insurance` and `auto insurance` are one word.
fn folded(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
