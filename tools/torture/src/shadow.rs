//! A shadow beside an old app with the same rules, over ten days in which caps fill: three processes of the app report what
//! they did, late, out of order and twice. Would we have offered each lead to the same buyers, and sold it to the same ones?

use crate::Torture;
use crate::market;
use fastrand::Rng;
use leadwright::engine::{Decided, Engine};
use leadwright::model::{Outcome, Tick, Timestamp};
use leadwright::operate::Observation;
use leadwright::store::MemoryStore;
use serde_json::{Value, json};
use std::collections::{BTreeMap, VecDeque};
use std::time::Instant;

const DAYS: usize = 10;
const PROCESSES: usize = 3;
const DAY: i64 = 86_400_000;

/// How a shadow hears of what the app did.
#[derive(Clone, Copy, PartialEq)]
enum Hears {
    /// In the order of the app: what is missing is waited for.
    InOrder,
    /// As reports arrive.
    AsTheyArrive,
    /// Nothing: it counts only what it would have sold itself.
    Nothing,
}

/// What the app did with a lead, and when its report arrives.
struct Report {
    seq: usize,
    lead: String,
    at: Timestamp,
    arrives: Timestamp,
    theirs: Value,
}

#[derive(Default)]
struct Compared {
    leads: usize,
    sold: usize,
    eligible: usize,
    winners: usize,
}

/// Leads of a day: more of them than the caps let through.
const A_DAY: usize = 150;

pub(crate) fn run(torture: &Torture) -> Result<String, String> {
    let worlds = if torture.long { 20 } else { 1 };
    let started = Instant::now();
    let (mut order, mut arrival, mut nothing) = (Compared::default(), Compared::default(), Compared::default());
    for seed in torture.seed..torture.seed.saturating_add(worlds) {
        let reports = reports(seed)?;
        order.add(&shadow(&reports, seed, Hears::InOrder)?);
        arrival.add(&shadow(&reports, seed, Hears::AsTheyArrive)?);
        nothing.add(&shadow(&reports, seed, Hears::Nothing)?);
    }
    let said = format!(
        "{} leads, {DAYS} days of {A_DAY} each time, {} sold: eligible differs {} times, winners {:.3} %; as reports arrive \
         {} times, {:.2} %; told nothing {} times, {:.2} %; in {:.0} s",
        order.leads,
        order.sold,
        order.eligible,
        order.percent(),
        arrival.eligible,
        arrival.percent(),
        nothing.eligible,
        nothing.percent(),
        started.elapsed().as_secs_f64()
    );
    // A shadow that is told nothing must be seen to differ, or nothing was looked at.
    let is_right = order.eligible == 0 && order.percent() <= 0.1 && nothing.percent() > 5.0;
    if is_right { Ok(said) } else { Err(format!("{said}; again: cargo xtask torture shadow --seed {}", torture.seed)) }
}

impl Compared {
    fn add(&mut self, more: &Self) {
        self.leads += more.leads;
        self.sold += more.sold;
        self.eligible += more.eligible;
        self.winners += more.winners;
    }

    fn percent(&self) -> f64 {
        100.0 * self.winners as f64 / self.leads.max(1) as f64
    }
}

/// What the old app did: the same rules, on a state of its own.
fn reports(seed: u64) -> Result<Vec<Report>, String> {
    let app = Engine::open(market::shared(), MemoryStore::new()).map_err(|error| error.to_string())?;
    let mut dice = Rng::with_seed(seed);
    let start = market::tick(0).now;
    let mut reports = Vec::new();
    // Each process reports by itself, and now and then one hangs for hours.
    let mut hangs = [start; PROCESSES];
    for seq in 0..DAYS * A_DAY {
        let step = DAY * i64::try_from(seq).unwrap_or(0) / i64::try_from(A_DAY).unwrap_or(1);
        let at = start.plus_millis(step + dice.i64(0..1_000));
        let lead = market::lead(&format!("L{seq}"), seed);
        let decided = app.decide(lead.as_bytes(), Tick::at(at)).map_err(|error| error.to_string())?;
        let theirs: Value = serde_json::from_slice(&decided.body).map_err(|error| error.to_string())?;
        let process = dice.usize(0..PROCESSES);
        if dice.usize(0..200) == 0 {
            hangs[process] = at.plus_millis(dice.i64(0..4 * 3_600_000));
        }
        let arrives = at.plus_millis(dice.i64(0..600_000)).max(hangs[process]);
        // The clock of the app is that of its decision.
        let at = theirs["at"].as_str().unwrap_or_default().parse().map_err(|_| "a time")?;
        reports.push(Report { seq, lead, at, arrives, theirs });
    }
    Ok(reports)
}

fn shadow(reports: &[Report], seed: u64, hears: Hears) -> Result<Compared, String> {
    let engine = Engine::open(market::shared(), MemoryStore::new()).map_err(|error| error.to_string())?;
    let mut dice = Rng::with_seed(seed ^ 0x5ad0);
    let mut arriving: Vec<&Report> = reports.iter().collect();
    if hears != Hears::Nothing {
        arriving.sort_by_key(|report| (report.arrives, report.seq));
    }
    let mut compared = Compared::default();
    let mut waiting: BTreeMap<usize, &Report> = BTreeMap::new();
    let mut again: VecDeque<&Report> = VecDeque::new();
    let mut next = 0;
    for report in arriving {
        if hears == Hears::InOrder {
            waiting.insert(report.seq, report);
            while let Some(report) = waiting.remove(&next) {
                look(&engine, report, hears, &mut compared)?;
                next += 1;
            }
        } else {
            look(&engine, report, hears, &mut compared)?;
        }
        // One of twenty reports comes again, some time later.
        if dice.u8(0..20) == 0 {
            again.push_back(report);
        }
        if again.len() > 40 && hears != Hears::Nothing {
            repeat(&engine, again.pop_front())?;
        }
    }
    Ok(compared)
}

/// What we would have done, beside what the app did.
fn look(engine: &Engine, report: &Report, hears: Hears, compared: &mut Compared) -> Result<(), String> {
    let tick = Tick::at(report.at);
    let ours = if hears == Hears::Nothing {
        engine.dry_run(report.lead.as_bytes(), tick).map_err(|error| error.to_string())?
    } else {
        let seen = seen(&report.theirs, true)?;
        let observed = engine.observe(report.lead.as_bytes(), &seen, Tick::at(report.arrives.max(report.at)));
        observed.map_err(|error| error.to_string())?.ours.ok_or("it was not compared")?
    };
    let ours: Value = serde_json::from_slice(&ours.body).map_err(|error| error.to_string())?;
    compared.leads += 1;
    compared.sold += usize::from(report.theirs["outcome"] == "assigned");
    compared.eligible += usize::from(eligible(&ours) != eligible(&report.theirs));
    compared.winners += usize::from(winners(&ours) != winners(&report.theirs));
    Ok(())
}

/// A report that comes twice changes nothing.
fn repeat(engine: &Engine, report: Option<&Report>) -> Result<(), String> {
    let Some(report) = report else { return Ok(()) };
    let now = Tick::at(report.arrives.plus_millis(3_600_000));
    let known = |id: &str| engine.store().decision(engine.tenant(), &id.parse().expect("an id"));
    let id = report.theirs["id"].as_str().unwrap_or_default();
    if known(id).map_err(|error| error.to_string())?.is_none() {
        // It has not been heard of before what it follows.
        return Ok(());
    }
    let observed = engine.observe(report.lead.as_bytes(), &seen(&report.theirs, false)?, now);
    let told: Decided = observed.map_err(|error| error.to_string())?.told;
    if told.receipt.replayed { Ok(()) } else { Err(format!("{id} was taken down twice")) }
}

fn seen(theirs: &Value, compare: bool) -> Result<Observation, String> {
    let sales: Vec<Value> = theirs["assignments"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|sold| json!({ "contract": sold["contract"], "price": sold["price"], "sale": sold["sale"], "group": sold["group"] }))
        .collect();
    let outcome = if sales.is_empty() { theirs["outcome"].clone() } else { json!(Outcome::Assigned.as_str()) };
    let seen = json!({ "outcome": outcome, "sales": sales, "at": theirs["at"], "compare": compare });
    Observation::read(&seen.to_string()).map_err(|error| error.to_string())
}

/// Who could have had it, through which group, and who could not and why.
fn eligible(decision: &Value) -> Vec<(String, String, bool)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let entries = decision["trace"]["entries"].as_array().into_iter().flatten();
    let could =
        |code: &Value| matches!(code.as_str(), Some("contract.sold" | "contract.outranked" | "contract.min_sales"));
    entries.map(|entry| (text(&entry["contract"]), text(&entry["group"]), could(&entry["code"]))).collect()
}

fn winners(decision: &Value) -> Vec<String> {
    let sold = decision["assignments"].as_array().into_iter().flatten();
    sold.map(|sold| format!("{} {} {}", sold["contract"], sold["price"], sold["sale"])).collect()
}
