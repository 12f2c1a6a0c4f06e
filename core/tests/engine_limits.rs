//! Limits on an engine with a store: caps of all kinds, pace, rates and funds, as an observer of the decisions counts them.

use leadwright::engine::{Engine, explain, replay};
use leadwright::model::{EventKind, Outcome, TenantId, Tick, Timestamp};
use leadwright::plan::{MemoryResolver, Plan};
use leadwright::store::{MemoryStore, SqliteStore, Store};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

/// A plan with the keys of its source, of its one group and its buyers.
fn plan(source: &str, group: &str, buyers: &str) -> Plan {
    let text = format!(
        r#"{{
        "format": 1, "plan": "limits", "currency": "USD", "timezone": "UTC",
        "verticals": {{ "roofing": {{ "extends": "us/home-services@1" }} }},
        "sources": {{ "web": {{ {source} "verticals": ["roofing"] }} }},
        "routes": {{ "roofing": {{ "max_sales": 2, "groups": [ {{ "id": "all", {group} }} ], "on_unsold": {{ "then": "store" }} }} }},
        "buyers": {{ {buyers} }} }}"#
    );
    let files = MemoryResolver::new([("plan.jsonc", text)]);
    Plan::load(&files, "plan.jsonc").unwrap_or_else(|error| panic!("{error}"))
}

/// A plan with one contract, by its keys and those of its buyer.
fn one(buyer: &str, contract: &str) -> Plan {
    let sell = r#""sell": { "exclusive": { "price": "40.00" } }"#;
    let contract = format!(
        r#""acme": {{ {buyer} "contracts": {{ "acme-1": {{ "in": {{ "roofing/all": {{}} }}, {contract} {sell} }} }} }}"#
    );
    plan("", r#""select": "price""#, &contract)
}

fn at(time: &str) -> Timestamp {
    time.parse().expect("a time")
}

fn lead(n: usize) -> String {
    format!(r#"{{"id":"L{n}","source":"web","phone":"312-867-{:04}","zip":"60601"}}"#, 1_000 + n)
}

/// Every store there is, each empty.
fn stores(name: &str) -> Vec<Arc<dyn Store>> {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}.db"));
    for end in ["db", "db-wal", "db-shm"] {
        let _ = std::fs::remove_file(path.with_extension(end));
    }
    vec![Arc::new(MemoryStore::new()), Arc::new(SqliteStore::open(path).expect("a new store"))]
}

fn engine(plan: Plan, store: &Arc<dyn Store>) -> Engine {
    Engine::with_options(plan, store.clone(), leadwright::engine::EngineOptions::default()).expect("an engine")
}

fn decision(engine: &Engine, n: usize, now: Timestamp) -> Value {
    let body = engine.decide(lead(n).as_bytes(), Tick::at(now)).expect("it decides").body;
    serde_json::from_slice(&body).expect("JSON")
}

/// Whether lead n is sold.
fn sells(engine: &Engine, n: usize, now: &str) -> bool {
    decision(engine, n, at(now))["outcome"] == "assigned"
}

/// The first entry of a trace: why, by which check, what was found and wanted.
fn why(decision: &Value) -> [&str; 4] {
    let entry = &decision["trace"]["entries"][0];
    ["code", "check", "found", "wanted"].map(|key| entry[key].as_str().unwrap_or_default())
}

#[test]
fn rule_012_a_rolling_cap_holds_in_any_span_of_its_length() {
    for store in stores("rule-012") {
        let engine = engine(one("", r#""caps": { "rolling": { "within": "24h", "count": 2 } },"#), &store);
        let sold = |n: usize, time: &str| sells(&engine, n, time);
        assert!(sold(1, "2026-11-24T23:00:00Z") && sold(2, "2026-11-24T23:30:00Z"));
        assert!(!sold(3, "2026-11-25T00:00:00Z"), "a new day is no new span");
        assert!(!sold(4, "2026-11-25T22:59:59.999Z"));
        assert!(sold(5, "2026-11-25T23:00:00Z"), "the first is exactly 24 hours old");
        assert!(!sold(6, "2026-11-25T23:29:59Z") && sold(7, "2026-11-25T23:30:00Z"));
        // Another length goes on with what was counted.
        engine.swap(one("", r#""caps": { "rolling": { "within": "48h", "count": 5 } },"#)).expect("a plan");
        assert!(sold(8, "2026-11-25T23:31:00Z") && !sold(9, "2026-11-25T23:32:00Z"));
    }
}

#[test]
fn rule_014_a_cap_counts_what_is_sold_and_nothing_else() {
    let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
    let caps = r#""where": { "homeowner": true }, "caps": { "day": 2 },"#;
    let engine = engine(one("", caps), &store);
    let decide = |text: String| {
        engine.decide(text.as_bytes(), Tick::at(at("2026-11-24T12:00:00Z"))).expect("it decides").outcome
    };
    let lead = |n: usize, keys: &str| lead(n).replace('}', &format!(",{keys}}}"));
    assert_eq!(decide(lead(1, r#""homeowner":false"#)), Outcome::Unmatched);
    assert_eq!(decide(lead(2, r#""homeowner":true,"test":true"#)), Outcome::Test);
    assert_eq!(decide(lead(3, r#""homeowner":true"#).replace("web", "none")), Outcome::Rejected);
    assert_eq!(
        [4, 5, 6].map(|n| decide(lead(n, r#""homeowner":true"#))),
        [Outcome::Assigned, Outcome::Assigned, Outcome::Unsold]
    );
}

#[test]
fn rule_023_even_pace_holds_leads_back_for_later_and_ends_at_the_cap() {
    for store in stores("rule-023") {
        let office = r#""hours": "08:00-18:00", "caps": { "day": 10 }, "pace": "even","#;
        let engine = engine(one("", office), &store);
        // A lead each five minutes of the day.
        let mut sold = Vec::new();
        let midnight = at("2026-11-24T00:00:00Z");
        for minute in (0..24 * 60).step_by(5) {
            let now = midnight.plus_millis(minute * 60_000);
            let decided = decision(&engine, usize::try_from(minute).expect("small"), now);
            if decided["outcome"] == "assigned" {
                sold.push(minute);
            } else if (8 * 60..18 * 60).contains(&minute) && sold.len() < 10 {
                let allowed = sold.len().to_string();
                let wanted = format!("at most {allowed} by now");
                assert_eq!(why(&decided), ["contract.pace", "pace.day", allowed.as_str(), wanted.as_str()]);
            }
        }
        // The first at opening, then one as soon as its hour has begun.
        assert_eq!(sold, (0..10).map(|n| 8 * 60 + n * 60 + 5 * i64::from(n > 0)).collect::<Vec<_>>());
    }
}

#[test]
fn rule_023_what_was_not_used_may_be_made_up_for_inside_of_the_window_only() {
    let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
    let engine = engine(one("", r#""caps": { "day": 4 }, "pace": "even","#), &store);
    let sold = |from: usize, time: &str| (from..from + 10).filter(|n| sells(&engine, *n, time)).count();
    assert_eq!(sold(0, "2026-11-24T18:00:00Z"), 3);
    assert_eq!(sold(10, "2026-11-24T23:59:59Z"), 1);
    assert_eq!(sold(20, "2026-11-26T00:00:00Z"), 1, "nothing of yesterday is left over");
}

#[test]
fn rule_024_a_queue_that_meets_a_new_window_is_let_go_at_the_rate() {
    for store in stores("rule-024") {
        let rate = r#""caps": { "day": 50 }, "rate": { "count": 4, "within": "1m" },"#;
        let engine = engine(one("", rate), &store);
        // 40 leads wait at midnight, and come again each second.
        let midnight = at("2026-11-24T00:00:00Z");
        let mut sold = Vec::new();
        for second in 0..120 {
            let n = usize::try_from(second).expect("small");
            let decided = decision(&engine, n, midnight.plus_millis(second * 1_000));
            if decided["outcome"] == "assigned" {
                sold.push(second);
            } else {
                assert_eq!(why(&decided)[..2], ["contract.rate", "rate"]);
            }
        }
        assert_eq!(sold, [0, 15, 30, 45, 60, 75, 90, 105]);
    }
}

#[test]
fn rule_027_a_turn_is_a_sale_and_nothing_else() {
    let buyer = |id: &str, keys: &str| {
        format!(
            r#""{id}": {{ "contracts": {{ "{id}-1": {{ "in": {{ "roofing/all": {{}} }}, {keys} "sell": {{ "exclusive": {{ "price": "9.00" }} }} }} }} }}"#
        )
    };
    let buyers = [buyer("acme", ""), buyer("bolt", r#""where": { "zip": ["60601"] },"#)].join(",");
    let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
    let engine = engine(plan("", r#""select": "round_robin""#, &buyers), &store);
    let decide = |text: String| {
        let body = engine.decide(text.as_bytes(), Tick::at(at("2026-11-24T12:00:00Z"))).expect("it decides").body;
        let body: Value = serde_json::from_slice(&body).expect("JSON");
        body["assignments"][0]["contract"].as_str().unwrap_or_default().to_owned()
    };
    assert_eq!(decide(lead(1)), "acme-1");
    assert_eq!(decide(lead(2).replace('}', r#","test":true}"#)), "bolt-1", "a test is decided in full");
    assert_eq!(decide(lead(3)), "bolt-1", "and takes no turn");
    assert_eq!(decide(lead(4).replace("60601", "75201")), "acme-1");
    assert_eq!(decide(lead(5).replace("60601", "75201")), "acme-1", "who cannot take a lead loses no turn by it");
    assert_eq!(decide(lead(6)), "bolt-1");
}

#[test]
fn rule_087_a_contract_that_is_gone_gets_no_lead_and_keeps_its_count() {
    for store in stores("rule-087") {
        let with = || one("", r#""caps": { "total": 2 },"#);
        let engine = engine(with(), &store);
        let now = "2026-11-24T12:00:00Z";
        assert!(sells(&engine, 1, now));
        let rest = r#""bolt": { "contracts": { "bolt-1": { "in": { "roofing/all": {} }, "where": { "zip": "99999" }, "sell": { "exclusive": { "price": "1.00" } } } } }"#;
        engine.swap(plan("", r#""select": "price""#, rest)).expect("a plan");
        assert!(!sells(&engine, 2, now));
        engine.swap(with()).expect("a plan");
        assert!(sells(&engine, 3, now) && !sells(&engine, 4, now), "one of two was used");
        // What it bought stays its own, and is decided again as it was.
        let tenant = TenantId::default();
        let all = store.decisions(&tenant, 0, 10).expect("decisions");
        for stored in all {
            assert!(replay(&*store, &tenant, &stored.record.id).expect("it replays").same);
        }
    }
}

#[test]
fn rule_094_funds_then_credit_and_no_sale_beyond() {
    for store in stores("rule-094") {
        let now = at("2026-11-24T12:00:00Z");
        let engine = engine(one(r#""prepaid": true, "credit": "100.00","#, ""), &store);
        assert!(sells(&engine, 1, "2026-11-24T12:00:00Z") && sells(&engine, 2, "2026-11-24T12:00:00Z"));
        let third = decision(&engine, 3, now);
        assert_eq!(third["outcome"], "unsold");
        assert_eq!(why(&third), ["contract.funds", "funds", "20.00", "40.00, 20.00 more"]);
        let mut left = 0;
        store
            .read(&TenantId::default(), &mut |view| {
                left = view.counter("buyer:acme|funds")?;
                Ok(())
            })
            .expect("it reads");
        assert_eq!(left, -800_000);
        // Without credit, and nothing paid in: nothing.
        engine.swap(one(r#""prepaid": true,"#, "")).expect("a plan");
        assert_eq!(why(&decision(&engine, 4, now)), ["contract.funds", "funds", "-80.00", "40.00, 120.00 more"]);
        // A buyer that does not pay from funds has none to run out of.
        engine.swap(one("", "")).expect("a plan");
        assert!(sells(&engine, 5, "2026-11-24T12:00:00Z"));
    }
}

#[test]
fn rule_099_an_explanation_adds_contracts_and_changes_nothing() {
    let buyer = |id: &str, keys: &str| {
        format!(
            r#""{id}": {{ "contracts": {{ "{id}-1": {{ "in": {{ "roofing/all": {{}} }}, {keys} "sell": {{ "exclusive": {{ "price": "9.00" }} }} }} }} }}"#
        )
    };
    let buyers = [buyer("acme", r#""caps": { "day": 1 },"#), buyer("bolt", r#""where": { "state": "TX" },"#)].join(",");
    let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
    let engine = engine(plan("", r#""select": "price""#, &buyers), &store);
    for n in 0..3 {
        let decided = engine.decide(lead(n).as_bytes(), Tick::at(at("2026-11-24T12:00:00Z"))).expect("it decides");
        let explained = explain(&*store, &TenantId::default(), &decided.id).expect("it explains");
        assert_eq!(serde_json::to_vec(&explained.decision).expect("JSON"), decided.body);
        let recorded = explained.decision.trace.entries.clone();
        let all: Vec<_> = explained.entries.into_iter().map(|explained| explained.entry).collect();
        assert_eq!((recorded.len(), all.len()), (1, 2));
        assert!(recorded.iter().all(|entry| all.contains(entry)));
    }
}

#[test]
fn a_cap_that_is_filled_says_so_once() {
    for store in stores("exhausted") {
        let caps = r#""caps": { "day": 2, "rolling": { "within": "1h", "spend": "60.00" } },"#;
        let engine = engine(one("", caps), &store);
        for (n, time) in [(1, "10:00"), (2, "10:01"), (3, "12:00"), (4, "12:01")] {
            sells(&engine, n, &format!("2026-11-24T{time}:00Z"));
        }
        let events = store.events(&TenantId::default(), 0, 100).expect("events");
        let filled = events.iter().filter(|(_, event)| event.kind == EventKind::CapExhausted);
        let said: Vec<(String, &str)> =
            filled.map(|(_, event)| (event.subject.to_string(), event.data.as_str())).collect();
        let rolling =
            r#"{"cap":"caps.contract.rolling.spend","counter":"contract:acme-1|rolling|spend|sold","limit":"60.00"}"#;
        let day = r#"{"cap":"caps.contract.day","counter":"contract:acme-1|day:2026-11-24|count|sold","limit":"2"}"#;
        let want = [("web/L1.1", rolling), ("web/L3.1", day), ("web/L3.1", rolling)];
        assert_eq!(said, want.map(|(id, data)| (id.to_owned(), data)));
    }
}

#[test]
fn rule_097_a_fixed_answer_changes_nothing() {
    for store in stores("rule-097") {
        let text = r#"{
            "format": 1, "plan": "limits", "currency": "USD", "timezone": "UTC",
            "verticals": { "roofing": { "extends": "us/home-services@1" } },
            "sources": { "web": { "verticals": ["roofing"], "caps": { "day": 1 } } },
            "intake": { "test_zips": { "60601": "assigned" },
                        "dedupe": [ { "any": ["phone"], "within": "30d", "against": "seen" } ] },
            "routes": { "roofing": { "groups": [ { "id": "all", "select": "price" } ], "on_unsold": { "then": "store" } } },
            "buyers": { "acme": { "contracts": { "acme-1": { "in": { "roofing/all": {} }, "sell": { "exclusive": { "price": "9.00" } } } } } } }"#;
        let files = MemoryResolver::new([("plan.jsonc", text)]);
        let engine = engine(Plan::load(&files, "plan.jsonc").expect("a plan"), &store);
        let test = lead(1).replace('}', r#","test":true}"#);
        let decided = engine.decide(test.as_bytes(), Tick::at(at("2026-11-24T12:00:00Z"))).expect("it decides");
        assert_eq!(decided.outcome, Outcome::Assigned);
        let body: Value = serde_json::from_slice(&decided.body).expect("JSON");
        assert_eq!(
            (&body["assignments"], &body["money"]["revenue"]),
            (&Value::Array(Vec::new()), &Value::from("0.00"))
        );
        assert_eq!(store.rollups(&TenantId::default()).expect("sums"), []);
        assert!(sells(&engine, 2, "2026-11-24T12:00:00Z"), "the cap of one is free");
        let same = lead(3).replace("1003", "1001");
        let same = engine.decide(same.as_bytes(), Tick::at(at("2026-11-24T12:00:00Z"))).expect("it decides");
        assert_eq!(same.outcome, Outcome::Unsold, "it is a duplicate of nobody, and the cap is used");
    }
}

/// SplitMix64 (Steele, Lea and Flood, OOPSLA 2014): a seed is a run.
struct Chance(u64);

impl Chance {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % most
    }
}

/// A cap that somebody has, in words of the plan.
#[derive(Clone, Debug)]
struct Limit {
    owner: String,
    window: &'static str,
    spend: bool,
    limit: u64,
}

const HOUR: i64 = 3_600_000;
/// What a rolling window of these plans is long.
const SPAN: i64 = 5 * HOUR;

/// Random caps of an owner as a part of a plan, and as what they say.
fn caps(owner: &str, chance: &mut Chance, limits: &mut Vec<Limit>) -> String {
    let mut parts = Vec::new();
    for window in ["hour", "day", "week", "month", "total", "rolling"] {
        if chance.below(4) > 0 {
            continue;
        }
        let spend = chance.below(2) == 0;
        let limit = if spend { 50 + chance.below(400) } else { chance.below(12) };
        let within = if window == "rolling" { r#""within": "5h", "# } else { "" };
        parts.push(match spend {
            true => format!(r#""{window}": {{ {within}"spend": "{limit}.00" }}"#),
            false => format!(r#""{window}": {{ {within}"count": {limit} }}"#),
        });
        limits.push(Limit { owner: owner.to_owned(), window, spend, limit });
    }
    if parts.is_empty() { String::new() } else { format!(r#""caps": {{ {} }},"#, parts.join(",")) }
}

/// The window of an instant by its text in UTC, by somebody who knows nothing of ours.
fn window_of(window: &str, at: Timestamp) -> String {
    let text = at.to_string();
    match window {
        "hour" => text[..13].to_owned(),
        "day" => text[..10].to_owned(),
        "month" => text[..7].to_owned(),
        // 1 January 1970 was a Thursday.
        "week" => ((at.millis().div_euclid(24 * HOUR) + 3).div_euclid(7)).to_string(),
        _ => String::new(),
    }
}

#[test]
fn caps_of_all_kinds_and_owners_are_never_passed_and_every_decision_replays() {
    for seed in 0..24 {
        let mut chance = Chance(seed);
        let mut limits = Vec::new();
        let source = caps("source", &mut chance, &mut limits);
        let group = caps("group", &mut chance, &mut limits);
        let mut buyers = Vec::new();
        for buyer in ["acme", "bolt", "cool"] {
            let of_buyer = caps(&format!("buyer {buyer}"), &mut chance, &mut limits);
            let contracts = (1..=2).map(|n| {
                let own = caps(&format!("contract {buyer}-{n}"), &mut chance, &mut limits);
                let pace = if chance.below(3) == 0 { r#""pace": "even","# } else { "" };
                let price = 10 + chance.below(40);
                format!(
                    r#""{buyer}-{n}": {{ "in": {{ "roofing/all": {{ "priority": {n} }} }}, {own} {pace}
                    "sell": {{ "exclusive": {{ "price": "{}.00" }}, "shared": {{ "price": "{price}.00" }} }} }}"#,
                    price * 2
                )
            });
            let contracts = contracts.collect::<Vec<_>>().join(",");
            buyers.push(format!(r#""{buyer}": {{ {of_buyer} "contracts": {{ {contracts} }} }}"#));
        }
        let method = ["best_revenue", "round_robin", "priority"][usize::try_from(seed % 3).expect("small")];
        let group = format!(r#"{group} "select": "{method}""#);
        let plan = plan(&source, &group, &buyers.join(","));
        let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
        let engine = engine(plan, &store);
        let mut now = at("2026-11-28T20:00:00Z");
        // (time, what was sold to whom, cents)
        let mut sales: Vec<(Timestamp, String, String, u64)> = Vec::new();
        let mut leads: Vec<(Timestamp, u64)> = Vec::new();
        for n in 0..100 {
            now = now.plus_millis(i64::try_from(chance.below(3_600_000)).expect("small"));
            let decided = decision(&engine, n, now);
            let assignments = decided["assignments"].as_array().expect("a list");
            let mut sum = 0;
            for sale in assignments {
                let word = |key: &str| sale[key].as_str().expect("a text").to_owned();
                let price: u64 = word("price").replace('.', "").parse().expect("cents");
                sum += price;
                sales.push((now, word("buyer"), word("contract"), price));
            }
            if !assignments.is_empty() {
                leads.push((now, sum));
            }
        }
        for cap in &limits {
            let counted: Vec<(Timestamp, u64)> = match cap.owner.split_once(' ') {
                // A source counts leads, and the money of all sales.
                None if cap.owner == "source" => {
                    leads.iter().map(|(at, sum)| (*at, if cap.spend { *sum } else { 1 })).collect()
                }
                owner => {
                    let mine = sales.iter().filter(|(_, buyer, contract, _)| match owner {
                        Some(("buyer", id)) => buyer == id,
                        Some((_, id)) => contract == id,
                        None => true,
                    });
                    mine.map(|(at, _, _, price)| (*at, if cap.spend { *price } else { 1 })).collect()
                }
            };
            let most = if cap.spend { cap.limit * 100 } else { cap.limit };
            let mut windows: BTreeMap<String, u64> = BTreeMap::new();
            for (n, (from, much)) in counted.iter().enumerate() {
                if cap.window == "rolling" {
                    let span = counted.iter().skip(n).take_while(|(at, _)| at.millis() < from.millis() + SPAN);
                    windows.insert(from.to_string(), span.map(|(_, much)| much).sum());
                } else {
                    *windows.entry(window_of(cap.window, *from)).or_default() += much;
                }
            }
            assert!(windows.values().all(|used| *used <= most), "seed {seed}: {cap:?} of {windows:?}");
        }
        let tenant = TenantId::default();
        for stored in store.decisions(&tenant, 0, 1_000).expect("decisions") {
            assert!(replay(&*store, &tenant, &stored.record.id).expect("it replays").same, "seed {seed}");
        }
    }
}
