//! Which of the hundred rules have a test that carries their number.
//!
//! A rule has one when a test is called `rule_NNN_…` (`test_rule_NNN_…` in Python), or when a golden vector names it
//! under `rules`. `docs/semantics.md` is the list of what works: whatever it states must have a test.

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

const LAST: u32 = 100;

/// The rules by what needs them first.
const AREAS: [(&str, &[std::ops::RangeInclusive<u32>]); 3] = [
    ("validation", &[74..=75, 78..=78, 80..=81, 83..=84, 100..=100]),
    ("distribution", &[1..=35, 38..=42, 65..=73, 76..=77, 79..=79, 82..=82, 85..=87, 94..=99]),
    ("delivery", &[36..=37, 43..=64, 88..=93]),
];

/// Rule → the tests and vectors that carry its number.
type Found = BTreeMap<u32, BTreeSet<String>>;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Sources and tests of every language; what is installed or built is none of ours.
fn sources(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let (path, name) = (entry.path(), entry.file_name());
        let skipped = ["target", "node_modules", ".git", "vectors"].iter().any(|other| name == *other);
        if path.is_dir() && !skipped {
            sources(&path, into);
        } else if path.extension().is_some_and(|end| ["rs", "py", "mjs", "js"].iter().any(|other| end == *other)) {
            into.push(path);
        }
    }
}

/// The rules that the tests of a source carry: `fn rule_NNN_…` below `#[test]`, `def test_rule_NNN_…`, `test('rule_NNN_…`.
fn in_source(text: &str) -> Vec<(u32, String)> {
    let mut is_test = false;
    let mut found = Vec::new();
    for line in text.lines().map(str::trim_start) {
        let name = match line.strip_prefix("fn ").filter(|_| is_test) {
            Some(name) => Some(name),
            None => ["def test_", "async def test_", "test('", "test(\"", "it('", "it(\""]
                .iter()
                .find_map(|start| line.strip_prefix(start)),
        };
        is_test = line.starts_with("#[test]") || is_test && (line.starts_with("#[") || line.starts_with("//"));
        found.extend(name.and_then(numbered));
    }
    found
}

fn numbered(name: &str) -> Option<(u32, String)> {
    let word: String = name.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
    let digits = word.strip_prefix("rule_")?.split('_').next()?;
    Some((digits.parse().ok().filter(|_| digits.len() == 3)?, word))
}

/// The rules that a vector names.
fn in_vector(text: &str) -> Vec<u32> {
    #[derive(serde::Deserialize)]
    struct Vector {
        #[serde(default)]
        rules: Vec<u32>,
    }
    serde_json::from_str::<Vector>(text).map(|vector| vector.rules).unwrap_or_default()
}

fn found() -> Found {
    let mut found = Found::new();
    let mut files = Vec::new();
    sources(&root(), &mut files);
    assert!(files.len() > 100, "only {} sources were found", files.len());
    for file in files {
        for (rule, name) in in_source(&fs::read_to_string(&file).unwrap_or_default()) {
            found.entry(rule).or_default().insert(name);
        }
    }
    for file in support::files(&support::folder("")) {
        let name = file.file_stem().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        for rule in in_vector(&fs::read_to_string(&file).unwrap_or_default()) {
            found.entry(rule).or_default().insert(name.clone());
        }
    }
    found
}

/// The rules of the page: `- **20** …`, `- **66, 67** …`.
fn stated(page: &str) -> BTreeSet<u32> {
    let numbers = page.lines().filter_map(|line| line.strip_prefix("- **")?.split("**").next());
    let each = numbers.flat_map(|numbers| numbers.split(", ")).map(|number| {
        number.parse().unwrap_or_else(|_| panic!("docs/semantics.md: `{number}` is no number of a rule"))
    });
    each.collect()
}

fn area(rule: u32) -> &'static str {
    let of = |(_, ranges): &&(&str, &[std::ops::RangeInclusive<u32>])| ranges.iter().any(|range| range.contains(&rule));
    AREAS.iter().find(of).map_or("none", |(name, _)| name)
}

#[test]
fn the_rules_that_work_have_tests() {
    let found = found();
    let stated = stated(&fs::read_to_string(root().join("docs/semantics.md")).expect("the page is there"));
    let mut report = format!("{} of the {LAST} rules have a test of their own\n", found.len());
    for (name, _) in AREAS {
        let missing: Vec<String> = (1..=LAST)
            .filter(|rule| area(*rule) == name && !found.contains_key(rule))
            .map(|rule| rule.to_string())
            .collect();
        report += &format!("  {name}: {} missing: {}\n", missing.len(), missing.join(" "));
    }
    let unstated: Vec<String> = found.keys().filter(|rule| !stated.contains(rule)).map(u32::to_string).collect();
    if !unstated.is_empty() {
        report += &format!("  tested, and not in docs/semantics.md: {}\n", unstated.join(" "));
    }
    // Not `print!`: the harness keeps that to itself when the test passes.
    let _ = std::io::stderr().write_all(report.as_bytes());

    let odd: Vec<_> = found.iter().filter(|(rule, _)| !(1..=LAST).contains(*rule)).collect();
    assert!(odd.is_empty(), "there are the rules 1 to {LAST}: {odd:?}");
    let lost: Vec<_> = stated.iter().filter(|rule| !found.contains_key(rule)).collect();
    assert!(lost.is_empty(), "docs/semantics.md states rules that no test carries the number of: {lost:?}");
    assert!(stated.iter().all(|rule| (1..=LAST).contains(rule)));
    assert!(!stated.is_empty(), "docs/semantics.md states no rule");
}

#[test]
fn every_rule_is_in_one_area() {
    for rule in 1..=LAST {
        let times = AREAS.iter().flat_map(|(_, ranges)| ranges.iter()).filter(|range| range.contains(&rule)).count();
        assert_eq!(times, 1, "rule {rule}");
    }
}

#[test]
fn numbers_are_read_from_tests_only() {
    let source =
        "#[test]\n#[ignore]\n// why\nfn rule_007_x() {}\nfn rule_008_x() {}\n    #[test]\n    fn rule_9_x() {}\n";
    assert_eq!(in_source(source), [(7, "rule_007_x".to_owned())]);
    assert_eq!(in_source("def test_rule_012_y() -> None:\ntest('rule_013 z', () => {")[1].0, 13);
    assert_eq!(in_vector(r#"{"why":"x","rules":[4,5],"want":{}}"#), [4, 5]);
    assert_eq!(in_vector("no vector"), [0; 0]);
    assert_eq!(stated("- **1** a\n- **66, 67** b\n- c\n").into_iter().collect::<Vec<_>>(), [1, 66, 67]);
}
