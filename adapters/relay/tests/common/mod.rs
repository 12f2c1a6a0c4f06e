//! Stores with events.
#![allow(dead_code, reason = "not every test wants all of it")]

use leadwright::engine::{Engine, EngineOptions};
use leadwright::events::{read, subscriber_name};
use leadwright::model::{SubscriberName, TenantId, Tick};
use leadwright::plan::{MemoryResolver, Plan};
use leadwright::store::Store;
use std::ops::Range;
use std::sync::Arc;

const PLAN: &str = r#"{ "format": 1, "plan": "tiny", "currency": "USD", "timezone": "America/Chicago",
  "verticals": { "roofing": { "extends": "us/home-services@1" } },
  "sources": { "web": { "verticals": ["roofing"] } },
  "routes": { "roofing": { "groups": [ { "id": "all", "select": "price" } ], "on_unsold": { "then": "store" } } },
  "buyers": { "acme": { "contracts": { "acme-il": { "in": { "roofing/all": {} }, "where": { "state": "IL" },
    "sell": { "exclusive": { "price": "40.00" } } } } } } }"#;

/// Decides leads, of which each tells two events.
pub(crate) fn decide(store: Arc<dyn Store>, leads: Range<u32>) {
    let plan = Plan::load(&MemoryResolver::new([("plan.jsonc", PLAN)]), "plan.jsonc").unwrap();
    let engine = Engine::with_options(plan, store, EngineOptions::default()).unwrap();
    let leads: Vec<u32> = leads.collect();
    for some in leads.chunks(256) {
        let lines: String = some.iter().map(|n| lead(*n)).collect();
        engine.decide_batch(lines.as_bytes(), Tick::at("2026-11-24T15:30:00Z".parse().unwrap())).unwrap();
    }
}

fn lead(n: u32) -> String {
    let (house, last) = (n / 10_000 + 1, n % 10_000);
    format!(
        "{{\"id\":\"L{n}\",\"source\":\"web\",\"phone\":\"312-867-{last:04}\",\"street\":\"{house} W Oak St\",\"zip\":\"60610\"}}\n"
    )
}

pub(crate) fn tenant() -> TenantId {
    TenantId::default()
}

pub(crate) fn name(text: &str) -> SubscriberName {
    subscriber_name(text).unwrap()
}

/// Every event of the log, as its bytes.
pub(crate) fn log(store: &dyn Store) -> Vec<Vec<u8>> {
    let (mut all, mut after) = (Vec::new(), 0);
    loop {
        let page = read(store, &tenant(), &[], after, 10_000).unwrap();
        if page.events.is_empty() {
            return all;
        }
        after = page.upto;
        all.extend(page.events.into_iter().map(|event| event.bytes));
    }
}

/// Where the cursor of a name is.
pub(crate) fn cursor(store: &dyn Store, name: &str) -> u64 {
    let all = leadwright::store::subscribers(store, &tenant()).unwrap();
    all.iter().find(|found| found.name.as_str() == name).map_or(0, |found| found.position)
}
