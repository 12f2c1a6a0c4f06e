//! `leadwright store`: what it prints, its exit codes, and that no value of a lead is in it.

mod common;

use common::{leadwright, leadwright_with, text};
use serde_json::Value;
use std::path::{Path, PathBuf};

const PLAN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/home-services/plan.jsonc");
const LEADS: &str = r#"{"id":"L1","source":"search-lp","vertical":"roofing","phone":"(312) 867-9417","email":"plover.quokka@example.com","zip":"60601"}
{"id":"L2","source":"search-lp","vertical":"roofing","phone":"312-867-5302","zip":"60601"}
{"id":"L3","source":"search-lp","phone":"312 867 9417"}
"#;

/// A store with three decisions, in a folder of its own.
fn place(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("store").join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("writable");
    let store = folder.join("leads.db");
    let args = ["decide", "--plan", PLAN, "--store", path(&store), "--now", "2026-06-01T15:30:00Z"];
    let output = leadwright(&args, LEADS.as_bytes());
    assert!(output.status.success(), "{}", text(&output.stderr));
    store
}

fn path(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}

/// Runs `leadwright store …`; gives the exit code and what it printed, in which there is no value of a lead.
fn store(args: &[&str]) -> (i32, String) {
    let output = leadwright(&[&["store"], args].concat(), b"");
    let printed = text(&output.stdout) + &text(&output.stderr);
    for value in ["9417", "quokka", "5302"] {
        assert!(!printed.contains(value), "{printed}");
    }
    (output.status.code().expect("it ends"), printed)
}

fn json(printed: &str) -> Value {
    serde_json::from_str(printed).expect(printed)
}

/// Changes the character after a text, wherever it stands: one may be a copy that nothing points to any more.
fn damage(file: &Path, after: &[u8]) {
    let mut bytes = std::fs::read(file).expect("readable");
    let places = (0..bytes.len() - after.len()).filter(|at| bytes[*at..].starts_with(after));
    let places: Vec<usize> = places.map(|at| at + after.len()).collect();
    assert!(!places.is_empty());
    for at in places {
        bytes[at] = if bytes[at] == b'0' { b'1' } else { b'0' };
    }
    std::fs::write(file, bytes).expect("writable");
}

#[test]
fn what_is_well_and_what_is_not() {
    let file = place("verify");
    let (code, printed) = store(&["verify", path(&file)]);
    assert_eq!(code, 0, "{printed}");
    assert!(printed.ends_with("3 decisions, 3 decided again, 0 without a lead; all is well\n"), "{printed}");
    damage(&file, b"\"digest\":\"");
    let (code, printed) = store(&["verify", path(&file)]);
    assert_eq!(code, 1, "{printed}");
    assert!(printed.contains("main search-lp/L") && printed.contains("[decision.digest]"), "{printed}");
    let (code, printed) = store(&["verify", path(&file), "--json"]);
    let kinds = json(&printed);
    assert_eq!((code, &kinds["findings"][0]["kind"]), (1, &Value::from("decision.digest")), "{printed}");
    assert_eq!(store(&["verify", "no-such-file.db"]).0, 4);
}

#[test]
fn a_copy_its_size_and_room_given_back() {
    let file = place("backup");
    let copy = file.with_file_name("copy.db");
    let (code, printed) = store(&["backup", path(&file), path(&copy)]);
    assert_eq!(code, 0, "{printed}");
    assert!(store(&["verify", path(&copy)]).1.contains("all is well"));
    let (code, printed) = store(&["backup", path(&file), path(&copy)]);
    assert!(code == 4 && printed.contains("store.exists"), "{printed}");
    let (code, printed) = store(&["size", path(&copy), "--json"]);
    let size = json(&printed);
    let tables: u64 =
        size["tables"].as_array().expect("tables").iter().filter_map(|table| table["bytes"].as_u64()).sum();
    assert_eq!((code, size["decisions"].as_u64(), size["bytes"].as_u64()), (0, Some(3), Some(tables)));
    assert_eq!(store(&["vacuum", path(&copy)]).0, 0);
    let (code, printed) = store(&["size", path(&copy)]);
    assert!(code == 0 && printed.contains("3 decisions, ") && printed.contains("  decision\n"), "{printed}");
}

#[test]
fn what_is_old_goes_when_somebody_says_so() {
    let file = place("prune");
    let prune = |more: &[&str]| {
        let args = ["prune", path(&file), "--older-than", "90d", "--now", "2026-11-24T15:30:00Z"];
        store(&[&args, more].concat())
    };
    let (code, printed) = prune(&[]);
    assert!(code == 0 && printed.contains("3  decisions lose their lead"), "{printed}");
    assert!(printed.ends_with("nothing was changed; --yes does it\n"), "{printed}");
    assert_eq!(json(&prune(&["--json"]).1)["decisions"], 3, "nothing was changed");
    assert_eq!(json(&prune(&["--yes", "--json"]).1)["decisions"], 3);
    assert_eq!(json(&prune(&["--yes", "--json"]).1)["decisions"], 0);
    assert_eq!(store(&["verify", path(&file)]).0, 0);
    let output = leadwright(&["replay", "--store", path(&file)], b"");
    assert!(output.status.success() && text(&output.stdout).contains("3 more have no lead any more"));
    let output = leadwright(&["explain", "search-lp/L1.1", "--store", path(&file)], b"");
    assert!(output.status.code() == Some(2) && text(&output.stderr).contains("replay.erased"));
    assert_eq!(store(&["prune", path(&file), "--older-than", "soon"]).0, 2);
}

#[test]
fn what_is_damaged_is_named_and_the_rest_goes() {
    let file = place("prune-damaged");
    damage(&file, b"+1312867530");
    let args = ["--older-than", "90d", "--now", "2026-11-24T15:30:00Z", "--yes", "--json"];
    let output = leadwright(&[&["store", "prune", path(&file)][..], &args].concat(), b"");
    let pruned = json(&text(&output.stdout));
    assert_eq!((output.status.code(), &pruned["decisions"]), (Some(1), &Value::from(2)), "{pruned}");
    let told = text(&output.stderr);
    assert!(told.contains(" is damaged and was not touched") && pruned["damaged"].as_array().is_some(), "{told}");
    let forgotten = ["forget", path(&file), "--by", "ann", "--reason", "letter", "--phone", "312-867-5300", "--json"];
    assert!(store(&forgotten).0 == 1, "it says that it is theirs");
}

#[test]
fn who_asks_for_it_is_forgotten() {
    let file = place("forget");
    let forget = |more: &[&str]| store(&[&["forget", path(&file), "--by", "ann", "--reason", "letter"], more].concat());
    let (code, printed) = forget(&["--phone", "+1 (312) 867 9417"]);
    assert_eq!(
        (code, printed.as_str()),
        (0, "3 decisions looked through, 2 erased; no byte of them is left in the file\n")
    );
    let bytes = std::fs::read(&file).expect("readable");
    let stands = |value: &str| bytes.windows(value.len()).any(|window| window == value.as_bytes());
    assert!(!stands("9417") && !stands("quokka") && stands("3128675302"));
    assert_eq!(json(&forget(&["--lead", "search-lp/L1", "--json"]).1)["before"], 1);
    assert_eq!(forget(&[]).0, 2, "nobody is named");
    assert_eq!(forget(&["--lead", "search-lp/none"]).0, 2);
    assert_eq!(store(&["forget", path(&file), "--by", "ann", "--phone", "312-867-0000"]).0, 2, "no reason");
    assert_eq!(store(&["verify", path(&file)]).0, 0);
}

/// Every command that reads leads takes the keys from the file that the environment names; who reports needs none.
#[test]
fn an_encrypted_store() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("store").join("sealed");
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("writable");
    let keys = |name: &str, text: &str| {
        std::fs::write(folder.join(name), text).expect("writable");
        folder.join(name)
    };
    let line = |id: &str, byte: &str| format!("{id}:{}\n", byte.repeat(32));
    let old = keys("old", &line("k1", "01"));
    let both = keys("both", &format!("# since May\n{}{}", line("k2", "02"), line("k1", "01")));
    let bad = keys("bad", "k1:0101");
    let file = folder.join("leads.db");
    let run = |keys: Option<&Path>, args: &[&str]| {
        let keys: Vec<(&str, &str)> = keys.map(|keys| ("LEADWRIGHT_KEYS", path(keys))).into_iter().collect();
        let output = leadwright_with(&keys, args, LEADS.as_bytes());
        (output.status.code().expect("it ends"), text(&output.stdout) + &text(&output.stderr))
    };
    let decide = ["decide", "--plan", PLAN, "--store", path(&file), "--now", "2026-06-01T15:30:00Z"];
    let (code, printed) = run(Some(&bad), &decide);
    assert!(code == 5 && printed.contains("store.key_malformed") && !printed.contains("0101"), "{printed}");
    assert_eq!(run(Some(&old), &decide).0, 0);
    let (code, printed) = run(None, &decide);
    assert!(code == 4 && printed.contains("store.key_missing"), "{printed}");

    let replay = ["replay", "--store", path(&file)];
    assert_eq!(run(None, &replay).0, 4);
    assert!(run(Some(&old), &replay).1.contains("3 the same to the byte"));
    let verify = ["store", "verify", path(&file)];
    assert!(run(Some(&old), &verify).1.contains("all is well"));
    assert_eq!(run(None, &["report", "--store", path(&file)]).0, 0);
    assert_eq!(run(None, &["store", "size", path(&file)]).0, 0);
    assert_eq!(run(None, &["store", "backup", path(&file), path(&folder.join("copy.db"))]).0, 0);

    assert_eq!(run(Some(&both), &["store", "rekey", path(&file)]).0, 0);
    assert_eq!(run(Some(&old), &verify).0, 4);
    let lead = ["store", "forget", path(&file), "--lead", "search-lp/L1", "--by", "ann", "--reason", "letter"];
    assert_eq!(run(Some(&both), &lead).0, 0);
    // The copy of before, beside the keys of now.
    let (copy, copied) = (folder.join("copy.db"), folder.join("copy.db.keys"));
    assert_eq!(run(Some(&both), &["store", "backup-keys", path(&file), path(&copied)]).0, 0);
    let (code, printed) = run(Some(&both), &["store", "verify", path(&copy)]);
    assert!(code == 0 && printed.contains("2 without a lead"), "{printed}");
    let of_lead = ["replay", "--store", path(&copy), "search-lp/L1.1"];
    assert!(run(Some(&both), &of_lead).1.contains("replay.erased"));
}

/// What was written before there were keys.
#[test]
fn a_store_that_is_encrypted_later() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("store").join("later");
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("writable");
    let (file, keys) = (folder.join("leads.db"), folder.join("keys"));
    std::fs::write(&keys, format!("k1:{}\n", "07".repeat(32))).expect("writable");
    let run = |keys: Option<&Path>, args: &[&str]| {
        let keys: Vec<(&str, &str)> = keys.map(|keys| ("LEADWRIGHT_KEYS", path(keys))).into_iter().collect();
        let output = leadwright_with(&keys, args, LEADS.as_bytes());
        (output.status.code().expect("it ends"), text(&output.stdout) + &text(&output.stderr))
    };
    let decide = ["decide", "--plan", PLAN, "--store", path(&file), "--now", "2026-06-01T15:30:00Z"];
    assert_eq!(run(None, &decide).0, 0);
    let seal = ["store", "seal", path(&file)];
    let (code, printed) = run(None, &seal);
    assert!(code == 4 && printed.contains("store.key_missing"), "{printed}");
    let (code, printed) = run(Some(&keys), &seal);
    assert!(code == 0 && printed.contains("3 decisions encrypted that were not"), "{printed}");
    assert!(run(Some(&keys), &seal).1.contains("0 decisions encrypted"));
    let replayed = run(Some(&keys), &["replay", "--store", path(&file)]);
    assert!(replayed.1.contains("3 the same to the byte"), "{}", replayed.1);
}

#[test]
fn the_tables_of_postgresql_are_kept() {
    let (code, printed) = store(&["keep", "--store", "leads.db"]);
    assert_eq!((code, printed.contains("this is for PostgreSQL")), (2, true), "{printed}");
    let (code, printed) = store(&["roles"]);
    assert_eq!(
        (code, printed.contains("CREATE SCHEMA IF NOT EXISTS leadwright AUTHORIZATION leadwright_owner;")),
        (0, true)
    );
    let Some(url) = std::env::var("LEADWRIGHT_TEST_POSTGRES").ok().filter(|url| !url.is_empty()) else {
        eprintln!("SKIPPED: no PostgreSQL: set LEADWRIGHT_TEST_POSTGRES to its URL, or run `cargo xtask test`");
        return;
    };
    let schema = format!("cli_{}", std::process::id());
    let run = |args: &[&str], input: &[u8]| {
        let output = leadwright_with(&[("LEADWRIGHT_SCHEMA", &schema)], args, input);
        (output.status.code().expect("it ends"), text(&output.stdout) + &text(&output.stderr))
    };
    let decide = ["decide", "--plan", PLAN, "--store", &url, "--now", "2026-06-01T15:30:00Z"];
    let (code, printed) = run(&decide, LEADS.as_bytes());
    assert_eq!(code, 0, "{printed}");
    // A URL may have a password: it is not printed.
    let recorded = printed.lines().find(|line| line.starts_with("recorded in postgres://"));
    assert!(recorded.is_some_and(|line| !line.contains('@')), "{printed}");
    let keep = ["store", "keep", "--store", &url];
    let (code, printed) = run(&[&keep[..], &["--dry-run"]].concat(), b"");
    // Nobody has kept it yet: what was decided lies in no partition of its time, and that is an alarm.
    assert_eq!((code, printed.contains("decision_rest: 3 rows")), (1, true), "{printed}");
    let (code, printed) = run(&keep, b"");
    assert_eq!((code, printed.contains("made decision_20260601, 3 rows moved into it")), (0, true), "{printed}");
    assert_eq!(run(&keep, b""), (0, "done\n".into()));
    // Of the three one is sold and not delivered: it stays.
    let (code, printed) = run(&[&keep[..], &["--days", "1", "--json"]].concat(), b"");
    let kept = json(&printed);
    assert_eq!(code, 0, "{printed}");
    assert_eq!(
        kept["decisions"].as_u64().map(|gone| gone + kept["needed"].as_u64().unwrap_or(0) > 2),
        Some(true),
        "{printed}"
    );
}
