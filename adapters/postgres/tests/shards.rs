//! Tenants in several databases, and how they go from one to another.
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::disallowed_methods, reason = "tests")]

mod common;

use leadwright::engine::{Engine, EngineOptions};
use leadwright::model::{Code, Outcome, TenantId, Tick, Timestamp};
use leadwright::plan::{MemoryResolver, Plan};
use leadwright::store::{Change, CounterAdd, Store, View};
use leadwright_postgres::{ShardMap, ShardedStore};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio_postgres::NoTls;

fn says(url: &str, sql: &str) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
        tokio::spawn(async move { drop(connection.await) });
        client.batch_execute(sql).await.unwrap();
    });
}

/// Databases that are there as long as the test.
struct Databases {
    server: String,
    names: [String; 2],
}

impl Databases {
    fn new() -> Option<Self> {
        let server = common::server()?;
        let names = ["a", "b"].map(|shard| format!("{}_{shard}", common::schema()));
        names.iter().for_each(|name| says(&server, &format!("CREATE DATABASE {name}")));
        Some(Self { server, names })
    }

    fn url(&self, n: usize) -> String {
        let (before, _) = self.server.rsplit_once('/').unwrap();
        format!("{before}/{}", self.names[n])
    }

    fn map(&self, more: &str) -> ShardMap {
        let (a, b) = (self.url(0), self.url(1));
        let text = format!(r#"{{ "v": 1, "version": 1, "shards": {{ "a": "{a}", "b": "{b}" }}, {more} }}"#);
        ShardMap::parse(&text).unwrap()
    }
}

impl Drop for Databases {
    fn drop(&mut self) {
        self.names.iter().for_each(|name| says(&self.server, &format!("DROP DATABASE {name} WITH (FORCE)")));
    }
}

const BY_TENANT: &str = r#""by": "tenant", "slots": [ { "to": 255, "shard": "a" } ]"#;

fn open(map: ShardMap) -> ShardedStore {
    ShardedStore::open(map, common::options("leadwright")).unwrap()
}

fn tenant(name: &str) -> TenantId {
    name.parse().unwrap()
}

fn add(store: &dyn Store, tenant: &TenantId, keys: impl Iterator<Item = String>) -> Result<(), Code> {
    let counters = keys.map(|key| CounterAdd { key, add: 1 }).collect();
    let change = Change { counters, ..Change::at(Timestamp::EPOCH) };
    store.write(tenant, &mut |transaction| transaction.change(&change)).map_err(|error| error.code())
}

fn counter(store: &dyn Store, tenant: &TenantId, key: &str) -> i64 {
    let mut found = 0;
    let mut look = |view: &dyn View| {
        found = view.counter(key)?;
        Ok(())
    };
    store.read(tenant, &mut look).unwrap();
    found
}

fn plan(buyer: &str) -> Plan {
    let text = format!(
        r#"{{ "format": 1, "plan": "p", "currency": "USD", "timezone": "America/Chicago",
        "verticals": {{ "roofing": {{ "extends": "us/home-services@1" }}, "solar": {{ "extends": "us/home-services@1" }} }},
        "sources": {{ "web": {{ "verticals": ["roofing", "solar"] }} }},
        "routes": {{ "roofing": {{ "groups": [ {{ "id": "all", "select": "price" }} ], "on_unsold": {{ "then": "store" }} }},
                    "solar": {{ "groups": [ {{ "id": "all", "select": "price" }} ], "on_unsold": {{ "then": "store" }} }} }},
        "buyers": {{ "summit": {{ {buyer} "contracts": {{
            "r": {{ "in": {{ "roofing/all": {{}} }}, "sell": {{ "exclusive": {{ "price": "20.00" }} }} }},
            "s": {{ "in": {{ "solar/all": {{}} }}, "sell": {{ "exclusive": {{ "price": "20.00" }} }} }} }} }} }} }}"#
    );
    Plan::load(&MemoryResolver::new([("plan.jsonc", text)]), "plan.jsonc").unwrap()
}

fn lead(n: usize, vertical: &str) -> String {
    format!(
        r#"{{"id": "l{n}", "source": "web", "vertical": "{vertical}", "phone": "312-820-{:04}", "state": "IL", "zip": "60601"}}"#,
        n + 2_000
    )
}

fn tick() -> Tick {
    Tick::at("2026-11-24T17:00:00Z".parse::<Timestamp>().unwrap())
}

#[test]
fn a_tenant_moves_while_everybody_writes_and_nothing_is_lost_or_doubled() {
    let Some(databases) = Databases::new() else { return };
    let store = open(databases.map(BY_TENANT));
    let engine = Engine::with_options(
        plan(""),
        Arc::new(open(databases.map(BY_TENANT))),
        EngineOptions { tenant: tenant("t0"), ..EngineOptions::default() },
    )
    .unwrap();
    for n in 0..30 {
        engine.decide(lead(n, "roofing").as_bytes(), tick()).unwrap();
    }
    let of = tenant("t0");
    let all = |store: &ShardedStore| {
        (store.decisions(&of, 0, 99).unwrap(), store.events(&of, 0, 999).unwrap(), store.outbox(&of, 0, 99).unwrap())
    };
    let (before, rollups) = (all(&store), store.rollups(&of).unwrap());
    assert_eq!((before.0.len(), before.2.len()), (30, 30));

    let map = Mutex::new(store.map().clone());
    let (done, moved) = (AtomicBool::new(false), AtomicBool::new(false));
    let acknowledged: Vec<i64> = std::thread::scope(|scope| {
        let writers: Vec<_> = (0..4)
            .map(|n| {
                let (map, done, moved) = (&map, &done, &moved);
                scope.spawn(move || {
                    let tenant = tenant(&format!("t{n}"));
                    let mut store = open(map.lock().unwrap().clone());
                    let mut acknowledged = 0;
                    while !done.load(Ordering::Relaxed) {
                        match add(&store, &tenant, std::iter::once("k".to_owned())) {
                            Ok(()) => acknowledged += 1,
                            Err(code) => {
                                assert_eq!(code, Code::StoreMoved);
                                moved.store(true, Ordering::Relaxed);
                                std::thread::sleep(Duration::from_millis(2));
                                store = open(map.lock().unwrap().clone());
                            }
                        }
                    }
                    acknowledged
                })
            })
            .collect();
        for n in [0, 2, 1] {
            std::thread::sleep(Duration::from_millis(300));
            let now = open(map.lock().unwrap().clone());
            let moved = now.move_name(&tenant(&format!("t{n}")), "b").unwrap();
            assert!(moved.rows > 0);
            *map.lock().unwrap() = moved.map;
        }
        std::thread::sleep(Duration::from_millis(300));
        done.store(true, Ordering::Relaxed);
        writers.into_iter().map(|writer| writer.join().unwrap()).collect()
    });
    assert!(moved.load(Ordering::Relaxed), "nobody wrote while a tenant moved");
    let map = map.into_inner().unwrap();
    assert_eq!((map.version(), map.shard_of("t0").unwrap(), map.shard_of("t3").unwrap()), (4, "b", "a"));
    let after = open(map);
    for (n, acknowledged) in acknowledged.iter().enumerate() {
        assert_eq!(counter(&after, &tenant(&format!("t{n}")), "k"), *acknowledged, "t{n}");
    }
    assert!(all(&after) == before, "what was decided and told is the same there");
    assert_eq!(after.rollups(&of).unwrap(), rollups);
    // By the old map nobody can write; and once it is cleared nothing is there, and still nobody can.
    let one = || std::iter::once("k".to_owned());
    assert_eq!(add(&store, &of, one()), Err(Code::StoreMoved));
    after.clear(&of, "a").unwrap();
    assert_eq!(after.clear(&of, "b").map_err(|error| error.code()), Err(Code::StoreExists));
    assert!(store.decisions(&of, 0, 9).unwrap().is_empty());
    assert_eq!(add(&store, &of, one()), Err(Code::StoreMoved));
    // And it can go back.
    let back = after.move_name(&of, "a").unwrap();
    assert!(all(&open(back.map)) == before);
    assert_eq!(add(&store, &of, one()), Ok(()));
}

#[test]
fn a_slot_moves_with_whoever_comes_later() {
    let Some(databases) = Databases::new() else { return };
    let store = open(databases.map(BY_TENANT));
    let slot = ShardMap::slot("t0");
    // Others of the same slot, one of which has a shard of its own.
    let mut same = (1..).map(|n| format!("t{n}")).filter(|name| ShardMap::slot(name) == slot);
    let (known, late) = (same.next().unwrap(), same.next().unwrap());
    let one = || std::iter::once("k".to_owned());
    for name in ["t0", &known, "other"] {
        assert_eq!(add(&store, &tenant(name), one()), Ok(()));
    }
    let moved = store.move_shard(slot, "b").unwrap();
    assert_eq!(moved.tenants.len(), 2, "{:?}", moved.tenants);
    assert_eq!(add(&store, &tenant(&late), one()), Err(Code::StoreMoved), "nor is anybody new by the old map");
    let after = open(moved.map);
    for name in ["t0", &known, &late, "other"] {
        let want = if *name == late { 1 } else { 2 };
        assert_eq!(add(&after, &tenant(name), one()), Ok(()), "{name}");
        assert_eq!(counter(&after, &tenant(name), "k"), want, "{name}");
    }
    // Rows that somebody wrote there are not taken away: the move is refused as long as they are there.
    assert_eq!(add(after.shard("b").unwrap(), &tenant("other"), one()), Ok(()));
    assert_eq!(after.move_name(&tenant("other"), "b").map_err(|error| error.code()), Err(Code::StoreExists));
}

/// What the process does that is killed.
#[test]
fn a_mover() {
    let Ok(map) = std::env::var("LEADWRIGHT_MOVER") else { return };
    open(ShardMap::parse(&map).unwrap()).move_name(&tenant("big"), "b").unwrap();
}

#[test]
fn a_move_that_was_killed_can_be_begun_again() {
    if std::env::var("LEADWRIGHT_MOVER").is_ok() {
        return;
    }
    let Some(databases) = Databases::new() else { return };
    let store = open(databases.map(BY_TENANT));
    let big = tenant("big");
    const KEYS: usize = 60_000;
    for part in 0..6 {
        let keys = (part * KEYS / 6..(part + 1) * KEYS / 6).map(|n| format!("contract:c{n}|total|count|sold"));
        assert_eq!(add(&store, &big, keys), Ok(()));
    }
    let (mut killed, mut ended) = (0, 0);
    for n in 0..12_u64 {
        let mut mover = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "a_mover", "--nocapture"])
            .env("LEADWRIGHT_MOVER", store.map().to_json())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(20 + n * 70));
        let status = mover.try_wait().unwrap();
        assert!(status.is_none_or(|status| status.success()), "a mover failed");
        if status.is_some() {
            ended += 1;
        } else {
            mover.kill().unwrap();
            mover.wait().unwrap();
            killed += 1;
        }
        // Before the map says so nobody has written there, and what is there is all or nothing.
        let there = counter(store.shard("b").unwrap(), &big, "contract:c0|total|count|sold");
        let last = counter(store.shard("b").unwrap(), &big, &format!("contract:c{}|total|count|sold", KEYS - 1));
        assert_eq!(there, last);
    }
    let moved = store.move_name(&big, "b").unwrap();
    println!("{killed} killed, {ended} ended, {} rows", moved.rows);
    assert!(killed > 0);
    assert!(moved.rows >= i64::try_from(KEYS).unwrap());
    let after = open(moved.map);
    for n in [0, 1, KEYS / 2, KEYS - 1] {
        assert_eq!(counter(&after, &big, &format!("contract:c{n}|total|count|sold")), 1);
    }
    assert_eq!(after.move_name(&big, "b").unwrap().rows, 0, "it is there already");
}

/// An engine for each vertical, each a tenant of its own, and one cap for both.
#[test]
fn verticals_in_two_shards_share_a_cap_by_leases() {
    let Some(databases) = Databases::new() else { return };
    let map = databases
        .map(r#""by": "vertical", "names": { "roofing": "a", "solar": "b" }, "leased": ["buyer:summit"], "home": "a""#);
    let engine = |name: &str| {
        let options = EngineOptions { tenant: tenant(name), ..EngineOptions::default() };
        Engine::with_options(plan(r#""caps": { "day": 40 },"#), Arc::new(open(map.clone())), options).unwrap()
    };
    let engines = [engine("roofing"), engine("solar")];
    let sold: usize = std::thread::scope(|scope| {
        let routers: Vec<_> = (0..2)
            .map(|router| {
                let (engines, map) = (&engines, &map);
                scope.spawn(move || {
                    (0..40)
                        .filter(|n| {
                            let lead = lead(router * 100 + n, ["roofing", "solar"][(router + n) % 2]);
                            let name = map.name_of(lead.as_bytes()).unwrap();
                            let engine = &engines[usize::from(name == "solar")];
                            engine.decide(lead.as_bytes(), tick()).unwrap().outcome == Outcome::Assigned
                        })
                        .count()
                })
            })
            .collect();
        routers.into_iter().map(|router| router.join().unwrap()).sum()
    });
    assert_eq!(sold, 40, "80 leads came");
}
