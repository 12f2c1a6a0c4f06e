//! Runs `vectors/address/*.json` byte for byte. `LEADWRIGHT_BLESS=1` writes what comes out into the vectors; read the
//! difference before you commit it.

use leadwright::address::{canonicalize_line, canonicalize_text};
use serde::Deserialize;
use serde_json::value::RawValue;
use std::path::PathBuf;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Vector {
    why: String,
    #[serde(default, rename = "rules")]
    _rules: Vec<u8>,
    address: Given,
    want: Box<RawValue>,
}

/// An address, or a whole line where the line itself is wrong.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
enum Given {
    Raw(Box<RawValue>),
    Line(String),
}

fn vectors() -> Vec<(PathBuf, Vector)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../vectors/address");
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let read = |path: PathBuf| {
        let text = std::fs::read_to_string(&path).unwrap();
        let vector = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        (path, vector)
    };
    paths.into_iter().map(read).collect()
}

/// JSON without the white space between its tokens.
fn compact(json: &str) -> String {
    let (mut in_text, mut escaped) = (false, false);
    let keep = |c: &char| {
        let kept = in_text || !c.is_whitespace();
        in_text ^= *c == '"' && !escaped;
        escaped = in_text && *c == '\\' && !escaped;
        kept
    };
    json.chars().filter(keep).collect()
}

#[test]
fn every_vector_comes_out_byte_for_byte() {
    let bless = std::env::var_os("LEADWRIGHT_BLESS").is_some();
    for (path, vector) in vectors() {
        assert!(!vector.why.is_empty());
        let (id, line) = match &vector.address {
            Given::Raw(raw) => (r#""v""#, format!(r#"{{"id":"v","raw":{}}}"#, compact(raw.get()))),
            Given::Line(line) => ("null", line.clone()),
        };
        let want = format!(r#"{{"id":{id},{}"#, &compact(vector.want.get())[1..]);
        let out = String::from_utf8(canonicalize_line(line.as_bytes(), 1)).unwrap();
        if bless && out != want {
            let text = std::fs::read_to_string(&path).unwrap();
            let start = text.find("\"want\"").unwrap();
            let members = out.split_once(',').unwrap().1;
            std::fs::write(&path, format!("{}\"want\": {{{members}\n}}\n", &text[..start])).unwrap();
            continue;
        }
        assert_eq!(out, want, "{}", path.display());
    }
}

#[test]
fn standard_lines_of_every_vector_read_back_as_themselves() {
    let mut read = 0;
    for (path, vector) in vectors() {
        let Given::Raw(raw) = &vector.address else { continue };
        let Ok(text) = serde_json::from_str::<String>(raw.get()) else { continue };
        let once = canonicalize_text(&text, "");
        if once.lines.is_empty() {
            continue;
        }
        let twice = canonicalize_text(&once.lines.join("\n"), "");
        assert_eq!((&twice.lines, &twice.key), (&once.lines, &once.key), "{}", path.display());
        read += 1;
    }
    assert!(read > 100, "{read} addresses were read");
}
