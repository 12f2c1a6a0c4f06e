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

/// A number that the schema asks for, one that it does not, one under a plain name, and one in a thing of a list.
#[test]
fn the_store_has_no_digit_of_a_social_security_number() {
    let plan = r#"{ "format": 1, "plan": "tiny", "currency": "USD", "timezone": "America/Chicago",
        "verticals": { "loans": { "fields": { "phone": { "is": "phone" }, "ssn": { "is": "ssn" },
            "people": { "is": { "list_of": { "number": { "is": "ssn" } } }, "optional": true } } } },
        "sources": { "web": { "verticals": ["loans"] } },
        "routes": { "loans": { "groups": [ { "id": "all", "select": "price" } ], "on_unsold": { "then": "store" } } } }"#;
    let plan = Plan::load(&MemoryResolver::new([("plan.jsonc", plan)]), "plan.jsonc").unwrap();
    let engine = Engine::open(plan, MemoryStore::new()).unwrap();
    let tick = Tick::at("2026-11-24T15:30:00Z".parse().unwrap());
    let numbers = r#""phone":"312-555-0100","SSN":"219-09-1234","co_ssn":219091234,"memo":"219 09 1234","people":[{"number":"219091234"}]"#;
    for start in [r#""id":"L1","source":"web""#, r#""id":"L2""#, r#""id":"L3","source":"nobody""#, r#""source":"web""#]
    {
        let decided = engine.decide(format!("{{{start},{numbers}}}").as_bytes(), tick).unwrap();
        let stored = engine.store().decision(engine.tenant(), &decided.id).unwrap().unwrap();
        let record = &stored.record;
        let written = String::from_utf8([&record.input[..], &record.body, &decided.body].concat()).unwrap();
        assert!(written.contains("312-555-0100") && !written.contains("1234"), "{start}: {written}");
        let again = leadwright::engine::replay(engine.store(), engine.tenant(), &decided.id).unwrap();
        assert!(again.same, "{start}");
    }
}
