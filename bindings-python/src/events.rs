//! Reading the events.

use crate::fault::{fault, guarded};
use leadwright::events::{self, begin_of, kinds_of, subscriber_name};
use leadwright::model::Error;
use pyo3::prelude::*;
use pyo3::types::PyBytes;

/// Somebody who reads the events under a name.
#[pyclass(frozen, module = "leadwright._leadwright")]
pub(crate) struct Subscription {
    inner: events::Subscription,
}

impl Subscription {
    pub(crate) fn open(
        engine: &leadwright::engine::Engine,
        name: &str,
        types: &[String],
        start: &str,
    ) -> Result<Self, Error> {
        let (name, begin) = (subscriber_name(name)?, begin_of(start)?);
        let kinds = kinds_of(types.iter().map(String::as_str))?;
        Ok(Self { inner: engine.subscribe(&name, &kinds, begin)? })
    }
}

#[pymethods]
impl Subscription {
    /// Positions and CloudEvents.
    fn poll<'py>(&self, py: Python<'py>, limit: usize) -> PyResult<Vec<(u64, Bound<'py, PyBytes>)>> {
        guarded(py, || {
            let events = py.detach(|| self.inner.poll(limit)).map_err(|error| fault(py, &error))?;
            Ok(events.into_iter().map(|event| (event.position, PyBytes::new(py, &event.bytes))).collect())
        })
    }

    fn ack(&self, py: Python<'_>, position: u64) -> PyResult<()> {
        guarded(py, || py.detach(|| self.inner.ack(position)).map_err(|error| fault(py, &error)))
    }

    /// `start`, `now`, or a position.
    fn seek(&self, py: Python<'_>, start: &str) -> PyResult<()> {
        guarded(py, || {
            let done = py.detach(|| begin_of(start).and_then(|begin| self.inner.seek(begin)));
            done.map_err(|error| fault(py, &error))
        })
    }
}
