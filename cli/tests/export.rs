//! `leadwright export` and `store doctor`: every row once, nothing personal unless it is asked for, and nothing is changed.

mod common;

use common::{leadwright, text};
use serde_json::Value;
use std::path::{Path, PathBuf};

const PLAN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/home-services/plan.jsonc");
const LEADS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/samples/leads.jsonl");
const NOW: &str = "2026-06-01T15:30:00Z";

/// A store with what the samples come to.
fn place(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("export").join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("writable");
    let store = folder.join("leads.db");
    let output = leadwright(&["decide", "--plan", PLAN, "--store", path(&store), "--now", NOW, LEADS], b"");
    assert!(output.status.success(), "{}", text(&output.stderr));
    store
}

fn path(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}

fn export(store: &Path, more: &[&str]) -> (String, String) {
    let output = leadwright(&[&["export", "--store", path(store)], more].concat(), b"");
    assert!(output.status.success(), "{}", text(&output.stderr));
    (text(&output.stdout), text(&output.stderr))
}

fn rows(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

const TABLES: [&str; 5] = ["--decisions", "--sales", "--problems", "--events", "--history"];

#[test]
fn every_row_comes_once_however_it_is_asked() {
    let store = place("once");
    for table in TABLES {
        let (all, told) = export(&store, &[table]);
        let cursor = told.trim().rsplit(' ').next().expect("a cursor").to_owned();
        let mut pieces = String::new();
        let mut after = "0".to_owned();
        loop {
            let (piece, told) = export(&store, &[table, "--after", &after, "--limit", "1"]);
            let next = told.trim().rsplit(' ').next().expect("a cursor").to_owned();
            pieces += &piece;
            if next == after {
                break;
            }
            after = next;
        }
        assert_eq!((pieces, after), (all.clone(), cursor.clone()), "{table}");
        assert_eq!(export(&store, &[table, "--after", &cursor]).0, "", "{table}");
        // The same rows in CSV.
        let (sheet, _) = export(&store, &[table, "--csv"]);
        let mut reader = csv::Reader::from_reader(sheet.as_bytes());
        let header = reader.headers().expect("a header").clone();
        let found: Vec<csv::StringRecord> = reader.records().map(|row| row.expect("a row")).collect();
        let want = rows(&all);
        assert_eq!(found.len(), want.len(), "{table}");
        for (row, want) in found.iter().zip(&want) {
            assert_eq!(want.as_object().expect("an object").keys().len(), header.len());
            for (column, cell) in header.iter().zip(row) {
                let wanted = match &want[column] {
                    Value::Null => String::new(),
                    Value::String(text) => text.clone(),
                    other => other.to_string(),
                };
                if !wanted.starts_with('{') {
                    assert_eq!(cell, wanted, "{table} {column}");
                }
            }
        }
    }
    assert_eq!(rows(&export(&store, &["--sales"]).0).len(), 1);
    assert_eq!(rows(&export(&store, &["--problems"]).0).len(), 4);
}

#[test]
fn a_cursor_is_kept_with_the_table_that_it_is_of() {
    let store = place("cursor");
    let cursor = store.with_file_name("sales.cursor");
    let more = ["--sales", "--cursor-file", path(&cursor)];
    assert_eq!(rows(&export(&store, &more).0).len(), 1);
    assert_eq!(std::fs::read_to_string(&cursor).expect("readable"), "sales 3\n");
    assert_eq!(export(&store, &more).0, "");
    let output = leadwright(&["export", "--store", path(&store), "--events", "--cursor-file", path(&cursor)], b"");
    assert_eq!(output.status.code(), Some(2), "{}", text(&output.stderr));
    assert_eq!(std::fs::read_to_string(&cursor).expect("readable"), "sales 3\n");
    let output = leadwright(&["export", "--store", path(&store), "-o", path(&store)], b"");
    assert_eq!(output.status.code(), Some(2), "the store is not written over");
    let both = leadwright(&["export", "--store", path(&store), "--sales", "--events"], b"");
    assert_eq!(both.status.code(), Some(2));
}

#[test]
fn nothing_personal_is_written_unless_it_is_asked_for() {
    let store = place("personal");
    let leads = std::fs::read_to_string(LEADS).expect("readable");
    let phones: Vec<String> = rows(&leads)
        .iter()
        .filter_map(|lead| lead.get("phone")?.as_str().map(str::to_owned))
        .map(|phone| phone.chars().filter(char::is_ascii_digit).collect::<String>())
        .filter(|digits| digits.len() >= 10)
        .collect();
    assert!(!phones.is_empty());
    let ends = |text: &str| phones.iter().any(|phone| text.contains(&phone[phone.len() - 7..]));
    for table in TABLES {
        for form in ["--csv", "--jsonl"] {
            assert!(!ends(&export(&store, &[table, form]).0), "{table}");
        }
    }
    let (all, _) = export(&store, &["--decisions", "--personal"]);
    assert!(ends(&all) && rows(&all).iter().all(|row| row["lead"].is_object()));
}

#[test]
fn a_doctor_looks_and_changes_nothing() {
    let store = place("doctor");
    let before = std::fs::read(&store).expect("readable");
    let run = |more: &[&str]| {
        let output = leadwright(&[&["store", "doctor", path(&store)], more].concat(), b"");
        assert!(output.status.success(), "{}", text(&output.stderr));
        text(&output.stdout)
    };
    let report: Value =
        serde_json::from_str(&run(&["--plan", PLAN, "--json", "--now", "2026-06-01T15:40:00Z"])).expect("JSON");
    assert_eq!((&report["census"]["decisions"], &report["busiest_hour"]["leads"]), (&3.into(), &3.into()));
    let probe = &report["probe"];
    assert_eq!(probe["leads"], 3);
    assert!(probe["per_second"].as_u64() > Some(0) && probe["alone_per_second"].as_u64() > Some(0));
    let stages: Vec<&str> =
        probe["stages"].as_array().expect("a list").iter().map(|stage| stage["stage"].as_str().unwrap()).collect();
    assert_eq!(stages, ["validate", "match", "settle", "write", "sync"]);
    assert_eq!(report["outbox"][0]["count"], 1);
    assert_eq!(report["advice"], serde_json::json!([]));
    // Two hours later nobody has delivered it.
    let late = run(&["--no-probe", "--now", "2026-06-01T17:40:00Z"]);
    assert!(late.contains("[outbox.late]") && late.contains("not looked at: how quickly it decides"), "{late}");
    assert_eq!(std::fs::read(&store).expect("readable"), before);
    let left: Vec<_> = std::fs::read_dir(store.parent().expect("a folder"))
        .expect("readable")
        .map(|entry| entry.expect("readable").file_name().to_string_lossy().into_owned())
        .filter(|name| name.starts_with(".leadwright"))
        .collect();
    assert!(left.is_empty(), "{left:?}");
    let nothing = leadwright(&["store", "doctor", path(&store.with_file_name("none.db"))], b"");
    assert_eq!(nothing.status.code(), Some(4));
}
