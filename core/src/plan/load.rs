//! The doors of the plan: check it, load it, store it.

use super::compile::compile;
use super::compiled::Plan;
use super::document::Documents;
use super::list::From;
use super::resolve::Resolver;
use super::structure::check_structure;
use crate::model::{Code, Error, Issue, Severity};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a check found, with the plan where it can be decided with.
pub struct Checked {
    /// The plan; none when there is an error, or something this version cannot do yet.
    pub plan: Option<Plan>,
    /// Everything found, in the order of the files.
    pub issues: Vec<Issue>,
    /// The documents, which know the lines that issues point to.
    pub documents: Documents,
}

/// A plan in one text: what is stored beside decisions, and what travels between processes.
#[derive(Serialize, Deserialize)]
struct Bundle {
    format: u32,
    plan: String,
    /// By name: the hash of the content, and the digests of the entries where they go along.
    lists: BTreeMap<String, BundledList>,
}

#[derive(Serialize, Deserialize)]
struct BundledList {
    sha256: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    entries: Option<Vec<String>>,
}

impl Plan {
    /// Reads and checks everything, and reports all of it at once.
    ///
    /// ```
    /// use leadwright::plan::{MemoryResolver, Plan};
    /// let files = MemoryResolver::new([("plan.jsonc", r#"{"format": 1, "plan": "p", "currency": "USD", "timezon": "UTC"}"#)]);
    /// let checked = Plan::check(&files, "plan.jsonc");
    /// assert!(checked.plan.is_none());
    /// assert_eq!(checked.issues.iter().filter(|issue| issue.suggestion.as_deref() == Some("timezone")).count(), 1);
    /// ```
    pub fn check(resolver: &(impl Resolver + ?Sized), root: &str) -> Checked {
        Self::check_beside(resolver, root, &[])
    }

    /// The same with buyers' files that no resolver has: their names and texts.
    pub(super) fn check_beside(
        resolver: &(impl Resolver + ?Sized),
        root: &str,
        beside: &[(String, String)],
    ) -> Checked {
        let (documents, mut findings) = Documents::load_beside(resolver, root, beside);
        findings.extend(check_structure(&documents));
        let folder = root.rsplit_once('/').map_or("", |(folder, _)| folder);
        let (plan, more) = compile(&documents, &|_, file| {
            let name = if folder.is_empty() { file.to_owned() } else { format!("{folder}/{file}") };
            resolver.read(&name).map(Some)
        });
        findings.extend(more);
        findings.sort_by_key(|finding| finding.place);
        super::fix::near_files(&mut findings, &documents, resolver);
        let issues: Vec<Issue> = findings.iter().map(|finding| documents.locate(finding)).collect();
        let refused = issues.iter().any(|issue| issue.severity == Severity::Error || is_ahead(issue));
        Checked { plan: plan.filter(|_| !refused), issues, documents }
    }

    /// Reads a plan to decide with.
    ///
    /// # Errors
    /// `plan.*` with all issues; `plan.not_in_this_version` when it wants something that is not built yet.
    ///
    /// ```
    /// use leadwright::plan::{MemoryResolver, Plan};
    /// let files = MemoryResolver::new([("plan.jsonc", r#"{
    ///     "format": 1, "plan": "tiny", "currency": "USD", "timezone": "America/Chicago",
    ///     "verticals": { "roofing": { "extends": "us/home-services@1" } },
    ///     "sources": { "web": { "verticals": ["roofing"] } },
    ///     "routes": { "roofing": { "groups": [ { "id": "all", "select": "price" } ], "on_unsold": { "then": "store" } } },
    ///     "buyers": { "acme": { "contracts": { "acme-il": {
    ///         "in": { "roofing/all": {} }, "where": { "state": "IL" }, "sell": { "exclusive": { "price": "40.00" } } } } } }
    /// }"#)]);
    /// let plan = Plan::load(&files, "plan.jsonc")?;
    /// assert_eq!((plan.name(), plan.contracts().count()), ("tiny", 1));
    /// # Ok::<(), leadwright::model::Error>(())
    /// ```
    pub fn load(resolver: &(impl Resolver + ?Sized), root: &str) -> Result<Self, Error> {
        let Checked { plan, mut issues, .. } = Self::check(resolver, root);
        raise_what_is_ahead(&mut issues);
        plan.ok_or_else(|| Error::plan(issues))
    }

    /// The plan in one text. With the entries of its lists it decides elsewhere; without them it replays, as what a
    /// decision saw of a list is kept beside the decision.
    pub fn bundle(&self, with_lists: bool) -> String {
        let lists = self.lists.iter().filter_map(|(name, list)| {
            let From::Plan(entries) = &list.from else { return None };
            let entries = entries.as_ref().filter(|_| with_lists);
            let entries = entries.map(|entries| entries.digests().map(|digest| digest.to_string()).collect());
            Some((name.clone(), BundledList { sha256: list.content.clone(), entries }))
        });
        let bundle = Bundle { format: 1, plan: self.canonical.clone(), lists: lists.collect() };
        serde_json::to_string(&bundle).unwrap_or_default()
    }

    /// Reads what [`bundle`](Self::bundle) wrote.
    ///
    /// # Errors
    /// `plan.*` when it is damaged, or wants what this version cannot do.
    pub fn from_bundle(text: &str) -> Result<Self, Error> {
        let damaged = |why: String| Error::new(Code::PlanBundleDamaged, why);
        let bundle: Bundle = serde_json::from_str(text).map_err(|error| damaged(error.to_string()))?;
        let (documents, mut findings) = Documents::from_canonical(&bundle.plan);
        findings.extend(check_structure(&documents));
        let (plan, more) = compile(&documents, &|_, _| Ok(None));
        findings.extend(more);
        let issues: Vec<Issue> = findings.iter().map(|finding| documents.locate(finding)).collect();
        let refused = issues.iter().any(|issue| issue.severity == Severity::Error || is_ahead(issue));
        let Some(mut plan) = plan.filter(|_| !refused) else { return Err(Error::plan(issues)) };
        for (name, list) in plan.lists.iter_mut().filter(|(_, list)| matches!(list.from, From::Plan(_))) {
            let Some(bundled) = bundle.lists.get(name) else {
                return Err(damaged(format!("the list `{name}` is missing")));
            };
            list.content.clone_from(&bundled.sha256);
            let Some(entries) = &bundled.entries else { continue };
            let digests: Option<Vec<_>> = entries.iter().map(|entry| list.entries.hash.parse_hex(entry)).collect();
            list.include(digests.ok_or_else(|| damaged(format!("the list `{name}` holds what is no digest")))?);
        }
        plan.rehash();
        Ok(plan)
    }

    fn rehash(&mut self) {
        self.hash = super::canonical::hash(&self.canonical, &super::compile::hashes(&self.lists)).into();
    }
}

/// Who wants to decide cannot do without what is not there yet.
pub(super) fn raise_what_is_ahead(issues: &mut [Issue]) {
    for issue in issues.iter_mut().filter(|issue| is_ahead(issue)) {
        issue.severity = Severity::Error;
    }
}

/// Something the grammar has and this version does not do.
fn is_ahead(issue: &Issue) -> bool {
    issue.code == Code::PlanNotInThisVersion
}
