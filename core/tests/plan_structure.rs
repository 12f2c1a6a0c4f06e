//! The golden vectors of plans, and a plan with ten mistakes.
//!
//! `LEADWRIGHT_BLESS=1` writes what is found into the vectors; read the difference before you commit it.

mod support;

use leadwright::model::{Code, Issue};
use leadwright::plan::{Documents, MemoryResolver, Plan, canonical, check_structure, render};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

fn vectors() -> Vec<PathBuf> {
    support::files(&support::folder("plan"))
}

/// A file of a vector is its text, `{"start": text, "repeat": text, "times": n}`, or `{"bytes": [n, …]}`.
fn bytes(file: &Value) -> Vec<u8> {
    if let Some(text) = file.as_str() {
        return text.into();
    }
    match file.get("repeat").and_then(Value::as_str) {
        Some(text) => {
            let start = file.get("start").and_then(Value::as_str).unwrap_or_default();
            format!("{start}{}", text.repeat(file["times"].as_u64().unwrap() as usize)).into()
        }
        None => file["bytes"].as_array().unwrap().iter().map(|n| n.as_u64().unwrap() as u8).collect(),
    }
}

fn resolver(vector: &Value) -> MemoryResolver {
    let files = vector["plan"]["files"].as_object().unwrap();
    MemoryResolver::new(files.iter().map(|(name, file)| (name.as_str(), bytes(file))))
}

/// What a vector fixes of an issue; messages may get better.
fn issues(files: &MemoryResolver, only_structure: bool) -> Vec<Value> {
    let found = if only_structure {
        let (documents, mut findings) = Documents::load(files, "plan.jsonc");
        findings.extend(check_structure(&documents));
        findings.sort_by_key(|finding| finding.place);
        findings.iter().map(|finding| documents.locate(finding)).collect()
    } else {
        Plan::check(files, "plan.jsonc").issues
    };
    let issue = |issue: Issue| {
        let mut value = json!({
            "code": issue.code, "severity": issue.severity, "file": issue.file,
            "line": issue.line, "column": issue.column, "path": issue.path,
        });
        if let Some(suggestion) = issue.suggestion {
            value["suggestion"] = json!(suggestion);
        }
        value
    };
    found.into_iter().map(issue).collect()
}

/// The issues as a vector holds them; of very many their number and the last.
fn wanted(mut issues: Vec<Value>) -> Value {
    let count = issues.len();
    match issues.pop() {
        Some(last) if count > 100 => json!({ "count": count, "issues": [last] }),
        last => json!({ "issues": issues.into_iter().chain(last).collect::<Vec<_>>() }),
    }
}

/// Whether a vector speaks of what is found before names are looked up.
fn is_about_structure(vector: &Value) -> bool {
    vector.get("stage").is_none_or(|stage| stage == "structure")
}

fn read(path: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

#[test]
fn every_vector_finds_what_it_wants() {
    support::run_values(&vectors(), &["why", "rules", "stage", "plan", "want"], |vector| {
        wanted(issues(&resolver(vector), is_about_structure(vector)))
    });
}

#[test]
fn the_sample_of_the_design_is_right() {
    let path = vectors().into_iter().find(|path| path.ends_with("001-sample.json")).unwrap();
    let (documents, findings) = Documents::load(&resolver(&read(&path)), "plan.jsonc");
    assert_eq!(findings, []);
    assert_eq!(check_structure(&documents), []);
    let text = canonical(&documents);
    let (again, none) = Documents::from_canonical(&text);
    assert_eq!(none, []);
    assert_eq!(canonical(&again), text);
    assert_eq!(check_structure(&again), []);
}

const TEN: [(&str, &str); 2] = [
    (
        "plan.jsonc",
        r#"{
  "format": 1, "plan": "ten", "currency": "usd", "timezone": "America/Chicgo",
  "include": ["buyers/*.jsonc"],
  "sources": { "web": { "verticals": ["roofing"], "payout": { "percent_of_price": 170 } } }
  "hours": { "office": { "mon-fri": "08:00-08:00" } },
  "routes": { "roofing": { "groups": [ { "id": "open", "select": "wieghted" } ], "on_unsold": { "then": "store" } } },
}"#,
    ),
    (
        "buyers/acme.jsonc",
        r#"{
	"buyer": "acme",
	"contracts": {
		"acme-ca": { "in": { "roofing/open": { "weight": 1.5 } },
			"where": { "state": [], "roof_age": { "gte": 10 } },
			"credit_scor": 700,
			"sell": { "exclusive": { "price": 85 } } } }
}"#,
    ),
];

#[test]
fn ten_mistakes_are_reported_at_once_with_line_and_column() {
    let (documents, mut findings) = Documents::load(&MemoryResolver::new(TEN), "plan.jsonc");
    findings.extend(check_structure(&documents));
    findings.sort_by_key(|finding| finding.place);
    let issues: Vec<_> = findings.iter().map(|finding| documents.locate(finding)).collect();
    let found: Vec<_> = issues.iter().map(|i| (i.code.as_str(), i.file.as_str(), i.line, i.column)).collect();
    assert_eq!(
        found,
        [
            ("plan.bad_currency", "plan.jsonc", 2, 43),
            ("plan.bad_timezone", "plan.jsonc", 2, 62),
            ("plan.out_of_range", "plan.jsonc", 4, 83),
            ("plan.syntax", "plan.jsonc", 4, 92),
            ("plan.empty_hours", "plan.jsonc", 5, 37),
            ("plan.unknown_word", "plan.jsonc", 6, 66),
            ("plan.not_an_integer", "buyers/acme.jsonc", 4, 52),
            ("plan.empty_list", "buyers/acme.jsonc", 5, 24),
            ("plan.unknown_field", "buyers/acme.jsonc", 6, 4),
            ("plan.wrong_type", "buyers/acme.jsonc", 7, 38),
        ]
    );
    let unknown = issues.iter().find(|issue| issue.code == Code::PlanUnknownField).unwrap();
    assert_eq!(unknown.message, "unknown field `credit_scor` in contract `acme-ca`");
    let price = issues.iter().find(|issue| issue.code == Code::PlanWrongType).unwrap();
    assert_eq!(
        render(price, documents.source(1).unwrap()),
        r#"error[plan.wrong_type]: `sell.exclusive.price` of contract `acme-ca` is a number
 --> buyers/acme.jsonc:7:38
  |
7 |             "sell": { "exclusive": { "price": 85 } } } }
  |                                               ^^
  = expected money as a text with at most 4 decimals, like "85.00"
  = did you mean `"85.00"`?
"#
    );
}

/// The codes found in a contract with these lines in it.
fn codes_of_contract(lines: &str) -> Vec<&'static str> {
    let rest = if lines.contains("\"sell\"") { "" } else { r#", "sell": { "exclusive": { "price": "1.00" } }"# };
    codes(&format!(
        r#""buyers": {{ "b": {{ "contracts": {{ "c": {{ "in": {{ "r/g": {{}} }}, {lines}{rest} }} }} }} }}"#
    ))
}

/// The codes found in a plan with these lines in it.
fn codes(lines: &str) -> Vec<&'static str> {
    let plan = format!(r#"{{ "format": 1, "plan": "p", "currency": "USD", "timezone": "UTC", {lines} }}"#);
    let (documents, findings) = Documents::load(&MemoryResolver::new([("plan.jsonc", plan)]), "plan.jsonc");
    findings.iter().chain(&check_structure(&documents)).map(|finding| finding.code.as_str()).collect()
}

#[test]
fn rule_001_a_plan_without_a_time_zone_is_refused() {
    let files = MemoryResolver::new([("plan.jsonc", r#"{ "format": 1, "plan": "p", "currency": "USD" }"#)]);
    let (documents, _) = Documents::load(&files, "plan.jsonc");
    let findings = check_structure(&documents);
    assert_eq!(findings.len(), 1);
    assert!(findings[0].message.contains("`timezone` is missing"), "{}", findings[0].message);
}

#[test]
fn rule_008_hours_with_equal_ends_are_refused() {
    assert_eq!(codes_of_contract(r#""hours": "08:00-08:00""#), ["plan.empty_hours"]);
    assert_eq!(codes_of_contract(r#""hours": { "mon": ["00:00-00:00"] }"#), ["plan.empty_hours"]);
    assert!(codes_of_contract(r#""hours": { "mon": "00:00-24:00", "tue": "always" }"#).is_empty());
}

#[test]
fn rule_013_a_cap_of_zero_is_a_cap() {
    assert!(
        codes_of_contract(r#""caps": { "day": 0, "week": { "count": 0 }, "total": { "spend": "0.00" } }"#).is_empty()
    );
    assert_eq!(codes_of_contract(r#""caps": { "day": -1 }"#), ["plan.out_of_range"]);
}

#[test]
fn rule_077_an_empty_list_is_refused_wherever_it_stands() {
    for lines in
        [r#""where": { "state": [] }"#, r#""where": { "all": [] }"#, r#""where": { "zip": { "not": { "in": [] } } }"#]
    {
        assert_eq!(codes_of_contract(lines), ["plan.empty_list"], "{lines}");
    }
    for lines in [r#""include": []"#, r#""intake": { "suppress": [] }"#, r#""sources": { "s": { "verticals": [] } }"#] {
        assert_eq!(codes(lines), ["plan.empty_list"], "{lines}");
    }
}

#[test]
fn rule_079_there_is_no_between() {
    assert_eq!(codes_of_contract(r#""where": { "age": { "between": [18, 65] } }"#), ["plan.unknown_operator"]);
    assert!(codes_of_contract(r#""where": { "age": { "gte": 18, "lte": 65 } }"#).is_empty());
}

#[test]
fn rule_085_there_is_no_pattern_to_run() {
    for operator in ["regex", "matches", "like", "script"] {
        let lines = format!(r#""where": {{ "city": {{ "{operator}": ".*" }} }}"#);
        assert_eq!(codes_of_contract(&lines), ["plan.unknown_operator"], "{operator}");
    }
}

#[test]
fn rule_098_every_route_says_what_becomes_of_an_unsold_lead() {
    let group = r#""groups": [ { "id": "g", "select": "price" } ]"#;
    assert_eq!(codes(&format!(r#""routes": {{ "r": {{ {group} }} }}"#)), ["plan.missing_field"]);
    assert!(codes(&format!(r#""routes": {{ "r": {{ {group}, "on_unsold": {{ "then": "store" }} }} }}"#)).is_empty());
}
