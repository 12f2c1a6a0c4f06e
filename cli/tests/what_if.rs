//! `what-if`, `unlock` and `pressure` as somebody would type them.

mod common;

use common::{leadwright, text};
use serde_json::Value;
use std::path::{Path, PathBuf};

const SAMPLES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/samples");
const NOW: [&str; 2] = ["--now", "2026-11-25T12:00:00Z"];

fn folder(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&path);
    std::fs::create_dir_all(&path).expect("the folder for tests is writable");
    path
}

fn sample(name: &str) -> String {
    format!("{SAMPLES}/{name}")
}

#[track_caller]
fn run(words: &[&str]) -> String {
    let output = leadwright(words, b"");
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    text(&output.stdout)
}

#[test]
fn the_same_leads_give_the_same_report_with_any_number_of_threads() {
    let (old, new, leads) = (sample("autumn.jsonc"), sample("winter.jsonc"), sample("past.jsonl"));
    let with =
        |threads: &str| run(&[&["what-if", &old, &new, &leads, "--json", "--threads", threads][..], &NOW].concat());
    let one = with("1");
    assert_eq!(one, with("2"));
    assert_eq!(one, with("5"));
    let report: Value = serde_json::from_str(&one).expect("JSON");
    assert_eq!(report["leads"]["read"], 27);
    assert_ne!(report["total"]["old"], report["total"]["new"]);
}

#[test]
fn what_is_read_is_not_written_over() {
    let here = folder("what-if-spared");
    let [leads, plan] = ["past.jsonl", "winter.jsonc"].map(|name| {
        std::fs::copy(sample(name), here.join(name)).expect("writable");
        here.join(name)
    });
    let read = || [&leads, &plan].map(|path| std::fs::read(path).expect("readable"));
    let before = read();
    let [leads, plan] = [&leads, &plan].map(|path| path.to_str().expect("a plain path"));
    let (old, new) = (sample("autumn.jsonc"), sample("winter.jsonc"));
    for words in [
        &["what-if", &old, &new, leads, "--changes", leads][..],
        &["what-if", &old, &new, leads, "--html", leads],
        &["what-if", &old, plan, leads, "--changes", plan],
        &["unlock", &old, leads, "--html", leads],
        &["pressure", &old, leads, "--html", leads],
    ] {
        let output = leadwright(words, b"");
        assert_eq!(output.status.code(), Some(5), "{words:?}");
        assert!(text(&output.stderr).contains("this is the input; write to another file"), "{}", text(&output.stderr));
        assert!(read() == before, "{words:?}");
    }
}

#[test]
fn lines_that_are_no_lead_and_leads_that_came_again_are_told() {
    let leads = std::fs::read(sample("past.jsonl")).expect("readable");
    let twice = [leads.as_slice(), b"\n\n", leads.as_slice()].concat();
    let plan = sample("winter.jsonc");
    for words in [&["unlock", &plan][..], &["pressure", &plan], &["unlock", &plan, "--json"]] {
        let output = leadwright(&[words, &NOW].concat(), &twice);
        let told = text(&output.stderr);
        let want = "2 lines were no lead, 27 requests came again and were answered before\n";
        assert!(told.ends_with(want), "{told}");
        let once = leadwright(&[words, &NOW].concat(), &leads);
        assert_eq!(once.stdout, output.stdout);
        assert!(!text(&once.stderr).contains("no lead"), "{}", text(&once.stderr));
    }
}

#[test]
fn a_plan_beside_itself_changes_nothing() {
    let (plan, leads) = (sample("winter.jsonc"), sample("past.jsonl"));
    let out = run(&[&["what-if", &plan, &plan, &leads, "--json"][..], &NOW].concat());
    let report: Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!(report["changes"]["leads"], 0);
    assert_eq!(report["total"]["old"], report["total"]["new"]);
    assert_eq!(report["basis"]["difference"], "0.00");
    assert_eq!(report["basis"]["assumed"], "0.00");
}

#[test]
fn a_store_is_the_history_that_sales_are_held_against() {
    let folder = folder("what-if-store");
    let store = folder.join("leads.db");
    let store = store.to_str().expect("a plain path");
    let (old, new, leads) = (sample("autumn.jsonc"), sample("winter.jsonc"), sample("past.jsonl"));
    let at = ["--now", "2026-11-24T21:00:00Z"];
    run(&[&["decide", "--plan", &old, "--store", store, &leads][..], &at].concat());
    let out = run(&["what-if", &old, &new, "--store", store, "--json"]);
    let report: Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!(report["basis"]["history"], "store");
    assert_eq!(report["basis"]["unlike_history"], 0, "the old plan decides as it did then");
    assert_eq!(report["leads"]["read"], 27);
    // All leads were decided at one time: that counts, and not when they were received.
    assert_eq!(report["leads"]["first"], "2026-11-24T21:00:00.000Z");
    // The other way round, the history was made by another plan than the old one.
    let out = run(&["what-if", &new, &old, "--store", store, "--json"]);
    let report: Value = serde_json::from_str(&out).expect("JSON");
    assert_ne!(report["basis"]["unlike_history"], 0);
    assert_eq!(report["basis"]["assumed"], "0.00", "what the new plan sells is what was sold");
}

#[test]
fn changed_leads_are_written_with_what_both_plans_say() {
    let folder = folder("what-if-changes");
    let (changes, page) = (folder.join("changes.jsonl"), folder.join("page.html"));
    let (old, new, leads) = (sample("autumn.jsonc"), sample("winter.jsonc"), sample("past.jsonl"));
    let (changes, page) = (changes.to_str().expect("a path"), page.to_str().expect("a path"));
    let out =
        run(&[&["what-if", &old, &new, &leads, "--json", "--changes", changes, "--html", page][..], &NOW].concat());
    let report: Value = serde_json::from_str(&out).expect("JSON");
    let lines = std::fs::read_to_string(changes).expect("it was written");
    let lines: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(lines.len() as u64, report["changes"]["leads"].as_u64().expect("a number"));
    assert!(lines.iter().all(|line| line["why"].as_array().is_some_and(|why| !why.is_empty())));
    let of_zip = lines.iter().find(|line| line["why"][0]["old"]["check"] == "where.zip").expect("a ZIP code was added");
    assert_eq!(of_zip["why"][0]["new"]["code"], "contract.sold");
    // The page is one file: it asks for nothing.
    let page = std::fs::read_to_string(page).expect("it was written");
    for word in ["http://", "https://", "<script", "src=", "url("] {
        assert!(!page.contains(word), "the page has {word}");
    }
    assert!(page.contains("prefers-color-scheme: dark"));
}

#[test]
fn a_plan_that_is_refused_or_leads_that_are_not_there_are_said() {
    let (plan, wrong) = (sample("winter.jsonc"), sample("mistakes.jsonc"));
    let refused = leadwright(&["what-if", &plan, &wrong, &sample("past.jsonl")], b"");
    assert_eq!(refused.status.code(), Some(2));
    assert!(text(&refused.stderr).contains("cannot be tried by"));
    for command in ["unlock", "pressure"] {
        let missing = leadwright(&[command, &plan, "no-such-file.jsonl"], b"");
        assert_eq!(missing.status.code(), Some(5));
    }
    let output = leadwright(&["pressure", &plan, "--json"], b"no json\n\n");
    assert_eq!(output.status.code(), Some(0), "bad leads are no failure");
}
