//! What operations say: over restarts, beside other processes, and against plans that change under it.

use leadwright::engine::{Engine, replay};
use leadwright::model::{Code, EventKind, Outcome, TenantId, Tick, Timestamp};
use leadwright::operate::{DriftIs, Operation};
use leadwright::plan::{MemoryResolver, Plan};
use leadwright::store::SqliteStore;
use std::path::PathBuf;

fn at(text: &str) -> Timestamp {
    text.parse().expect("a time")
}

fn now() -> Timestamp {
    at("2026-11-24T15:30:00Z")
}

fn plan(contracts: &str) -> Plan {
    let text = format!(
        r#"{{ "format": 1, "plan": "tiny", "currency": "USD", "timezone": "America/Chicago",
            "verticals": {{ "roofing": {{ "extends": "us/home-services@1" }} }},
            "sources": {{ "web": {{ "verticals": ["roofing"] }} }},
            "routes": {{ "roofing": {{ "groups": [ {{ "id": "all", "select": "price" }} ], "on_unsold": {{ "then": "store" }} }} }},
            "buyers": {{ "acme": {{ "contracts": {{ {contracts} }} }} }} }}"#
    );
    Plan::load(&MemoryResolver::new([("plan.jsonc", text)]), "plan.jsonc").expect("the plan is right")
}

const MAY: &str = r#""may": { "pause": true, "caps": { "day": { "gte": 1, "lte": 5 } }, "price": { "lte": "50.00" } }"#;

fn usual() -> Plan {
    plan(&format!(
        r#""acme-il": {{ "in": {{ "roofing/all": {{}} }}, "caps": {{ "day": 2 }}, {MAY},
            "sell": {{ "exclusive": {{ "price": "40.00" }} }} }}"#
    ))
}

fn file(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("operate");
    std::fs::create_dir_all(&folder).expect("writable");
    let path = folder.join(name);
    for end in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{end}", path.display()));
    }
    path
}

fn open(plan: Plan, path: &PathBuf) -> Engine {
    Engine::open(plan, SqliteStore::open(path).expect("a store")).expect("an engine")
}

fn lead(n: u32) -> Vec<u8> {
    format!(r#"{{"id":"L{n}","source":"web","phone":"312-867-{}","zip":"60601"}}"#, 5300 + n).into_bytes()
}

fn decide(engine: &Engine, n: u32) -> Outcome {
    engine.decide(&lead(n), Tick::at(now())).expect("it decides").outcome
}

fn say(engine: &Engine, json: &str) -> Result<Vec<EventKind>, Code> {
    let operation = Operation::read(json).map_err(|error| error.code())?;
    let done = engine.operate(&operation, now()).map_err(|error| error.code())?;
    Ok(done.events.iter().map(|event| event.kind).collect())
}

fn set(what: &str) -> String {
    format!(r#"{{"op":"override","contract":"acme-il","set":{what},"by":"ann","reason":"test"}}"#)
}

#[test]
fn it_holds_for_every_engine_on_the_store_and_after_a_restart() {
    let path = file("restart.db");
    let (one, other) = (open(usual(), &path), open(usual(), &path));
    assert_eq!(decide(&other, 1), Outcome::Assigned);
    assert_eq!(say(&one, &set(r#"{"status":"paused"}"#)), Ok(vec![EventKind::OverrideSet]));
    assert_eq!(decide(&other, 2), Outcome::Unsold);
    drop((one, other));
    let again = open(usual(), &path);
    assert_eq!(decide(&again, 3), Outcome::Unsold);
    let cleared = r#"{"op":"clear","contract":"acme-il","by":"ann","reason":"over"}"#;
    assert_eq!(say(&again, cleared), Ok(vec![EventKind::OverrideCleared]));
    assert_eq!(decide(&again, 4), Outcome::Assigned);
    // Decisions made under an override replay after it is gone, and decisions without one too.
    for stored in again.store().decisions(&TenantId::default(), 0, 10).expect("read") {
        assert!(replay(again.store(), &TenantId::default(), &stored.record.id).expect("it replays").same);
    }
}

#[test]
fn nothing_is_set_beyond_what_the_plan_permits() {
    let engine = open(usual(), &file("may.db"));
    for (what, is) in [
        (r#"{"caps":{"day":5}}"#, Ok(vec![EventKind::OverrideSet])),
        (r#"{"caps":{"day":6}}"#, Err(Code::OperationNotPermitted)),
        (r#"{"caps":{"day":0}}"#, Err(Code::OperationNotPermitted)),
        (r#"{"caps":{"hour":1}}"#, Err(Code::OperationNotPermitted)),
        (r#"{"caps":{"days":1}}"#, Err(Code::OperationNotPermitted)),
        (r#"{"price":{"exclusive":"50.01"}}"#, Err(Code::OperationNotPermitted)),
        (r#"{"price":{"exclusive":"-1.00"}}"#, Err(Code::OperationNotPermitted)),
        (r#"{"price":{"shared":"10.00"}}"#, Err(Code::OperationNotPermitted)),
        (r#"{"status":"gone"}"#, Err(Code::OperationMalformed)),
        ("{}", Err(Code::OperationMalformed)),
        // One thing that is not permitted keeps all of it out.
        (r#"{"status":"paused","caps":{"day":6}}"#, Err(Code::OperationNotPermitted)),
    ] {
        assert_eq!(say(&engine, &set(what)), is, "{what}");
    }
    assert_eq!(decide(&engine, 1), Outcome::Assigned, "nothing of what was refused is left");
    let unsaid = r#"{"op":"override","contract":"acme-il","set":{"status":"paused"},"by":" ","reason":"x"}"#;
    assert_eq!(say(&engine, unsaid), Err(Code::OperationMalformed), "nobody says so");
}

#[test]
fn drift_says_what_to_do() {
    let path = file("drift.db");
    let engine = open(usual(), &path);
    say(&engine, &set(r#"{"status":"paused","caps":{"day":4},"price":{"exclusive":"45.00"}}"#)).expect("permitted");
    let until = r#"{"op":"override","contract":"acme-il","set":{"caps":{"day":3}},"by":"ann","reason":"test",
        "until":"2026-11-25T00:00:00Z"}"#;
    say(&engine, until).expect("permitted");
    let is = |engine: &Engine, time: &str| -> Vec<(String, DriftIs)> {
        let found = engine.drift(at(time)).expect("read");
        found.into_iter().map(|drift| (format!("{} {}", drift.contract, drift.what), drift.is)).collect()
    };
    let of = |day, price, status, id: &str| {
        vec![
            (format!("{id} caps.day"), day),
            (format!("{id} price.exclusive"), price),
            (format!("{id} status"), status),
        ]
    };
    let (fold, same) = (DriftIs::ToFold, DriftIs::Same);
    assert_eq!(is(&engine, "2026-11-24T16:00:00Z"), of(DriftIs::ForNow, fold, fold, "acme-il"));
    assert_eq!(is(&engine, "2026-11-25T00:00:00Z"), of(DriftIs::Over, fold, fold, "acme-il"));
    // The plan says the same of one, permits another no more, and the contract has a new name.
    let renamed = r#""acme-illinois": { "was": "acme-il", "in": { "roofing/all": {} }, "status": "paused",
        "may": { "pause": true, "caps": { "day": { "lte": 3 } } }, "sell": { "exclusive": { "price": "40.00" } } }"#;
    engine.swap(plan(renamed)).expect("swapped");
    let not = DriftIs::NotPermitted;
    assert_eq!(is(&engine, "2026-11-24T16:00:00Z"), of(DriftIs::ForNow, not, same, "acme-illinois"));
    let other = r#""acme-wi": { "in": { "roofing/all": {} }, "sell": { "exclusive": { "price": "40.00" } } }"#;
    engine.swap(plan(other)).expect("swapped");
    let gone = DriftIs::Gone;
    assert_eq!(is(&engine, "2026-11-24T16:00:00Z"), of(gone, gone, gone, "acme-il"));
    let cleared = r#"{"op":"clear","contract":"acme-il","by":"ann","reason":"gone"}"#;
    assert_eq!(say(&engine, cleared).map(|events| events.len()), Ok(3), "what is gone can be cleared");
    assert_eq!(is(&engine, "2026-11-24T16:00:00Z"), []);
}

#[test]
fn what_the_plan_of_now_does_not_permit_has_no_effect() {
    let engine = open(usual(), &file("narrower.db"));
    say(&engine, &set(r#"{"status":"paused"}"#)).expect("permitted");
    assert_eq!(decide(&engine, 1), Outcome::Unsold);
    let without = r#""acme-il": { "in": { "roofing/all": {} }, "sell": { "exclusive": { "price": "40.00" } } }"#;
    engine.swap(plan(without)).expect("swapped");
    assert_eq!(decide(&engine, 2), Outcome::Assigned);
}

#[test]
fn a_revocation_is_found_by_every_phone_of_a_lead_and_names_nobody() {
    let path = file("revoked.db");
    let engine = open(usual(), &path);
    let revoke = r#"{"op":"revoke","phone":"+1 (312) 867-5301","email":"jane.canary@example.com","reason":"call"}"#;
    assert_eq!(say(&engine, revoke), Ok(vec![EventKind::ConsentRevoked]));
    let other = br#"{"id":"L7","source":"web","phone":"312-867-5307","phone2":"312.867.5301","zip":"60601"}"#;
    assert_eq!(engine.decide(other, Tick::at(now())).expect("it decides").outcome, Outcome::Suppressed);
    assert_eq!(decide(&engine, 8), Outcome::Assigned);
    for wrong in [
        r#"{"op":"revoke","phone":"867-53"}"#,
        r#"{"op":"revoke","email":"nobody"}"#,
        r#"{"op":"revoke","lead":"web/L99"}"#,
        r#"{"op":"revoke","lead":"L8"}"#,
        r#"{"op":"revoke"}"#,
    ] {
        assert_eq!(say(&engine, wrong), Err(Code::OperationNoPerson), "{wrong}");
    }
    drop(engine);
    let canary = |needle: &[u8]| {
        ["", "-wal"].iter().any(|end| {
            let bytes = std::fs::read(format!("{}{end}", path.display())).unwrap_or_default();
            bytes.windows(needle.len()).any(|part| part == needle)
        })
    };
    assert!(canary(b"312-867-5307"), "leads are kept as they came, so the search finds what is there");
    assert!(!canary(b"jane.canary") && !canary(b"(312) 867-5301"), "the operation left no trace of who it was");
    assert!(canary(b"revoked|phone|"));
}

/// Who takes a consent back is the person of the first lead under an id, and not whoever came later with it.
#[test]
fn a_revocation_by_lead_means_the_person_who_was_sold() {
    let engine = open(usual(), &file("conflict.db"));
    assert_eq!(decide(&engine, 1), Outcome::Assigned);
    let other = br#"{"id":"L1","source":"web","phone":"312-867-5399","zip":"60601"}"#;
    assert_eq!(engine.decide(other, Tick::at(now())).expect("it decides").outcome, Outcome::Rejected);
    assert_eq!(say(&engine, r#"{"op":"revoke","lead":"web/L1"}"#), Ok(vec![EventKind::ConsentRevoked]));
    // Another ZIP each time: the same data under another id is the lead that is known already.
    let phone = |n: u32, phone: &str| {
        let lead = format!(r#"{{"id":"L{n}","source":"web","phone":"312-867-{phone}","zip":"6060{n}"}}"#);
        engine.decide(lead.as_bytes(), Tick::at(now())).expect("it decides").outcome
    };
    assert_eq!(phone(2, "5301"), Outcome::Suppressed);
    assert_eq!(phone(3, "5399"), Outcome::Assigned);
    // The decision that was refused is named by its number.
    say(&engine, r#"{"op":"revoke","lead":"web/L1.2"}"#).expect("it is known");
    assert_eq!(phone(4, "5399"), Outcome::Suppressed);
}

#[test]
fn a_person_within_a_list_is_the_same_person() {
    let text = r#"{ "format": 1, "plan": "lists", "currency": "USD", "timezone": "America/Chicago",
        "verticals": { "roofing": { "extends": "us/home-services@1",
            "fields": { "contacts": { "is": { "list_of": { "cell": { "is": "phone" } } } } } } },
        "sources": { "web": { "verticals": ["roofing"] } },
        "lists": { "opt-outs": { "file": "opt-outs.txt", "of": "phone" } }, "intake": { "suppress": ["opt-outs"] },
        "routes": { "roofing": { "groups": [ { "id": "all", "select": "price" } ], "on_unsold": { "then": "store" } } },
        "buyers": { "acme": { "contracts": { "any": { "in": { "roofing/all": {} }, "sell": { "exclusive": { "price": "40.00" } } } } } } }"#;
    let files = MemoryResolver::new([("plan.jsonc", text), ("opt-outs.txt", "312-867-5390\n")]);
    let engine = open(Plan::load(&files, "plan.jsonc").expect("the plan is right"), &file("within.db"));
    let lead = |id: u32, cell: &str| {
        let lead = format!(
            r#"{{"id":"L{id}","source":"web","phone":"312-867-531{id}","zip":"60601","contacts":[{{"cell":"{cell}"}}]}}"#
        );
        engine.decide(lead.as_bytes(), Tick::at(now())).expect("it decides").outcome
    };
    assert_eq!(lead(1, "(312) 867-5390"), Outcome::Suppressed, "the list has it");
    assert_eq!(lead(2, "(312) 867-5391"), Outcome::Assigned);
    say(&engine, r#"{"op":"revoke","phone":"312.867.5391"}"#).expect("a person");
    assert_eq!(lead(3, "(312) 867-5391"), Outcome::Suppressed, "the phone was revoked");
    assert_eq!(lead(4, "(312) 867-5392"), Outcome::Assigned);
    say(&engine, r#"{"op":"revoke","lead":"web/L4"}"#).expect("a lead that was decided");
    assert_eq!(lead(5, "(312) 867-5392"), Outcome::Suppressed, "the lead was revoked");
}

/// What is over stays known to `drift`, and is a part of no decision any more.
#[test]
fn what_has_ended_is_kept_beside_no_decision() {
    let path = file("ended.db");
    let engine = open(usual(), &path);
    say(&engine, &set(r#"{"status":"paused"},"until":"2026-11-24T16:00:00Z""#)).expect("permitted");
    let reads = |n: u32, time: &str| {
        let decided = engine.decide(&lead(n), Tick::at(at(time))).expect("it decides");
        let stored = engine.store().decision(&TenantId::default(), &decided.id).expect("read").expect("it is there");
        (decided.outcome, stored.record.reads.contains("acme-il\":{\"status"))
    };
    assert_eq!(reads(1, "2026-11-24T15:59:59.999Z"), (Outcome::Unsold, true));
    assert_eq!(reads(2, "2026-11-24T16:00:00Z"), (Outcome::Assigned, false));
    assert_eq!(engine.drift(at("2026-11-24T16:00:00Z")).expect("read").len(), 1);
}

#[test]
fn a_wrong_operation_tells_fields_and_never_values() {
    for wrong in [
        r#"{"op":"revoke","phone":3128675309}"#,
        r#"{"op":"revoke","phone":["312-867-5309"]}"#,
        r#"{"op":"312-867-5309"}"#,
        r#"{"op":"override","contract":"acme-il","set":{"status":"312-867-5309"},"by":"ann","reason":"x"}"#,
        r#""312-867-5309""#,
        r#"{"op":"revoke","phone":"312-867-5309""#,
    ] {
        let error = Operation::read(wrong).expect_err("it is wrong");
        assert!(!error.to_string().contains("867"), "{error}");
    }
    let error = Operation::read(r#"{"op":"revoke","fone":"312-867-5309"}"#).expect_err("it is wrong").to_string();
    assert!(error.contains("`fone`") && !error.contains("867"), "{error}");
    let person = Operation::read(r#"{"op":"revoke","phone":"312-867-5309"}"#).expect("it is right");
    assert!(!format!("{person:?}").contains("867"));
}

#[test]
fn funds_are_paid_once_for_a_key_however_many_ask() {
    let path = file("funds.db");
    let engine = open(usual(), &path);
    let pay = r#"{"op":"funds","buyer":"acme","add":"100.00","by":"ann","reason":"wire","key":"wire-1"}"#;
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let engine = open(usual(), &path);
                for _ in 0..5 {
                    say(&engine, pay).expect("it is done, or was");
                }
            });
        }
    });
    let mut paid = 0;
    let read = engine.store().read(&TenantId::default(), &mut |view| {
        paid = view.counter("buyer:acme|funds")?;
        Ok(())
    });
    read.expect("read");
    assert_eq!(paid, 1_000_000);
    let events = engine.store().events(&TenantId::default(), 0, 100).expect("read");
    assert_eq!(events.iter().filter(|(_, event)| event.kind == EventKind::FundsChanged).count(), 1);
}
