//! Buyers that are asked while somebody waits.

use crate::delivery::secrets;
use crate::engine::Engine;
use crate::fault::{fault, guarded};
use crate::input;
use leadwright::model::{Code, Error};
use leadwright_cli::{Asking, HttpBuyers};
use pyo3::prelude::*;
use std::time::Duration;

/// Buyers behind HTTP, with the connections that are kept.
#[pyclass(frozen, module = "leadwright._leadwright")]
pub(crate) struct Buyers(HttpBuyers);

#[pymethods]
impl Buyers {
    #[new]
    fn new(py: Python<'_>, secrets: Option<&Bound<'_, PyAny>>, allow: Vec<String>) -> PyResult<Self> {
        guarded(py, || {
            let secrets = self::secrets(secrets)?;
            HttpBuyers::new(secrets, allow).map(Buyers).map_err(|error| fault(py, &error))
        })
    }
}

/// `submit`, `ping` or `post`; the answer as JSON. The GIL is free.
#[pyfunction]
#[allow(clippy::too_many_arguments, reason = "only `_engine.py` calls it")]
pub(crate) fn ask(
    engine: &Engine,
    py: Python<'_>,
    asking: &str,
    buyers: &Buyers,
    lead: &Bound<'_, PyAny>,
    within_ms: u64,
    now: Option<&Bound<'_, PyAny>>,
    seed: &Bound<'_, PyAny>,
) -> PyResult<Vec<u8>> {
    guarded(py, || {
        let asking =
            Asking::named(asking).ok_or_else(|| fault(py, &Error::new(Code::InternalError, "no such call")))?;
        let engine = engine.open(py)?;
        let (lead, tick) = (input::lead(lead)?, input::tick(now, seed)?);
        let done = py.detach(|| buyers.0.ask(&engine, asking, &lead, tick, Duration::from_millis(within_ms)));
        done.map_err(|error| fault(py, &error))
    })
}
