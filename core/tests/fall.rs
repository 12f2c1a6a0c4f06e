//! Sales that fall: what they took is given back, exactly, and the lead goes to the next one, or to nobody who may not have it.

use leadwright::care::verify;
use leadwright::engine::{Engine, EngineOptions};
use leadwright::model::{
    AttemptClass, Code, DeliveryState, Error, EventKind, Outcome, Sale, TenantId, Tick, Timestamp,
};
use leadwright::operate::{ClaimDeliveries, DeliveryOutcome, DeliveryReported, Operation, Sending};
use leadwright::plan::{MemoryResolver, Plan};
use leadwright::store::testkit::{Around, Between};
use leadwright::store::{MemoryStore, SqliteStore, Store, Transaction};
use serde_json::Value as Json;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

const NOW: &str = "2026-11-24T15:30:00Z";

fn after(seconds: i64) -> Timestamp {
    NOW.parse::<Timestamp>().expect("a time").plus_millis(seconds * 1_000)
}

/// `route`: members of the route; `buyers`: name, and members of its contract.
fn plan(route: &str, buyers: &[(&str, &str)]) -> Plan {
    let buyer = |(name, contract): &(&str, &str)| {
        let (own, contract) = contract.split_once("||").unwrap_or(("", contract));
        format!(r#""{name}": {{ {own} "contracts": {{ "{name}-1": {{ "post": {{ "to": "hub" }}, {contract} }} }} }}"#)
    };
    let text = format!(
        r#"{{ "format": 1, "plan": "tiny", "currency": "USD", "timezone": "America/Chicago",
            "verticals": {{ "roofing": {{ "extends": "us/home-services@1" }} }},
            "endpoints": {{ "hub": {{ "url": "https://hub.example/leads" }} }},
            "sources": {{ "web": {{ "verticals": ["roofing"], "payout": {{ "percent_of_price": 50 }}, "caps": {{ "day": 5 }} }} }},
            "routes": {{ "roofing": {{ {route} }} }}, "buyers": {{ {} }} }}"#,
        buyers.iter().map(buyer).collect::<Vec<_>>().join(", "),
    );
    Plan::load(&MemoryResolver::new([("plan.jsonc", text)]), "plan.jsonc").unwrap_or_else(|error| panic!("{error}"))
}

const BY_PRICE: &str = r#""groups": [ { "id": "all", "select": "price" } ], "on_unsold": { "then": "store" }"#;

fn sells(price: &str) -> String {
    format!(
        r#""in": {{ "roofing/all": {{}} }}, "caps": {{ "day": 1 }}, "sell": {{ "exclusive": {{ "price": "{price}" }} }}"#
    )
}

/// Runs on memory and on a file that has to be true afterwards.
fn on_both(name: &str, plan: &Plan, test: impl Fn(&Engine)) {
    test(&Engine::open(plan.clone(), MemoryStore::new()).expect("an engine"));
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("fall-{name}.db"));
    for end in ["db", "db-wal", "db-shm"] {
        let _ = std::fs::remove_file(path.with_extension(end));
    }
    let store = SqliteStore::open(&path).expect("a store");
    test(&Engine::open(plan.clone(), store).expect("an engine"));
    let store = SqliteStore::open(&path).expect("a store");
    let found = verify(&store, &mut |_| {}).expect("it is looked at").findings;
    assert!(found.is_empty(), "{name}: {found:#?}");
}

fn decide(engine: &Engine, id: u32, seconds: i64) -> Outcome {
    let lead = format!(r#"{{"id":"L{id}","source":"web","phone":"312-867-{:04}","zip":"60601"}}"#, 5000 + id);
    engine.decide(lead.as_bytes(), Tick::at(after(seconds))).expect("it is decided").outcome
}

fn claim(engine: &Engine, seconds: i64) -> Vec<Sending> {
    let claim = ClaimDeliveries { worker: "w1".into(), limit: Some(64), ..ClaimDeliveries::default() };
    engine.claim(&claim, after(seconds)).expect("it is claimed")
}

fn told(engine: &Engine, sending: &Sending, class: AttemptClass, seconds: i64) -> DeliveryReported {
    engine.delivered(&sending.id, &DeliveryOutcome::of(class), after(seconds)).expect("it is told")
}

fn state(engine: &Engine, sent: &Sending) -> Option<DeliveryState> {
    engine.delivery(&sent.key).expect("it is read").map(|seen| seen.state)
}

fn counter(engine: &Engine, key: &str) -> i64 {
    let mut found = 0;
    let mut look = |view: &dyn leadwright::store::View| {
        found = view.counter(key)?;
        Ok(())
    };
    engine.store().read(engine.tenant(), &mut look).expect("it is read");
    found
}

fn events(engine: &Engine, kind: EventKind) -> Vec<Json> {
    let all = engine.store().events(engine.tenant(), 0, 1_000).expect("events");
    all.into_iter()
        .filter(|(_, event)| event.kind == kind)
        .map(|(_, event)| serde_json::from_str(&event.data).expect("JSON"))
        .collect()
}

/// Every decision comes out again as it did.
fn all_replay(engine: &Engine) {
    for (_, replayed) in Engine::replay_all(engine.store(), engine.tenant(), 0, 1_000).expect("they are replayed") {
        assert!(replayed.same, "{replayed:?}");
    }
}

fn body(engine: &Engine, id: &str) -> Json {
    let mut found = None;
    let mut look = |view: &dyn leadwright::store::View| {
        found = view.body(&id.parse().expect("an id"))?;
        Ok(())
    };
    engine.store().read(engine.tenant(), &mut look).expect("it is read");
    serde_json::from_slice(&found.expect("it is there").1).expect("JSON")
}

#[test]
fn rule_016_a_reject_gives_the_cap_back_in_its_window_and_the_next_buyer_gets_the_lead() {
    let plan = plan(BY_PRICE, &[("acme", &sells("40.00")), ("best", &sells("30.00"))]);
    on_both("reject", &plan, |engine| {
        assert_eq!(decide(engine, 1, 0), Outcome::Assigned);
        let first = claim(engine, 1).remove(0);
        assert_eq!(first.buyer.as_str(), "acme");
        let key = "contract:acme-1|day:2026-11-24|count|sold";
        assert_eq!((counter(engine, key), counter(engine, "source:web|day:2026-11-24|count|sold")), (1, 1));
        let reported = told(engine, &first, AttemptClass::Rejected, 2);
        assert_eq!((reported.state, reported.fell, reported.dead), (DeliveryState::Done, true, None));
        assert_eq!(reported.next.as_ref().map(ToString::to_string).as_deref(), Some("web/L1.2"));
        assert_eq!((counter(engine, key), counter(engine, "source:web|day:2026-11-24|count|sold")), (0, 1));
        let again = told(engine, &first, AttemptClass::Rejected, 3);
        assert_eq!(again, DeliveryReported { replayed: true, ..reported }, "the same report again is the same");

        let next = body(engine, "web/L1.2");
        assert_eq!(
            (next["parent"].as_str(), next["assignments"][0]["buyer"].as_str()),
            (Some("web/L1.1"), Some("best"))
        );
        let why = next["trace"]["entries"].as_array().expect("entries");
        let acme = why.iter().find(|entry| entry["contract"] == "acme-1").expect("it is told why not");
        assert_eq!((acme["code"].as_str(), acme["found"].as_str()), (Some("contract.refused"), Some("rejected")));

        let second = claim(engine, 4).remove(0);
        assert_eq!((second.buyer.as_str(), second.decision.n), ("best", 2));
        assert_ne!(second.key, first.key, "another offer, another key");
        assert_eq!(told(engine, &second, AttemptClass::Accepted, 5).state, DeliveryState::Done);
        all_replay(engine);
        assert_eq!(decide(engine, 2, 6), Outcome::Assigned, "acme has its place again");
        assert_eq!(claim(engine, 7)[0].buyer.as_str(), "acme");
        let fell = events(engine, EventKind::SaleFell);
        assert_eq!(
            (fell.len(), fell[0]["price"].as_str(), fell[0]["because"].as_str()),
            (1, Some("40.00"), Some("rejected"))
        );
    });
}

#[test]
fn rule_016_into_a_window_that_is_over_nothing_is_gained_today() {
    let plan = plan(BY_PRICE, &[("acme", &sells("40.00"))]);
    on_both("window", &plan, |engine| {
        assert_eq!(decide(engine, 1, 0), Outcome::Assigned);
        let first = claim(engine, 1).remove(0);
        let day = 86_400;
        assert_eq!(decide(engine, 2, day), Outcome::Assigned);
        told(engine, &first, AttemptClass::Rejected, day + 1);
        assert_eq!(counter(engine, "contract:acme-1|day:2026-11-24|count|sold"), 0);
        assert_eq!(counter(engine, "contract:acme-1|day:2026-11-25|count|sold"), 1);
        assert_eq!(decide(engine, 3, day + 2), Outcome::Unsold);
    });
}

/// With the policy about lower prices, to a buyer that has paid in 100.00.
fn for_less(policy: &str) -> Plan {
    let acme = sells("40.00");
    let acme = format!(r#""prepaid": true, "returns": {{ "within": "10d" }}, || {acme}"#);
    let plan = plan(BY_PRICE, &[("acme", &acme), ("best", &sells("30.00"))]);
    let text = plan.canonical().replacen(r#""post":{"to":"hub"}"#, &format!(r#""post":{{"to":"hub"{policy}}}"#), 1);
    Plan::load(&MemoryResolver::new([("plan.jsonc", text)]), "plan.jsonc").unwrap_or_else(|error| panic!("{error}"))
}

fn operate(engine: &Engine, said: &str, seconds: i64) {
    engine.operate(&Operation::read(said).expect("an operation"), after(seconds)).expect("it is done");
}

/// Sells a lead to acme, which says that it takes it for this price.
fn taken_for(engine: &Engine, price: &str) -> DeliveryReported {
    operate(engine, r#"{"op":"funds","buyer":"acme","add":"100.00","by":"kim","reason":"paid in"}"#, 0);
    assert_eq!(decide(engine, 1, 0), Outcome::Assigned);
    let sent = claim(engine, 1).remove(0);
    let outcome = DeliveryOutcome::read(&format!(r#"{{"class":"accepted","price":"{price}"}}"#)).expect("an outcome");
    let reported = engine.delivered(&sent.id, &outcome, after(2)).expect("it is told");
    let again = engine.delivered(&sent.id, &outcome, after(3)).expect("it is told again");
    assert!(again.replayed);
    reported
}

#[test]
fn rule_048_who_takes_a_lead_for_less_owes_its_price_or_pays_less_or_does_not_get_it() {
    let funds = |engine: &Engine| counter(engine, "buyer:acme|funds");
    on_both("lower-kept", &for_less(""), |engine| {
        assert_eq!(taken_for(engine, "35.50").state, DeliveryState::Done);
        assert_eq!(funds(engine), 600_000);
        assert_eq!(events(engine, EventKind::DeliveryAccepted)[0]["price"], "35.50", "both numbers are there");
    });
    on_both("lower-taken", &for_less(r#","lower_price":"take""#), |engine| {
        assert_eq!(taken_for(engine, "35.50").state, DeliveryState::Done);
        assert_eq!(funds(engine), 645_000);
        let told = events(engine, EventKind::MoneyAdjusted);
        assert_eq!((told.len(), told[0]["add"].as_str()), (1, Some("-4.50")));
        // What it gets back is what it paid.
        operate(
            engine,
            r#"{"op":"return","decision":"web/L1.1","buyer":"acme","by":"kim","reason":"wrong number"}"#,
            9,
        );
        assert_eq!(funds(engine), 1_000_000);
        assert_eq!(events(engine, EventKind::LeadReturned)[0]["price"], "35.50");
    });
    on_both("more", &for_less(r#","lower_price":"take""#), |engine| {
        assert_eq!(taken_for(engine, "47.00").state, DeliveryState::Done);
        assert_eq!(funds(engine), 600_000, "more than it owes is its own affair");
    });
    on_both("lower-refused", &for_less(r#","lower_price":"reject""#), |engine| {
        let reported = taken_for(engine, "35.50");
        assert_eq!((reported.class, reported.fell), (AttemptClass::Rejected, true));
        assert_eq!(funds(engine), 1_000_000);
        assert_eq!(claim(engine, 4)[0].buyer.as_str(), "best");
        assert_eq!(events(engine, EventKind::DeliveryRejected)[0]["reason"], "lower_price");
        all_replay(engine);
    });
}

#[test]
fn rule_017_who_does_not_answer_keeps_its_place() {
    let plan = plan(BY_PRICE, &[("acme", &sells("40.00"))]);
    on_both("keeps-its-place", &plan, |engine| {
        assert_eq!(decide(engine, 1, 0), Outcome::Assigned);
        let sent = claim(engine, 1).remove(0);
        told(engine, &sent, AttemptClass::Unknown, 2);
        assert_eq!(decide(engine, 2, 3_600), Outcome::Unsold, "it may have the lead, and has one a day");
        // Until somebody finds out.
        told(engine, &sent, AttemptClass::Rejected, 3_700);
        assert_eq!(decide(engine, 3, 3_800), Outcome::Assigned);
    });
}

#[test]
fn rule_043_a_claim_that_ended_before_a_byte_was_sent_may_be_tried_again() {
    let plan = plan(BY_PRICE, &[("acme", &sells("40.00")), ("best", &sells("30.00"))]);
    on_both("not-tried", &plan, |engine| {
        assert_eq!(decide(engine, 1, 0), Outcome::Assigned);
        let sent = claim(engine, 1).remove(0);
        let reported = told(engine, &sent, AttemptClass::NotTried, 2);
        assert_eq!((reported.state, reported.fell), (DeliveryState::Ready, false));
        let again = claim(engine, 120).remove(0);
        assert_eq!((again.buyer.as_str(), &again.key), ("acme", &sent.key), "the same buyer under the same key");
    });
}

#[test]
fn rule_037_after_a_shared_sale_stands_nobody_has_the_lead_alone() {
    let route =
        r#""max_sales": 2, "groups": [ { "id": "all", "select": "best_revenue" } ], "on_unsold": { "then": "store" }"#;
    let shared =
        |price: &str| format!(r#""in": {{ "roofing/all": {{}} }}, "sell": {{ "shared": {{ "price": "{price}" }} }}"#);
    let alone = r#""in": { "roofing/all": {} }, "sell": { "exclusive": { "price": "35.00" } }"#;
    let (acme, best, cool) = (shared("20.00"), shared("18.00"), shared("9.00"));
    let plan = plan(route, &[("acme", &acme), ("best", &best), ("cool", &cool), ("solo", alone)]);
    on_both("shared", &plan, |engine| {
        assert_eq!(decide(engine, 1, 0), Outcome::Assigned);
        let mut sent = claim(engine, 1);
        sent.sort_by(|a, b| a.buyer.cmp(&b.buyer));
        assert_eq!(sent.iter().map(|sent| sent.buyer.as_str()).collect::<Vec<_>>(), ["acme", "best"]);
        assert_eq!(told(engine, &sent[0], AttemptClass::Accepted, 2).state, DeliveryState::Done);
        let reported = told(engine, &sent[1], AttemptClass::Rejected, 3);
        let next = body(engine, &reported.next.expect("somebody else").to_string());
        assert_eq!(next["assignments"].as_array().map(Vec::len), Some(1));
        assert_eq!(next["assignments"][0]["buyer"].as_str(), Some("cool"), "beside acme, and not solo alone");
        // Nobody else is left: what stands stands, and that is no news.
        let third = claim(engine, 4).remove(0);
        let last = told(engine, &third, AttemptClass::Rejected, 5);
        assert_eq!((last.fell, last.next), (true, None));
        all_replay(engine);
    });
}

#[test]
fn rule_042_who_refused_is_not_asked_again_in_a_later_group() {
    let route = r#""groups": [ { "id": "all", "select": "price" }, { "id": "rest", "select": "price" } ], "on_unsold": { "then": "store" }"#;
    let both = r#""in": { "roofing/all": {}, "roofing/rest": {} }, "sell": { "exclusive": { "price": "40.00" } }"#;
    let rest = r#""in": { "roofing/rest": {} }, "sell": { "exclusive": { "price": "10.00" } }"#;
    let plan = plan(route, &[("acme", both), ("best", rest)]);
    on_both("groups", &plan, |engine| {
        decide(engine, 1, 0);
        let reported = told(engine, &claim(engine, 1)[0], AttemptClass::Rejected, 2);
        let next = body(engine, &reported.next.expect("the next one").to_string());
        assert_eq!(next["assignments"][0]["contract"].as_str(), Some("best-1"));
        let refused = next["trace"]["entries"].as_array().expect("entries");
        assert_eq!(refused.iter().filter(|entry| entry["code"] == "contract.refused").count(), 2);
        let reported = told(engine, &claim(engine, 3)[0], AttemptClass::Rejected, 4);
        let last = body(engine, &reported.next.expect("it says that nobody is left").to_string());
        assert_eq!(last["outcome"].as_str(), Some("unsold"));
    });
}

#[test]
fn rule_044_what_nobody_knows_is_kept_and_then_what_the_plan_says_happens() {
    let of = |then: &str| {
        let acme = format!(r#"{}, "no_answer": {{ "hold_at_most": "20m", "then": "{then}" }}"#, sells("40.00"));
        plan(BY_PRICE, &[("acme", &acme), ("best", &sells("30.00"))])
    };
    let cap = "contract:acme-1|day:2026-11-24|count|sold";
    on_both("counted", &of("count_as_sold"), |engine| {
        decide(engine, 1, 0);
        let sent = claim(engine, 1).remove(0);
        assert_eq!(told(engine, &sent, AttemptClass::Unknown, 2).state, DeliveryState::Unknown);
        assert!(claim(engine, 2 + 19 * 60).is_empty(), "it is sold to nobody else");
        assert!(claim(engine, 2 + 20 * 60).is_empty());
        assert_eq!((counter(engine, cap), state(engine, &sent)), (1, Some(DeliveryState::Done)));
    });
    on_both("released", &of("release"), |engine| {
        decide(engine, 1, 0);
        let sent = claim(engine, 1).remove(0);
        told(engine, &sent, AttemptClass::Unknown, 2);
        assert!(claim(engine, 2 + 20 * 60).is_empty(), "nothing proves that acme has it not: best does not get it");
        assert_eq!((counter(engine, cap), state(engine, &sent)), (0, Some(DeliveryState::Dead)));
        assert_eq!(events(engine, EventKind::SaleFell)[0]["because"].as_str(), Some("no_answer"));
        // Rule 46: acme tells late that it has it, and there is room.
        let late = told(engine, &sent, AttemptClass::Accepted, 3_000);
        assert_eq!((late.state, late.conflict, late.fell), (DeliveryState::Done, None, false));
        assert_eq!((counter(engine, cap), events(engine, EventKind::SaleHonored).len()), (1, 1));
    });
    on_both("conflict", &of("release"), |engine| {
        decide(engine, 1, 0);
        let sent = claim(engine, 1).remove(0);
        told(engine, &sent, AttemptClass::Unknown, 2);
        claim(engine, 2 + 20 * 60);
        decide(engine, 2, 2_000);
        let late = told(engine, &sent, AttemptClass::Accepted, 3_000);
        assert_eq!(late.conflict.as_deref(), Some("caps.contract.day"), "its place is taken, and that is said");
        assert_eq!((counter(engine, cap), late.fell), (1, true));
    });
}

#[test]
fn rule_046_a_late_acceptance_of_what_another_buyer_has_is_a_conflict_with_its_name() {
    let plan = plan(BY_PRICE, &[("acme", &sells("40.00")), ("best", &sells("30.00"))]);
    on_both("late", &plan, |engine| {
        decide(engine, 1, 0);
        let first = claim(engine, 1).remove(0);
        told(engine, &first, AttemptClass::Rejected, 2);
        let second = claim(engine, 3).remove(0);
        told(engine, &second, AttemptClass::Accepted, 4);
        let late = engine.delivered(&first.id, &DeliveryOutcome::of(AttemptClass::Accepted), after(5));
        assert!(late.is_err(), "its end was told before");
        let accepted = events(engine, EventKind::DeliveryAccepted);
        assert_eq!(accepted[1]["conflict"].as_str(), Some("best"));
        assert_eq!(counter(engine, "contract:acme-1|day:2026-11-24|count|sold"), 0);
    });
}

#[test]
fn rule_050_a_buyer_that_knows_the_person_is_not_asked_again() {
    let acme = format!(r#""dedupe": [ {{ "any": ["phone"], "within": "30d" }} ], || {}"#, sells("40.00"));
    let plan = plan(BY_PRICE, &[("acme", &acme), ("best", &sells("30.00"))]);
    on_both("duplicate", &plan, |engine| {
        decide(engine, 1, 0);
        told(engine, &claim(engine, 1)[0], AttemptClass::Duplicate, 2);
        let again = r#"{"id":"M","source":"web","phone":"312-867-5001","zip":"60601","note":"x"}"#;
        let decided = engine.decide(again.as_bytes(), Tick::at(after(60))).expect("it is decided");
        let decided: Json = serde_json::from_slice(&decided.body).expect("JSON");
        let entry = &decided["trace"]["entries"][0];
        assert_eq!((entry["contract"].as_str(), entry["code"].as_str()), (Some("acme-1"), Some("contract.duplicate")));
    });
}

#[test]
fn rule_069_of_a_lead_that_ends_unsold_nobody_is_a_duplicate() {
    let route = BY_PRICE;
    let text = plan(route, &[("acme", &sells("40.00"))])
        .canonical()
        .replace(r#""format":1"#, r#""format":1,"intake":{"dedupe":[{"any":["phone"],"within":"30d"}]}"#);
    let plan = Plan::load(&MemoryResolver::new([("plan.jsonc", text)]), "plan.jsonc").expect("a plan");
    on_both("claim", &plan, |engine| {
        decide(engine, 1, 0);
        let sent = claim(engine, 1).remove(0);
        let again = |id: &str, at: i64| {
            let lead = format!(r#"{{"id":"{id}","source":"web","phone":"312-867-5001","zip":"60601","note":"{id}"}}"#);
            engine.decide(lead.as_bytes(), Tick::at(after(at))).expect("it is decided").outcome
        };
        assert_eq!(again("M", 2), Outcome::Duplicate);
        told(engine, &sent, AttemptClass::Rejected, 3);
        assert_eq!(again("N", 4), Outcome::Assigned);
    });
}

#[test]
fn what_fell_is_in_no_bill_and_in_no_report() {
    let plan = plan(
        BY_PRICE,
        &[("acme", &format!(r#""prepaid": true, "returns": {{ "within": "10d" }}, || {}"#, sells("40.00")))],
    );
    on_both("money", &plan, |engine| {
        let paid = r#"{"op":"funds","buyer":"acme","add":"100.00","by":"ann","reason":"wire"}"#;
        engine.operate(&Operation::read(paid).expect("an operation"), after(0)).expect("it is paid");
        decide(engine, 1, 1);
        assert_eq!(counter(engine, "buyer:acme|funds"), 600_000);
        told(engine, &claim(engine, 2)[0], AttemptClass::Rejected, 3);
        assert_eq!(counter(engine, "buyer:acme|funds"), 1_000_000);
        let rollups = engine.store().rollups(engine.tenant()).expect("sums");
        let sum = |of: fn(&leadwright::store::RollupAdd) -> i64| rollups.iter().map(of).sum::<i64>();
        assert_eq!((sum(|row| row.revenue.units()), sum(|row| row.payout.units())), (0, 0));
        let sold = rollups.iter().filter(|row| row.contract.is_some());
        assert_eq!(sold.map(|row| row.leads).sum::<i64>(), 0);
        let back = r#"{"op":"return","decision":"web/L1.1","buyer":"acme","by":"ann","reason":"bad"}"#;
        let refused = engine.operate(&Operation::read(back).expect("an operation"), after(4));
        assert!(refused.is_err(), "who did not take it cannot give it back");
    });
}

#[test]
fn a_delivery_too_old_to_be_sent_falls_and_the_lead_goes_on() {
    let acme = sells("40.00").replace(r#""in""#, r#""x""#).replace(r#""x""#, r#""in""#);
    let plan = plan(BY_PRICE, &[("acme", &acme), ("best", &sells("30.00"))]);
    on_both("old", &plan, |engine| {
        decide(engine, 1, 0);
        let day = 25 * 3_600;
        let sent = claim(engine, day);
        assert!(sent.is_empty(), "acme's is given up, and best's comes with the next claim");
        let sent = claim(engine, day + 1);
        assert_eq!(sent[0].buyer.as_str(), "best");
        assert_eq!(events(engine, EventKind::SaleFell)[0]["because"].as_str(), Some("too_old"));
    });
}

/// A torture found it: a lead that was to be shared went on to somebody who was to have it alone.
#[test]
fn rule_044_what_a_buyer_may_have_is_sold_to_nobody_alone() {
    let shares =
        |price: &str| format!(r#""in": {{ "roofing/all": {{}} }}, "sell": {{ "shared": {{ "price": "{price}" }} }}"#);
    let acme = format!(r#"{}, "no_answer": {{ "hold_at_most": "20m", "then": "release" }}"#, shares("40.00"));
    let plan = plan(BY_PRICE, &[("acme", &acme), ("best", &sells("30.00")), ("cold", &shares("20.00"))]);
    on_both("doubt", &plan, |engine| {
        decide(engine, 1, 0);
        let sent = claim(engine, 1).remove(0);
        assert_eq!((sent.buyer.as_str(), sent.sale), ("acme", Sale::Shared));
        told(engine, &sent, AttemptClass::Unknown, 2);
        let next = claim(engine, 2 + 20 * 60);
        let next: Vec<_> = next.iter().map(|next| (next.buyer.as_str(), next.sale)).collect();
        assert_eq!(next, [("cold", Sale::Shared)], "best would have it alone, and acme may have it");
        all_replay(engine);
    });
}

/// Fails at the n-th write from now on, once.
struct Failing(MemoryStore, AtomicU32);

impl Between for Failing {
    fn inner(&self) -> &dyn Store {
        &self.0
    }

    fn write(
        &self,
        tenant: &TenantId,
        work: &mut dyn FnMut(&mut dyn Transaction) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let left = self.1.load(Ordering::SeqCst);
        self.1.store(left.saturating_sub(1), Ordering::SeqCst);
        if left == 1 { Err(Error::new(Code::StoreFull, "the disk is full")) } else { self.0.write(tenant, work) }
    }
}

#[test]
fn what_was_claimed_is_told_where_what_is_too_old_cannot_fall() {
    let [acme, best] = [sells("40.00").replace(r#""day": 1"#, r#""day": 9"#), sells("30.00")];
    let plan = plan(BY_PRICE, &[("acme", &acme), ("best", &best)]);
    let store = Arc::new(Around(Failing(MemoryStore::new(), AtomicU32::new(0))));
    let engine = Engine::with_options(plan, store.clone(), EngineOptions::default()).expect("an engine");
    decide(&engine, 1, 0);
    decide(&engine, 2, 90_000);
    // The claim is written, and then the fall of the first one is not.
    store.0.1.store(2, Ordering::SeqCst);
    let claimed = claim(&engine, 90_001);
    assert_eq!(claimed.iter().map(|sent| sent.lead.as_str()).collect::<Vec<_>>(), ["L2"]);
    assert!(events(&engine, EventKind::SaleFell).is_empty());
    let next = claim(&engine, 90_062);
    assert_eq!(events(&engine, EventKind::SaleFell)[0]["because"].as_str(), Some("too_old"));
    assert!(next.is_empty(), "it fell after what was due was handed out");
    assert_eq!(claim(&engine, 90_063)[0].buyer.as_str(), "best");
}

#[test]
fn a_delivery_too_old_of_which_nobody_knows_is_kept_as_long_as_the_plan_says() {
    let acme = format!(r#"{}, "no_answer": {{ "hold_at_most": "20m", "then": "count_as_sold" }}"#, sells("40.00"));
    let plan = plan(BY_PRICE, &[("acme", &acme)]);
    on_both("old-in-doubt", &plan, |engine| {
        decide(engine, 1, 0);
        let sent = claim(engine, 1).remove(0);
        // It failed in the middle, is due again, and nobody comes for more than a day.
        assert_eq!(told(engine, &sent, AttemptClass::Unavailable, 2).state, DeliveryState::Ready);
        let day = 25 * 3_600;
        assert!(claim(engine, day).is_empty());
        assert_eq!(state(engine, &sent), Some(DeliveryState::Unknown));
        claim(engine, day + 20 * 60);
        assert_eq!(state(engine, &sent), Some(DeliveryState::Done), "it counts as sold");
    });
}

fn redrive(engine: &Engine, dry_run: bool, seconds: i64) -> leadwright::operate::Redriven {
    let said = format!(r#"{{"why":"auth","by":"ann","reason":"a new password","dry_run":{dry_run}}}"#);
    let said = leadwright::operate::Redrive::read(&said).expect("it is read");
    engine.redrive(&said, after(seconds)).expect("it is redriven")
}

#[test]
fn what_fell_is_redriven_only_where_nobody_else_has_it_and_takes_its_room_again() {
    let two = plan(BY_PRICE, &[("acme", &sells("40.00")), ("best", &sells("30.00"))]);
    on_both("redrive-gone", &two, |engine| {
        decide(engine, 1, 0);
        let first = claim(engine, 1).remove(0);
        let reported = told(engine, &first, AttemptClass::Auth, 2);
        assert_eq!((reported.state, reported.fell), (DeliveryState::Dead, true));
        assert_eq!(told(engine, &claim(engine, 3)[0], AttemptClass::Accepted, 4).state, DeliveryState::Done);
        for dry_run in [true, false] {
            let redriven = redrive(engine, dry_run, 5);
            assert!(redriven.deliveries.is_empty(), "best has it alone: acme is not sent it");
            assert_eq!(redriven.left_out[0].conflict, "best");
        }
        assert!(claim(engine, 6).is_empty());
        assert_eq!(counter(engine, "contract:acme-1|day:2026-11-24|count|sold"), 0);
    });
    let one = plan(BY_PRICE, &[("acme", &sells("40.00"))]);
    on_both("redrive-again", &one, |engine| {
        let cap = "contract:acme-1|day:2026-11-24|count|sold";
        decide(engine, 1, 0);
        let mut sent = claim(engine, 1).remove(0);
        // It falls, is redriven, falls again, and is taken in the end.
        for round in 0..2 {
            let at = 10 * round + 2;
            assert!(told(engine, &sent, AttemptClass::Auth, at).fell);
            assert_eq!(counter(engine, cap), 0);
            assert_eq!(redrive(engine, true, at + 1).deliveries.len(), 1);
            assert_eq!(counter(engine, cap), 0, "a dry run takes nothing");
            assert_eq!(redrive(engine, false, at + 2).deliveries.len(), 1);
            assert_eq!(counter(engine, cap), 1);
            sent = claim(engine, at + 3).remove(0);
        }
        assert_eq!(told(engine, &sent, AttemptClass::Accepted, 30).state, DeliveryState::Done);
        assert_eq!((counter(engine, cap), events(engine, EventKind::SaleHonored).len()), (1, 2));
        let text = leadwright::engine::explain(engine.store(), engine.tenant(), &"web/L1.1".parse().expect("an id"));
        let text: Vec<String> = text.expect("it is explained").returned.into_iter().map(|told| told.text).collect();
        assert!(text[0].contains("does not have it: auth") && text[3].contains("has it after all"), "{text:?}");
    });
    on_both("redrive-full", &one, |engine| {
        decide(engine, 1, 0);
        told(engine, &claim(engine, 1)[0], AttemptClass::Auth, 2);
        decide(engine, 2, 3);
        assert_eq!(redrive(engine, false, 4).left_out[0].conflict, "caps.contract.day", "another lead has the place");
    });
}

#[test]
fn what_came_back_is_neither_redriven_nor_sold_again_by_a_late_answer() {
    let plan = plan(BY_PRICE, &[("acme", &format!(r#""returns": {{ "within": "10d" }}, || {}"#, sells("40.00")))]);
    on_both("returned", &plan, |engine| {
        decide(engine, 1, 0);
        let sent = claim(engine, 4).remove(0);
        assert_eq!(told(engine, &sent, AttemptClass::Unknown, 5).state, DeliveryState::Unknown);
        let back = r#"{"op":"return","decision":"web/L1.1","buyer":"acme","by":"ann","reason":"no interest"}"#;
        engine.operate(&Operation::read(back).expect("an operation"), after(6)).expect("it comes back");
        let said = r#"{"unknown":true,"by":"ann","reason":"it takes a key once"}"#;
        let said = leadwright::operate::Redrive::read(said).expect("it is read");
        let redriven = engine.redrive(&said, after(7)).expect("it is looked at");
        let left_out: Vec<_> = redriven.left_out.iter().map(|one| one.conflict.as_str()).collect();
        assert_eq!((redriven.deliveries.len(), left_out), (0, vec!["returned"]));
        let late = told(engine, &sent, AttemptClass::Accepted, 8);
        assert_eq!((late.state, late.fell, late.conflict), (DeliveryState::Done, false, None));
        let cap = "contract:acme-1|day:2026-11-24|count|sold";
        assert_eq!((counter(engine, cap), events(engine, EventKind::SaleHonored).len()), (1, 0), "taken once");
    });
}

#[test]
fn who_watches_hears_of_the_next_decision_too() {
    struct Heard(std::sync::Mutex<Vec<Outcome>>);
    impl leadwright::engine::Observer for Heard {
        fn decided(&self, decided: &leadwright::engine::Decided) {
            self.0.lock().expect("nobody panicked").push(decided.outcome);
        }
    }
    let plan = plan(BY_PRICE, &[("acme", &sells("40.00"))]);
    let heard = std::sync::Arc::new(Heard(std::sync::Mutex::default()));
    let engine = Engine::open(plan, MemoryStore::new()).expect("an engine").observed_by(heard.clone());
    decide(&engine, 1, 0);
    told(&engine, &claim(&engine, 1)[0], AttemptClass::Rejected, 2);
    assert_eq!(*heard.0.lock().expect("nobody panicked"), [Outcome::Assigned, Outcome::Unsold]);
}
