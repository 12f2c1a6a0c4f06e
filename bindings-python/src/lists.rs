//! Suppression lists.

use crate::fault::{fault, guarded};
use crate::values::kind;
use leadwright::lists::ListBuilder;
use leadwright::model::Error;
use leadwright_cli::GivenList;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyIterator, PyString};
use std::path::PathBuf;

/// A list of who must not be sold.
#[pyclass(frozen, module = "leadwright._leadwright")]
pub(crate) struct SuppressionList {
    pub(crate) inner: GivenList,
}

#[pymethods]
impl SuppressionList {
    /// Opens a compiled file.
    #[staticmethod]
    fn open(py: Python<'_>, path: PathBuf) -> PyResult<Self> {
        guarded(py, || {
            let opened = py.detach(|| GivenList::open(&path));
            Ok(Self { inner: opened.map_err(|error| fault(py, &error))? })
        })
    }

    /// From entries: texts, or digests as bytes.
    #[staticmethod]
    #[pyo3(signature = (entries, of, hash, form, version, made_at))]
    fn of(
        py: Python<'_>,
        entries: &Bound<'_, PyIterator>,
        of: &str,
        hash: Option<&str>,
        form: Option<&str>,
        version: Option<String>,
        made_at: Option<&str>,
    ) -> PyResult<Self> {
        guarded(py, || {
            let raised = |error: Error| fault(py, &error);
            let mut builder = ListBuilder::named(of, hash, form).map_err(raised)?;
            for entry in entries.clone() {
                let entry = entry?;
                if let Ok(text) = entry.cast::<PyString>() {
                    builder.push(&text.to_string_lossy()).map_err(raised)?;
                } else if let Ok(digest) = entry.cast::<PyBytes>() {
                    builder.push_digest(digest.as_bytes()).map_err(raised)?;
                } else {
                    let told = format!("an entry of a list is a str, or a digest as bytes, not {}", kind(&entry));
                    return Err(PyTypeError::new_err(told));
                }
            }
            let built = py.detach(|| GivenList::built(builder, version, made_at));
            Ok(Self { inner: built.map_err(raised)? })
        })
    }

    fn holds(&self, py: Python<'_>, value: &str) -> PyResult<bool> {
        guarded(py, || py.detach(|| self.inner.holds(value)).map_err(|error| fault(py, &error)))
    }

    /// What it says about itself, as JSON.
    fn about(&self) -> String {
        self.inner.about_json()
    }

    fn write(&self, py: Python<'_>, path: PathBuf, id: &str) -> PyResult<()> {
        guarded(py, || py.detach(|| self.inner.write(&path, id)).map_err(|error| fault(py, &error)))
    }
}
