//! The error ledger of a store: counts are exact, it tells what is new, and what was mended is decided again.

use leadwright::engine::{Engine, EngineOptions, replay};
use leadwright::model::{Code, EventKind, Outcome, Problem, Severity, TenantId, Tick};
use leadwright::operate::{Operation, Release};
use leadwright::plan::{MemoryResolver, Plan};
use leadwright::report::Ledger;
use leadwright::store::{GroupState, MemoryStore, SqliteStore, Store};
use std::sync::Arc;

fn plan(problems: &str) -> Plan {
    let text = format!(
        r#"{{ "format": 1, "plan": "p", "currency": "USD", "timezone": "America/Chicago",
        "verticals": {{ "roofing": {{ "extends": "us/home-services@1", "problems": {problems} }} }},
        "sources": {{ "web": {{ "verticals": ["roofing"] }}, "affil": {{ "verticals": ["roofing"] }} }},
        "routes": {{ "roofing": {{ "groups": [ {{ "id": "all", "select": "price" }} ], "on_unsold": {{ "then": "store" }} }} }},
        "buyers": {{ "acme": {{ "contracts": {{ "any": {{ "in": {{ "roofing/all": {{}} }}, "sell": {{ "exclusive": {{ "price": "40.00" }} }} }} }} }} }} }}"#
    );
    Plan::load(&MemoryResolver::new([("plan.jsonc", text)]), "plan.jsonc").expect("the plan is right")
}

fn each(name: &str, test: impl Fn(Arc<dyn Store>)) {
    test(Arc::new(MemoryStore::new()));
    let folder = std::env::temp_dir().join(format!("leadwright-errors-{name}-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    test(Arc::new(SqliteStore::open(folder.join("leads.db")).expect("a store")));
    std::fs::remove_dir_all(folder).expect("it goes");
}

fn engine(plan: Plan, store: &Arc<dyn Store>) -> Engine {
    Engine::with_options(plan, store.clone(), EngineOptions::default()).expect("an engine")
}

fn at(text: &str) -> Tick {
    Tick::at(text.parse().expect("a time"))
}

/// A lead with a disposable address, or a good one; every third phone is too short.
fn lead(n: u32) -> String {
    let source = if n.is_multiple_of(2) { "web" } else { "affil" };
    let email = if n % 4 < 2 { "ada@mailinator.com" } else { "ada@example.com" };
    let phone = if n.is_multiple_of(3) { "312-867".to_owned() } else { format!("312-867-53{:02}", n % 100) };
    format!(r#"{{"id":"L{n}","source":"{source}","email":"{email}","phone":"{phone}","comments":"no {n}"}}"#)
}

#[derive(serde::Deserialize)]
struct Told {
    problems: Vec<Problem>,
}

#[test]
fn counts_are_those_of_the_decisions() {
    each("counts", |store| {
        let engine = engine(plan(r#"{ "email.disposable": "warn" }"#), &store);
        let lines: Vec<String> = (0..300).map(lead).collect();
        engine.decide_batch(lines.join("\n").as_bytes(), at("2026-11-24T15:30:00Z")).expect("it decides");
        // A test lead is in no report, and in no ledger.
        let test = br#"{"id":"T","source":"web","test":true,"phone":"1"}"#;
        engine.decide(test, at("2026-11-24T15:31:00Z")).expect("it decides");
        let mut ledger = Ledger::default();
        for stored in store.decisions(&TenantId::default(), 0, 1_000).expect("they are read") {
            let told: Told = serde_json::from_slice(&stored.record.body).expect("a decision");
            let wrong = told.problems.iter().filter(|problem| problem.severity > Severity::Info);
            let source = Some(stored.record.id.source.as_str()).filter(|_| stored.record.id.lead.as_str() != "T");
            wrong.filter(|_| source.is_some()).for_each(|problem| ledger.add(problem, source, stored.record.at));
        }
        let rows = engine.problems().expect("they are read");
        let kept: Vec<_> = rows.iter().map(|row| row.group.clone()).collect();
        let counted: Vec<_> = ledger.groups().cloned().collect();
        assert_eq!(kept, counted);
        assert!(kept.len() >= 4);
        let text = serde_json::to_string(&rows).expect("they are written");
        assert!(!text.contains("mailinator") && !text.contains("867"), "shapes, never values");
    });
}

fn operate(engine: &Engine, text: &str, now: &str) {
    let operation = Operation::read(text).expect("it is read");
    engine.operate(&operation, at(now).now).expect("it is done");
}

#[test]
fn it_tells_what_is_new_and_what_came_back() {
    each("news", |store| {
        let engine = engine(plan("{}"), &store);
        let decide = |n: u32, now: &str| engine.decide(lead(n).as_bytes(), at(now)).expect("it decides");
        let told = |kind: EventKind| {
            let events = store.events(&TenantId::default(), 0, 1_000).expect("they are read").into_iter();
            events.filter(|(_, event)| event.kind == kind).map(|(_, event)| event.data).collect::<Vec<_>>()
        };
        decide(6, "2026-11-24T15:30:00Z");
        decide(18, "2026-11-24T15:31:00Z");
        let phone = told(EventKind::ProblemNew).into_iter().filter(|data| data.contains("phone.too_short"));
        assert_eq!(phone.count(), 1, "the second time it is no news");
        let rows = engine.problems().expect("they are read");
        let row = rows.iter().find(|row| row.group.code == Code::PhoneTooShort).expect("it is there");
        let problem = row.group.fingerprint;
        let say =
            |op: &str| format!(r#"{{"op":"{op}","problem":"{problem}","by":"ann","reason":"the form is mended"}}"#);
        operate(&engine, &say("acknowledge"), "2026-11-24T15:32:00Z");
        decide(30, "2026-11-24T15:33:00Z");
        operate(&engine, &say("resolve"), "2026-11-24T15:34:00Z");
        assert!(told(EventKind::ProblemRegressed).is_empty());
        decide(42, "2026-11-24T15:35:00Z");
        decide(54, "2026-11-24T15:36:00Z");
        let [back] = told(EventKind::ProblemRegressed).try_into().expect("one");
        assert!(back.contains(&problem.to_string()), "{back}");
        let rows = engine.problems().expect("they are read");
        let row = rows.iter().find(|row| row.group.fingerprint == problem).expect("it is there");
        assert_eq!((row.state, row.group.count), (GroupState::Regressed, 5));
        let nobody = say("resolve").replace(&problem.to_string(), "lwp1:00000000000000000000000000000000");
        let refused = engine.operate(&Operation::read(&nobody).expect("it is read"), at("2026-11-24T16:00:00Z").now);
        assert_eq!(refused.expect_err("there is none").code(), Code::OperationUnknownName);
    });
}

#[test]
fn rule_088_what_was_mended_is_decided_again_once() {
    each("retry", |store| {
        let strict = engine(plan(r#"{ "email.disposable": "reject" }"#), &store);
        let now = at("2026-11-24T15:30:00Z");
        for n in 0..40 {
            strict.decide(lead(n).as_bytes(), now).expect("it decides");
        }
        let rows = strict.problems().expect("they are read");
        let of_web = |row: &&leadwright::store::ProblemGroup| {
            row.group.code == Code::EmailDisposable && row.group.source.as_deref() == Some("web")
        };
        let problem = rows.iter().find(of_web).expect("it is there").group.fingerprint;
        let later = at("2026-11-25T15:30:00Z");
        let same = strict.retry(&problem, later, false).expect("it tries");
        assert_eq!(same.len(), 10);
        assert!(same.iter().all(|one| one.now == Outcome::Rejected && one.decided.is_none()), "nothing was mended");

        let lenient = engine(plan(r#"{ "email.disposable": "warn" }"#), &store);
        let before = store.decisions(&TenantId::default(), 0, 1_000).expect("they are read").len();
        let dry = lenient.retry(&problem, later, true).expect("it tries");
        // Every third has no phone that could be called, and stays rejected.
        let sold = |outcome: Outcome| dry.iter().filter(|one| one.now == outcome && one.decided.is_none()).count();
        assert_eq!((sold(Outcome::Assigned), sold(Outcome::Rejected)), (6, 4));
        assert_eq!(store.decisions(&TenantId::default(), 0, 1_000).expect("they are read").len(), before);
        let done = lenient.retry(&problem, later, false).expect("it tries");
        for one in done.iter().filter(|one| one.now != one.before) {
            let decided = one.decided.as_ref().expect("it is decided");
            assert_eq!((decided.outcome, decided.id.n, decided.id.source.as_str()), (Outcome::Assigned, 2, "web"));
            assert!(String::from_utf8_lossy(&decided.body).contains(&format!(r#""parent":"{}""#, one.was)));
            assert!(replay(&*store, &TenantId::default(), &decided.id).expect("it replays").same);
            // Whoever sends it again gets the new answer.
            let n = one.was.lead.as_str().trim_start_matches('L').parse().expect("a number");
            let again = lenient.decide(lead(n).as_bytes(), later).expect("it decides");
            assert!(again.receipt.replayed && again.id == decided.id);
        }
        let left = lenient.retry(&problem, later, false).expect("it tries");
        assert_eq!((done.len(), left.len()), (10, 4));
        assert!(left.iter().all(|one| one.decided.is_none()), "the others are sold, and of these nothing is new");
    });
}

/// One damaged row is named, and keeps nobody from the others.
#[test]
#[cfg(feature = "sqlite")]
fn a_damaged_row_does_not_stop_a_retry() {
    let folder = std::path::PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("retry-damaged");
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("a folder");
    let path = folder.join("leads.db");
    let store: Arc<dyn Store> = Arc::new(leadwright::store::SqliteStore::open(&path).expect("a store"));
    let strict = engine(plan(r#"{ "email.disposable": "reject" }"#), &store);
    for n in 0..40 {
        strict.decide(lead(n).as_bytes(), at("2026-11-24T15:30:00Z")).expect("it decides");
    }
    let problem = group_of(&strict, Code::EmailDisposable);
    let later = at("2026-11-25T15:30:00Z");
    let all = strict.retry(&problem, later, true).expect("it tries");
    let spoilt = [&all[0].was, &all[1].was];
    let raw = rusqlite::Connection::open(&path).expect("it opens");
    for (id, what) in spoilt.iter().zip(["body = x'7b'", "reads = '{'"]) {
        let sql = format!("UPDATE decision SET {what} WHERE source = ?1 AND lead = ?2");
        raw.execute(&sql, [id.source.as_str(), id.lead.as_str()]).expect("it is damaged");
    }
    let lenient = engine(plan(r#"{ "email.disposable": "warn" }"#), &store);
    let tried = lenient.retry(&problem, later, false).expect("it goes on");
    let named: Vec<_> = tried.iter().filter(|one| one.damaged).map(|one| &one.was).collect();
    assert_eq!(named, spoilt);
    assert!(tried.iter().filter(|one| one.damaged).all(|one| one.decided.is_none() && one.now == one.before));
    assert_eq!(tried.len(), all.len());
    assert!(tried.iter().any(|one| one.decided.is_some()));
    let json = serde_json::to_string(&tried[0]).expect("it is written");
    assert!(json.ends_with(r#","damaged":true}"#), "{json}");
}

fn group_of(engine: &Engine, code: Code) -> leadwright::model::Fingerprint {
    let rows = engine.problems().expect("they are read");
    rows.iter().find(|row| row.group.code == code).expect("it is there").group.fingerprint
}

/// A request under the id of a sold lead was refused: it is no lead that could be sold once the problem is mended.
#[test]
fn a_namesake_that_was_refused_is_not_sold_by_a_retry() {
    each("namesake", |store| {
        let engine = engine(plan("{}"), &store);
        let now = at("2026-11-24T15:30:00Z");
        let first = engine
            .decide(br#"{"id":"L1","source":"web","phone":"312-867-5301","zip":"60601"}"#, now)
            .expect("it decides");
        assert_eq!(first.outcome, Outcome::Assigned);
        let other = br#"{"id":"L1","source":"web","phone":"312-867-5302","zip":"60601"}"#;
        assert_eq!(engine.decide(other, now).expect("it decides").outcome, Outcome::Rejected);
        for code in [Code::LeadIdConflict, Code::AddressNoStreet] {
            let tried = engine.retry(&group_of(&engine, code), at("2026-11-25T15:30:00Z"), false).expect("it tries");
            assert!(tried.is_empty(), "{code}");
        }
        assert_eq!(store.outbox(&TenantId::default(), 0, 10).expect("they are read").len(), 1);
    });
}

#[test]
fn who_was_dropped_is_not_sold_by_a_retry() {
    each("dropped", |store| {
        let strict = engine(plan(r#"{ "name.gibberish": "hold" }"#), &store);
        let now = at("2026-11-24T15:30:00Z");
        let lead = br#"{"id":"L1","source":"web","phone":"312-867-5301","name":"asdfgh jkl"}"#;
        assert_eq!(strict.decide(lead, now).expect("it decides").outcome, Outcome::Queued);
        let drop = Release::read(r#"{"lead":"web/L1","do":"drop","by":"ann","reason":"a joke"}"#).expect("it is read");
        strict.release(&drop, now).expect("it decides");
        let lenient = engine(plan("{}"), &store);
        let problem = group_of(&lenient, Code::NameGibberish);
        assert!(lenient.retry(&problem, at("2026-11-25T15:30:00Z"), false).expect("it tries").is_empty());
    });
}

/// The values of a lead that nobody took are remembered where duplicates are found among all that were seen.
#[test]
fn a_lead_that_is_tried_again_is_no_duplicate_of_itself() {
    each("itself", |store| {
        let plan = |where_: &str| {
            let text = r#"{ "format": 1, "plan": "p", "currency": "USD", "timezone": "America/Chicago",
                "verticals": { "roofing": { "extends": "us/home-services@1" } },
                "sources": { "web": { "verticals": ["roofing"] } },
                "intake": { "repeats": { "phone": "7d" },
                    "dedupe": [ { "any": ["phone"], "within": "30d", "scope": "vertical", "against": "seen" } ] },
                "routes": { "roofing": { "groups": [ { "id": "all", "select": "price" } ], "on_unsold": { "then": "store" } } },
                "buyers": { "acme": { "contracts": { "any": { "in": { "roofing/all": {} }, "repeats": { "phone": 0 }, WHERE
                    "sell": { "exclusive": { "price": "40.00" } } } } } } }"#;
            let text = text.replace("WHERE", where_);
            Plan::load(&MemoryResolver::new([("plan.jsonc", text)]), "plan.jsonc").expect("the plan is right")
        };
        let strict = engine(plan(r#""where": { "homeowner": true },"#), &store);
        let now = at("2026-11-24T15:30:00Z");
        let lead = br#"{"id":"L1","source":"web","phone":"312-867-5301","zip":"60601"}"#;
        assert_eq!(strict.decide(lead, now).expect("it decides").outcome, Outcome::Unmatched);
        let lenient = engine(plan(""), &store);
        let problem = group_of(&lenient, Code::AddressNoStreet);
        let dry = lenient.retry(&problem, at("2026-11-25T15:30:00Z"), true).expect("it tries");
        assert_eq!(dry[0].now, Outcome::Assigned);
        let done = lenient.retry(&problem, at("2026-11-25T15:30:00Z"), false).expect("it tries");
        let id = &done[0].decided.as_ref().expect("it is decided").id;
        assert!(replay(&*store, &TenantId::default(), id).expect("it replays").same);
    });
}
