//! A validated lead for other eyes.

use super::lead::Validated;
use crate::model::{Code, DecisionId, Error, LeadId, RawMap, RawValue, Value, read_raw, write_raw_as_it_came};
use crate::redact::{Redaction, canonical};
use crate::schema::Schema;
use std::collections::BTreeMap;

impl Validated {
    /// The same lead as somebody else may see it. Problems stay: they hold no values. Corrections go, and so do fields
    /// that the schema does not know.
    ///
    /// ```
    /// use leadwright::{redact::Redaction, schema::Schema, validate::{ValidateOptions, validate_json}};
    /// let schema = Schema::named("us/home-services@1").ok_or("no such schema")?;
    /// let raw = br#"{"first_name":"amy","phone":"(312) 867-5309","zip":"60601","dob":"1980-06-16"}"#;
    /// let lead = validate_json(raw, &schema, &ValidateOptions::default()).redacted(&schema, &Redaction::Redacted);
    /// let shown = |name: &str| lead.canonical[name].as_text();
    /// assert_eq!(shown("first_name"), Some("A***"));
    /// assert_eq!(shown("phone"), Some("+*********09"));
    /// assert_eq!(shown("dob"), Some("1980-**-**"));
    /// assert_eq!(shown("state"), Some("IL"), "its class is `none`");
    /// assert!(lead.corrections.is_empty());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn redacted(&self, schema: &Schema, how: &Redaction) -> Self {
        if matches!(how, Redaction::Raw) {
            return self.clone();
        }
        Self {
            v: self.v,
            schema: self.schema.clone(),
            valid: self.valid,
            canonical: canonical(&self.canonical, schema, how),
            problems: self.problems.clone(),
            corrections: Vec::new(),
            quality: self.quality.clone(),
        }
    }
}

/// The same for an answer that is JSON already: a validated lead, a line of them, or a decision. Its `canonical` is
/// redacted by the schema, its `corrections` go, an `id` that is none goes, all else stays where it is.
///
/// ```
/// use leadwright::{redact::Redaction, schema::Schema, validate::redact_json};
/// let schema = Schema::named("us/home-services@1").ok_or("no such schema")?;
/// let json = br#"{"v":1,"canonical":{"phone":"+13128675309","roof_age":7},"corrections":[{"from":"312 867-5309"}]}"#;
/// let shown = redact_json(json, &schema, &Redaction::Redacted)?;
/// assert_eq!(shown, br#"{"v":1,"canonical":{"phone":"+*********09","roof_age":7},"corrections":[]}"#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// `input.bad_option` for bytes that are no such answer.
pub fn redact_json(json: &[u8], schema: &Schema, how: &Redaction) -> Result<Vec<u8>, Error> {
    if matches!(how, Redaction::Raw) {
        return Ok(json.to_vec());
    }
    let read = read_raw(json).map_err(|_| Error::new(Code::InputBadOption, "this is no answer of a lead"))?;
    let members = read.map.0.into_iter().map(|(name, member)| {
        let member = match (name.as_str(), member) {
            ("canonical", RawValue::Object(fields)) => fields_of(fields, schema, how),
            ("canonical", _) => RawValue::Object(RawMap::default()),
            ("corrections", _) => RawValue::List(Vec::new()),
            // A file without a header has anything there.
            ("id", RawValue::Text(id) | RawValue::Number(id)) if !is_id(&id) => RawValue::Null,
            (_, other) => other,
        };
        (name, member)
    });
    Ok(write_raw_as_it_came(&RawValue::Object(RawMap(members.collect()))).into_bytes())
}

/// The id of a lead or of a decision.
fn is_id(text: &str) -> bool {
    LeadId::new(text).is_ok() || text.parse::<DecisionId>().is_ok()
}

fn fields_of(fields: RawMap, schema: &Schema, how: &Redaction) -> RawValue {
    let typed: BTreeMap<String, Value> =
        fields.0.into_iter().filter_map(|(name, value)| Some((name, typed(value)?))).collect();
    let hidden = canonical(&typed, schema, how);
    RawValue::Object(RawMap(hidden.into_iter().map(|(name, value)| (name, plain(value))).collect()))
}

fn typed(value: RawValue) -> Option<Value> {
    Some(match value {
        RawValue::Null => return None,
        RawValue::Bool(yes) => Value::Bool(yes),
        RawValue::Number(text) => match text.parse() {
            Ok(number) => Value::Int(number),
            Err(_) => Value::Text(text),
        },
        RawValue::Text(text) => Value::Text(text),
        RawValue::List(items) => Value::List(items.into_iter().filter_map(typed).collect()),
        RawValue::Object(map) => {
            Value::Record(map.0.into_iter().filter_map(|(name, value)| Some((name, typed(value)?))).collect())
        }
    })
}

fn plain(value: Value) -> RawValue {
    match value {
        Value::Bool(yes) => RawValue::Bool(yes),
        Value::Int(number) => RawValue::Number(number.to_string()),
        Value::Money(money) => RawValue::Text(money.to_string()),
        Value::Date(date) => RawValue::Text(date.to_string()),
        Value::Time(at) => RawValue::Text(at.to_string()),
        Value::Text(text) => RawValue::Text(text),
        Value::List(items) => RawValue::List(items.into_iter().map(plain).collect()),
        Value::Record(fields) => {
            RawValue::Object(RawMap(fields.into_iter().map(|(name, value)| (name, plain(value))).collect()))
        }
    }
}
