//! What a run came to, for people.

use leadwright::engine::Line;
use leadwright::model::{Code, Outcome};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::time::Duration;

/// More lines than this are left out of a table.
const ROWS: usize = 12;

#[derive(Default)]
pub(super) struct Summary {
    leads: u64,
    replayed: u64,
    refused: u64,
    with_errors: u64,
    outcomes: BTreeMap<Outcome, u64>,
    contracts: BTreeMap<String, Contract>,
    problems: BTreeMap<Code, u64>,
}

#[derive(Default)]
struct Contract {
    sold: u64,
    capped: u64,
}

/// As much of a decision as the summary wants.
#[derive(Deserialize)]
struct Body {
    problems: Vec<Problem>,
    trace: Trace,
}

#[derive(Deserialize)]
struct Problem {
    code: Code,
    severity: leadwright::model::Severity,
}

#[derive(Deserialize)]
struct Trace {
    entries: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    contract: String,
    code: Code,
}

impl Summary {
    pub(super) fn add(&mut self, answer: &Line) {
        self.leads += 1;
        let Line::Decided(decided) = answer else {
            self.refused += 1;
            self.with_errors += 1;
            return;
        };
        self.replayed += u64::from(decided.receipt.replayed);
        *self.outcomes.entry(decided.outcome).or_default() += 1;
        let Ok(body) = serde_json::from_slice::<Body>(&decided.body) else { return };
        self.with_errors +=
            u64::from(body.problems.iter().any(|problem| problem.severity == leadwright::model::Severity::Error));
        for problem in body.problems {
            *self.problems.entry(problem.code).or_default() += 1;
        }
        for entry in body.trace.entries {
            let contract = self.contracts.entry(entry.contract).or_default();
            match entry.code {
                Code::ContractSold => contract.sold += 1,
                Code::ContractCaps => contract.capped += 1,
                _ => {}
            }
        }
    }

    pub(super) fn has_errors(&self) -> bool {
        self.with_errors > 0
    }

    pub(super) fn write(&self, took: Duration, store: &Path, err: &mut dyn Write) {
        let seconds = took.as_secs_f64().max(0.001);
        let _ = writeln!(err, "\n{} leads in {seconds:.1} s, {:.0} a second", self.leads, self.leads as f64 / seconds);
        for (outcome, count) in &self.outcomes {
            let _ = writeln!(err, "  {count:>7}  {}", outcome.as_str());
        }
        if self.refused > 0 {
            let _ = writeln!(err, "  {:>7}  lines that were no lead", self.refused);
        }
        if self.replayed > 0 {
            let _ = writeln!(err, "  {:>7}  of them decided before, and answered again", self.replayed);
        }
        self.write_contracts(err);
        let mut problems: Vec<_> = self.problems.iter().collect();
        problems.sort_by_key(|(code, count)| (std::cmp::Reverse(**count), **code));
        if !problems.is_empty() {
            let _ = writeln!(err, "\n  problems");
        }
        for (code, count) in problems.iter().take(ROWS) {
            let _ = writeln!(err, "  {count:>7}  {code}: {}", code.text());
        }
        let _ = writeln!(err, "\nrecorded in {}", crate::stores::shown(store));
    }

    fn write_contracts(&self, err: &mut dyn Write) {
        let mut contracts: Vec<_> = self.contracts.iter().collect();
        contracts.sort_by_key(|(id, contract)| (std::cmp::Reverse((contract.sold, contract.capped)), *id));
        if contracts.is_empty() {
            return;
        }
        let _ = writeln!(err, "\n     sold   capped  contract");
        for (id, contract) in contracts.iter().take(ROWS) {
            let _ = writeln!(err, "  {:>7}  {:>7}  {id}", contract.sold, contract.capped);
        }
        if contracts.len() > ROWS {
            let rest = contracts.iter().skip(ROWS);
            let (sold, capped) = rest.fold((0, 0), |(sold, capped), (_, c)| (sold + c.sold, capped + c.capped));
            let _ = writeln!(err, "  {sold:>7}  {capped:>7}  {} more", contracts.len() - ROWS);
        }
    }
}
