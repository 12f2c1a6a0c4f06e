//! What an engine counts is what it did, and nothing of a lead is in it.

use super::{Metrics, SoldTo};
use crate::engine::{Engine, Stopwatch};
use crate::model::{Tick, Timestamp};
use crate::plan::{MemoryResolver, Plan};
use crate::store::MemoryStore;
use crate::store::testkit::Fault::{AfterCommit, Away, BeforeCommit, None as Well};
use crate::store::testkit::{Fault, FaultyStore};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Each look at it is 300 microseconds later.
#[derive(Default)]
struct Steady(AtomicU64);

impl Stopwatch for Steady {
    fn micros(&self) -> u64 {
        self.0.fetch_add(300, Ordering::Relaxed)
    }
}

fn engine(schedule: &[Fault]) -> Engine {
    let text = r#"{ "format": 1, "plan": "tiny", "currency": "USD", "timezone": "America/Chicago",
        "verticals": { "roofing": { "extends": "us/home-services@1" } },
        "sources": { "web": { "verticals": ["roofing"] } },
        "routes": { "roofing": { "groups": [ { "id": "all", "select": "price" } ], "on_unsold": { "then": "store" } } },
        "buyers": { "acme": { "contracts": { "acme-il": { "in": { "roofing/all": {} }, "caps": { "total": 2 },
            "sell": { "exclusive": { "price": "40.00" } } } } } } }"#;
    let plan = Plan::load(&MemoryResolver::new([("plan.jsonc", text)]), "plan.jsonc").unwrap();
    let store = FaultyStore::new(Arc::new(MemoryStore::new()), schedule.iter().copied());
    Engine::open(plan, store).unwrap()
}

fn now() -> Tick {
    let now: Timestamp = "2026-11-24T15:30:00Z".parse().unwrap();
    Tick::at(now)
}

fn lead(number: usize) -> String {
    format!(r#"{{"id":"PLANTED-{number}","source":"web","phone":"312-867-53{number:02}","email":"planted{number}@"}}"#)
}

#[test]
fn decisions_transactions_and_failures_are_counted() {
    // L1 well; L2 not committed and settled again; L3 committed and looked up; L4 the disk is away.
    let schedule = [Well, BeforeCommit, Well, Well, AfterCommit, Well, Away];
    let engine = engine(&schedule).timed_by(Arc::new(Steady::default())).counted();
    for number in 1..=3 {
        engine.decide(lead(number).as_bytes(), now()).unwrap();
    }
    assert_eq!(engine.decide(lead(4).as_bytes(), now()).unwrap_err().code().as_str(), "store.io");
    engine.decide(lead(1).as_bytes(), now()).unwrap();
    let batch: String = (5..=9).map(|number| lead(number) + "\n").collect();
    engine.decide_batch(batch.as_bytes(), now()).unwrap();

    let metrics = engine.metrics();
    assert_eq!(metrics.decisions, [("assigned", 2), ("unsold", 6)].into());
    assert_eq!(metrics.sources, [("web".to_owned(), metrics.decisions.clone())].into());
    let sold = SoldTo { buyer: "acme".into(), sales: 2, revenue: "80.00".parse().unwrap() };
    assert_eq!(metrics.sales, [("acme-il".to_owned(), sold)].into());
    let text = metrics.to_prometheus();
    for want in [
        r#"leadwright_leads_total{source="web",outcome="unsold"} 6"#,
        r#"leadwright_sales_total{buyer="acme",contract="acme-il"} 2"#,
        r#"leadwright_revenue_total{buyer="acme",contract="acme-il"} 80.00"#,
    ] {
        assert!(text.lines().any(|line| line == want), "{want}\n{text}");
    }
    assert_eq!(metrics.replayed, 1);
    assert_eq!(metrics.failures, [("store.commit_unknown", 2), ("store.io", 1)].into());
    assert_eq!(metrics.commits, 4, "L1, L2 at the second go, L1 again, the batch");
    assert_eq!((metrics.busy, metrics.waiting), (0, 0));
    assert_eq!(metrics.problems.values().sum::<u64>(), 8, "an email each: {:?}", metrics.problems);
    let steps = |histogram: &super::Histogram| -> Vec<(u64, u64)> {
        histogram.steps.iter().copied().filter(|(_, count)| *count > 0).collect()
    };
    assert_eq!(steps(&metrics.batch_leads), [(1, 4), (8, 1)]);
    assert_eq!((metrics.batch_leads.count, metrics.batch_leads.sum), (5, 9));
    assert_eq!(steps(&metrics.commit_micros), [(500, 7)]);
    assert_eq!(steps(&metrics.wait_micros), [(500, 5)], "a batch waits for nobody");
}

#[test]
fn nothing_of_a_lead_is_in_the_text() {
    let engine = engine(&[]).timed_by(Arc::new(Steady::default())).counted();
    engine.decide(lead(1).as_bytes(), now()).unwrap();
    engine.decide(b"{\"id\":\"PLANTED-2\",\"source\":\"PLANTED\",\"PLANTED\":\"planted\"}", now()).unwrap();
    let text = engine.metrics().to_prometheus() + &serde_json::to_string(&engine.metrics()).unwrap();
    assert!(text.contains(r#"leadwright_decisions_total{outcome="assigned"} 1"#), "{text}");
    assert!(text.contains(r#"leadwright_leads_total{source="other",outcome="rejected"} 1"#), "{text}");
    for planted in ["PLANTED", "planted", "867"] {
        assert!(!text.contains(planted), "{planted} in {text}");
    }
}

#[test]
fn who_does_not_count_is_told_so_and_nobody_asks_a_clock() {
    struct Never;
    impl Stopwatch for Never {
        fn micros(&self) -> u64 {
            unreachable!("nobody wants to know")
        }
    }
    let engine = engine(&[]).timed_by(Arc::new(Never));
    engine.decide(lead(1).as_bytes(), now()).unwrap();
    assert_eq!(engine.metrics(), Metrics::default());
}
