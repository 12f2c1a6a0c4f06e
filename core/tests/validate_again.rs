//! What a record keeps when it is validated again, and what a lead must not get from nowhere.

use leadwright::engine::validate_line_by;
use leadwright::field::{FieldKind, FieldOptions, check};
use leadwright::model::{RawValue, Tick, Value};
use leadwright::plan::{MemoryResolver, Plan};
use leadwright::schema::Schema;
use leadwright::validate::{ValidateOptions, ValidatedLine, record, validate_line};

type Record = Vec<(String, Value)>;

fn again(line: &str, schema: &Schema) -> (Record, Record) {
    let once = |line: &str| {
        let line = validate_line(line.as_bytes(), 1, schema, &ValidateOptions::default());
        record(&line.lead, line.envelope.as_ref(), schema)
    };
    let first = once(line);
    let members: serde_json::Map<String, serde_json::Value> =
        first.iter().map(|(name, value)| (name.clone(), serde_json::to_value(value).expect("JSON"))).collect();
    let second = once(&serde_json::to_string(&members).expect("JSON"));
    (first, second)
}

fn home() -> Schema {
    Schema::named("us/home-services@1").expect("it is in the catalogue")
}

#[test]
fn names_that_nobody_knows_stay_as_they_are() {
    let long = "a".repeat(70);
    for key in ["?", ".foo", "x_", "x_x_y", "__", "Fancy Thing", "x_.bar", long.as_str()] {
        let (first, second) = again(&format!(r#"{{"phone":"312-867-5309","{key}":"blue"}}"#), &home());
        assert_eq!(first, second, "{key}");
        assert!(first.iter().any(|(name, _)| name.starts_with("x_") && name.len() > 2), "{key}: {first:?}");
    }
}

#[test]
fn who_had_the_lead_before_stays_in_the_record() {
    let (first, second) = again(r#"{"not_to":["bolt","acme"],"phone":"312-867-5309"}"#, &home());
    assert!(first.contains(&("not_to".into(), Value::text("acme,bolt"))), "{first:?}");
    assert_eq!(first, second);
}

fn by(vertical: &str, lead: &str) -> ValidatedLine {
    let text = format!(
        r#"{{ "format": 1, "plan": "p", "currency": "USD", "timezone": "America/Chicago",
        "verticals": {{ "roofing": {{ "extends": "us/home-services@1", {vertical} }} }},
        "sources": {{ "web": {{ "verticals": ["roofing"] }} }},
        "routes": {{ "roofing": {{ "groups": [ {{ "id": "all", "select": "price" }} ], "on_unsold": {{ "then": "store" }} }} }} }}"#
    );
    let plan = Plan::load(&MemoryResolver::new([("plan.jsonc", text)]), "plan.jsonc").expect("the plan is right");
    validate_line_by(&plan, lead.as_bytes(), 1, Tick::at("2026-11-24T15:30:00Z".parse().expect("a time")))
}

#[test]
fn rule_080_no_default_stands_for_a_state_that_was_refused_or_contradicted() {
    let vertical = r#""fields": { "state": { "default": "TX" } }"#;
    let state = |part: &str| {
        let lead = format!(r#"{{"id":"L1","source":"web","phone":"312-867-5309",{part}}}"#);
        by(vertical, &lead).lead.canonical.get("state").cloned()
    };
    assert_eq!(state(r#""state":"Narnia""#), None);
    assert_ne!(state(r#""state":"NV","zip":"60601""#), Some(Value::text("TX")));
    assert_eq!(state(r#""state":"""#), Some(Value::text("TX")));
    assert_eq!(state(r#""roof_age":"5""#), Some(Value::text("TX")));
}

#[test]
fn a_signal_does_not_tell_the_name_above_it() {
    let lead = br#"{"phone":"312-867-5309","jane.doe@example.com":{"honeypot":"x"}}"#;
    let line = validate_line(lead, 1, &home(), &ValidateOptions::default());
    let told = serde_json::to_string(&line.lead.problems).expect("JSON");
    assert!(told.contains("signal.honeypot_filled") && !told.contains("jane"), "{told}");
}

#[test]
fn no_digit_is_no_amount_and_a_leading_zero_is_no_thousand() {
    let read = |text: &str| check(FieldKind::Money, &RawValue::text(text), "", &FieldOptions::default()).value;
    for text in ["$.", "USD.", "-.", ".k", "."] {
        assert_eq!(read(text), None, "{text}");
    }
    assert_eq!(read("0,125"), read("0.125"));
    assert_eq!(read("1,125"), read("1125"));
    assert_eq!(read(".5"), read("0.5"));
}

/// As many names as fit into a lead, all the same: one look at them all is enough.
#[test]
fn a_name_that_comes_ten_thousand_times_takes_no_time() {
    let lead = format!("{{{}}}", vec![r#""a":1"#; 10_000].join(","));
    let line = validate_line(lead.as_bytes(), 1, &home(), &ValidateOptions::default());
    assert!(line.lead.problems.len() > 1);
}
