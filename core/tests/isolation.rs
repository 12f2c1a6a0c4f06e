//! One buyer that does not work hurts nobody else: breakers, leads at once, tries again, turns; and decisions that see it.

use leadwright::care::verify;
use leadwright::engine::{Engine, EngineOptions, explain, replay};
use leadwright::model::{AttemptClass, BreakerState, Code, DecisionId, EventKind, TenantId, Tick, Timestamp};
use leadwright::operate::{BreakerSeen, ClaimDeliveries, DeliveryOutcome, Operation, Sending};
use leadwright::plan::{MemoryResolver, Plan};
use leadwright::store::{MemoryStore, SqliteStore, Store};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

fn at(seconds: i64) -> Timestamp {
    let begin: Timestamp = "2026-11-24T15:30:00Z".parse().expect("a time");
    begin.plus_millis(seconds * 1_000)
}

/// Acme pays more than best; each other buyer gets the leads of its own ZIP code.
fn plan(deliver: &str) -> Plan {
    let buyer = |name: &str, price: &str, zips: &str, deliver: &str| {
        format!(
            r#""{name}": {{ {deliver} "contracts": {{ "{name}-1": {{ "in": {{ "roofing/all": {{}} }}, "where": {{ "zip": [{zips}] }},
                "sell": {{ "exclusive": {{ "price": "{price}" }} }} }} }} }}"#
        )
    };
    let text = format!(
        r#"{{ "format": 1, "plan": "tiny", "currency": "USD", "timezone": "America/Chicago",
            "verticals": {{ "roofing": {{ "extends": "us/home-services@1" }} }},
            "sources": {{ "web": {{ "verticals": ["roofing"] }} }},
            "routes": {{ "roofing": {{ "groups": [ {{ "id": "all", "select": "price" }} ], "on_unsold": {{ "then": "store" }} }} }},
            "buyers": {{ {}, {}, {} }} }}"#,
        buyer("acme", "40.00", r#""60601", "60602""#, deliver),
        buyer("best", "30.00", r#""60602""#, ""),
        buyer("cool", "20.00", r#""60603""#, r#""deliver": { "breaker": "off" },"#),
    );
    Plan::load(&MemoryResolver::new([("plan.jsonc", text)]), "plan.jsonc").unwrap_or_else(|error| panic!("{error}"))
}

const QUICK: &str = r#""deliver": { "at_once": 4, "breaker": { "of": 10, "min": 4, "open": "30s", "permits": 2 },
    "retries": { "percent": 0, "per_minute": 2 } },"#;

/// The same on both stores, to the byte.
fn on_both(name: &str, test: fn(&Engine)) {
    let logs = [true, false].map(|memory| {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("isolation-{name}.db"));
        for end in ["db", "db-wal", "db-shm"] {
            let _ = std::fs::remove_file(path.with_extension(end));
        }
        let store: Arc<dyn Store> = match memory {
            true => Arc::new(MemoryStore::new()),
            false => Arc::new(SqliteStore::open(&path).expect("a store")),
        };
        let engine = Engine::with_options(plan(QUICK), store.clone(), EngineOptions::default()).expect("an engine");
        test(&engine);
        let log = store.events(engine.tenant(), 0, usize::MAX).expect("events");
        let seen = engine.breakers(at(1_000_000)).expect("they are read");
        if !memory {
            drop(engine);
            let store = Arc::new(SqliteStore::open(&path).expect("a store"));
            assert_eq!(verify(&store, &mut |_| {}).expect("it is read").findings, []);
        }
        (format!("{log:?}"), seen)
    });
    let [memory, sqlite] = logs;
    assert_eq!(memory, sqlite);
}

/// What is looked at of a decision.
#[derive(serde::Deserialize)]
struct Decision {
    id: DecisionId,
    outcome: String,
    assignments: Vec<Json>,
    trace: Trace,
}

#[derive(serde::Deserialize)]
struct Trace {
    funnel: Json,
    entries: Vec<Json>,
}

fn decide(engine: &Engine, n: u32, zip: &str, now: Timestamp) -> Decision {
    let lead = format!(r#"{{"id":"L{n}","source":"web","phone":"312-867-{:04}","zip":"{zip}"}}"#, 1_000 + n);
    let decided = engine.decide(lead.as_bytes(), Tick::at(now)).expect("it decides");
    serde_json::from_slice(&decided.body).expect("a decision")
}

fn sell(engine: &Engine, leads: std::ops::Range<u32>, zip: &str, now: Timestamp) {
    for n in leads {
        assert_eq!(decide(engine, n, zip, now).outcome, "assigned", "L{n}");
    }
}

fn claim(engine: &Engine, limit: u32, now: Timestamp) -> Vec<Sending> {
    let asked = ClaimDeliveries { worker: "w1".into(), limit: Some(limit), ..ClaimDeliveries::default() };
    engine.claim(&asked, now).expect("a claim")
}

fn ended(engine: &Engine, sending: &Sending, class: AttemptClass, now: Timestamp) {
    engine.delivered(&sending.id, &DeliveryOutcome::of(class), now).expect("it is heard");
}

fn breaker(engine: &Engine, buyer: &str, now: Timestamp) -> BreakerSeen {
    let all = engine.breakers(now).expect("they are read");
    all.into_iter().find(|seen| seen.buyer.as_str() == buyer).expect("it is there")
}

fn operate(engine: &Engine, to: &str, now: Timestamp) {
    let said = format!(r#"{{"op":"breaker","buyer":"acme","to":"{to}","by":"ann","reason":"they rebuild"}}"#);
    engine.operate(&Operation::read(&said).expect("it is read"), now).expect("it is done");
}

/// Four calls that fail: its breaker is open then.
fn broken(engine: &Engine) {
    sell(engine, 0..12, "60601", at(0));
    let sent = claim(engine, 16, at(1));
    assert_eq!(sent.len(), 4, "no more at once than the plan says");
    assert!(claim(engine, 16, at(2)).is_empty());
    sent.iter().for_each(|sending| ended(engine, sending, AttemptClass::NotSent, at(3)));
    assert_eq!(breaker(engine, "acme", at(3)).state, BreakerState::Open);
}

#[test]
fn rule_052_a_buyer_that_fails_is_not_called_and_not_sold_to_until_it_may_be_well() {
    on_both("open", |engine| {
        broken(engine);
        assert!(claim(engine, 16, at(10)).is_empty(), "it is not called");
        let decision = decide(engine, 50, "60602", at(10));
        assert_eq!(decision.assignments[0]["buyer"], "best", "the next one gets the lead");
        let entry = decision.trace.entries.iter().find(|entry| entry["contract"] == "acme-1").expect("it was asked");
        let until = breaker(engine, "acme", at(10)).until.expect("it is open");
        assert_eq!(entry["code"], "contract.breaker_open");
        assert_eq!(entry["wanted"], format!("closed again at {until} or later"));
        assert_eq!((&decision.trace.funnel["matched"], &decision.trace.funnel["open"]), (&2.into(), &1.into()));
        let unsold = decide(engine, 51, "60601", at(10));
        assert_eq!(unsold.outcome, "unsold");

        // Replayed and explained, it is the same however the breaker stands by then.
        let (store, tenant) = (engine.store(), TenantId::default());
        assert!(until > at(25) && until <= at(33), "{until}");
        let sold = decide(engine, 52, "60602", until);
        assert_eq!(sold.assignments[0]["buyer"], "acme", "it needs leads to be tried with");
        for id in [&decision.id, &unsold.id, &sold.id] {
            assert!(replay(store, &tenant, id).expect("it replays").same);
        }
        let explained = explain(store, &tenant, &decision.id).expect("it explains");
        let of_acme =
            explained.entries.iter().find(|one| one.entry.contract.as_str() == "acme-1").expect("it is there");
        assert_eq!(of_acme.entry.code, Code::ContractBreakerOpen);

        // As many calls as there are permits, and it is closed again.
        let mut tries = claim(engine, 16, until);
        tries.retain(|sending| sending.buyer.as_str() == "acme");
        assert_eq!(tries.len(), 2);
        assert_eq!(breaker(engine, "acme", until).state, BreakerState::HalfOpen);
        assert!(claim(engine, 16, until).is_empty());
        tries.iter().for_each(|sending| ended(engine, sending, AttemptClass::Accepted, until.plus_millis(5)));
        assert_eq!(breaker(engine, "acme", until).state, BreakerState::Closed);
        let log = engine.store().events(engine.tenant(), 0, usize::MAX).expect("events");
        let told = log.iter().filter(|(_, event)| event.kind == EventKind::BreakerChanged);
        let told: Vec<Json> = told.map(|(_, event)| serde_json::from_str(&event.data).expect("JSON")).collect();
        let ways: Vec<_> = told.iter().map(|data| format!("{} {}", data["from"], data["to"])).collect();
        assert_eq!(ways, [r#""closed" "open""#, r#""open" "half_open""#, r#""half_open" "closed""#]);
    });
}

type Json = serde_json::Value;

#[test]
fn a_rejection_is_no_failure_and_neither_is_what_was_given_back() {
    on_both("rejected", |engine| {
        sell(engine, 0..40, "60601", at(0));
        for n in 0..10 {
            let class = if n % 2 == 0 { AttemptClass::Rejected } else { AttemptClass::NotTried };
            claim(engine, 4, at(n)).iter().for_each(|sending| ended(engine, sending, class, at(n)));
        }
        let seen = breaker(engine, "acme", at(10));
        assert_eq!((seen.state, seen.failures, seen.on_the_way), (BreakerState::Closed, 0, 0));
        assert_eq!(seen.calls, 10, "of twenty rejections the last ten");
    });
}

#[test]
fn a_permit_that_is_never_answered_comes_back_when_its_claim_is_over() {
    on_both("permits", |engine| {
        broken(engine);
        let until = breaker(engine, "acme", at(3)).until.expect("it is open");
        let tries = claim(engine, 16, until);
        assert_eq!(tries.len(), 2);
        ended(engine, &tries[0], AttemptClass::NotTried, until);
        assert_eq!(claim(engine, 16, until).len(), 1, "it was given back");
        // Nobody answers for those two: when their time is over, it failed again.
        let later = until.plus_millis(60_000);
        assert!(claim(engine, 16, later).is_empty());
        let seen = breaker(engine, "acme", later);
        assert_eq!((seen.state, seen.on_the_way), (BreakerState::Open, 0));
        let again = seen.until.expect("it is open").millis() - later.millis();
        assert!((45_000..=60_000).contains(&again), "twice as long: {again}");
    });
}

#[test]
fn a_late_acceptance_frees_the_place_of_who_has_it_now() {
    on_both("late", |engine| {
        sell(engine, 0..1, "60601", at(0));
        let first = claim(engine, 1, at(1)).remove(0);
        let trusting = r#"{"worker":"w2","policy":{"no_answer":{"acme-1":"retry"}}}"#;
        let trusting = ClaimDeliveries::read(trusting).expect("it is read");
        assert!(engine.claim(&trusting, at(61)).expect("a claim").is_empty(), "it waits for its time");
        let second = engine.claim(&trusting, at(120)).expect("a claim");
        assert_eq!((second.len(), breaker(engine, "acme", at(120)).on_the_way), (1, 1));
        assert!(engine.delivered(&first.id, &DeliveryOutcome::of(AttemptClass::Accepted), at(121)).is_err());
        assert_eq!(breaker(engine, "acme", at(121)).on_the_way, 0);
        let answer = engine.delivered(&second[0].id, &DeliveryOutcome::of(AttemptClass::DuplicateOfOurs), at(122));
        assert!(answer.is_ok());
        assert_eq!(breaker(engine, "acme", at(122)).on_the_way, 0);
    });
}

#[test]
fn tries_again_wait_for_the_budget_and_first_ones_do_not() {
    on_both("budget", |engine| {
        sell(engine, 0..3, "60601", at(0));
        let sent = claim(engine, 4, at(1));
        sent.iter().for_each(|sending| ended(engine, sending, AttemptClass::RateLimited, at(1)));
        sell(engine, 3..6, "60601", at(5));
        // Three that were tried and three that were not are due; there are two tries a minute, and four places.
        let again = claim(engine, 16, at(10));
        let mut attempts: Vec<u32> = again.iter().map(|sending| sending.attempt).collect();
        attempts.sort_unstable();
        assert_eq!(attempts, [1, 1, 2, 2]);
        again.iter().for_each(|sending| ended(engine, sending, AttemptClass::Accepted, at(10)));
        assert_eq!(claim(engine, 16, at(10)).iter().map(|sending| sending.attempt).collect::<Vec<_>>(), [1]);
        assert!(claim(engine, 16, at(30)).is_empty());
        assert_eq!(claim(engine, 16, at(40)).iter().map(|sending| sending.attempt).collect::<Vec<_>>(), [2]);
    });
}

#[test]
fn what_somebody_says_of_a_breaker_holds_and_is_told() {
    on_both("forced", |engine| {
        operate(engine, "open", at(0));
        let unsold = decide(engine, 1, "60601", at(1));
        assert_eq!(unsold.outcome, "unsold");
        assert_eq!(unsold.trace.entries[0]["wanted"], "closed by operations");
        let seen = breaker(engine, "acme", at(1));
        assert_eq!((seen.state, seen.by.as_deref(), seen.room), (BreakerState::ForcedOpen, Some("ann"), 0));
        operate(engine, "disabled", at(2));
        sell(engine, 2..22, "60601", at(2));
        for n in 0..5 {
            let sent = claim(engine, 4, at(3 + n));
            assert_eq!(sent.len(), 4, "whatever happens");
            sent.iter().for_each(|sending| ended(engine, sending, AttemptClass::Unknown, at(3 + n)));
        }
        operate(engine, "closed", at(10));
        let seen = breaker(engine, "acme", at(10));
        assert_eq!((seen.state, seen.calls, seen.by), (BreakerState::Closed, 0, None));
        let known = Operation::read(r#"{"op":"breaker","buyer":"acne","to":"open","by":"ann","reason":"x"}"#);
        let refused = engine.operate(&known.expect("it is read"), at(11)).expect_err("there is no such buyer");
        assert_eq!(refused.code(), Code::OperationUnknownName);
    });
}

#[test]
fn a_buyer_without_a_breaker_is_called_for_ever() {
    on_both("off", |engine| {
        sell(engine, 0..40, "60603", at(0));
        for n in 0..5 {
            let sent = claim(engine, 16, at(n));
            assert_eq!(sent.len(), 8, "as many at once as where nothing is said");
            sent.iter().for_each(|sending| ended(engine, sending, AttemptClass::Unknown, at(n)));
        }
        assert_eq!(breaker(engine, "cool", at(9)).state, BreakerState::Closed);
    });
}

#[test]
fn slow_calls_open_it_too() {
    on_both("slow", |engine| {
        sell(engine, 0..4, "60601", at(0));
        for sending in claim(engine, 4, at(1)) {
            let slow = DeliveryOutcome::read(r#"{"class":"accepted","took_ms":8001}"#).expect("it is read");
            engine.delivered(&sending.id, &slow, at(9)).expect("it is heard");
        }
        let seen = breaker(engine, "acme", at(9));
        assert_eq!((seen.state, seen.slow, seen.failures), (BreakerState::Open, 4, 0));
    });
}

#[test]
fn all_together_have_no_more_on_their_way_than_whoever_claims_says() {
    on_both("global", |engine| {
        sell(engine, 0..4, "60601", at(0));
        sell(engine, 4..8, "60603", at(0));
        let asked = ClaimDeliveries { worker: "w".into(), at_once: Some(5), ..ClaimDeliveries::default() };
        let sent = engine.claim(&asked, at(1)).expect("a claim");
        let mut each: BTreeMap<&str, usize> = BTreeMap::new();
        sent.iter().for_each(|sending| *each.entry(sending.buyer.as_str()).or_default() += 1);
        assert_eq!(each, BTreeMap::from([("acme", 3), ("cool", 2)]));
        assert!(engine.claim(&asked, at(1)).expect("a claim").is_empty());
    });
}
