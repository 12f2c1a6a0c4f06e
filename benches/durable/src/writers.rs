//! Eight processes that write one file: the engine, whose waiting is its own, beside SQLite's way of waiting. What waits in
//! SQLite's way decides as much, on a store in memory while it holds the lock, and writes less: the main rows of a decision.

use crate::{example, fresh};
use bench_common::measure::{Verdict, at_least, at_most, heading, median, spread};
use leadwright::engine::Engine;
use leadwright::model::Durability;
use leadwright::store::MemoryStore;
use rusqlite::{Connection, params};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const WRITERS: usize = 8;
const LIFE: Duration = Duration::from_secs(3);

pub fn run(folder: &Path, rounds: usize) -> Verdict {
    let (mut ours, mut stock, mut fair, mut stock_fair) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for _ in 0..rounds.min(3) {
        for (kind, totals, spreads) in [("ours", &mut ours, &mut fair), ("stock", &mut stock, &mut stock_fair)] {
            let written = together(&fresh(folder, "writers.db"), kind);
            totals.push(written.iter().sum::<f64>() / LIFE.as_secs_f64());
            spreads.push(spread(&written));
        }
    }
    let (ours, stock) = (median(ours), median(stock));
    heading("Eight processes, a transaction a lead");
    println!("| the engine, transactions a second | {ours:.0} | | |");
    println!("| SQLite's busy timeout, the main rows | {stock:.0} | | |");
    println!("| SQLite's busy timeout: most ÷ least of a writer | {:.1} | | |", median(stock_fair));
    let verdicts = [
        at_least("the engine ÷ SQLite's busy timeout", ours / stock, 3.0),
        at_most("the engine: most ÷ least of a writer", median(fair), 2.0),
    ];
    verdicts.into_iter().max().unwrap_or(Verdict::TooNoisy)
}

/// How much each of them wrote.
fn together(path: &Path, kind: &str) -> Vec<f64> {
    drop(example::engine(path, Durability::Full));
    let start = |number: usize| {
        let mut process = Command::new(std::env::current_exe().expect("this program"));
        process.args(["writer", kind]).arg(path).arg(number.to_string());
        process.stdout(Stdio::piped()).spawn().expect("a process")
    };
    let processes: Vec<_> = (0..WRITERS).map(start).collect();
    let count = |process: std::process::Child| {
        let output = process.wait_with_output().expect("it ends");
        let text = String::from_utf8_lossy(&output.stdout);
        text.trim().parse::<f64>().unwrap_or_else(|_| panic!("a writer said `{text}`")).max(1.0)
    };
    processes.into_iter().map(count).collect()
}

/// One of them. They begin at the same moment: at a whole second a while from now.
pub fn write(words: &[String]) -> Verdict {
    let [kind, path, number] = words else { return Verdict::Missed };
    let (path, number): (&Path, usize) = (Path::new(path), number.parse().expect("a number"));
    let leads = example::leads(20_000 * (number + 1)).split_off(20_000 * number);
    let written = if kind == "ours" { by_the_engine(path, &leads) } else { by_the_rows(path, number, &leads) };
    println!("{written}");
    Verdict::Right
}

fn until() -> Instant {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("a clock");
    // Everybody has read the leads by then.
    let next = (now.as_secs() / 4 + 2) * 4;
    std::thread::sleep(Duration::from_secs(next) - now);
    Instant::now() + LIFE
}

fn by_the_engine(path: &Path, leads: &[Vec<u8>]) -> usize {
    let engine = example::engine(path, Durability::Full);
    let end = until();
    let mut written = 0;
    for lead in leads.iter().take_while(|_| Instant::now() < end) {
        engine.decide(lead, example::tick()).expect("it decides");
        written += 1;
    }
    written
}

fn by_the_rows(path: &Path, number: usize, leads: &[Vec<u8>]) -> usize {
    let connection = Connection::open(path).expect("the file opens");
    connection.busy_timeout(Duration::from_secs(5)).expect("it waits");
    connection.execute_batch("PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=4000;").expect("settings");
    let memory = Engine::open(example::plan(), MemoryStore::new()).expect("an engine");
    let end = until();
    let mut written = 0;
    for (at, lead) in leads.iter().enumerate().take_while(|_| Instant::now() < end) {
        let prepared = memory.prepare(lead, example::tick());
        if connection.execute_batch("BEGIN IMMEDIATE").is_err() {
            continue;
        }
        let decided = memory.settle(&[prepared]).expect("it settles");
        let done = decided.iter().try_for_each(|one| rows(&connection, &format!("S{number}-{at}"), lead, &one.body));
        match done.and_then(|()| connection.execute_batch("COMMIT")) {
            Ok(()) => written += 1,
            Err(_) => drop(connection.execute_batch("ROLLBACK")),
        }
    }
    written
}

/// The main rows of a decision.
fn rows(connection: &Connection, lead: &str, input: &[u8], body: &[u8]) -> rusqlite::Result<()> {
    let mut decision = connection.prepare_cached(
        "INSERT INTO decision(tenant, source, lead, n, at, requested_at, seed, plan, outcome, payload, input, reads, body, \
         digest) VALUES ('main', 'web', ?1, 1, 1, 1, 0, (SELECT hash FROM plan), 'assigned', randomblob(32), ?2, '{}', ?3, \
         hex(randomblob(32)))",
    )?;
    decision.execute(params![lead, input, body])?;
    let mut counter = connection.prepare_cached(
        "INSERT INTO counter(tenant, key, used) VALUES ('main', 'cap', 1) \
         ON CONFLICT(tenant, key) DO UPDATE SET used = used + 1",
    )?;
    counter.execute([])?;
    let mut outbox = connection.prepare_cached(
        "INSERT INTO outbox(tenant, key, source, lead, n, buyer, contract, price, due_at) \
         VALUES ('main', hex(randomblob(32)), 'web', ?1, 1, 'b', 'c', 1, 1)",
    )?;
    outbox.execute([lead])?;
    let mut event = connection.prepare_cached(
        "INSERT INTO event(tenant, kind, source, lead, n, at, data) VALUES ('main', 'k', 'web', ?1, 1, 1, '{}')",
    )?;
    event.execute([lead])?;
    event.execute([lead]).map(drop)
}
