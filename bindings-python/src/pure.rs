//! What needs no plan, no store and no engine.

use crate::fault::guarded;
use crate::{input, values};
use leadwright::address::canonicalize_json;
use leadwright::field::check_line;
use leadwright_cli::Streams;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyList};
use std::io::{BufWriter, IsTerminal as _, Write as _};

/// Reads an address, a text or a dict of parts; the answer is JSON.
#[pyfunction]
pub(crate) fn canonicalize_address(py: Python<'_>, address: &Bound<'_, PyAny>) -> PyResult<Vec<u8>> {
    guarded(py, || {
        let address = values::json(address)?;
        Ok(py.detach(|| serde_json::to_vec(&canonicalize_json(&address))).unwrap_or_default())
    })
}

/// Standard lines in the letters that people read.
#[pyfunction]
pub(crate) fn title_case(py: Python<'_>, lines: Vec<String>) -> PyResult<Vec<String>> {
    guarded(py, || Ok(leadwright::address::title_case(&lines)))
}

/// So many addresses or leads are read between two looks for Ctrl-C.
pub(crate) const PORTION: usize = 4_096;

/// Reads many addresses in so many threads, with the GIL free; the answers are JSON, in their order.
#[pyfunction]
pub(crate) fn canonicalize_addresses<'py>(
    py: Python<'py>,
    addresses: &Bound<'py, PyList>,
    threads: usize,
) -> PyResult<Vec<Bound<'py, PyBytes>>> {
    guarded(py, || {
        let mut answers = Vec::with_capacity(addresses.len());
        let mut iterator = addresses.iter();
        loop {
            let given: Vec<_> =
                iterator.by_ref().take(PORTION).map(|one| values::json(&one)).collect::<PyResult<_>>()?;
            if given.is_empty() {
                return Ok(answers);
            }
            let read = py.detach(|| leadwright_cli::canonicalize_addresses(&given, threads));
            answers.extend(read.iter().map(|json| PyBytes::new(py, json)));
            py.check_signals()?;
        }
    })
}

/// Checks one value; the answer is JSON.
#[pyfunction]
pub(crate) fn check_field(
    py: Python<'_>,
    kind: &str,
    value: &Bound<'_, PyAny>,
    options: &Bound<'_, PyAny>,
) -> PyResult<Vec<u8>> {
    guarded(py, || {
        let kind = serde_json::to_vec(kind).unwrap_or_default();
        let (raw, opts) = (values::json(value)?, values::json(options)?);
        let line = [b"{\"field_type\":", &kind[..], b",\"raw\":", &raw[..], b",\"opts\":", &opts[..], b"}"].concat();
        Ok(check_line(&line, 1))
    })
}

/// A lead as one line of JSON.
#[pyfunction]
pub(crate) fn to_line(py: Python<'_>, lead: &Bound<'_, PyAny>) -> PyResult<Vec<u8>> {
    guarded(py, || {
        let mut line = input::lead(lead)?;
        // Between the tokens of JSON a line end is a space; inside of a text it is no JSON at all, and stays none.
        line.iter_mut().filter(|byte| matches!(byte, b'\n' | b'\r')).for_each(|byte| *byte = b' ');
        Ok(line)
    })
}

/// Runs the command `leadwright`.
#[pyfunction]
pub(crate) fn run(py: Python<'_>, args: Vec<String>) -> PyResult<u8> {
    guarded(py, || {
        Ok(py.detach(|| {
            let mut out = BufWriter::new(std::io::stdout().lock());
            let mut err = std::io::stderr();
            let is_terminal = err.is_terminal();
            let mut input = std::io::stdin().lock();
            let mut streams = Streams { input: &mut input, out: &mut out, err: &mut err, is_terminal };
            let code = leadwright_cli::run(args, &mut streams);
            let _ = out.flush();
            code
        }))
    })
}

/// Panics, so that a test can see what becomes of it.
#[pyfunction]
pub(crate) fn panic_for_test(py: Python<'_>) -> PyResult<()> {
    #[allow(clippy::panic, reason = "it is what the test is about")]
    guarded(py, || panic!("what a panic says may quote a lead: 555-0100"))
}
