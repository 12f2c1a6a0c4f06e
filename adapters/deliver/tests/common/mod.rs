//! Plans, leads and clocks of the tests.
#![allow(dead_code, unreachable_pub, reason = "each test takes what it needs")]

use leadwright::deliver::Secrets;
use leadwright::engine::{Clock, Engine};
use leadwright::model::{Code, DeliveryState, Error, Tick, Timestamp};
use leadwright::operate::DeliverySeen;
use leadwright::plan::{MemoryResolver, Plan};
use std::time::Instant;

pub const NOW: &str = "2026-11-24T15:30:00Z";

/// `buyers`: the name, the state it buys from, its price, and members of its contract.
pub fn plan(endpoints: &str, buyers: &[(&str, &str, u32, &str)]) -> Plan {
    let buyer = |(name, state, price, more): &(&str, &str, u32, &str)| {
        format!(
            r#""{name}": {{ "deliver": {{ "retries": {{ "percent": 100, "per_minute": 1000 }} }}, "contracts": {{ "{name}-1": {{
                "in": {{ "roofing/all": {{}} }}, "where": {{ "state": "{state}" }}, {more}
                "sell": {{ "exclusive": {{ "price": "{price}.00" }} }} }} }} }}"#
        )
    };
    let buyers: Vec<String> = buyers.iter().map(buyer).collect();
    let text = format!(
        r#"{{ "format": 1, "plan": "tiny", "currency": "USD", "timezone": "America/Chicago",
            "verticals": {{ "roofing": {{ "extends": "us/home-services@1" }} }},
            "sources": {{ "web": {{ "verticals": ["roofing"] }} }},
            "routes": {{ "roofing": {{ "groups": [ {{ "id": "all", "select": "price" }} ], "on_unsold": {{ "then": "store" }} }} }},
            "endpoints": {{ {endpoints} }}, "buyers": {{ {} }} }}"#,
        buyers.join(", ")
    );
    Plan::load(&MemoryResolver::new([("plan.jsonc", text)]), "plan.jsonc").unwrap_or_else(|error| panic!("{error}"))
}

/// What buyers of a script answer, and the lead's id, by which their ledger names it.
pub const ANSWERS: &str = r#""with": { "lead_id": "{{ lead_id }}" },
    "answers": [ { "if": { "/status": "accepted" }, "is": "accepted", "price": "/price" },
                 { "if": { "/status": "duplicate" }, "is": "duplicate_of_ours" },
                 { "if": { "/status": "rejected" }, "is": "rejected", "reason": "/reason" } ]"#;

pub fn sell(engine: &Engine, id: u32, zip: &str) {
    let lead = format!(r#"{{"id":"L{id}","source":"web","phone":"312-867-{:04}","zip":"{zip}"}}"#, 5000 + id);
    let decided = engine.decide(lead.as_bytes(), Tick::at(NOW.parse().expect("a time"))).expect("it is decided");
    assert_eq!(decided.outcome.as_str(), "assigned");
}

pub fn states(engine: &Engine) -> Vec<(String, DeliveryState, Vec<String>)> {
    let all = engine.deliveries(None, 0, 1_000).expect("they are read");
    all.iter().map(|seen| (seen.contract.to_string(), seen.state, classes(seen))).collect()
}

pub fn classes(seen: &DeliverySeen) -> Vec<String> {
    seen.attempts.iter().map(|attempt| attempt.class.map_or("open", |class| class.as_str()).to_owned()).collect()
}

/// A clock that begins when the leads are sold and goes so many times as fast as others.
pub struct Fast(pub Instant, pub i64);

impl Fast {
    pub fn times(times: i64) -> Self {
        Fast(Instant::now(), times)
    }
}

impl Clock for Fast {
    fn now(&self) -> Timestamp {
        let passed = i64::try_from(self.0.elapsed().as_millis()).expect("a while");
        NOW.parse::<Timestamp>().expect("a time").plus_millis(passed * self.1)
    }
}

/// Secrets: one, or none.
pub struct Known(pub Option<&'static str>);

impl Secrets for Known {
    fn secret(&self, name: &str) -> Result<String, Error> {
        self.0.map(str::to_owned).ok_or_else(|| Error::new(Code::InputBadOption, name))
    }
}
