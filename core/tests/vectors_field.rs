//! The golden vectors of fields, byte for byte.
//!
//! A vector is `{"why","field":{"field_type","raw","opts"?},"want":{…}}`, or has `{"line":"…"}` in place of the field
//! where the line itself is what is odd.

mod support;

use leadwright::field::check_line;
use serde_json::value::RawValue;
use std::collections::BTreeMap;

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
    support::run("field", answer);
}
