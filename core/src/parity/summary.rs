//! What a ledger has counted of each step: what reports show and gates judge.

use super::class::Class;
use super::interval::Rate;
use super::latency::Latency;
use super::rules::KnownCount;
use super::shown::Shown;
use crate::model::Money;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a ledger has counted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// Of this shape.
    pub schema_version: u32,
    /// Which migration.
    pub migration: String,
    /// Only what was seen since then, to the hour.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub since: Option<String>,
    /// Each step.
    pub steps: BTreeMap<String, StepSummary>,
}

/// What was counted of one step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StepSummary {
    /// What the wrappers counted: calls, sampled_out, dropped and so on.
    pub counts: BTreeMap<String, u64>,
    /// Pairs that were compared.
    pub compared: u64,
    /// Without a difference.
    pub matched: u64,
    /// With declared differences only.
    pub known: Rate,
    /// With a difference that nobody declared.
    pub mismatched: Rate,
    /// Where none of them is a mismatch: the rate that is then excluded.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub rule_of_three: Option<f64>,
    /// Calls with nothing to compare.
    pub recorded: u64,
    /// How much the legacy differs from itself, where that was measured.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub noise: Option<Rate>,
    /// The declared differences.
    pub known_differences: Vec<KnownCount>,
    /// The classes of differences, those that are no mismatch too.
    pub classes: Vec<ClassSummary>,
    /// How long the legacy took.
    pub legacy_latency: Latency,
    /// How long the candidate took.
    pub candidate_latency: Latency,
}

/// One class of differences at one place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClassSummary {
    /// Which class.
    pub class: Class,
    /// Where: a JSON Pointer with `*` for the number of an item.
    pub path: String,
    /// How often.
    pub count: u64,
    /// Of those, how often nobody had declared it.
    pub unexplained: u64,
    /// What the candidate takes more than the legacy, all of them together.
    pub money: Money,
    /// The same of those that nobody had declared, each without its sign: what they move.
    pub unexplained_money: Money,
    /// The first time.
    pub first_at: String,
    /// The last time.
    pub last_at: String,
    /// The first, the smallest and the last few.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub examples: Vec<Example>,
}

/// One difference that was seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Example {
    /// `first`, `smallest` or `last`.
    pub which: String,
    /// When.
    pub at: String,
    /// The key of the lead, where ids are kept, or its keyed hash.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub key: Option<String>,
    /// What the legacy had there.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub legacy: Option<Shown>,
    /// What the candidate had there.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub candidate: Option<Shown>,
    /// The pair in the ledger, where values are kept.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub pair: Option<u64>,
}

impl StepSummary {
    /// Calls that were to be compared and were not.
    pub(super) fn unseen(&self) -> u64 {
        let counts = ["dropped", "skipped_breaker", "unsnapshotable"].iter().filter_map(|name| self.counts.get(*name));
        let unreadable = self.classes.iter().filter(|class| class.class == Class::Unreadable);
        counts.copied().chain(unreadable.map(|class| class.count)).fold(0, u64::saturating_add)
    }

    /// A step of which nothing was counted.
    pub(super) fn empty() -> Self {
        Self {
            counts: BTreeMap::new(),
            compared: 0,
            matched: 0,
            known: Rate::of(0, 0),
            mismatched: Rate::of(0, 0),
            rule_of_three: None,
            recorded: 0,
            noise: None,
            known_differences: Vec::new(),
            classes: Vec::new(),
            legacy_latency: Latency::default(),
            candidate_latency: Latency::default(),
        }
    }
}
