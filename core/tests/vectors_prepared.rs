//! The golden vectors of prepared leads: the rows as hex, and what becomes of them, byte for byte.
//!
//! `{"why","prepared":{"now","seed"?,"plan"?,"lines":[…]},"want":{"rows":[…],"decisions":[…]}}`. The lines are texts; the plan
//! is one of `vectors/decide`. What the engine says about itself is pinned.

mod support;

use leadwright::engine::{Engine, EngineOptions};
use leadwright::model::{EngineVersion, Seed, Tick, Timestamp};
use leadwright::plan::{MemoryResolver, Plan};
use leadwright::store::MemoryStore;
use serde_json::value::RawValue;
use std::sync::Arc;

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Given {
    now: Timestamp,
    #[serde(default)]
    seed: u64,
    #[serde(default = "usual")]
    plan: String,
    lines: Vec<String>,
}

fn usual() -> String {
    "plan.jsonc".into()
}

fn engine(plan: &str) -> Engine {
    let file =
        |name: &str| (name.to_owned(), std::fs::read(support::folder("decide").join(name)).expect("it is there"));
    let files = MemoryResolver::new([plan, "opt-outs.txt", "metro.txt"].map(file));
    let plan = Plan::load(&files, plan).expect("the plan of the vectors is right");
    let version = EngineVersion { version: "0.0.0".into(), data: "vectors".into() };
    let options = EngineOptions { engine: Some(version), ..EngineOptions::default() };
    Engine::with_options(plan, Arc::new(MemoryStore::new()), options).expect("an engine")
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn answer(given: &RawValue) -> String {
    let given: Given = serde_json::from_str(given.get()).expect("the vector is well formed");
    let tick = Tick { now: given.now, seed: Seed::new(given.seed).expect("a seed") };
    let lines: String = given.lines.iter().map(|line| format!("{line}\n")).collect();
    let rows = engine(&given.plan).prepare_batch(lines.as_bytes(), tick);
    let settled = engine(&given.plan).settle_batch(&rows, 1).expect("they are settled");
    let decisions: Vec<&str> = settled.iter().map(|line| std::str::from_utf8(line.bytes()).expect("UTF-8")).collect();
    let rows: Vec<String> = rows.iter().map(|row| format!("\"{}\"", hex(row))).collect();
    format!("{{\"rows\":[{}],\"decisions\":[{}]}}", rows.join(","), decisions.join(","))
}

#[test]
fn every_vector_of_a_prepared_lead_comes_out_byte_for_byte() {
    support::run("prepared", answer);
}
