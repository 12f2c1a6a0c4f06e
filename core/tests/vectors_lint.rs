//! The golden vectors of `lint`: `{"why","lint":{"today","files"},"want":{"issues":[…]}}`.
//!
//! `LEADWRIGHT_BLESS=1` writes what is said into the vectors; read the difference before you commit it.

mod support;

use leadwright::lint::with_lint;
use leadwright::model::Issue;
use leadwright::plan::{MemoryResolver, Plan};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::Path;

#[derive(serde::Deserialize)]
struct Given {
    today: String,
    files: BTreeMap<String, String>,
}

/// The same as the check says, and what lint adds: without the numbers of lines, which others test.
fn said(issue: &Issue) -> Value {
    let mut value = json!({
        "code": issue.code, "severity": issue.severity, "path": issue.path, "message": issue.message,
    });
    if let Some(witness) = &issue.witness {
        value["witness"] = json!(witness);
    }
    value
}

fn answer(given: &Value) -> Value {
    let given: Given = serde_json::from_value(given.clone()).expect("the vector is well formed");
    let checked = Plan::check(&MemoryResolver::new(given.files), "plan.jsonc");
    let issues = with_lint(&checked, given.today.parse().expect("a date"));
    assert!(checked.plan.is_some(), "{issues:#?}");
    json!({ "issues": issues.iter().map(said).collect::<Vec<_>>() })
}

fn shown(vector: &Value) -> String {
    let keys = ["why", "lint", "want"];
    let members = keys.map(|key| format!("  \"{key}\": {}", format!("{:#}", vector[key]).replace('\n', "\n  ")));
    format!("{{\n{}\n}}\n", members.join(",\n"))
}

#[test]
fn every_vector_says_what_it_wants() {
    let files = support::files(&support::folder("lint"));
    assert!(files.len() >= 13, "there are only {} vectors", files.len());
    for path in files {
        let text = std::fs::read_to_string(&path).expect("readable");
        let mut vector: Value = serde_json::from_str(&text).expect("JSON");
        let want = answer(&vector["lint"]);
        if std::env::var_os("LEADWRIGHT_BLESS").is_some() {
            vector["want"] = want;
            std::fs::write(Path::new(&path), shown(&vector)).expect("writable");
        } else {
            assert_eq!(vector["want"], want, "{}", path.display());
        }
    }
}
