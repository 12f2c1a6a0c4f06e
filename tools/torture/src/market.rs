//! What is decided: a small plan whose caps are soon full, and leads from a seed.

use fastrand::Rng;
use leadwright::model::{Tick, Timestamp};
use leadwright::plan::{MemoryResolver, Plan};
use serde_json::{Map, Value, json};

/// How many leads a contract may have in a day, and in all.
#[derive(Clone, Copy)]
pub(crate) struct Limits {
    pub(crate) day: i64,
    pub(crate) total: i64,
}

/// Shared sales in turns, then to who pays most; a person is sold once.
pub(crate) const SHARED: Limits = Limits { day: 25, total: 160 };
const STATES: [(&str, &str); 3] = [("IL", "60601"), ("TX", "75201"), ("OH", "43004")];

fn load(plan: &Value) -> Plan {
    let files = MemoryResolver::new([("plan.jsonc", plan.to_string())]);
    Plan::load(&files, "plan.jsonc")
        .unwrap_or_else(|error| panic!("the plan of the torture: {error} {:?}", error.issues()))
}

/// Nine contracts with small caps: each lead is offered to most of them.
pub(crate) fn shared() -> Plan {
    let mut buyers = Map::new();
    for number in 0..9 {
        let group = if number % 3 == 0 { "roofing/rest" } else { "roofing/turns" };
        let states: Vec<&str> =
            STATES.iter().map(|(state, _)| *state).filter(|state| number != 1 || *state != "OH").collect();
        let form = if number == 0 { "exclusive" } else { "shared" };
        let contract = json!({
            "in": { group: {} }, "where": { "state": states }, "caps": { "day": SHARED.day, "total": SHARED.total },
            "sell": { form: { "price": format!("{}.50", 20 + number) } }
        });
        buyers.insert(format!("b{number}"), json!({ "contracts": { format!("c{number}"): contract } }));
    }
    load(&json!({
        "format": 1, "plan": "torture", "currency": "USD", "timezone": "America/Chicago",
        "verticals": { "roofing": { "extends": "us/home-services@1" } },
        "sources": { "web": { "verticals": ["roofing"], "payout": { "percent_of_price": 40 } } },
        "intake": { "dedupe": [ { "any": ["phone"], "within": "30d", "scope": "vertical", "against": "sold" } ] },
        "routes": { "roofing": { "max_sales": 3, "groups": [
            { "id": "turns", "select": "round_robin", "take": 2 }, { "id": "rest", "select": "price" }
        ], "on_unsold": { "then": "store" } } },
        "buyers": buyers
    }))
}

/// Contracts that each want a lead of their own kind, and so many of them in all.
pub(crate) fn exclusive(contracts: usize, limit: i64) -> Plan {
    let mut buyers = Map::new();
    for number in 0..contracts {
        let contract = json!({
            "in": { "roofing/all": {} }, "where": { "roof_age": { "eq": number } }, "caps": { "total": limit },
            "sell": { "exclusive": { "price": "20.00" } }
        });
        buyers.insert(format!("b{number}"), json!({ "contracts": { format!("c{number}"): contract } }));
    }
    load(&json!({
        "format": 1, "plan": "crowd", "currency": "USD", "timezone": "America/Chicago",
        "verticals": { "roofing": { "extends": "us/home-services@1" } },
        "sources": { "web": { "verticals": ["roofing"] } },
        "routes": { "roofing": { "max_sales": 1, "groups": [ { "id": "all", "select": "price" } ], "on_unsold": { "then": "store" } } },
        "buyers": buyers
    }))
}

/// A lead of this name; the same name and seed give the same bytes. Phones come again.
pub(crate) fn lead(name: &str, seed: u64) -> String {
    let mut dice =
        Rng::with_seed(seed ^ name.bytes().fold(7, |hash: u64, byte| hash.wrapping_mul(31) ^ u64::from(byte)));
    let (state, zip) = STATES[dice.usize(0..STATES.len())];
    let phone = format!("312-8{:02}-{:04}", dice.u32(20..60), dice.u32(1_000..1_250));
    json!({ "id": name, "source": "web", "phone": phone, "state": state, "zip": zip, "note": name }).to_string()
}

/// A time of a round: an hour later each, in the daytime of Chicago only, so that its date is that of UTC.
pub(crate) fn tick(round: u64) -> Tick {
    let start: Timestamp = "2026-11-02T12:00:00Z".parse().expect("a time");
    let hours = i64::try_from(round / 10 * 24 + round % 10).expect("a small number");
    Tick::at(start.plus_millis(hours * 3_600_000))
}
