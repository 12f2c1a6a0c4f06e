//! Errors as Python's exceptions. A panic never crosses: it becomes `InternalError`.

use leadwright::model::Error;
use pyo3::prelude::*;
use pyo3::types::PyString;

/// Runs the work of a call. What panics inside becomes an exception with the place in our code, and without data.
pub(crate) fn guarded<T>(py: Python<'_>, work: impl FnOnce() -> PyResult<T>) -> PyResult<T> {
    leadwright_cli::guarded(work).unwrap_or_else(|panic| Err(fault(py, &panic)))
}

/// One of the package's exceptions, with `.code` and, for a plan, `.issues`.
pub(crate) fn fault(py: Python<'_>, error: &Error) -> PyErr {
    let issues = serde_json::to_string(error.issues()).unwrap_or_default();
    raise(py, error.code().as_str(), &error.to_string(), &issues)
}

fn raise(py: Python<'_>, code: &str, message: &str, issues: &str) -> PyErr {
    let make = || {
        let parts = [code, message, issues].map(|text| PyString::new(py, text));
        py.import("leadwright._errors")?.getattr("make")?.call1((&parts[0], &parts[1], &parts[2]))
    };
    match make() {
        Ok(exception) => PyErr::from_value(exception),
        Err(error) => error,
    }
}
