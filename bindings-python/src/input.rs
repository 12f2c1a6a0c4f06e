//! What comes in: a lead, and the time.

use crate::values::{json, kind, well_formed};
use leadwright::engine::Clock;
use leadwright::model::{Seed, Tick, Timestamp};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyByteArray, PyBytes, PyDict, PyString};

/// A lead: a dict, or JSON as str or bytes.
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
    Err(PyTypeError::new_err(format!("a lead is a dict, or JSON as str or bytes, not {}", kind(value))))
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
