//! Turns `codes.toml` into the `Code` enum, so that a code is written down in one place only.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    kind: String,
    #[serde(default)]
    severity: Option<String>,
    text: String,
    #[serde(default)]
    remedy: String,
}

fn main() {
    println!("cargo::rerun-if-changed=codes.toml");
    let source = std::fs::read_to_string("codes.toml").expect("core/codes.toml is readable");
    let domains: BTreeMap<String, BTreeMap<String, Entry>> =
        toml::from_str(&source).expect("core/codes.toml is a table of domains, each a table of codes");
    let mut rows = Vec::new();
    for (domain, codes) in &domains {
        for (reason, entry) in codes {
            rows.push((format!("{domain}.{reason}"), entry));
        }
    }
    rows.sort_by(|a, b| a.0.cmp(&b.0));
    let out = std::env::var("OUT_DIR").expect("cargo sets OUT_DIR");
    std::fs::write(Path::new(&out).join("codes.rs"), render(&rows)).expect("OUT_DIR is writable");
}

fn render(rows: &[(String, &Entry)]) -> String {
    let mut variants = String::new();
    let mut table = String::new();
    for (code, entry) in rows {
        let name = variant(code);
        writeln!(variants, "    /// `{code}`: {}\n    {name},", entry.text).expect("a String takes writes");
        let severity = entry.severity.as_deref().unwrap_or(match entry.kind.as_str() {
            "problem" | "plan" | "error" => "error",
            _ => "info",
        });
        writeln!(
            table,
            "    Row {{ code: {code:?}, kind: CodeKind::{}, severity: Severity::{}, text: {:?}, remedy: {:?} }},",
            pascal(&entry.kind),
            pascal(severity),
            entry.text,
            entry.remedy
        )
        .expect("a String takes writes");
    }
    let all: String = rows.iter().map(|(code, _)| format!("Code::{}, ", variant(code))).collect();
    format!(
        "/// Every problem, reason and error code; made from `codes.toml`.\n\
         #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]\n\
         #[non_exhaustive]\n\
         pub enum Code {{\n{variants}}}\n\n\
         const ALL: &[Code] = &[{all}];\n\n\
         const ROWS: &[Row] = &[\n{table}];\n"
    )
}

fn variant(code: &str) -> String {
    code.split('.').map(pascal).collect()
}

fn pascal(word: &str) -> String {
    word.split('_')
        .map(|part| {
            let mut letters = part.chars();
            letters.next().map(|c| c.to_ascii_uppercase()).into_iter().chain(letters).collect::<String>()
        })
        .collect()
}
