//! The golden vectors of decisions, byte for byte.
//!
//! `{"why","decide":{"now","seed"?,"leads":[…],"explain"?:[ids]},"want":{"decisions":[…],"replayed"?:[…],"explanations"?:[…]}}`.
//! All leads of a vector meet one empty store, with the plan `vectors/decide/plan.jsonc` or the one named by `plan`. A lead is an object, a text
//! that came in instead of one, or `{"now":…,"lead":…}` for one that comes at another time. `{"now"?:…,"do":…}` is what
//! operations say in between, `{"now"?:…,"release":…}` what somebody says about a lead that waits, and `{"now":…,"work":n}`
//! works the queue off. What the engine says about
//! itself is pinned.

mod support;

use leadwright::engine::{Engine, EngineOptions, explain, replay};
use leadwright::model::{DecisionId, EngineVersion, Seed, TenantId, Tick, Timestamp};
use leadwright::operate::{ClaimDeliveries, DeliveryOutcome, Operation, Release};
use leadwright::plan::{MemoryResolver, Plan};
use leadwright::store::MemoryStore;
use serde_json::value::RawValue;
use std::sync::Arc;

#[derive(serde::Deserialize)]
struct Given {
    now: Timestamp,
    #[serde(default)]
    seed: u64,
    leads: Vec<Box<RawValue>>,
    /// The plan's file.
    #[serde(default = "usual")]
    plan: String,
    #[serde(default)]
    explain: Vec<DecisionId>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Later {
    now: Timestamp,
    lead: Box<RawValue>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Does {
    now: Option<Timestamp>,
    r#do: Box<RawValue>,
}

/// Somebody says something about a lead that waits.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Releases {
    now: Option<Timestamp>,
    release: Box<RawValue>,
}

/// What was sold is delivered, and so it ends.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Delivers {
    now: Timestamp,
    claim: Box<RawValue>,
    ended: Vec<Box<RawValue>>,
}

/// The queue is worked off.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Works {
    now: Timestamp,
    work: usize,
}

fn usual() -> String {
    "plan.jsonc".into()
}

fn plan(name: &str) -> Plan {
    let file =
        |name: &str| (name.to_owned(), std::fs::read(support::folder("decide").join(name)).expect("it is there"));
    let files = MemoryResolver::new([name, "opt-outs.txt", "metro.txt"].map(file));
    Plan::load(&files, name).expect("the plan of the vectors is right")
}

fn again(store: &MemoryStore, id: &DecisionId) {
    let again = replay(store, &TenantId::default(), id).expect("it replays");
    let (then, now) = (String::from_utf8_lossy(&again.then), String::from_utf8_lossy(&again.now));
    assert!(again.same, "{id} then\n{then}\nnow\n{now}");
}

fn answer(given: &RawValue) -> String {
    let given: Given = serde_json::from_str(given.get()).expect("the vector is well formed");
    let store = Arc::new(MemoryStore::new());
    let version = EngineVersion { version: "0.0.0".into(), data: "vectors".into() };
    let options = EngineOptions { engine: Some(version), ..EngineOptions::default() };
    let engine = Engine::with_options(plan(&given.plan), store.clone(), options).expect("an engine");
    let seed = Seed::new(given.seed).expect("a seed");
    let mut decisions = Vec::new();
    let mut replayed = Vec::new();
    let mut operated = Vec::new();
    for lead in &given.leads {
        if let Ok(Does { now, r#do }) = serde_json::from_str(lead.get()) {
            let operation = Operation::read(r#do.get()).expect("an operation");
            let done = engine.operate(&operation, now.unwrap_or(given.now)).expect("it is done");
            operated.push(serde_json::to_string(&done).expect("it is written"));
            continue;
        }
        if let Ok(Delivers { now, claim, ended }) = serde_json::from_str(lead.get()) {
            let claim = ClaimDeliveries::read(claim.get()).expect("it is read");
            let sendings = engine.claim(&claim, now).expect("a claim");
            assert_eq!(sendings.len(), ended.len(), "each is told of");
            for (sending, ended) in sendings.iter().zip(ended) {
                let ended = DeliveryOutcome::read(ended.get()).expect("it is read");
                engine.delivered(&sending.id, &ended, now).expect("told");
            }
            continue;
        }
        if let Ok(Works { now, work }) = serde_json::from_str(lead.get()) {
            let worked = engine.work_queue(Tick { now, seed }, work).expect("it works");
            worked.decided.iter().for_each(|decided| again(&store, &decided.id));
            decisions.extend(worked.decided.into_iter().map(|decided| String::from_utf8(decided.body).expect("UTF-8")));
            continue;
        }
        if let Ok(Releases { now, release }) = serde_json::from_str(lead.get()) {
            let said = Release::read(release.get()).expect("it is read");
            let tick = Tick { now: now.unwrap_or(given.now), seed };
            let decided = engine.release(&said, tick).expect("it decides");
            again(&store, &decided.id);
            decisions.push(String::from_utf8(decided.body).expect("UTF-8"));
            continue;
        }
        let later: Option<Later> = serde_json::from_str(lead.get()).ok();
        let (now, lead) = later.map_or((given.now, lead.clone()), |later| (later.now, later.lead));
        let text: Option<String> = serde_json::from_str(lead.get()).ok();
        let bytes = text.as_deref().unwrap_or(lead.get()).as_bytes();
        let decided = engine.decide(bytes, Tick { now, seed }).expect("it decides");
        if decided.receipt.replayed {
            replayed.push(decisions.len());
        } else {
            again(&store, &decided.id);
        }
        decisions.push(String::from_utf8(decided.body).expect("UTF-8"));
    }
    let mut want = format!("{{\"decisions\":[{}]", decisions.join(","));
    if !replayed.is_empty() {
        want += &format!(",\"replayed\":{replayed:?}");
    }
    if !operated.is_empty() {
        want += &format!(",\"operated\":[{}]", operated.join(","));
    }
    if !given.explain.is_empty() {
        let explained = given.explain.iter().map(|id| {
            let explanation = explain(&*store, &TenantId::default(), id).expect("it explains");
            serde_json::to_string(&explanation.entries).expect("it is written")
        });
        want += &format!(",\"explanations\":[{}]", explained.collect::<Vec<_>>().join(","));
    }
    want + "}"
}

#[test]
fn every_vector_of_a_decision_comes_out_byte_for_byte() {
    support::run("decide", answer);
}
