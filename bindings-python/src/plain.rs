//! A dict of plain values as the core has it, without the way over JSON. Whatever could be another lead then is left to
//! `values`.

use crate::values::float;
use leadwright::model::limits::LEAD_BYTES;
use leadwright::model::{RawMap, RawValue};
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyFloat, PyInt, PyString};

/// The lead, where it is a dict whose names are texts and whose values are texts, numbers, yes or no, or nothing.
pub(crate) fn plain(lead: &Bound<'_, PyAny>) -> Option<RawMap> {
    let dict = lead.cast_exact::<PyDict>().ok()?;
    let mut members = Vec::with_capacity(dict.len());
    // A letter takes six bytes of JSON at most: a lead that could be too long is measured as JSON.
    let mut room = LEAD_BYTES / 6;
    for (name, member) in dict {
        let (name, value) = (text(&name)?, value(&member)?);
        let length = match &value {
            RawValue::Text(text) | RawValue::Number(text) => text.len(),
            _ => 0,
        };
        room = room.checked_sub(name.len() + length + 6)?;
        members.push((name, value));
    }
    Some(RawMap(members))
}

fn value(member: &Bound<'_, PyAny>) -> Option<RawValue> {
    if let Some(text) = text(member) {
        return Some(RawValue::Text(text));
    }
    if member.is_none() {
        return Some(RawValue::Null);
    }
    if let Ok(yes) = member.cast_exact::<PyBool>() {
        return Some(RawValue::Bool(yes.is_true()));
    }
    if member.is_exact_instance_of::<PyInt>() {
        return Some(RawValue::Number(member.extract::<i64>().ok()?.to_string()));
    }
    let number = member.cast_exact::<PyFloat>().ok()?.value();
    number.is_finite().then(|| RawValue::Number(float(number)))
}

/// A text without half of a surrogate pair.
fn text(value: &Bound<'_, PyAny>) -> Option<String> {
    value.cast_exact::<PyString>().ok()?.to_str().ok().map(str::to_owned)
}
