//! An app is recorded, learned from, and its plan decides the leads of the days after that with the engine.

use crate::monolith::{Monolith, Pair, ZONE};
use leadwright::engine::Engine;
use leadwright::learn::{LearnOptions, Learned, Learner};
use leadwright::lint::with_lint;
use leadwright::model::{Severity, Tick};
use leadwright::operate::Observation;
use leadwright::plan::{MemoryResolver, Plan};
use leadwright::store::MemoryStore;
use serde_json::Value;
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// What is measured.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Setting {
    pub(crate) seed: u64,
    pub(crate) contracts: usize,
    pub(crate) pairs: usize,
    pub(crate) unseen: usize,
    pub(crate) record_caps: bool,
}

pub(crate) struct Measured {
    pub(crate) contracts: usize,
    pub(crate) criteria: usize,
    pub(crate) learned: Learned,
    pub(crate) took: Duration,
    pub(crate) unseen: usize,
    /// The same contract, or nobody as well.
    pub(crate) same: usize,
    /// Another one that takes turns with it.
    pub(crate) turn: usize,
    pub(crate) errors: usize,
    pub(crate) warnings: usize,
    /// Leads that differ, by who got them and who would.
    pub(crate) differs: BTreeMap<(String, String), usize>,
    /// Decisions whose trace says of the winner that it got the lead, and those without one.
    pub(crate) explained: usize,
    pub(crate) lines: Vec<String>,
}

/// So many of the pairs are shown to the shadow before the unseen leads.
const SEEN_BEFORE: usize = 5_000;
/// The pairs are of so many days.
const DAYS: usize = 60;

#[allow(clippy::disallowed_methods)]
pub(crate) fn measure(setting: Setting) -> Result<Measured, String> {
    let mut monolith =
        Monolith::new(setting.seed, setting.contracts, setting.pairs.div_ceil(DAYS), setting.record_caps);
    let pairs: Vec<Pair> = (0..setting.pairs).map(|_| monolith.next()).collect();
    let criteria = monolith.criteria();
    let contracts = monolith.sold_to();
    let started = Instant::now();
    let options = LearnOptions { timezone: ZONE.to_owned(), ..LearnOptions::default() };
    let mut learner = Learner::new(options).map_err(|error| error.to_string())?;
    pairs.iter().for_each(|pair| learner.add(pair.line.as_bytes()));
    let learned = learner.learn().map_err(|error| error.to_string())?;
    let took = started.elapsed();
    let files = MemoryResolver::new(learned.files.iter().map(|(name, text)| (name.as_str(), text.as_str())));
    let mut checked = Plan::check(&files, "plan.jsonc");
    checked.issues = with_lint(&checked, "2026-11-28".parse().expect("it is a date"));
    let count = |severity| checked.issues.iter().filter(|issue| issue.severity == severity).count();
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warn));
    let plan = Plan::load(&files, "plan.jsonc").map_err(|error| error.to_string())?;
    let engine = Engine::open(plan, MemoryStore::new()).map_err(|error| error.to_string())?;
    // A shadow knows whose turn it is because it saw who got the leads before.
    for pair in &pairs[pairs.len().saturating_sub(SEEN_BEFORE)..] {
        watch(&engine, &monolith, pair)?;
    }
    monolith.next_day();
    let (mut same, mut turn, mut explained) = (0, 0, 0);
    let mut differs: BTreeMap<(String, String), usize> = BTreeMap::new();
    for _ in 0..setting.unseen {
        let pair = monolith.next();
        let ours = watch(&engine, &monolith, &pair)?;
        let legacy = pair.sold.map(|contract| monolith.contracts[contract].id.as_str());
        let plan = ours["assignments"][0]["contract"].as_str();
        let entries = ours["trace"]["entries"].as_array().map(Vec::as_slice).unwrap_or_default();
        explained += usize::from(plan.is_none_or(|id| entries.iter().any(|entry| entry["contract"] == id)));
        let other = plan.and_then(|id| monolith.contracts.iter().position(|contract| contract.id == id));
        match (pair.sold, other) {
            _ if legacy == plan => same += 1,
            (Some(one), Some(other)) if monolith.take_turns(one, other) => turn += 1,
            _ => {
                let name = |id: Option<&str>| id.unwrap_or("nobody").to_owned();
                *differs.entry((name(legacy), name(plan))).or_default() += 1;
            }
        }
    }
    let unseen = setting.unseen;
    let lines = pairs.into_iter().map(|pair| pair.line).collect();
    Ok(Measured { contracts, criteria, learned, took, unseen, same, turn, errors, warnings, differs, explained, lines })
}

/// Tells a shadow what the app did, and gives what it would have decided itself, on the app's caps and turns.
fn watch(engine: &Engine, monolith: &Monolith, pair: &Pair) -> Result<Value, String> {
    let seen = match pair.sold.map(|contract| &monolith.contracts[contract].id) {
        Some(id) => {
            format!(r#"{{"outcome":"assigned","sales":[{{"contract":"{id}"}}],"at":"{}","compare":true}}"#, pair.at)
        }
        None => format!(r#"{{"outcome":"unsold","at":"{}","compare":true}}"#, pair.at),
    };
    let seen = Observation::read(&seen).map_err(|error| error.to_string())?;
    let observed = engine.observe(pair.lead.as_bytes(), &seen, Tick::at(pair.at)).map_err(|error| error.to_string())?;
    let ours = observed.ours.ok_or("the lead was there before")?;
    serde_json::from_slice(&ours.body).map_err(|error| error.to_string())
}
