//! Leads that wait: for room, for an hour to call, for a list, for somebody. On both stores.

use leadwright::engine::{Decided, Engine, EngineOptions, Trial, explain, replay};
use leadwright::lists::{Entries, ListOf, MemoryList};
use leadwright::model::{Code, EventKind, Outcome, TenantId, Tick, WaitsFor};
use leadwright::operate::{Operation, Release};
use leadwright::plan::{MemoryResolver, Plan};
use leadwright::store::{MemoryStore, SqliteStore, Store};
use std::sync::Arc;

const CONTRACT: &str =
    r#""acme-all": { "in": { "roofing/all": {} }, "sell": { "exclusive": { "price": "40.00" } }, MORE }"#;

struct Text {
    problems: &'static str,
    intake: &'static str,
    on_unsold: &'static str,
    contracts: String,
}

impl Default for Text {
    fn default() -> Self {
        Self { problems: "{}", intake: "{}", on_unsold: r#"{ "then": "store" }"#, contracts: contract(r#""caps": {}"#) }
    }
}

fn contract(more: &str) -> String {
    CONTRACT.replace("MORE", more)
}

impl Text {
    fn plan(&self) -> Plan {
        let text = format!(
            r#"{{ "format": 1, "plan": "p", "currency": "USD", "timezone": "America/Chicago",
            "verticals": {{ "roofing": {{ "extends": "us/home-services@1", "problems": {} }} }},
            "sources": {{ "web": {{ "verticals": ["roofing"] }} }}, "intake": {},
            "lists": {{ "opt-outs": {{ "host": true, "of": "phone" }} }},
            "hours": {{ "office": {{ "mon-fri": "08:00-18:00" }} }},
            "routes": {{ "roofing": {{ "groups": [ {{ "id": "all", "select": "price" }} ], "on_unsold": {} }} }},
            "buyers": {{ "acme": {{ "contracts": {{ {} }} }} }} }}"#,
            self.problems, self.intake, self.on_unsold, self.contracts
        );
        Plan::load(&MemoryResolver::new([("plan.jsonc", text)]), "plan.jsonc").expect("the plan is right")
    }
}

/// An engine, the store that it shares with the next one, and a folder that goes when it does.
struct World {
    store: Arc<dyn Store>,
    folder: Option<std::path::PathBuf>,
}

impl World {
    /// Runs a test on a store in memory and on one in a file.
    fn each(name: &str, test: impl Fn(&World)) {
        test(&World { store: Arc::new(MemoryStore::new()), folder: None });
        let folder = std::env::temp_dir().join(format!("leadwright-queue-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        let store = SqliteStore::open(folder.join("leads.db")).expect("a store");
        test(&World { store: Arc::new(store), folder: Some(folder) });
    }

    fn engine(&self, text: &Text) -> Engine {
        Engine::with_options(text.plan(), self.store.clone(), EngineOptions::default()).expect("an engine")
    }

    /// What is decided replays, and can be explained.
    fn replays(&self) {
        let tenant = TenantId::default();
        for stored in self.store.decisions(&tenant, 0, 1_000).expect("they are read") {
            let id = &stored.record.id;
            assert!(replay(&*self.store, &tenant, id).expect("it replays").same, "{id}");
            explain(&*self.store, &tenant, id).expect("it explains");
        }
    }

    fn events(&self, kind: EventKind) -> Vec<String> {
        let events = self.store.events(&TenantId::default(), 0, 1_000).expect("they are read").into_iter();
        events.filter(|(_, event)| event.kind == kind).map(|(_, event)| event.data).collect()
    }
}

impl Drop for World {
    fn drop(&mut self) {
        if let Some(folder) = self.folder.take() {
            let _ = std::fs::remove_dir_all(folder);
        }
    }
}

fn at(text: &str) -> Tick {
    Tick::at(text.parse().expect("a time"))
}

fn lead(id: &str, more: &str) -> String {
    let last = id.bytes().last().map_or(0, |byte| byte % 10);
    format!(r#"{{"id":"{id}","source":"web","phone":"312-867-530{last}"{more}}}"#)
}

fn outcomes(decided: &[Decided]) -> Vec<(String, Outcome)> {
    decided.iter().map(|decided| (decided.id.to_string(), decided.outcome)).collect()
}

fn text_of(decided: &Decided) -> &str {
    std::str::from_utf8(&decided.body).expect("UTF-8")
}

#[test]
fn rule_098_what_nobody_can_take_now_is_offered_again_and_kept_at_last() {
    World::each("retry", |world| {
        let text = Text {
            on_unsold: r#"{ "retry_for": "2h", "then": "store" }"#,
            contracts: contract(r#""caps": { "hour": 1 }"#),
            ..Text::default()
        };
        let engine = world.engine(&text);
        let first = engine.decide(lead("L1", "").as_bytes(), at("2026-11-24T15:30:00Z")).expect("it decides");
        assert_eq!(first.outcome, Outcome::Assigned);
        for id in ["L2", "L3", "L4"] {
            let decided = engine.decide(lead(id, "").as_bytes(), at("2026-11-24T15:31:00Z")).expect("it decides");
            assert_eq!(decided.outcome, Outcome::Queued);
            assert!(text_of(&decided).contains(r#""next":{"action":"retry","at":"2026-11-24T15:3"#));
            assert!(text_of(&decided).contains(r#""until":"2026-11-24T17:31:00.000Z"}"#));
        }
        // Before its time nobody is asked; in the same hour there is no room.
        let nothing = engine.work_queue(at("2026-11-24T15:35:59Z"), 10).expect("it works");
        assert_eq!((nothing.decided.len(), nothing.waiting), (0, 0));
        let full = engine.work_queue(at("2026-11-24T15:40:00Z"), 10).expect("it works");
        assert_eq!((full.decided.len(), full.waiting), (0, 3));
        let waiting = engine.queue(0, 10).expect("it is read");
        assert!(waiting.iter().all(|(_, row)| (row.why, row.tries) == (WaitsFor::Retry, 1)));
        // In the next hour there is room for one: the oldest.
        let worked = engine.work_queue(at("2026-11-24T16:00:00Z"), 10).expect("it works");
        assert_eq!(outcomes(&worked.decided), [("web/L2.2".to_owned(), Outcome::Assigned)]);
        assert!(text_of(&worked.decided[0]).contains(r#""parent":"web/L2.1""#));
        // Whoever sends the lead again gets the answer of now.
        let again = engine.decide(lead("L2", "").as_bytes(), at("2026-11-24T16:01:00Z")).expect("it decides");
        assert!(again.receipt.replayed && again.id == worked.decided[0].id);
        let last = engine.work_queue(at("2026-11-24T17:31:00Z"), 10).expect("it works");
        assert_eq!(
            outcomes(&last.decided),
            [("web/L3.2".to_owned(), Outcome::Assigned), ("web/L4.2".to_owned(), Outcome::Unsold)]
        );
        assert!(text_of(&last.decided[1]).contains(r#""next":{"action":"store"}"#));
        assert!(engine.queue(0, 10).expect("it is read").is_empty());
        assert_eq!(world.events(EventKind::LeadHeld).len(), 3);
        world.replays();
    });
}

/// A trial has no queue: it says what comes out in the end, were nothing to change.
#[test]
fn a_trial_waits_for_nothing() {
    let text = Text {
        on_unsold: r#"{ "retry_for": "2h", "then": "store" }"#,
        contracts: contract(r#""hours": "office", "call_window": { "rules": "us-states@1", "outside": "hold" }"#),
        ..Text::default()
    };
    let mut trial = Trial::new(text.plan()).expect("a trial");
    let lead = trial.prepare(lead("L1", "").as_bytes(), at("2026-11-24T04:00:00Z"));
    assert_eq!(trial.settle(&lead).expect("it decides").expect("it is new").outcome, Outcome::Unsold);
}

/// A key is the request's, whatever else the lead is called by then.
#[test]
fn who_asks_by_the_key_gets_the_latest_answer() {
    World::each("by-key", |world| {
        let text = Text {
            on_unsold: r#"{ "retry_for": "2h", "then": "store" }"#,
            contracts: contract(r#""caps": { "hour": 1 }"#),
            ..Text::default()
        };
        let engine = world.engine(&text);
        engine.decide(lead("L1", "").as_bytes(), at("2026-11-24T15:30:00Z")).expect("it decides");
        let keyed =
            |id: &str| format!(r#"{{"id":"{id}","source":"web","phone":"312-867-5302","idempotency_key":"k2"}}"#);
        let waits = engine.decide(keyed("L2").as_bytes(), at("2026-11-24T15:31:00Z")).expect("it decides");
        assert_eq!(waits.outcome, Outcome::Queued);
        let worked = engine.work_queue(at("2026-11-24T16:00:00Z"), 10).expect("it works");
        assert_eq!(outcomes(&worked.decided), [("web/L2.2".to_owned(), Outcome::Assigned)]);
        // Another lead comes under its id, and is refused.
        let other =
            engine.decide(lead("L2", r#","zip":"60601""#).as_bytes(), at("2026-11-24T16:04:00Z")).expect("it decides");
        assert_eq!((other.id.n, other.outcome), (3, Outcome::Rejected));
        for id in ["L2", "L9"] {
            let again = engine.decide(keyed(id).as_bytes(), at("2026-11-24T16:05:00Z")).expect("it answers");
            assert!(again.receipt.replayed);
            assert_eq!(outcomes(&[again]), [("web/L2.2".to_owned(), Outcome::Assigned)]);
        }
        world.replays();
    });
}

#[test]
fn what_time_cannot_change_is_not_offered_again() {
    World::each("vain", |world| {
        let text = Text {
            on_unsold: r#"{ "retry_for": "2h", "then": "store" }"#,
            contracts: contract(r#""consent": { "given": true }"#),
            ..Text::default()
        };
        let decided =
            world.engine(&text).decide(lead("L1", "").as_bytes(), at("2026-11-24T15:30:00Z")).expect("it decides");
        assert_eq!(decided.outcome, Outcome::Unsold);
    });
}

#[test]
fn rule_024_what_waited_is_let_go_oldest_first_and_no_faster_than_the_rate() {
    World::each("rate", |world| {
        let text = Text {
            on_unsold: r#"{ "retry_for": "24h", "rate": { "count": 1, "within": "10m" }, "then": "store" }"#,
            contracts: contract(r#""hours": "office""#),
            ..Text::default()
        };
        let engine = world.engine(&text);
        for id in ["L3", "L1", "L2"] {
            let decided = engine.decide(lead(id, "").as_bytes(), at("2026-11-24T12:00:00Z")).expect("it decides");
            assert_eq!(decided.outcome, Outcome::Queued);
        }
        let mut sold = Vec::new();
        for minute in 0..30 {
            let now = at(&format!("2026-11-24T14:{minute:02}:00Z"));
            let worked = engine.work_queue(now, 10).expect("it works");
            sold.extend(worked.decided.iter().map(|decided| (minute, decided.id.lead.to_string())));
        }
        assert_eq!(sold, [(0, "L3".to_owned()), (10, "L1".to_owned()), (20, "L2".to_owned())]);
        world.replays();
    });
}

#[test]
fn whose_time_is_over_does_not_wait_for_the_rate() {
    World::each("slow", |world| {
        let text = Text {
            on_unsold: r#"{ "retry_for": "3h", "rate": { "count": 1, "within": "1d" }, "then": "store" }"#,
            contracts: contract(r#""hours": "office", "caps": { "hour": 1 }"#),
            ..Text::default()
        };
        let engine = world.engine(&text);
        for id in ["L1", "L2", "L3"] {
            engine.decide(lead(id, "").as_bytes(), at("2026-11-24T13:00:00Z")).expect("it decides");
        }
        let first = engine.work_queue(at("2026-11-24T14:30:00Z"), 10).expect("it works");
        assert_eq!((first.decided.len(), first.waiting), (1, 2));
        let due = engine.queue(0, 10).expect("it is read").into_iter().map(|(_, row)| row.due <= row.until);
        assert!(due.into_iter().all(|in_time| in_time), "each is looked at when its time is over");
        let last = engine.work_queue(at("2026-11-24T16:00:00Z"), 10).expect("it works");
        assert_eq!(last.decided.len(), 2);
        world.replays();
    });
}

#[test]
fn rule_088_a_lead_that_waited_is_as_old_as_it_is() {
    World::each("age", |world| {
        let text = Text {
            intake: r#"{ "max_age": "1h" }"#,
            on_unsold: r#"{ "retry_for": "24h", "then": "store" }"#,
            contracts: contract(r#""hours": "office""#),
            ..Text::default()
        };
        let engine = world.engine(&text);
        // One says when it was received, the other does not.
        let told = lead("L1", r#","received_at":"2026-11-24T12:30:00Z""#);
        engine.decide(told.as_bytes(), at("2026-11-24T13:00:00Z")).expect("it decides");
        engine.decide(lead("L2", "").as_bytes(), at("2026-11-24T13:00:00Z")).expect("it decides");
        let worked = engine.work_queue(at("2026-11-24T13:31:00Z"), 10).expect("it works");
        assert_eq!(outcomes(&worked.decided), [("web/L1.2".to_owned(), Outcome::Rejected)]);
        assert!(text_of(&worked.decided[0]).contains("lead.too_old"));
        let worked = engine.work_queue(at("2026-11-24T14:00:01Z"), 10).expect("it works");
        assert_eq!(outcomes(&worked.decided), [("web/L2.2".to_owned(), Outcome::Rejected)]);
        world.replays();
    });
}

#[test]
fn a_contract_may_let_a_lead_wait_for_the_hour_to_call() {
    World::each("call", |world| {
        let hold = r#""call_window": { "rules": "us-states@1", "outside": "hold" }"#;
        let text = Text { contracts: contract(hold), ..Text::default() };
        let engine = world.engine(&text);
        let night = at("2026-11-25T04:00:00Z");
        let waits = lead("L1", r#","zip":"60601""#);
        let first = engine.decide(waits.as_bytes(), night).expect("it decides");
        assert_eq!(first.outcome, Outcome::Queued);
        let row = engine.queue(0, 10).expect("it is read").pop().expect("it waits").1;
        assert_eq!(row.why, WaitsFor::CallWindow);
        let worked = engine.work_queue(Tick::at(row.due), 10).expect("it works");
        assert_eq!(outcomes(&worked.decided), [("web/L1.2".to_owned(), Outcome::Assigned)]);
        assert!(row.due > night.now && row.due < row.until);
        world.replays();

        // Whoever buys at night is not made to wait for it, and the house waits until nobody does.
        let both = format!(
            r#"{}, "night": {{ "in": {{ "roofing/all": {{}} }}, "sell": {{ "exclusive": {{ "price": "10.00" }} }}, "where": {{ "homeowner": true }} }},
            "last": {{ "house": true, "sell": {{ "exclusive": {{ "price": "1.00" }} }} }}"#,
            contract(hold)
        );
        let text = Text { contracts: both, on_unsold: r#"{ "then": "house", "contract": "last" }"#, ..Text::default() };
        let engine = world.engine(&text);
        let owner = lead("L2", r#","zip":"60601","homeowner":"yes""#);
        let night = at("2026-11-26T04:00:00Z");
        let sold = engine.decide(owner.as_bytes(), night).expect("it decides");
        assert!(text_of(&sold).contains(r#""contract":"night""#), "{}", text_of(&sold));
        let other = lead("L3", r#","zip":"60601""#);
        assert_eq!(engine.decide(other.as_bytes(), night).expect("it decides").outcome, Outcome::Queued);
        world.replays();
    });
}

#[test]
fn rule_075_a_lead_waits_for_its_list() {
    World::each("list", |world| {
        let text = Text { intake: r#"{ "suppress": ["opt-outs"] }"#, ..Text::default() };
        let engine = world.engine(&text);
        let first = engine.decide(lead("L1", "").as_bytes(), at("2026-11-24T15:30:00Z")).expect("it decides");
        assert_eq!(first.outcome, Outcome::Suppressed);
        assert_eq!(engine.queue(0, 10).expect("it is read")[0].1.why, WaitsFor::List);
        let still = engine.work_queue(at("2026-11-24T15:40:00Z"), 10).expect("it works");
        assert_eq!((still.decided.len(), still.waiting), (0, 1));
        let entries = Entries::plain(ListOf::Phone);
        let list = MemoryList::new(entries.clone(), "2026-11-24", entries.digests("+13125550100"));
        engine.set_list("opt-outs", Arc::new(list)).expect("it fits");
        let worked = engine.work_queue(at("2026-11-24T15:50:00Z"), 10).expect("it works");
        assert_eq!(outcomes(&worked.decided), [("web/L1.2".to_owned(), Outcome::Assigned)]);
        assert!(engine.queue(0, 10).expect("it is read").is_empty());
        world.replays();
    });
}

fn held(world: &World) -> Engine {
    world.engine(&Text { problems: r#"{ "name.gibberish": "hold" }"#, ..Text::default() })
}

const GIBBERISH: &str = r#","name":"asdfgh jkl""#;

fn said(text: &str) -> Release {
    Release::read(text).expect("it is read")
}

#[test]
fn a_held_lead_is_released_mended_or_dropped_once() {
    World::each("release", |world| {
        let engine = held(world);
        for id in ["L1", "L2", "L3"] {
            let decided =
                engine.decide(lead(id, GIBBERISH).as_bytes(), at("2026-11-24T15:30:00Z")).expect("it decides");
            assert!(text_of(&decided).contains(r#""next":{"action":"hold","until":"2026-12-24T15:30:00.000Z"}"#));
        }
        let now = at("2026-11-24T16:00:00Z");
        assert!(engine.work_queue(now, 10).expect("it works").decided.is_empty(), "nobody said anything yet");
        let release = said(r#"{"lead":"web/L1","do":"release","by":"ann","reason":"a real name"}"#);
        let fix = said(r#"{"lead":"web/L2.1","do":"fix","with":{"name":"Ada Brown"},"by":"ann","reason":"called"}"#);
        let drop = said(r#"{"lead":"web/L3","do":"drop","by":"ann","reason":"a joke"}"#);
        assert_eq!(engine.release(&release, now).expect("it decides").outcome, Outcome::Assigned);
        let mended = engine.release(&fix, now).expect("it decides");
        assert!(text_of(&mended).contains(r#""first_name":"Ada""#), "{}", text_of(&mended));
        let dropped = engine.release(&drop, now).expect("it decides");
        assert_eq!(dropped.outcome, Outcome::Rejected);
        assert!(text_of(&dropped).contains("lead.dropped"));
        for said in [&release, &fix, &drop] {
            assert_eq!(engine.release(said, now).expect_err("it waits no more").code(), Code::QueueNotWaiting);
        }
        // Sent again as it came first, the mended one is still the same lead, and no plan sells it again.
        let lenient = world.engine(&Text::default());
        for id in ["L1", "L2", "L3"] {
            let again = lenient.decide(lead(id, GIBBERISH).as_bytes(), at("2026-11-25T15:30:00Z")).expect("it decides");
            assert!(again.receipt.replayed && again.id.n == 2, "{id}");
        }
        let events = world.events(EventKind::LeadReleased);
        assert_eq!(events[0], r#"{"by":"ann","do":"release","reason":"a real name"}"#);
        assert_eq!(events.len(), 3);
        world.replays();
    });
}

#[test]
fn a_lead_that_is_mended_badly_stays_in_the_queue_and_one_that_nobody_releases_ends() {
    World::each("expire", |world| {
        let engine = held(world);
        engine.decide(lead("L1", GIBBERISH).as_bytes(), at("2026-11-24T15:30:00Z")).expect("it decides");
        let worse = said(r#"{"lead":"web/L1","do":"fix","with":{"name":"qwerty uiop"},"by":"ann","reason":"typed"}"#);
        let still = engine.release(&worse, at("2026-11-24T16:00:00Z")).expect("it decides");
        assert_eq!((still.outcome, still.id.n), (Outcome::Queued, 2));
        let worked = engine.work_queue(at("2026-12-24T15:30:00Z"), 10).expect("it works");
        assert_eq!(outcomes(&worked.decided), [("web/L1.3".to_owned(), Outcome::Rejected)]);
        assert!(text_of(&worked.decided[0]).contains("lead.hold_expired"));
        world.replays();
    });
}

#[test]
fn a_refused_namesake_takes_nobody_out_of_the_queue() {
    World::each("namesake", |world| {
        let engine = held(world);
        engine.decide(lead("L1", GIBBERISH).as_bytes(), at("2026-11-24T15:30:00Z")).expect("it decides");
        let other = lead("L1", r#","name":"Bo Green""#);
        let refused = engine.decide(other.as_bytes(), at("2026-11-24T15:31:00Z")).expect("it decides");
        assert_eq!((refused.outcome, refused.id.n), (Outcome::Rejected, 2));
        let release = said(r#"{"lead":"web/L1","do":"release","by":"ann","reason":"a real name"}"#);
        let decided = engine.release(&release, at("2026-11-24T16:00:00Z")).expect("it decides");
        assert_eq!((decided.outcome, decided.id.n), (Outcome::Assigned, 3));
        assert!(text_of(&decided).contains(r#""parent":"web/L1.1""#));
        world.replays();
    });
}

#[test]
fn rule_068_of_two_that_wait_one_is_sold_and_the_other_is_its_duplicate() {
    World::each("twins", |world| {
        let dedupe =
            r#"{ "dedupe": [ { "any": ["phone"], "within": "30d", "scope": "vertical", "against": "sold" } ] }"#;
        let text = Text {
            intake: dedupe,
            on_unsold: r#"{ "retry_for": "24h", "then": "store" }"#,
            contracts: contract(r#""may": { "pause": true }"#),
            ..Text::default()
        };
        let engine = world.engine(&text);
        let pause = r#"{"op":"override","contract":"acme-all","set":{"status":"paused"},"by":"ann","reason":"lunch"}"#;
        let now = at("2026-11-24T15:30:00Z");
        engine.operate(&Operation::read(pause).expect("it is read"), now.now).expect("it is done");
        for id in ["A", "B"] {
            let twin = format!(r#"{{"id":"{id}","source":"web","phone":"312-867-5309","name":"Ada {id}rown"}}"#);
            assert_eq!(engine.decide(twin.as_bytes(), now).expect("it decides").outcome, Outcome::Queued);
        }
        let clear = r#"{"op":"clear","contract":"acme-all","by":"ann","reason":"back"}"#;
        engine.operate(&Operation::read(clear).expect("it is read"), now.now).expect("it is done");
        let worked = engine.work_queue(at("2026-11-24T15:40:00Z"), 10).expect("it works");
        assert_eq!(
            outcomes(&worked.decided),
            [("web/A.2".to_owned(), Outcome::Assigned), ("web/B.2".to_owned(), Outcome::Duplicate)]
        );
        world.replays();
    });
}

#[test]
fn two_that_work_the_queue_off_decide_each_lead_once() {
    World::each("workers", |world| {
        let text = Text {
            on_unsold: r#"{ "retry_for": "24h", "then": "store" }"#,
            contracts: contract(r#""hours": "office""#),
            ..Text::default()
        };
        let engine = world.engine(&text);
        for n in 0..60 {
            let text = format!(r#"{{"id":"L{n}","source":"web","phone":"312-867-53{n:02}"}}"#);
            engine.decide(text.as_bytes(), at("2026-11-24T12:00:00Z")).expect("it decides");
        }
        let decided: usize = std::thread::scope(|scope| {
            let work = || engine.work_queue(at("2026-11-24T15:00:00Z"), 100).expect("it works").decided.len();
            let workers: Vec<_> = (0..4).map(|_| scope.spawn(work)).collect();
            workers.into_iter().map(|worker| worker.join().expect("it ends")).sum()
        });
        assert_eq!(decided, 60);
        assert!(engine.queue(0, 10).expect("it is read").is_empty());
    });
}

#[test]
fn mending_makes_no_other_lead_however_it_is_written() {
    World::each("identity", |world| {
        let engine = held(world);
        engine.decide(lead("L1", GIBBERISH).as_bytes(), at("2026-11-24T15:30:00Z")).expect("it decides");
        for name in ["is_test", "Test", "lead_id", "Source ID", "created_at", "idempotency_key"] {
            let text = format!(r#"{{"lead":"web/L1","do":"fix","with":{{"{name}":"true"}},"by":"ann","reason":"x"}}"#);
            let error = engine.release(&said(&text), at("2026-11-24T16:00:00Z")).expect_err("it is refused");
            assert_eq!(error.code(), Code::QueueMalformed, "{name}");
        }
        assert_eq!(engine.queue(0, 10).expect("it is read").len(), 1);
    });
}

#[test]
fn a_lead_with_a_dot_in_its_id_is_no_decision_of_another() {
    World::each("dots", |world| {
        let engine = held(world);
        for id in ["L1", "L1.2"] {
            let text = format!(
                r#"{{"id":"{id}","source":"web","phone":"312-867-5301","name":"asdfgh jkl","comments":"{id}"}}"#
            );
            engine.decide(text.as_bytes(), at("2026-11-24T15:30:00Z")).expect("it decides");
        }
        let now = at("2026-11-24T16:00:00Z");
        let drop = |name: &str| {
            engine.release(&said(&format!(r#"{{"lead":"{name}","do":"drop","by":"ann","reason":"x"}}"#)), now)
        };
        assert_eq!(drop("web/L1.3").expect_err("another decision").code(), Code::QueueNotWaiting);
        assert_eq!(drop("web/L1.2").expect("it is dropped").id.lead.as_str(), "L1.2");
        assert_eq!(drop("web/L1.1").expect("it is dropped").id.lead.as_str(), "L1");
    });
}

/// By night it waits for the hour to call, by day for room: it does not begin anew each time.
#[test]
fn what_it_waits_for_may_change_and_its_time_ends_all_the_same() {
    World::each("turns", |world| {
        let text = Text {
            on_unsold: r#"{ "retry_for": "12h", "then": "store" }"#,
            contracts: contract(
                r#""caps": { "total": 1 }, "call_window": { "rules": "us-states@1", "outside": "hold" }"#,
            ),
            ..Text::default()
        };
        let engine = world.engine(&text);
        let sold = engine.decide(lead("L1", r#","zip":"60601""#).as_bytes(), at("2026-11-24T18:00:00Z"));
        assert_eq!(sold.expect("it decides").outcome, Outcome::Assigned);
        let waits = engine.decide(lead("L2", r#","zip":"60601""#).as_bytes(), at("2026-11-24T18:00:00Z"));
        assert_eq!(waits.expect("it decides").outcome, Outcome::Queued);
        let mut now = at("2026-11-24T18:00:00Z");
        let mut looks = 0;
        while !engine.queue(0, 10).expect("it is read").is_empty() {
            now = Tick::at(now.now.plus_millis(3_600_000));
            engine.work_queue(now, 10).expect("it works");
            looks += 1;
            assert!(looks <= 24 * 31, "it waits for ever");
        }
        world.replays();
    });
}

/// What was recorded of one is damaged: the others do not wait for it.
#[test]
fn one_that_is_damaged_holds_nobody_up() {
    let folder = std::env::temp_dir().join(format!("leadwright-queue-damaged-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let path = folder.join("leads.db");
    let text = Text {
        on_unsold: r#"{ "retry_for": "24h", "then": "store" }"#,
        contracts: contract(r#""hours": "office""#),
        ..Text::default()
    };
    let store = Arc::new(SqliteStore::open(&path).expect("a store"));
    let engine = Engine::with_options(text.plan(), store, EngineOptions::default()).expect("an engine");
    for id in ["L1", "L2", "L3"] {
        engine.decide(lead(id, "").as_bytes(), at("2026-11-24T12:00:00Z")).expect("it decides");
    }
    let raw = rusqlite::Connection::open(&path).expect("it opens");
    raw.execute("UPDATE waiting SET n = 7 WHERE lead = 'L2'", []).expect("it is damaged");
    let worked = engine.work_queue(at("2026-11-24T15:00:00Z"), 10).expect("it works");
    assert_eq!(worked.decided.len(), 2);
    assert_eq!(worked.damaged.len(), 1);
    let again = engine.work_queue(at("2026-11-24T15:30:00Z"), 10).expect("it works");
    assert!(again.damaged.is_empty(), "it is put off");
    drop((engine, raw));
    std::fs::remove_dir_all(folder).expect("it goes");
}
