//! What a log shows of a lead: `{:?}` and `{}` of every type that holds one.

use leadwright::address::canonicalize_text;
use leadwright::engine::Engine;
use leadwright::field::{FieldKind, FieldOptions, check};
use leadwright::lists::{Entries, ListOf, MemoryList};
use leadwright::model::{RawValue, Tick, read_raw};
use leadwright::plan::{MemoryResolver, Plan};
use leadwright::redact::{HashKey, Redaction};
use leadwright::schema::Schema;
use leadwright::store::MemoryStore;
use leadwright::validate::{Envelope, ValidateOptions, validate, validate_line};

const LEAD: &str = r#"{"id":"312-867-9417","source":"web","idempotency_key":"idemcanary","first_name":"Qvenzalia","phone":"(312) 867-9417","email":"plover.quokka@quokkahost.com","street":"4417 Wexford Ave","zip":"60601","Fnordfield":"fnordvalue"}"#;
const CANARIES: [&str; 8] =
    ["867-9417", "8679417", "qvenzalia", "quokka", "4417", "wexford", "idemcanary", "fnordvalue"];

#[track_caller]
fn clean(shown: &str) {
    let lower = shown.to_lowercase();
    assert!(CANARIES.iter().all(|canary| !lower.contains(canary)), "{shown}");
}

#[test]
fn debug_of_a_lead_shows_no_value() {
    let raw = read_raw(LEAD.as_bytes()).unwrap().map;
    let schema = Schema::named("us/home-services@1").unwrap();
    let options = ValidateOptions::default();
    let lead = validate(&raw, &schema, &options);
    clean(&format!("{raw:?} {:?} {lead:?} {:?}", Envelope::read(&raw), lead.canonical.values()));
    clean(&format!("{:?}", validate_line(LEAD.as_bytes(), 1, &schema, &options)));
    let outcome = check(FieldKind::Phone, &RawValue::text("(312) 867-9417 x4417"), "", &FieldOptions::default());
    clean(&format!("{outcome:?}"));
    clean(&format!("{:?}", canonicalize_text("4417 Wexford Ave, Chicago IL 60601", "")));
    let entries = Entries::plain(ListOf::Phone);
    clean(&format!("{:?}", MemoryList::new(entries.clone(), "1", entries.digests("+13128679417"))));
    clean(&format!("{:?}", Redaction::Hashed(HashKey::new(b"idemcanary-idemcanary").unwrap())));
}

#[test]
fn debug_of_a_decision_shows_no_value() {
    let plan = r#"{ "format": 1, "plan": "tiny", "currency": "USD", "timezone": "America/Chicago",
        "verticals": { "roofing": { "extends": "us/home-services@1" } }, "sources": { "web": { "verticals": ["roofing"] } },
        "routes": { "roofing": { "groups": [ { "id": "all", "select": "price" } ], "on_unsold": { "then": "store" } } } }"#;
    let plan = Plan::load(&MemoryResolver::new([("plan.jsonc", plan)]), "plan.jsonc").unwrap();
    let engine = Engine::open(plan, MemoryStore::new()).unwrap();
    let lead = LEAD.replace("312-867-9417\",\"source", "L1\",\"source");
    let tick = Tick::at("2026-11-24T15:30:00Z".parse().unwrap());
    let decided = engine.decide(lead.as_bytes(), tick).unwrap();
    let stored = engine.store().decision(engine.tenant(), &decided.id).unwrap().unwrap();
    clean(&format!("{decided:?} {stored:?} {:?}", engine.prepare(lead.as_bytes(), tick)));
    let explained = leadwright::engine::explain(engine.store(), engine.tenant(), &decided.id).unwrap();
    clean(&format!("{explained:?}"));
}
