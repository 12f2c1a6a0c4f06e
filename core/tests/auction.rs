//! Buyers are asked for bids and posted to while the supplier waits, in virtual time: the deadline holds, the best bid wins, who
//! refuses is followed by the next one, and what we bid to a supplier is what it gets.

#[path = "support/market.rs"]
mod market;

use leadwright::care::verify;
use leadwright::engine::{Clock, Engine, Outside};
use leadwright::model::{Code, DeliveryState, Money, Outcome, Tick, Timestamp};
use leadwright::operate::{PingUse, Pinged, SubmitEnd, Submitted};
use leadwright::plan::{MemoryResolver, Plan};
use leadwright::store::{MemoryStore, SqliteStore};
use market::{Does, NOW, World};
use serde_json::Value as Json;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

/// `route` is how the group chooses; buyers by name, with the members of the contract.
fn plan(route: &str, buyers: &[(&str, &str)]) -> Plan {
    let buyer = |(name, contract): &(&str, &str)| {
        format!(
            r#""{name}": {{ "contracts": {{ "{name}-1": {{ "in": {{ "roofing/all": {{}} }}, {contract} }} }},
              "endpoints": {{
                "{name}-ping": {{ "url": "https://{name}.example/ping", "answers": [
                  {{ "if": {{ "/buy": true }}, "is": "bid", "price": "/price", "expires": "/ttl", "id": "/id" }},
                  {{ "if": {{ "/buy": false }}, "is": "no_bid" }} ] }},
                "{name}-post": {{ "url": "https://{name}.example/post", "answers": [
                  {{ "if": {{ "/ok": true }}, "is": "accepted" }}, {{ "if": {{ "/ok": false }}, "is": "rejected" }} ] }} }} }}"#
        )
    };
    let text = format!(
        r#"{{ "format": 1, "plan": "tiny", "currency": "USD", "timezone": "America/Chicago",
            "verticals": {{ "roofing": {{ "extends": "us/home-services@1" }} }},
            "sources": {{ "web": {{ "verticals": ["roofing"], "payout": {{ "percent_of_price": 50 }} }} }},
            "routes": {{ "roofing": {{ {route} }} }}, "buyers": {{ {} }} }}"#,
        buyers.iter().map(buyer).collect::<Vec<_>>().join(", "),
    );
    Plan::load(&MemoryResolver::new([("plan.jsonc", text)]), "plan.jsonc").unwrap_or_else(|error| panic!("{error}"))
}

const BY_PRICE: &str =
    r#""groups": [ { "id": "all", "select": "price", "deadline": "500ms" } ], "on_unsold": { "then": "store" }"#;

/// A contract that bids, and is posted to.
fn bids(name: &str) -> String {
    bids_for(name, r#""exclusive": { "bid": { "min": "8.00", "max": "120.00" } }"#)
}

fn bids_for(name: &str, sell: &str) -> String {
    format!(
        r#""sell": {{ {sell} }}, "ping": {{ "to": "{name}-ping", "send": ["state", "zip"] }}, "post": {{ "to": "{name}-post", "wait": "2s" }}"#
    )
}

fn fixed(name: &str, price: &str) -> String {
    format!(r#""sell": {{ "exclusive": {{ "price": "{price}" }} }}, "post": {{ "to": "{name}-post", "wait": "2s" }}"#)
}

fn lead(id: u32) -> String {
    format!(r#"{{"id":"L{id}","source":"web","phone":"312-867-{:04}","zip":"60601","first_name":"Ann"}}"#, 5000 + id)
}

/// Runs on memory and on a file that has to be true afterwards.
fn on_both(name: &str, plan: &Plan, test: impl Fn(&Engine)) {
    test(&Engine::open(plan.clone(), MemoryStore::new()).expect("an engine"));
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("auction-{name}.db"));
    for end in ["db", "db-wal", "db-shm"] {
        let _ = std::fs::remove_file(path.with_extension(end));
    }
    let store = SqliteStore::open(&path).expect("a store");
    let engine = Engine::open(plan.clone(), store).expect("an engine");
    test(&engine);
    for (_, replayed) in Engine::replay_all(engine.store(), engine.tenant(), 0, 1_000).expect("they are replayed") {
        assert!(replayed.same, "{name}: {replayed:?}");
    }
    let found = verify(&SqliteStore::open(&path).expect("a store"), &mut |_| {}).expect("it is looked at").findings;
    assert!(found.is_empty(), "{name}: {found:#?}");
}

fn submit(engine: &Engine, world: &World, lead: &str, within: u64) -> Submitted {
    let outside = Outside { transport: world, secrets: world, clock: world };
    engine.submit(lead.as_bytes(), Tick::at(world.now()), Duration::from_millis(within), &outside).expect("an answer")
}

fn ping(engine: &Engine, world: &World, lead: &str) -> Pinged {
    let outside = Outside { transport: world, secrets: world, clock: world };
    engine.ping(lead.as_bytes(), Tick::at(world.now()), Duration::from_millis(800), &outside).expect("an answer")
}

fn post(engine: &Engine, world: &World, lead: &str) -> Submitted {
    let outside = Outside { transport: world, secrets: world, clock: world };
    engine.post(lead.as_bytes(), Tick::at(world.now()), Duration::from_millis(5_000), &outside).expect("an answer")
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

fn counter(engine: &Engine, key: &str) -> i64 {
    let mut found = 0;
    let mut look = |view: &dyn leadwright::store::View| {
        found = view.counter(key)?;
        Ok(())
    };
    engine.store().read(engine.tenant(), &mut look).expect("it is read");
    found
}

fn codes(body: &Json) -> BTreeMap<String, String> {
    let entries = body["trace"]["entries"].as_array().expect("entries");
    let text = |value: &Json| value.as_str().expect("a text").to_owned();
    entries.iter().map(|entry| (text(&entry["contract"]), text(&entry["code"]))).collect()
}

fn yes(price: &'static str, after: i64) -> Does {
    Does::Says(after, format!(r#"{{"buy":true,"price":"{price}","id":"b-{price}"}}"#).into())
}

const NO: Does = Does::Says(5, Cow::Borrowed(r#"{"buy":false}"#));
const TAKES: Does = Does::Says(20, Cow::Borrowed(r#"{"ok":true}"#));
const REFUSES: Does = Does::Says(20, Cow::Borrowed(r#"{"ok":false}"#));

#[test]
fn rule_053_all_are_asked_at_once_and_the_best_bid_in_time_wins() {
    let names = ["acme", "best", "cool", "dent", "echo", "fine", "gone"];
    let contracts: Vec<String> = names.iter().map(|name| bids(name)).collect();
    let buyers: Vec<(&str, &str)> = names.iter().copied().zip(contracts.iter().map(String::as_str)).collect();
    on_both("best", &plan(BY_PRICE, &buyers), |engine| {
        let world = World::new(&[
            ("acme.example/ping", yes("40.00", 30)),
            ("best.example/ping", yes("55.00", 80)),
            // More, and too late.
            ("cool.example/ping", yes("90.00", 700)),
            ("dent.example/ping", yes("1250.00", 10)),
            ("echo.example/ping", NO),
            ("fine.example/ping", Does::Hangs),
            ("gone.example/ping", Does::Fails),
            ("best.example/post", TAKES),
        ]);
        let told = submit(engine, &world, &lead(1), 3_000);
        assert_eq!((told.ended, told.sales[0].buyer.as_str()), (SubmitEnd::Sold, "best"));
        assert_eq!((told.sales[0].price.to_string(), told.payout.to_string()), ("55.00".into(), "27.50".into()));
        let took = world.now().millis() - NOW.parse::<Timestamp>().expect("a time").millis();
        assert_eq!(took, 520, "the deadline of the group, and the post");
        let body = body(engine, "web/L1.1");
        let reasons = codes(&body);
        for (contract, code) in [
            ("acme-1", "contract.outranked"),
            ("best-1", "contract.sold"),
            ("cool-1", "contract.bid_timeout"),
            ("dent-1", "contract.bad_bid"),
            ("echo-1", "contract.no_bid"),
            ("fine-1", "contract.bid_timeout"),
            ("gone-1", "contract.bid_error"),
        ] {
            assert_eq!(reasons[contract], code, "rule 59: four different reasons");
        }
        let auction = body["trace"]["groups"][0]["auction"].as_array().expect("the auction");
        let heard: Vec<_> = auction.iter().map(|bid| bid["is"].as_str().expect("a word")).collect();
        assert_eq!(heard, ["bid", "bid", "timeout", "bad_bid.over_max", "no_bid", "timeout", "error"]);
        // Nobody who is asked learns who it is (rule 62).
        let calls = world.called.lock().expect("calls");
        let pings = calls.iter().filter(|(url, _)| url.ends_with("/ping"));
        assert!(pings.clone().all(|(_, body)| !body.contains("867") && !body.contains("Ann")), "{calls:?}");
        assert_eq!(pings.count(), 7);
    });
}

#[test]
fn who_refuses_is_followed_by_the_next_bid_and_a_fixed_price_is_a_bid() {
    let (acme, best, cool) = (bids("acme"), bids("best"), fixed("cool", "45.00"));
    let plan = plan(BY_PRICE, &[("acme", &acme), ("best", &best), ("cool", &cool)]);
    on_both("refuse", &plan, |engine| {
        let world = World::new(&[
            ("acme.example/ping", yes("40.00", 30)),
            ("best.example/ping", yes("55.00", 30)),
            ("best.example/post", REFUSES),
            ("cool.example/post", REFUSES),
            ("acme.example/post", TAKES),
        ]);
        let told = submit(engine, &world, &lead(1), 3_000);
        assert_eq!((told.ended, told.decision.n), (SubmitEnd::Sold, 3));
        assert_eq!((told.sales.len(), told.sales[0].price.to_string()), (1, "40.00".to_owned()));
        assert_eq!(told.payout.to_string(), "20.00", "for the sale that stands alone");
        let posts: Vec<_> = world.called().into_iter().filter(|url| url.ends_with("/post")).collect();
        assert_eq!(posts, ["best.example/post", "cool.example/post", "acme.example/post"]);
        // The same lead again is the same answer, and nobody is called.
        let again = submit(engine, &world, &lead(1), 3_000);
        assert_eq!(again, told);
        assert_eq!(world.called().len(), 5);
    });
}

#[test]
fn rule_054_a_bid_that_ran_out_sells_nothing() {
    let (acme, best) = (bids("acme"), bids("best"));
    let plan = plan(BY_PRICE, &[("acme", &acme), ("best", &best)]);
    on_both("expired", &plan, |engine| {
        let world = World::new(&[
            ("acme.example/ping", Does::Says(10, Cow::Borrowed(r#"{"buy":true,"price":"40.00","ttl":1}"#))),
            ("best.example/ping", yes("55.00", 30)),
            ("best.example/post", Does::Says(1_500, Cow::Borrowed(r#"{"ok":false}"#))),
        ]);
        let told = submit(engine, &world, &lead(1), 5_000);
        assert_eq!((told.ended, told.outcome), (SubmitEnd::Unsold, Outcome::Unsold));
        assert_eq!(codes(&body(engine, "web/L1.2"))["acme-1"], "contract.bid_expired");
    });
}

#[test]
fn what_is_not_known_in_time_is_pending_and_the_outbox_has_it() {
    let acme = fixed("acme", "40.00");
    let plan = plan(BY_PRICE, &[("acme", &acme)]);
    on_both("pending", &plan, |engine| {
        let world = World::new(&[("acme.example/post", Does::Hangs)]);
        let told = submit(engine, &world, &lead(1), 700);
        assert_eq!((told.ended, told.sales[0].accepted), (SubmitEnd::Pending, false));
        assert_eq!(world.now(), NOW.parse::<Timestamp>().expect("a time").plus_millis(700), "not a moment longer");
        let seen = engine.delivery(&told.sales[0].key).expect("it is read").expect("it is there");
        assert_eq!(seen.state, DeliveryState::Unknown, "it may have it");
        // Without time nothing is sent: a worker delivers it, once the supplier waits no more.
        let told = submit(engine, &world, &lead(2), 50);
        assert_eq!((told.ended, world.called().len()), (SubmitEnd::Pending, 1));
        let claim = leadwright::operate::ClaimDeliveries { worker: "w".into(), ..Default::default() };
        assert!(engine.claim(&claim, world.now()).expect("a claim").is_empty(), "it is ours");
        world.pass(50);
        assert_eq!(engine.claim(&claim, world.now()).expect("a claim").len(), 1);
    });
}

#[test]
fn nobody_is_asked_for_what_is_sold_before_or_by_decide() {
    let route = r#""groups": [ { "id": "first", "select": "price" }, { "id": "all", "select": "price" } ], "on_unsold": { "then": "store" }"#;
    let first = fixed("acme", "10.00").replace(r#""sell""#, r#""caps": { "day": 1 }, "sell""#);
    let best = bids("best");
    let mut text = plan_text_with_first(route, &first, &best);
    text.push(' ');
    let plan = Plan::load(&MemoryResolver::new([("plan.jsonc", text)]), "plan.jsonc").unwrap_or_else(|e| panic!("{e}"));
    on_both("cascade", &plan, |engine| {
        let world = World::new(&[
            ("best.example/ping", yes("55.00", 30)),
            ("acme.example/post", TAKES),
            ("best.example/post", TAKES),
        ]);
        assert_eq!(submit(engine, &world, &lead(1), 3_000).sales[0].buyer.as_str(), "acme");
        assert_eq!(world.called(), ["acme.example/post"], "its group comes first");
        assert_eq!(submit(engine, &world, &lead(2), 3_000).sales[0].buyer.as_str(), "best");
        let decided = engine.decide(lead(3).as_bytes(), Tick::at(world.now())).expect("a decision");
        assert_eq!(decided.outcome, Outcome::Unsold);
        assert_eq!(codes(&body(engine, "web/L3.1"))["best-1"], "contract.not_asked");
    });
}

fn plan_text_with_first(route: &str, acme: &str, best: &str) -> String {
    format!(
        r#"{{ "format": 1, "plan": "tiny", "currency": "USD", "timezone": "America/Chicago",
            "verticals": {{ "roofing": {{ "extends": "us/home-services@1" }} }},
            "sources": {{ "web": {{ "verticals": ["roofing"] }} }},
            "routes": {{ "roofing": {{ {route} }} }},
            "endpoints": {{
              "acme-post": {{ "url": "https://acme.example/post", "answers": [ {{ "if": {{ "/ok": true }}, "is": "accepted" }} ] }},
              "best-ping": {{ "url": "https://best.example/ping", "answers": [ {{ "if": {{ "/buy": true }}, "is": "bid", "price": "/price" }} ] }},
              "best-post": {{ "url": "https://best.example/post", "answers": [ {{ "if": {{ "/ok": true }}, "is": "accepted" }} ] }} }},
            "buyers": {{ "acme": {{ "contracts": {{ "acme-1": {{ "in": {{ "roofing/first": {{}} }}, {acme} }} }} }},
              "best": {{ "contracts": {{ "best-1": {{ "in": {{ "roofing/all": {{}} }}, {best} }} }} }} }} }}"#
    )
}

#[test]
fn exclusive_and_shared_bids_are_weighed_against_each_other() {
    let route = r#""max_sales": 3, "groups": [ { "id": "all", "select": "best_revenue", "deadline": "500ms" } ], "on_unsold": { "then": "store" }"#;
    let alone = bids("acme");
    let shares = r#""shared": { "bid": { "min": "5.00", "max": "60.00" } }"#;
    let (best, cool) = (bids_for("best", shares), bids_for("cool", shares));
    let plan = plan(route, &[("acme", &alone), ("best", &best), ("cool", &cool)]);
    on_both("shared", &plan, |engine| {
        let world = |acme: Does| {
            World::new(&[
                ("acme.example/ping", acme),
                ("best.example/ping", yes("30.00", 30)),
                ("cool.example/ping", yes("25.00", 30)),
                ("acme.example/post", TAKES),
                ("best.example/post", TAKES),
                ("cool.example/post", TAKES),
            ])
        };
        let told = submit(engine, &world(yes("50.00", 10)), &lead(1), 3_000);
        let who: Vec<_> = told.sales.iter().map(|sale| sale.buyer.as_str()).collect();
        assert_eq!((who, told.payout.to_string()), (vec!["best", "cool"], "27.50".to_owned()));
        let told = submit(engine, &world(yes("60.00", 10)), &lead(2), 3_000);
        assert_eq!((told.sales.len(), told.sales[0].buyer.as_str()), (1, "acme"));
    });
}

#[test]
fn rule_055_who_bids_nonsense_is_not_asked_for_a_while() {
    let (acme, best) = (bids("acme"), bids("best"));
    let plan = plan(BY_PRICE, &[("acme", &acme), ("best", &best)]);
    on_both("breaker", &plan, |engine| {
        let world = World::new(&[
            ("acme.example/ping", Does::Says(5, Cow::Borrowed(r#"{"buy":true,"price":"12,50"}"#))),
            ("best.example/ping", yes("55.00", 30)),
            ("best.example/post", TAKES),
        ]);
        for n in 1..=30 {
            submit(engine, &world, &lead(n), 3_000);
        }
        let asked = world.called().iter().filter(|url| *url == "acme.example/ping").count();
        assert_eq!(asked, 20, "the least that a breaker wants to see");
        assert_eq!(codes(&body(engine, "web/L30.1"))["acme-1"], "contract.breaker_open");
    });
}

/// A lead that names a ping.
fn pinged_as(id: u32, pinged: &Pinged) -> String {
    lead(id).replace(r#""source""#, &format!(r#""ping_id":"{}","source""#, pinged.ping_id))
}

fn inbound(name: &str, test: impl Fn(&Engine, &World)) {
    let (acme, best) = (bids("acme"), fixed("best", "30.00"));
    let plan = plan(BY_PRICE, &[("acme", &acme), ("best", &best)]);
    on_both(name, &plan, |engine| {
        let world = World::new(&[
            ("acme.example/ping", yes("50.00", 30)),
            ("acme.example/post", TAKES),
            ("best.example/post", TAKES),
        ]);
        test(engine, &world);
    });
}

#[test]
fn rule_061_what_we_bid_is_what_the_supplier_gets_and_other_data_voids_it() {
    inbound("changed", |engine, world| {
        let pinged = ping(engine, world, r#"{"source":"web","zip":"60601"}"#);
        assert_eq!(pinged.bid, Some("25.00".parse::<Money>().expect("money")));
        let told = post(engine, world, &pinged_as(1, &pinged));
        assert_eq!((told.ping, told.ended), (Some(PingUse::Honoured), SubmitEnd::Sold));
        assert_eq!(Some(told.payout), pinged.bid);
        assert_eq!(world.called(), ["acme.example/ping", "acme.example/post"], "by the bid of then");
        // Other data: decided anew.
        let other = ping(engine, world, r#"{"source":"web","zip":"60601","idempotency_key":"k2"}"#);
        let told = post(engine, world, &pinged_as(3, &other).replace("60601", "60602"));
        assert_eq!((told.ping, told.ended), (Some(PingUse::Changed), SubmitEnd::Sold));
        assert_eq!(world.called().iter().filter(|url| *url == "acme.example/ping").count(), 3, "asked again");
    });
}

#[test]
fn rule_063_the_same_ping_within_ten_minutes_gets_the_same_answer() {
    inbound("same", |engine, world| {
        let partial = r#"{"source":"web","zip":"60601","idempotency_key":"k1"}"#;
        let pinged = ping(engine, world, partial);
        world.pass(9 * 60_000);
        assert_eq!(ping(engine, world, partial), pinged);
        assert_eq!(world.called().len(), 1, "and nobody is asked");
        // Its bid ran out, as that of the buyer did after five minutes.
        let told = post(engine, world, &pinged_as(1, &pinged));
        assert_eq!((told.ping, told.ended), (Some(PingUse::Expired), SubmitEnd::Sold));
        world.pass(60_000);
        assert_ne!(ping(engine, world, partial).ping_id, pinged.ping_id);
        // What nobody can name any more goes.
        world.pass(30 * 60_000);
        ping(engine, world, r#"{"source":"web","zip":"60603"}"#);
        let mut kept = 0;
        let mut look = |view: &dyn leadwright::store::View| {
            kept = view.settings("ping|")?.len();
            Ok(())
        };
        engine.store().read(engine.tenant(), &mut look).expect("it is read");
        assert_eq!(kept, 1);
    });
}

#[test]
fn rule_064_a_ping_is_posted_once_and_a_post_needs_none() {
    inbound("once", |engine, world| {
        let pinged = ping(engine, world, r#"{"source":"web","zip":"60601"}"#);
        let told = post(engine, world, &pinged_as(1, &pinged));
        let again = post(engine, world, &pinged_as(2, &pinged));
        assert_eq!((again.ping, again.decision), (Some(PingUse::Again), told.decision));
        assert_eq!(post(engine, world, &lead(4)).ping, None);
        let unknown = lead(5).replace(r#""source""#, r#""ping_id":"1-ff","source""#);
        assert_eq!(post(engine, world, &unknown).ping, Some(PingUse::Unknown));
    });
}

#[test]
fn rule_059_no_bid_time_out_error_and_reject_are_four_reasons() {
    let names = ["acme", "best", "cool", "dent"];
    let contracts: Vec<String> = names.iter().map(|name| bids(name)).collect();
    let buyers: Vec<(&str, &str)> = names.iter().copied().zip(contracts.iter().map(String::as_str)).collect();
    on_both("reasons", &plan(BY_PRICE, &buyers), |engine| {
        let world = World::new(&[
            ("acme.example/ping", NO),
            ("best.example/ping", Does::Hangs),
            ("cool.example/ping", Does::Fails),
            ("dent.example/ping", yes("40.00", 10)),
            ("dent.example/post", REFUSES),
        ]);
        assert_eq!(submit(engine, &world, &lead(1), 3_000).ended, SubmitEnd::Unsold);
        let reasons = codes(&body(engine, "web/L1.2"));
        let reasons: Vec<_> = reasons.values().map(String::as_str).collect();
        assert_eq!(reasons, ["contract.no_bid", "contract.bid_timeout", "contract.bid_error", "contract.refused"]);
    });
}

#[test]
fn rule_060_a_bid_that_cannot_be_paid_any_more_is_refused_with_a_reason() {
    let acme = bids("acme").replace(r#""sell""#, r#""caps": { "day": 1 }, "sell""#);
    let best = fixed("best", "30.00");
    let plan = plan(BY_PRICE, &[("acme", &acme), ("best", &best)]);
    on_both("not-honoured", &plan, |engine| {
        let world = World::new(&[
            ("acme.example/ping", yes("50.00", 30)),
            ("acme.example/post", TAKES),
            ("best.example/post", TAKES),
        ]);
        let pinged = ping(engine, &world, r#"{"source":"web","zip":"60601"}"#);
        submit(engine, &world, &lead(1), 3_000);
        let late = lead(2).replace(r#""source""#, &format!(r#""ping_id":"{}","source""#, pinged.ping_id));
        let told = post(engine, &world, &late);
        assert_eq!((told.ping, told.ended), (Some(PingUse::NotHonoured), SubmitEnd::Rejected));
        assert_eq!((told.because, told.payout), (vec![Code::PingNotHonoured], Money::ZERO));
        assert!(!world.called().contains(&"best.example/post".to_owned()), "not for less than was bid");
    });
}

#[test]
fn rule_060_a_contract_that_holds_keeps_a_place_for_its_bid_until_that_runs_out() {
    let acme = bids("acme")
        .replace(r#""sell""#, r#""hold": true, "caps": { "day": 1 }, "rate": { "count": 1, "within": "1h" }, "sell""#);
    let best = fixed("best", "30.00");
    let plan = plan(BY_PRICE, &[("acme", &acme), ("best", &best)]);
    on_both("holds", &plan, |engine| {
        let world = World::new(&[
            ("acme.example/ping", Does::Says(10, Cow::Borrowed(r#"{"buy":true,"price":"50.00","ttl":60}"#))),
            ("acme.example/post", TAKES),
            ("best.example/post", TAKES),
        ]);
        let first = ping(engine, &world, r#"{"source":"web","zip":"60601","idempotency_key":"k1"}"#);
        let other = submit(engine, &world, &lead(2), 3_000);
        assert_eq!(other.sales[0].buyer.as_str(), "best", "the place of acme is kept for the ping");
        let told = post(engine, &world, &pinged_as(1, &first));
        assert_eq!((told.ping, told.sales[0].buyer.as_str()), (Some(PingUse::Honoured), "acme"));
        assert_eq!(counter(engine, "contract:acme-1|day:2026-11-24|count|sold"), 1, "taken once");
        assert_eq!(Some(told.payout), first.bid);
    });
    // Nobody is asked, and nothing was ever decided: it is a place of today all the same.
    let solo = fixed("solo", "30.00").replace(r#""sell""#, r#""hold": true, "caps": { "day": 1 }, "sell""#);
    on_both("holds-alone", &self::plan(BY_PRICE, &[("solo", &solo)]), |engine| {
        ping(engine, &World::new(&[]), r#"{"source":"web","zip":"60601"}"#);
        assert_eq!(counter(engine, "contract:solo-1|day:2026-11-24|count|sold"), 1);
    });
    on_both("held-in-vain", &plan, |engine| {
        let world = World::new(&[
            ("acme.example/ping", Does::Says(10, Cow::Borrowed(r#"{"buy":true,"price":"50.00","ttl":60}"#))),
            ("acme.example/post", TAKES),
        ]);
        let first = ping(engine, &world, r#"{"source":"web","zip":"60601"}"#);
        assert_eq!(counter(engine, "contract:acme-1|day:2026-11-24|count|sold"), 1);
        // Its lead says something else: it is decided anew, and what was held is there for it.
        let told = post(engine, &world, &pinged_as(1, &first).replace("60601", "60602"));
        assert_eq!((told.ping, told.sales[0].buyer.as_str()), (Some(PingUse::Changed), "acme"));
    });
    on_both("held-too-long", &plan, |engine| {
        let world = World::new(&[
            ("acme.example/ping", Does::Says(10, Cow::Borrowed(r#"{"buy":true,"price":"50.00","ttl":60}"#))),
            ("acme.example/post", TAKES),
        ]);
        ping(engine, &world, r#"{"source":"web","zip":"60601"}"#);
        world.pass(61_000);
        let told = submit(engine, &world, &lead(3), 3_000);
        assert_eq!(told.sales[0].buyer.as_str(), "acme", "nobody came for it in time");
        assert_eq!(counter(engine, "contract:acme-1|day:2026-11-24|count|sold"), 1);
    });
}

#[test]
fn rule_054_whose_bid_ran_out_before_the_post_is_asked_once_more() {
    let acme = bids("acme").replace(r#""sell""#, r#""caps": { "day": 1 }, "sell""#);
    let best = bids("best");
    let plan = plan(BY_PRICE, &[("acme", &acme), ("best", &best)]);
    on_both("asked-again", &plan, |engine| {
        let world = World::new(&[
            ("acme.example/ping", Does::Says(10, Cow::Borrowed(r#"{"buy":true,"price":"50.00","ttl":90}"#))),
            ("best.example/ping", Does::Says(10, Cow::Borrowed(r#"{"buy":true,"price":"50.00","ttl":5}"#))),
            ("acme.example/post", TAKES),
            ("best.example/post", TAKES),
        ]);
        let first = ping(engine, &world, r#"{"source":"web","zip":"60601","idempotency_key":"k1"}"#);
        assert_eq!(submit(engine, &world, &lead(2), 3_000).sales[0].buyer.as_str(), "acme");
        world.pass(30_000);
        let asked = || world.called().iter().filter(|url| *url == "best.example/ping").count();
        let before = asked();
        let told = post(engine, &world, &pinged_as(1, &first));
        assert_eq!((told.ping, told.sales[0].buyer.as_str()), (Some(PingUse::Honoured), "best"));
        assert_eq!(asked(), before + 1);
    });
}

#[test]
fn a_refusal_does_not_sell_for_less_than_was_bid() {
    let (acme, best) = (bids("acme"), fixed("best", "30.00"));
    let plan = plan(BY_PRICE, &[("acme", &acme), ("best", &best)]);
    on_both("promise", &plan, |engine| {
        let world = World::new(&[("acme.example/ping", yes("50.00", 30)), ("acme.example/post", REFUSES)]);
        let pinged = ping(engine, &world, r#"{"source":"web","zip":"60601"}"#);
        let told = post(engine, &world, &pinged_as(1, &pinged));
        assert_eq!((told.ping, told.ended), (Some(PingUse::NotHonoured), SubmitEnd::Rejected));
        assert_eq!((told.because, told.payout), (vec![Code::PingNotHonoured], Money::ZERO));
        assert_eq!(world.called(), ["acme.example/ping", "acme.example/post"], "best would have paid less");
    });
}

#[test]
fn a_lead_that_comes_again_is_not_sent_again() {
    let acme = fixed("acme", "40.00");
    let plan = plan(BY_PRICE, &[("acme", &acme)]);
    on_both("again", &plan, |engine| {
        let world = World::new(&[("acme.example/post", Does::Fails)]);
        for _ in 0..3 {
            assert_eq!(submit(engine, &world, &lead(1), 3_000).ended, SubmitEnd::Pending);
        }
        assert_eq!(world.called().len(), 1, "it is tried again when its wait is over, by a worker");
    });
}

#[test]
fn a_ping_is_for_leads_whose_criteria_can_still_be_met() {
    let acme = fixed("acme", "40.00").replace(r#""sell""#, r#""where": { "homeowner": true }, "sell""#);
    let best = fixed("best", "60.00").replace(r#""sell""#, r#""where": { "state": "TX" }, "sell""#);
    let plan = plan(BY_PRICE, &[("acme", &acme), ("best", &best)]);
    on_both("partial", &plan, |engine| {
        let world = World::new(&[]);
        let pinged = ping(engine, &world, r#"{"source":"web","zip":"60601"}"#);
        assert_eq!(pinged.bid, Some("20.00".parse::<Money>().expect("money")), "nobody said that it is no homeowner");
        let no = ping(engine, &world, r#"{"source":"web","zip":"60601","homeowner":false}"#);
        assert_eq!((no.bid, no.because.is_empty()), (None, true), "nobody wants it");
        let none = ping(engine, &world, r#"{"source":"web","zip":"60601","homeowner":"perhaps","vertical":"cars"}"#);
        assert_eq!((none.bid, none.because), (None, vec![Code::LeadUnknownVertical]));
    });
}

#[test]
fn the_supplier_is_answered_in_its_own_form() {
    let acme = fixed("acme", "40.00");
    let text = |answers: &str| {
        let plan = plan_text_with_first(
            r#""groups": [ { "id": "first", "select": "price" }, { "id": "all", "select": "price" } ], "on_unsold": { "then": "store" }"#,
            &acme,
            &bids("best"),
        );
        plan.replace(
            r#""verticals": ["roofing"] }"#,
            &format!(
                r#""verticals": ["roofing"], "payout": {{ "percent_of_price": 50 }}, "answers": {{ {answers} }} }}"#
            ),
        )
    };
    let load = |text: String| Plan::load(&MemoryResolver::new([("plan.jsonc", text)]), "plan.jsonc");
    let xml = r#""as": "xml", "sold": "<r><id>{{ lead_id }}</id><price>{{ payout }}</price></r>", "bid": "<bid id=\"{{ ping_id }}\">{{ bid }}</bid>", "others": "<r>{{ answer }}</r>""#;
    let plan = load(text(xml)).expect("a plan");
    on_both("answers", &plan, |engine| {
        let world = World::new(&[("acme.example/post", TAKES), ("best.example/ping", NO)]);
        let told = submit(engine, &world, &lead(1), 3_000);
        assert_eq!(told.response.as_deref(), Some("<r><id>L1</id><price>20.00</price></r>"));
        let pinged = ping(engine, &world, r#"{"source":"web","zip":"60601"}"#);
        assert_eq!(pinged.response, Some(format!("<bid id=\"{}\">20.00</bid>", pinged.ping_id)));
        let twice = submit(engine, &world, r#"{"id":"L9","source":"web","phone":"nobody"}"#, 3_000);
        assert_eq!(twice.response.as_deref(), Some("<r>rejected</r>"));
    });
    let error = load(text(r#""sold": "{{ payuot }}""#)).expect_err("no such thing").to_string();
    assert!(error.contains("payuot") && error.contains("payout"), "{error}");
}
