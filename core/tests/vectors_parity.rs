//! The golden vectors of parity: `{"why","parity":{"do",…},"want"}`.

mod support;

use leadwright::model::Error;
use leadwright::parity::ledger::Parity;
use leadwright::parity::{Gate, Observation, ParityOptions, Stage, bucket};
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};
use std::path::Path;

#[derive(Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
enum Given {
    Bucket { migration: String, step: String, keys: Vec<String> },
    Stage { texts: Vec<String> },
    Compare { rules: Value, observations: Value },
    Options { options: Value },
    Gate { gate: Value },
    Record { observations: Value },
    Migration { named: String },
    Example { class: String },
}

fn code(error: &Error) -> Value {
    json!({ "code": error.code() })
}

fn code_of<T>(done: Result<T, Error>) -> Value {
    done.map_or_else(|error| code(&error), |_| Value::Null)
}

fn compared(parity: &Parity, observations: &Value) -> Result<Value, Error> {
    let verdicts = parity.record(&Observation::list(observations.to_string().as_bytes())?)?;
    let summary = parity.summary(None, None)?;
    let classes = summary.steps.values().flat_map(|step| &step.classes);
    let mut classes: Vec<Value> =
        classes.map(|class| json!([class.class, class.path, class.count, class.money])).collect();
    classes.sort_by_key(Value::to_string);
    Ok(json!({ "verdicts": verdicts, "classes": classes }))
}

fn answer(given: &Given, folder: &Path) -> Value {
    let open = |options: Value| ParityOptions::from_json(options.to_string().as_bytes());
    let parity =
        |options: Value| Parity::new(folder.join("parity.db"), "vectors", open(options).expect("the rules are right"));
    match given {
        Given::Bucket { migration, step, keys } => keys.iter().map(|key| bucket(migration, step, key)).collect(),
        Given::Stage { texts } => texts
            .iter()
            .map(|text| match text.parse::<Stage>() {
                Ok(stage) => json!([stage.name.as_str(), stage.share]),
                Err(error) => code(&error),
            })
            .collect(),
        Given::Compare { rules, observations } => {
            compared(&parity(json!({ "steps": { "s": rules } })), observations).expect("it is recorded")
        }
        Given::Options { options } => code_of(open(options.clone())),
        Given::Gate { gate } => code_of(Gate::from_json(gate.to_string().as_bytes())),
        Given::Record { observations } => code_of(compared(&parity(json!({})), observations)),
        Given::Migration { named } => code_of(parity(json!({})).ledger().migration(Some(named))),
        Given::Example { class } => {
            let parity = parity(json!({}));
            parity.record(&[]).expect("it is recorded");
            code_of(parity.ledger().smallest_pair("vectors", class.parse().expect("a class"), None, None))
        }
    }
}

#[test]
fn every_vector_of_parity() {
    let folder = std::env::temp_dir().join(format!("leadwright-vectors-parity-{}", std::process::id()));
    support::run("parity", |given: &RawValue| {
        std::fs::create_dir_all(&folder).expect("a folder");
        let given: Given = serde_json::from_str(given.get()).expect("the vector is well formed");
        let answer = answer(&given, &folder).to_string();
        std::fs::remove_dir_all(&folder).expect("it goes");
        answer
    });
}
