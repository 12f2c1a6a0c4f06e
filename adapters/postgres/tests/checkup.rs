//! What a database says of itself: of what the server promises, and of what goes wrong with it.
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::disallowed_methods, reason = "tests")]

mod common;

use common::{client, lead, open_in, options, plan, schema, server};
use leadwright::engine::{Engine, EngineOptions};
use leadwright::model::{Durability, TenantId, Tick, Timestamp};
use leadwright::store::{Change, CounterAdd, Store};
use leadwright_postgres::{Checkup, Keep, Leasing, PostgresOptions, PostgresStore};
use leadwright_servers::{Postgres, Version, skipped};
use std::sync::Arc;
use std::time::Duration;

fn now() -> Timestamp {
    "2026-05-01T12:00:00Z".parse().expect("a time")
}

fn main() -> TenantId {
    TenantId::default()
}

fn looked(store: &PostgresStore) -> Checkup {
    store.checkup(&main()).expect("it is looked at")
}

fn decided(store: &Arc<PostgresStore>, leads: u32) {
    let engine = Engine::with_options(plan(10), store.clone(), EngineOptions::default()).expect("an engine");
    for n in 0..leads {
        engine.decide(lead(n).as_bytes(), Tick::at(now())).expect("it decides");
    }
}

#[test]
fn a_database_of_which_nothing_is_to_be_said() {
    let Some(url) = server() else { return };
    let name = schema();
    let store = Arc::new(open_in(&url, &name));
    assert_eq!(looked(&store).tenant.decisions, 0);
    decided(&store, 5);
    // Who looks only reads.
    let reads = PostgresOptions { read_only: true, durability: Durability::Full, ..options(&name) };
    let reading = PostgresStore::with_options(&url, reads).expect("it is there");
    let found = looked(&reading);
    let promises = &found.promises;
    assert_eq!((promises.fsync.as_str(), promises.synchronous_commit.as_str()), ("on", "on"));
    assert_eq!((promises.full_page_writes.as_str(), promises.is_replica), ("on", false));
    assert!(promises.version_number >= 150_000 && promises.locks_each >= 64, "{promises:?}");
    assert!(found.connections.used > 0 && found.connections.used < found.connections.most);
    assert_eq!((found.waits.looks, found.unseen), (10, Vec::<String>::new()));
    assert_eq!((found.tenant.decisions, found.tenant.last), (5, Some(now())));
    assert_eq!(found.tenant.plan.as_deref(), Some(plan(10).hash()));
    // Partitions are counted to their tables, whose largest comes first.
    assert!(found.tables.iter().any(|table| table.name == "decision" && table.bytes > 0), "{:?}", found.tables);
    assert!(found.tables.is_sorted_by(|a, b| a.bytes >= b.bytes));
    assert!(reading.round_trip().expect("it answers") < Duration::from_secs(1));
}

#[test]
fn partitions_that_are_missing_and_what_lies_in_none() {
    let Some(url) = server() else { return };
    let name = schema();
    let store = Arc::new(open_in(&url, &name));
    decided(&store, 3);
    let of = |found: &Checkup, table: &str| {
        let times = found.partitions.iter().find(|times| times.table == table).expect("it has partitions");
        (times.count, times.ahead_millis / 86_400_000, times.astray)
    };
    let found = looked(&store);
    assert_eq!(of(&found, "decision"), (0, 0, Some(3)));
    assert_eq!(of(&found, "claim"), (0, 0, Some(3)));
    // By the clock of the database.
    store.keep(&Keep::default()).expect("it is kept");
    let found = looked(&store);
    let (count, days, astray) = of(&found, "decision");
    assert!(count >= 8 && days >= 6, "{count} partitions for {days} days");
    assert_eq!(astray, Some(0));
    // Older than the first partition is what was needed when its own went; of later there should be a partition.
    let mut client = client(&url, &name);
    let sql = "INSERT INTO event SELECT tenant, position + 1000000, kind, source, lead, n, $1, data, about FROM event LIMIT 1";
    client.execute(sql, &[&1_i64]).expect("a row");
    assert_eq!(of(&looked(&store), "event").2, Some(0));
    client.execute(sql, &[&4_000_000_000_000_i64]).expect("a row");
    assert_eq!(of(&looked(&store), "event").2, Some(1));
}

#[test]
fn who_waits_and_who_looks_back() {
    let Some(url) = server() else { return };
    let name = schema();
    let store = Arc::new(open_in(&url, &name));
    decided(&store, 1);
    let (mut holder, mut old) = (client(&url, &name), client(&url, &name));
    holder.batch_execute("BEGIN; SELECT * FROM clock FOR UPDATE").expect("it locks");
    old.batch_execute("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM clock").expect("it looks");
    let found = std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                let add = CounterAdd { key: "k".into(), add: 1 };
                let change = Change { counters: vec![add], ..Change::at(now()) };
                store.write(&main(), &mut |transaction| transaction.change(&change)).expect("it waits");
            });
        }
        std::thread::sleep(Duration::from_millis(1_200));
        let found = looked(&store);
        holder.batch_execute("ROLLBACK").expect("it lets go");
        found
    });
    // Other tests wait in this database, too.
    assert!(found.waits.most >= 3 && found.waits.sum >= 30, "{:?}", found.waits);
    assert!(found.connections.oldest_seconds >= 1, "{:?}", found.connections);
}

#[test]
fn caps_that_are_shared_and_what_stays_out() {
    let Some(url) = server() else { return };
    let name = schema();
    let leasing = Leasing::new("one", ["buyer:acme"]).lasting(Duration::from_millis(50));
    let store = open_in(&url, &name).leasing(leasing);
    let key = "buyer:acme|total|count|sold";
    let change = Change { counters: vec![CounterAdd { key: key.into(), add: 1 }], ..Change::at(now()) };
    let sell = |tenant: &str| {
        let tenant: TenantId = tenant.parse().expect("a name");
        let sold = store.write(&tenant, &mut |transaction| {
            transaction.counter_within(key, 100)?;
            transaction.change(&change)
        });
        sold.expect("it sells");
    };
    sell("east");
    sell("west");
    client(&url, &name).execute("UPDATE cap_lease SET due_at = 0 WHERE holder = 'one/west'", &[]).expect("it is late");
    let found = looked(&store);
    assert_eq!(found.leases.len(), 1);
    let lease = &found.leases[0];
    assert_eq!((lease.key.as_str(), lease.most, lease.holders, lease.late), (key, 100, 2, 1));
    assert_eq!((lease.leases, lease.used), (2, 0));
    assert!(lease.leased > 2, "{lease:?}");
}

#[test]
fn a_scratch_is_as_durable_and_goes_again() {
    let Some(url) = server() else { return };
    let name = schema();
    let store = Arc::new(open_in(&url, &name));
    let reads = PostgresOptions { read_only: true, ..options(&name) };
    let reading = PostgresStore::with_options(&url, reads).expect("it is there");
    let beside = format!("{name}_doctor");
    // One that was killed left it.
    client(&url, &name).batch_execute(&format!("CREATE SCHEMA {beside}")).expect("a schema");
    assert_eq!(looked(&reading).left, [beside]);
    {
        let scratch = reading.scratch().expect("it is made").expect("it is ours");
        decided(&scratch.store(), 4);
        assert!(scratch.commit().expect("it commits") > Duration::ZERO);
        assert!(reading.scratch().expect("it is asked").is_none(), "one at a time");
    }
    let found = looked(&reading);
    assert_eq!((found.left.len(), found.tenant.decisions), (0, 0));
    assert!(reading.scratch().expect("it is made").is_some(), "its lock went with it");
    drop(store);
}

#[test]
fn a_role_that_may_little_is_told_what_it_cannot_see() {
    let server = match Postgres::start(Version::Any) {
        Ok(server) => server,
        Err(missing) => return skipped("a checkup by a reader", &missing),
    };
    let url = server.url("postgres");
    let mut client = postgres::Client::connect(&url, postgres::NoTls).expect("the server is there");
    client.batch_execute(&leadwright_postgres::roles("leadwright")).expect("roles");
    let own = PostgresOptions { schema: "leadwright".into(), ..PostgresOptions::default() };
    let owner = url.replace("postgres@", "leadwright_owner@");
    let store = Arc::new(PostgresStore::with_options(&owner, own.clone()).expect("tables"));
    client.batch_execute(&leadwright_postgres::roles("leadwright")).expect("roles");
    decided(&store, 2);
    let reads = PostgresOptions { read_only: true, ..own };
    let reader = url.replace("postgres@", "leadwright_reader@");
    let reading = PostgresStore::with_options(&reader, reads.clone()).expect("it reads");
    let found = looked(&reading);
    assert_eq!((found.tenant.decisions, found.unseen.len()), (2, 2), "{:?}", found.unseen);
    assert!(found.partitions.iter().all(|times| times.astray.is_none()));
    assert!(reading.scratch().is_err(), "it may make no schema");
    // A replica that stands still is seen by who may, and a server that promises less.
    let replica = server.replica().expect("a replica");
    let mut of_replica = postgres::Client::connect(&replica.url("postgres"), postgres::NoTls).expect("it is there");
    let until = std::time::Instant::now() + Duration::from_secs(20);
    let follows = "SELECT to_regclass('leadwright.decision') IS NOT NULL";
    while !of_replica.query_one(follows, &[]).is_ok_and(|row| row.get(0)) {
        assert!(std::time::Instant::now() < until, "the replica does not follow");
        std::thread::sleep(Duration::from_millis(20));
    }
    of_replica.execute("SELECT pg_wal_replay_pause()", &[]).expect("it pauses");
    client.batch_execute("SELECT pg_create_physical_replication_slot('idle', true)").expect("a slot");
    client
        .batch_execute("CREATE TABLE filler AS SELECT repeat('x', 1000) FROM generate_series(1, 3000)")
        .expect("rows");
    client.batch_execute("ALTER ROLE postgres SET synchronous_commit = off").expect("it is set");
    let found = looked(&PostgresStore::with_options(&url, reads.clone()).expect("it reads"));
    assert_eq!((found.replicas.len(), found.unseen.len()), (1, 0));
    assert!(found.replicas[0].behind_bytes > 1_000_000, "{:?}", found.replicas);
    assert_eq!((found.slots[0].name.as_str(), found.slots[0].is_active), ("idle", false));
    assert_eq!(found.promises.synchronous_commit, "off");
    // The replica itself can be looked at.
    let found = looked(&PostgresStore::with_options(&replica.url("postgres"), reads).expect("it reads"));
    assert!(found.promises.is_replica);
}
