//! Validation of one lead and of many, and leads for other eyes.

use crate::fault::{fault, guarded};
use crate::input;
use crate::pure::PORTION;
use leadwright::redact::Redaction;
use leadwright_cli::Validator;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyIterator};

/// Validates a lead; the answer is JSON.
#[pyfunction]
#[pyo3(signature = (lead, schema, options, redact = "raw", key = None))]
pub(crate) fn validate(
    py: Python<'_>,
    lead: &Bound<'_, PyAny>,
    schema: &str,
    options: &str,
    redact: &str,
    key: Option<&[u8]>,
) -> PyResult<Vec<u8>> {
    guarded(py, || {
        let lead = input::lead(lead)?;
        let validator = Validator::named(schema, options.as_bytes(), redact, key).map_err(|error| fault(py, &error))?;
        Ok(py.detach(|| validator.one(&lead)))
    })
}

/// Validates what an iterator yields in so many threads, with the GIL free; the answers are the lines of
/// `leadwright validate`.
#[pyfunction]
#[pyo3(signature = (leads, schema, options, redact, key, threads))]
pub(crate) fn validate_many<'py>(
    py: Python<'py>,
    leads: &Bound<'py, PyIterator>,
    schema: &str,
    options: &str,
    redact: &str,
    key: Option<&[u8]>,
    threads: usize,
) -> PyResult<Vec<Bound<'py, PyBytes>>> {
    guarded(py, || {
        let validator = Validator::named(schema, options.as_bytes(), redact, key).map_err(|error| fault(py, &error))?;
        let mut answers: Vec<Bound<'py, PyBytes>> = Vec::new();
        let mut leads = leads.clone();
        loop {
            let mut given = Vec::new();
            for lead in leads.by_ref().take(PORTION) {
                let number = answers.len() + given.len() + 1;
                given.push(input::lead(&lead?).map_err(|error| numbered(py, error, number))?);
            }
            if given.is_empty() {
                return Ok(answers);
            }
            let first = u64::try_from(answers.len()).unwrap_or(u64::MAX).saturating_add(1);
            let read = py.detach(|| validator.many(&given, first, threads));
            answers.extend(read.iter().map(|json| PyBytes::new(py, json)));
            py.check_signals()?;
        }
    })
}

/// Which of many leads cannot be said.
fn numbered(py: Python<'_>, error: PyErr, number: usize) -> PyErr {
    if !error.is_instance_of::<PyTypeError>(py) {
        return error;
    }
    let told = PyTypeError::new_err(format!("lead {number}: {}", error.value(py)));
    told.set_cause(py, Some(error));
    told
}

/// A validated lead that is JSON already, for other eyes.
#[pyfunction]
#[pyo3(signature = (json, redact, key))]
pub(crate) fn redact_validation(py: Python<'_>, json: &[u8], redact: &str, key: Option<&[u8]>) -> PyResult<Vec<u8>> {
    guarded(py, || leadwright_cli::redact_validation(json, redact, key).map_err(|error| fault(py, &error)))
}

/// One canonical value for other eyes.
#[pyfunction]
#[pyo3(signature = (kind, value, redact, key))]
pub(crate) fn redact_text(
    py: Python<'_>,
    kind: &str,
    value: &str,
    redact: &str,
    key: Option<&[u8]>,
) -> PyResult<String> {
    guarded(py, || Ok(Redaction::named(redact, key).map_err(|error| fault(py, &error))?.text(kind, value)))
}
