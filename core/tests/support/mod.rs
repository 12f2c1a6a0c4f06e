//! What the runners of golden vectors share. A vector is `{"why", "rules"?, "<kind>": …, "want": …}`, where
//! `rules` are the numbers of the rules of docs/semantics.md that it shows; with `LEADWRIGHT_BLESS=1`
//! what comes out is written into it.

#![allow(dead_code, reason = "each test binary uses a part of it")]

use serde_json::value::RawValue;
use std::fs;
use std::path::{Path, PathBuf};

/// The folder of all vectors, or one below it.
pub(crate) fn folder(kind: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../vectors").join(kind)
}

/// All vectors below a folder, sorted.
pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("readable").path()).collect();
    files.sort();
    let found = files.into_iter().flat_map(|path| if path.is_dir() { self::files(&path) } else { vec![path] });
    found.filter(|path| path.extension().is_some_and(|end| end == "json")).collect()
}

/// Runs all vectors of a kind: `answer` makes, from what stands under the kind's name, what `want` must be to the byte.
pub(crate) fn run(kind: &str, answer: impl Fn(&RawValue) -> String) {
    let bless = std::env::var_os("LEADWRIGHT_BLESS").is_some();
    let mut wrong = Vec::new();
    let mut count = 0;
    for path in files(&folder(kind)) {
        let text = fs::read_to_string(&path).expect("readable");
        let part = |name: &str| -> Option<Box<RawValue>> {
            let members: std::collections::BTreeMap<String, Box<RawValue>> =
                serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            members.get(name).cloned()
        };
        let why = part("why").unwrap_or_else(|| panic!("{} says why", path.display()));
        let given = part(kind).unwrap_or_else(|| panic!("{} has `{kind}`", path.display()));
        let got = answer(&given);
        let want = part("want").map(|want| want.get().to_owned()).unwrap_or_default();
        count += 1;
        if bless && got != want {
            let rules = part("rules").map(|rules| format!("  \"rules\": {rules},\n")).unwrap_or_default();
            let body = format!("{{\n  \"why\": {why},\n{rules}  \"{kind}\": {given},\n  \"want\": {got}\n}}\n");
            fs::write(&path, body).expect("writable");
        } else if got != want {
            wrong.push(format!("{} ({why})\n  want {want}\n   got {got}", path.display()));
        }
    }
    assert!(count > 0, "there are no vectors of the kind {kind}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Runs vectors whose `want` is a value and not bytes; `keys` are the members in the order in which they are written.
pub(crate) fn run_values(paths: &[PathBuf], keys: &[&str], answer: impl Fn(&serde_json::Value) -> serde_json::Value) {
    let bless = std::env::var_os("LEADWRIGHT_BLESS").is_some();
    let mut wrong = Vec::new();
    for path in paths {
        let text = fs::read_to_string(path).expect("readable");
        let mut vector: serde_json::Value =
            serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let got = answer(&vector);
        if vector["want"] == got {
            continue;
        }
        if bless {
            vector["want"] = got;
            let there = keys.iter().filter(|key| vector.get(key).is_some());
            let members: Vec<String> = there
                .map(|key| format!("  \"{key}\": {}", format!("{:#}", vector[key]).replace('\n', "\n  ")))
                .collect();
            fs::write(path, format!("{{\n{}\n}}\n", members.join(",\n"))).expect("writable");
        } else {
            wrong.push(format!("{}\n  want {}\n   got {got}", path.display(), vector["want"]));
        }
    }
    assert!(!paths.is_empty(), "there are no vectors");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
