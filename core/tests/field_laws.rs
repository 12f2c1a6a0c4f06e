//! What holds of every kind of field: no text panics, and what was normalised once stays as it is.

use leadwright::field::{EnumValue, FieldKind, FieldOptions, check};
use leadwright::model::{RawValue, Value};
use proptest::prelude::*;

fn options() -> FieldOptions {
    let word = |id: &str| EnumValue { id: id.into(), synonyms: vec!["other".into()] };
    let as_of = "2026-07-01".parse().ok();
    FieldOptions { as_of, values: vec![word("solar"), word("home_services")], ..FieldOptions::default() }
}

/// A canonical value as it would be sent.
fn sent(value: &Value) -> RawValue {
    match value {
        Value::Bool(yes) => RawValue::Bool(*yes),
        Value::Text(text) => RawValue::text(text),
        Value::Int(number) => RawValue::Number(number.to_string()),
        Value::Money(money) => RawValue::text(money.to_string()),
        Value::Date(date) => RawValue::text(date.to_string()),
        Value::Time(at) => RawValue::text(at.to_string()),
        Value::List(items) => RawValue::List(items.iter().map(sent).collect()),
        _ => RawValue::Null,
    }
}

/// Text with the marks and words that kinds look for.
fn texts() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[0-9]{1,4}",
        "[A-Za-z]{1,6}",
        "[-+@.,:;/()\\[\\]<>$%'\" ]",
        proptest::sample::select(vec![
            "example.com",
            "ann",
            "@",
            " at ",
            "k",
            "million",
            "555-0143",
            "(512) ",
            "+1",
            "2026-",
            "Jan ",
            "/19",
            "St",
            "IL 60601",
            "https://",
            "cert.trustedform.com/",
            "yes",
            "Elm Street",
            ", ",
            "Mr. ",
            "Jr",
            "van ",
            "O'",
            "xn--",
            "192.0.2.",
            "::",
            "0.",
            "\u{e9}",
            "\u{ff20}",
            "\u{200b}",
            "\u{130}",
            "\u{df}",
            "to ",
            "N/A",
            "&amp;",
            "8:00 AM",
            "T12:00:00Z",
        ])
        .prop_map(String::from),
    ];
    prop_oneof!["\\PC{0,40}", proptest::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat())]
}

fn law(kind: FieldKind, text: &str) -> Result<(), TestCaseError> {
    let options = options();
    let Some(once) = check(kind, &RawValue::text(text), "/x", &options).value else { return Ok(()) };
    let twice = check(kind, &sent(&once), "/x", &options);
    prop_assert_eq!(twice.value.as_ref().map(shown), Some(shown(&once)), "{:?} of {:?}", kind, text);
    Ok(())
}

/// The page of the kinds names every part and the codes of every finding.
fn is_as_told(kind: FieldKind, text: &str) -> Result<(), TestCaseError> {
    let about = kind.about();
    let found = check(kind, &RawValue::text(text), "/x", &options());
    for part in found.parts.keys() {
        prop_assert!(about.parts.contains(part), "{:?} has no part {}", kind, part);
    }
    let codes = found.problems.iter().map(|problem| problem.code);
    for code in codes.chain(found.corrections.iter().map(|correction| correction.code)) {
        let domain = code.as_str().split('.').next().unwrap_or_default();
        prop_assert!(matches!(domain, "field" | "text") || about.codes.contains(&domain), "{:?}: {}", kind, code);
    }
    Ok(())
}

/// `Debug` hides values.
fn shown(value: &Value) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn what_was_normalised_once_stays(text in texts()) {
        for kind in FieldKind::ALL {
            is_as_told(kind, &text)?;
            // Addresses have laws of their own, over addresses. Names of mixed scripts and loose marks do not hold this one.
            if !matches!(kind, FieldKind::AddressLine | FieldKind::Name) {
                law(kind, &text)?;
            }
        }
    }
}
