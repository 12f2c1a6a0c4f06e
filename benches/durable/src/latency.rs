//! How long one producer waits for its answer, beside how long the disk takes for the same bytes.

use crate::raw::Log;
use crate::{example, fresh};
use bench_common::measure::{Verdict, at_most, heading, median, still};
use leadwright::model::Durability;
use std::path::Path;
use std::time::Instant;

pub fn run(folder: &Path, count: usize, rounds: usize) -> Verdict {
    let engine = example::engine(&fresh(folder, "latency.db"), Durability::Full);
    let mut log = Log::create(&folder.join("latency.log"));
    let leads = example::leads(count * rounds);
    let (mut answers, mut appends, mut medians) = (Vec::new(), Vec::new(), Vec::new());
    for round in leads.chunks(count) {
        let mut here = Vec::new();
        for lead in round {
            let started = Instant::now();
            let decided = engine.decide(lead, example::tick()).expect("it decides");
            answers.push(started.elapsed().as_secs_f64() * 1e6);
            let bytes = [lead.as_slice(), &decided.body].concat();
            let started = Instant::now();
            log.append(&bytes);
            here.push(started.elapsed().as_secs_f64() * 1e6);
        }
        appends.append(&mut here.clone());
        medians.push(median(here));
    }
    let (answer, append) = (median(answers), median(appends));
    heading("One producer, µs at the median");
    println!("| append and sync of the same bytes | {append:.0} | | |");
    println!("| `decide` until its answer | {answer:.0} | | |");
    at_most("answer ÷ append and sync", answer / append, 1.5).max(still("an append and sync", &medians))
}
