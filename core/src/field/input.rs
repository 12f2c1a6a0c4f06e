//! From a raw value to a clean text, the same for every kind.

use super::{FieldOptions, FieldOutcome};
use crate::model::{Code, Correction, Problem, RawValue};
use crate::text::{Cleaned, cleaned};
use std::borrow::Cow;

/// Longest text that any kind but free text looks at; nothing sensible is longer, and the time stays bounded.
const LONGEST: usize = 1_000;

/// What people write where they have nothing to say.
const PLACEHOLDERS: [&str; 14] =
    ["-", "--", ".", "?", "n/a", "na", "n.a.", "nan", "nil", "none", "null", "undefined", "unknown", "not provided"];

/// A text to look at, with the corrections that cleaning made.
pub(super) struct Input<'r> {
    pub(super) text: Cow<'r, str>,
    pub(super) corrections: Vec<Correction>,
}

/// The text of a value, or the finished outcome: absent, or no text at all.
pub(super) fn read<'r>(raw: &'r RawValue, path: &str, options: &FieldOptions) -> Result<Input<'r>, FieldOutcome> {
    read_up_to(LONGEST, raw, path, options)
}

/// The same where texts are longer, in bytes.
pub(super) fn read_up_to<'r>(
    longest: usize,
    raw: &'r RawValue,
    path: &str,
    options: &FieldOptions,
) -> Result<Input<'r>, FieldOutcome> {
    let input = read_any(raw, path, options)?;
    if is_placeholder(&input.text) {
        return Err(absent(path, options));
    }
    if input.text.len() > longest {
        return Err(FieldOutcome::refused(Problem::new(Code::TextTooLong, path).with_shape(raw.shape())));
    }
    Ok(input)
}

fn is_placeholder(text: &str) -> bool {
    match text.is_ascii() {
        true => text.len() <= 12 && PLACEHOLDERS.iter().any(|word| text.eq_ignore_ascii_case(word)),
        false => PLACEHOLDERS.contains(&text.to_lowercase().as_str()),
    }
}

/// The same where `N/A` and long texts are as good as others.
pub(super) fn read_any<'r>(raw: &'r RawValue, path: &str, options: &FieldOptions) -> Result<Input<'r>, FieldOutcome> {
    let text = match raw {
        RawValue::Null => return Err(absent(path, options)),
        RawValue::Text(text) | RawValue::Number(text) => text,
        RawValue::Bool(yes) => {
            if *yes {
                "true"
            } else {
                "false"
            }
        }
        RawValue::List(_) | RawValue::Object(_) => {
            let problem = Problem::new(Code::FieldWrongType, path).with_shape(raw.shape()).with_expected("a text");
            return Err(FieldOutcome::refused(problem));
        }
    };
    let Some(cleaned) = cleaned(text) else {
        return match text.is_empty() {
            true => Err(absent(path, options)),
            false => Ok(Input { text: Cow::Borrowed(text), corrections: Vec::new() }),
        };
    };
    if cleaned.text.is_empty() {
        return Err(absent(path, options));
    }
    let correction = change(&cleaned).map(|code| Correction::new(code, path, text, &cleaned.text));
    Ok(Input { text: Cow::Owned(cleaned.text), corrections: correction.into_iter().collect() })
}

/// The weightiest of the things that cleaning did.
fn change(cleaned: &Cleaned) -> Option<Code> {
    let all = [
        (cleaned.mended, Code::TextReencoded),
        (cleaned.unescaped, Code::TextUnescaped),
        (cleaned.invisible, Code::TextInvisibleRemoved),
        (cleaned.trimmed, Code::TextTrimmed),
    ];
    all.into_iter().find(|(done, _)| *done).map(|(_, code)| code)
}

fn absent(path: &str, options: &FieldOptions) -> FieldOutcome {
    match options.required {
        true => FieldOutcome::refused(Problem::new(Code::FieldMissing, path)),
        false => FieldOutcome::default(),
    }
}

impl Input<'_> {
    /// The outcome with a value.
    pub(super) fn found(self, value: crate::model::Value) -> FieldOutcome {
        FieldOutcome { value: Some(value), corrections: self.corrections, ..FieldOutcome::default() }
    }
}
