//! Under which names a person who took a consent back is found again: hashes, so that the store holds nobody's number.

use crate::field::{FieldKind, FieldOptions, check};
use crate::model::{RawValue, Value};
use crate::schema::Schema;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

/// What the name of every such setting begins with.
const REVOKED: &str = "revoked|";

/// What people are known by.
const KINDS: [(&str, FieldKind); 2] = [("phone", FieldKind::Phone), ("email", FieldKind::Email)];

/// The names of a person in a canonical lead, each with the field that it is of.
pub(crate) fn keys_of(schema: &Schema, lead: &BTreeMap<String, Value>) -> BTreeMap<String, String> {
    let mut keys = BTreeMap::new();
    for (word, kind) in KINDS {
        schema.each_of(kind, lead, &mut |field, text| {
            keys.entry(key(word, text)).or_insert_with(|| field.to_owned());
        });
    }
    keys
}

/// The names of a phone and of an email address as somebody wrote them. None where one cannot be read.
pub(crate) fn person_keys(phone: Option<&str>, email: Option<&str>) -> Result<BTreeSet<String>, &'static str> {
    let read = |kind, text: &str, word: &'static str| {
        let options = FieldOptions { region: Some("US".into()), ..FieldOptions::default() };
        let found = check(kind, &RawValue::text(text), "", &options).value;
        let text = found.as_ref().and_then(Value::as_text).map(|text| key(word, text));
        text.ok_or(word)
    };
    let mut keys = BTreeSet::new();
    keys.extend(phone.map(|text| read(FieldKind::Phone, text, "phone")).transpose()?);
    keys.extend(email.map(|text| read(FieldKind::Email, text, "email")).transpose()?);
    Ok(keys)
}

/// 128 bits of a SHA-256; letters of an email address do not matter (rule 73).
fn key(word: &str, text: &str) -> String {
    let mut sha = Sha256::new();
    sha.update("lw1|revoked|");
    sha.update(word);
    sha.update("|");
    sha.update(text.to_lowercase());
    let hash: String = sha.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    format!("{REVOKED}{word}|{hash}")
}
