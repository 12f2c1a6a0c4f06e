//! What one hot cap costs in the batch path: twenty contracts of twenty buyers beside the same contracts of one buyer, whose cap
//! every sale counts on. Under the lock of one tenant, and leased by four.

use crate::Told;
use crate::durable::{CONNECTIONS, Fresh, shared_out};
use bench_common::example::tick;
use bench_common::measure::{Verdict, at_least, heading, median, still};
use leadwright::engine::{Engine, EngineOptions};
use leadwright::model::TenantId;
use leadwright::plan::{MemoryResolver, Plan};
use leadwright_postgres::Leasing;
use std::sync::Arc;

const CONTRACTS: usize = 20;
const CHUNK: usize = 256;
const CAPS: &str = r#""caps": { "day": 100000000 }"#;

fn plan(is_hot: bool) -> Plan {
    let contract = |n: usize| {
        format!(
            r#""c{n}": {{ "in": {{ "roofing/all": {{}} }}, {CAPS}, "sell": {{ "exclusive": {{ "price": "40.00" }} }} }}"#
        )
    };
    let all: Vec<String> = (0..CONTRACTS).map(contract).collect();
    let buyer = |name: String, contracts: &[String]| {
        format!(r#""{name}": {{ {CAPS}, "contracts": {{ {} }} }}"#, contracts.join(", "))
    };
    let buyers: Vec<String> = match is_hot {
        true => vec![buyer("hot".into(), &all)],
        false => all.chunks(1).enumerate().map(|(n, own)| buyer(format!("b{n}"), own)).collect(),
    };
    let text = format!(
        r#"{{ "format": 1, "plan": "p", "currency": "USD", "timezone": "America/Chicago",
            "verticals": {{ "roofing": {{ "extends": "us/home-services@1" }} }},
            "sources": {{ "web": {{ "verticals": ["roofing"] }} }},
            "routes": {{ "roofing": {{ "groups": [ {{ "id": "all", "select": "round_robin" }} ], "on_unsold": {{ "then": "store" }} }} }},
            "buyers": {{ {} }} }}"#,
        buyers.join(", ")
    );
    Plan::load(&MemoryResolver::new([("plan.jsonc", text)]), "plan.jsonc").expect("a plan")
}

fn leads(count: usize) -> Vec<Vec<u8>> {
    let lead = |n| format!(r#"{{"id":"H{n}","source":"web","phone":"312-867-5309","note":"{n}"}}"#).into_bytes();
    (0..count).map(lead).collect()
}

/// Decisions a second of four nodes, on so many tenants.
fn rate(told: &Told, name: &str, (is_hot, tenants): (bool, usize), all: &[Vec<u8>]) -> f64 {
    let fresh = Fresh::new(&told.url, name);
    let engine = |node: usize| {
        let tenant = TenantId::new(format!("t{}", node % tenants)).expect("a name");
        let store = fresh.store();
        let is_leased = is_hot && tenants > 1;
        let store = if is_leased { store.leasing(Leasing::new("one", ["buyer:hot"])) } else { store };
        let options = EngineOptions { tenant, ..EngineOptions::default() };
        Engine::with_options(plan(is_hot), Arc::new(store), options).expect("an engine")
    };
    let engines: Vec<Engine> = (0..CONNECTIONS).map(engine).collect();
    shared_out(&engines, all, CHUNK)
}

pub fn run(told: &Told) -> Verdict {
    let all = leads(told.leads);
    let kinds = [(false, 1), (true, 1), (false, CONNECTIONS), (true, CONNECTIONS)];
    let mut rates: [Vec<f64>; 4] = Default::default();
    for round in 0..told.rounds {
        for (kind, rates) in kinds.into_iter().zip(&mut rates) {
            rates.push(rate(told, &format!("hot{round}"), kind, &all));
        }
    }
    let noise = [still("one tenant without a hot cap", &rates[0]), still("four without one", &rates[2])];
    let [apart, hot, apart_of_four, leased] = rates.map(median);
    heading("Decisions a second with one hot cap, batches of 256, 4 nodes");
    println!("| one tenant, no cap that all count on | {apart:.0} | | |");
    println!("| one tenant, one that all do | {hot:.0} | | |");
    println!("| four tenants, none | {apart_of_four:.0} | | |");
    println!("| four tenants, one that they lease | {leased:.0} | | |");
    let verdicts =
        [at_least("one hot cap ÷ none", hot / apart, 0.9), at_least("one leased ÷ none", leased / apart_of_four, 0.8)];
    verdicts.into_iter().chain(noise).max().unwrap_or(Verdict::TooNoisy)
}
