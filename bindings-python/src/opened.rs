//! Objects that are data: of classes that declare their fields, of enumerations, of libraries. What is seldom in a lead is told
//! by Python itself, `leadwright/_opened.py`, where its usual words are.

use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;

/// The plain value that an object stands for; nothing where it is none of those that are known.
pub(crate) fn opened<'py>(value: &Bound<'py, PyAny>) -> PyResult<Option<Bound<'py, PyAny>>> {
    static OPENED: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let py = value.py();
    let opened =
        OPENED.get_or_try_init(py, || Ok::<_, PyErr>(py.import("leadwright._opened")?.getattr("opened")?.unbind()))?;
    let plain = opened.bind(py).call1((value,))?;
    // What stays the same is not known.
    Ok(if plain.is(value) { None } else { Some(plain) })
}

/// Whether it has names and a value for each, as a mapping does and a row of a database.
pub(crate) fn is_keyed(value: &Bound<'_, PyAny>) -> PyResult<bool> {
    Ok(value.hasattr("keys")? && value.hasattr("__getitem__")?)
}
