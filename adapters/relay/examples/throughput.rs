//! Events a second to NATS and Redis, beside the clients alone that publish the same bytes, in turns:
//! `cargo run --release -p leadwright-relay --example throughput [EVENTS [BATCH]]`.
#![allow(clippy::disallowed_methods, reason = "it measures")]

#[path = "../tests/common/mod.rs"]
mod common;

use async_nats::jetstream::{self, message::PublishMessage, stream::Config};
use common::{decide, name, tenant};
use leadwright::events::{Delivered, read};
use leadwright::store::{Begin, MemoryStore, SqliteOptions, SqliteStore, Store, leave};
use leadwright_relay::{BATCH, Relay, RelayError, Sink, Step, nats, redis};
use leadwright_servers::{Nats, Redis};
use std::error::Error;
use std::sync::Arc;
use std::time::Instant;

const ROUNDS: usize = 5;

fn main() -> Result<(), Box<dyn Error>> {
    let events: u32 = std::env::args().nth(1).map_or(Ok(20_000), |count| count.parse())?;
    let batch: usize = std::env::args().nth(2).map_or(Ok(BATCH), |count| count.parse())?;
    let folder = tempfile::tempdir()?;
    let file: Arc<dyn Store> =
        Arc::new(SqliteStore::with_options(folder.path().join("leads.db"), SqliteOptions::default())?);
    let memory: Arc<dyn Store> = Arc::new(MemoryStore::new());
    for store in [&file, &memory] {
        decide(Arc::clone(store), 0..events / 2);
    }
    let log = read(&*memory, &tenant(), &[], 0, usize::MAX)?.events;
    let bytes: usize = log.iter().map(|event| event.bytes.len()).sum();
    println!(
        "{} events of {} bytes, {batch} on the way at once, the best of {ROUNDS} rounds",
        log.len(),
        bytes / log.len()
    );
    let (nats, redis) = (Nats::start()?, Redis::start()?);
    let (mut best, mut loose) = ([[0_f64; 3]; 2], 0_f64);
    for round in 0..ROUNDS {
        let note = |best: &mut f64, begin: Instant| *best = best.max(log.len() as f64 / begin.elapsed().as_secs_f64());
        let begin = Instant::now();
        alone_to_nats(&nats.url(), &format!("alone-{round}"), &log, batch)?;
        note(&mut best[0][0], begin);
        let begin = Instant::now();
        alone_to_redis(&redis.url(), &format!("alone-{round}"), &log, batch, true)?;
        note(&mut best[1][0], begin);
        let begin = Instant::now();
        alone_to_redis(&redis.url(), &format!("loose-{round}"), &log, batch, false)?;
        note(&mut loose, begin);
        for (place, store) in [(1, &memory), (2, &file)] {
            let own = format!("relay-{place}-{round}");
            let options = nats::Options { stream: own.clone(), subject: own.clone(), ..nats::Options::of(&tenant()) };
            let begin = Instant::now();
            relay(&**store, &mut nats::Nats::new(&nats.url(), options).map_err(|fault| fault.to_string())?, batch)?;
            note(&mut best[0][place], begin);
            let options = redis::Options { stream: own, ..redis::Options::of(&tenant()) };
            let begin = Instant::now();
            relay(&**store, &mut redis::Redis::new(&redis.url(), options).map_err(|fault| fault.to_string())?, batch)?;
            note(&mut best[1][place], begin);
        }
    }
    println!("events a second       client alone     from memory     from a file");
    for (broker, [alone, memory, file]) in ["NATS JetStream", "Redis Streams"].iter().zip(best) {
        println!("{broker:<20}{alone:>14.0}{memory:>10.0} ({:.2}){file:>9.0} ({:.2})", memory / alone, file / alone);
    }
    println!("Redis alone without transactions: {loose:.0}");
    Ok(())
}

fn relay(store: &dyn Store, sink: &mut dyn Sink, batch: usize) -> Result<(), RelayError> {
    leave(store, &tenant(), &name("broker"))?;
    let mut relay = Relay::open(store, &tenant(), &name("broker"), &[], Begin::Start)?.with_batch(batch);
    while relay.step(store, sink)? != Step::Idle {}
    Ok(())
}

fn head(event: &Delivered) -> Result<(String, String), Box<dyn Error>> {
    let told: serde_json::Value = serde_json::from_slice(&event.bytes)?;
    let text = |member: &str| told.get(member).and_then(|value| value.as_str()).unwrap_or_default().to_owned();
    Ok((text("id"), text("type")))
}

/// The same publishes with the same ids, as many on the way at once.
fn alone_to_nats(url: &str, stream: &str, log: &[Delivered], batch: usize) -> Result<(), Box<dyn Error>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let context = jetstream::new(async_nats::connect(url).await?);
        let subjects = vec![format!("{stream}.>")];
        context.create_stream(Config { name: stream.to_owned(), subjects, ..Config::default() }).await?;
        for batch in log.chunks(batch) {
            let mut answers = Vec::with_capacity(batch.len());
            for event in batch {
                let (id, kind) = head(event)?;
                let publish = PublishMessage::build().payload(event.bytes.clone().into()).message_id(id);
                answers.push(context.send_publish(format!("{stream}.{kind}"), publish).await?);
            }
            for answer in answers {
                answer.await?;
            }
        }
        Ok(())
    })
}

fn alone_to_redis(
    url: &str,
    stream: &str,
    log: &[Delivered],
    batch: usize,
    atomic: bool,
) -> Result<(), Box<dyn Error>> {
    let mut connection = ::redis::Client::open(url)?.get_connection()?;
    for batch in log.chunks(batch) {
        let mut pipeline = ::redis::pipe();
        if atomic {
            pipeline.atomic();
        }
        for event in batch {
            let (id, kind) = head(event)?;
            let add = pipeline.cmd("XADD").arg(stream).arg("*");
            add.arg("id").arg(id).arg("type").arg(kind).arg("event").arg(&event.bytes);
        }
        pipeline.query::<Vec<String>>(&mut connection)?;
    }
    Ok(())
}
