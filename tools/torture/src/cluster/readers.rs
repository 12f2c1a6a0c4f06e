//! Writers of events and readers beside them. Ours reads by positions that are counted up under the lock of the writer, and
//! misses nothing. A reader that goes by a sequence of the server, as one is tempted to, misses what commits late: it is run
//! as a control, for a test that cannot fail shows nothing.

use super::{database, look};
use crate::Torture;
use crate::market;
use fastrand::Rng;
use leadwright::engine::{Engine, EngineOptions};
use leadwright::model::{SubscriberName, TenantId};
use leadwright::store::{Begin, Store, ack, join};
use leadwright_postgres::PostgresStore;
use leadwright_servers::Postgres;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

const WRITERS: u64 = 4;
const READERS: usize = 3;

pub(super) fn run(torture: &Torture, server: &Postgres) -> Result<String, String> {
    let leads = if torture.long { 2_000 } else { 60 };
    let url = database(server, "readers")?;
    let seen = ours(&url, torture.seed, leads)?;
    let (written, read) = naive(&url, torture.seed, leads)?;
    let missed = (written - read) * 100 / written.max(1);
    if missed < 1 {
        return Err(format!("the control found {read} of {written} events: it shows nothing"));
    }
    Ok(format!(
        "{seen} events of {WRITERS} writers read by {READERS} readers that crash: 0 lost, 0 out of order; a cursor by a sequence \
         lost {missed} % of {written}"
    ))
}

fn open(url: &str) -> Result<Arc<PostgresStore>, String> {
    PostgresStore::open(url).map(Arc::new).map_err(|error| error.to_string())
}

fn ours(url: &str, seed: u64, leads: u64) -> Result<usize, String> {
    let is_over = AtomicBool::new(false);
    let results: Result<Vec<Vec<(u64, String)>>, String> = std::thread::scope(|scope| {
        let writers: Vec<_> = (0..WRITERS).map(|writer| scope.spawn(move || write(url, seed, writer, leads))).collect();
        let is_over = &is_over;
        let readers: Vec<_> = (0..READERS).map(|n| scope.spawn(move || read(url, n, seed, is_over))).collect();
        let written: Result<(), String> =
            writers.into_iter().try_for_each(|writer| writer.join().unwrap_or_else(|_| Err("a panic".into())));
        is_over.store(true, Ordering::SeqCst);
        let read = readers.into_iter().map(|reader| reader.join().unwrap_or_else(|_| Err("a panic".into())));
        let read = read.collect();
        written.and(read)
    });
    let store = open(url)?;
    let log = store.events(&TenantId::default(), 0, usize::MAX).map_err(|error| error.to_string())?;
    for (number, read) in results?.into_iter().enumerate() {
        whole(&log.iter().map(|(position, event)| (*position, event.subject.to_string())).collect::<Vec<_>>(), &read)
            .map_err(|error| format!("reader {number}: {error}"))?;
    }
    Ok(log.len())
}

/// Everything was read, and what is about one lead in its order; what was read twice after a crash counts once.
fn whole(log: &[(u64, String)], read: &[(u64, String)]) -> Result<(), String> {
    let mut last: BTreeMap<&str, u64> = BTreeMap::new();
    let mut seen = std::collections::BTreeSet::new();
    for (position, subject) in read {
        if !seen.insert(*position) {
            continue;
        }
        let before = last.insert(subject, *position);
        if before.is_some_and(|before| before > *position) {
            return Err(format!("what is about {subject} came out of order"));
        }
    }
    match log.iter().find(|(position, _)| !seen.contains(position)) {
        Some((position, _)) => Err(format!("event {position} was never read")),
        None if seen.len() == log.len() => Ok(()),
        None => Err(format!("{} events were read of {}", seen.len(), log.len())),
    }
}

fn write(url: &str, seed: u64, writer: u64, leads: u64) -> Result<(), String> {
    let engine = Engine::with_options(market::shared(), open(url)?, EngineOptions::default())
        .map_err(|error| error.to_string())?;
    for n in 0..leads {
        let lead = market::lead(&format!("w{writer}-{n}"), seed);
        engine.decide(lead.as_bytes(), market::tick(0)).map_err(|error| error.to_string())?;
    }
    Ok(())
}

/// Reads on from its cursor in small pages, and forgets now and then what it had not acknowledged.
fn read(url: &str, number: usize, seed: u64, is_over: &AtomicBool) -> Result<Vec<(u64, String)>, String> {
    let text = |error: leadwright::model::Error| error.to_string();
    let (store, tenant) = (open(url)?, TenantId::default());
    let name = SubscriberName::new(format!("reader-{number}")).map_err(|error| error.to_string())?;
    let mut dice = Rng::with_seed(seed ^ number as u64);
    let (mut read, mut cursor, mut fence) = (Vec::new(), 0, 0);
    loop {
        if fence == 0 || dice.u8(0..20) == 0 {
            // It crashed, and begins where its cursor is.
            let joined = join(&*store, &tenant, &name, &[], Begin::Start).map_err(text)?;
            (cursor, fence) = (joined.position.unwrap_or(0), joined.fence);
        }
        let over = is_over.load(Ordering::SeqCst);
        let page = store.events(&tenant, cursor, 50).map_err(text)?;
        let Some((last, _)) = page.last() else {
            if over {
                return Ok(read);
            }
            std::thread::sleep(Duration::from_millis(1));
            continue;
        };
        cursor = *last;
        read.extend(page.iter().map(|(position, event)| (*position, event.subject.to_string())));
        if dice.bool() {
            ack(&*store, &tenant, &name, fence, cursor).map_err(text)?;
        }
    }
}

/// Events with a position from a sequence, written by transactions of different length, and a reader that asks for what comes
/// after the last one that it saw. How many there are, and how many it saw.
fn naive(url: &str, seed: u64, leads: u64) -> Result<(usize, usize), String> {
    let text = |error: postgres::Error| error.to_string();
    let mut client = look::client(url)?;
    client.batch_execute("CREATE TABLE naive(position bigserial PRIMARY KEY, writer bigint NOT NULL)").map_err(text)?;
    let is_over = AtomicBool::new(false);
    let seen = std::thread::scope(|scope| {
        let writers: Vec<_> = (0..WRITERS)
            .map(|writer| {
                scope.spawn(move || -> Result<(), String> {
                    let (mut client, mut dice) = (look::client(url)?, Rng::with_seed(seed ^ writer));
                    for _ in 0..leads.min(200) {
                        let mut transaction = client.transaction().map_err(text)?;
                        transaction
                            .execute("INSERT INTO naive(writer) VALUES ($1)", &[&i64::try_from(writer).unwrap_or(0)])
                            .map_err(text)?;
                        std::thread::sleep(Duration::from_micros(dice.u64(0..3_000)));
                        transaction.commit().map_err(text)?;
                    }
                    Ok(())
                })
            })
            .collect();
        let reader = scope.spawn(|| -> Result<usize, String> {
            let (mut client, mut last, mut seen) = (look::client(url)?, 0_i64, 0);
            loop {
                let over = is_over.load(Ordering::SeqCst);
                let rows = client
                    .query("SELECT position FROM naive WHERE position > $1 ORDER BY 1", &[&last])
                    .map_err(text)?;
                seen += rows.len();
                last = rows.last().map_or(last, |row| row.get(0));
                if over && rows.is_empty() {
                    return Ok(seen);
                }
            }
        });
        let written: Result<(), String> =
            writers.into_iter().try_for_each(|writer| writer.join().unwrap_or_else(|_| Err("a panic".into())));
        is_over.store(true, Ordering::SeqCst);
        let seen = reader.join().unwrap_or_else(|_| Err("a panic".into()));
        written.and(seen)
    })?;
    let written = client.query_one("SELECT count(*) FROM naive", &[]).map_err(text)?.get::<_, i64>(0);
    client.batch_execute("DROP TABLE naive").map_err(text)?;
    Ok((usize::try_from(written).unwrap_or(0), seen))
}
