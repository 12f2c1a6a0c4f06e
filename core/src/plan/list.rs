//! Lists: files of phones, email addresses, ZIP codes and the like, one entry a line.

use crate::field::{FieldKind, FieldOptions, check};
use crate::model::{RawValue, Value};
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// How the entries of a list are hashed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HashKind {
    Md5,
    Sha1,
    Sha256,
}

impl HashKind {
    pub(crate) fn named(word: &str) -> Option<Self> {
        match word {
            "md5" => Some(HashKind::Md5),
            "sha1" => Some(HashKind::Sha1),
            "sha256" => Some(HashKind::Sha256),
            _ => None,
        }
    }

    /// Small hex digits.
    pub(crate) fn of(self, text: &str) -> String {
        match self {
            HashKind::Md5 => hex(&Md5::digest(text)),
            HashKind::Sha1 => hex(&Sha1::digest(text)),
            HashKind::Sha256 => hex(&Sha256::digest(text)),
        }
    }

    fn digits(self) -> usize {
        match self {
            HashKind::Md5 => 32,
            HashKind::Sha1 => 40,
            HashKind::Sha256 => 64,
        }
    }
}

/// Small hex digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// A list of the plan.
#[derive(Clone)]
pub(crate) struct List {
    /// The field whose values it holds.
    pub(crate) of: String,
    pub(crate) hash: Option<HashKind>,
    /// SHA-256 of the file, 64 hex digits.
    pub(crate) content: String,
    /// Canonical values, or their hashes. None where only the list's name is known: in a stored plan.
    pub(crate) entries: Option<BTreeSet<Box<str>>>,
}

/// What was wrong with the lines of a list.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Faults {
    /// How many lines hold no value of the field, and the first of them.
    pub(crate) bad: usize,
    pub(crate) first_bad: usize,
    /// The line that holds the hash of an empty text (rule 74).
    pub(crate) hash_of_empty: Option<usize>,
}

impl List {
    /// Reads the lines of a file. Blank lines and those that begin with `#` are none.
    pub(crate) fn read(of: &str, kind: FieldKind, hash: Option<HashKind>, bytes: &[u8]) -> (Self, Faults) {
        let mut entries = BTreeSet::new();
        let mut faults = Faults::default();
        for (number, line) in bytes.split(|byte| *byte == b'\n').enumerate() {
            let line = String::from_utf8_lossy(line);
            let text = line.trim().trim_start_matches('\u{feff}');
            if text.is_empty() || text.starts_with('#') {
                continue;
            }
            let entry = match hash {
                Some(hash) => hashed(hash, text),
                None => canonical(of, kind, text),
            };
            if hash.is_some_and(|hash| entry.as_deref() == Some(hash.of("").as_str())) {
                faults.hash_of_empty.get_or_insert(number + 1);
                continue;
            }
            match entry {
                Some(entry) => drop(entries.insert(entry.into())),
                None => {
                    faults.bad += 1;
                    faults.first_bad = if faults.bad == 1 { number + 1 } else { faults.first_bad };
                }
            }
        }
        let content = HashKind::Sha256.of(&String::from_utf8_lossy(bytes));
        (Self { of: of.to_owned(), hash, content, entries: Some(entries) }, faults)
    }

    /// Whether a canonical value is on the list.
    pub(crate) fn holds(&self, value: &Value) -> Option<bool> {
        let entries = self.entries.as_ref()?;
        let text = comparable(value)?;
        Some(match self.hash {
            Some(hash) => entries.contains(hash.of(&text).as_str()),
            None => entries.contains(text.as_str()),
        })
    }
}

fn hashed(hash: HashKind, text: &str) -> Option<String> {
    let right = text.len() == hash.digits() && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    right.then(|| text.to_ascii_lowercase())
}

/// An entry in the form that leads have after validation.
fn canonical(of: &str, kind: FieldKind, text: &str) -> Option<String> {
    if matches!(of, "city" | "state" | "zip") {
        return Some(text.to_uppercase());
    }
    comparable(&check(kind, &RawValue::text(text), "", &FieldOptions::default()).value?)
}

fn comparable(value: &Value) -> Option<String> {
    match value {
        Value::Text(text) => Some(text.clone()),
        Value::Record(parts) => parts.get("key").and_then(Value::as_text).map(str::to_owned),
        other => serde_json::to_string(other).ok().map(|text| text.trim_matches('"').to_owned()),
    }
}
