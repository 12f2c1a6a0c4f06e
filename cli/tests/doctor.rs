//! `leadwright store doctor` of a PostgreSQL database: it says what is wrong and what to do, and leaves nothing behind.

mod common;

use common::{leadwright_with, text};
use serde_json::Value;

const PLAN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/home-services/plan.jsonc");
const LEADS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/samples/leads.jsonl");

/// A schema of a server.
struct Place {
    url: String,
    schema: String,
}

impl Place {
    fn run(&self, args: &[&str]) -> String {
        let output = leadwright_with(&[("LEADWRIGHT_SCHEMA", &self.schema)], args, b"");
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        text(&output.stdout)
    }

    fn doctor(&self, more: &[&str]) -> String {
        self.run(&[&["store", "doctor", self.url.as_str()], more].concat())
    }

    fn advised(&self, more: &[&str]) -> (Value, Vec<String>) {
        let report: Value = serde_json::from_str(&self.doctor(&[more, &["--json"]].concat())).expect("JSON");
        let words = report["advice"].as_array().expect("a list").iter();
        let words = words.map(|advice| advice["word"].as_str().expect("a word").to_owned()).collect();
        (report, words)
    }
}

#[test]
fn a_database_is_looked_at_and_nothing_is_left_behind() {
    let url = match leadwright_servers::postgres_url() {
        Ok(url) => url,
        Err(missing) => return leadwright_servers::skipped("store doctor of PostgreSQL", &missing),
    };
    let place = Place { url, schema: format!("doctor_{}", std::process::id()) };
    let url = place.url.as_str();
    let missing = leadwright_with(&[("LEADWRIGHT_SCHEMA", &place.schema)], &["store", "doctor", url], b"");
    assert_eq!(missing.status.code(), Some(4), "{}", text(&missing.stderr));
    place.run(&["decide", "--plan", PLAN, "--store", url, "--now", "2026-06-01T15:30:00Z", LEADS]);
    // Nobody has kept it yet.
    let (report, words) = place.advised(&["--no-probe", "--now", "2026-06-01T15:40:00Z"]);
    for word in ["partitions.ahead", "partitions.rest"] {
        assert!(words.contains(&word.to_owned()), "{words:?}");
    }
    assert_eq!(report["database"]["tenant"]["decisions"], 3);
    assert_eq!(report["database"]["promises"]["fsync"], "on");
    assert_eq!((&report["busiest_hour"]["leads"], &report["outbox"][0]["count"]), (&3.into(), &1.into()));
    place.run(&["store", "keep", "--store", url]);
    let (report, words) = place.advised(&["--plan", PLAN, "--now", "2026-06-01T15:40:00Z"]);
    assert!(!words.iter().any(|word| word.starts_with("partitions.")), "{words:?}");
    assert!(report["round_trip_micros"].as_u64() > Some(0));
    let probe = &report["probe"];
    assert_eq!(probe["leads"], 3, "{report}");
    let stages = probe["stages"].as_array().expect("a list").iter();
    let stages: Vec<&str> = stages.map(|stage| stage["stage"].as_str().expect("a word")).collect();
    assert_eq!(stages, ["validate", "match", "settle", "write", "sync"]);
    assert_eq!(report["database"]["left"], serde_json::json!([]));
    // Two hours later nobody has delivered it; and in words.
    let late = place.doctor(&["--no-probe", "--now", "2026-06-01T17:40:00Z"]);
    assert!(late.starts_with("postgres://") && !late.contains('@'), "{late}");
    for said in
        ["[outbox.late]", "fsync on, synchronous_commit on", "partitions\n", "not looked at: how quickly it decides"]
    {
        assert!(late.contains(said), "{said} is not in\n{late}");
    }
    // What it tried is gone with its schema.
    let (report, _) = place.advised(&["--no-probe"]);
    assert_eq!(report["database"]["left"], serde_json::json!([]));
    assert_eq!(report["database"]["tenant"]["decisions"], 3);
}
