//! Plans.

use crate::fault::{fault, guarded};
use crate::{input, values};
use leadwright::engine::{ExplainOptions, explain_lead, redact_decision};
use leadwright::lint::with_lint;
use leadwright::model::{Code, Date, Error, Seed, Tick, TimeError};
use leadwright::redact::Redaction;
use leadwright_cli::{Folder, TablesBase, check_tables, plan_of_tables};
use pyo3::prelude::*;
use std::path::PathBuf;

/// A checked and compiled plan.
#[pyclass(frozen, module = "leadwright._leadwright")]
pub(crate) struct Plan {
    pub(crate) inner: leadwright::plan::Plan,
}

#[pymethods]
impl Plan {
    #[staticmethod]
    fn load(py: Python<'_>, path: PathBuf) -> PyResult<Self> {
        guarded(py, || {
            let (folder, name) = Folder::of(&path);
            let loaded = py.detach(|| leadwright::plan::Plan::load(&folder, &name));
            Ok(Self { inner: loaded.map_err(|error| fault(py, &error))? })
        })
    }

    #[staticmethod]
    fn from_bundle(py: Python<'_>, bundle: &str) -> PyResult<Self> {
        guarded(py, || {
            let loaded = py.detach(|| leadwright::plan::Plan::from_bundle(bundle));
            Ok(Self { inner: loaded.map_err(|error| fault(py, &error))? })
        })
    }

    /// A plan whose buyers and contracts are rows; the base is a path, or the plan itself.
    #[staticmethod]
    fn from_rows(py: Python<'_>, tables: &Bound<'_, PyAny>, base: &Bound<'_, PyAny>) -> PyResult<Self> {
        guarded(py, || {
            let (tables, base) = (values::json(tables)?, Base::of(base)?);
            let loaded = py.detach(|| plan_of_tables(base.given(), &tables));
            Ok(Self { inner: loaded.map_err(|error| fault(py, &error))? })
        })
    }

    /// What is wrong with rows, and the files that they stand for, as JSON.
    #[staticmethod]
    fn check_rows(py: Python<'_>, tables: &Bound<'_, PyAny>, base: &Bound<'_, PyAny>) -> PyResult<String> {
        guarded(py, || {
            let (tables, base) = (values::json(tables)?, Base::of(base)?);
            let checked = py.detach(|| check_tables(base.given(), &tables));
            checked.map_err(|error| fault(py, &error))
        })
    }

    /// The plan as files, as JSON.
    fn to_documents(&self, py: Python<'_>) -> PyResult<String> {
        guarded(py, || Ok(py.detach(|| serde_json::to_string(&self.inner.to_documents()).unwrap_or_default())))
    }

    /// Everything that is wrong with a plan, as JSON; nothing raises.
    #[staticmethod]
    fn check(py: Python<'_>, path: PathBuf) -> PyResult<String> {
        guarded(py, || {
            let (folder, name) = Folder::of(&path);
            let checked = py.detach(|| leadwright::plan::Plan::check(&folder, &name));
            Ok(serde_json::to_string(&checked.issues).unwrap_or_default())
        })
    }

    /// Everything that is wrong with a plan and what it hardly means, as JSON; nothing raises for a bad plan.
    #[staticmethod]
    fn lint(py: Python<'_>, path: PathBuf, today: &str) -> PyResult<String> {
        guarded(py, || {
            let bad = |error: TimeError| fault(py, &Error::new(Code::InputBadOption, format!("`as_of`: {error}")));
            let today: Date = today.parse().map_err(bad)?;
            let (folder, name) = Folder::of(&path);
            let issues = py.detach(|| with_lint(&leadwright::plan::Plan::check(&folder, &name), today));
            Ok(serde_json::to_string(&issues).unwrap_or_default())
        })
    }

    /// The text of a plan file laid out; nothing when it is not JSON with comments.
    #[staticmethod]
    fn format(py: Python<'_>, text: &str) -> PyResult<Option<String>> {
        guarded(py, || Ok(py.detach(|| leadwright::plan::format(text))))
    }

    /// What changes from this plan to another, as JSON.
    fn diff(&self, py: Python<'_>, new: &Self) -> PyResult<String> {
        guarded(py, || {
            let diff = py.detach(|| leadwright::plan::PlanDiff::of(&self.inner, &new.inner));
            Ok(serde_json::to_string(&diff).unwrap_or_default())
        })
    }

    /// What would become of a lead if nothing had been decided before, as JSON.
    fn explain(
        &self,
        py: Python<'_>,
        lead: &Bound<'_, PyAny>,
        at: Option<&Bound<'_, PyAny>>,
        all: bool,
        contract: Option<String>,
    ) -> PyResult<Vec<u8>> {
        guarded(py, || {
            let (lead, tick) = (input::lead(lead)?, Tick { now: input::time(at)?, seed: Seed::default() });
            let options = ExplainOptions { all, contract, ..ExplainOptions::default() };
            let explained = py.detach(|| explain_lead(&self.inner, &lead, tick, &options));
            Ok(serde_json::to_vec(&explained.map_err(|error| fault(py, &error))?).unwrap_or_default())
        })
    }

    /// Mends a plan; the answer is JSON.
    #[staticmethod]
    fn fix(py: Python<'_>, path: PathBuf, guesses: bool, write: bool) -> PyResult<String> {
        guarded(py, || Ok(py.detach(|| leadwright_cli::mend_plan(&path, guesses, write))?))
    }

    /// A decision for other eyes.
    #[pyo3(signature = (json, redact, key))]
    fn redact(&self, py: Python<'_>, json: &[u8], redact: &str, key: Option<&[u8]>) -> PyResult<Vec<u8>> {
        guarded(py, || {
            let shown = Redaction::named(redact, key).and_then(|how| redact_decision(json, &self.inner, &how));
            shown.map_err(|error| fault(py, &error))
        })
    }

    /// The lists that are given to an engine: the name, and the compiled file if the plan names one.
    #[getter]
    fn outside_lists(&self) -> Vec<(String, Option<String>)> {
        self.inner.outside_lists().map(|(name, file)| (name.to_owned(), file.map(str::to_owned))).collect()
    }

    fn bundle(&self) -> String {
        self.inner.bundle(true)
    }

    #[getter]
    fn name(&self) -> &str {
        self.inner.name()
    }

    #[getter]
    fn hash(&self) -> &str {
        self.inner.hash()
    }

    #[getter]
    fn contracts(&self) -> Vec<(String, String)> {
        self.inner.contracts().map(|(contract, buyer)| (contract.to_string(), buyer.to_string())).collect()
    }
}

/// The plan beside the tables.
enum Base {
    File(PathBuf),
    Text(Vec<u8>),
}

impl Base {
    /// A text is a path; anything else is the plan.
    fn of(base: &Bound<'_, PyAny>) -> PyResult<Self> {
        match base.extract::<PathBuf>() {
            Ok(path) => Ok(Self::File(path)),
            Err(_) => Ok(Self::Text(values::json(base)?)),
        }
    }

    fn given(&self) -> TablesBase<'_> {
        match self {
            Self::File(path) => TablesBase::File(path),
            Self::Text(text) => TablesBase::Text(text),
        }
    }
}
