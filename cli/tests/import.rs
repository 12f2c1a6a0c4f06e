//! `leadwright import`: nothing is lost, nothing comes twice, and nothing is dropped in silence.

mod common;

use common::{leadwright, leadwright_with, text};
use leadwright::model::TenantId;
use leadwright::store::{HistoryLead, Keys, SqliteOptions, SqliteStore, Store};
use serde_json::Value;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

const PLAN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/home-services/plan.jsonc");
const NOW: &str = "2026-06-01T15:30:00Z";

/// Raw leads of another system: the second one is none, the third has no time, the last is of the future.
const RAW: &str = r#"id,source,vertical,received_at,phone,email,zip,sold to,paid
H1,search-lp,roofing,2026-01-05T10:00:00Z,(312) 867-9417,Plover.Quokka@example.com,60601,Homefront Roofing,"$1,042.50"
H2,nobody,roofing,2026-01-05T10:00:01Z,312-867-5301,,60601,,
H3,search-lp,roofing,,312-867-5302,,60601,,
H4,search-lp,roofing,2026-01-06T10:00:00Z,312-867-5303,,60601,,
H5,search-lp,roofing,2027-01-06T10:00:00Z,312-867-5304,,60601,,
"#;

fn place(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("import").join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("writable");
    folder
}

fn path(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}

fn history(store: &Path) -> Vec<HistoryLead> {
    let store = SqliteStore::open_existing(store).expect("a store");
    let leads = store.history(&TenantId::default(), 0, usize::MAX).expect("read");
    leads.into_iter().map(|(_, lead)| lead).collect()
}

/// Canonical leads in the order of their numbers, 60 a second.
fn canonical(count: usize) -> String {
    let mut lines = String::new();
    for n in 0..count {
        let (minute, second) = (n / 60 % 60, n % 60);
        let line = format!(
            r#"{{"id":"C{n}","source":"web","received_at":"2026-01-05T10:{minute:02}:{second:02}.000Z","email":"a{n}@example.com","x_note":"{}"}}"#,
            "n".repeat(n % 200)
        );
        writeln!(lines, "{line}").expect("into memory");
    }
    lines
}

fn import(store: &Path, file: &Path, more: &[&str]) -> Output {
    let args = ["import", path(file), "--store", path(store), "--now", NOW];
    let output = leadwright(&[&args[..], more].concat(), b"");
    let printed = text(&output.stdout) + &text(&output.stderr);
    for value in ["9417", "uokka", "5302", "example.com"] {
        assert!(!printed.contains(value), "{printed}");
    }
    output
}

fn ok(output: &Output) -> String {
    assert!(output.status.success(), "{}", text(&output.stderr));
    text(&output.stderr)
}

fn refused(output: &Output, code: i32, why: &str) {
    assert_eq!(output.status.code(), Some(code), "{}", text(&output.stderr));
    assert!(text(&output.stderr).contains(why), "{}", text(&output.stderr));
}

const SOLD: [&str; 4] = ["--buyer", "sold to", "--price", "paid"];

#[test]
fn raw_leads_are_cleaned_and_what_is_refused_is_told() {
    let folder = place("raw");
    let (file, store, rejects) = (folder.join("old.csv"), folder.join("leads.db"), folder.join("rejects.jsonl"));
    std::fs::write(&file, RAW).expect("writable");
    let more = [&["--plan", PLAN, "--rejects", path(&rejects)][..], &SOLD].concat();
    let told = ok(&import(&store, &file, &more));
    assert!(told.contains("2  imported") && told.contains("3  refused"), "{told}");
    let leads = history(&store);
    assert_eq!(leads.iter().map(|lead| lead.lead.as_str()).collect::<Vec<_>>(), ["H1", "H4"]);
    let input: Value = serde_json::from_slice(&leads[0].input).expect("JSON");
    assert_eq!(input["phone"], "+13128679417", "it is canonical");
    assert!(input.get("x_sold_to").is_none() && input.get("x_paid").is_none(), "the sale is none of its fields");
    let sales = leads[0].sales.as_ref().expect("told");
    assert_eq!((sales[0].buyer.as_str(), sales[0].price.to_string()), ("Homefront-Roofing", "1042.50".into()));
    assert_eq!(leads[1].sales, Some(Vec::new()), "nobody bought it");
    let told: Vec<Value> = std::fs::read_to_string(&rejects)
        .expect("readable")
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    let told: Vec<(u64, &str, &str)> = told
        .iter()
        .map(|row| {
            (row["line"].as_u64().expect("a line"), row["code"].as_str().unwrap(), row["path"].as_str().unwrap())
        })
        .collect();
    let want = [
        (3, "lead.unknown_source", "/source"),
        (4, "lead.bad_reserved", "/received_at"),
        (6, "lead.clock_skew", "/received_at"),
    ];
    assert_eq!(told, want);
    // What was cleaned comes out of a second import as it went in.
    let (cleaned, second) = (folder.join("cleaned.jsonl"), folder.join("second.db"));
    let lines: Vec<u8> = leads.iter().flat_map(|lead| [&lead.input[..], b"\n"].concat()).collect();
    std::fs::write(&cleaned, &lines).expect("writable");
    for how in [&["--canonical"][..], &["--plan", PLAN, "--name", "again"]] {
        ok(&import(&second, &cleaned, how));
    }
    let second: Vec<Vec<u8>> = history(&second).into_iter().map(|lead| lead.input).collect();
    let first: Vec<Vec<u8>> = leads.into_iter().map(|lead| lead.input).collect();
    assert_eq!(second, [&first[..], &first].concat());
    for (over, what) in [(&store, "this is the store"), (&file, "this is the input")] {
        let more = ["--plan", PLAN, "--name", "other", "--rejects", path(over)];
        refused(&import(&store, &file, &more), 2, what);
    }
    assert_eq!(history(&store).len(), 2, "it is as it was");
    let strict = import(&folder.join("third.db"), &file, &["--plan", PLAN, "--strict"]);
    assert_eq!(strict.status.code(), Some(1));
}

#[test]
fn canonical_leads_are_taken_as_they_are() {
    let folder = place("canonical");
    let (file, store) = (folder.join("old.jsonl"), folder.join("leads.db"));
    let more = "\n[1]\n{\"id\":\"N\"}\n{\"id\":\"a b\",\"source\":\"web\",\"received_at\":\"2026-01-05T10:00:00Z\"}\n\
                {\"source\":\"web\",\"received_at\":\"2026-01-05T10:00:00Z\",\"zip\":\"60601\"}\n{\"id\":\n";
    std::fs::write(&file, canonical(2_500) + more).expect("writable");
    let output = import(&store, &file, &["--canonical", "--json"]);
    ok(&output);
    let told: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!((&told["imported"], &told["refused"], &told["line"]), (&2_501.into(), &5.into(), &2_506.into()));
    let codes: Vec<&str> =
        told["problems"].as_array().expect("a list").iter().map(|row| row["code"].as_str().unwrap()).collect();
    for code in ["json.empty_line", "json.not_an_object", "lead.source_missing", "lead.bad_id", "json.syntax"] {
        assert!(codes.contains(&code), "{code}: {codes:?}");
    }
    let lines = canonical(2_500);
    let leads = history(&store);
    for (lead, line) in leads.iter().zip(lines.lines()) {
        assert_eq!(lead.input, line.as_bytes());
    }
    assert_eq!(leads[2_500].lead.as_str().len(), 32, "a lead without an id gets one of what it says");
}

#[test]
fn an_input_is_not_imported_twice_by_mistake() {
    let folder = place("twice");
    let (file, store) = (folder.join("old.jsonl"), folder.join("leads.db"));
    std::fs::write(&file, canonical(30)).expect("writable");
    ok(&import(&store, &file, &["--canonical"]));
    refused(&import(&store, &file, &["--canonical"]), 2, "--resume goes on with it");
    ok(&import(&store, &file, &["--canonical", "--resume"]));
    assert_eq!(history(&store).len(), 30);
    // It has grown since.
    std::fs::write(&file, canonical(40)).expect("writable");
    assert!(ok(&import(&store, &file, &["--canonical", "--resume"])).contains("gone on after 30 leads"));
    assert_eq!(history(&store).len(), 40);
    // Somebody wrote over the cursor.
    let damaged = folder.join("damaged.db");
    std::fs::copy(&store, &damaged).expect("readable");
    let change = leadwright::store::Change {
        settings: vec![leadwright::store::Setting { key: "import|old.jsonl".into(), value: Some("{".into()) }],
        ..leadwright::store::Change::at(leadwright::model::Timestamp::EPOCH)
    };
    let opened = SqliteStore::open_existing(&damaged).expect("a store");
    opened.write(&TenantId::default(), &mut |transaction| transaction.change(&change)).expect("written");
    drop(opened);
    refused(&import(&damaged, &file, &["--canonical", "--resume"]), 4, "store.corrupt");
    // It is another one.
    std::fs::write(&file, canonical(50).replace("a7@", "b7@")).expect("writable");
    refused(&import(&store, &file, &["--canonical", "--resume"]), 2, "are not those that were imported");
    std::fs::write(&file, canonical(20)).expect("writable");
    refused(&import(&store, &file, &["--canonical", "--resume"]), 2, "are not those that were imported");
    assert_eq!(history(&store).len(), 40);
    ok(&import(&store, &file, &["--canonical", "--again"]));
    assert_eq!(history(&store).len(), 60);
    let args = ["import", "-", "--store", path(&store), "--canonical", "--now", NOW];
    refused(&leadwright(&args, b""), 2, "--name");
    let named = leadwright(&[&args[..], &["--name", "pipe"]].concat(), canonical(5).as_bytes());
    ok(&named);
    assert_eq!(history(&store).len(), 65);
}

#[test]
fn a_killed_import_goes_on_and_nothing_is_lost_or_there_twice() {
    let folder = place("killed");
    let (file, store, rejects) = (folder.join("old.jsonl"), folder.join("leads.db"), folder.join("rejects.jsonl"));
    let lines = canonical(100_000);
    // One in a thousand is refused.
    let lines: String = lines
        .lines()
        .enumerate()
        .map(|(n, line)| if n % 1_000 == 7 { line.replace("\"web\"", "\"\"") } else { line.to_owned() } + "\n")
        .collect();
    std::fs::write(&file, &lines).expect("writable");
    let mut kills = 0;
    for round in 0..12_u64 {
        let mut child = Command::new(env!("CARGO_BIN_EXE_leadwright"))
            .args(["import", path(&file), "--store", path(&store), "--canonical", "--resume", "--now", NOW])
            .args(["--rejects", path(&rejects)])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the command was built");
        std::thread::sleep(std::time::Duration::from_millis(40 + 90 * round));
        // SIGKILL: nothing of it is told.
        child.kill().expect("it is killed, or was done");
        if child.wait().expect("it ends").success() {
            break;
        }
        kills += 1;
    }
    assert!(kills > 1, "it was too quick to be killed");
    let more = ["--canonical", "--resume", "--rejects", path(&rejects)];
    ok(&import(&store, &file, &more));
    let leads = history(&store);
    let want: Vec<&str> = lines.lines().enumerate().filter(|(n, _)| n % 1_000 != 7).map(|(_, line)| line).collect();
    assert_eq!(leads.len(), want.len());
    assert!(leads.iter().zip(&want).all(|(lead, line)| lead.input == line.as_bytes()));
    let told = std::fs::read_to_string(&rejects).expect("readable");
    let told: Vec<u64> = told
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).expect("JSON")["line"].as_u64().expect("a line"))
        .collect();
    assert_eq!(told, (0..100).map(|n| n * 1_000 + 8).collect::<Vec<u64>>());
}

#[test]
fn sales_of_late_are_taken_down_so_that_a_lead_is_known_again() {
    let folder = place("observe");
    let (file, store) = (folder.join("old.csv"), folder.join("leads.db"));
    let rows = "id,source,vertical,received_at,phone,zip,buyer,contract,price\n\
                O1,search-lp,roofing,2026-05-20T10:00:00Z,312-867-5301,60601,homefront,homefront-roof,40\n\
                O2,search-lp,roofing,2026-05-20T11:00:00Z,312-867-5302,60601,homefront,nobodys,40\n\
                O3,search-lp,roofing,2025-05-20T11:00:00Z,312-867-5303,60601,homefront,homefront-roof,40\n";
    std::fs::write(&file, rows).expect("writable");
    let columns = ["--buyer", "buyer", "--contract", "contract", "--price", "price"];
    let more = [&["--plan", PLAN, "--observe", "90d"][..], &columns].concat();
    let told = ok(&import(&store, &file, &more));
    assert!(told.contains("3  imported") && told.contains("1  of these taken down as sold"), "{told}");
    assert!(told.contains("operation.unknown_name"), "{told}");
    let lead = |id: &str, phone: &str| {
        let line =
            format!(r#"{{"id":"{id}","source":"search-lp","vertical":"roofing","phone":"{phone}","zip":"60601"}}"#);
        let args = ["decide", "--plan", PLAN, "--store", path(&store), "--now", NOW];
        let output = leadwright(&args, line.as_bytes());
        serde_json::from_slice::<Value>(&output.stdout).expect("JSON")["outcome"].as_str().expect("a word").to_owned()
    };
    assert_eq!(lead("D1", "(312) 867-5301"), "duplicate");
    assert_ne!(lead("D3", "(312) 867-5303"), "duplicate", "that was before");
    let verified = leadwright(&["store", "verify", path(&store)], b"");
    assert!(ok(&verified).is_empty() && text(&verified.stdout).contains("3 leads of the past; all is well"));
}

#[test]
fn who_is_forgotten_stands_in_no_history() {
    for name in ["forgotten", "forgotten-sealed"] {
        let is_sealed = name.ends_with("sealed");
        let folder = place(name);
        let (file, store, keys) = (folder.join("old.csv"), folder.join("leads.db"), folder.join("keys"));
        std::fs::write(&file, RAW).expect("writable");
        let key = "07".repeat(32);
        std::fs::write(&keys, format!("k1:{key}\n")).expect("writable");
        let environment: &[(&str, &str)] = if is_sealed { &[("LEADWRIGHT_KEYS", path(&keys))] } else { &[] };
        let run = |args: &[&str]| {
            let output = leadwright_with(environment, args, b"");
            assert!(output.status.success(), "{args:?}: {}", text(&output.stderr));
            text(&output.stdout)
        };
        let args = ["import", path(&file), "--store", path(&store), "--now", NOW, "--plan", PLAN];
        run(&[&args[..], &SOLD].concat());
        let stands = |what: &str| {
            let bytes: Vec<u8> = [&store, &folder.join("leads.db-wal")]
                .iter()
                .filter_map(|file| std::fs::read(file).ok())
                .flatten()
                .collect();
            bytes.windows(what.len()).any(|window| window == what.as_bytes())
        };
        assert_eq!(stands("3128679417"), !is_sealed);
        let who = ["--phone", "312 867 9417", "--by", "ann", "--reason", "letter"];
        let said = run(&[&["store", "forget", path(&store)][..], &who].concat());
        assert!(said.contains("1 lead of the past erased"), "{said}");
        assert!(!stands("3128679417") && !stands("Plover"));
        let keys = Keys::new([("k1", [7; 32])]).expect("a key");
        let options = SqliteOptions { create: false, keys: is_sealed.then_some(keys), ..SqliteOptions::default() };
        let opened = SqliteStore::with_options(&store, options).expect("a store");
        let leads = opened.history(&TenantId::default(), 0, 10).expect("read");
        assert!(leads[0].1.input.is_empty() && leads[0].1.sales.is_some() && !leads[1].1.input.is_empty());
        drop(opened);
        // By its id, whoever was never decided here.
        let who = ["--lead", "search-lp/H4", "--by", "ann", "--reason", "letter"];
        let said = run(&[&["store", "forget", path(&store)][..], &who].concat());
        assert!(said.contains("1 lead of the past erased"), "{said}");
        let pruned = run(&["store", "prune", path(&store), "--older-than", "30d", "--now", NOW, "--yes"]);
        assert!(pruned.contains("2  leads of the past that were imported"), "{pruned}");
        assert!(run(&["store", "verify", path(&store)]).contains("all is well"));
    }
}

#[test]
fn a_store_that_begins_to_encrypt_seals_its_history() {
    let folder = place("seal");
    let (file, store, keys) = (folder.join("old.jsonl"), folder.join("leads.db"), folder.join("keys"));
    std::fs::write(&file, canonical(700)).expect("writable");
    ok(&import(&store, &file, &["--canonical"]));
    let key = "07".repeat(32);
    std::fs::write(&keys, format!("k1:{key}\n")).expect("writable");
    let run = |args: &[&str]| text(&leadwright_with(&[("LEADWRIGHT_KEYS", path(&keys))], args, b"").stdout);
    assert!(run(&["store", "seal", path(&store)]).contains("700"), "all of them");
    let bytes = std::fs::read(&store).expect("readable");
    assert!(!bytes.windows(9).any(|window| window == b"a7@exampl"));
    let export = ["export", "--store", path(&store), "--history", "--personal"];
    let exported = run(&export);
    let read: Vec<Value> = exported.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let leads: Vec<Value> = canonical(700).lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(read.iter().map(|row| row["lead"].clone()).collect::<Vec<_>>(), leads);
    let closed = leadwright(&export, b"");
    refused(&closed, 4, "store.key_missing");
}

#[test]
fn what_if_asks_the_history() {
    let folder = place("what-if");
    let (file, store) = (folder.join("old.csv"), folder.join("leads.db"));
    std::fs::write(&file, RAW).expect("writable");
    ok(&import(&store, &file, &[&["--plan", PLAN][..], &SOLD].concat()));
    let output = leadwright(&["what-if", PLAN, PLAN, "--store", path(&store), "--history", "--json"], b"");
    ok(&output);
    let report: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!((&report["leads"]["read"], &report["basis"]["history"]), (&2.into(), &"store".into()));
    assert_eq!(report["leads"]["first"], "2026-01-05T10:00:00.000Z", "each at its own time");
    let none = leadwright(&["what-if", PLAN, PLAN, "--history"], b"");
    assert_eq!(none.status.code(), Some(2), "a history is of a store");
}
