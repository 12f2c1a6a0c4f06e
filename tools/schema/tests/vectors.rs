//! What the core really writes is what the schemas say: every answer in the golden vectors, and what an engine makes.

use jsonschema::Validator;
use leadwright::engine::{Engine, ExplainOptions, explain, explain_with};
use leadwright::model::Tick;
use leadwright::plan::{MemoryResolver, Plan};
use leadwright::store::{MemoryStore, Store};
use leadwright_schema::repository;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::sync::Arc;

fn read(path: &Path) -> Value {
    let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The vectors of a kind: name and content.
fn vectors(kind: &str) -> Vec<(String, Value)> {
    let folder = repository().join("vectors").join(kind);
    let entries = std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("readable").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|end| end == "json"));
    paths.sort();
    assert!(!paths.is_empty(), "there are no vectors of the kind {kind}");
    paths.iter().map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), read(path))).collect()
}

/// A schema that refuses what it does not name: readers may meet new members, but we know all of them.
fn closed(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            if members.get("properties").is_some_and(Value::is_object) && !members.contains_key("additionalProperties")
            {
                members.insert("additionalProperties".into(), false.into());
            }
            members.values_mut().for_each(closed);
        }
        Value::Array(items) => items.iter_mut().for_each(closed),
        _ => {}
    }
}

fn validator(file: &str, definition: Option<&str>) -> Validator {
    let mut schema = read(&repository().join("docs/reference/schema").join(format!("{file}.json")));
    closed(&mut schema);
    if let Some(name) = definition {
        assert!(schema["$defs"][name].is_object(), "{file} defines {name}");
        schema = json!({ "$ref": format!("#/$defs/{name}"), "$defs": schema["$defs"] });
    }
    jsonschema::draft202012::options().should_validate_formats(true).build(&schema).expect("a schema")
}

fn hold(validator: &Validator, value: &Value, name: &str) {
    let wrong: Vec<String> =
        validator.iter_errors(value).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(wrong.is_empty(), "{name}\n{}\n{value:#}", wrong.join("\n"));
}

#[test]
fn the_vectors_of_decisions_hold() {
    let (decision, explained) = (validator("decision", None), validator("explanation", Some("Explained")));
    let operated = validator("operated", None);
    for (name, vector) in vectors("decide") {
        let of = |name: &str| vector["want"][name].as_array().cloned().unwrap_or_default();
        assert!(!of("decisions").is_empty(), "{name}");
        of("decisions").iter().for_each(|value| hold(&decision, value, &name));
        of("operated").iter().for_each(|value| hold(&operated, value, &name));
        let explanations = of("explanations");
        explanations.iter().flat_map(|list| list.as_array().unwrap()).for_each(|value| hold(&explained, value, &name));
    }
}

#[test]
fn the_vectors_of_leads_hold() {
    let validation = validator("validation", None);
    vectors("validate").iter().for_each(|(name, vector)| hold(&validation, &vector["want"], name));
}

#[test]
fn the_vectors_of_lines_hold() {
    let refused = validator("line-error", None);
    // A column that cannot be read is no line: the test of Parquet files has it.
    let lines = vectors("input").into_iter().filter(|(_, vector)| vector.get("input").is_some());
    lines.for_each(|(name, vector)| hold(&refused, &vector["want"], &name));
    for (kind, file) in [("address", "address-line"), ("field", "field-line")] {
        let answered = validator(file, None);
        for (name, vector) in vectors(kind) {
            let mut want = vector["want"].clone();
            // The vectors of addresses leave the id out.
            want.as_object_mut().unwrap().entry("id").or_insert(Value::Null);
            let schema = if want.get("line").is_some() { &refused } else { &answered };
            hold(schema, &want, &name);
        }
    }
}

#[test]
fn the_issues_of_plans_hold() {
    let issue = validator("issue", None);
    let mut seen = 0;
    for (name, vector) in vectors("plan") {
        let Some(files) = vector["plan"]["files"].as_object() else { continue };
        let texts = files.iter().filter_map(|(file, text)| Some((file.clone(), text.as_str()?.to_owned())));
        for found in Plan::check(&MemoryResolver::new(texts), "plan.jsonc").issues {
            seen += 1;
            hold(&issue, &serde_json::to_value(&found).unwrap(), &name);
        }
    }
    assert!(seen > 100, "only {seen} issues");
}

#[test]
fn receipts_events_and_explanations_hold() {
    let folder = repository().join("vectors/decide");
    let file = |name: &str| (name.to_owned(), std::fs::read(folder.join(name)).expect("it is there"));
    let plan = Plan::load(&MemoryResolver::new(["plan.jsonc", "opt-outs.txt", "metro.txt"].map(file)), "plan.jsonc");
    let store = Arc::new(MemoryStore::new());
    let engine = Engine::with_options(plan.unwrap(), store.clone(), Default::default()).unwrap();
    let (receipt, event) = (validator("receipt", None), validator("event", None));
    let (explanation, address) = (validator("explanation", None), validator("address", None));
    for (name, vector) in vectors("decide") {
        let now = vector["decide"]["now"].as_str().unwrap().parse().unwrap();
        for lead in vector["decide"]["leads"].as_array().unwrap() {
            let decided = engine.decide(lead.to_string().as_bytes(), Tick::at(now)).unwrap();
            hold(&receipt, &serde_json::to_value(decided.receipt).unwrap(), &name);
            let explained = explain(&*store, engine.tenant(), &decided.id).unwrap();
            hold(&explanation, &serde_json::to_value(explained).unwrap(), &name);
            let all = ExplainOptions { all: true, ..Default::default() };
            let explained = explain_with(&*store, engine.tenant(), &decided.id, &all).unwrap();
            let first = explained.entries.first().map(|explained| explained.entry.contract.to_string());
            hold(&explanation, &serde_json::to_value(explained).unwrap(), &name);
            let only = ExplainOptions { contract: first, ..Default::default() };
            let explained = engine.explain_lead(lead.to_string().as_bytes(), Tick::at(now), &only).unwrap();
            hold(&explanation, &serde_json::to_value(explained).unwrap(), &name);
        }
    }
    let events = store.events(engine.tenant(), 0, 10_000).unwrap();
    assert!(events.len() > 10);
    events.iter().for_each(|(_, found)| hold(&event, &serde_json::to_value(found).unwrap(), "an event"));
    let found = leadwright::address::canonicalize_text("350 fifth avenue apt 3b, new york 10118", "/address");
    hold(&address, &serde_json::to_value(found).unwrap(), "an address");
}

#[test]
fn the_vectors_of_events_hold() {
    let (event, kinds) = (validator("cloud-event", None), validator("event", Some("EventKind")));
    let mut types = std::collections::BTreeSet::new();
    for (name, vector) in vectors("event") {
        for found in vector["want"].as_array().unwrap() {
            hold(&event, found, &name);
            hold(&kinds, &found["type"], &name);
            types.insert(found["type"].as_str().unwrap().to_owned());
            // The data of one type is not that of another.
            let mut other = found.clone();
            let is_revoked = found["type"] == "consent.revoked.v1";
            other["type"] = if is_revoked { "lead.decided.v1" } else { "consent.revoked.v1" }.into();
            assert!(found["type"] == "consent.restored.v1" || !event.is_valid(&other), "{name}");
        }
    }
    let all: Vec<String> = read(&repository().join("docs/reference/schema/event.json"))["$defs"]["EventKind"]["oneOf"]
        .as_array()
        .unwrap()
        .iter()
        .map(|kind| kind["const"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(types.into_iter().collect::<Vec<_>>(), {
        let mut all = all;
        all.sort();
        all
    });
}

/// A schema that lets everything pass would let these pass.
#[test]
fn what_is_wrong_is_refused() {
    let decision = validator("decision", None);
    let (_, vector) = vectors("decide").swap_remove(0);
    let right = vector["want"]["decisions"][0].clone();
    assert!(decision.is_valid(&right));
    let wrong: [(&str, Value); 8] = [
        ("/v", json!(2)),
        ("/outcome", json!("sold")),
        ("/at", json!("2026-11-24 15:30")),
        ("/money/revenue", json!("40")),
        ("/money/revenue", json!(40.0)),
        ("/assignments/0/key", json!("9d0e")),
        ("/problems/0/code", json!("contract.sold")),
        ("/id", json!("L1.1")),
    ];
    for (path, value) in wrong {
        let mut changed = right.clone();
        *changed.pointer_mut(path).expect("it is there") = value;
        assert!(!decision.is_valid(&changed), "{path}");
    }
    for name in ["digest", "canonical", "money"] {
        let mut changed = right.clone();
        changed.as_object_mut().unwrap().remove(name);
        assert!(!decision.is_valid(&changed), "without {name}");
    }
}
