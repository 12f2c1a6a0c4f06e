//! Words for people about problems.

use crate::fault::{fault, guarded};
use leadwright::model::{Code, Error, Problem};
use pyo3::prelude::*;

/// The texts of a host.
#[pyclass(frozen, module = "leadwright._leadwright")]
pub(crate) struct Messages {
    inner: leadwright::report::Messages,
}

#[pymethods]
impl Messages {
    /// Texts by code, as JSON.
    #[new]
    fn new(py: Python<'_>, texts: &str) -> PyResult<Self> {
        guarded(py, || {
            let inner = leadwright::report::Messages::from_json(texts.as_bytes());
            Ok(Self { inner: inner.map_err(|error| fault(py, &error))? })
        })
    }

    /// The words for a problem, which is JSON.
    fn of(&self, py: Python<'_>, problem: &str) -> PyResult<String> {
        guarded(py, || {
            let problem: Problem = serde_json::from_str(problem)
                .map_err(|_| fault(py, &Error::new(Code::InputBadOption, "this is no problem of an answer")))?;
            Ok(self.inner.of(&problem))
        })
    }
}
