//! Relays are killed, paused and pushed aside, and so are brokers, while leads are decided. In the end a stream has the log:
//! every event, once, in its order. Without the rule that the cursor moves after the broker, it has not.
#![cfg(all(feature = "nats", feature = "redis", unix))]
#![allow(clippy::disallowed_methods, reason = "a test that waits for processes gives up at some time")]

mod common;
#[path = "common/streams.rs"]
mod streams;

use common::{decide, log, name, tenant};
use leadwright::events::Subscription;
use leadwright::store::{Begin, SqliteOptions, SqliteStore, Store};
use leadwright_relay::{Pace, Relay, RelayError, Sink, Step, nats, redis};
use leadwright_servers::{Missing, Nats, Redis, skipped};
use std::collections::HashSet;
use std::env;
use std::path::Path;
use std::process::{Child, Command, Stdio, exit};
use std::sync::Arc;
use std::thread::sleep;
use std::time::{Duration, Instant};

/// So many leads are there before, and as many are decided meanwhile.
const LEADS: u32 = 1_500;
/// How a relay ends that another one pushed aside.
const FENCED: i32 = 3;

fn millis(count: u64) -> Duration {
    Duration::from_millis(count)
}

fn open(path: &Path) -> Arc<SqliteStore> {
    Arc::new(SqliteStore::with_options(path, SqliteOptions::default()).unwrap())
}

fn sink(url: &str) -> Box<dyn Sink> {
    // One that is paused for longer is given up.
    let wait = millis(700);
    if url.starts_with("nats:") {
        Box::new(nats::Nats::new(url, nats::Options { wait, ..nats::Options::of(&tenant()) }).unwrap())
    } else {
        Box::new(redis::Redis::new(url, redis::Options { wait, ..redis::Options::of(&tenant()) }).unwrap())
    }
}

/// Starts one of the two below in a process of its own.
fn start(what: &str, store: &Path, url: &str) -> Child {
    let mut child = Command::new(env::current_exe().unwrap());
    child.args(["--exact", what, "--ignored", "--nocapture"]).env("RELAY_STORE", store).env("RELAY_TO", url);
    child.stdout(Stdio::null()).spawn().unwrap()
}

#[test]
#[ignore = "the process that is killed"]
fn relaying() {
    let (store, url) = (open(Path::new(&env::var_os("RELAY_STORE").unwrap())), env::var("RELAY_TO").unwrap());
    let relay = Relay::open(&*store, &tenant(), &name("broker"), &[], Begin::Start);
    let is_done = std::cell::Cell::new(false);
    let pace = Pace { retry: millis(20), retry_at_most: millis(100), ..Pace::default() };
    let ended = relay.and_then(|relay| {
        let told = &mut |step: &Step| is_done.set(*step == Step::Idle);
        relay.with_batch(32).run(&*store, &mut *sink(&url), pace, &mut || is_done.get(), told)
    });
    match ended {
        Ok(_) => exit(0),
        Err(RelayError::Store(error)) if error.code().as_str() == "events.fenced" => exit(FENCED),
        Err(error) => panic!("{error}"),
    }
}

/// The control: a relay as one writes it first. It moves the cursor, and then publishes.
#[test]
#[ignore = "the process that is killed"]
fn relaying_without_the_rule() {
    let (store, url) = (open(Path::new(&env::var_os("RELAY_STORE").unwrap())), env::var("RELAY_TO").unwrap());
    let store: Arc<dyn Store> = store;
    let log = Subscription::open(&store, &tenant(), &name("broker"), &[], Begin::Start).unwrap();
    let mut connection = ::redis::Client::open(url).unwrap().get_connection().unwrap();
    while let Some(page) = log.poll(32).ok().filter(|page| !page.is_empty()) {
        log.ack(page.last().unwrap().position).unwrap();
        for event in page {
            let told: serde_json::Value = serde_json::from_slice(&event.bytes).unwrap();
            let (id, kind) = (told["id"].as_str().unwrap(), told["type"].as_str().unwrap());
            let mut add = ::redis::cmd("XADD");
            add.arg("leadwright:main").arg("*").arg("id").arg(id).arg("type").arg(kind).arg("event").arg(&event.bytes);
            add.query::<String>(&mut connection).unwrap();
        }
    }
    exit(0);
}

/// A broker that things are done to.
trait Broker {
    fn url(&self) -> String;
    fn kill_and_start(&mut self) -> Result<(), Missing>;
    fn pause(&mut self) -> Result<(), Missing>;
    fn resume(&mut self) -> Result<(), Missing>;
}

macro_rules! broker {
    ($($broker:ident)*) => { $(
        impl Broker for $broker {
            fn url(&self) -> String { $broker::url(self) }
            fn kill_and_start(&mut self) -> Result<(), Missing> { self.kill()?; sleep(millis(150)); self.start_again() }
            fn pause(&mut self) -> Result<(), Missing> { $broker::pause(self) }
            fn resume(&mut self) -> Result<(), Missing> { $broker::resume(self) }
        }
    )* };
}
broker!(Nats Redis);

fn signal(child: &Child, signal: &str) {
    assert!(Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap().success());
}

/// Kills until a relay gets to the end by itself, and answers what became of the log and how many relays were killed.
fn torment(broker: &mut dyn Broker, seed: u64, store: &Path) -> u32 {
    let (mut dice, url) = (fastrand::Rng::with_seed(seed), broker.url());
    let until = Instant::now() + Duration::from_secs(180);
    let mut killed = 0;
    for round in 1.. {
        assert!(Instant::now() < until, "no relay gets to the end");
        let mut relay = start("relaying", store, &url);
        sleep(millis(dice.u64(20..150)));
        match round % 8 {
            3 => broker.kill_and_start().unwrap(),
            5 => {
                // Longer than a relay waits.
                broker.pause().unwrap();
                sleep(millis(1_000));
                broker.resume().unwrap();
                sleep(millis(50));
            }
            7 => push_aside(&mut relay, start("relaying", store, &url), &mut dice),
            _ => {}
        }
        if let Some(status) = relay.try_wait().unwrap() {
            assert!(status.success() || status.code() == Some(FENCED), "{status}");
            if status.success() && round > 16 {
                return killed;
            }
        }
        relay.kill().unwrap();
        relay.wait().unwrap();
        killed += 1;
    }
    killed
}

/// A relay stands still as if it were dead, another one goes on, and then the first one wakes up.
fn push_aside(first: &mut Child, mut second: Child, dice: &mut fastrand::Rng) {
    signal(first, "-STOP");
    sleep(millis(dice.u64(50..250)));
    signal(first, "-CONT");
    let until = Instant::now() + Duration::from_secs(20);
    let ended = loop {
        match first.try_wait().unwrap() {
            Some(status) => break status,
            None => assert!(Instant::now() < until, "a relay that is out goes on"),
        }
        sleep(millis(5));
    };
    assert!(ended.code() == Some(FENCED) || ended.success(), "{ended}");
    second.kill().unwrap();
    second.wait().unwrap();
}

fn survives(mut broker: impl Broker, seed: u64, stream: impl Fn(&str) -> Vec<(String, Vec<u8>)>) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("leads.db");
    decide(open(&path), 0..LEADS);
    let killed = std::thread::scope(|scope| {
        let writer = scope.spawn(|| {
            for some in (LEADS..2 * LEADS).step_by(50) {
                decide(open(&path), some..some + 50);
                sleep(millis(40));
            }
        });
        let killed = torment(&mut broker, seed, &path);
        writer.join().unwrap();
        killed
    });
    assert!(start("relaying", &path, &broker.url()).wait().unwrap().success());
    let (log, kept) = (log(&*open(&path)), stream(&broker.url()));
    println!("seed {seed}: {} events, {killed} relays killed", log.len());
    let ids: HashSet<&str> = kept.iter().map(|(id, _)| id.as_str()).collect();
    assert_eq!(ids.len(), kept.len(), "an event is there twice");
    assert_eq!(kept.len(), log.len(), "events are missing");
    assert!(kept.iter().map(|(_, event)| event).eq(&log), "the order is another one");
}

fn seed() -> u64 {
    env::var("RELAY_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or_else(|| fastrand::u64(..))
}

#[test]
fn nats_has_the_log_whatever_is_killed() {
    match Nats::start() {
        Ok(nats) => survives(nats, seed(), |url| streams::of_nats(url, "leadwright-main")),
        Err(missing) => skipped("NATS and killed relays", &missing),
    }
}

#[test]
fn redis_has_the_log_whatever_is_killed() {
    match Redis::start() {
        Ok(redis) => survives(redis, seed(), |url| streams::of_redis(url, "leadwright:main")),
        Err(missing) => skipped("Redis and killed relays", &missing),
    }
}

#[test]
fn a_cursor_that_moves_before_the_broker_loses_events() {
    let redis = match Redis::start() {
        Ok(redis) => redis,
        Err(missing) => return skipped("the control of killed relays", &missing),
    };
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("leads.db");
    decide(open(&path), 0..LEADS);
    let mut dice = fastrand::Rng::with_seed(seed());
    loop {
        let mut relay = start("relaying_without_the_rule", &path, &redis.url());
        sleep(millis(dice.u64(20..100)));
        if relay.try_wait().unwrap().is_some_and(|status| status.success()) {
            break;
        }
        relay.kill().unwrap();
        relay.wait().unwrap();
    }
    let (log, kept) = (log(&*open(&path)), streams::of_redis(&redis.url(), "leadwright:main"));
    println!("without the rule {} of {} events are missing", log.len() - kept.len(), log.len());
    assert!(kept.len() < log.len(), "this test cannot tell a relay that loses events from one that does not");
}
