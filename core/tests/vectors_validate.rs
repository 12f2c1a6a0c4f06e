//! The golden vectors of whole leads, byte for byte.
//!
//! `{"why","validate":{"schema","lead","options"?,"redact"?},"want":{…}}`; in place of `lead`, `text` is what came in where it is
//! no JSON object, and `fill` makes a lead of so many `fields` or `bytes`.

mod support;

use leadwright::redact::Redaction;
use leadwright::schema::Schema;
use leadwright::validate::{ValidateOptions, redact_json, validate_json};
use serde_json::value::RawValue;
use std::collections::BTreeMap;

#[derive(serde::Deserialize)]
struct Given<'a> {
    schema: &'a str,
    #[serde(borrow, default)]
    lead: Option<&'a RawValue>,
    #[serde(default)]
    text: Option<String>,
    #[serde(default)]
    fill: BTreeMap<String, usize>,
    #[serde(borrow, default)]
    options: Option<&'a RawValue>,
    #[serde(default)]
    redact: Option<Redact>,
}

/// How the answer is written.
#[derive(serde::Deserialize)]
struct Redact {
    how: String,
    #[serde(default)]
    key: Option<String>,
}

fn lead(given: &Given<'_>) -> String {
    if let Some(lead) = given.lead {
        return lead.get().to_owned();
    }
    if let Some(count) = given.fill.get("fields") {
        let fields: Vec<String> = (0..*count).map(|n| format!("\"f{n}\":1")).collect();
        return format!("{{{}}}", fields.join(","));
    }
    if let Some(count) = given.fill.get("bytes") {
        return format!("{{\"comments\":\"{}\"}}", "a".repeat(*count));
    }
    given.text.clone().expect("a vector has lead, text or fill")
}

/// What 520 fields make is not worth reading: the canonical lead is left out where it is long.
fn shortened(out: &str) -> String {
    if out.len() < 4_000 {
        return out.to_owned();
    }
    let mut value: serde_json::Value = serde_json::from_str(out).expect("the answer is JSON");
    value["canonical"] = serde_json::json!({});
    // Whatever another crate of the build told serde_json about the order of members.
    value.sort_all_objects();
    value.to_string()
}

#[test]
fn every_vector_of_a_lead_comes_out_byte_for_byte() {
    support::run("validate", |given| {
        let given: Given<'_> = serde_json::from_str(given.get()).expect("the vector is well formed");
        let schema = Schema::named(given.schema).expect("the schema is in the catalogue");
        let options = given.options.map_or("{}", RawValue::get);
        let options = ValidateOptions::from_json(options.as_bytes()).expect("the options are right");
        let raw = validate_json(lead(&given).as_bytes(), &schema, &options);
        let redact = given.redact.as_ref();
        let how = redact.map(|redact| Redaction::named(&redact.how, redact.key.as_ref().map(String::as_bytes)));
        let how = how.transpose().expect("the redaction is right").unwrap_or_default();
        let out = raw.redacted(&schema, &how);
        // Afterwards is the same as at once.
        let json = serde_json::to_vec(&raw).expect("it is written");
        let later = redact_json(&json, &schema, &how).expect("it is an answer");
        assert_eq!(String::from_utf8_lossy(&later), serde_json::to_string(&out).expect("it is written"));
        shortened(&serde_json::to_string(&out).expect("it is written"))
    });
}
