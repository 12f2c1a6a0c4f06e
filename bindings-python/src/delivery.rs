//! The outbox worked off, and what a host with a client of its own needs for it.

use crate::engine::Engine;
use crate::fault::{fault, guarded};
use crate::input;
use leadwright::deliver::{Response, Secrets, verify_webhook as verify};
use leadwright::model::{Code, Error};
use leadwright_cli::{GivenSecrets, HttpDelivery, outcome_json, request_json};
use leadwright_deliver::DeliveryOptions;
use pyo3::prelude::*;
use pyo3::types::PyDict;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A function of the host's that knows secrets. It may be asked from any thread.
struct Asked(Py<PyAny>);

impl Secrets for Asked {
    fn secret(&self, name: &str) -> Result<String, Error> {
        // What it raises may hold one.
        let none = || Error::new(Code::InputBadOption, format!("`secrets`: there is no `{name}`"));
        let found = Python::attach(|py| self.0.call1(py, (name,))?.extract::<Option<String>>(py));
        found.ok().flatten().ok_or_else(none)
    }
}

pub(crate) fn secrets(given: Option<&Bound<'_, PyAny>>) -> PyResult<Arc<dyn Secrets + Send + Sync>> {
    Ok(match given {
        None => Arc::new(GivenSecrets::default()),
        Some(given) if given.is_callable() => Arc::new(Asked(given.clone().unbind())),
        Some(given) => {
            let known: BTreeMap<String, String> = given.cast::<PyDict>()?.extract()?;
            Arc::new(known.into_iter().collect::<GivenSecrets>())
        }
    })
}

/// Whether the host wants it to end: an event that is set, or a function that says so.
fn is_over(py: Python<'_>, stop: Option<&Py<PyAny>>) -> PyResult<bool> {
    py.check_signals()?;
    let Some(stop) = stop else { return Ok(false) };
    let stop = stop.bind(py);
    let said = if stop.hasattr("is_set")? { stop.call_method0("is_set")? } else { stop.call0()? };
    said.is_truthy()
}

/// Works the outbox of an engine off; what was done, as JSON. The GIL is free, and Ctrl-C is heard.
#[pyfunction]
#[pyo3(signature = (engine, workers, secrets, allow, stop, until_empty, worker))]
#[allow(clippy::too_many_arguments, reason = "only `_engine.py` calls it")]
pub(crate) fn run_delivery(
    engine: &Engine,
    py: Python<'_>,
    workers: usize,
    secrets: Option<&Bound<'_, PyAny>>,
    allow: Vec<String>,
    stop: Option<Py<PyAny>>,
    until_empty: bool,
    worker: String,
) -> PyResult<Vec<u8>> {
    guarded(py, || {
        let engine = engine.open(py)?;
        let secrets = self::secrets(secrets)?;
        let options = DeliveryOptions { workers, until_empty, worker, ..DeliveryOptions::default() };
        let delivery = HttpDelivery { options, allow };
        let mut raised = None;
        let done = py.detach(|| {
            let mut ends = || match Python::attach(|py| is_over(py, stop.as_ref())) {
                Ok(over) => over || raised.is_some(),
                Err(error) => {
                    raised = Some(error);
                    true
                }
            };
            delivery.run(&engine, &secrets, None, &(), &mut ends)
        });
        match raised {
            Some(error) => Err(error),
            None => Ok(serde_json::to_vec(&done.map_err(|error| fault(py, &error))?).unwrap_or_default()),
        }
    })
}

/// The request of a delivery, as JSON.
#[pyfunction]
pub(crate) fn request_of(
    engine: &Engine,
    py: Python<'_>,
    sending: &Bound<'_, PyAny>,
    secrets: Option<&Bound<'_, PyAny>>,
    now: Option<&Bound<'_, PyAny>>,
) -> PyResult<Vec<u8>> {
    guarded(py, || {
        let engine = engine.open(py)?;
        let (sending, now, secrets) = (input::operation(sending)?, input::time(now)?, self::secrets(secrets)?);
        let done = py.detach(|| request_json(&engine, &sending, now, &*secrets));
        done.map_err(|error| fault(py, &error))
    })
}

/// What to report of a delivery that was answered so, as JSON.
#[pyfunction]
#[allow(clippy::too_many_arguments, reason = "only `_engine.py` calls it")]
pub(crate) fn outcome_of(
    engine: &Engine,
    py: Python<'_>,
    sending: &Bound<'_, PyAny>,
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    took_ms: Option<u32>,
    now: Option<&Bound<'_, PyAny>>,
) -> PyResult<Vec<u8>> {
    guarded(py, || {
        let engine = engine.open(py)?;
        let (sending, now) = (input::operation(sending)?, input::time(now)?);
        let response = Response { status, headers, body };
        let done = py.detach(|| outcome_json(&engine, &sending, response, took_ms, now));
        done.map_err(|error| fault(py, &error))
    })
}

/// The id of a message that one of the secrets signed; nothing of another one.
#[pyfunction]
pub(crate) fn verify_webhook(
    py: Python<'_>,
    secrets: Vec<String>,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    now: Option<&Bound<'_, PyAny>>,
    tolerance: i64,
) -> PyResult<Option<String>> {
    guarded(py, || {
        let now = input::time(now)?;
        let secrets: Vec<&str> = secrets.iter().map(String::as_str).collect();
        Ok(verify(&secrets, &headers, &body, now, tolerance).ok().map(str::to_owned))
    })
}
