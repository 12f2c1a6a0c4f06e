//! The tests of a plan: leads with what is to become of them, run on an empty store; and answers that buyers gave, with what
//! they are taken for.

use super::doors::{Engine, EngineOptions};
use super::explain::entries_of;
use crate::deliver::{Asked, Exchanged, Meaning, Response, read_answer};
use crate::model::{AttemptClass, ContractId, Error, Money, Outcome, Tick, Timestamp};
use crate::plan::Plan;
use crate::store::MemoryStore;
use serde::Deserialize;
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use std::sync::Arc;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    tests: Vec<Box<RawValue>>,
    #[serde(default, rename = "note")]
    _note: Option<String>,
}

/// What tells the two kinds of tests apart.
#[derive(Deserialize)]
struct Kind {
    #[serde(default)]
    endpoint: Option<serde::de::IgnoredAny>,
}

/// A recorded answer of a buyer.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AnswerCase {
    name: String,
    endpoint: String,
    /// When it came; what a date in it is reckoned from.
    #[serde(default)]
    at: Option<Timestamp>,
    answer: Recorded,
    expect: Taken,
    #[serde(default, rename = "note")]
    _note: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Recorded {
    status: u16,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    /// A text as it came, or JSON.
    #[serde(default)]
    body: Option<Box<RawValue>>,
}

/// What it is to be taken for.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Taken {
    /// What the table says; `none` where no row fits.
    is: String,
    #[serde(default)]
    class: Option<AttemptClass>,
    #[serde(default)]
    price: Option<Money>,
    #[serde(default)]
    id: Option<String>,
    #[serde(default)]
    reason: Option<String>,
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
/// "assignments"?,"margin"?,"because"?}}]}`; a test with `endpoint` is an answer of a buyer, `{"name","endpoint","answer":
/// {"status","headers"?,"body"?},"at"?,"expect":{"is","class"?,"price"?,"id"?,"reason"?}}`.
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
    let read = |error: serde_json::Error| error.to_string();
    for test in &document.tests {
        let kind: Kind = serde_json::from_str(test.get()).map_err(read)?;
        let (name, lines) = if kind.endpoint.is_some() {
            let case: AnswerCase = serde_json::from_str(test.get()).map_err(read)?;
            let lines = answered(plan, &case);
            (case.name, lines)
        } else {
            let case: Case = serde_json::from_str(test.get()).map_err(read)?;
            let lines = run(plan, &case).unwrap_or_else(|error| vec![error.to_string()]);
            (case.name, lines)
        };
        if !lines.is_empty() {
            report.failures.push(TestFailure { name, lines });
        }
    }
    Ok(report)
}

fn answered(plan: &Plan, case: &AnswerCase) -> Vec<String> {
    let Some(endpoint) = plan.endpoint(&case.endpoint) else {
        let names: Vec<&str> = plan.endpoints().map(crate::deliver::Endpoint::name).collect();
        let near = crate::text::did_you_mean(&case.endpoint, names).map(|near| format!("; did you mean `{near}`?"));
        return vec![format!("the plan has no endpoint `{}`{}", case.endpoint, near.unwrap_or_default())];
    };
    // A text is sent as it is, anything else as JSON.
    let body = case.answer.body.as_ref().map_or_else(String::new, |body| {
        serde_json::from_str::<String>(body.get()).unwrap_or_else(|_| body.get().to_owned())
    });
    let headers = case.answer.headers.iter().map(|(name, value)| (name.to_ascii_lowercase(), value.clone()));
    let response = Response { status: case.answer.status, headers: headers.collect(), body: body.into_bytes() };
    let posts = plan.contracts_at(&case.endpoint).any(|(_, asked)| asked == Asked::Post);
    let pings = plan.contracts_at(&case.endpoint).any(|(_, asked)| asked == Asked::Ping);
    let asked = if pings && !posts { Asked::Ping } else { Asked::Post };
    let found = read_answer(endpoint, asked, &Exchanged::Answered(response), case.at.unwrap_or(Timestamp::EPOCH));
    let mut lines = Vec::new();
    let mut differ = |what: &str, wanted: &str, got: &str| {
        if wanted != got {
            lines.push(format!("{what}: expected {wanted}, got {got}"));
        }
    };
    differ("is", &case.expect.is, found.meaning.map_or("none", Meaning::as_str));
    if let Some(class) = case.expect.class {
        differ("class", class.as_str(), found.class.as_str());
    }
    if let Some(price) = case.expect.price {
        let got = found.price.map_or_else(|| "none".to_owned(), |price| price.to_string());
        differ("price", &price.to_string(), &got);
    }
    if let Some(id) = &case.expect.id {
        differ("id", id, found.id.as_deref().unwrap_or("none"));
    }
    if let Some(reason) = &case.expect.reason {
        differ("reason", reason, found.reason.as_deref().unwrap_or("none"));
    }
    lines
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
