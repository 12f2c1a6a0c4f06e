//! Parity of two systems: what the legacy did, what the candidate would do, what the difference means, and whether it is
//! proven that the candidate may go on. Nothing here reads a clock or a file; the ledger has a file of its own.

mod bucket;
mod class;
mod compare;
mod decimal;
mod decision;
mod diff;
mod gate;
mod interval;
mod latency;
#[cfg(feature = "sqlite")]
pub mod ledger;
mod normal;
mod reconcile;
mod rules;
mod shown;
mod stage;
mod summary;
mod texts;
mod wire;

pub use bucket::{BUCKETS, bucket};
pub use class::Class;
pub use compare::{Compared, Observation, Side, Verdict, Word, compare};
pub use diff::{DIFFERENCES, Difference, diff};
pub use gate::{Check, Condition, Gate, LEAST_NOISE, StepCheck};
pub use interval::{Rate, rule_of_three};
pub use latency::{Histogram, Latency};
pub use reconcile::{ClassOfFinals, Final, Reconciled, Total};
pub use rules::{Known, KnownCount, ParityOptions, Pattern, Rules};
pub use shown::Shown;
pub use stage::{Stage, StageName};
pub use summary::{ClassSummary, Example, StepSummary, Summary};
pub use wire::{COUNTS, compare_json, counts_from_json, since};
