//! The observer that counts. It is locked once a transaction, not once a lead.

use super::{Histogram, LEADS, MICROS, Metrics, SoldTo};
use crate::engine::doors::Decided;
use crate::engine::host::Observer;
use crate::model::{Code, Money, Outcome};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

/// Counts what an engine tells it. After a fork the child counts anew, by itself: a lock that was held then is never released
/// there.
pub(in crate::engine) struct Counters {
    pid: u32,
    metrics: Mutex<Metrics>,
    child: OnceLock<Box<Counters>>,
}

/// So many names of one kind are told apart: a plan may have a hundred thousand contracts, and who scrapes pays for each.
const NAMES: usize = 500;
/// Stands for all further names.
const OTHER: &str = "other";

/// Of a decision, what is counted.
#[derive(Default, Deserialize)]
struct Counted {
    problems: Vec<Problem>,
    #[serde(default)]
    observed: bool,
    #[serde(default)]
    assignments: Vec<Assigned>,
}

#[derive(Deserialize)]
struct Assigned {
    buyer: String,
    contract: String,
    price: Money,
}

#[derive(Deserialize)]
struct Problem {
    code: String,
}

impl Default for Counters {
    fn default() -> Self {
        let metrics = Metrics {
            batch_leads: Histogram::new(&LEADS),
            wait_micros: Histogram::new(&MICROS),
            commit_micros: Histogram::new(&MICROS),
            ..Metrics::default()
        };
        Self { pid: std::process::id(), metrics: Mutex::new(metrics), child: OnceLock::new() }
    }
}

impl Counters {
    pub(in crate::engine) fn snapshot(&self) -> Metrics {
        self.lock().clone()
    }

    fn lock(&self) -> MutexGuard<'_, Metrics> {
        if self.pid != std::process::id() {
            return self.child.get_or_init(Box::default).lock();
        }
        self.metrics.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The entry of a name, or that of all further ones.
fn named<'a, T: Default>(entries: &'a mut BTreeMap<String, T>, name: &str) -> &'a mut T {
    let known = entries.contains_key(name) || entries.len() < NAMES;
    entries.entry(if known { name } else { OTHER }.to_owned()).or_default()
}

impl Metrics {
    fn add(&mut self, outcome: Outcome, source: &str, counted: Counted) {
        *self.decisions.entry(outcome.as_str()).or_default() += 1;
        let unknown = [Code::LeadUnknownSource.as_str(), Code::LeadSourceMissing.as_str()];
        let unknown = counted.problems.iter().any(|problem| unknown.contains(&problem.code.as_str()));
        let source = if unknown { OTHER } else { source };
        *named(&mut self.sources, source).entry(outcome.as_str()).or_default() += 1;
        if outcome == Outcome::Assigned && !counted.observed {
            counted.assignments.iter().for_each(|assigned| self.sold(assigned));
        }
        for problem in counted.problems {
            *self.problems.entry(problem.code).or_default() += 1;
        }
    }

    fn sold(&mut self, assigned: &Assigned) {
        let sold: &mut SoldTo = named(&mut self.sales, &assigned.contract);
        match sold.buyer.as_str() {
            "" => sold.buyer.clone_from(&assigned.buyer),
            buyer if buyer != assigned.buyer => OTHER.clone_into(&mut sold.buyer),
            _ => {}
        }
        sold.sales += 1;
        sold.revenue = sold.revenue.checked_add(assigned.price).unwrap_or(sold.revenue);
    }
}

impl Observer for Counters {
    fn decided(&self, decided: &Decided) {
        self.committed(std::slice::from_ref(decided));
    }

    fn committed(&self, decided: &[Decided]) {
        let read = |one: &Decided| serde_json::from_slice::<Counted>(&one.body).unwrap_or_default();
        let new = decided.iter().filter(|one| !one.receipt.replayed);
        let new: Vec<_> = new.map(|one| (one, read(one))).collect();
        let mut metrics = self.lock();
        metrics.replayed += u64::try_from(decided.len() - new.len()).unwrap_or(0);
        metrics.batch_leads.add(u64::try_from(decided.len()).unwrap_or(u64::MAX));
        new.into_iter().for_each(|(one, counted)| metrics.add(one.outcome, one.id.source.as_str(), counted));
    }

    fn waited(&self, micros: u64) {
        self.lock().wait_micros.add(micros);
    }

    fn written(&self, micros: Option<u64>, failed: Option<Code>) {
        let mut metrics = self.lock();
        match failed {
            Some(code) => *metrics.failures.entry(code.as_str()).or_default() += 1,
            None => metrics.commits += 1,
        }
        if let Some(micros) = micros {
            metrics.commit_micros.add(micros);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn further_names_are_counted_together() {
        let buyers: Vec<String> = (0..=NAMES).map(|n| format!("contract-{n}")).collect();
        let mut metrics = Metrics::default();
        for contract in buyers.iter().chain(&buyers) {
            let (buyer, contract) = (format!("of-{contract}"), contract.clone());
            let assignments = vec![Assigned { buyer, contract, price: "1.00".parse().unwrap() }];
            metrics.add(Outcome::Assigned, "web", Counted { assignments, ..Counted::default() });
        }
        assert_eq!((metrics.sales.len(), metrics.sales["other"].sales), (NAMES + 1, 2));
        assert_eq!(
            (metrics.sales["contract-0"].sales, metrics.sales["contract-0"].buyer.as_str()),
            (2, "of-contract-0")
        );
        assert_eq!(metrics.sources["web"]["assigned"], metrics.decisions["assigned"]);
    }
}
