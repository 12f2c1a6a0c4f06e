//! `leadwright relay`: what it publishes, what it says, how it ends.
#![cfg(feature = "relay")]

mod common;

use common::{leadwright, text};
use leadwright_servers::{Missing, nats_url, redis_url, skipped};
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};

const PLAN: &str = r#"{ "format": 1, "plan": "tiny", "currency": "USD", "timezone": "America/Chicago",
  "verticals": { "roofing": { "extends": "us/home-services@1" } },
  "sources": { "web": { "verticals": ["roofing"] } },
  "routes": { "roofing": { "groups": [ { "id": "all", "select": "price" } ], "on_unsold": { "then": "store" } } } }"#;

/// A store with five events: of the plan, of two leads, and of two problems.
fn store(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("relay-{name}"));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("writable");
    let (plan, store) = (folder.join("plan.jsonc"), folder.join("leads.db"));
    std::fs::write(&plan, PLAN).expect("writable");
    let args = ["decide", "--now", "2026-11-24T15:30:00Z", "--plan", word(&plan), "--store", word(&store)];
    let leads =
        b"{\"id\":\"L1\",\"source\":\"web\",\"zip\":\"60610\"}\n{\"id\":\"L2\",\"source\":\"web\",\"zip\":\"60611\"}\n";
    assert_eq!(leadwright(&args, leads).status.code(), Some(0));
    store
}

fn word(path: &Path) -> &str {
    path.to_str().expect("a path of ours")
}

/// What it says, by the exit code that is due.
fn relay(store: &Path, args: &[&str], code: i32) -> String {
    let output = leadwright(&[&["relay", "--store", word(store), "--as", "broker"], args].concat(), b"");
    assert_eq!(output.status.code(), Some(code), "{args:?}: {}", text(&output.stderr));
    text(&output.stderr)
}

fn here(what: &str, url: Result<String, Missing>) -> Option<String> {
    url.map_err(|missing| skipped(what, &missing)).ok()
}

/// Asks Redis in its own protocol, and answers with the first line.
fn ask(url: &str, line: &str) -> String {
    let mut stream = TcpStream::connect(url.split_once("://").expect("a URL").1).expect("it listens");
    stream.write_all(format!("{line}\r\n").as_bytes()).expect("it reads");
    let mut answer = String::new();
    BufReader::new(stream).read_line(&mut answer).expect("it answers");
    answer.trim().to_owned()
}

#[test]
fn to_redis_and_on_from_there() {
    let Some(url) = here("leadwright relay to Redis", redis_url()) else { return };
    let store = store("redis");
    ask(&url, "DEL relay-command");
    let args = ["--to", &url, "--stream", "relay-command", "--once"];
    assert_eq!(relay(&store, &args, 0), "broker: 5 events relayed; the log up to 5 is there\n");
    assert_eq!(relay(&store, &args, 0), "broker: 0 events relayed; the log up to 5 is there\n");
    assert_eq!(ask(&url, "XLEN relay-command"), ":5");
    let told = leadwright(&["events", "subscribers", "--store", word(&store)], b"");
    assert!(text(&told.stdout).starts_with("broker: at 5, 0 behind"));
    // Another store's events do not go behind these.
    let other = leadwright(
        &[
            "relay",
            "--store",
            word(&store),
            "--as",
            "new",
            "--tenant",
            "other",
            "--to",
            &url,
            "--stream",
            "relay-command",
            "--once",
        ],
        b"",
    );
    assert_eq!(other.status.code(), Some(5), "{}", text(&other.stderr));
    assert!(text(&other.stderr).contains("is none of this store"), "{}", text(&other.stderr));
}

#[test]
fn to_nats() {
    let Some(url) = here("leadwright relay to NATS", nats_url()) else { return };
    let store = store("nats");
    // The server is shared, also with runs of before: positions and ids are the same there, so all is there already or none.
    let args = ["--to", &url, "--stream", "relay-command", "--subject", "relay.command", "--once"];
    let said = relay(&store, &args, 0);
    assert!(said.ends_with("the log up to 5 is there\n"), "{said}");
}

#[test]
fn what_cannot_be_done_is_said() {
    let store = store("wrong");
    assert!(relay(&store, &["--to", "kafka://localhost"], 2).contains("begins with nats://"));
    assert!(relay(&store, &["--to", "redis://localhost", "--subject", "leads"], 2).contains("--subject is for NATS"));
    assert!(relay(&store, &["--to", "redis://localhost", "--types", "lead.sold"], 2).contains("lead.sold"));
    assert!(relay(&store, &["--once"], 2).contains("LEADWRIGHT_RELAY_TO"));
    relay(&store.with_file_name("none.db"), &["--to", "redis://127.0.0.1:1", "--once"], 4);
    let said = relay(&store, &["--to", "redis://anna:secret@127.0.0.1:1", "--once"], 5);
    assert!(said.contains("5 times in a row; 0 events were relayed") && !said.contains("secret"), "{said}");
}
