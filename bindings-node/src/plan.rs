//! Plans.

use crate::fault::{fault, guarded};
use crate::input::{Json, bytes, tick};
use leadwright::engine::{ExplainOptions, explain_lead, redact_decision};
use leadwright::lint::with_lint;
use leadwright::model::{Code, Date, Error, TimeError};
use leadwright::redact::Redaction;
use leadwright_cli::{Folder, TablesBase, check_tables, plan_of_tables};
use napi::Result;
use napi::bindgen_prelude::{Buffer, Uint8Array};
use napi_derive::napi;
use std::path::Path;

/// A checked and compiled plan.
#[napi]
pub struct Plan {
    pub(crate) inner: leadwright::plan::Plan,
}

#[napi]
impl Plan {
    /// Reads a plan with its includes and lists.
    #[napi(factory)]
    pub fn load(path: String) -> Result<Self> {
        guarded(|| {
            let (folder, name) = Folder::of(Path::new(&path));
            let inner = leadwright::plan::Plan::load(&folder, &name).map_err(|error| fault(&error))?;
            Ok(Self { inner })
        })
    }

    /// The plan that `bundle` wrote.
    #[napi(factory)]
    pub fn from_bundle(bundle: String) -> Result<Self> {
        guarded(|| {
            let inner = leadwright::plan::Plan::from_bundle(&bundle).map_err(|error| fault(&error))?;
            Ok(Self { inner })
        })
    }

    /// A plan whose buyers and contracts are rows; the base is a path, or the text of the plan.
    #[napi(factory)]
    pub fn from_rows(tables: String, path: Option<String>, text: String) -> Result<Self> {
        guarded(|| {
            let loaded = plan_of_tables(base(path.as_deref(), &text), tables.as_bytes());
            Ok(Self { inner: loaded.map_err(|error| fault(&error))? })
        })
    }

    /// What is wrong with rows, and the files that they stand for, as JSON.
    #[napi]
    pub fn check_rows(tables: String, path: Option<String>, text: String) -> Result<String> {
        guarded(|| {
            let checked = check_tables(base(path.as_deref(), &text), tables.as_bytes());
            checked.map_err(|error| fault(&error))
        })
    }

    /// The plan as files, as JSON.
    #[napi]
    pub fn to_documents(&self) -> Result<String> {
        guarded(|| Ok(serde_json::to_string(&self.inner.to_documents()).unwrap_or_default()))
    }

    /// Everything that is wrong with a plan, as JSON; nothing is thrown.
    #[napi]
    pub fn check(path: String) -> Result<String> {
        guarded(|| {
            let (folder, name) = Folder::of(Path::new(&path));
            let checked = leadwright::plan::Plan::check(&folder, &name);
            Ok(serde_json::to_string(&checked.issues).unwrap_or_default())
        })
    }

    /// Everything that is wrong with a plan and what it hardly means, as JSON; nothing is thrown for a bad plan.
    #[napi]
    pub fn lint(path: String, today: String) -> Result<String> {
        guarded(|| {
            let bad = |error: TimeError| fault(&Error::new(Code::InputBadOption, format!("`asOf`: {error}")));
            let today: Date = today.parse().map_err(bad)?;
            let (folder, name) = Folder::of(Path::new(&path));
            let issues = with_lint(&leadwright::plan::Plan::check(&folder, &name), today);
            Ok(serde_json::to_string(&issues).unwrap_or_default())
        })
    }

    /// The text of a plan file laid out; nothing when it is not JSON with comments.
    #[napi]
    pub fn format(text: String) -> Result<Option<String>> {
        guarded(|| Ok(leadwright::plan::format(&text)))
    }

    /// What changes from this plan to another, as JSON.
    #[napi]
    pub fn diff(&self, new: &Plan) -> Result<String> {
        guarded(|| {
            let diff = leadwright::plan::PlanDiff::of(&self.inner, &new.inner);
            Ok(serde_json::to_string(&diff).unwrap_or_default())
        })
    }

    /// What would become of a lead if nothing had been decided before, as JSON.
    #[napi]
    pub fn explain(&self, lead: Json<'_>, at: Option<f64>, all: bool, contract: Option<String>) -> Result<Buffer> {
        guarded(|| {
            let tick = tick(at, 0.0).map_err(|error| fault(&error))?;
            let options = ExplainOptions { all, contract, ..ExplainOptions::default() };
            let explained = explain_lead(&self.inner, bytes(&lead), tick, &options);
            Ok(serde_json::to_vec(&explained.map_err(|error| fault(&error))?).unwrap_or_default().into())
        })
    }

    /// Mends a plan; the answer is JSON.
    #[napi]
    pub fn fix(path: String, guesses: bool, write: bool) -> Result<String> {
        guarded(|| {
            let mended = leadwright_cli::mend_plan(Path::new(&path), guesses, write);
            mended.map_err(|error| napi::Error::from_reason(error.to_string()))
        })
    }

    /// A decision for other eyes.
    #[napi]
    pub fn redact(&self, json: &[u8], redact: String, key: Option<Uint8Array>) -> Result<Buffer> {
        guarded(|| {
            let how = Redaction::named(&redact, key.as_deref());
            let shown = how.and_then(|how| redact_decision(json, &self.inner, &how));
            shown.map(Buffer::from).map_err(|error| fault(&error))
        })
    }

    /// The lists that are given to an engine: the name, and the compiled file if the plan names one.
    #[napi]
    pub fn outside_lists(&self) -> Vec<Vec<String>> {
        let lists = self.inner.outside_lists();
        lists.map(|(name, file)| [Some(name), file].into_iter().flatten().map(str::to_owned).collect()).collect()
    }

    /// The whole plan with its lists in one text.
    #[napi]
    pub fn bundle(&self) -> Result<String> {
        guarded(|| Ok(self.inner.bundle(true)))
    }

    /// The name that the plan gives itself.
    #[napi]
    pub fn name(&self) -> String {
        self.inner.name().to_owned()
    }

    /// The hash over the canonical plan and its lists.
    #[napi]
    pub fn hash(&self) -> String {
        self.inner.hash().to_owned()
    }

    /// Contract and buyer, one after the other.
    #[napi]
    pub fn contracts(&self) -> Vec<Vec<String>> {
        self.inner.contracts().map(|(contract, buyer)| vec![contract.to_string(), buyer.to_string()]).collect()
    }
}

/// The plan beside the tables.
fn base<'a>(path: Option<&'a str>, text: &'a str) -> TablesBase<'a> {
    path.map_or(TablesBase::Text(text.as_bytes()), |path| TablesBase::File(Path::new(path)))
}
