//! One of a closed set of words.

use super::{FieldOptions, FieldOutcome, input};
use crate::model::{Code, Correction, Problem, RawValue, Value};
use crate::text::did_you_mean;

pub(super) fn check(raw: &RawValue, path: &str, options: &FieldOptions) -> FieldOutcome {
    let mut input = match input::read(raw, path, options) {
        Ok(input) => input,
        Err(done) => return done,
    };
    let spellings =
        || options.values.iter().flat_map(|v| std::iter::once(&v.id).chain(&v.synonyms).map(move |s| (s, &v.id)));
    if let Some((_, id)) = spellings().find(|(spelling, _)| same(spelling, &input.text)) {
        if *id != input.text {
            input.corrections.push(Correction::new(Code::EnumStandardized, path, &*input.text, id));
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

/// Letters and digits alone count, in any case: `Auto-Insurance`, `auto_insurance` and `auto insurance` are one word.
fn same(one: &str, other: &str) -> bool {
    if one.is_ascii() && other.is_ascii() {
        return letters(one).eq(letters(other));
    }
    plain(one).eq(plain(other))
}

fn letters(text: &str) -> impl Iterator<Item = u8> {
    text.bytes().filter(u8::is_ascii_alphanumeric).map(|byte| byte.to_ascii_lowercase())
}

fn plain(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase)
}
