//! What it costs to keep leads encrypted: the same decisions on a store with keys and on one without, in turns.

use crate::groups::{PRODUCERS, produce};
use crate::measure::{Verdict, at_most, heading, median, still};
use crate::{example, fresh};
use leadwright::engine::Engine;
use leadwright::store::{Keys, SqliteOptions};
use std::path::Path;
use std::time::Instant;

/// Leads of one producer, in each round.
const ALONE: usize = 300;

/// What a second of deciding is worth without keys and with them.
type Pair = [Vec<f64>; 2];

pub fn run(folder: &Path, count: usize, rounds: usize) -> Verdict {
    let leads = example::leads(count);
    let few = example::leads(ALONE * rounds);
    let (mut many, mut batches) = (Pair::default(), Pair::default());
    for round in 0..rounds {
        // Whoever comes second finds a warmer machine.
        for with in [round % 2, 1 - round % 2] {
            let engine = opened(folder, with);
            many[with].push(1e6 / produce(&engine, &leads, PRODUCERS).a_second);
            drop(engine);
            batches[with].push(batched(&opened(folder, with), &leads));
        }
    }
    let sizes = [0, 1].map(|with| size(folder, with));
    let alone = alone([0, 1].map(|with| opened(folder, with)), &few);
    let noise = still("256 producers without keys", &many[0]);
    heading("Encrypted leads, µs a decision at the median");
    let verdicts = [
        ratio("256 producers", many),
        ratio("one producer", alone),
        ratio("one thread, transactions of 256", batches),
        at_most("bytes of the files ÷ those of a plain one", sizes[1] / sizes[0], 1.3),
        noise,
    ];
    verdicts.into_iter().max().unwrap_or(Verdict::TooNoisy)
}

fn ratio(what: &str, [plain, sealed]: Pair) -> Verdict {
    let (plain, sealed) = (median(plain), median(sealed));
    println!("| {what}, plain | {plain:.0} | | |");
    println!("| {what}, encrypted | {sealed:.0} | | |");
    at_most(&format!("{what}: encrypted ÷ plain"), sealed / plain, 1.3)
}

fn name(with: usize) -> &'static str {
    if with == 1 { "sealed.db" } else { "plain.db" }
}

/// On a new file; with keys where `with` is 1.
fn opened(folder: &Path, with: usize) -> Engine {
    let keys = (with == 1).then(|| Keys::new([("k1", [7; 32])]).expect("a key"));
    example::engine_with(&fresh(folder, name(with)), SqliteOptions { keys, ..SqliteOptions::default() })
}

/// One thread, and 256 leads in a transaction.
fn batched(engine: &Engine, leads: &[Vec<u8>]) -> f64 {
    let started = Instant::now();
    for leads in leads.chunks(256) {
        let leads: Vec<_> = leads.iter().map(|lead| engine.prepare(lead, example::tick())).collect();
        engine.settle(&leads).expect("it settles");
    }
    started.elapsed().as_secs_f64() * 1e6 / leads.len() as f64
}

/// Lead for lead on both, each first as often as the other.
fn alone(engines: [Engine; 2], leads: &[Vec<u8>]) -> Pair {
    let mut answers = Pair::default();
    for (n, lead) in leads.iter().enumerate() {
        for with in [n % 2, 1 - n % 2] {
            let started = Instant::now();
            engines[with].decide(lead, example::tick()).expect("it decides");
            answers[with].push(started.elapsed().as_secs_f64() * 1e6);
        }
    }
    answers
}

/// Bytes of the file that was written last, and of its keys.
fn size(folder: &Path, with: usize) -> f64 {
    let length =
        |end: &str| std::fs::metadata(folder.join(format!("{}{end}", name(with)))).map_or(0, |file| file.len());
    (length("") + length(".keys")) as f64
}
