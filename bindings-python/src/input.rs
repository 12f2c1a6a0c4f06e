//! What comes in: a lead, and the time.

use crate::fault::fault;
use crate::opened::{is_keyed, opened};
use crate::values::{json, kind, well_formed};
use leadwright::engine::Clock;
use leadwright::model::{Code, Error, Seed, Tick, TimeError, Timestamp};
use pyo3::exceptions::{PyOverflowError, PyTypeError};
use pyo3::prelude::*;
use pyo3::types::{PyByteArray, PyBytes, PyDict, PyList, PyString, PyType};

/// A lead: a dict, a mapping or an object that is data, or JSON as str or bytes.
pub(crate) fn lead(value: &Bound<'_, PyAny>) -> PyResult<Vec<u8>> {
    if let Ok(bytes) = value.cast::<PyBytes>() {
        return Ok(bytes.as_bytes().to_vec());
    }
    if let Ok(bytes) = value.cast::<PyByteArray>() {
        return Ok(bytes.to_vec());
    }
    if let Ok(text) = value.cast::<PyString>() {
        return well_formed(text);
    }
    if value.is_instance_of::<PyDict>() {
        return json(value);
    }
    if !is_plain(value) {
        if is_keyed(value)? {
            return json(value);
        }
        if let Some(plain) = opened(value)?.filter(|plain| plain.is_instance_of::<PyDict>()) {
            return json(&plain);
        }
    }
    Err(PyTypeError::new_err(format!("a lead is a dict, or JSON as str or bytes, not {}", kind(value))))
}

/// What can be no lead, whatever its class says.
fn is_plain(value: &Bound<'_, PyAny>) -> bool {
    value.is_none() || value.is_instance_of::<PyType>() || value.is_exact_instance_of::<PyList>()
}

/// An operation as JSON: a dict, or JSON as str.
pub(crate) fn operation(value: &Bound<'_, PyAny>) -> PyResult<String> {
    let text = match value.cast::<PyString>() {
        Ok(text) => well_formed(text)?,
        Err(_) => json(value)?,
    };
    Ok(String::from_utf8_lossy(&text).into_owned())
}

/// The tick of a call; the clock is asked only when no time was given.
pub(crate) fn tick(now: Option<&Bound<'_, PyAny>>, seed: &Bound<'_, PyAny>) -> PyResult<Tick> {
    Ok(Tick { now: time(now)?, seed: chance(seed)? })
}

/// The time of a call; the clock is asked only when none was given.
pub(crate) fn time(now: Option<&Bound<'_, PyAny>>) -> PyResult<Timestamp> {
    match now.filter(|now| !now.is_none()) {
        None => Ok(leadwright_cli::SystemClock.now()),
        Some(now) => moment(now),
    }
}

/// A datetime with a zone, or RFC 3339.
fn moment(now: &Bound<'_, PyAny>) -> PyResult<Timestamp> {
    let text = if let Ok(text) = now.cast::<PyString>() {
        text.clone()
    } else if now.hasattr("isoformat")? {
        now.call_method0("isoformat")?.str()?
    } else {
        let why = format!("`now`: a datetime with a zone, or RFC 3339, not {}", kind(now));
        return Err(bad(now.py(), why));
    };
    let parsed = text.to_string_lossy().parse::<Timestamp>();
    parsed.map_err(|error: TimeError| bad(now.py(), format!("`now`: {error}")))
}

fn chance(seed: &Bound<'_, PyAny>) -> PyResult<Seed> {
    let number = match seed.extract::<u64>() {
        Ok(number) => Some(number),
        Err(error) if error.is_instance_of::<PyOverflowError>(seed.py()) => None,
        Err(error) => return Err(error),
    };
    let seeded = number.and_then(Seed::new);
    seeded.ok_or_else(|| bad(seed.py(), "`seed` is a whole number, 0 to 2^53 - 1".into()))
}

fn bad(py: Python<'_>, why: String) -> PyErr {
    fault(py, &Error::new(Code::InputBadOption, why))
}
