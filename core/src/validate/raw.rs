//! The raw lead: flattened to one level, and hashed.

use super::envelope;
use crate::model::limits::LEAD_FIELDS;
use crate::model::{RawMap, RawValue, write_raw};
use crate::schema::Field;
use sha2::{Digest, Sha256};

/// One field as it came in.
pub(super) struct RawField<'a> {
    /// Its name; members of an object follow a dot.
    pub(super) name: String,
    /// JSON Pointer to it.
    pub(super) path: String,
    pub(super) value: &'a RawValue,
    /// The field of the schema that it is; none of one that the schema does not know, and before the schema was asked.
    pub(super) known: Option<&'a Field>,
}

/// All fields, objects opened but for those that are one value (a record of the schema). The second is whether there were
/// more than a lead may have.
pub(super) fn fields<'r>(raw: &'r RawMap, is_value: &dyn Fn(&str) -> bool) -> (Vec<RawField<'r>>, bool) {
    let mut found = Vec::new();
    open(raw, "", "", is_value, &mut found);
    let too_many = found.len() > LEAD_FIELDS;
    found.truncate(LEAD_FIELDS);
    (found, too_many)
}

/// Hands out every field with its name as a schema would be asked for it: members of an object follow a dot.
///
/// ```
/// use leadwright::{model::read_raw, validate::each_field};
/// let raw = read_raw(br#"{"zip":"60601","contact":{"phone":"312-555-0100"}}"#)?.map;
/// let mut names = Vec::new();
/// each_field(&raw, |name, _| names.push(name.to_owned()));
/// assert_eq!(names, ["zip", "contact.phone"]);
/// # Ok::<(), leadwright::model::JsonError>(())
/// ```
pub fn each_field(raw: &RawMap, mut look: impl FnMut(&str, &RawValue)) {
    fields(raw, &|_| false).0.iter().for_each(|field| look(&field.name, field.value));
}

fn open<'a>(map: &'a RawMap, name: &str, path: &str, is_value: &dyn Fn(&str) -> bool, found: &mut Vec<RawField<'a>>) {
    for (key, value) in &map.0 {
        if found.len() > LEAD_FIELDS {
            return;
        }
        let path = format!("{path}/{}", pointer_step(key));
        let name = if name.is_empty() { key.clone() } else { format!("{name}.{key}") };
        match value {
            RawValue::Object(inner) if !is_value(&name) => open(inner, &name, &path, is_value, found),
            value => found.push(RawField { name, path, value, known: None }),
        }
    }
}

/// RFC 6901: `~` and `/` are written `~0` and `~1`. A name is no value, but may be as long as one.
fn pointer_step(key: &str) -> String {
    let short: String = key.chars().take(64).collect();
    short.replace('~', "~0").replace('/', "~1")
}

/// SHA-256 over the raw lead without its id, time of receipt and idempotency key, keys sorted (rule 70).
///
/// ```
/// use leadwright::{model::read_raw, validate::payload};
/// let one = read_raw(br#"{"id":"1","phone":"312-555-0100","zip":"60601"}"#)?.map;
/// let same = read_raw(br#"{"zip":"60601","phone":"312-555-0100","id":"2"}"#)?.map;
/// assert_eq!(payload(&one), payload(&same));
/// # Ok::<(), leadwright::model::JsonError>(())
/// ```
pub fn payload(raw: &RawMap) -> [u8; 32] {
    let kept = raw.0.iter().filter(|(key, _)| !envelope::names_the_request(key));
    let map = RawMap(kept.map(|(key, value)| (key.clone(), sorted(value))).collect());
    Sha256::digest(write_raw(&sorted(&RawValue::Object(map)))).into()
}

fn sorted(value: &RawValue) -> RawValue {
    match value {
        RawValue::Object(map) => {
            let mut members: Vec<_> = map.0.iter().map(|(key, value)| (key.clone(), sorted(value))).collect();
            members.sort_by(|a, b| a.0.cmp(&b.0));
            RawValue::Object(RawMap(members))
        }
        RawValue::List(items) => RawValue::List(items.iter().map(sorted).collect()),
        other => other.clone(),
    }
}
