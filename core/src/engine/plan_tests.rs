//! The tests of a plan: leads with what is to become of them, run on an empty store.

use super::doors::{Engine, EngineOptions};
use super::explain::entries_of;
use crate::model::{ContractId, Error, Money, Outcome, Tick, Timestamp};
use crate::plan::Plan;
use crate::store::MemoryStore;
use serde::Deserialize;
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use std::sync::Arc;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    tests: Vec<Case>,
    #[serde(default, rename = "note")]
    _note: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    lead: Box<RawValue>,
    at: Timestamp,
    /// Leads that are decided before it, at the same time.
    #[serde(default)]
    after: Vec<Box<RawValue>>,
    expect: Expect,
    #[serde(default, rename = "note")]
    _note: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expect {
    outcome: Outcome,
    #[serde(default)]
    assignments: Option<Vec<ContractId>>,
    #[serde(default)]
    margin: Option<Money>,
    #[serde(default)]
    because: BTreeMap<ContractId, String>,
}

/// A test that did not come out as expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TestFailure {
    /// The name of the test.
    pub name: String,
    /// What was expected and what came out, a line each.
    pub lines: Vec<String>,
}

/// How the tests of a plan came out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TestReport {
    /// How many there are.
    pub count: usize,
    /// Those that failed.
    pub failures: Vec<TestFailure>,
}

/// Runs the tests of one file, JSON with comments: `{"tests":[{"name","lead","at","after"?,"expect":{"outcome",
/// "assignments"?,"margin"?,"because"?}}]}`.
///
/// # Errors
/// A sentence when the file is no such object; `store.*` never happens on an empty store in memory.
pub fn run_tests(plan: &Plan, text: &str) -> Result<TestReport, String> {
    let parsed = crate::plan::parse(text, 0);
    if let Some(finding) = parsed.findings.first() {
        return Err(finding.message.clone());
    }
    let json = parsed.node.map(|node| node.to_json()).unwrap_or_default();
    let document: Document = serde_json::from_str(&json).map_err(|error| error.to_string())?;
    let mut report = TestReport { count: document.tests.len(), failures: Vec::new() };
    for case in &document.tests {
        let lines = run(plan, case).unwrap_or_else(|error| vec![error.to_string()]);
        if !lines.is_empty() {
            report.failures.push(TestFailure { name: case.name.clone(), lines });
        }
    }
    Ok(report)
}

fn run(plan: &Plan, case: &Case) -> Result<Vec<String>, Error> {
    let store = Arc::new(MemoryStore::new());
    let engine = Engine::with_options(plan.clone(), store.clone(), EngineOptions::default())?;
    let tick = Tick::at(case.at);
    for lead in &case.after {
        engine.decide(lead.get().as_bytes(), tick)?;
    }
    let decided = engine.decide(case.lead.get().as_bytes(), tick)?;
    let (decision, entries) = entries_of(&*store, engine.tenant(), &decided.id)?;
    let mut lines = Vec::new();
    let mut differ = |what: &str, wanted: String, got: String| {
        if wanted != got {
            lines.push(format!("{what}: expected {wanted}, got {got}"));
        }
    };
    differ("outcome", case.expect.outcome.as_str().into(), decided.outcome.as_str().into());
    if let Some(wanted) = &case.expect.assignments {
        let got: Vec<&str> = decision.assignments.iter().map(|sold| sold.contract.as_str()).collect();
        let wanted: Vec<&str> = wanted.iter().map(ContractId::as_str).collect();
        differ("assignments", format!("[{}]", wanted.join(", ")), format!("[{}]", got.join(", ")));
    }
    if let Some(margin) = case.expect.margin {
        differ("margin", margin.to_string(), decision.money.margin.to_string());
    }
    for (contract, check) in &case.expect.because {
        let of_contract = entries.iter().filter(|explained| explained.entry.contract == *contract);
        let checks: Vec<&str> = of_contract
            .map(|explained| explained.entry.check.as_deref().unwrap_or(explained.entry.code.as_str()))
            .collect();
        if !checks.contains(&check.as_str()) {
            differ(&format!("because {contract}"), check.clone(), checks.join(", "));
        }
    }
    Ok(lines)
}
