//! Rules that only an engine on a store shows: many threads, another plan, a lead that came to nothing.

use leadwright::engine::{Engine, EngineOptions, replay};
use leadwright::model::{Outcome, TenantId, Tick};
use leadwright::plan::{MemoryResolver, Plan};
use leadwright::store::{MemoryStore, SqliteStore, Store};
use std::path::Path;
use std::sync::Arc;

const LEADS: usize = 64;
const THREADS: usize = 8;

/// One contract that takes `cap` leads a day and wants homeowners.
fn plan(cap: usize) -> Plan {
    let text = r#"{
        "format": 1, "plan": "rules", "currency": "USD", "timezone": "America/Chicago",
        "verticals": { "roofing": { "extends": "us/home-services@1" } },
        "sources": { "web": { "verticals": ["roofing"] } },
        "intake": { "dedupe": [ { "any": ["phone"], "within": "30d", "scope": "vertical", "against": "sold" } ] },
        "routes": { "roofing": { "groups": [ { "id": "all", "select": "price" } ], "on_unsold": { "then": "store" } } },
        "buyers": { "acme": { "contracts": { "acme-all": {
            "in": { "roofing/all": {} }, "where": { "homeowner": true }, "caps": { "day": CAP },
            "sell": { "exclusive": { "price": "40.00" } } } } } }
    }"#;
    let files = MemoryResolver::new([("plan.jsonc", text.replace("CAP", &cap.to_string()))]);
    Plan::load(&files, "plan.jsonc").expect("the plan is right")
}

fn tick() -> Tick {
    Tick::at("2026-11-24T15:30:00Z".parse().expect("a time"))
}

fn lead(id: usize, phone: usize, homeowner: bool) -> String {
    // The comment makes it another request: the same content again within a minute is the same one (rule 70).
    format!(
        r#"{{"id":"L{id}","source":"web","phone":"+1312867{phone:04}","zip":"60601","homeowner":{homeowner},"comments":"{id}"}}"#
    )
}

fn decide(engine: &Engine, lead: &str) -> Outcome {
    engine.decide(lead.as_bytes(), tick()).expect("it decides").outcome
}

/// Every store there is, each empty.
fn stores(name: &str) -> Vec<Arc<dyn Store>> {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}.db"));
    for end in ["db", "db-wal", "db-shm"] {
        let _ = std::fs::remove_file(path.with_extension(end));
    }
    vec![Arc::new(MemoryStore::new()), Arc::new(SqliteStore::open(path).expect("a new store"))]
}

fn engine(cap: usize, store: &Arc<dyn Store>) -> Engine {
    Engine::with_options(plan(cap), store.clone(), EngineOptions::default()).expect("an engine")
}

/// Decides the leads in many threads at once; how often each outcome came.
fn at_once(engine: &Engine, leads: &[String]) -> (usize, usize, usize) {
    let outcomes: Vec<Outcome> = std::thread::scope(|scope| {
        let parts = leads.chunks(leads.len().div_ceil(THREADS));
        let threads: Vec<_> = parts
            .map(|part| scope.spawn(|| part.iter().map(|lead| decide(engine, lead)).collect::<Vec<_>>()))
            .collect();
        threads.into_iter().flat_map(|thread| thread.join().expect("no panic")).collect()
    });
    let count = |wanted| outcomes.iter().filter(|outcome| **outcome == wanted).count();
    (count(Outcome::Assigned), count(Outcome::Duplicate), count(Outcome::Unsold))
}

#[test]
fn rule_015_a_cap_counts_with_the_decision_however_many_decide_at_once() {
    for store in stores("rule-015") {
        let leads: Vec<String> = (0..LEADS).map(|n| lead(n, 1_000 + n, true)).collect();
        assert_eq!(at_once(&engine(5, &store), &leads), (5, 0, LEADS - 5));
    }
}

#[test]
fn rule_068_of_one_person_at_once_one_lead_is_sold() {
    for store in stores("rule-068") {
        let leads: Vec<String> = (0..LEADS).map(|n| lead(n, 5_309, true)).collect();
        assert_eq!(at_once(&engine(LEADS, &store), &leads), (1, LEADS - 1, 0));
    }
}

#[test]
fn rule_069_a_lead_that_nobody_bought_makes_no_duplicate() {
    for store in stores("rule-069") {
        let engine = engine(1, &store);
        assert_eq!(decide(&engine, &lead(1, 5_309, false)), Outcome::Unmatched);
        assert_eq!(decide(&engine, &lead(2, 5_309, true)), Outcome::Assigned);
        assert_eq!(decide(&engine, &lead(3, 5_309, true)), Outcome::Duplicate);
        assert_eq!(decide(&engine, &lead(4, 5_310, true)), Outcome::Unsold);
        assert_eq!(decide(&engine, &lead(5, 5_310, false)), Outcome::Unmatched);
    }
}

#[test]
fn rule_086_counters_outlive_the_plan_and_a_decision_names_its_own() {
    for store in stores("rule-086") {
        let engine = engine(2, &store);
        let of = |n: usize| {
            let decided = engine.decide(lead(n, 1_000 + n, true).as_bytes(), tick()).expect("it decides");
            let body: serde_json::Value = serde_json::from_slice(&decided.body).expect("JSON");
            (decided.outcome, body["plan"].as_str().expect("a hash").to_owned())
        };
        let old = engine.plan().hash().to_owned();
        assert_eq!([of(1), of(2), of(3)].map(|(outcome, _)| outcome)[2], Outcome::Unsold);
        engine.swap(plan(3)).expect("another plan");
        let new = engine.plan().hash().to_owned();
        assert_ne!(old, new);
        assert_eq!(of(4), (Outcome::Assigned, new.clone()), "two of three were used");
        assert_eq!(of(5), (Outcome::Unsold, new));
        // What was decided stays under the plan that decided it.
        assert_eq!(of(1), (Outcome::Assigned, old));
    }
}

/// Leads wait for a transaction while the plan changes: the places of contracts in another plan say nothing.
#[test]
fn rule_086_a_lead_that_was_prepared_for_another_plan_is_prepared_again() {
    let with = |contracts: &str| {
        let text = format!(
            r#"{{ "format": 1, "plan": "rules", "currency": "USD", "timezone": "America/Chicago",
            "verticals": {{ "roofing": {{ "extends": "us/home-services@1" }} }},
            "sources": {{ "web": {{ "verticals": ["roofing"] }} }},
            "routes": {{ "roofing": {{ "groups": [ {{ "id": "all", "select": "price" }} ], "on_unsold": {{ "then": "store" }} }} }},
            "buyers": {{ "acme": {{ "contracts": {{ {contracts} }} }} }} }}"#
        );
        Plan::load(&MemoryResolver::new([("plan.jsonc", text)]), "plan.jsonc").expect("the plan is right")
    };
    let contract = |id: &str, state: &str| {
        format!(
            r#""{id}": {{ "in": {{ "roofing/all": {{}} }}, "where": {{ "state": "{state}" }},
            "sell": {{ "exclusive": {{ "price": "40.00" }} }} }}"#
        )
    };
    let before = with(&contract("mid-il", "IL"));
    // One that stands before it takes its place, and would get a lead that it does not want.
    let after = with(&[contract("a-wi", "WI"), contract("mid-il", "IL")].join(","));
    for store in stores("rule-086-swap") {
        let engine = Engine::with_options(before.clone(), store.clone(), EngineOptions::default()).expect("an engine");
        let lead = engine.prepare(lead(1, 5_309, true).as_bytes(), tick());
        engine.swap(after.clone()).expect("another plan");
        let decided = engine.settle(&[lead]).expect("it settles").remove(0);
        let body: serde_json::Value = serde_json::from_slice(&decided.body).expect("JSON");
        assert_eq!(body["assignments"][0]["contract"], "mid-il");
        assert_eq!(body["plan"], after.hash());
        assert!(replay(&*store, &TenantId::default(), &decided.id).expect("it replays").same);
    }
}

/// Two rules for the same phone: what the one with the shorter time has not found is not unknown to the other.
#[test]
fn rule_067_a_rule_that_looks_further_back_asks_again() {
    let text = r#"{ "format": 1, "plan": "rules", "currency": "USD", "timezone": "America/Chicago",
        "verticals": { "roofing": { "extends": "us/home-services@1" } },
        "sources": { "web": { "verticals": ["roofing"] } },
        "intake": { "dedupe": [ { "any": ["phone"], "within": "1h", "scope": "vertical", "against": "sold" },
                                { "any": ["phone"], "within": "30d", "scope": "vertical", "against": "sold" } ] },
        "routes": { "roofing": { "groups": [ { "id": "all", "select": "price" } ], "on_unsold": { "then": "store" } } },
        "buyers": { "acme": { "contracts": { "any": { "in": { "roofing/all": {} }, "sell": { "exclusive": { "price": "40.00" } } } } } } }"#;
    let plan = Plan::load(&MemoryResolver::new([("plan.jsonc", text)]), "plan.jsonc").expect("the plan is right");
    for store in stores("rule-067") {
        let engine = Engine::with_options(plan.clone(), store.clone(), EngineOptions::default()).expect("an engine");
        assert_eq!(decide(&engine, &lead(1, 5_309, true)), Outcome::Assigned);
        let later = Tick::at("2026-11-26T15:30:00Z".parse().expect("a time"));
        let second = engine.decide(lead(2, 5_309, true).as_bytes(), later).expect("it decides");
        assert_eq!(second.outcome, Outcome::Duplicate);
        assert!(replay(&*store, &TenantId::default(), &second.id).expect("it replays").same);
    }
}
