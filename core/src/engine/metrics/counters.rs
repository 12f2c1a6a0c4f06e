//! The observer that counts. It is locked once a transaction, not once a lead.

use super::{Histogram, LEADS, MICROS, Metrics};
use crate::engine::doors::Decided;
use crate::engine::host::Observer;
use crate::model::Code;
use serde::Deserialize;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

/// Counts what an engine tells it. After a fork the child counts anew, by itself: a lock that was held then is never released
/// there.
pub(in crate::engine) struct Counters {
    pid: u32,
    metrics: Mutex<Metrics>,
    child: OnceLock<Box<Counters>>,
}

/// Of a decision, what is counted.
#[derive(Deserialize)]
struct Counted {
    problems: Vec<Problem>,
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

impl Observer for Counters {
    fn decided(&self, decided: &Decided) {
        self.committed(std::slice::from_ref(decided));
    }

    fn committed(&self, decided: &[Decided]) {
        let read = |one: &Decided| serde_json::from_slice::<Counted>(&one.body).map(|counted| counted.problems);
        let new = decided.iter().filter(|one| !one.receipt.replayed);
        let new: Vec<_> = new.map(|one| (one.outcome, read(one).unwrap_or_default())).collect();
        let mut metrics = self.lock();
        metrics.replayed += u64::try_from(decided.len() - new.len()).unwrap_or(0);
        metrics.batch_leads.add(u64::try_from(decided.len()).unwrap_or(u64::MAX));
        for (outcome, problems) in new {
            *metrics.decisions.entry(outcome.as_str()).or_default() += 1;
            for problem in problems {
                *metrics.problems.entry(problem.code).or_default() += 1;
            }
        }
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
