//! Selection on an engine with a store: what a plan says comes out in sales.

use leadwright::engine::Engine;
use leadwright::model::Tick;
use leadwright::plan::{MemoryResolver, Plan};
use leadwright::store::MemoryStore;
use serde_json::Value;

/// A plan with one route, given by its keys, and buyers.
fn plan(route: &str, buyers: &str) -> Plan {
    let text = format!(
        r#"{{
        "format": 1, "plan": "selection", "currency": "USD", "timezone": "America/Chicago",
        "verticals": {{ "roofing": {{ "extends": "us/home-services@1" }} }},
        "sources": {{ "web": {{ "verticals": ["roofing"], "caps": {{ "day": {{ "spend": "100.00" }} }} }} }},
        "routes": {{ "roofing": {{ {route}, "on_unsold": {{ "then": "store" }} }} }},
        "buyers": {{ {buyers} }} }}"#
    );
    let files = MemoryResolver::new([("plan.jsonc", text)]);
    Plan::load(&files, "plan.jsonc").unwrap_or_else(|error| panic!("{error}"))
}

/// A buyer with one contract in the group `all`.
fn buyer(id: &str, keys: &str, sell: &str) -> String {
    let place = if keys.contains("\"in\"") { "" } else { r#""in": { "roofing/all": {} },"# };
    format!(r#""{id}": {{ "contracts": {{ "{id}-1": {{ {place} {keys} "sell": {{ {sell} }} }} }} }}"#)
}

fn engine(route: &str, buyers: &[String]) -> Engine {
    Engine::open(plan(route, &buyers.join(",")), MemoryStore::new()).expect("an engine")
}

/// Decides lead n; who got it, in which form.
fn decide(engine: &Engine, n: usize) -> Vec<String> {
    let sales = decision(engine, n);
    let sales = sales["assignments"].as_array().expect("a list").clone();
    let word = |sale: &Value, key: &str| sale[key].as_str().expect("a text").to_owned();
    sales.iter().map(|sale| format!("{} {}", word(sale, "contract"), word(sale, "sale"))).collect()
}

fn decision(engine: &Engine, n: usize) -> Value {
    let lead = format!(r#"{{"id":"L{n}","source":"web","phone":"312-867-{:04}","zip":"60601"}}"#, 1_000 + n);
    let tick = Tick::at("2026-11-24T15:30:00Z".parse().expect("a time"));
    serde_json::from_slice(&engine.decide(lead.as_bytes(), tick).expect("it decides").body).expect("JSON")
}

const BEST: &str = r#""max_sales": 3, "groups": [ { "id": "all", "select": "best_revenue" } ]"#;

#[test]
fn rule_022_each_form_of_a_sale_meets_a_money_cap_with_its_own_price() {
    let hybrid = r#""exclusive": { "price": "60.00" }, "shared": { "price": "25.00" }"#;
    let engine = engine(BEST, &[buyer("acme", r#""caps": { "day": { "spend": "90.00" } },"#, hybrid)]);
    assert_eq!(decide(&engine, 1), ["acme-1 exclusive"]);
    assert_eq!(decide(&engine, 2), ["acme-1 shared"], "30.00 are left: too little for 60.00, enough for 25.00");
    assert!(decide(&engine, 3).is_empty());
}

#[test]
fn rule_020_a_set_takes_no_more_than_the_caps_of_all_owners_leave() {
    let group = r#""max_sales": 3, "groups": [ { "id": "all", "select": "best_revenue", "caps": { "day": 2 } } ]"#;
    let buyers = ["acme", "bolt", "cool"].map(|id| buyer(id, "", r#""shared": { "price": "30.00" }"#));
    let engine = engine(group, &buyers);
    assert_eq!(decide(&engine, 1).len(), 2, "the group takes two a day");
    let buyers = ["acme", "bolt", "cool", "dawn"].map(|id| buyer(id, "", r#""shared": { "price": "40.00" }"#));
    let engine = self::engine(BEST, &buyers);
    assert_eq!(decide(&engine, 1).len(), 2, "the source's 100.00 are enough for two");
}

#[test]
fn rule_029_who_is_renamed_keeps_its_counts_and_turns_where_the_plan_says_so() {
    let turns = r#""groups": [ { "id": "all", "select": "round_robin" } ]"#;
    let sell = r#""exclusive": { "price": "10.00" }"#;
    let of = |id: &str, keys: &str| {
        plan(turns, &[buyer(id, &format!(r#""caps": {{ "day": 3 }}, {keys}"#), sell), buyer("zed", "", sell)].join(","))
    };
    let engine = Engine::open(of("acme", ""), MemoryStore::new()).expect("an engine");
    assert_eq!(decide(&engine, 1), ["acme-1 exclusive"]);
    engine.swap(of("bolt", r#""was": "acme-1","#)).expect("another plan");
    assert_eq!(decide(&engine, 2), ["zed-1 exclusive"], "it was `acme-1` that had the last turn");
    let sold = [3, 4, 5, 6, 7].map(|n| decide(&engine, n).concat());
    assert_eq!(sold.iter().filter(|sold| *sold == "bolt-1 exclusive").count(), 2, "one of three a day was used");
    engine.swap(of("cool", "")).expect("another plan");
    assert_eq!(decide(&engine, 8), ["cool-1 exclusive"], "a new contract");
}

#[test]
fn rule_033_and_034_the_same_leads_give_the_same_decisions_and_equal_is_alone() {
    let buyers = [
        buyer("acme", "", r#""exclusive": { "price": "50.00" }"#),
        buyer("bolt", "", r#""shared": { "price": "25.00" }"#),
        buyer("cool", "", r#""shared": { "price": "25.00" }"#),
    ];
    let all = || {
        let engine = engine(BEST, &buyers);
        (0..3).map(|n| decision(&engine, n)).collect::<Vec<_>>()
    };
    assert_eq!(all(), all());
    assert_eq!(decide(&engine(BEST, &buyers), 1), ["acme-1 exclusive"]);
}

#[test]
fn rule_042_what_a_first_group_leaves_the_next_one_may_sell() {
    let route = r#""max_sales": 3,
        "groups": [ { "id": "all", "select": "priority", "take": 1 }, { "id": "open", "select": "best_revenue" } ]"#;
    let shared = r#""shared": { "price": "20.00", "with_at_most": 1 }"#;
    let buyers = [
        buyer("acme", r#""in": { "roofing/all": { "priority": 1 } },"#, shared),
        buyer("bolt", r#""in": { "roofing/open": {} },"#, r#""shared": { "price": "30.00" }"#),
        buyer("cool", r#""in": { "roofing/open": {} },"#, r#""shared": { "price": "31.00" }"#),
        buyer("dawn", r#""in": { "roofing/open": {} },"#, r#""exclusive": { "price": "99.00" }"#),
    ];
    assert_eq!(decide(&engine(route, &buyers), 1), ["acme-1 shared", "cool-1 shared"]);
}
