//! Many producers and one, beside the log and beside a transaction for each lead; and the size of the file.

use crate::raw::Log;
use crate::{example, fresh};
use bench_common::measure::{Verdict, at_least, at_most, heading, median, spread, still};
use leadwright::engine::Engine;
use leadwright::model::{Durability, TenantId};
use leadwright::store::{SqliteStore, Store as _};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

pub const PRODUCERS: usize = 256;

/// Decisions a second, and how many leads shared a transaction.
pub struct Rate {
    a_second: f64,
    group: f64,
}

pub fn run(folder: &Path, count: usize, rounds: usize) -> Verdict {
    let leads = example::leads(count);
    let few = &leads[..(count / 10).max(1)];
    let (mut raw, mut many, mut one, mut single) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut group = Vec::new();
    let sizes = file_sizes(folder, &leads);
    for _ in 0..rounds {
        let rate = produced(&fresh(folder, "many.db"), &leads, PRODUCERS);
        raw.push(logged(&folder.join("raw.log"), count, sizes.facts, rate.group));
        single.push(one_by_one(&fresh(folder, "single.db"), few));
        one.push(produced(&fresh(folder, "one.db"), few, 1).a_second);
        many.push(rate.a_second);
        group.push(rate.group);
    }
    let noise = still("the append-only log", &raw);
    let (spread_of_single, group) = (spread(&single), median(group));
    let (raw, many, one, single) = (median(raw), median(many), median(one), median(single));
    heading("Durable decisions a second");
    println!("| append-only log, groups of {group:.0} | {raw:.0} | | |");
    println!("| `decide`, {PRODUCERS} producers | {many:.0} | | |");
    println!("| `decide`, one producer | {one:.0} | | |");
    println!("| one transaction a lead, one thread (spread {spread_of_single:.1}) | {single:.0} | | |");
    let verdicts = [
        at_least("many producers ÷ log", many / raw, 0.08),
        at_least("many producers ÷ one transaction a lead", many / single, 8.0),
        sizes.say(),
        noise,
    ];
    verdicts.into_iter().max().unwrap_or(Verdict::TooNoisy)
}

/// All leads from so many threads.
fn produced(path: &Path, leads: &[Vec<u8>], threads: usize) -> Rate {
    produce(&example::engine(path, Durability::Full), leads, threads)
}

pub fn produce(engine: &Engine, leads: &[Vec<u8>], threads: usize) -> Rate {
    let next = AtomicUsize::new(0);
    let started = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some(lead) = leads.get(next.fetch_add(1, Ordering::Relaxed)) {
                    engine.decide(lead, example::tick()).expect("it decides");
                }
            });
        }
    });
    let seconds = started.elapsed().as_secs_f64();
    let counts = engine.counts();
    Rate { a_second: leads.len() as f64 / seconds, group: counts.leads as f64 / counts.transactions as f64 }
}

/// What a router does that commits by itself: each lead by itself, and the same engine.
fn one_by_one(path: &Path, leads: &[Vec<u8>]) -> f64 {
    let engine = example::engine(path, Durability::Full);
    let started = Instant::now();
    for lead in leads {
        engine.settle(&[engine.prepare(lead, example::tick())]).expect("it settles");
    }
    leads.len() as f64 / started.elapsed().as_secs_f64()
}

/// The same bytes in the same groups.
fn logged(path: &Path, count: usize, bytes: f64, group: f64) -> f64 {
    let record = vec![b'x'; (bytes * group) as usize];
    let groups = (count as f64 / group).ceil() as usize;
    let mut log = Log::create(path);
    let started = Instant::now();
    (0..groups).for_each(|_| log.append(&record));
    groups as f64 * group / started.elapsed().as_secs_f64()
}

/// Bytes of a decision.
struct Sizes {
    file: f64,
    /// The decision with its trace, and what was read.
    decided: f64,
    /// With the lead as it came.
    facts: f64,
}

impl Sizes {
    fn say(&self) -> Verdict {
        println!("| bytes of the file a decision | {:.0} | | |", self.file);
        println!("| bytes of the decision with its trace, and of what was read | {:.0} | | |", self.decided);
        println!("| … and of the lead as it came | {:.0} | | |", self.facts);
        at_most("file ÷ decision, trace and reads", self.file / self.decided, 2.0)
    }
}

fn file_sizes(folder: &Path, leads: &[Vec<u8>]) -> Sizes {
    let path = fresh(folder, "size.db");
    let engine: Engine = example::engine(&path, Durability::Full);
    for leads in leads.chunks(256) {
        let leads: Vec<_> = leads.iter().map(|lead| engine.prepare(lead, example::tick())).collect();
        engine.settle(&leads).expect("it settles");
    }
    drop(engine);
    let stored = SqliteStore::open(&path).and_then(|store| store.decisions(&TenantId::default(), 0, usize::MAX));
    let stored = stored.expect("it is read");
    let each = |bytes: usize| bytes as f64 / stored.len() as f64;
    let decided = stored.iter().map(|one| one.record.body.len() + one.record.reads.len()).sum::<usize>();
    let input = stored.iter().map(|one| one.record.input.len()).sum::<usize>();
    let file = usize::try_from(std::fs::metadata(&path).expect("it is there").len()).expect("a size");
    Sizes { file: each(file), decided: each(decided), facts: each(decided + input) }
}
