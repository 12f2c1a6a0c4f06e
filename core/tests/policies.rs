//! What a plan does about problems, seen through the engine.

use leadwright::engine::{Engine, EngineOptions, replay};
use leadwright::model::{Outcome, TenantId, Tick};
use leadwright::plan::{MemoryResolver, Plan};
use leadwright::store::MemoryStore;
use std::sync::Arc;

const LEAD: &str = r#"{"id":"L1","source":"web","phone":"312-867-5309","name":"asdfgh jkl"}"#;

fn plan(problems: &str) -> Plan {
    let text = format!(
        r#"{{ "format": 1, "plan": "p", "currency": "USD", "timezone": "America/Chicago",
        "verticals": {{ "roofing": {{ "extends": "us/home-services@1", "problems": {problems} }} }},
        "sources": {{ "web": {{ "verticals": ["roofing"] }} }},
        "intake": {{ "dedupe": [ {{ "any": ["phone"], "within": "30d", "scope": "vertical", "against": "seen" }} ] }},
        "routes": {{ "roofing": {{ "groups": [ {{ "id": "all", "select": "price" }} ], "on_unsold": {{ "then": "store" }} }} }},
        "buyers": {{ "acme": {{ "contracts": {{ "any": {{ "in": {{ "roofing/all": {{}} }}, "sell": {{ "exclusive": {{ "price": "40.00" }} }} }} }} }} }} }}"#
    );
    Plan::load(&MemoryResolver::new([("plan.jsonc", text)]), "plan.jsonc").expect("the plan is right")
}

fn engine(plan: Plan, store: Arc<MemoryStore>) -> Engine {
    Engine::with_options(plan, store, EngineOptions::default()).expect("an engine")
}

fn at(text: &str) -> Tick {
    Tick::at(text.parse().expect("a time"))
}

#[test]
fn a_held_lead_is_decided_anew_once_when_no_policy_holds_it_any_longer() {
    let store = Arc::new(MemoryStore::new());
    let strict = engine(plan(r#"{ "name.gibberish": "hold" }"#), store.clone());
    let first = strict.decide(LEAD.as_bytes(), at("2026-11-24T15:30:00Z")).expect("it decides");
    assert_eq!((first.outcome, first.id.n), (Outcome::Queued, 1));
    let again = strict.decide(LEAD.as_bytes(), at("2026-11-24T15:40:00Z")).expect("it decides");
    assert!(again.receipt.replayed && again.body == first.body, "still held: the answer of then");

    let lenient = engine(plan("{}"), store.clone());
    let second = lenient.decide(LEAD.as_bytes(), at("2026-11-24T16:30:00Z")).expect("it decides");
    assert_eq!((second.outcome, second.id.n, second.receipt.replayed), (Outcome::Assigned, 2, false));
    assert!(String::from_utf8_lossy(&second.body).contains(r#""parent":"web/L1.1""#));
    let third = lenient.decide(LEAD.as_bytes(), at("2026-11-24T17:30:00Z")).expect("it decides");
    assert!(third.receipt.replayed && third.id == second.id, "it is not sold twice");
    for id in [&first.id, &second.id] {
        assert!(replay(&*store, &TenantId::default(), id).expect("it replays").same, "{id}");
    }
}

#[test]
fn a_policy_to_reject_comes_before_one_to_hold() {
    let engine = engine(
        plan(r#"{ "name.gibberish": "hold", "address": "warn", "field.missing": "warn", "phone": "reject" }"#),
        Arc::new(MemoryStore::new()),
    );
    let lead = LEAD.replace("312-867-5309", "312-555-0143");
    let decided = engine.decide(lead.as_bytes(), at("2026-11-24T15:30:00Z")).expect("it decides");
    assert_eq!(decided.outcome, Outcome::Rejected);
}

#[test]
fn a_held_lead_that_comes_again_is_no_repetition_of_itself() {
    let text = r#"{ "format": 1, "plan": "p", "currency": "USD", "timezone": "America/Chicago",
        "verticals": { "roofing": { "extends": "us/home-services@1", "problems": PROBLEMS } },
        "sources": { "web": { "verticals": ["roofing"] } },
        "intake": { "repeats": { "phone": "7d" } },
        "routes": { "roofing": { "groups": [ { "id": "all", "select": "price" } ], "on_unsold": { "then": "store" } } },
        "buyers": { "acme": { "contracts": { "any": { "in": { "roofing/all": {} }, "repeats": { "phone": 0 },
            "sell": { "exclusive": { "price": "40.00" } } } } } } }"#;
    let plan = |problems: &str| {
        let files = MemoryResolver::new([("plan.jsonc", text.replace("PROBLEMS", problems))]);
        Plan::load(&files, "plan.jsonc").expect("the plan is right")
    };
    let store = Arc::new(MemoryStore::new());
    let strict = engine(plan(r#"{ "name.gibberish": "hold" }"#), store.clone());
    let first = strict.decide(LEAD.as_bytes(), at("2026-11-24T15:30:00Z")).expect("it decides");
    assert_eq!(first.outcome, Outcome::Queued);
    let second = engine(plan("{}"), store).decide(LEAD.as_bytes(), at("2026-11-24T16:30:00Z")).expect("it decides");
    assert_eq!(second.outcome, Outcome::Assigned, "its phone came once");
}
