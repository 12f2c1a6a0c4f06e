//! The golden vectors of plans whose leads are divided: `{"why","shards":{"by","of","leased","files"},"want":{"issues":[…]}}`.
//!
//! `LEADWRIGHT_BLESS=1` writes what is said into the vectors; read the difference before you commit it.

mod support;

use leadwright::plan::{DividedBy, Division, MemoryResolver, Plan};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Given {
    by: String,
    /// The shard of each vertical or source.
    of: BTreeMap<String, String>,
    leased: BTreeSet<String>,
    plan: Value,
}

fn answer(given: &Value) -> Value {
    let given: Given = serde_json::from_value(given.clone()).expect("the vector is well formed");
    let checked = Plan::check(&MemoryResolver::new([("plan.jsonc", given.plan.to_string())]), "plan.jsonc");
    assert!(checked.plan.is_some(), "{:#?}", checked.issues);
    let by = if given.by == "source" { DividedBy::Source } else { DividedBy::Vertical };
    let shard_of = |name: &str| given.of.get(name).cloned().unwrap_or_default();
    let issues = checked.across_shards(&Division { by, shard_of: &shard_of, leased: &given.leased });
    let said = issues.iter().map(|issue| json!({ "code": issue.code, "path": issue.path, "message": issue.message }));
    json!({ "issues": said.collect::<Vec<_>>() })
}

#[test]
fn every_vector_says_what_it_wants() {
    let files = support::files(&support::folder("shards"));
    assert!(files.len() >= 3, "there are only {} vectors", files.len());
    for path in files {
        let text = std::fs::read_to_string(&path).expect("readable");
        let mut vector: Value = serde_json::from_str(&text).expect("JSON");
        let want = answer(&vector["shards"]);
        if std::env::var_os("LEADWRIGHT_BLESS").is_some() {
            vector["want"] = want;
            let members = ["why", "shards", "want"];
            let shown =
                members.map(|key| format!("  \"{key}\": {}", format!("{:#}", vector[key]).replace('\n', "\n  ")));
            std::fs::write(&path, format!("{{\n{}\n}}\n", shown.join(",\n"))).expect("writable");
        } else {
            assert_eq!(vector["want"], want, "{}", path.display());
        }
    }
}
