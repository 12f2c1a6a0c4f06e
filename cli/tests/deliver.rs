//! `leadwright outbox` and `leadwright dead`: what is left, what was given up, and what is tried again.

mod common;

use common::{leadwright, text};
use leadwright::engine::{Engine, EngineOptions};
use leadwright::model::{AttemptClass, Tick, Timestamp};
use leadwright::operate::{ClaimDeliveries, DeliveryOutcome};
use leadwright::plan::{MemoryResolver, Plan};
use leadwright::store::SqliteStore;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::sync::Arc;

const PLAN: &str = r#"{ "format": 1, "plan": "tiny", "currency": "USD", "timezone": "America/Chicago",
  "verticals": { "roofing": { "extends": "us/home-services@1" } },
  "sources": { "web": { "verticals": ["roofing"] } },
  "routes": { "roofing": { "groups": [ { "id": "all", "select": "price" } ], "on_unsold": { "then": "store" } } },
  "buyers": { "acme": { "contracts": { "acme-il": { "in": { "roofing/all": {} },
    "sell": { "exclusive": { "price": "40.00" } } } } } } }"#;
const NOW: &str = "2026-11-24T15:30:00Z";

/// Three leads: one was refused, of one nobody knows, and one waits. The key of the first.
fn store() -> (PathBuf, String) {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("deliver");
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("writable");
    std::fs::write(folder.join("plan.jsonc"), PLAN).expect("writable");
    let plan = Plan::load(&MemoryResolver::new([("plan.jsonc", PLAN)]), "plan.jsonc").expect("a plan");
    let store = Arc::new(SqliteStore::open(folder.join("leads.db")).expect("a store"));
    let engine = Engine::with_options(plan, store, EngineOptions::default()).expect("an engine");
    let now: Timestamp = NOW.parse().expect("a time");
    for n in 1..=3 {
        let lead = format!(r#"{{"id":"L{n}","source":"web","phone":"312-867-530{n}"}}"#);
        engine.decide(lead.as_bytes(), Tick::at(now)).expect("it decides");
    }
    let claim = ClaimDeliveries { worker: "w1".into(), limit: Some(2), ..ClaimDeliveries::default() };
    let sendings = engine.claim(&claim, now).expect("a claim");
    for (sending, class) in sendings.iter().zip([AttemptClass::Auth, AttemptClass::Unknown]) {
        engine.delivered(&sending.id, &DeliveryOutcome::of(class), now).expect("told");
    }
    (folder, sendings[0].key.clone())
}

#[test]
fn what_is_left_is_listed_and_tried_again() {
    let (folder, key) = store();
    let path = |name: &str| folder.join(name).to_str().expect("a path of ours").to_owned();
    let run = |words: &[&str], code: i32| {
        let on = ["--plan", &path("plan.jsonc"), "--store", &path("leads.db"), "--now", "2026-11-24T16:45:00Z"];
        let output = leadwright(&[words, &on[..]].concat(), b"");
        assert_eq!(output.status.code(), Some(code), "{words:?}: {}", text(&output.stderr));
        (text(&output.stdout), text(&output.stderr))
    };
    let left = "        1  ready    acme, the oldest for 1h 15m\n        1  unknown  acme, the oldest for 1h 15m\n        \
                1  dead     acme, the oldest for 1h 15m\n";
    assert_eq!(run(&["outbox"], 0).0, left);
    let dead = format!("web/L1.1 to acme-il: auth; renew what the buyer knows us by, and redrive\n  {key}\n");
    assert_eq!(run(&["dead", "list"], 0).0, dead);
    assert!(run(&["dead", "list", "--unknown"], 0).0.starts_with("web/L2.1 to acme-il: unknown\n"));
    let shown = run(&["dead", "show", &key], 0).0;
    assert!(
        shown.contains("  1. 2026-11-24T15:30:00.000Z by w1: auth at")
            && shown.ends_with("the buyer does not have it\n"),
        "{shown}"
    );
    let read: Value = serde_json::from_str(&run(&["dead", "show", &key, "--json"], 0).0).expect("JSON");
    assert_eq!((&read["state"], &read["attempts"][0]["class"]), (&"dead".into(), &"auth".into()));
    assert!(run(&["dead", "show", "4711"], 2).1.contains("delivery.not_found"));

    assert!(run(&["dead", "redrive"], 2).1.contains("--by"), "somebody says so");
    let said = ["--by", "ann", "--reason", "a new password"];
    let redrive = |more: &[&str], code| run(&[&["dead", "redrive"], more, &said[..]].concat(), code);
    assert_eq!(redrive(&["--dry-run"], 0).1, "1 would be tried again; nothing was changed\n");
    assert_eq!(redrive(&["--why", "rejected"], 0).1, "0 are tried again\n");
    assert!(redrive(&["--why", "tired"], 2).1.contains("a reason is one of rejected, "));
    assert_eq!(
        redrive(&["--why", "auth"], 0),
        (format!("web/L1.1 to acme-il: auth\n  {key}\n"), "1 are tried again\n".into())
    );
    assert_eq!(redrive(&["--unknown"], 0).1, "1 are tried again\n");
    assert_eq!(run(&["dead", "list"], 0).0, "there are none\n");
    assert_eq!(run(&["outbox"], 0).0, "        3  ready    acme, the oldest for 1h 15m\n");
}
