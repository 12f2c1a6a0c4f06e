//! Whatever the text: no panic, places inside of it, and one canonical form.

use leadwright::plan::{Documents, MemoryResolver, canonical, check_structure, parse, render};
use proptest::prelude::*;

/// Texts that are nearly plans.
fn plan_like() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"",
        "\n",
        "\t",
        " ",
        "//",
        "/*",
        "*/",
        "\\",
        "'",
        "0x1",
        "-",
        "+1",
        "1.5",
        "01",
        "7",
        "true",
        "null",
        "NaN",
        "word",
        "\"format\": 1",
        "\"buyer\": \"b\"",
        "\"buyers\": {",
        "\"contracts\": {",
        "\"c\": {",
        "\"where\": {",
        "\"hours\": {",
        "\"mon-fri\"",
        "\"note\"",
        "\"any\": [",
        "\"caps\": {",
        "\"day\": 1",
        "\"a\": [1, 2, 1]",
        "\"include\": [\"*\"]",
        "\"\\u00e9\\ud83d\\ude00\"",
        "é",
        "\u{a0}",
        "\u{feff}",
        "東",
    ]);
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

fn no_panic(text: &str) {
    let parsed = parse(text, 0);
    assert!(parsed.whole || !parsed.findings.is_empty());
    let files = MemoryResolver::new([("plan.jsonc", text), ("b.jsonc", text)]);
    let (documents, mut findings) = Documents::load(&files, "plan.jsonc");
    findings.extend(check_structure(&documents));
    for finding in &findings {
        let span = finding.place.span;
        assert!(span.start <= span.end && span.end as usize <= text.len(), "{finding:?}");
        let issue = documents.locate(finding);
        let source = documents.source(finding.place.file).unwrap();
        assert!(source.text().is_char_boundary(span.start as usize), "{finding:?}");
        assert!(render(&issue, source).contains(issue.code.as_str()));
    }
    let once = canonical(&documents);
    let (again, findings) = Documents::from_canonical(&once);
    let well = |code| matches!(code, leadwright::model::Code::PlanNotAPlan | leadwright::model::Code::PlanTooDeep);
    assert!(findings.iter().all(|finding| well(finding.code)), "{once} {findings:?}");
    if findings.iter().all(|f| f.code == leadwright::model::Code::PlanNotAPlan) {
        assert_eq!(canonical(&again), once);
    }
}

/// A JSON value of any shape.
fn json() -> impl Strategy<Value = serde_json::Value> {
    use serde_json::Value;
    let key = prop::sample::select(vec![
        "a",
        "note",
        "any",
        "where",
        "contracts",
        "buyers",
        "b",
        "é",
        "caps",
        "include",
        "é\"\\",
    ]);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f32>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 64, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map(key.clone(), inner, 0..6)
                .prop_map(|map| Value::Object(map.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())),
        ]
    })
}

/// The plan of a vector that uses everything, with a piece of it taken out and another put in.
fn torn_plan() -> impl Strategy<Value = String> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../vectors/plan/003-whole-buyer.json");
    let vector: serde_json::Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let files = vector["plan"]["files"].as_object().unwrap();
    let texts: Vec<Vec<char>> = files.values().map(|text| text.as_str().unwrap().chars().collect()).collect();
    let place = any::<prop::sample::Index>();
    (prop::sample::select(texts), place, 0..9_usize, plan_like()).prop_map(|(mut text, at, length, other)| {
        let at = at.index(text.len());
        let end = (at + length).min(text.len());
        let other: Vec<char> = other.chars().take(12).collect();
        text.splice(at..end, other);
        text.into_iter().collect()
    })
}

proptest! {
    #[test]
    fn a_torn_plan_is_read_without_panic(text in torn_plan()) {
        no_panic(&text);
    }

    #[test]
    fn any_text_is_read_without_panic(text in any::<String>()) {
        no_panic(&text);
    }

    #[test]
    fn any_text_like_a_plan_is_read_without_panic(text in plan_like()) {
        no_panic(&text);
    }

    #[test]
    fn any_bytes_are_read_without_panic(bytes in any::<Vec<u8>>()) {
        let (documents, findings) = Documents::load(&MemoryResolver::new([("plan.jsonc", bytes)]), "plan.jsonc");
        prop_assert!(documents.root().is_some() || !findings.is_empty());
    }

    #[test]
    fn whatever_json_writes_we_read(value in json()) {
        let text = value.to_string();
        let parsed = parse(&text, 0);
        prop_assert!(parsed.whole && parsed.findings.is_empty(), "{:?}", parsed.findings);
        no_panic(&text);
    }
}
