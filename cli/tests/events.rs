//! `leadwright events`: what it prints, what it says of those who read, and what comes again.

mod common;

use common::{leadwright, text};
use serde_json::Value;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const PLAN: &str = r#"{ "format": 1, "plan": "tiny", "currency": "USD", "timezone": "America/Chicago",
  "verticals": { "roofing": { "extends": "us/home-services@1" } },
  "sources": { "web": { "verticals": ["roofing"] } },
  "routes": { "roofing": { "groups": [ { "id": "all", "select": "price" } ], "on_unsold": { "then": "store" } } },
  "buyers": { "acme": { "contracts": { "acme-il": { "in": { "roofing/all": {} }, "where": { "state": "IL" },
    "caps": { "day": 2 }, "sell": { "exclusive": { "price": "40.00" } } } } } } }"#;

/// A store with leads of which some are sold.
fn store(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("events-{name}"));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("writable");
    std::fs::write(folder.join("plan.jsonc"), PLAN).expect("writable");
    decide(&folder.join("leads.db"), 1..4);
    folder.join("leads.db")
}

fn decide(store: &Path, leads: std::ops::Range<u32>) {
    let lines: String = leads
        .map(|n| format!("{{\"id\":\"L{n}\",\"source\":\"web\",\"phone\":\"312-867-53{n:02}\",\"street\":\"350 W Oak St\",\"zip\":\"60610\"}}\n"))
        .collect();
    let plan = store.with_file_name("plan.jsonc");
    let args = ["decide", "--now", "2026-11-24T15:30:00Z", "--plan", word(&plan), "--store", word(store)];
    assert_eq!(leadwright(&args, lines.as_bytes()).status.code(), Some(0));
}

fn word(path: &Path) -> &str {
    path.to_str().expect("a path of ours")
}

/// What it prints, by the exit code that is due.
fn events(store: &Path, args: &[&str], code: i32) -> Vec<String> {
    let output = leadwright(&[&["events", "--store", word(store)], args].concat(), b"");
    assert_eq!(output.status.code(), Some(code), "{args:?}: {}", text(&output.stderr));
    text(&output.stdout).lines().map(str::to_owned).collect()
}

fn sequences(lines: &[String]) -> Vec<u64> {
    let event = |line: &String| serde_json::from_str::<Value>(line).expect("a CloudEvent a line");
    lines.iter().map(|line| event(line)["sequence"].as_str().expect("a text").parse().expect("a number")).collect()
}

#[test]
fn one_cloud_event_a_line() {
    let store = store("lines");
    let all = events(&store, &[], 0);
    // The plan; two leads sold; the cap full; one that nobody gets.
    assert_eq!(sequences(&all), (1..=7).collect::<Vec<_>>());
    assert!(all[0].contains(r#""type":"plan.activated.v1""#) && all[6].contains(r#""outcome":"unsold""#));
    assert_eq!(events(&store, &[], 0), all, "without a name it begins anew");
    assert_eq!(events(&store, &["--from", "3", "--limit", "2"], 0), all[2..4]);
    assert_eq!(events(&store, &["--from", "now"], 0), [""; 0]);
    let sold = events(&store, &["--types", "lead.assigned.v1,cap.exhausted.v1"], 0);
    assert_eq!(sequences(&sold), [3, 5, 6]);
    events(&store, &["--types", "lead.sold.v1"], 2);
    events(&store, &["--from", "later"], 2);
    events(&store, &["--subscriber", "the crm"], 2);
    events(&store.with_file_name("none.db"), &[], 4);
}

#[test]
fn a_subscriber_reads_on_where_it_was_and_again_when_told() {
    let store = store("subscriber");
    let crm = |args: &[&str]| sequences(&events(&store, &[&["--subscriber", "crm"], args].concat(), 0));
    assert_eq!(crm(&["--limit", "3"]), [1, 2, 3]);
    assert_eq!(crm(&[]), [4, 5, 6, 7]);
    assert_eq!(crm(&[]), [0; 0]);
    decide(&store, 4..5);
    let told = |json: &[&str]| leadwright(&[&["events", "subscribers", "--store", word(&store)], json].concat(), b"");
    assert_eq!(text(&told(&[]).stdout), "crm: at 7, 1 behind, moved 2026-11-24T15:30:00.000Z; all types\n");
    let json = r#"{"name":"crm","types":[],"position":7,"behind":1,"updated_at":"2026-11-24T15:30:00.000Z"}"#;
    assert_eq!(text(&told(&["--json"]).stdout), format!("{json}\n"));
    assert_eq!(crm(&["--from", "6"]), [6, 7, 8]);
    let forget = || leadwright(&["events", "drop", "crm", "--store", word(&store)], b"");
    assert_eq!(text(&forget().stdout), "crm: forgotten\n");
    let again = forget();
    assert_eq!(
        (again.status.code(), text(&again.stderr)),
        (Some(2), "leadwright: there is no subscriber `crm`\n".into())
    );
    assert_eq!(text(&told(&[]).stdout), "nobody reads the events under a name\n");
}

#[test]
fn what_follows_is_printed_when_it_comes() {
    let store = store("follow");
    let mut child = Command::new(env!("CARGO_BIN_EXE_leadwright"))
        .args(["events", "--store", word(&store), "--from", "7", "--follow", "--limit", "3", "--subscriber", "crm"])
        .stdout(Stdio::piped())
        .spawn()
        .expect("the command was built");
    let mut lines = BufReader::new(child.stdout.take().expect("piped")).lines().map(|line| line.expect("a line"));
    assert_eq!(sequences(&[lines.next().expect("what there is")]), [7]);
    decide(&store, 4..6);
    assert_eq!(sequences(&lines.collect::<Vec<_>>()), [8, 9]);
    assert_eq!(child.wait().expect("it ends").code(), Some(0));
}
