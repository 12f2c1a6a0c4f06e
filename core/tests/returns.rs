//! What becomes of a lead after its sale: it comes back, is offered on, is corrected.

use leadwright::care::forget;
use leadwright::engine::{Decided, Engine, Observer, explain};
use leadwright::model::{AttemptClass, Code, Error, Outcome, Tick, Timestamp};
use leadwright::operate::{ClaimDeliveries, DeliveryOutcome, Operated, Operation, Person};
use leadwright::plan::{MemoryResolver, Plan};
use leadwright::store::MemoryStore;
use serde_json::json;
use std::sync::{Arc, Mutex};

const NOON: &str = "2026-11-24T18:00:00Z";

fn time(text: &str) -> Timestamp {
    text.parse().expect("a time")
}

/// Three roofers: what one gives back may go to another one.
fn resale(most: u32) -> Engine {
    let contract = |price: &str, sale: &str| {
        format!(
            r#""in": {{ "roofing/all": {{}} }}, "caps": {{ "day": 5 }}, "post": {{ "to": "hub" }}, "sell": {{ "{sale}": {{ "price": "{price}" }} }}"#
        )
    };
    let sale = if most == 1 { "exclusive" } else { "shared" };
    let buyer = |name: &str, price: &str| {
        let terms = r#""returns": { "within": "10d", "return_refunds_cap": "same_window" }, "dedupe": [ { "any": ["phone"], "within": "30d" } ]"#;
        let (one, two) = (contract(price, sale), contract("5.00", sale));
        format!(r#""{name}": {{ {terms}, "contracts": {{ "{name}-1": {{ {one} }}, "{name}-2": {{ {two} }} }} }}"#)
    };
    let text = format!(
        r#"{{ "format": 1, "plan": "tiny", "currency": "USD", "timezone": "America/Chicago",
            "verticals": {{ "roofing": {{ "extends": "us/home-services@1" }} }}, "sources": {{ "web": {{ "verticals": ["roofing"] }} }},
            "intake": {{ "dedupe": [ {{ "any": ["phone"], "within": "30d" }} ] }},
            "endpoints": {{ "hub": {{ "url": "https://hub.example/leads" }} }},
            "routes": {{ "roofing": {{ "max_sales": {most}, "groups": [ {{ "id": "all", "select": "price" }} ], "on_unsold": {{ "then": "store" }} }} }},
            "buyers": {{ {}, {}, {} }} }}"#,
        buyer("acme", "40.00"),
        buyer("best", "30.00"),
        buyer("cool", "20.00"),
    );
    let plan = Plan::load(&MemoryResolver::new([("plan.jsonc", text)]), "plan.jsonc");
    Engine::open(plan.unwrap_or_else(|error| panic!("{error}")), MemoryStore::new()).expect("an engine")
}

/// The ids of the decisions that an observer heard of.
#[derive(Default)]
struct Heard(Mutex<Vec<String>>);

impl Observer for Heard {
    fn decided(&self, decided: &Decided) {
        self.0.lock().expect("a lock").push(decided.id.to_string());
    }
}

fn sold_to(engine: &Engine, id: &str) -> Vec<String> {
    let explained = explain(engine.store(), engine.tenant(), &id.parse().expect("an id")).expect("it is explained");
    explained.decision.assignments.iter().map(|sold| sold.contract.to_string()).collect()
}

const ANN: &[u8] = br#"{"id":"L1","source":"web","phone":"312-867-5301","zip":"60601"}"#;

/// It has a key: said again it does nothing anew.
fn give_back_once(engine: &Engine, decision: &str, buyer: &str) -> Result<Operated, Error> {
    let said = json!({"op": "return", "decision": decision, "buyer": buyer, "resell": true, "by": "ann", "reason": "wrong",
        "key": "R-1"});
    engine.operate(&Operation::read(&said.to_string())?, time(NOON))
}

fn give_back(engine: &Engine, decision: &str, buyer: &str, resell: bool) -> Result<Operated, Error> {
    let said =
        json!({"op": "return", "decision": decision, "buyer": buyer, "resell": resell, "by": "ann", "reason": "wrong"});
    engine.operate(&Operation::read(&said.to_string())?, time(NOON))
}

#[test]
fn rule_091_a_lead_that_came_back_is_sold_to_nobody_who_was_offered_it() {
    let engine = resale(1);
    engine.decide(ANN, Tick::at(time(NOON))).expect("it decides");
    // Best has it after acme refused.
    let claim = ClaimDeliveries { worker: "w1".into(), ..ClaimDeliveries::default() };
    for class in [AttemptClass::Rejected, AttemptClass::Accepted] {
        let sent = engine.claim(&claim, time(NOON)).expect("it is claimed").remove(0);
        engine.delivered(&sent.id, &DeliveryOutcome::of(class), time(NOON)).expect("it is told");
    }
    assert_eq!(sold_to(&engine, "web/L1.2"), ["best-1"]);
    let back = give_back(&engine, "web/L1.2", "best", true).expect("it comes back");
    assert_eq!(back.next.as_ref().map(ToString::to_string).as_deref(), Some("web/L1.3"));
    assert_eq!(sold_to(&engine, "web/L1.3"), ["cool-1"], "neither acme-2 nor best-2, and no duplicate of itself");
    let again = give_back(&engine, "web/L1.3", "cool", true).expect("it comes back");
    assert_eq!(again.next.map(|next| sold_to(&engine, &next.to_string())), Some(vec![]), "nobody is left");
    for (_, replayed) in Engine::replay_all(engine.store(), engine.tenant(), 0, 100).expect("they are replayed") {
        assert!(replayed.same, "{replayed:?}");
    }
    // Without being asked to, it goes to nobody.
    let quiet = resale(1);
    quiet.decide(ANN, Tick::at(time(NOON))).expect("it decides");
    assert_eq!(give_back(&quiet, "web/L1.1", "acme", false).expect("it comes back").next, None);
}

#[test]
fn rule_092_one_of_several_that_share_a_lead_gives_it_back_and_one_place_is_free_once() {
    let engine = resale(2);
    engine.decide(ANN, Tick::at(time(NOON))).expect("it decides");
    assert_eq!(sold_to(&engine, "web/L1.1"), ["acme-1", "best-1"]);
    let used = |contract: &str| {
        let mut found = 0;
        let mut look = |view: &dyn leadwright::store::View| {
            found = view.counter(&format!("contract:{contract}|day:2026-11-24|count|sold"))?;
            Ok(())
        };
        engine.store().read(engine.tenant(), &mut look).expect("it is read");
        found
    };
    let back = give_back(&engine, "web/L1.1", "acme", true).expect("it comes back");
    assert_eq!((used("acme-1"), used("best-1")), (0, 1));
    let next = back.next.expect("a decision").to_string();
    assert_eq!(sold_to(&engine, &next), ["cool-1"], "one place, beside best");
    let twice = give_back(&engine, "web/L1.1", "acme", true).expect_err("it is refused");
    assert_eq!(twice.code(), Code::OperationReturnRefused);
    assert_eq!((used("acme-1"), used("best-1"), used("cool-1")), (0, 1, 1));
}

#[test]
fn rule_089_a_lead_that_is_corrected_after_its_sale_is_not_sold_again() {
    let engine = resale(1);
    let first = engine.decide(ANN, Tick::at(time(NOON))).expect("it decides");
    let claim = ClaimDeliveries { worker: "w1".into(), ..ClaimDeliveries::default() };
    let sent = engine.claim(&claim, time(NOON)).expect("it is claimed").remove(0);
    let corrected = br#"{"id":"L1","source":"web","phone":"312-867-5399","zip":"60699"}"#;
    let later = Tick::at(time("2026-11-24T20:00:00Z"));
    let second = engine.decide(corrected, later).expect("it decides");
    assert!(second.id != first.id && second.outcome != Outcome::Assigned, "{second:?}");
    assert_eq!(engine.delivery(&sent.key).expect("it is read").map(|seen| seen.decision), Some(first.id));
    assert!(engine.claim(&claim, later.now).expect("nothing").is_empty(), "nobody is sent anything new");
    assert_eq!(sold_to(&engine, "web/L1.1"), ["acme-1"], "what was decided stays");
}

#[test]
fn a_lead_that_is_offered_on_is_told_to_whoever_observes() {
    let heard = Arc::new(Heard::default());
    let engine = resale(1).observed_by(heard.clone());
    engine.decide(ANN, Tick::at(time(NOON))).expect("it decides");
    give_back_once(&engine, "web/L1.1", "acme").expect("it comes back");
    assert_eq!(*heard.0.lock().expect("a lock"), ["web/L1.1", "web/L1.2"]);
    assert!(give_back_once(&engine, "web/L1.1", "acme").expect("it is known").replayed);
    assert_eq!(heard.0.lock().expect("a lock").len(), 2, "nothing was decided");
}

#[test]
fn a_return_that_was_done_is_found_by_its_key_after_the_lead_was_erased() {
    let engine = resale(1);
    engine.decide(ANN, Tick::at(time(NOON))).expect("it decides");
    let back = give_back_once(&engine, "web/L1.1", "acme").expect("it comes back");
    let by = Some("ann".into());
    let person =
        Person { phone: Some("312-867-5301".into()), reason: Some("a letter".into()), by, ..Person::default() };
    forget(engine.store(), engine.tenant(), &person, time(NOON), &mut |_| {}).expect("it is forgotten");
    let again = give_back_once(&engine, "web/L1.1", "acme").expect("it is known");
    assert_eq!(again, Operated { replayed: true, ..back });
    let other = give_back(&engine, "web/L1.2", "best", true);
    assert_eq!(other.map_err(|error| error.code()), Err(Code::OperationReturnRefused), "of that nothing is left");
}
