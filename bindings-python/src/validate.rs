//! Validation of one lead and of many, and leads for other eyes.

use crate::fault::{fault, guarded};
use crate::input;
use crate::plain::plain;
use crate::pure::PORTION;
use leadwright::redact::Redaction;
use leadwright_cli::GivenLead;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyIterator};

/// A schema, options, and how a lead is written.
#[pyclass(frozen, module = "leadwright._leadwright")]
pub(crate) struct Validator {
    inner: leadwright_cli::Validator,
}

#[pymethods]
impl Validator {
    /// `options` are JSON.
    #[new]
    fn new(py: Python<'_>, schema: &str, options: &str, redact: &str, key: Option<&[u8]>) -> PyResult<Self> {
        guarded(py, || {
            let inner = leadwright_cli::Validator::named(schema, options.as_bytes(), redact, key);
            Ok(Self { inner: inner.map_err(|error| fault(py, &error))? })
        })
    }

    /// Validates a lead; the answer is JSON.
    fn one<'py>(&self, py: Python<'py>, lead: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyBytes>> {
        guarded(py, || {
            let answer = match given(lead)? {
                GivenLead::Raw(raw) => py.detach(|| self.inner.one_raw(&raw)),
                GivenLead::Json(json) => py.detach(|| self.inner.one(&json)),
            };
            Ok(PyBytes::new(py, &answer))
        })
    }

    /// Validates what an iterator yields in so many threads, with the GIL free; the answers are the lines of
    /// `leadwright validate`.
    fn many<'py>(
        &self,
        py: Python<'py>,
        leads: &Bound<'py, PyIterator>,
        threads: usize,
    ) -> PyResult<Vec<Bound<'py, PyBytes>>> {
        guarded(py, || {
            let mut answers: Vec<Bound<'py, PyBytes>> = Vec::new();
            let mut leads = leads.clone();
            loop {
                let mut portion = Vec::new();
                for lead in leads.by_ref().take(PORTION) {
                    let number = answers.len() + portion.len() + 1;
                    portion.push(given(&lead?).map_err(|error| numbered(py, error, number))?);
                }
                if portion.is_empty() {
                    return Ok(answers);
                }
                let first = u64::try_from(answers.len()).unwrap_or(u64::MAX).saturating_add(1);
                let read = py.detach(|| self.inner.many_given(&portion, first, threads));
                answers.extend(read.iter().map(|json| PyBytes::new(py, json)));
                py.check_signals()?;
            }
        })
    }
}

/// A lead: a dict of plain values as it is, any other as JSON.
fn given(lead: &Bound<'_, PyAny>) -> PyResult<GivenLead> {
    match plain(lead) {
        Some(raw) => Ok(GivenLead::Raw(raw)),
        None => input::lead(lead).map(GivenLead::Json),
    }
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
