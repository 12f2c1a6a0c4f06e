//! Those who read the events: what they are handed out, in which order, and what they say about it.

use leadwright::engine::{Engine, EngineOptions};
use leadwright::events::{Delivered, Subscription};
use leadwright::model::{Code, Event, EventKind, SubscriberName, TenantId, Tick, Timestamp};
use leadwright::plan::{MemoryResolver, Plan};
use leadwright::store::{Begin, Change, MemoryStore, SqliteStore, Store};
use serde_json::Value;
use std::path::Path;
use std::sync::Arc;

fn plan() -> Plan {
    let text = r#"{ "format": 1, "plan": "tiny", "currency": "USD", "timezone": "America/Chicago",
        "verticals": { "roofing": { "extends": "us/home-services@1" } },
        "sources": { "web": { "verticals": ["roofing"] } },
        "routes": { "roofing": { "groups": [ { "id": "all", "select": "price" } ], "on_unsold": { "then": "store" } } },
        "buyers": { "acme": { "contracts": { "acme-il": { "in": { "roofing/all": {} },
            "sell": { "exclusive": { "price": "40.00" } } } } } } }"#;
    Plan::load(&MemoryResolver::new([("plan.jsonc", text)]), "plan.jsonc").expect("the plan is right")
}

/// Every store there is, each empty.
fn stores(name: &str) -> Vec<Arc<dyn Store>> {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("events-{name}.db"));
    for end in ["db", "db-wal", "db-shm"] {
        let _ = std::fs::remove_file(path.with_extension(end));
    }
    vec![Arc::new(MemoryStore::new()), Arc::new(SqliteStore::open(path).expect("a new store"))]
}

fn engine(store: &Arc<dyn Store>) -> Engine {
    Engine::with_options(plan(), store.clone(), EngineOptions::default()).expect("an engine")
}

fn now() -> Timestamp {
    "2026-11-24T15:30:00Z".parse().expect("a time")
}

/// Two events each, for nothing is wrong with them, and one before the first: the plan that decides.
fn decide(engine: &Engine, leads: std::ops::Range<u32>) {
    for n in leads {
        let lead = format!(
            r#"{{"id":"L{n}","source":"web","phone":"312-867-{}","street":"350 W Oak St","zip":"60610"}}"#,
            5_300 + n
        );
        engine.decide(lead.as_bytes(), Tick::at(now())).expect("it decides");
    }
}

fn subscribe(engine: &Engine, kinds: &[EventKind], begin: Begin) -> Subscription {
    engine.subscribe(&SubscriberName::new("crm").expect("a name"), kinds, begin).expect("it reads")
}

fn poll(subscription: &Subscription, limit: usize) -> Vec<Delivered> {
    subscription.poll(limit).expect("events")
}

fn positions(events: &[Delivered]) -> Vec<u64> {
    events.iter().map(|event| event.position).collect()
}

#[test]
fn what_was_not_acknowledged_comes_again_with_the_bytes_of_then() {
    for store in stores("again") {
        let engine = engine(&store);
        decide(&engine, 0..4);
        let first = subscribe(&engine, &[], Begin::Start);
        let (page, rest) = (poll(&first, 5), poll(&first, 100));
        assert_eq!((page.len(), rest.len(), poll(&first, 100).len()), (5, 4, 0), "page after page");
        first.ack(page[2].position).expect("said");
        drop(first);
        let second = subscribe(&engine, &[], Begin::Start);
        let again = poll(&second, 100);
        assert_eq!(again, [&page[3..], &rest].concat(), "to the byte, ids and all");
        second.ack(again[5].position).expect("said");
        decide(&engine, 4..5);
        assert_eq!(poll(&second, 100).len(), 2);
        assert_eq!(poll(&subscribe(&engine, &[], Begin::Start), 100).len(), 2);
    }
}

#[test]
fn only_what_is_wanted_comes_and_the_rest_is_passed() {
    for store in stores("types") {
        let engine = engine(&store);
        decide(&engine, 0..3);
        let sales = subscribe(&engine, &[EventKind::LeadAssigned], Begin::Start);
        let page = poll(&sales, 2);
        assert_eq!(page.len(), 2);
        assert!(page.iter().all(|event| String::from_utf8_lossy(&event.bytes).contains("lead.assigned.v1")));
        let last = poll(&sales, 2);
        sales.ack(last[0].position).expect("said");
        let of = |engine: &Engine| engine.subscribers().expect("read").remove(0);
        assert_eq!((of(&engine).behind, of(&engine).types), (0, vec![EventKind::LeadAssigned]));
        // What it does not want is passed with what it has worked off.
        let funds = subscribe(&engine, &[EventKind::FundsChanged], Begin::Start);
        assert_eq!(poll(&funds, 10), []);
        funds.ack(last[0].position).expect("said");
        decide(&engine, 3..4);
        assert_eq!(poll(&funds, 10), []);
        let all = subscribe(&engine, &[], Begin::Start);
        assert_eq!(positions(&poll(&all, 10)), [8, 9], "under the same name, from where it was");
        let decided = subscribe(&engine, &[EventKind::LeadDecided], Begin::Start);
        decided.seek(Begin::Start).expect("it is set");
        assert_eq!(positions(&poll(&decided, 10)), [2, 4, 6, 8]);
        for (said, cursor) in [(6, 6), (8, 9)] {
            decided.ack(said).expect("said");
            assert_eq!(of(&engine).position, cursor, "with the last, all that came after it and is not wanted");
        }
    }
}

#[test]
fn somebody_new_begins_where_it_says_and_reads_again_only_when_told() {
    for store in stores("begin") {
        let engine = engine(&store);
        decide(&engine, 0..4);
        let late = subscribe(&engine, &[], Begin::Now);
        assert_eq!(poll(&late, 10), []);
        late.seek(Begin::At(4)).expect("it is set");
        assert_eq!(positions(&poll(&late, 10)), [4, 5, 6, 7, 8, 9]);
        late.ack(9).expect("said");
        let again = subscribe(&engine, &[], Begin::At(2));
        assert_eq!(poll(&again, 10), [], "only a new name begins anew");
        again.seek(Begin::Start).expect("it is set");
        assert_eq!(poll(&again, 100).len(), 9);
        assert_eq!(again.ack(10).expect_err("there is none").code(), Code::InputBadOption);
        assert!(engine.unsubscribe(again.name()).expect("it goes"));
        assert_eq!(again.poll(1).expect_err("it is gone").code(), Code::EventsFenced);
        assert_eq!(positions(&poll(&subscribe(&engine, &[], Begin::At(9)), 10)), [9]);
    }
}

#[test]
fn of_two_pollers_one_moves_the_cursor_and_loses_nothing() {
    for store in stores("two") {
        let engine = engine(&store);
        decide(&engine, 0..6);
        // Each takes the name from the other again and again; who is out says nothing any more.
        let (mut seen, mut fenced) = (Vec::new(), 0);
        let mut reader = subscribe(&engine, &[], Begin::Start);
        for turn in 0.. {
            let page = poll(&reader, 3);
            let Some(last) = page.last() else { break };
            if turn % 2 == 0 {
                let other = subscribe(&engine, &[], Begin::Start);
                let said = reader.ack(last.position).expect_err("the other reads").code();
                assert_eq!((said, reader.poll(1).map_err(|error| error.code())), (Code::EventsFenced, Err(said)));
                fenced += 1;
                reader = other;
            } else {
                seen.extend(positions(&page));
                reader.ack(last.position).expect("said");
            }
        }
        assert_eq!(seen, (1..=13).collect::<Vec<_>>(), "what counted came once, in order");
        assert!(fenced > 3);
    }
}

#[test]
fn a_subscription_does_not_keep_the_engine_open() {
    let engine = Engine::open(plan(), MemoryStore::new()).expect("an engine");
    let subscription = subscribe(&engine, &[], Begin::Start);
    assert_eq!(poll(&subscription, 1), []);
    drop(engine);
    let said = [subscription.poll(1).map(drop), subscription.ack(0), subscription.seek(Begin::Now)];
    assert!(said.into_iter().all(|said| said.expect_err("it is gone").code() == Code::EngineClosed));
}

/// An event as a version before this one wrote it.
#[test]
fn an_event_of_before_is_handed_out() {
    for store in stores("before") {
        let event = |kind, data: &str| Event {
            kind,
            tenant: TenantId::default(),
            subject: "web/L1.1".parse().expect("a decision"),
            at: now(),
            data: data.into(),
        };
        let events = vec![
            event(EventKind::LeadDecided, r#"{"outcome":"assigned"}"#),
            event(EventKind::LeadAssigned, r#"{"buyer":"acme","contract":"acme-il"}"#),
        ];
        let change = Change { events, ..Change::at(now()) };
        store.write(&TenantId::default(), &mut |transaction| transaction.change(&change)).expect("written");
        let read = poll(&subscribe(&engine(&store), &[], Begin::Start), 10);
        let read: Vec<Value> = read.iter().map(|event| serde_json::from_slice(&event.bytes).expect("JSON")).collect();
        assert_eq!(read[0]["data"], serde_json::json!({"outcome": "assigned"}));
        assert_eq!((&read[1]["data"]["buyer"], &read[1]["partitionkey"]), (&"acme".into(), &"web/L1".into()));
    }
}

#[test]
fn a_plan_is_named_once_by_each_engine_that_begins_with_it() {
    for store in stores("plans") {
        let (one, two) = (engine(&store), engine(&store));
        let other = plan_of("other");
        two.swap(other).expect("a plan");
        // While a new plan is rolled out both decide by turns.
        for n in 0..6 {
            decide(if n % 2 == 0 { &one } else { &two }, n..n + 1);
        }
        drop((one, two));
        let again = Engine::with_options(plan_of("other"), store.clone(), EngineOptions::default()).expect("an engine");
        decide(&again, 3..8);
        let events = store.events(&TenantId::default(), 0, 100).expect("events");
        let named = events.iter().filter(|(_, event)| event.kind == EventKind::PlanActivated);
        let names: Vec<String> = named
            .map(|(_, event)| serde_json::from_str::<Value>(&event.data).expect("JSON")["name"].to_string())
            .collect();
        assert_eq!(names, [r#""tiny""#, r#""other""#]);
    }
}

fn plan_of(name: &str) -> Plan {
    let mut documents = plan().to_documents();
    let root = documents.get_mut("plan.jsonc").expect("the root");
    *root = root.replace(r#""plan": "tiny""#, &format!(r#""plan": "{name}""#));
    Plan::load(&MemoryResolver::new(documents), "plan.jsonc").expect("the plan is right")
}
