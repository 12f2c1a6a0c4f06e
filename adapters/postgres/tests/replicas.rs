//! Reads of a replica are never older than what the reader wrote.
#![allow(clippy::expect_used, clippy::unwrap_used, reason = "tests")]

mod common;

use leadwright::model::{Code, Durability, TenantId, Timestamp};
use leadwright::store::{Change, CounterAdd, Store, View};
use leadwright_postgres::{PostgresOptions, PostgresStore, ReadOptions, ReadStore};
use leadwright_servers::{Postgres, Version, skipped};
use std::time::{Duration, Instant};

fn tenant(name: &str) -> TenantId {
    name.parse().unwrap()
}

fn add(store: &PostgresStore, tenant: &TenantId) -> i64 {
    let mut now = 0;
    let one = CounterAdd { key: "k".into(), add: 1 };
    let change = Change { counters: vec![one], ..Change::at(Timestamp::EPOCH) };
    let done = store.write(tenant, &mut |transaction| {
        transaction.change(&change)?;
        now = transaction.counter("k")?;
        Ok(())
    });
    done.unwrap();
    now
}

fn seen(store: &dyn Store, tenant: &TenantId) -> i64 {
    let mut seen = 0;
    let mut look = |view: &dyn View| {
        seen = view.counter("k")?;
        Ok(())
    };
    store.read(tenant, &mut look).unwrap();
    seen
}

fn says(standby: &Postgres, sql: &str) {
    let mut psql = std::process::Command::new(standby.tool("psql"));
    let told = psql.args(["-q", "-d", &standby.url("postgres"), "-c", sql]).output().unwrap();
    assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stderr));
}

struct Two {
    primary: Postgres,
    standby: Postgres,
    store: PostgresStore,
    options: PostgresOptions,
}

fn two(what: &str) -> Option<Two> {
    let started = Postgres::start(Version::Any).and_then(|primary| Ok((primary.replica()?, primary)));
    match started {
        Ok((standby, primary)) => {
            // A relaxed commit is sent to the standby when the log is written, up to a fifth of a second later.
            let options = PostgresOptions { durability: Durability::Full, ..common::options("leadwright") };
            let store = PostgresStore::with_options(&primary.url("postgres"), options.clone()).unwrap();
            let two = Two { primary, standby, store, options };
            // A standby that has just begun to follow has no tables yet.
            let after = two.reads(Duration::from_secs(20)).after(two.store.since().unwrap());
            assert_eq!((seen(&after, &tenant("t0")), after.served().primary), (0, 0));
            Some(two)
        }
        Err(missing) => {
            skipped(what, &missing);
            None
        }
    }
}

impl Two {
    fn reads(&self, wait: Duration) -> ReadStore {
        let options = ReadOptions { wait, postgres: self.options.clone(), ..ReadOptions::default() };
        ReadStore::open(&self.primary.url("postgres"), &[&self.standby.url("postgres")], options).unwrap()
    }
}

/// So many tries; the bar is 100,000.
fn tries() -> i64 {
    std::env::var("LEADWRIGHT_TRIES").ok().and_then(|text| text.parse().ok()).unwrap_or(2_000)
}

#[test]
fn a_reader_sees_what_it_wrote_also_while_the_replica_stands_still() {
    let Some(two) = two("reads of a replica") else { return };
    let (reads, hasty) = (two.reads(Duration::from_secs(5)), two.reads(Duration::ZERO));
    let each = tries() / 4;
    // How often a read without a token was older: what would be wrong without it.
    let older: i64 = std::thread::scope(|scope| {
        let readers: Vec<_> = (0..4)
            .map(|n| {
                let (two, reads, hasty) = (&two, &reads, &hasty);
                scope.spawn(move || {
                    let tenant = tenant(&format!("t{n}"));
                    let mut older = 0;
                    for n in 0..each {
                        let wrote = add(&two.store, &tenant);
                        if n % 4 == 0 {
                            older += i64::from(seen(hasty, &tenant) < wrote);
                        }
                        let patient = if n % 2 == 0 { reads } else { hasty };
                        let after = patient.after(two.store.since().unwrap());
                        assert_eq!(seen(&after, &tenant), wrote);
                    }
                    older
                })
            })
            .collect();
        readers.into_iter().map(|reader| reader.join().unwrap()).sum()
    });
    let (patient, hasty_served) = (reads.served(), hasty.served());
    println!("{tries} tries: 0 older; without a token {older} older; {patient:?} {hasty_served:?}", tries = each * 4);
    assert!(patient.replica > 0, "the replica was asked: {patient:?}");
    assert!(older > 0, "a replica that is never behind shows nothing");

    says(&two.standby, "SELECT pg_wal_replay_pause()");
    let tenant = tenant("t0");
    let (before, stopped) = (reads.served(), seen(&reads, &tenant));
    let wait = two.reads(Duration::from_millis(20));
    for _ in 0..50 {
        let wrote = add(&two.store, &tenant);
        let begun = Instant::now();
        assert_eq!(seen(&wait.after(two.store.since().unwrap()), &tenant), wrote);
        assert!(begun.elapsed() < Duration::from_secs(2), "the wait has an end");
    }
    assert_eq!(wait.served().replica, 0, "nothing can come from there");
    assert_eq!(seen(&reads, &tenant), stopped, "who carries nothing sees what the replica has");
    assert!(reads.served().replica > before.replica);
    says(&two.standby, "SELECT pg_wal_replay_resume()");
    let wrote = add(&two.store, &tenant);
    let after = reads.after(two.store.since().unwrap());
    let from = reads.served();
    assert_eq!(seen(&after, &tenant), wrote);
    assert_eq!(reads.served().replica, from.replica + 1, "it waited until the replica had caught up");
}

#[test]
fn a_replica_decides_nothing_and_its_loss_is_no_loss() {
    let Some(mut two) = two("the loss of a replica") else { return };
    let reads = two.reads(Duration::from_secs(5));
    let tenant = tenant("main");
    let wrote = add(&two.store, &tenant);
    let refused = reads.write(&tenant, &mut |_| Ok(())).map_err(|error| error.code());
    assert_eq!(refused, Err(Code::StoreReadOnly));
    assert_eq!(reads.put_plan("h", "{}").map_err(|error| error.code()), Err(Code::StoreReadOnly));
    let after = reads.after(two.store.since().unwrap());
    assert_eq!(seen(&after, &tenant), wrote);
    assert!(after.events(&tenant, 0, 9).unwrap().is_empty());

    two.standby.stop_immediate().unwrap();
    assert_eq!(seen(&after, &tenant), wrote);
    assert!(reads.served().primary > 0, "{:?}", reads.served());

    // One that was made a primary has a log of its own from then on: what it knows is not what is true.
    two.standby.start_again().unwrap();
    says(&two.standby, "SELECT pg_promote()");
    let reads = two.reads(Duration::from_secs(5));
    let wrote = add(&two.store, &tenant);
    let begun = Instant::now();
    assert_eq!(seen(&reads, &tenant), wrote);
    assert!(begun.elapsed() < Duration::from_secs(4), "nobody waits for it");
    assert_eq!(reads.served().replica, 0);
}
