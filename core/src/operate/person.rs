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

/// The names of a phone and of an email address as somebody wrote them. What cannot be read is an error, its word.
pub(crate) fn person_keys(phone: Option<&str>, email: Option<&str>) -> Result<BTreeSet<String>, &'static str> {
    let mut keys = BTreeSet::new();
    keys.extend(phone.map(read_phone).transpose()?.map(|text| key("phone", &text)));
    keys.extend(email.map(read_email).transpose()?.map(|text| key("email", &text)));
    Ok(keys)
}

/// A phone as people write it, as a lead has it.
pub(crate) fn read_phone(text: &str) -> Result<String, &'static str> {
    read(FieldKind::Phone, text).ok_or("phone")
}

/// An email address as people write it, as a lead has it.
pub(crate) fn read_email(text: &str) -> Result<String, &'static str> {
    read(FieldKind::Email, text).ok_or("email")
}

fn read(kind: FieldKind, text: &str) -> Option<String> {
    let options = FieldOptions { region: Some("US".into()), ..FieldOptions::default() };
    let found = check(kind, &RawValue::text(text), "", &options).value;
    Some(found?.as_text()?.to_owned())
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
