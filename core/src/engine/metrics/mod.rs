//! How an engine is doing, in numbers: counted by an observer, given as a snapshot, written as Prometheus reads it. Labels are
//! words of ours (outcomes, codes) and names of the plan (sources, buyers, contracts), and never come from a lead.

mod counters;
#[cfg(test)]
mod tests;
mod text;

pub(super) use counters::Counters;

use crate::model::Money;
use serde::Serialize;
use std::collections::BTreeMap;

/// What happened since the engine was opened in this process. The same numbers as JSON in every language.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Metrics {
    /// Decisions that were recorded, by outcome; one that was answered as before is none.
    pub decisions: BTreeMap<&'static str, u64>,
    /// The same by source; those of a source that the plan does not have, and of more than 500, under `other`.
    pub sources: BTreeMap<String, BTreeMap<&'static str, u64>>,
    /// What was sold, by contract; of more than 500, under `other`. Not what another system sold, nor tests.
    pub sales: BTreeMap<String, SoldTo>,
    /// Requests that were answered as before.
    pub replayed: u64,
    /// Problems of the decisions, by code.
    pub problems: BTreeMap<String, u64>,
    /// Transactions that were committed.
    pub commits: u64,
    /// Transactions that failed, by the code of the error; `store.commit_unknown` also where the engine then found out.
    pub failures: BTreeMap<&'static str, u64>,
    /// Callers of `decide` that were turned away with `engine.busy`.
    pub busy: u64,
    /// Callers of `decide` that wait for a transaction now.
    pub waiting: u64,
    /// Leads of a transaction.
    pub batch_leads: Histogram,
    /// From a call of `decide` to the begin of the transaction with its lead, in microseconds.
    pub wait_micros: Histogram,
    /// A transaction from its begin to the end of its commit, in microseconds.
    pub commit_micros: Histogram,
}

/// What was sold under one contract.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct SoldTo {
    /// Whose contract it is.
    pub buyer: String,
    /// Sales.
    pub sales: u64,
    /// What they cost the buyer, in the currency of the plan.
    pub revenue: Money,
}

/// How often a number was so large, in fixed steps.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Histogram {
    /// The upper bound of each step, and how many were not above it and above the one before.
    pub steps: Vec<(u64, u64)>,
    /// All of them, also those above the last step.
    pub count: u64,
    /// What they add up to.
    pub sum: u64,
}

/// Leads of a transaction: it has 256 at most.
const LEADS: [u64; 9] = [1, 2, 4, 8, 16, 32, 64, 128, 256];
/// From a transaction in memory to a disk that hangs.
const MICROS: [u64; 15] =
    [50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 5_000_000];

impl Histogram {
    fn new(bounds: &[u64]) -> Self {
        Self { steps: bounds.iter().map(|bound| (*bound, 0)).collect(), count: 0, sum: 0 }
    }

    fn add(&mut self, value: u64) {
        self.count += 1;
        self.sum = self.sum.saturating_add(value);
        let step = self.steps.iter_mut().find(|(bound, _)| value <= *bound);
        if let Some((_, count)) = step {
            *count += 1;
        }
    }
}

#[cfg(test)]
mod histogram_tests {
    use super::*;

    #[test]
    fn a_number_is_in_the_first_step_that_holds_it() {
        let mut histogram = Histogram::new(&[1, 4]);
        [0, 1, 2, 4, 5].into_iter().for_each(|value| histogram.add(value));
        assert_eq!(histogram, Histogram { steps: vec![(1, 2), (4, 2)], count: 5, sum: 12 });
    }
}
