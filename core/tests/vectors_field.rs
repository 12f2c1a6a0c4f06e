//! The golden vectors of fields, byte for byte, and that every code has a vector.
//!
//! A vector is `{"why","field":{"field_type","raw","opts"?},"want":{…}}`, or has `{"line":"…"}` in place of the field
//! where the line itself is what is odd. `LEADWRIGHT_BLESS=1` writes what comes out.

use leadwright::field::check_line;
use leadwright::model::{Code, CodeKind};
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

#[derive(serde::Deserialize)]
struct Vector<'a> {
    why: String,
    #[serde(borrow)]
    field: &'a RawValue,
    #[serde(borrow, default)]
    want: Option<&'a RawValue>,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../vectors")
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> =
        fs::read_dir(folder).expect("the vectors are there").map(|entry| entry.expect("readable").path()).collect();
    files.sort();
    files.into_iter().flat_map(|path| if path.is_dir() { self::files(&path) } else { vec![path] }).collect()
}

fn answer(field: &RawValue) -> String {
    let members: BTreeMap<String, serde_json::Value> =
        serde_json::from_str(field.get()).expect("the field is an object");
    let out = match members.get("line") {
        Some(line) => check_line(line.as_str().expect("a line is a text").as_bytes(), 7),
        None => check_line(field.get().as_bytes(), 7),
    };
    String::from_utf8(out).expect("the answer is UTF-8")
}

#[test]
fn every_vector_of_a_field_comes_out_byte_for_byte() {
    let bless = std::env::var_os("LEADWRIGHT_BLESS").is_some();
    let mut wrong = Vec::new();
    for path in files(&folder().join("field")) {
        let text = fs::read_to_string(&path).expect("readable");
        let vector: Vector<'_> = serde_json::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        let got = answer(vector.field);
        let want = vector.want.map_or("", RawValue::get);
        if bless && got != want {
            let why = serde_json::to_string(&vector.why).expect("a text");
            let body = format!("{{\n  \"why\": {why},\n  \"field\": {},\n  \"want\": {got}\n}}\n", vector.field.get());
            fs::write(&path, body).expect("writable");
        } else if got != want {
            wrong.push(format!("{} ({})\n  want {want}\n   got {got}", path.display(), vector.why));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The code stands in what a vector wants, between quotes.
#[test]
fn every_code_has_a_vector() {
    let wanted: Vec<String> = files(&folder())
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
