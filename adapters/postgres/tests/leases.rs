//! Caps that several writers share by leases: what is granted is the limit, whoever dies.
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::disallowed_methods, reason = "tests")]

mod common;

use leadwright::engine::{Engine, replay};
use leadwright::model::{Code, Error, Outcome, TenantId, Tick, Timestamp};
use leadwright::plan::{MemoryResolver, Plan};
use leadwright::store::{Change, CounterAdd, Store, Transaction, View};
use leadwright_postgres::{Leasing, PostgresOptions, PostgresStore};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

const CAPS: u64 = 20;
const NODES: u64 = 8;
const BATCH: i64 = 250;

fn attempts() -> i64 {
    std::env::var("LEADWRIGHT_TRIES").ok().and_then(|text| text.parse().ok()).unwrap_or(20_000)
}

/// Six of ten attempts may be granted.
fn limit(attempts: i64) -> i64 {
    attempts / i64::try_from(CAPS).unwrap() * 6 / 10
}

fn key(cap: u64) -> String {
    format!("buyer:b{cap}|total|count|sold")
}

fn tenant(name: &str) -> TenantId {
    name.parse().unwrap()
}

fn owners() -> Vec<String> {
    (0..CAPS).map(|cap| format!("buyer:b{cap}")).collect()
}

fn open(url: &str, options: &PostgresOptions, time: Duration) -> Result<PostgresStore, Error> {
    let owners = owners();
    let leasing = Leasing::new("one", owners.iter().map(String::as_str)).lasting(time);
    Ok(PostgresStore::with_options(url, options.clone())?.leasing(leasing))
}

fn leased(url: &str, options: &PostgresOptions, time: Duration) -> PostgresStore {
    open(url, options, time).unwrap()
}

/// Tries again while the server has no connection left: others use it too, and those of the dead are not over at once.
fn patiently<T>(mut ask: impl FnMut() -> Result<T, Error>) -> T {
    loop {
        match ask() {
            Ok(done) => return done,
            Err(error) if error.code() == Code::StoreBusy => std::thread::sleep(Duration::from_millis(50)),
            Err(error) => panic!("{error}"),
        }
    }
}

fn dice(seed: &mut u64) -> u64 {
    *seed = seed.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let a = (*seed ^ (*seed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    (a ^ (a >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB) >> 11
}

fn add(transaction: &mut dyn Transaction, key: &str, add: i64, at: Timestamp) -> Result<(), Error> {
    let one = CounterAdd { key: key.into(), add };
    transaction.change(&Change { counters: vec![one], ..Change::at(at) })
}

fn counter_of(store: &dyn Store, tenant: &TenantId, key: &str) -> Result<i64, Error> {
    let mut found = 0;
    let mut look = |view: &dyn View| {
        found = view.counter(key)?;
        Ok(())
    };
    store.read(tenant, &mut look)?;
    Ok(found)
}

fn counter(store: &dyn Store, tenant: &TenantId, key: &str) -> i64 {
    counter_of(store, tenant, key).unwrap()
}

/// One transaction of many attempts; how many were granted.
fn attempt(store: &PostgresStore, tenant: &TenantId, limit: i64, seed: u64, at: Timestamp) -> Result<i64, Error> {
    let mut granted = 0;
    store.write(tenant, &mut |transaction| {
        let mut seed = seed;
        for _ in 0..BATCH {
            let key = key(dice(&mut seed) % CAPS);
            if transaction.counter_within(&key, limit)? < limit {
                add(transaction, &key, 1, at)?;
                granted += 1;
            }
        }
        add(transaction, "attempts", BATCH, at)
    })?;
    Ok(granted)
}

/// What a node does, in a process of its own, started by the test below.
#[test]
fn a_node() {
    let Ok(told) = std::env::var("LEADWRIGHT_NODE") else { return };
    let url = common::server().unwrap();
    let parts: Vec<&str> = told.split(' ').collect();
    let (schema, node, seed, all): (&str, u64, u64, i64) =
        (parts[0], parts[1].parse().unwrap(), parts[2].parse().unwrap(), parts[3].parse().unwrap());
    let store = patiently(|| open(&url, &common::options(schema), Duration::from_secs(2)));
    let tenant = tenant(&format!("t{node}"));
    // Each node believes another time, days apart.
    let skewed = Timestamp::EPOCH.plus_millis(i64::try_from(node).unwrap() * 86_400_000 * 3);
    let mut seed = seed;
    let mut over = 0;
    while patiently(|| counter_of(&store, &tenant, "attempts")) < all / i64::try_from(NODES).unwrap() {
        match attempt(&store, &tenant, limit(all), dice(&mut seed), skewed) {
            Ok(_) => {}
            Err(error) if matches!(error.code(), Code::StoreLeaseOver | Code::StoreBusy) => over += 1,
            Err(error) => panic!("{error}"),
        }
    }
    println!("node {node}: {over} transactions began again");
}

fn node(schema: &str, node: u64, seed: u64, all: i64) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "a_node", "--nocapture"])
        .env("LEADWRIGHT_NODE", format!("{schema} {node} {seed} {all}"))
        .stdout(Stdio::null())
        .spawn()
        .unwrap()
}

#[test]
fn grants_equal_the_limits_whichever_nodes_are_killed() {
    if std::env::var("LEADWRIGHT_NODE").is_ok() {
        return;
    }
    let Some(url) = common::server() else { return };
    let (schema, all) = (common::schema(), attempts());
    let store = leased(&url, &common::options(&schema), Duration::from_secs(2));
    let begun = Instant::now();
    let mut seed = 7;
    let mut nodes: Vec<(u64, Child)> = (0..NODES).map(|n| (n, node(&schema, n, dice(&mut seed), all))).collect();
    let mut killed = 0;
    while !nodes.is_empty() {
        std::thread::sleep(Duration::from_millis(400));
        let place = usize::try_from(dice(&mut seed)).unwrap() % nodes.len();
        let (n, child) = &mut nodes[place];
        if child.try_wait().unwrap().is_none() {
            child.kill().unwrap();
            child.wait().unwrap();
            killed += 1;
            *child = node(&schema, *n, dice(&mut seed), all);
        }
        nodes.retain_mut(|(_, child)| match child.try_wait().unwrap() {
            None => true,
            Some(status) => {
                assert!(status.success(), "a node failed: {status}");
                false
            }
        });
    }
    let spent = begun.elapsed();
    assert!(killed > 0 || all < 100_000, "nobody was killed");
    // What the last ones left comes back when its time is over, and somebody else gets it.
    let last = tenant("t-last");
    let until = Instant::now() + Duration::from_secs(60);
    let sum = |cap: u64| -> i64 {
        let names = (0..NODES).map(|n| format!("t{n}")).chain(["t-last".to_owned()]);
        names.map(|name| counter(&store, &tenant(&name), &key(cap))).sum()
    };
    let before: i64 = (0..CAPS).map(sum).sum();
    let mut seed = 99;
    let mut dry = 0;
    while dry < 40 {
        assert!(Instant::now() < until, "something stays stranded");
        let granted = attempt(&store, &last, limit(all), dice(&mut seed), Timestamp::EPOCH).unwrap();
        dry = if granted == 0 { dry + 1 } else { 0 };
        std::thread::sleep(Duration::from_millis(if granted == 0 { 100 } else { 0 }));
    }
    for cap in 0..CAPS {
        assert_eq!(sum(cap), limit(all), "grants of {}", key(cap));
    }
    store.give_back(&last).unwrap();
    let after = limit(all) * i64::try_from(CAPS).unwrap();
    println!(
        "{all} attempts on {CAPS} caps by {NODES} nodes, {killed} killed, {:.0} s: {before} granted, {} more once the \
         leases of the dead were over, which are the limits",
        spent.as_secs_f64(),
        after - before
    );
}

#[test]
fn who_comes_too_late_sells_nothing() {
    let Some(url) = common::server() else { return };
    let options = common::options(&common::schema());
    let time = Duration::from_millis(300);
    let store = leased(&url, &options, time);
    let (late, other) = (tenant("late"), tenant("other"));
    let key = key(0);
    let sell = |who: &TenantId, wait: Duration| {
        let mut sold = false;
        let done = store.write(who, &mut |transaction| {
            let used = transaction.counter_within(&key, 8)?;
            std::thread::sleep(wait);
            sold = used < 8;
            if sold { add(transaction, &key, 1, Timestamp::EPOCH) } else { Ok(()) }
        });
        done.map(|()| sold).map_err(|error| error.code())
    };
    assert_eq!(sell(&late, Duration::ZERO), Ok(true));
    assert_eq!(sell(&late, time * 2), Err(Code::StoreLeaseOver), "its time was over before it was written");
    assert_eq!(counter(&store, &late, &key), 1, "nothing of it has happened");
    // The other one gets all that is left, what the first one had too, and not one more.
    let mut sold = 0;
    for _ in 0..60 {
        sold += i64::from(sell(&other, Duration::ZERO).unwrap());
        std::thread::sleep(Duration::from_millis(10));
    }
    assert_eq!(sold, 7);
    assert_eq!(sell(&late, Duration::ZERO), Ok(false));
    // A sale that is taken back makes room again, for whoever asks first.
    store.write(&late, &mut |transaction| add(transaction, &key, -1, Timestamp::EPOCH)).unwrap();
    std::thread::sleep(time);
    let again: i64 = (0..20).map(|_| i64::from(sell(&late, Duration::ZERO).unwrap())).sum();
    assert!(again <= 1, "one was given back");
    assert_eq!(counter(&store, &late, &key) + counter(&store, &other, &key), 7 + again);
}

/// Two databases, each with the leads of one vertical, and a buyer whose daily cap holds for both.
#[test]
fn a_cap_of_a_buyer_holds_over_two_shards() {
    let Some(url) = common::server() else { return };
    let open = || PostgresStore::with_options(&url, common::options(&common::schema())).unwrap();
    let home = Arc::new(open());
    let (roofing_own, solar_own) = (Arc::new(open()), Arc::new(open()));
    let leasing = |name: &str, other: (&str, &Arc<PostgresStore>)| {
        let leasing = Leasing::new(name, ["buyer:summit"]).at(home.clone()).with_shard(other.0, other.1.clone());
        leasing.lasting(Duration::from_millis(400))
    };
    let again =
        |of: &PostgresStore, leasing| PostgresStore::with_options(&url, of.options().clone()).unwrap().leasing(leasing);
    let roofing = again(&roofing_own, leasing("roofing", ("solar", &solar_own)));
    let solar = again(&solar_own, leasing("solar", ("roofing", &roofing_own)));
    let text = r#"{ "format": 1, "plan": "p", "currency": "USD", "timezone": "America/Chicago",
        "verticals": { "roofing": { "extends": "us/home-services@1" }, "solar": { "extends": "us/home-services@1" } },
        "sources": { "web": { "verticals": ["roofing", "solar"] } },
        "routes": { "roofing": { "groups": [ { "id": "all", "select": "price" } ], "on_unsold": { "then": "store" } },
                    "solar": { "groups": [ { "id": "all", "select": "price" } ], "on_unsold": { "then": "store" } } },
        "buyers": { "summit": { "caps": { "day": 25 }, "contracts": {
            "r": { "in": { "roofing/all": {} }, "sell": { "exclusive": { "price": "20.00" } } },
            "s": { "in": { "solar/all": {} }, "sell": { "exclusive": { "price": "20.00" } } } } } } }"#;
    let plan = || Plan::load(&MemoryResolver::new([("plan.jsonc", text)]), "plan.jsonc").unwrap();
    let engines = [
        ("roofing", &roofing_own, Engine::open(plan(), roofing).unwrap()),
        ("solar", &solar_own, Engine::open(plan(), solar).unwrap()),
    ];
    let mut sold = [0, 0];
    let decide = |n: usize, which: usize, sold: &mut [i32; 2]| {
        let (vertical, store, engine) = &engines[which];
        let lead = format!(
            r#"{{"id": "l{n}", "source": "web", "vertical": "{vertical}", "phone": "312-820-{:04}", "state": "IL", "zip": "60601"}}"#,
            n + 2_000
        );
        let tick = Tick::at("2026-11-24T17:00:00Z".parse::<Timestamp>().unwrap());
        let decided = engine.decide(lead.as_bytes(), tick).unwrap();
        sold[which] += i32::from(decided.outcome == Outcome::Assigned);
        let again = replay(&***store, &TenantId::default(), &decided.id).unwrap();
        assert!(again.same, "a replay needs no lease");
    };
    for n in 0..60 {
        decide(n, n % 2, &mut sold);
    }
    // What one of them holds without selling it comes to the other when its time is over.
    std::thread::sleep(Duration::from_millis(600));
    for n in 60..90 {
        decide(n, 0, &mut sold);
        std::thread::sleep(Duration::from_millis(20));
    }
    assert_eq!(sold[0] + sold[1], 25, "{sold:?}");
    assert!(sold[0] > 5 && sold[1] > 5, "both had a part: {sold:?}");
}
