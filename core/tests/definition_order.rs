//! The order in which a plan is written decides nothing: members of objects and of sets are shuffled, and the hash and
//! every decision stay the same to the byte.

mod support;

use leadwright::engine::Engine;
use leadwright::model::Tick;
use leadwright::plan::{MemoryResolver, Plan};
use leadwright::store::MemoryStore;
use proptest::prelude::*;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::fmt;

/// An object in the order it is written.
struct Members(Vec<(String, Box<RawValue>)>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct InOrder;
        impl<'de> Visitor<'de> for InOrder {
            type Value = Members;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        from.deserialize_map(InOrder)
    }
}

/// Arrays whose order says nothing.
const SETS: &[&str] = &["verticals", "state", "never_with", "repair", "suppress", "closed"];

/// The same JSON with objects and sets in another order.
fn shuffled(name: &str, json: &RawValue, next: &mut dyn FnMut() -> u32) -> String {
    if let Ok(members) = serde_json::from_str::<Members>(json.get()) {
        let mut members: Vec<(u32, String)> = members
            .0
            .into_iter()
            .map(|(key, value)| (next(), format!("{key:?}:{}", shuffled(&key, &value, next))))
            .collect();
        members.sort();
        return format!("{{{}}}", members.into_iter().map(|(_, member)| member).collect::<Vec<_>>().join(","));
    }
    if let Ok(items) = serde_json::from_str::<Vec<Box<RawValue>>>(json.get()) {
        let mut items: Vec<(u32, String)> = items.iter().map(|item| (next(), shuffled("", item, next))).collect();
        if SETS.contains(&name) {
            items.sort();
        }
        return format!("[{}]", items.into_iter().map(|(_, item)| item).collect::<Vec<_>>().join(","));
    }
    json.get().to_owned()
}

fn source(name: &str) -> String {
    let text = std::fs::read_to_string(support::folder("decide").join(name)).expect("it is there");
    text.lines().filter(|line| !line.starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// The hash of the plan, and what it decides about the leads.
fn decided(text: &str, verticals: &[&str]) -> (String, Vec<String>) {
    let list = |name: &str| std::fs::read(support::folder("decide").join(name)).expect("it is there");
    let files = [
        ("plan.jsonc", text.as_bytes().to_vec()),
        ("opt-outs.txt", list("opt-outs.txt")),
        ("metro.txt", list("metro.txt")),
    ];
    let plan = Plan::load(&MemoryResolver::new(files), "plan.jsonc").expect("the plan is right");
    let hash = plan.hash().to_owned();
    let engine = Engine::open(plan, MemoryStore::new()).expect("an engine");
    let decide = |n: usize| {
        let vertical = verticals[n % verticals.len()];
        let source = if vertical == "roofing" || verticals.contains(&"revenue") { "web" } else { "partner" };
        let lead = format!(
            r#"{{"id":"L{n}","source":"{source}","vertical":"{vertical}","phone":"312-867-{:04}","zip":"60601","homeowner":{},"roof_age":{}}}"#,
            1_000 + n,
            !n.is_multiple_of(3),
            n % 25
        );
        let now = format!("2026-12-01T15:{:02}:00Z", n / 2);
        let decided = engine.decide(lead.as_bytes(), Tick::at(now.parse().expect("a time"))).expect("it decides");
        String::from_utf8(decided.body).expect("UTF-8")
    };
    (hash, (0..40).map(decide).collect())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn the_order_of_a_plan_decides_nothing(mut seed in any::<u64>()) {
        for (name, verticals) in [
            ("plan.jsonc", ["roofing", "solar", "hvac"]),
            ("select.jsonc", ["revenue", "least", "shares"]),
        ] {
            let text = source(name);
            let json: Box<RawValue> = serde_json::from_str(&text).expect("JSON without comments in it");
            let mut next = || {
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                (seed >> 33) as u32
            };
            let other = shuffled("", &json, &mut next);
            prop_assert_eq!(decided(&text, &verticals), decided(&other, &verticals));
        }
    }
}
