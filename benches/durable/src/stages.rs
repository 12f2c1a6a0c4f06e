//! Where the time of a durable decision goes, in one thread and transactions of 256.

use crate::{example, fresh};
use bench_common::measure::Verdict;
use leadwright::engine::{Engine, Prepared};
use leadwright::model::Durability;
use leadwright::store::MemoryStore;
use std::path::Path;
use std::time::Instant;

pub fn run(folder: &Path, count: usize) -> Verdict {
    let leads = example::leads(count);
    let memory = Engine::open(example::plan(), MemoryStore::new()).expect("an engine");
    let started = Instant::now();
    let prepared: Vec<Prepared> = leads.iter().map(|lead| memory.prepare(lead, example::tick())).collect();
    let prepare = each(started, count);
    let in_memory = settled(&memory, &prepared);
    let relaxed = settled(&example::engine(&fresh(folder, "relaxed.db"), Durability::Relaxed), &prepared);
    let full = settled(&example::engine(&fresh(folder, "full.db"), Durability::Full), &prepared);
    let whole = prepare + full;
    println!(
        "\n## Where the time goes, one thread, 256 leads a transaction\n\n| stage | µs a lead | share |\n|---|---|---|"
    );
    for (stage, micros) in [
        ("prepare: validate and match", prepare),
        ("settle: caps, duplicates, turns, the decision's bytes", in_memory),
        ("rows: nine tables and their indexes, the write-ahead log", relaxed - in_memory),
        ("sync: the disk", full - relaxed),
    ] {
        println!("| {stage} | {micros:.0} | {:.0} % |", micros / whole * 100.0);
    }
    Verdict::Right
}

fn settled(engine: &Engine, prepared: &[Prepared]) -> f64 {
    let started = Instant::now();
    for leads in prepared.chunks(256) {
        engine.settle(leads).expect("it settles");
    }
    each(started, prepared.len())
}

fn each(started: Instant, count: usize) -> f64 {
    started.elapsed().as_secs_f64() * 1e6 / count as f64
}
