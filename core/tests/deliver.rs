//! The outbox is worked off: each lead to one worker, nothing lost, and nothing sent again that may have come through.

#[path = "support/dice.rs"]
mod dice;

use dice::Dice;
use leadwright::care::{Retention, forget, prune, verify};
use leadwright::engine::{Engine, EngineOptions};
use leadwright::events::render;
use leadwright::model::{AttemptClass, Code, DeadReason, DeliveryState, EventKind, TenantId, Tick, Timestamp};
use leadwright::operate::{ClaimDeliveries, DeliveryOutcome, DeliveryTerms, NoAnswer, Person, Redrive, Sending};
use leadwright::plan::{MemoryResolver, Plan};
use leadwright::store::testkit::{Fault, FaultyStore};
use leadwright::store::{MemoryStore, SqliteStore, Store};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

const NOW: &str = "2026-11-24T15:30:00Z";

fn time(text: &str) -> Timestamp {
    text.parse().expect("a time")
}

fn after(seconds: i64) -> Timestamp {
    time(NOW).plus_millis(seconds * 1_000)
}

/// Each lead goes to the buyer that its ZIP code names. Nothing is held back here: that is what `isolation.rs` is about.
fn plan() -> Plan {
    let buyer = |name: &str, zip: &str| {
        format!(
            r#""{name}": {{ "deliver": {{ "at_once": 1000, "breaker": "off", "retries": {{ "percent": 1000 }} }}, "contracts": {{ "{name}-1": {{ "in": {{ "roofing/all": {{}} }}, "where": {{ "zip": ["{zip}"] }},
                "sell": {{ "exclusive": {{ "price": "40.00" }} }} }} }} }}"#
        )
    };
    let text = format!(
        r#"{{ "format": 1, "plan": "tiny", "currency": "USD", "timezone": "America/Chicago",
            "verticals": {{ "roofing": {{ "extends": "us/home-services@1" }} }},
            "sources": {{ "web": {{ "verticals": ["roofing"] }} }},
            "routes": {{ "roofing": {{ "groups": [ {{ "id": "all", "select": "price" }} ], "on_unsold": {{ "then": "store" }} }} }},
            "buyers": {{ {}, {}, {} }} }}"#,
        buyer("acme", "60601"),
        buyer("best", "60602"),
        buyer("cool", "60603"),
    );
    Plan::load(&MemoryResolver::new([("plan.jsonc", text)]), "plan.jsonc").unwrap_or_else(|error| panic!("{error}"))
}

fn engine(store: Arc<dyn Store>) -> Engine {
    Engine::with_options(plan(), store, EngineOptions::default()).expect("an engine")
}

fn file(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("deliver-{name}.db"));
    for end in ["db", "db-wal", "db-shm"] {
        let _ = std::fs::remove_file(path.with_extension(end));
    }
    path
}

/// The same on both stores.
fn on_both(name: &str, test: fn(&Engine)) {
    test(&engine(Arc::new(MemoryStore::new())));
    let store = Arc::new(SqliteStore::open(file(name)).expect("a store"));
    test(&engine(store.clone()));
    let verified = verify(&store, &mut |_| {}).expect("it is read");
    assert_eq!(verified.findings, []);
}

fn sell(engine: &Engine, n: u32, zip: &str, at: Timestamp) {
    let lead = format!(r#"{{"id":"L{n}","source":"web","phone":"312-867-{:04}","zip":"{zip}"}}"#, 1_000 + n);
    let decided = engine.decide(lead.as_bytes(), Tick::at(at)).expect("it decides");
    assert_eq!(decided.outcome.as_str(), "assigned");
}

fn claim(limit: u32) -> ClaimDeliveries {
    ClaimDeliveries { worker: "w1".into(), limit: Some(limit), ..ClaimDeliveries::default() }
}

/// Acme knows a second sending by its key.
fn trusting() -> DeliveryTerms {
    let contract = "acme-1".parse().expect("an id");
    DeliveryTerms { no_answer: BTreeMap::from([(contract, NoAnswer::Retry)]), ..DeliveryTerms::default() }
}

fn one(engine: &Engine, at: Timestamp) -> Sending {
    let mut all = engine.claim(&claim(1), at).expect("a claim");
    assert_eq!(all.len(), 1);
    all.remove(0)
}

fn state(engine: &Engine, sending: &Sending) -> DeliveryState {
    engine.delivery(&sending.key).expect("it is read").expect("it is there").state
}

fn report(engine: &Engine, sending: &Sending, class: AttemptClass, at: Timestamp) -> Result<DeliveryState, Code> {
    let done = engine.delivered(&sending.id, &DeliveryOutcome::of(class), at);
    done.map(|done| done.state).map_err(|error| error.code())
}

fn redrive(said: &str) -> Redrive {
    Redrive::read(&format!(r#"{{"by":"ann","reason":"a test"{said}}}"#)).expect("it is read")
}

fn events(engine: &Engine, about: &str) -> Vec<&'static str> {
    let all = engine.store().events(engine.tenant(), 0, usize::MAX).expect("events");
    let theirs = all.into_iter().filter(|(_, event)| event.subject.to_string() == about);
    let kinds = theirs.map(|(_, event)| event.kind.as_str().trim_end_matches(".v1"));
    kinds.filter_map(|kind| kind.strip_prefix("delivery.")).collect()
}

#[test]
fn what_is_handed_out_says_who_gets_what_and_for_how_much() {
    on_both("whole", |engine| {
        sell(engine, 1, "60601", time(NOW));
        let sending = one(engine, after(1));
        let fields = serde_json::to_value(&sending).expect("JSON");
        assert_eq!(fields["fields"]["phone"], "+13128671001");
        assert_eq!((fields["buyer"].as_str(), fields["contract"].as_str()), (Some("acme"), Some("acme-1")));
        assert_eq!((fields["price"].as_str(), fields["currency"].as_str()), (Some("40.00"), Some("USD")));
        assert_eq!((fields["sale"].as_str(), fields["lead"].as_str()), (Some("exclusive"), Some("L1")));
        assert_eq!((sending.attempt, sending.until), (1, after(61)));
        assert_eq!(sending.id, format!("{}.1", sending.key));
        assert!(!format!("{sending:?}").contains("867"), "nothing personal is in what is printed");
    });
}

#[test]
fn rule_051_a_crash_between_attempt_and_answer_leaves_an_unknown_one() {
    on_both("unknown", |engine| {
        sell(engine, 1, "60601", time(NOW));
        let sending = one(engine, time(NOW));
        // The attempt was written before the lead was handed out.
        let seen = engine.delivery(&sending.key).expect("read").expect("there");
        assert_eq!((seen.attempts.len(), seen.attempts[0].ended_at, seen.state), (1, None, DeliveryState::Claimed));
        assert!(engine.claim(&claim(9), after(59)).expect("a claim").is_empty(), "it is somebody's");
        for seconds in [60, 3_600, 10 * 86_400] {
            assert!(engine.claim(&claim(9), after(seconds)).expect("a claim").is_empty(), "it may have come through");
            assert_eq!(state(engine, &sending), DeliveryState::Unknown);
        }
        let seen = engine.delivery(&sending.key).expect("read").expect("there");
        assert_eq!((seen.attempts[0].class, seen.undelivered), (Some(AttemptClass::Unknown), false));
        // Whoever finds out, later, settles it.
        let late = after(11 * 86_400);
        assert_eq!(report(engine, &sending, AttemptClass::Accepted, late), Ok(DeliveryState::Done));
        assert_eq!(report(engine, &sending, AttemptClass::Accepted, late), Ok(DeliveryState::Done));
        assert_eq!(events(engine, "web/L1.1"), ["attempted", "unknown", "accepted"]);
    });
}

#[test]
fn rule_045_who_is_trusted_is_sent_it_again_under_the_same_key() {
    on_both("trusted", |engine| {
        sell(engine, 1, "60601", time(NOW));
        sell(engine, 2, "60602", time(NOW));
        let first = engine.claim(&claim(9), time(NOW)).expect("a claim");
        assert_eq!(first.len(), 2);
        let trusting = ClaimDeliveries { policy: trusting(), ..claim(9) };
        assert!(engine.claim(&trusting, after(60)).expect("a claim").is_empty(), "a moment later");
        let second = engine.claim(&trusting, after(63)).expect("a claim");
        assert_eq!(second.len(), 1, "best is not named, and keeps what nobody knows");
        assert_eq!((second[0].contract.as_str(), second[0].attempt), ("acme-1", 2));
        assert_eq!(second[0].key, first[0].key);
        assert_ne!(second[0].id, first[0].id);
        assert_eq!(state(engine, &first[1]), DeliveryState::Unknown);
        // The first one was only slow, and says so while the second has it.
        assert_eq!(report(engine, &first[0], AttemptClass::Accepted, after(64)), Err(Code::DeliveryFenced));
        assert_eq!(state(engine, &first[0]), DeliveryState::Done, "it is not lost");
        assert!(engine.claim(&trusting, after(9_000)).expect("a claim").is_empty(), "and not sent again");
        assert_eq!(report(engine, &second[0], AttemptClass::Rejected, after(65)), Ok(DeliveryState::Done));
        let seen = engine.delivery(&first[0].key).expect("read").expect("there");
        let classes: Vec<_> = seen.attempts.iter().map(|attempt| attempt.class).collect();
        assert_eq!(classes, [Some(AttemptClass::Accepted), Some(AttemptClass::Rejected)]);
        assert_eq!(events(engine, "web/L1.1"), ["attempted", "unknown", "attempted", "accepted"]);
    });
}

#[test]
fn rule_049_the_same_report_again_is_one_and_another_is_refused() {
    on_both("late", |engine| {
        sell(engine, 1, "60601", time(NOW));
        let first = one(engine, time(NOW));
        let trusting = ClaimDeliveries { policy: trusting(), ..claim(9) };
        engine.claim(&trusting, after(60)).expect("a claim");
        let second = engine.claim(&trusting, after(63)).expect("a claim").remove(0);
        assert_eq!(report(engine, &first, AttemptClass::Rejected, after(64)), Err(Code::DeliveryFenced));
        assert_eq!(state(engine, &second), DeliveryState::Claimed);
        assert_eq!(report(engine, &second, AttemptClass::Rejected, after(65)), Ok(DeliveryState::Dead));
        assert_eq!(
            report(engine, &second, AttemptClass::Rejected, after(65)),
            Ok(DeliveryState::Dead),
            "the same again"
        );
        assert_eq!(report(engine, &second, AttemptClass::Invalid, after(66)), Err(Code::DeliveryFenced));
        let seen = engine.delivery(&second.key).expect("read").expect("there");
        assert_eq!((seen.dead, seen.undelivered), (Some(DeadReason::Rejected), true));
        // The buyer took it after all: it is no dead letter any more.
        assert_eq!(report(engine, &second, AttemptClass::Accepted, after(67)), Err(Code::DeliveryFenced));
        let seen = engine.delivery(&second.key).expect("read").expect("there");
        assert_eq!((seen.state, seen.dead), (DeliveryState::Done, None));
        assert_eq!(seen.dead_letters[0].resolved.map(|end| end.as_str()), Some("accepted"));
        assert!(engine.redrive(&redrive(""), after(68)).expect("done").deliveries.is_empty());
        for id in ["x", "x.1", &format!("{}.9", second.key), &format!("{}.x", second.key)] {
            let error = engine.delivered(id, &DeliveryOutcome::of(AttemptClass::Accepted), after(69));
            assert_eq!(error.expect_err("nothing").code(), Code::DeliveryNotFound);
        }
    });
}

#[test]
fn it_is_tried_again_until_it_has_been_often_or_long_enough() {
    on_both("again", |engine| {
        sell(engine, 1, "60601", time(NOW));
        let few = DeliveryTerms { tries: Some(3), ..DeliveryTerms::default() };
        let busy =
            DeliveryOutcome { status: Some(503), retry_after: Some(30), policy: few, ..DeliveryOutcome::default() };
        let mut now = time(NOW);
        let mut states = Vec::new();
        // Given back untried, it is due at once, and that is no try.
        assert_eq!(report(engine, &one(engine, now), AttemptClass::NotTried, now), Ok(DeliveryState::Ready));
        for _ in 0..3 {
            let sending = one(engine, now);
            let done = engine.delivered(&sending.id, &busy, now).expect("done");
            states.push(done.state);
            if let Some(then) = done.retry_at {
                assert!(then >= now.plus_millis(30_000) && then <= now.plus_millis(30_000 + 16_000), "{then}");
                assert!(engine.claim(&claim(1), then.plus_millis(-1)).expect("a claim").is_empty());
                now = then;
            }
        }
        assert_eq!(states, [DeliveryState::Ready, DeliveryState::Ready, DeliveryState::Dead]);
        let dead = &engine.deliveries(Some(DeliveryState::Dead), 0, 9).expect("read")[0];
        assert_eq!((dead.dead, dead.attempts.len()), (Some(DeadReason::TooManyTries), 4));
        assert!(dead.remedy.is_some() && !dead.undelivered, "a buyer that fails may have kept it");
        // Another, which nobody claims for a day, is not worth an attempt.
        sell(engine, 2, "60602", now);
        assert!(engine.claim(&claim(9), now.plus_millis(86_400_001)).expect("a claim").is_empty());
        let dead = engine.deliveries(Some(DeliveryState::Dead), 0, 9).expect("read");
        assert_eq!((dead[1].dead, dead[1].attempts.len()), (Some(DeadReason::TooOld), 0));
    });
}

#[test]
fn dead_letters_are_redriven_to_the_same_buyer_under_the_same_key() {
    on_both("redrive", |engine| {
        for n in 1..=4 {
            sell(engine, n, if n == 4 { "60602" } else { "60601" }, time(NOW));
        }
        let sendings = engine.claim(&claim(9), time(NOW)).expect("a claim");
        for sending in &sendings {
            let class = if sending.lead.as_str() == "L3" { AttemptClass::Unknown } else { AttemptClass::Auth };
            report(engine, sending, class, after(1)).expect("told");
        }
        let keys = |said: &str| {
            let done = engine.redrive(&redrive(said), after(100)).expect("done");
            (done.deliveries.iter().map(|one| one.decision.lead.to_string()).collect::<Vec<_>>().join(" "), done.more)
        };
        assert_eq!(keys(r#","dry_run":true"#), ("L1 L2 L4".into(), false));
        assert_eq!(keys(r#","dry_run":true,"limit":2"#), ("L1 L2".into(), true));
        assert_eq!(keys(r#","dry_run":true,"buyer":"best""#), ("L4".into(), false));
        assert_eq!(keys(r#","dry_run":true,"why":"rejected""#), (String::new(), false));
        assert_eq!(keys(r#","dry_run":true,"unknown":true"#), ("L3".into(), false));
        assert!(engine.claim(&claim(9), after(99)).expect("a claim").is_empty(), "only looked at");
        assert_eq!(keys(r#","contract":"acme-1","why":"auth","limit":1"#), ("L1".into(), true));
        let again = one(engine, after(100));
        let first = sendings.iter().find(|sending| sending.lead == again.lead).expect("it was handed out");
        assert_eq!((&again.key, again.attempt, again.since), (&first.key, 2, after(100)));
        assert_eq!(report(engine, &again, AttemptClass::DuplicateOfOurs, after(101)), Ok(DeliveryState::Done));
        assert_eq!(
            events(engine, "web/L1.1"),
            ["attempted", "rejected", "dead_lettered", "redriven", "attempted", "accepted",]
        );
        assert_eq!(keys(r#","unknown":true"#), ("L3".into(), false));
        assert_eq!(one(engine, after(102)).lead.as_str(), "L3");
        let key = format!(r#","key":"{}""#, sendings.iter().find(|one| one.lead.as_str() == "L2").expect("there").key);
        assert_eq!(keys(&key), ("L2".into(), false));
        assert_eq!(keys(&key), (String::new(), false), "it is none any more");
        let error = engine.redrive(&redrive(r#","key":"x""#), after(103)).expect_err("no such");
        assert_eq!(error.code(), Code::DeliveryNotFound);
    });
}

#[test]
fn one_buyers_backlog_keeps_no_other_waiting() {
    on_both("fair", |engine| {
        for n in 1..=40 {
            sell(engine, n, "60601", time(NOW));
        }
        sell(engine, 41, "60602", time(NOW));
        sell(engine, 42, "60603", after(1));
        let buyers = |limit: u32| {
            let all = engine.claim(&claim(limit), after(1)).expect("a claim");
            all.iter().map(|sending| sending.buyer.to_string()).collect::<Vec<_>>()
        };
        assert_eq!(buyers(3), ["acme", "best", "cool"]);
        sell(engine, 43, "60602", after(1));
        sell(engine, 44, "60603", after(1));
        // Whoever takes one at a time serves each in turn all the same.
        let turns: Vec<String> = (0..4).flat_map(|_| buyers(1)).collect();
        assert_eq!(turns, ["acme", "best", "cool", "acme"]);
        assert_eq!(buyers(256).len(), 37, "nobody else waits, so that acme gets all that is left");
        assert!(buyers(1).is_empty());
    });
}

#[test]
fn leads_that_are_erased_are_not_sent() {
    let store = Arc::new(SqliteStore::open(file("erased")).expect("a store"));
    let engine = engine(store.clone());
    for n in 1..=3 {
        sell(&engine, n, "60601", time(NOW));
    }
    let sending = one(&engine, time(NOW));
    let forget = |phone: &str| {
        let (by, reason) = (Some("ann".into()), Some("a letter".into()));
        let person = Person { phone: Some(phone.into()), by, reason, ..Person::default() };
        forget(engine.store(), engine.tenant(), &person, after(1), &mut |_| {}).expect("done").erased
    };
    assert_eq!((forget("312-867-1001"), forget("312-867-1002")), (1, 1));
    assert_eq!(state(&engine, &sending), DeliveryState::Done);
    assert_eq!(report(&engine, &sending, AttemptClass::Unavailable, after(2)), Ok(DeliveryState::Done), "and stays so");
    let long = ClaimDeliveries {
        policy: DeliveryTerms { give_up_after: Some("30d".into()), ..DeliveryTerms::default() },
        ..claim(9)
    };
    // Old leads are let go of; the row of one that nobody delivered stays, and has nothing to send.
    let retention = Retention { older_than: 86_400_000, now: after(2 * 86_400) };
    prune(&store, engine.tenant(), retention, &mut |_| {}).expect("pruned");
    assert!(engine.claim(&long, after(2 * 86_400)).expect("a claim").is_empty());
    let dead = engine.deliveries(Some(DeliveryState::Dead), 0, 9).expect("read");
    assert_eq!(dead.iter().map(|one| one.dead).collect::<Vec<_>>(), [Some(DeadReason::NoLead)]);
    assert!(engine.redrive(&redrive(""), after(2 * 86_400)).expect("done").deliveries.is_empty());
    assert_eq!(verify(&store, &mut |_| {}).expect("read").findings, []);
}

/// A commit of which nobody knows whether it happened: what was handed out is handed out to whoever asked, and to nobody
/// else, and a report counts once.
#[test]
fn a_commit_that_is_not_known_loses_nothing() {
    for fault in [Fault::BeforeCommit, Fault::AfterCommit] {
        let inner: Arc<dyn Store> = Arc::new(MemoryStore::new());
        let sound = engine(inner.clone());
        for n in 1..=4 {
            sell(&sound, n, "60601", time(NOW));
        }
        // The first write keeps the plan.
        let faulty = |at: usize| {
            let schedule = (0..at).map(|_| Fault::None).chain([fault]);
            engine(Arc::new(FaultyStore::new(inner.clone(), schedule.collect::<Vec<_>>())))
        };
        let sendings = faulty(0).claim(&claim(2), after(1)).expect("it is known in the end");
        assert_eq!(sendings.len(), 2);
        let left = sound.outbox().expect("read");
        let count = |state| left.iter().find(|row| row.state == state).map_or(0, |row| row.count);
        assert_eq!((count(DeliveryState::Claimed), count(DeliveryState::Ready)), (2, 2), "{fault:?}");
        let done = faulty(0).delivered(&sendings[0].id, &DeliveryOutcome::of(AttemptClass::Rejected), after(2));
        assert_eq!(done.expect("known").state, DeliveryState::Dead);
        assert_eq!(events(&sound, &sendings[0].decision.to_string()), ["attempted", "rejected", "dead_lettered"]);
        let again = faulty(0).redrive(&redrive(r#","limit":1"#), after(3)).expect("known");
        assert_eq!(again.deliveries.len(), 1);
    }
}

/// What came of a run: what each sending said, and how often each key was accepted.
fn run(engine: &Engine, seed: u64) -> Vec<String> {
    let mut dice = Dice(seed);
    let mut now = time(NOW);
    let mut told = Vec::new();
    let mut open: Vec<Sending> = Vec::new();
    let mut taken: BTreeSet<String> = BTreeSet::new();
    // Since nobody knows how it ended, and until somebody says that it is sent again.
    let mut kept: BTreeSet<String> = BTreeSet::new();
    let mut ended: BTreeSet<String> = BTreeSet::new();
    let mut n = 0;
    for _ in 0..400 {
        now = now.plus_millis(i64::try_from(dice.below(40_000)).expect("small"));
        match dice.below(6) {
            0 | 1 => {
                n += 1;
                let zip = *dice.one(&["60601", "60602", "60603"]);
                sell(engine, n, zip, now);
            }
            2 | 3 => {
                let policy = DeliveryTerms { tries: Some(4), ..trusting() };
                let limit = 1 + u32::try_from(dice.below(5)).expect("small");
                for sending in engine.claim(&ClaimDeliveries { policy, ..claim(limit) }, now).expect("a claim") {
                    assert!(!taken.contains(&sending.key), "it was accepted, and is sent again");
                    assert!(!kept.contains(&sending.key), "it may have come through, and is sent again");
                    if let Some(before) = open.iter().find(|other| other.key == sending.key) {
                        assert!(before.until <= now || ended.contains(&before.id), "two have it");
                    }
                    told.push(sending.id.clone());
                    open.push(sending);
                }
            }
            4 if !open.is_empty() => {
                let at = usize::try_from(dice.below(open.len() as u64)).expect("small");
                let sending = open[at].clone();
                let class = if dice.chance(25) { AttemptClass::Accepted } else { *dice.one(&AttemptClass::ALL) };
                let outcome = DeliveryOutcome {
                    policy: DeliveryTerms { tries: Some(4), ..trusting() },
                    ..DeliveryOutcome::of(class)
                };
                let done = engine.delivered(&sending.id, &outcome, now);
                ended.insert(sending.id.clone());
                if class.is_taken() {
                    taken.insert(sending.key.clone());
                }
                told.push(match &done {
                    Ok(done) => format!("{} {:?} {:?}", class.as_str(), done.state, done.retry_at),
                    Err(error) => error.code().to_string(),
                });
                if dice.chance(70) {
                    open.remove(at);
                }
            }
            _ => {
                let said = if dice.chance(30) { r#","unknown":true,"limit":2"# } else { r#","limit":2"# };
                let done = engine.redrive(&redrive(said), now).expect("done");
                for one in done.deliveries {
                    kept.remove(&one.key);
                    told.push(format!("redriven {}", one.key));
                }
            }
        }
        for seen in engine.deliveries(None, 0, 1_000).expect("read") {
            let live = seen.attempts.iter().filter(|attempt| attempt.ended_at.is_none()).count();
            assert_eq!(live, usize::from(seen.state == DeliveryState::Claimed), "one live claim at most");
            assert!(!taken.contains(&seen.key), "what the buyer took is done");
            if seen.state == DeliveryState::Unknown {
                kept.insert(seen.key);
            } else {
                kept.remove(&seen.key);
            }
        }
    }
    assert!(taken.len() > 10 && told.len() > 100, "a run without anything proves nothing");
    told
}

#[test]
fn both_stores_do_the_same_and_keep_what_they_promise() {
    let mut kinds = BTreeSet::new();
    for seed in 1..=4 {
        let memory = engine(Arc::new(MemoryStore::new()));
        let store = Arc::new(SqliteStore::open(file(&format!("run-{seed}"))).expect("a store"));
        let sqlite = engine(store.clone());
        assert_eq!(run(&memory, seed), run(&sqlite, seed), "seed {seed}");
        assert_eq!(memory.deliveries(None, 0, 1_000).expect("read"), sqlite.deliveries(None, 0, 1_000).expect("read"));
        let log = |engine: &Engine| {
            let all = engine.store().events(&TenantId::default(), 0, usize::MAX).expect("events");
            all.iter().map(|(at, event)| render(*at, event).expect("written")).collect::<Vec<_>>()
        };
        assert_eq!(log(&memory), log(&sqlite));
        let all = store.events(&TenantId::default(), 0, usize::MAX).expect("events");
        kinds.extend(all.into_iter().map(|(_, event)| event.kind));
        assert_eq!(verify(&store, &mut |_| {}).expect("read").findings, []);
    }
    let of_delivery = EventKind::ALL.into_iter().filter(|kind| kind.as_str().starts_with("delivery."));
    for kind in of_delivery {
        assert!(kinds.contains(&kind), "no {}", kind.as_str());
    }
}

#[test]
fn threads_that_claim_get_each_delivery_once() {
    let store = Arc::new(SqliteStore::open(file("threads")).expect("a store"));
    let shared = engine(store.clone());
    for n in 1..=200 {
        sell(&shared, n, ["60601", "60602", "60603"][n as usize % 3], time(NOW));
    }
    let claimed = AtomicUsize::new(0);
    let all: Vec<String> = std::thread::scope(|scope| {
        let worker = |_| {
            scope.spawn(|| {
                let mut mine = Vec::new();
                loop {
                    let sendings = shared.claim(&claim(7), after(1)).expect("a claim");
                    if sendings.is_empty() {
                        return mine;
                    }
                    claimed.fetch_add(sendings.len(), Ordering::Relaxed);
                    for sending in sendings {
                        report(&shared, &sending, AttemptClass::Accepted, after(2)).expect("told");
                        mine.push(sending.key);
                    }
                }
            })
        };
        let workers: Vec<_> = (0..4).map(worker).collect();
        workers.into_iter().flat_map(|worker| worker.join().expect("it ends")).collect()
    });
    assert_eq!((all.len(), all.iter().collect::<BTreeSet<_>>().len()), (200, 200));
    assert_eq!(claimed.into_inner(), 200);
    assert!(shared.outbox().expect("read").is_empty());
    assert_eq!(verify(&store, &mut |_| {}).expect("read").findings, []);
}

/// The other side of the two tests below, in a process of its own: it claims until nothing is left and writes the keys down,
/// or with `hang` it claims some and does nothing any more.
#[test]
fn a_worker_process() {
    let Ok(path) = std::env::var("LEADWRIGHT_DELIVER_STORE") else { return };
    let engine = engine(Arc::new(SqliteStore::open_existing(&path).expect("a store")));
    let out = PathBuf::from(std::env::var("LEADWRIGHT_DELIVER_OUT").expect("a file"));
    let hangs = std::env::var("LEADWRIGHT_DELIVER_HANG").is_ok();
    let mut mine = String::new();
    loop {
        let sendings = engine.claim(&claim(5), after(1)).expect("a claim");
        for sending in &sendings {
            mine.push_str(&sending.key);
            mine.push('\n');
            if !hangs {
                report(&engine, sending, AttemptClass::Accepted, after(1)).expect("told");
            }
        }
        if hangs || sendings.is_empty() {
            std::fs::write(out.with_extension("part"), &mine).expect("writable");
            std::fs::rename(out.with_extension("part"), &out).expect("writable");
        }
        if hangs {
            std::thread::sleep(std::time::Duration::from_secs(600));
        }
        if sendings.is_empty() {
            return;
        }
    }
}

fn worker(path: &Path, out: &Path, hangs: bool) -> Child {
    let _ = std::fs::remove_file(out);
    let mut command = Command::new(std::env::current_exe().expect("a test"));
    command
        .args(["--exact", "a_worker_process"])
        .env("LEADWRIGHT_DELIVER_STORE", path)
        .env("LEADWRIGHT_DELIVER_OUT", out);
    if hangs {
        command.env("LEADWRIGHT_DELIVER_HANG", "yes");
    }
    command.stdout(Stdio::null()).spawn().expect("it starts")
}

#[test]
fn processes_that_claim_get_each_delivery_once() {
    let path = file("processes");
    let store = Arc::new(SqliteStore::open(&path).expect("a store"));
    let parent = engine(store.clone());
    for n in 1..=120 {
        sell(&parent, n, ["60601", "60602", "60603"][n as usize % 3], time(NOW));
    }
    let outs = [path.with_extension("one"), path.with_extension("two")];
    let workers: Vec<Child> = outs.iter().map(|out| worker(&path, out, false)).collect();
    for mut worker in workers {
        assert!(worker.wait().expect("it ends").success());
    }
    let texts: Vec<String> = outs.iter().map(|out| std::fs::read_to_string(out).expect("written")).collect();
    let keys: Vec<&str> = texts.iter().flat_map(|text| text.lines()).collect();
    assert_eq!((keys.len(), keys.iter().collect::<BTreeSet<_>>().len()), (120, 120));
    assert_eq!(verify(&store, &mut |_| {}).expect("read").findings, []);
}

#[test]
fn what_a_killed_worker_had_is_unknown_and_not_lost() {
    let path = file("killed");
    let store = Arc::new(SqliteStore::open(&path).expect("a store"));
    let parent = engine(store.clone());
    for n in 1..=8 {
        sell(&parent, n, "60601", time(NOW));
    }
    let out = path.with_extension("hung");
    let mut hung = worker(&path, &out, true);
    let mut had = None;
    for _ in 0..6_000 {
        had = std::fs::read_to_string(&out).ok();
        if had.is_some() {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    hung.kill().expect("it is killed");
    hung.wait().expect("it is gone");
    let had: BTreeSet<String> = had.expect("it claimed some").lines().map(str::to_owned).collect();
    assert_eq!(had.len(), 5);
    let others = parent.claim(&claim(99), after(2)).expect("a claim");
    assert_eq!(others.len(), 3);
    assert!(others.iter().all(|sending| !had.contains(&sending.key)), "they are still the other's");
    for sending in &others {
        report(&parent, sending, AttemptClass::Accepted, after(3)).expect("told");
    }
    assert!(parent.claim(&claim(99), after(3_600)).expect("a claim").is_empty(), "they may have come through");
    let left = parent.deliveries(Some(DeliveryState::Unknown), 0, 99).expect("read");
    assert_eq!(left.iter().map(|seen| seen.key.clone()).collect::<BTreeSet<_>>(), had);
    assert_eq!(verify(&store, &mut |_| {}).expect("read").findings, []);
}
