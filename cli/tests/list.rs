//! `leadwright list`: built, checked, looked up, and given to `decide`; what is refused is never shown.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn leadwright(args: &[&str], folder: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_leadwright"))
        .args(args)
        .current_dir(folder)
        .output()
        .expect("the command was built")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}

fn folder(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("list").join(name);
    let _ = std::fs::remove_dir_all(&path);
    std::fs::create_dir_all(&path).expect("the folder for tests is writable");
    path
}

const BUILD: &[&str] = &["list", "build", "in.txt", "-o", "out.lwlist", "--id", "opt-outs", "--of", "phone"];

#[test]
fn a_list_is_built_checked_and_asked_and_nothing_of_it_is_shown() {
    let here = folder("built");
    let lines =
        "\u{feff}# of 2026\r\n(312) 555-0100\r\n+1 312 555 0101\n3125550100\n\nCANARY, nobody at all\n555-0199\n";
    std::fs::write(here.join("in.txt"), lines).unwrap();
    let built =
        leadwright(&[BUILD, &["--label", "v7", "--made-at", "2026-11-01T00:00:00Z", "--strict"]].concat(), &here);
    assert_eq!(built.status.code(), Some(1), "{}", text(&built.stderr));
    assert_eq!(
        text(&built.stderr),
        "line 6: no phone: AAAAAA, aaaaaa aa aaa\nline 7: no phone: 999-9999\nout.lwlist: 2 entries, version v7\n1 twice, 2 refused\n"
    );
    let checked = leadwright(&["list", "check", "out.lwlist", "--json"], &here);
    assert_eq!(
        text(&checked.stdout),
        "{\"id\":\"opt-outs\",\"version\":\"v7\",\"made_at\":\"2026-11-01T00:00:00.000Z\",\"of\":\"phone\",\"hash\":\"sha256\",\"forms\":[\"e164\"],\"count\":2,\"resident_bytes\":32}\n"
    );
    std::fs::write(here.join("ask.txt"), "312.555.0101\n312-555-0102\nCANARY\n").unwrap();
    let found = leadwright(&["list", "lookup", "out.lwlist", "ask.txt"], &here);
    assert_eq!(
        text(&found.stdout),
        "{\"line\":1,\"hit\":true}\n{\"line\":2,\"hit\":false}\n{\"line\":3,\"problem\":\"no phone\"}\n"
    );
    assert_eq!(text(&found.stderr), "3 values, 1 on the list\n");
}

#[test]
fn a_row_of_another_shape_is_told_and_not_passed_over() {
    let here = folder("ragged");
    // A cell that is there and empty is no entry and no mistake.
    let rows = "name,phone\nAmy,3125550100\nDan\nEve,\nBob,3125550101,x\n";
    std::fs::write(here.join("in.txt"), rows).unwrap();
    let built = leadwright(&[BUILD, &["--column", "phone", "--label", "v1", "--strict"]].concat(), &here);
    assert_eq!(built.status.code(), Some(1));
    let told = text(&built.stderr);
    let lines = [(3, 1), (5, 3)];
    let lines = lines.map(|(line, n)| format!("line {line}: {n} fields, another number than in the header\n"));
    assert!(told.starts_with(&lines.concat()), "{told}");
    assert!(told.ends_with("1 entries, version v1\n0 twice, 2 refused\n"), "{told}");
}

#[test]
fn an_open_quote_makes_no_list() {
    for rows in ["name,phone\nAmy,3125550100\n\"Bob,3125550101\nCal,3125550102\n", "phone\n\"3125550100\n3125550101\n"]
    {
        let here = folder("quote");
        std::fs::write(here.join("in.txt"), rows).unwrap();
        let built = leadwright(&[BUILD, &["--column", "phone", "--label", "v1"]].concat(), &here);
        assert_eq!(built.status.code(), Some(5));
        let told = text(&built.stderr);
        assert!(told.contains("probably a quote is not closed. No list was made") && !told.contains("555"), "{told}");
        assert!(!here.join("out.lwlist").exists());
    }
}

#[test]
fn any_chunk_makes_the_same_file() {
    let here = folder("chunks");
    let lines: String = (0..2_000).map(|n| format!("+1312867{:04}\n", (n * 7) % 1_500)).collect();
    std::fs::write(here.join("in.txt"), lines).unwrap();
    let mut first = None;
    for chunk in ["1000000", "100", "1"] {
        let chunk: &[&str] = &["--made-at", "2026-11-01T00:00:00Z", "--chunk", chunk];
        let built = leadwright(&[BUILD, chunk].concat(), &here);
        assert_eq!(built.status.code(), Some(0), "{}", text(&built.stderr));
        let bytes = std::fs::read(here.join("out.lwlist")).unwrap();
        assert!(*first.get_or_insert_with(|| bytes.clone()) == bytes, "{chunk:?}");
        let left = std::fs::read_dir(&here).unwrap().count();
        assert_eq!(left, 2, "something was left behind");
    }
}

#[test]
fn rule_074_hashes_come_from_a_column_and_that_of_an_empty_text_is_refused() {
    let here = folder("column");
    let rows = "name,Hash\nCANARY-1,D41D8CD98F00B204E9800998ECF8427E\nx,30dd6fd4ab8d9e5bcd1e8d3e3d9e8d4d\n\"broken\n";
    std::fs::write(here.join("in.csv"), rows).unwrap();
    let args = [
        "list", "build", "in.csv", "-o", "o.lwlist", "--id", "a", "--of", "email", "--hash", "md5", "--column", "hash",
    ];
    let built = leadwright(&args, &here);
    let said = text(&built.stderr);
    assert_eq!(built.status.code(), Some(0), "{said}");
    assert!(said.starts_with("line 2: the hash of an empty text\n"), "{said}");
    assert!(said.contains(": 1 entries, version "), "{said}");
    assert!(!said.contains("CANARY"));
    let wrong = leadwright(&[&args[..], &["--form", "e164"]].concat(), &here);
    assert_eq!(wrong.status.code(), Some(2));
}

const PLAN: &str = r#"{
    "format": 1, "plan": "lists", "currency": "USD", "timezone": "America/Chicago",
    "verticals": { "roofing": { "extends": "us/home-services@1" } },
    "sources": { "web": { "verticals": ["roofing"] } },
    "lists": { "opt-outs": { "compiled": "out.lwlist", "of": "phone", "max_age": "31d" }, "own": { "host": true, "of": "phone" } },
    "intake": { "suppress": ["opt-outs", "own"] },
    "routes": { "roofing": { "groups": [ { "id": "all", "select": "price" } ], "on_unsold": { "then": "store" } } },
    "buyers": { "acme": { "contracts": {
        "acme-all": { "in": { "roofing/all": {} }, "sell": { "exclusive": { "price": "40.00" } } } } } } }"#;

#[test]
fn rule_075_decide_opens_the_lists_of_the_plan() {
    let here = folder("decide");
    std::fs::write(here.join("plan.jsonc"), PLAN).unwrap();
    std::fs::write(here.join("in.txt"), "312-867-5300\n").unwrap();
    std::fs::write(
        here.join("leads.jsonl"),
        r#"{"id":"1","source":"web","phone":"312-867-5300"}
{"id":"2","source":"web","phone":"312-867-5309"}
"#,
    )
    .unwrap();
    let decide = |store: &str, more: &[&str]| {
        let args = ["decide", "--plan", "plan.jsonc", "--store", store, "--now", "2026-11-24T15:30:00Z", "leads.jsonl"];
        leadwright(&[&args[..], more].concat(), &here)
    };
    let outcomes = |output: &Output| -> Vec<String> {
        let all = text(&output.stdout);
        let outcome = |line: &str| line.split_once("\"outcome\":\"")?.1.split('"').next().map(str::to_owned);
        all.lines().filter_map(outcome).collect()
    };
    let missing = decide("a.db", &[]);
    assert_eq!(missing.status.code(), Some(5));
    assert!(text(&missing.stderr).contains("out.lwlist"), "{}", text(&missing.stderr));
    let build = |made: &str| leadwright(&[BUILD, &["--made-at", made]].concat(), &here);
    assert_eq!(build("2026-11-20T00:00:00Z").status.code(), Some(0));
    assert_eq!(outcomes(&decide("b.db", &[])), ["suppressed", "suppressed"], "nobody gave `own`");
    assert_eq!(outcomes(&decide("c.db", &["--list", "own=out.lwlist"])), ["suppressed", "assigned"]);
    assert_eq!(build("2026-10-20T00:00:00Z").status.code(), Some(0));
    assert_eq!(outcomes(&decide("d.db", &["--list", "own=out.lwlist"])), ["suppressed", "suppressed"], "it is stale");
}

#[test]
fn a_line_that_is_too_long_is_not_left_out_in_silence() {
    let here = folder("long");
    std::fs::write(here.join("in.txt"), format!("312-867-5309\n{}\n", "1".repeat(1 << 21))).unwrap();
    let built = leadwright(BUILD, &here);
    assert_eq!(built.status.code(), Some(5));
    assert_eq!(text(&built.stderr), "leadwright: in.txt: line 2 is longer than 1 MiB\n");
    assert!(!here.join("out.lwlist").exists());
}
