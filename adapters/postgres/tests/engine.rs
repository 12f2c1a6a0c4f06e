//! The engine on PostgreSQL: what only a server, several nodes and a broken connection can show.

// A test waits for a server as long as a person would; the ban on clocks is for the core.
#![allow(clippy::disallowed_methods)]

mod common;

use common::{open, options, schema, server};
use leadwright::engine::{Engine, EngineOptions};
use leadwright::model::{Code, Durability, Outcome, TenantId, Tick};
use leadwright::plan::{MemoryResolver, Plan};
use leadwright::store::{Change, MemoryStore, Setting, Store, Transaction};
use leadwright_postgres::{PostgresOptions, PostgresStore};
use std::sync::Arc;

fn plan() -> Plan {
    let text = r#"{ "format": 1, "plan": "tiny", "currency": "USD", "timezone": "America/Chicago",
        "verticals": { "roofing": { "extends": "us/home-services@1" } },
        "sources": { "web": { "verticals": ["roofing"] } },
        "intake": { "dedupe": [ { "any": ["phone"], "within": "30d", "scope": "vertical", "against": "sold" } ] },
        "routes": { "roofing": { "groups": [ { "id": "all", "select": "round_robin" } ], "on_unsold": { "then": "store" } } },
        "buyers": {
            "acme": { "contracts": { "acme-1": { "in": { "roofing/all": {} }, "caps": { "day": 30 },
                "sell": { "exclusive": { "price": "40.00" } } } } },
            "best": { "contracts": { "best-1": { "in": { "roofing/all": {} }, "caps": { "day": 20 },
                "sell": { "exclusive": { "price": "30.00" } } } } } } }"#;
    Plan::load(&MemoryResolver::new([("plan.jsonc", text.to_owned())]), "plan.jsonc").expect("the plan is right")
}

fn engine(store: Arc<dyn Store>) -> Engine {
    Engine::with_options(plan(), store, EngineOptions::default()).expect("an engine")
}

fn tick() -> Tick {
    Tick::at("2026-11-24T15:30:00Z".parse().expect("a time"))
}

fn lead(n: usize) -> String {
    format!(r#"{{"id":"L{n}","source":"web","phone":"312-867-{:04}","state":"IL","zip":"60601"}}"#, 5_000 + n % 70)
}

fn lines(range: std::ops::Range<usize>) -> String {
    range.map(|n| lead(n) + "\n").collect()
}

#[test]
fn batches_and_single_leads_are_answered_as_in_memory() {
    let Some(url) = server() else { return };
    let memory = engine(Arc::new(MemoryStore::new()));
    let database = engine(Arc::new(open(&url).expect("a store")));
    for part in [0..40, 40..41, 30..120] {
        let text = lines(part);
        let want = memory.decide_batch(text.as_bytes(), tick()).expect("decided");
        assert_eq!(database.decide_batch(text.as_bytes(), tick()).expect("decided"), want);
    }
    for n in 119..125 {
        let want = memory.decide(lead(n).as_bytes(), tick()).expect("decided");
        assert_eq!(database.decide(lead(n).as_bytes(), tick()).expect("decided"), want.clone_with_durability());
    }
}

/// The receipt says what the store is; the decision does not.
trait OfAnotherStore {
    fn clone_with_durability(self) -> Self;
}

impl OfAnotherStore for leadwright::engine::Decided {
    fn clone_with_durability(mut self) -> Self {
        self.receipt.durability = Durability::Relaxed;
        self
    }
}

/// Four nodes with an engine each, and one cap of 30 and one of 20.
#[test]
fn nodes_share_caps_and_none_is_oversold() {
    let Some(url) = server() else { return };
    let schema = schema();
    let node = || PostgresStore::with_options(&url, options(&schema)).expect("a store");
    let first = Arc::new(node());
    let nodes: Vec<Engine> = (0..4).map(|_| engine(Arc::new(node()))).collect();
    let sold: usize = std::thread::scope(|scope| {
        let all: Vec<_> = nodes
            .iter()
            .enumerate()
            .map(|(node, engine)| {
                scope.spawn(move || {
                    let mine = (0..70).filter(|n| n % 4 == node);
                    mine.filter(|n| {
                        engine.decide(lead(*n).as_bytes(), tick()).expect("decided").outcome == Outcome::Assigned
                    })
                    .count()
                })
            })
            .collect();
        all.into_iter().map(|node| node.join().expect("no panic")).sum()
    });
    assert_eq!(sold, 50);
    let day = |contract: &str| format!("contract:{contract}|day:2026-11-24|count|sold");
    let mut used = (0, 0);
    let read = first.read(&TenantId::default(), &mut |view| {
        used = (view.counter(&day("acme-1"))?, view.counter(&day("best-1"))?);
        Ok(())
    });
    read.expect("read");
    assert_eq!(used, (30, 20));
    assert_eq!(first.decisions(&TenantId::default(), 0, 1_000).expect("read").len(), 70);
}

/// Ends every other connection to the database of the tests whose last statement was one of ours in this schema.
fn end_others(url: &str, name: &str) {
    let mut client = postgres::Client::connect(url, postgres::NoTls).expect("connected");
    let sql = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1";
    client.query(sql, &[&name]).expect("ended");
}

fn named(url: &str, name: &str) -> PostgresStore {
    let named = format!("{url}{}application_name={name}", if url.contains('?') { "&" } else { "?" });
    PostgresStore::with_options(&named, options(name)).expect("a store")
}

#[test]
fn a_connection_that_was_ended_is_made_anew() {
    let Some(url) = server() else { return };
    let name = schema();
    let store = Arc::new(named(&url, &name));
    let engine = engine(store);
    let first = engine.decide(lead(1).as_bytes(), tick()).expect("decided");
    end_others(&url, &name);
    let again = engine.decide(lead(1).as_bytes(), tick()).expect("decided");
    assert!(again.receipt.replayed && again.body == first.body);
    end_others(&url, &name);
    assert_eq!(engine.store().decisions(&TenantId::default(), 0, 10).expect("read").len(), 1);
}

#[test]
fn a_connection_that_ends_within_a_transaction_leaves_nothing() {
    let Some(url) = server() else { return };
    let name = schema();
    let store = named(&url, &name);
    let set = |transaction: &mut dyn Transaction| {
        let settings = vec![Setting { key: "k".into(), value: Some("1".into()) }];
        transaction.change(&Change { settings, ..Change::at(tick().now) })
    };
    let failed = store.write(&TenantId::default(), &mut |transaction| {
        set(transaction)?;
        end_others(&url, &name);
        Ok(())
    });
    // The commit was sent on a connection that may have ended before or after it.
    let code = failed.expect_err("the connection is gone").code();
    assert!(matches!(code, Code::StoreCommitUnknown | Code::StoreUnreachable), "{code:?}");
    let mut found = None;
    let read = store.read(&TenantId::default(), &mut |view| {
        found = view.setting("k")?;
        Ok(())
    });
    read.expect("read");
    assert_eq!(found, None);
    store.write(&TenantId::default(), &mut |transaction| set(transaction)).expect("written");
}

#[test]
fn many_nodes_make_the_tables_at_the_same_time() {
    let Some(url) = server() else { return };
    for _ in 0..3 {
        let schema = schema();
        std::thread::scope(|scope| {
            for _ in 0..6 {
                scope.spawn(|| PostgresStore::with_options(&url, options(&schema)).expect("a store"));
            }
        });
    }
}

#[test]
fn tables_that_are_not_ours_are_left_alone() {
    let Some(url) = server() else { return };
    let (theirs, newer, missing) = (schema(), schema(), schema());
    let mut client = postgres::Client::connect(&url, postgres::NoTls).expect("connected");
    client.batch_execute(&format!("CREATE SCHEMA {theirs}; CREATE TABLE {theirs}.orders(id bigint)")).expect("made");
    let code = |options: PostgresOptions| PostgresStore::with_options(&url, options).expect_err("refused").code();
    assert_eq!(code(options(&theirs)), Code::StoreForeign);
    drop(PostgresStore::with_options(&url, options(&newer)).expect("a store"));
    client.batch_execute(&format!("INSERT INTO {newer}.migration VALUES (900, 'later', 'x')")).expect("written");
    assert_eq!(code(options(&newer)), Code::StoreNewer);
    assert_eq!(code(PostgresOptions { migrate: false, ..options(&missing) }), Code::StoreMissing);
    assert_eq!(code(PostgresOptions { schema: "a; DROP".into(), ..options(&missing) }), Code::InputBadOption);
}

#[test]
fn a_server_that_is_not_there_is_said_so_without_the_password() {
    let options = PostgresOptions { connect_wait: std::time::Duration::from_millis(200), ..PostgresOptions::default() };
    let error =
        PostgresStore::with_options("postgres://router:hunter2@127.0.0.1:1/leads", options).expect_err("no server");
    assert_eq!(error.code(), Code::StoreUnreachable);
    assert!(!error.to_string().contains("hunter2"), "{error}");
    let error = PostgresStore::open("postgres://router:hunter2@:x/").expect_err("no address");
    assert_eq!(error.code(), Code::InputBadOption);
    assert!(!error.to_string().contains("hunter2"), "{error}");
}

/// A text with a NUL cannot be kept by PostgreSQL: it is refused as an option, and not as a store that fails.
#[test]
fn what_the_server_cannot_keep_is_refused() {
    let Some(url) = server() else { return };
    let store = open(&url).expect("a store");
    let failed = store.write(&TenantId::default(), &mut |transaction| {
        let settings = vec![Setting { key: "a\0b".into(), value: Some("1".into()) }];
        transaction.change(&Change { settings, ..Change::at(tick().now) })
    });
    assert_eq!(failed.expect_err("refused").code(), Code::InputBadOption);
    assert_eq!(store.plan("nothing").expect("it goes on"), None);
}

/// The server makes a rollback of a commit after a statement that failed, and calls it well.
#[test]
fn whoever_goes_on_after_a_statement_that_failed_is_not_told_that_it_was_committed() {
    let Some(url) = server() else { return };
    let store = open(&url).expect("a store");
    let written = store.write(&TenantId::default(), &mut |transaction| {
        let settings = vec![Setting { key: "k".into(), value: Some("1".into()) }];
        transaction.change(&Change { settings, ..Change::at(tick().now) })?;
        // Written so far, and then asked for what the server cannot read; the error is lost.
        assert_eq!(transaction.settings("k")?.len(), 1);
        assert!(transaction.setting("revoked|\0").is_err());
        Ok(())
    });
    assert_eq!(written.expect_err("nothing was committed").code(), Code::StoreIo);
    let mut found = None;
    let read = store.read(&TenantId::default(), &mut |view| {
        found = view.setting("k")?;
        Ok(())
    });
    read.expect("read");
    assert_eq!(found, None);
}

/// A host may have a runtime of its own in the thread that decides.
#[test]
fn it_works_within_a_runtime_of_the_host() {
    let Some(url) = server() else { return };
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    runtime.block_on(async {
        let engine = engine(Arc::new(open(&url).expect("a store")));
        assert_eq!(engine.decide(lead(1).as_bytes(), tick()).expect("decided").outcome, Outcome::Assigned);
    });
}

#[test]
fn a_store_at_rest_has_no_connection_and_wakes() {
    let Some(url) = server() else { return };
    let name = schema();
    let store = named(&url, &name);
    let count = || {
        let mut client = postgres::Client::connect(&url, postgres::NoTls).expect("connected");
        let sql = "SELECT count(*) FROM pg_stat_activity WHERE application_name = $1";
        client.query_one(sql, &[&name]).expect("counted").get::<_, i64>(0)
    };
    assert!(count() > 0);
    store.rest();
    let begun = std::time::Instant::now();
    while count() > 0 && begun.elapsed().as_secs() < 5 {}
    assert_eq!(count(), 0);
    std::thread::scope(|scope| {
        let waits = scope.spawn(|| store.plan("a").expect("read"));
        std::thread::sleep(std::time::Duration::from_millis(50));
        assert!(!waits.is_finished());
        store.wake();
        assert_eq!(waits.join().expect("no panic"), None);
    });
}
