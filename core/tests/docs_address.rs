//! The examples of docs/address.md and docs/address-world.md: what is written in a table is what comes out.

use leadwright::address::{CanonicalAddress, canonicalize_json, canonicalize_text};
use std::path::Path;

/// The texts in back quotes of a cell; a `!` behind one stays with it.
fn quoted(cell: &str) -> Vec<String> {
    let parts: Vec<&str> = cell.split('`').collect();
    let text = |at: usize| (parts.get(at).copied(), parts.get(at + 1).copied());
    let quoted = (1..parts.len()).step_by(2).filter_map(|at| match text(at) {
        (Some(text), Some(after)) => Some([text, if after.starts_with('!') { "!" } else { "" }].concat()),
        _ => None,
    });
    quoted.collect()
}

/// Whether a row is an example: one text written, and lines.
fn example(row: &str) -> Option<(String, Vec<String>, Option<Vec<String>>)> {
    let cells: Vec<&str> = row.strip_prefix("| ")?.strip_suffix('|')?.split(" | ").collect();
    let (written, lines) = (quoted(cells.first()?), quoted(cells.get(1)?));
    let [written] = written.as_slice() else { return None };
    Some((written.clone(), lines, cells.get(2).map(|cell| quoted(cell))))
}

fn read(written: &str) -> CanonicalAddress {
    if written.starts_with('{') { canonicalize_json(written.as_bytes()) } else { canonicalize_text(written, "") }
}

/// The codes of corrections and problems as the tables write them, each once.
fn codes(address: &CanonicalAddress) -> Vec<String> {
    let short = |code: &str| code.trim_start_matches("address.").to_owned();
    let corrections = address.corrections.iter().map(|correction| short(correction.code.as_str()));
    let problems = address.problems.iter().map(|problem| short(problem.code.as_str()) + "!");
    let mut codes: Vec<String> = Vec::new();
    for code in corrections.chain(problems) {
        if !codes.contains(&code) {
            codes.push(code);
        }
    }
    codes
}

/// Runs the rows under a heading, up to the next one.
fn run(page: &str, heading: &str, at_least: usize) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs").join(page);
    let text = std::fs::read_to_string(path).expect("the page is there");
    let section = text.split_once(heading).expect("the heading is there").1;
    let section = section.split("\n## ").next().unwrap_or_default();
    let examples: Vec<_> = section.lines().filter_map(example).collect();
    assert!(examples.len() >= at_least, "{page}: {} examples", examples.len());
    for (written, lines, said) in examples {
        let address = read(&written);
        assert_eq!(address.lines, lines, "{page}: {written}");
        if let Some(said) = said {
            assert_eq!(codes(&address), said, "{page}: {written}");
        }
    }
}

#[test]
fn before_and_after() {
    run("address.md", "\n## Before and after", 15);
}

#[test]
fn canada() {
    run("address-world.md", "\n## Canada", 4);
}

#[test]
fn other_countries() {
    run("address-world.md", "\n## Other countries", 4);
}
