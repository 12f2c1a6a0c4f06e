//! A market of many contracts for one route, made up around the leads of the example. The seed is fixed.
//!
//! Half of the contracts have lists of 5 to 60 ZIP codes, most a state or two, homeowners, an age of the roof, kinds of
//! property and time frames; one in ten has alternatives. They stand in three groups.

use bench_common::Dice;
use leadwright::plan::{MemoryResolver, Plan};
use serde_json::{Value, json};

/// The leads of the example that are about roofs.
pub fn roofing<'l>(lines: &[&'l [u8]]) -> Vec<&'l [u8]> {
    let about_roofs = |line: &&&[u8]| {
        let lead: Option<Value> = serde_json::from_slice(line).ok();
        lead.is_some_and(|lead| lead["vertical"] == "roofing" && lead["source"] != "affil-17")
    };
    lines.iter().filter(about_roofs).copied().collect()
}

/// Where people live, as the leads say: state and ZIP code.
fn places(leads: &[&[u8]]) -> Vec<(String, String)> {
    let place = |line: &&[u8]| {
        let lead: Value = serde_json::from_slice(line).ok()?;
        let (state, zip) = (lead["state"].as_str()?, lead["zip"].as_str()?);
        let is_plain = state.len() == 2 && zip.len() == 5 && zip.bytes().all(|byte| byte.is_ascii_digit());
        is_plain.then(|| (state.to_ascii_uppercase(), zip.to_owned()))
    };
    leads.iter().filter_map(place).collect()
}

/// A plan with so many contracts.
pub fn plan(contracts: usize, leads: &[&[u8]]) -> Plan {
    let places = places(leads);
    let mut dice = Dice::new(11);
    let mut buyers = serde_json::Map::new();
    for number in 0..contracts {
        let group = ["roofing/first", "roofing/open", "roofing/rest"][dice.below(3)];
        let price = format!("{}.{:02}", dice.from_to(12, 90), dice.from_to(0, 99));
        let wants = wants(&places, &mut dice);
        let contract = json!({
            "in": { group: {} }, "where": wants, "caps": { "day": 1_000_000 },
            "sell": { "exclusive": { "price": price } }
        });
        buyers.insert(format!("buyer-{number}"), json!({ "contracts": { format!("contract-{number}"): contract } }));
    }
    let text = json!({
        "format": 1, "plan": "market", "currency": "USD", "timezone": "America/Chicago",
        "verticals": { "roofing": { "extends": "us/home-services@1" } },
        "sources": { "search-lp": { "verticals": ["roofing"] }, "social-lp": { "verticals": ["roofing"] } },
        "routes": { "roofing": { "max_sales": 1, "groups": [
            { "id": "first", "select": "price" }, { "id": "open", "select": "price" }, { "id": "rest", "select": "price" }
        ], "on_unsold": { "then": "store" } } },
        "buyers": buyers
    });
    let files = MemoryResolver::new([("plan.jsonc", text.to_string())]);
    Plan::load(&files, "plan.jsonc").unwrap_or_else(|error| panic!("{error}: {:?}", error.issues()))
}

fn wants(places: &[(String, String)], dice: &mut Dice) -> Value {
    let mut wants = serde_json::Map::new();
    let count = dice.from_to(1, 2);
    let mut states: Vec<&str> = (0..count).map(|_| dice.one(places).0.as_str()).collect();
    states.sort_unstable();
    states.dedup();
    if dice.chance(0.5) {
        let pool: Vec<&str> =
            places.iter().filter(|(state, _)| states.contains(&state.as_str())).map(|(_, zip)| zip.as_str()).collect();
        let mut zips: Vec<&str> = (0..dice.from_to(5, 60)).map(|_| *dice.one(&pool)).collect();
        zips.sort_unstable();
        zips.dedup();
        wants.insert("zip".into(), json!(zips));
    }
    if dice.chance(0.85) {
        wants.insert("state".into(), json!(states));
    }
    if dice.chance(0.6) {
        wants.insert("homeowner".into(), json!(true));
    }
    if dice.chance(0.6) {
        wants.insert("roof_age".into(), json!({ "gte": dice.from_to(2, 25) }));
    }
    if dice.chance(0.3) {
        wants.insert("timeframe".into(), json!(["now", "30d"]));
    }
    if dice.chance(0.3) {
        wants.insert("property_type".into(), json!(["single_family"]));
    }
    if dice.chance(0.1) {
        let budget = json!({ "gte": format!("{}.00", dice.from_to(5, 20) * 1_000) });
        wants.insert("any".into(), json!([{ "credit": ["excellent", "good"] }, { "budget": budget }]));
    }
    Value::Object(wants)
}
