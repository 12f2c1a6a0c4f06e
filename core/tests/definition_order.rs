//! The order in which a plan is written decides nothing: members of objects and of sets are shuffled, buyers are put into
//! files of their own under names in another order, and the hash and every decision stay the same to the byte. A list whose
//! lines are shuffled is another state of the list; its decisions say so and are the same else.

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

/// The files of a plan, by name.
type Files = Vec<(String, String)>;

/// The plan in one file, and its lists.
fn whole(text: &str) -> Files {
    let list = |name: &str| {
        let text = std::fs::read_to_string(support::folder("decide").join(name)).expect("it is there");
        (name.to_owned(), text)
    };
    vec![("plan.jsonc".to_owned(), text.to_owned()), list("opt-outs.txt"), list("metro.txt")]
}

/// The same with each buyer in a file of its own, in another order.
fn apart(text: &str, next: &mut dyn FnMut() -> u32) -> Files {
    let root: Members = serde_json::from_str(text).expect("an object");
    let mut members = vec![r#""include":["buyers/*.jsonc"]"#.to_owned()];
    let mut files = Files::new();
    for (key, value) in root.0 {
        if key != "buyers" {
            members.push(format!("{key:?}:{}", value.get()));
            continue;
        }
        let buyers: Members = serde_json::from_str(value.get()).expect("an object");
        for (buyer, value) in buyers.0 {
            let inner = value.get().trim_start().strip_prefix('{').expect("a buyer is an object");
            files.push((format!("buyers/{:010}.jsonc", next()), format!("{{\"buyer\":{buyer:?},{inner}")));
        }
    }
    assert!(files.len() > 1, "there are buyers");
    files.push(("plan.jsonc".to_owned(), format!("{{{}}}", members.join(","))));
    files.extend(whole("").into_iter().skip(1));
    files
}

/// The same with the lines of the lists in another order.
fn with_other_lists(text: &str, next: &mut dyn FnMut() -> u32) -> Files {
    let mut files = whole(text);
    for (_, list) in files.iter_mut().skip(1) {
        let mut lines: Vec<(u32, &str)> = list.lines().map(|line| (next(), line)).collect();
        lines.sort_unstable();
        *list = lines.into_iter().map(|(_, line)| format!("{line}\n")).collect();
    }
    files
}

/// Decisions without what says which plan and which state of a list it was.
fn without_hashes((_, decisions): &(String, Vec<String>)) -> Vec<serde_json::Value> {
    let bare = |decision: &String| {
        let mut decision: serde_json::Value = serde_json::from_str(decision).expect("JSON");
        let members = decision.as_object_mut().expect("an object");
        ["plan", "digest"].iter().for_each(|name| drop(members.remove(*name).expect("it is there")));
        for list in members.get_mut("lists").and_then(|lists| lists.as_object_mut()).into_iter().flatten() {
            list.1.as_object_mut().expect("an object").remove("version");
        }
        decision
    };
    decisions.iter().map(bare).collect()
}

/// The hash of the plan, and what it decides about the leads.
fn decided(files: Files, verticals: &[&str]) -> (String, Vec<String>) {
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
            let as_written = decided(whole(&text), &verticals);
            prop_assert_eq!(&as_written, &decided(whole(&other), &verticals));
            prop_assert_eq!(&as_written, &decided(apart(&other, &mut next), &verticals));
            let lists = decided(with_other_lists(&text, &mut next), &verticals);
            prop_assert_eq!(without_hashes(&as_written), without_hashes(&lists));
        }
    }
}
