//! One line of JSON Lines in, one out.

use super::{FieldKind, FieldOptions, FieldOutcome, Reading, check};
use crate::model::{Code, JsonError, Problem, RawMap, RawValue, Value, read_raw, write_raw};
use crate::text::did_you_mean;
use serde::Serialize;
use std::collections::BTreeMap;

/// Checks one line `{"id","field_type","raw","opts"?}`; `number` is that of the line, from 1.
///
/// The answer is one line of JSON without its line end: the `id` as it came (text or number, else `null`), `valid`,
/// `normalized`, the parts by name, `problems` and `corrections`; paths start at `/raw`. A line that is no such object
/// comes back as `{"id":null,"line":N,"valid":false,"problems":[…]}`.
///
/// A phone whose options name no `reading` is read strictly, as it stands, where its line has no options at all (then
/// only a number with `+` has a country) or names a `region` and is not `required`. Else it is read as a lead's: repaired,
/// and of the United States unless a region is named.
///
/// ```
/// use leadwright::field::check_line;
/// let out = check_line(br#"{"id":7,"field_type":"boolean","raw":"Yes"}"#, 1);
/// assert_eq!(out, br#"{"id":7,"valid":true,"normalized":true,"problems":[],"corrections":[]}"#);
/// let out = check_line(br#"{"id":8,"field_type":"phone","raw":"312-867-5309"}"#, 2);
/// assert!(out.starts_with(br#"{"id":8,"valid":false,"problems":[{"code":"phone.no_country""#));
/// assert!(check_line(b"", 2).starts_with(br#"{"id":null,"line":2,"valid":false,"#));
/// ```
pub fn check_line(line: &[u8], number: u64) -> Vec<u8> {
    let read = match read_raw(line) {
        Ok(read) => read,
        Err(error) => return refused(error, number),
    };
    let mut outcome = outcome(&read.map);
    outcome.problems.splice(0..0, read.problems);
    let answer = Answer {
        valid: outcome.valid(),
        normalized: outcome.value.as_ref().map(Normalized),
        parts: &outcome.parts,
        problems: &outcome.problems,
        corrections: &outcome.corrections,
    };
    let members = serde_json::to_string(&answer).unwrap_or_default();
    format!("{{\"id\":{},{}", id(&read.map), members.trim_start_matches('{')).into_bytes()
}

fn refused(error: JsonError, number: u64) -> Vec<u8> {
    let problem = serde_json::to_string(&error.problem()).unwrap_or_default();
    format!("{{\"id\":null,\"line\":{number},\"valid\":false,\"problems\":[{problem}]}}").into_bytes()
}

fn id(map: &RawMap) -> String {
    match map.get("id") {
        Some(id @ (RawValue::Text(_) | RawValue::Number(_))) => write_raw(id),
        _ => "null".into(),
    }
}

fn outcome(map: &RawMap) -> FieldOutcome {
    let name = match map.get("field_type") {
        Some(RawValue::Text(name)) => name.as_str(),
        _ => "",
    };
    let Ok(kind) = name.parse::<FieldKind>() else {
        let names = FieldKind::ALL.map(FieldKind::as_str);
        let mut problem = Problem::new(Code::FieldUnknownKind, "/field_type").with_expected(names.join(", "));
        if let Some(near) = did_you_mean(name, names) {
            problem = problem.with_suggestion(near);
        }
        return FieldOutcome::refused(problem);
    };
    let (mut options, problems) = match map.get("opts") {
        None | Some(RawValue::Null) => Default::default(),
        Some(RawValue::Object(opts)) => FieldOptions::from_raw(opts),
        Some(other) => {
            let problem = Problem::new(Code::FieldUnknownOption, "/opts").with_shape(other.shape());
            (FieldOptions::default(), vec![problem.with_expected("an object")])
        }
    };
    if kind == FieldKind::Phone && is_strict(map.get("opts"), options.required) {
        options.reading = Reading::Strict;
    }
    let mut outcome = check(kind, map.get("raw").unwrap_or(&RawValue::Null), "/raw", &options);
    outcome.problems.splice(0..0, problems);
    outcome
}

/// Whether nobody said how a phone is read, nor that a lead waits for it.
fn is_strict(opts: Option<&RawValue>, required: bool) -> bool {
    let Some(RawValue::Object(opts)) = opts else { return true };
    opts.get("reading").is_none() && opts.get("region").is_some() && !required
}

#[derive(Serialize)]
struct Answer<'a> {
    valid: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    normalized: Option<Normalized<'a>>,
    #[serde(flatten)]
    parts: &'a BTreeMap<&'static str, Value>,
    problems: &'a [Problem],
    corrections: &'a [crate::model::Correction],
}

/// A value; an amount of money that is whole is shown as a whole number.
struct Normalized<'a>(&'a Value);

impl Serialize for Normalized<'_> {
    fn serialize<S: serde::Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Money(money) if money.units() % 10_000 == 0 => out.serialize_i64(money.units() / 10_000),
            value => value.serialize(out),
        }
    }
}
