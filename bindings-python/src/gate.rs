//! What stands between a caller and a shadow: whether a call is taken, its snapshot, and how much may wait. Nothing that
//! goes wrong here comes out of it, but for what the host's own signals raise.

use crate::fault::guarded;
use crate::snapshot::{self, Not, Snapshot};
use leadwright::parity::bucket;
use pyo3::exceptions::PyKeyboardInterrupt;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyInt, PyString, PyTuple};
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

/// One step of a migration, as its caller meets it.
#[pyclass(frozen, module = "leadwright._leadwright")]
pub(crate) struct Gate {
    migration: String,
    step: String,
    key: Py<PyAny>,
    default: Option<Py<PyAny>>,
    share: AtomicU32,
    calls: AtomicU64,
    sampled_out: AtomicU64,
    unkeyed: AtomicU64,
    unsnapshotable: AtomicU64,
}

#[pymethods]
impl Gate {
    #[new]
    fn new(migration: String, step: String, key: Py<PyAny>, default: Option<Py<PyAny>>) -> Self {
        let zero = || AtomicU64::new(0);
        let (calls, sampled_out, unkeyed, unsnapshotable) = (zero(), zero(), zero(), zero());
        Self { migration, step, key, default, share: AtomicU32::new(0), calls, sampled_out, unkeyed, unsnapshotable }
    }

    /// How many of 10,000 are taken from now on.
    fn set_share(&self, share: u32) {
        self.share.store(share, Ordering::Relaxed);
    }

    /// A call of the legacy: its key and a snapshot of its arguments, where it is sampled and there can be one.
    fn take<'py>(
        &self,
        py: Python<'py>,
        args: &Bound<'py, PyTuple>,
        kwargs: &Bound<'py, PyDict>,
    ) -> PyResult<Option<(Bound<'py, PyAny>, Snapshot)>> {
        quietly(py, || {
            add(&self.calls);
            let Some(key) = self.read_key(args, kwargs)? else { return Ok(None) };
            let share = self.share.load(Ordering::Relaxed);
            if share < 10_000 && self.bucket_of(&key)? >= share {
                add(&self.sampled_out);
                return Ok(None);
            }
            Ok(self.kept(args, kwargs)?.map(|snapshot| (key.into_any(), snapshot)))
        })
    }

    /// The key of a call and where it stands among 10,000; where the step's share does not decide who is taken.
    fn place<'py>(
        &self,
        py: Python<'py>,
        args: &Bound<'py, PyTuple>,
        kwargs: &Bound<'py, PyDict>,
    ) -> PyResult<Option<(Bound<'py, PyAny>, u32)>> {
        quietly(py, || {
            add(&self.calls);
            let Some(key) = self.read_key(args, kwargs)? else { return Ok(None) };
            let bucket = self.bucket_of(&key)?;
            Ok(Some((key.into_any(), bucket)))
        })
    }

    /// A snapshot of arguments.
    fn arguments<'py>(
        &self,
        py: Python<'py>,
        args: &Bound<'py, PyTuple>,
        kwargs: &Bound<'py, PyDict>,
    ) -> PyResult<Option<Snapshot>> {
        quietly(py, || self.kept(args, kwargs))
    }

    /// A snapshot of a result.
    fn keep(&self, py: Python<'_>, value: &Bound<'_, PyAny>) -> PyResult<Option<Snapshot>> {
        quietly(py, || self.snapshot(value))
    }

    /// Calls, sampled out, without a key, without a snapshot.
    fn counts(&self) -> (u64, u64, u64, u64) {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        (read(&self.calls), read(&self.sampled_out), read(&self.unkeyed), read(&self.unsnapshotable))
    }

    /// In the child of a fork: the parent counts its own.
    fn reset(&self) {
        for counter in [&self.calls, &self.sampled_out, &self.unkeyed, &self.unsnapshotable] {
            counter.store(0, Ordering::Relaxed);
        }
    }
}

impl Gate {
    fn read_key<'py>(
        &self,
        args: &Bound<'py, PyTuple>,
        kwargs: &Bound<'py, PyDict>,
    ) -> PyResult<Option<Bound<'py, PyString>>> {
        let found = match self.key.bind(args.py()).call(args, Some(kwargs)) {
            Ok(found) => found,
            Err(error) => {
                add(&self.unkeyed);
                return Err(error);
            }
        };
        let key = match found.cast_into::<PyString>() {
            Ok(key) if key.to_str().is_ok_and(|text| !text.is_empty()) => Some(key),
            Ok(_) => None,
            Err(error) => match error.into_inner() {
                number if number.is_exact_instance_of::<PyInt>() => Some(number.str()?),
                _ => None,
            },
        };
        if key.is_none() {
            add(&self.unkeyed);
        }
        Ok(key)
    }

    fn bucket_of(&self, key: &Bound<'_, PyString>) -> PyResult<u32> {
        Ok(bucket(&self.migration, &self.step, key.to_str()?))
    }

    fn kept<'py>(&self, args: &Bound<'py, PyTuple>, kwargs: &Bound<'py, PyDict>) -> PyResult<Option<Snapshot>> {
        let both = PyTuple::new(args.py(), [args.as_any(), kwargs.as_any()])?;
        self.snapshot(both.as_any())
    }

    fn snapshot(&self, value: &Bound<'_, PyAny>) -> PyResult<Option<Snapshot>> {
        let default = self.default.as_ref().map(|default| default.bind(value.py()));
        match snapshot::take(value, default) {
            Ok(snapshot) => Ok(Some(snapshot)),
            Err(not) => {
                add(&self.unsnapshotable);
                if let Not::Raised(error) = not { Err(error) } else { Ok(None) }
            }
        }
    }
}

/// How many jobs may wait, and how many bytes they may hold together.
#[pyclass(frozen, module = "leadwright._leadwright")]
pub(crate) struct Backlog {
    jobs: AtomicU64,
    bytes: AtomicU64,
    most_jobs: u64,
    most_bytes: u64,
}

#[pymethods]
impl Backlog {
    #[new]
    fn new(most_jobs: u64, most_bytes: u64) -> Self {
        Self { jobs: AtomicU64::new(0), bytes: AtomicU64::new(0), most_jobs, most_bytes }
    }

    /// Whether there is room for one more; it is taken then.
    fn enter(&self, bytes: u64) -> bool {
        let jobs = self.jobs.fetch_add(1, Ordering::Relaxed);
        let held = self.bytes.fetch_add(bytes, Ordering::Relaxed);
        if jobs < self.most_jobs && held.saturating_add(bytes) <= self.most_bytes {
            return true;
        }
        self.leave(bytes);
        false
    }

    fn leave(&self, bytes: u64) {
        self.jobs.fetch_sub(1, Ordering::Relaxed);
        self.bytes.fetch_sub(bytes, Ordering::Relaxed);
    }

    /// How many jobs are in it, and how many bytes.
    fn held(&self) -> (u64, u64) {
        (self.jobs.load(Ordering::Relaxed), self.bytes.load(Ordering::Relaxed))
    }
}

fn add(counter: &AtomicU64) {
    counter.fetch_add(1, Ordering::Relaxed);
}

/// Nothing is raised into the legacy's call; only who interrupts the program is heard.
fn quietly<T>(py: Python<'_>, work: impl FnOnce() -> PyResult<Option<T>>) -> PyResult<Option<T>> {
    match guarded(py, work) {
        Err(error) if error.is_instance_of::<PyKeyboardInterrupt>(py) => Err(error),
        done => Ok(done.unwrap_or(None)),
    }
}

/// A value as JSON, as a lead would be written; of a lead it is personal data.
#[pyfunction]
pub(crate) fn to_json(py: Python<'_>, value: &Bound<'_, PyAny>) -> PyResult<Vec<u8>> {
    guarded(py, || crate::values::json(value))
}
