//! What it costs to keep leads encrypted: the same decisions on a store with keys and on one without, in turns.

use crate::groups::{PRODUCERS, produce};
use crate::{example, fresh};
use bench_common::measure::{Verdict, at_most, heading, median, still};
use leadwright::engine::Engine;
use leadwright::store::{Keys, SqliteOptions};
use std::path::Path;
use std::time::Instant;

/// Leads of one producer, in each round.
const ALONE: usize = 300;
/// Leads of many producers before it is the other store's turn.
const MANY: usize = 500;
const BATCH: usize = 256;

pub fn run(folder: &Path, count: usize, rounds: usize) -> Verdict {
    let (leads, few) = (example::leads(count * rounds), example::leads(ALONE * rounds));
    let many = |engine: &Engine, leads: &[Vec<u8>]| drop(produce(engine, leads, PRODUCERS));
    let one = |engine: &Engine, leads: &[Vec<u8>]| {
        leads.iter().for_each(|lead| drop(engine.decide(lead, example::tick()).expect("it decides")));
    };
    let batch = |engine: &Engine, leads: &[Vec<u8>]| {
        let leads: Vec<_> = leads.iter().map(|lead| engine.prepare(lead, example::tick())).collect();
        engine.settle(&leads).expect("it settles");
    };
    heading("Encrypted leads, µs a decision at the median");
    let verdicts = [
        compare("256 producers", folder, leads.chunks(MANY), &many),
        compare("one producer", folder, few.chunks(1), &one),
        compare("one thread, transactions of 256", folder, leads.chunks(BATCH), &batch),
        // The files of the last one.
        at_most("bytes of the files ÷ those of a plain one", size(folder, 1) / size(folder, 0), 1.3),
    ];
    verdicts.into_iter().max().unwrap_or(Verdict::TooNoisy)
}

/// Decides the same leads on both, part for part, and each first as often as the other.
fn compare<'a>(
    what: &str,
    folder: &Path,
    parts: impl Iterator<Item = &'a [Vec<u8>]>,
    decide: &dyn Fn(&Engine, &[Vec<u8>]),
) -> Verdict {
    let engines = [0, 1].map(|with| opened(folder, with));
    let mut each = [Vec::new(), Vec::new()];
    for (n, leads) in parts.enumerate() {
        for with in [n % 2, 1 - n % 2] {
            let started = Instant::now();
            decide(&engines[with], leads);
            each[with].push(started.elapsed().as_secs_f64() * 1e6 / leads.len() as f64);
        }
    }
    let halves = [&each[0][..each[0].len() / 2], &each[0][each[0].len() / 2..]].map(|half| median(half.to_vec()));
    let [plain, sealed] = each.map(median);
    println!("| {what}, plain | {plain:.0} | | |");
    println!("| {what}, encrypted | {sealed:.0} | | |");
    at_most(&format!("{what}: encrypted ÷ plain"), sealed / plain, 1.3).max(still("the plain store", &halves))
}

fn name(with: usize) -> &'static str {
    if with == 1 { "sealed.db" } else { "plain.db" }
}

/// On a new file; with keys where `with` is 1.
fn opened(folder: &Path, with: usize) -> Engine {
    let keys = (with == 1).then(|| Keys::new([("k1", [7; 32])]).expect("a key"));
    example::engine_with(&fresh(folder, name(with)), SqliteOptions { keys, ..SqliteOptions::default() })
}

/// Bytes of the file, and of its keys.
fn size(folder: &Path, with: usize) -> f64 {
    let length =
        |end: &str| std::fs::metadata(folder.join(format!("{}{end}", name(with)))).map_or(0, |file| file.len());
    (length("") + length(".keys")) as f64
}
