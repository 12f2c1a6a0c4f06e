//! An app is recorded, learned from, and its plan decides the leads of the days after that with the engine.

use crate::monolith::{Monolith, ZONE};
use leadwright::engine::Trial;
use leadwright::learn::{LearnOptions, Learned, Learner};
use leadwright::lint::with_lint;
use leadwright::model::{Severity, Tick};
use leadwright::plan::{MemoryResolver, Plan};
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
    /// Whether nobody got more often than the legacy said, and the like: counts by (legacy, plan) of what differs.
    pub(crate) differs: BTreeMap<(String, String), usize>,
    /// Contracts whose explanation of an unseen lead names the winner.
    pub(crate) explained: usize,
    pub(crate) lines: Vec<String>,
}

/// Leads of a day in sixty.
const DAYS: usize = 60;

#[allow(clippy::disallowed_methods)]
pub(crate) fn measure(setting: Setting) -> Result<Measured, String> {
    let mut monolith = Monolith::new(setting.seed, setting.contracts, setting.pairs.div_ceil(DAYS), setting.record_caps);
    let lines: Vec<String> = (0..setting.pairs).map(|_| monolith.next().line).collect();
    let criteria = monolith.criteria();
    let contracts = monolith.sold_to();
    let started = Instant::now();
    let options = LearnOptions { timezone: ZONE.to_owned(), ..LearnOptions::default() };
    let mut learner = Learner::new(options).map_err(|error| error.to_string())?;
    lines.iter().for_each(|line| learner.add(line.as_bytes()));
    let learned = learner.learn().map_err(|error| error.to_string())?;
    let took = started.elapsed();
    let files = MemoryResolver::new(learned.files.iter().map(|(name, text)| (name.as_str(), text.as_str())));
    let mut checked = Plan::check(&files, "plan.jsonc");
    checked.issues = with_lint(&checked, "2026-11-28".parse().expect("it is a date"));
    let count = |severity| checked.issues.iter().filter(|issue| issue.severity == severity).count();
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warn));
    for issue in checked.issues.iter().take(if std::env::var_os("SHOW_ISSUES").is_some() { 40 } else { 0 }) {
        eprintln!("{issue}");
    }
    let plan = Plan::load(&files, "plan.jsonc").map_err(|error| error.to_string())?;
    let mut trial = Trial::new(plan).map_err(|error| error.to_string())?;
    monolith.next_day();
    let (mut same, mut turn, mut explained) = (0, 0, 0);
    let mut differs: BTreeMap<(String, String), usize> = BTreeMap::new();
    for _ in 0..setting.unseen {
        let pair = monolith.next();
        let lead = trial.prepare_at(pair.lead.as_bytes(), Tick::at(pair.at));
        let tried = trial.settle(&lead).map_err(|error| error.to_string())?.ok_or("the same request again")?;
        let legacy = pair.sold.map(|contract| monolith.contracts[contract].id.as_str());
        let plan = tried.sales.first().map(|sale| sale.contract.as_str());
        explained += usize::from(tried.sales.is_empty() || tried.entries.iter().any(|e| Some(e.contract.as_str()) == plan));
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
    Ok(Measured { contracts, criteria, learned, took, unseen, same, turn, errors, warnings, differs, explained, lines })
}
