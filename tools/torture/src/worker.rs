//! The processes: each decides leads by the real engine, and says on its output what it was answered.

use crate::market;
use leadwright::engine::{Decided, Engine, EngineOptions};
use leadwright::model::{Code, Error, Tick};
use leadwright::plan::Plan;
use leadwright::store::{SqliteStore, Store};
use leadwright_postgres::{PostgresStore, is_url};
use std::io::{BufRead, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// An engine on a file, or on the PostgreSQL database of a URL.
fn engine(plan: Plan, place: &str) -> Result<Engine, String> {
    let store: Arc<dyn Store> = match is_url(place) {
        true => Arc::new(PostgresStore::open(place).map_err(|error| error.to_string())?),
        false => Arc::new(SqliteStore::open(place).map_err(|error| error.to_string())?),
    };
    Engine::with_options(plan, store, EngineOptions::default()).map_err(|error| error.to_string())
}

/// Asks until there is an answer: where a store is busy, is away, or does not know what became of a commit, the same lead is
/// asked again, and nothing is decided twice.
pub(crate) fn surely<T>(mut ask: impl FnMut() -> Result<T, Error>) -> Result<T, String> {
    loop {
        match ask() {
            Ok(answer) => return Ok(answer),
            Err(error) => match error.code() {
                Code::StoreBusy => {}
                Code::StoreUnreachable | Code::StoreCommitUnknown => std::thread::sleep(Duration::from_millis(20)),
                _ => return Err(error.to_string()),
            },
        }
    }
}

/// Waits until it is told to go: starting is not what is tortured.
pub(crate) fn ready() {
    println!("ready");
    let _ = std::io::stdout().flush();
    let _ = std::io::stdin().lock().read_line(&mut String::new());
}

/// One line in one write, so that a kill leaves a whole line or none.
pub(crate) fn acknowledged(decided: &Decided) -> String {
    format!("ack {} {}\n", decided.id, digest(&decided.body))
}

/// A digest stands last in a body.
pub(crate) fn digest(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(body);
    text.rsplit("\"digest\":\"").next().map(|end| end.chars().take(64).collect()).unwrap_or_default()
}

/// Decides until it is killed, in two threads. The first leads are those that this process of the round before was killed
/// over: they are answered as then, or decided now.
pub(crate) fn write(place: &str, seed: u64, round: u64, process: u64) -> Result<(), String> {
    let engine = engine(market::shared(), place)?;
    let next = AtomicU64::new(0);
    ready();
    std::thread::scope(|scope| {
        let run = || -> Result<(), String> {
            loop {
                let n = next.fetch_add(1, Ordering::Relaxed);
                let of = if n < 4 { round.saturating_sub(1) } else { round };
                let lead = market::lead(&format!("r{of}-p{process}-{}", if n < 4 { n + 4 } else { n }), seed);
                let decided = surely(|| engine.decide(lead.as_bytes(), market::tick(round)))?;
                let line = acknowledged(&decided);
                std::io::stdout().lock().write_all(line.as_bytes()).map_err(|error| error.to_string())?;
            }
        };
        let threads = [scope.spawn(run), scope.spawn(run)];
        threads.into_iter().try_for_each(|thread| thread.join().unwrap_or_else(|_| Err("a panic".into())))
    })
}

/// Its share of a crowd before a counter: eight threads, in transactions of so many leads.
pub(crate) fn sell(place: &str, seed: u64, process: u64, crowd: &crate::oversell::Crowd) -> Result<(), String> {
    let engine = engine(crowd.plan(), place)?;
    ready();
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..crowd.threads)
            .map(|thread| {
                let engine = &engine;
                scope.spawn(move || in_one_thread(engine, seed, &format!("p{process}-t{thread}"), crowd))
            })
            .collect();
        threads.into_iter().try_for_each(|thread| thread.join().unwrap_or_else(|_| Err("a panic".into())))
    })
}

fn in_one_thread(engine: &Engine, seed: u64, name: &str, crowd: &crate::oversell::Crowd) -> Result<(), String> {
    let tick: Tick = market::tick(0);
    let mut dice = fastrand::Rng::with_seed(
        seed ^ name.bytes().fold(11, |hash: u64, byte| hash.wrapping_mul(131) ^ u64::from(byte)),
    );
    for batch in 0..crowd.batches() {
        let leads: String = (0..crowd.batch)
            .map(|n| {
                let kind = dice.usize(0..crowd.contracts);
                let id = format!("{name}-{batch}-{n}");
                format!(r#"{{"id":"{id}","source":"web","phone":"312-867-5301","roof_age":{kind},"note":"{id}"}}"#)
                    + "\n"
            })
            .collect();
        surely(|| engine.decide_batch(leads.as_bytes(), tick))?;
    }
    Ok(())
}
