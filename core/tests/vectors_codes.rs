//! A code without a golden vector fails here.

mod support;

use leadwright::model::{Code, CodeKind};
use std::fs;

/// The code stands in what a vector wants, between quotes.
#[test]
fn every_code_has_a_vector() {
    let wanted: Vec<String> = support::files(&support::folder(""))
        .iter()
        .filter(|path| path.extension().is_some_and(|end| end == "json"))
        .filter_map(|path| serde_json::from_str::<serde_json::Value>(&fs::read_to_string(path).ok()?).ok())
        .map(|vector| vector.get("want").map(ToString::to_string).unwrap_or_default())
        .collect();
    let has = |code: &&Code| !wanted.iter().any(|want| want.contains(&format!("\"{code}\"")));
    let without: Vec<&str> = Code::all().iter().filter(has).map(|code| code.as_str()).collect();
    assert!(without.is_empty(), "codes without a vector: {}", without.join(", "));
    assert!(Code::all().iter().any(|code| code.kind() == CodeKind::Correction));
}
