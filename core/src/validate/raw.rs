//! The raw lead: flattened to one level, and hashed.

use super::envelope::{self, Reserved};
use crate::model::limits::LEAD_FIELDS;
use crate::model::{RawMap, RawValue, write_raw};
use crate::schema::{Field, Schema, plain_form};
use sha2::{Digest, Sha256};
use std::borrow::Cow;

/// One field as it came in.
pub(super) struct RawField<'a> {
    /// Its name; members of an object follow a dot.
    pub(super) name: Cow<'a, str>,
    /// The same in plain form.
    pub(super) plain: Cow<'a, str>,
    /// JSON Pointer to it.
    pub(super) path: &'a str,
    pub(super) value: &'a RawValue,
    /// The field of the schema that it is, and its place there; none of one that the schema does not know.
    pub(super) known: Option<(usize, &'a Field)>,
    /// What it says about the request instead.
    pub(super) reserved: Option<Reserved>,
}

impl<'a> RawField<'a> {
    /// The field of the schema that it is.
    pub(super) fn field(&self) -> Option<&'a Field> {
        self.known.map(|(_, field)| field)
    }
}

/// All fields, objects opened but for those that are one value (a record of the schema).
pub(super) struct Opened<'a> {
    found: Vec<(Cow<'a, str>, &'a RawValue, usize)>,
    /// All JSON Pointers, one behind the other.
    paths: String,
    /// There were more than a lead may have.
    pub(super) too_many: bool,
}

impl<'a> Opened<'a> {
    pub(super) fn of(raw: &'a RawMap, is_value: &dyn Fn(&str) -> bool) -> Self {
        let count = raw.0.len() + 8;
        let mut opened =
            Self { found: Vec::with_capacity(count), paths: String::with_capacity(count * 16), too_many: false };
        opened.open(raw, "", "", is_value);
        opened.too_many = opened.found.len() > LEAD_FIELDS;
        opened.found.truncate(LEAD_FIELDS);
        opened
    }

    fn open(&mut self, map: &'a RawMap, name: &str, path: &str, is_value: &dyn Fn(&str) -> bool) {
        for (key, value) in &map.0 {
            if self.found.len() > LEAD_FIELDS {
                return;
            }
            let name = if name.is_empty() { Cow::Borrowed(key.as_str()) } else { Cow::Owned(format!("{name}.{key}")) };
            if let RawValue::Object(inner) = value
                && !is_value(&name)
            {
                let mut inside = path.to_owned();
                add_step(&mut inside, key);
                self.open(inner, &name, &inside, is_value);
                continue;
            }
            self.paths.push_str(path);
            add_step(&mut self.paths, key);
            self.found.push((name, value, self.paths.len()));
        }
    }

    /// The fields with what a schema knows of them.
    pub(super) fn known(&'a self, schema: &'a Schema) -> Vec<RawField<'a>> {
        let mut start = 0;
        let fields = self.found.iter().map(|(name, value, end)| {
            let path = self.paths.get(start..*end).unwrap_or_default();
            start = *end;
            let plain = plain_form(name);
            let (known, reserved) = (schema.find_plain(&plain), envelope::reserved_plain(&plain));
            RawField { name: Cow::Borrowed(name), plain, path, value, known, reserved }
        });
        fields.collect()
    }
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
    Opened::of(raw, &|_| false).found.iter().for_each(|(name, value, _)| look(name, value));
}

/// RFC 6901: `~` and `/` are written `~0` and `~1`. A name is no value, but may be as long as one.
fn add_step(path: &mut String, key: &str) {
    path.push('/');
    if key.len() <= 64 && !key.contains(['~', '/']) {
        return path.push_str(key);
    }
    let short: String = key.chars().take(64).collect();
    path.push_str(&short.replace('~', "~0").replace('/', "~1"));
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
