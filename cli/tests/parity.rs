//! `leadwright parity` as somebody would type it.

mod common;

use common::{leadwright, text};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

const SAMPLES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/samples");

fn folder(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&path);
    std::fs::create_dir_all(&path).expect("the folder for tests is writable");
    path
}

fn sample(name: &str) -> String {
    format!("{SAMPLES}/{name}")
}

fn shown(path: &Path) -> String {
    path.to_str().expect("a plain path").to_owned()
}

#[track_caller]
fn ends(code: i32, words: &[&str], input: &[u8]) -> String {
    let output = leadwright(words, input);
    assert_eq!(output.status.code(), Some(code), "{words:?}: {}{}", text(&output.stdout), text(&output.stderr));
    text(&output.stdout)
}

/// The sample, recorded.
fn ledger(name: &str) -> (PathBuf, String) {
    let here = folder(name);
    let path = shown(&here.join("parity.db"));
    let (seen, options) = (sample("observations.jsonl"), sample("migration.json"));
    let words = ["parity", "record", &seen, "--ledger", &path, "--migration", "routing", "--options", &options];
    assert_eq!(ends(0, &words, b"").lines().count(), 80);
    (here, path)
}

#[test]
fn a_gate_ends_with_0_or_3() {
    let (_, path) = ledger("parity-gate");
    let low = ["--min-samples", "40", "--max-known", "20%", "--as-of", "2026-11-28"];
    let check =
        |code: i32, more: &[&str]| ends(code, &[&["parity", "check", path.as_str()][..], more, &low].concat(), b"");
    check(0, &["--step", "validate", "--max-mismatch", "10%"]);
    let told = check(3, &["--step", "decide", "--max-mismatch", "10%"]);
    assert!(told.contains("NO  max_mismatch: 7.5%"), "{told}");
    // A declaration that is past its last day.
    let late = ["parity", "check", &path, "--step", "validate", "--max-mismatch", "10%", "--as-of", "2027-03-02"];
    let told = ends(3, &[&late[..], &["--min-samples", "40", "--max-known", "20%"]].concat(), b"");
    assert!(told.contains("NO  expired_known: CITY-CASE of ann on 2027-03-01"), "{told}");
    let told = check(3, &["--step", "nobody"]);
    assert!(told.contains("nobody: not ready"), "a step that was never seen is not ready: {told}");
    for (code, more) in [(2, ["--max-mismatch", "lots"]), (2, ["--migration", "billing"]), (2, ["--as-of", "soon"])] {
        ends(code, &[&["parity", "check", path.as_str()][..], &more].concat(), b"");
    }
    ends(4, &["parity", "check", &shown(&folder("parity-none").join("none.db"))], b"");
    ends(5, &["parity", "replay", "none.jsonl", "--plan", &sample("autumn.jsonc")], b"");
}

/// The golden report: its members and their bytes.
#[test]
fn a_report_is_text_json_junit_and_a_page() {
    let (here, path) = ledger("parity-report");
    let report = |form: &str| ends(0, &["parity", "report", &path, "--format", form, "--as-of", "2026-11-28"], b"");
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/parity-report.json");
    if std::env::var_os("LEADWRIGHT_BLESS").is_some() {
        std::fs::create_dir_all(golden.parent().expect("a folder")).expect("writable");
        std::fs::write(&golden, report("json")).expect("writable");
    }
    assert_eq!(report("json"), std::fs::read_to_string(&golden).expect("readable"));
    let read: Value = serde_json::from_str(&report("json")).expect("JSON");
    assert_eq!((&read["schema_version"], &read["steps"]["decide"]["mismatched"]["count"]), (&json!(1), &json!(3)));
    assert_eq!(read["steps"]["decide"]["classes"][0]["money"], "-42.50");
    let junit = report("junit");
    assert!(junit.starts_with("<?xml") && junit.contains("tests=\"10\" failures=\"5\""), "{junit}");
    let page = report("html");
    assert!(page.len() < 300 * 1024, "{}", page.len());
    // Nothing from elsewhere, and nothing that runs.
    for needle in ["http://", "https://", "<script", "javascript:", "@import", "url("] {
        assert!(!page.contains(needle), "{needle}");
    }
    let file = shown(&here.join("parity.html"));
    ends(0, &["parity", "report", &path, "--format", "html", "--as-of", "2026-11-28", "-o", &file], b"");
    assert_eq!(std::fs::read_to_string(&file).expect("it was written"), page);
}

/// Whatever the ledger was given, a page stays small and whole.
#[test]
fn a_page_of_hostile_names_is_a_page() {
    let here = folder("parity-hostile");
    let path = shown(&here.join("parity.db"));
    let name = "<script>alert(1)</script>&\"'";
    let lines: Vec<String> = (0..2_000)
        .map(|n| {
            let legacy = json!({ format!("f{}", "x".repeat(n % 300)): name });
            json!({"step": name, "key": name, "at": "2026-11-28T12:00:00Z", "stage": "shadow", "input": legacy,
                   "legacy": {"value": legacy}, "candidate": {"value": {}}})
            .to_string()
        })
        .collect();
    let options = here.join("options.json");
    std::fs::write(&options, r#"{"values": true}"#).expect("writable");
    let words = ["parity", "record", "--ledger", &path, "--migration", name, "--options", &shown(&options)];
    ends(0, &words, lines.join("\n").as_bytes());
    let page = ends(0, &["parity", "report", &path, "--format", "html"], b"");
    assert!(!page.contains("<script") && page.contains("&lt;script"));
    assert!(page.len() < 300 * 1024, "{}", page.len());
    assert!(!ends(0, &["parity", "report", &path, "--format", "junit"], b"").contains("<script"));
}

#[test]
fn pairs_are_decided_again_from_lines_and_from_a_ledger() {
    let here = folder("parity-replay");
    let (pairs, plan, path) = (sample("pairs.jsonl"), sample("autumn.jsonc"), shown(&here.join("parity.db")));
    let differences = shown(&here.join("differences.jsonl"));
    let words = ["parity", "replay", &pairs, "--plan", &plan, "--json", "--differences", &differences];
    let from_lines = ends(3, &words, b"");
    let read: Value = serde_json::from_str(&from_lines).expect("JSON");
    assert_eq!((&read["pairs"], &read["unreadable"]), (&json!(27), &json!(0)));
    let mismatch = read["mismatch"].as_u64().expect("a count");
    assert!(mismatch > 0 && read["match"].as_u64().expect("a count") > 10, "{from_lines}");
    let told = std::fs::read_to_string(&differences).expect("it was written");
    assert_eq!(told.lines().count() as u64, mismatch);
    assert!(!told.contains("214-"), "keys and classes, and nothing else of a lead");
    let options = here.join("options.json");
    std::fs::write(&options, r#"{"values": true, "steps": {"decide": {"decision": true}}}"#).expect("writable");
    ends(0, &["parity", "record", &pairs, "--ledger", &path, "--migration", "m", "--options", &shown(&options)], b"");
    assert_eq!(ends(3, &["parity", "replay", &path, "--plan", &plan, "--json"], b""), from_lines);
}

#[test]
fn a_difference_becomes_a_test_with_the_smallest_lead() {
    let here = folder("parity-export");
    let path = shown(&here.join("parity.db"));
    let options = here.join("options.json");
    std::fs::write(&options, r#"{"values": true, "steps": {"decide": {"decision": true}}}"#).expect("writable");
    let lead = json!({"id": "P1", "source": "affil-17", "received_at": "2026-11-24T18:00:00Z", "first_name": "Ann", "last_name": "Lee",
        "phone": "214-772-2237", "zip": "73102", "homeowner": "no", "roof_age": 12, "comments": "caf\u{e9} \"x\" \\ \n"});
    let seen = json!({"step": "decide", "key": "P1", "at": "2026-11-24T18:00:00Z", "stage": "shadow", "input": lead,
        "legacy": {"value": {"outcome": "sold", "buyer": "ridge", "price": 30}},
        "candidate": {"value": {"outcome": "assigned", "sales": [{"buyer": "ridge", "contract": "ridge-ok", "price": "31.00"}]}}});
    let words = ["parity", "record", "--ledger", &path, "--migration", "m", "--options", &shown(&options)];
    ends(0, &words, seen.to_string().as_bytes());
    let (plan, call) = (sample("autumn.jsonc"), "app.router:route");
    let words = ["parity", "export-test", "same_buyer_other_price", "--ledger", &path, "--call", call];
    let whole = ends(0, &words, b"");
    assert!(whole.contains("from app.router import route") && whole.contains("\\U000000e9"), "{whole}");
    let least = ends(0, &[&words[..], &["--plan", &plan]].concat(), b"");
    let line = least.lines().find(|line| line.starts_with("LEAD = ")).expect("there is a lead");
    // What makes it Oklahoma, and what a lead must have; neither who it is nor what else was asked.
    assert!(line.contains("73102") && !line.contains("roof_age") && !line.contains("caf"), "{line}");
    let exit = |words: &[&str]| leadwright(words, b"").status.code();
    assert_eq!(exit(&["parity", "export-test", "order", "--ledger", &path, "--call", call]), Some(2));
    assert_eq!(exit(&["parity", "export-test", "oder", "--ledger", &path, "--call", call]), Some(2));
    assert_eq!(exit(&["parity", "export-test", "order", "--ledger", &path, "--call", "os.system('x'):y"]), Some(2));
    ends(0, &["parity", "prune", &path, "--lead", "P1"], b"");
    assert_eq!(exit(&words), Some(2), "a lead that is forgotten is in no test");
}

#[test]
fn what_was_written_down_is_compared_after_a_while() {
    let here = folder("parity-reconcile");
    let store = shown(&here.join("leads.db"));
    let (leads, plan) = (sample("past.jsonl"), sample("autumn.jsonc"));
    let decided =
        ends(0, &["decide", &leads, "--plan", &plan, "--store", &store, "--now", "2026-11-25T12:00:00Z"], b"");
    // The legacy's table, as it is where both agree.
    let mut rows = vec!["lead,status,buyer,price,at".to_owned()];
    for line in decided.lines() {
        let decision: Value = serde_json::from_str(line).expect("a decision");
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let sold = &decision["assignments"][0];
        let status = if sold.is_null() { "unsold" } else { "sold" };
        let (lead, at) = (text(&decision["lead"]), text(&decision["at"]));
        rows.push(format!("{lead},{status},{},{},{at}", text(&sold["buyer"]), text(&sold["price"])));
    }
    let table = here.join("legacy.csv");
    let reconcile = |rows: &[String], code: i32, now: &str| {
        std::fs::write(&table, rows.join("\n")).expect("writable");
        let words = ["parity", "reconcile", &shown(&table), "--store", &store, "--now", now, "--json"];
        serde_json::from_str::<Value>(&ends(code, &words, b"")).expect("JSON")
    };
    let same = reconcile(&rows, 0, "2026-11-26T12:00:00Z");
    assert_eq!((&same["both"], &same["same"], &same["classes"]), (&json!(27), &json!(27), &json!({})));
    assert_eq!(same["legacy_money"], same["our_money"]);
    let young = reconcile(&rows, 0, "2026-11-24T12:00:00Z");
    assert_eq!((&young["both"], &young["too_young"]), (&json!(0), &json!(27)));
    // One buyer paid less, and one sale is missing.
    let sold: Vec<usize> = (0..rows.len()).filter(|n| rows[*n].contains(",sold,")).collect();
    rows[sold[0]] = rows[sold[0]].replace("42.50", "$40.00").replace("31.00", "$28.50");
    rows.remove(sold[1]);
    let other = reconcile(&rows, 3, "2026-11-26T12:00:00Z");
    assert_eq!(other["classes"]["same_buyer_other_price"]["money"], "2.50");
    assert_eq!(other["classes"]["extra"]["count"], 1);
    assert!(!other["totals"].as_array().expect("a list").is_empty());
    std::fs::write(&table, "lead,status,price\nL1,sold,lots\n").expect("writable");
    let output = leadwright(&["parity", "reconcile", &shown(&table), "--store", &store], b"");
    assert_eq!(output.status.code(), Some(5));
    assert!(text(&output.stderr).contains("line 2: a `price` is no amount"), "{}", text(&output.stderr));
}
