//! Python's values as JSON: the same bytes go in as from every language.

use leadwright::engine::Clock;
use leadwright::model::{RawMap, RawValue, Seed, Tick, Timestamp, write_raw};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{
    PyBool, PyByteArray, PyBytes, PyDict, PyFloat, PyFrozenSet, PyInt, PyList, PySet, PyString, PyTuple,
};

/// Objects nest no deeper than this on their way in; deeper is not a lead.
const DEEPEST: usize = 64;

/// A lead: a dict, or JSON as str or bytes.
pub(crate) fn lead(value: &Bound<'_, PyAny>) -> PyResult<Vec<u8>> {
    if let Ok(bytes) = value.cast::<PyBytes>() {
        return Ok(bytes.as_bytes().to_vec());
    }
    if let Ok(bytes) = value.cast::<PyByteArray>() {
        return Ok(bytes.to_vec());
    }
    if let Ok(text) = value.cast::<PyString>() {
        return encoded(text);
    }
    if value.is_instance_of::<PyDict>() {
        return Ok(write_raw(&raw(value, DEEPEST)?).into_bytes());
    }
    Err(PyTypeError::new_err(format!("a lead is a dict, or JSON as str or bytes, not {}", kind(value))))
}

/// Any value that JSON can say.
pub(crate) fn any(value: &Bound<'_, PyAny>) -> PyResult<RawValue> {
    raw(value, DEEPEST)
}

/// Text as UTF-8; half a surrogate pair becomes three bytes that are none, and a problem of the lead.
fn encoded(text: &Bound<'_, PyString>) -> PyResult<Vec<u8>> {
    if let Ok(text) = text.to_str() {
        return Ok(text.as_bytes().to_vec());
    }
    let bytes = text.call_method1("encode", ("utf-8", "surrogatepass"))?;
    Ok(bytes.cast::<PyBytes>()?.as_bytes().to_vec())
}

fn raw(value: &Bound<'_, PyAny>, depth: usize) -> PyResult<RawValue> {
    if value.is_none() {
        return Ok(RawValue::Null);
    }
    if let Ok(yes) = value.cast::<PyBool>() {
        return Ok(RawValue::Bool(yes.is_true()));
    }
    if let Ok(text) = value.cast::<PyString>() {
        return Ok(RawValue::Text(String::from_utf8_lossy(&encoded(text)?).into_owned()));
    }
    if value.is_instance_of::<PyInt>() {
        // Also beyond 64 bits: numbers travel as text.
        return Ok(RawValue::Number(value.call_method0("__int__")?.str()?.to_str()?.to_owned()));
    }
    if let Ok(number) = value.cast::<PyFloat>() {
        let finite = number.value().is_finite();
        let text = value.repr()?.to_str()?.to_owned();
        return Ok(if finite { RawValue::Number(text) } else { RawValue::Text(text) });
    }
    if let Ok(bytes) = value.cast::<PyBytes>() {
        return Ok(RawValue::Text(String::from_utf8_lossy(bytes.as_bytes()).into_owned()));
    }
    if depth == 0 {
        return Err(PyValueError::new_err("the lead is nested too deep"));
    }
    if let Ok(dict) = value.cast::<PyDict>() {
        let mut members = Vec::with_capacity(dict.len());
        for (key, member) in dict {
            let key = match key.cast::<PyString>() {
                Ok(key) => String::from_utf8_lossy(&encoded(key)?).into_owned(),
                Err(_) => key.str()?.to_str()?.to_owned(),
            };
            members.push((key, raw(&member, depth - 1)?));
        }
        return Ok(RawValue::Object(RawMap(members)));
    }
    let is_set = value.is_instance_of::<PySet>() || value.is_instance_of::<PyFrozenSet>();
    if is_set || value.is_instance_of::<PyList>() || value.is_instance_of::<PyTuple>() {
        let mut items = Vec::new();
        for item in value.try_iter()? {
            items.push(raw(&item?, depth - 1)?);
        }
        if is_set {
            // A set has no order, and a decision must not have one by accident.
            items.sort_by_key(write_raw);
        }
        return Ok(RawValue::List(items));
    }
    other(value)
}

/// Dates, times and decimals by their usual text.
fn other(value: &Bound<'_, PyAny>) -> PyResult<RawValue> {
    if value.hasattr("isoformat")? {
        return Ok(RawValue::Text(value.call_method0("isoformat")?.str()?.to_str()?.to_owned()));
    }
    if kind(value) == "Decimal" {
        return Ok(RawValue::Text(value.str()?.to_str()?.to_owned()));
    }
    Err(PyTypeError::new_err(format!("{} cannot be a value of a lead", kind(value))))
}

fn kind(value: &Bound<'_, PyAny>) -> String {
    value.get_type().name().map(|name| name.to_string()).unwrap_or_default()
}

/// The tick of a call; the clock is asked only when no time was given.
pub(crate) fn tick(now: Option<&Bound<'_, PyAny>>, seed: u64) -> PyResult<Tick> {
    let now = match now.filter(|now| !now.is_none()) {
        None => leadwright_cli::SystemClock.now(),
        Some(now) => time(now)?,
    };
    let seed = Seed::new(seed).ok_or_else(|| PyValueError::new_err("a seed is 0 to 2**53 - 1"))?;
    Ok(Tick { now, seed })
}

/// A datetime with a zone, or RFC 3339.
fn time(now: &Bound<'_, PyAny>) -> PyResult<Timestamp> {
    let text = if now.is_instance_of::<PyString>() { now.str()? } else { now.call_method0("isoformat")?.str()? };
    let parsed = text.to_str()?.parse();
    parsed.map_err(|error: leadwright::model::TimeError| PyValueError::new_err(format!("now: {error}")))
}
