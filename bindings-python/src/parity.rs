//! Parity of two systems: the ledger of a migration, and what its wrappers ask of it.

use crate::engine::{Resting, Rests};
use crate::fault::{fault, guarded};
use leadwright::engine::Clock as _;
use leadwright::model::{Error, Timestamp};
use leadwright::parity::{Gate, Observation, ParityOptions, counts_from_json, ledger};
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use std::path::PathBuf;
use std::sync::Arc;

/// The bucket of a lead, 0 to 9,999.
#[pyfunction]
pub(crate) fn bucket(migration: &str, step: &str, key: &str) -> u32 {
    leadwright::parity::bucket(migration, step, key)
}

/// Compares observations by rules; all of it is JSON, and nothing is written.
#[pyfunction]
pub(crate) fn compare(py: Python<'_>, observations: &[u8], rules: &[u8]) -> PyResult<String> {
    guarded(py, || leadwright::parity::compare_json(observations, rules).map_err(|error| fault(py, &error)))
}

/// Stages of a migration.
#[pyclass(frozen, module = "leadwright._leadwright")]
pub(crate) struct Stage;

#[pymethods]
impl Stage {
    /// Name and share in ten-thousandths of `canary 5`.
    #[staticmethod]
    fn parse(py: Python<'_>, text: &str) -> PyResult<(&'static str, u32)> {
        guarded(py, || {
            let stage: leadwright::parity::Stage = text.parse().map_err(|error| fault(py, &error))?;
            Ok((stage.name.as_str(), stage.share))
        })
    }
}

/// The record of a migration. Its file is opened when something is written or asked, in the process that does.
#[pyclass(frozen, weakref, module = "leadwright._leadwright")]
pub(crate) struct Parity {
    inner: Arc<ledger::Parity>,
}

#[pymethods]
impl Parity {
    #[new]
    fn new(py: Python<'_>, path: PathBuf, migration: String, options: &[u8]) -> PyResult<Self> {
        guarded(py, || {
            let options = ParityOptions::from_json(options).map_err(|error| fault(py, &error))?;
            Ok(Self { inner: Arc::new(ledger::Parity::new(path, migration, options)) })
        })
    }

    /// Observations in, verdicts out.
    fn record<'py>(&self, py: Python<'py>, observations: &[u8]) -> PyResult<Bound<'py, PyBytes>> {
        self.json(py, || self.inner.record(&Observation::list(observations)?))
    }

    fn count(&self, py: Python<'_>, counts: &[u8]) -> PyResult<()> {
        self.json(py, || self.inner.count(&counts_from_json(counts)?, now())).map(drop)
    }

    #[pyo3(signature = (step, since))]
    fn summary<'py>(&self, py: Python<'py>, step: Option<&str>, since: Option<&str>) -> PyResult<Bound<'py, PyBytes>> {
        self.json(py, || self.inner.summary(step, time(since)?))
    }

    /// Ready or not, now.
    #[pyo3(signature = (gate, since))]
    fn check<'py>(&self, py: Python<'py>, gate: &[u8], since: Option<&str>) -> PyResult<Bound<'py, PyBytes>> {
        self.json(py, || self.inner.check(&Gate::from_json(gate)?, now(), time(since)?))
    }

    /// Before a fork.
    fn rest(&self, py: Python<'_>) -> Resting {
        py.detach(|| self.inner.ledger().rest());
        Resting(Rests::Parity(self.inner.clone()))
    }
}

impl Parity {
    /// Works with the GIL free; the answer is JSON.
    fn json<'py, T: serde::Serialize + Send>(
        &self,
        py: Python<'py>,
        work: impl FnOnce() -> Result<T, Error> + Send,
    ) -> PyResult<Bound<'py, PyBytes>> {
        guarded(py, || {
            let done = py.detach(|| work().map(|done| serde_json::to_vec(&done).unwrap_or_default()));
            done.map(|json| PyBytes::new(py, &json)).map_err(|error| fault(py, &error))
        })
    }
}

fn now() -> Timestamp {
    leadwright_cli::SystemClock.now()
}

fn time(text: Option<&str>) -> Result<Option<Timestamp>, Error> {
    leadwright::parity::since(text)
}
