//! The lists of a plan: text files with one entry a line that belong to it, and those that stay outside.

use crate::field::{FieldKind, FieldOptions, check};
use crate::lists::{Entries, ListDigest, ListHash, ListOf, MemoryList};
use crate::model::{Edit, Fix, RawValue, Span, Value};
use crate::schema::Schema;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Where the entries of a list are.
#[derive(Clone)]
pub(crate) enum From {
    /// In a text file of the plan. None where only the list's name is known: in a stored plan.
    Plan(Option<Arc<MemoryList>>),
    /// In a compiled file beside the plan.
    Compiled(String),
    /// Whoever opens the engine gives it.
    Host,
}

/// A list of the plan.
#[derive(Clone)]
pub(crate) struct List {
    /// The field whose values it holds.
    pub(crate) of: String,
    /// The kind of that field.
    pub(crate) kind: FieldKind,
    pub(crate) entries: Entries,
    /// SHA-256 of the file, 64 hex digits; empty where it is no part of the plan.
    pub(crate) content: String,
    pub(crate) from: From,
    /// Whether no entries at all are right.
    pub(crate) may_be_empty: bool,
    /// How old it may be, in milliseconds.
    pub(crate) max_age: Option<i64>,
}

/// What was wrong with the lines of a list.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Faults {
    /// How many lines hold no value of the field, and the first of them.
    pub(crate) bad: usize,
    pub(crate) first_bad: usize,
    /// The line that holds the hash of an empty text (rule 74).
    pub(crate) hash_of_empty: Option<usize>,
    /// Where the first of those lines begin, and the one with that hash.
    pub(crate) begin: Vec<usize>,
    pub(crate) empty_begins: Option<usize>,
}

/// What values of a field kind are on a list.
pub(crate) fn list_of(kind: FieldKind) -> ListOf {
    match kind {
        FieldKind::Phone => ListOf::Phone,
        FieldKind::Email => ListOf::Email,
        _ => ListOf::Other,
    }
}

/// So many lines of a list are mended at once; who has more looks at the whole file.
const MENDED_LINES: usize = 64;

impl Faults {
    /// Edits that make remarks of the lines, so that nothing is lost.
    pub(crate) fn remarks(&self, file: &str, begin: &[usize]) -> Option<Fix> {
        let edit = |at: &usize| {
            let at = u32::try_from(*at).ok()?;
            Some(Edit { file: Some(file.to_owned()), span: Span { start: at, end: at }, text: "# ".to_owned() })
        };
        let edits: Option<Vec<Edit>> = begin.iter().map(edit).collect();
        Some(Fix { safe: false, edits: edits.filter(|edits| !edits.is_empty())? })
    }
}

impl List {
    /// Reads the lines of a file. Blank lines and those that begin with `#` are none. `hash` when the entries are hashed.
    pub(crate) fn read(&mut self, hash: Option<ListHash>, bytes: &[u8]) -> Faults {
        let mut digests = Vec::new();
        let mut faults = Faults::default();
        let mut next = 0;
        for (number, line) in bytes.split(|byte| *byte == b'\n').enumerate() {
            let begin = next;
            next += line.len() + 1;
            let line = String::from_utf8_lossy(line);
            let text = line.trim().trim_start_matches('\u{feff}');
            if text.is_empty() || text.starts_with('#') {
                continue;
            }
            let digest = match hash {
                Some(hash) => hash.parse_hex(text),
                None => self.in_clear(text),
            };
            match digest {
                Some(digest) if digest == self.entries.of_empty() => {
                    faults.hash_of_empty.get_or_insert(number + 1);
                    faults.empty_begins.get_or_insert(begin);
                }
                Some(digest) => digests.push(digest),
                None => {
                    faults.bad += 1;
                    if faults.begin.len() < MENDED_LINES {
                        faults.begin.push(begin);
                    }
                    faults.first_bad = if faults.bad == 1 { number + 1 } else { faults.first_bad };
                }
            }
        }
        self.content = crate::lists::hex(&Sha256::digest(bytes));
        self.include(digests);
        faults
    }

    /// Takes the digests of a list that belongs to the plan.
    pub(crate) fn include(&mut self, digests: impl IntoIterator<Item = ListDigest>) {
        let version = self.content.get(..16).unwrap_or_default();
        self.from = From::Plan(Some(Arc::new(MemoryList::new(self.entries.clone(), version, digests))));
    }

    /// The digest of an entry in clear, which is brought into the form that leads have after validation.
    fn in_clear(&self, text: &str) -> Option<ListDigest> {
        if self.entries.of != ListOf::Other {
            return self.entries.entry(text, false);
        }
        let value = if matches!(self.of.as_str(), "city" | "state" | "zip") {
            text.to_uppercase()
        } else {
            comparable(&check(self.kind, &RawValue::text(text), "", &FieldOptions::default()).value?)?
        };
        self.entries.digests(&value).first().copied()
    }

    /// The values of a lead that may be on it: of a list of phones or email addresses every such field, of any other
    /// list its field.
    pub(crate) fn values_of(&self, schema: &Schema, lead: &BTreeMap<String, Value>) -> Vec<String> {
        let value = |name: &str| lead.get(name).and_then(comparable).filter(|text| !text.is_empty());
        if self.entries.of == ListOf::Other {
            return value(&self.of).into_iter().collect();
        }
        let mut values: Vec<String> = Vec::new();
        // Letters of an email address do not matter (rule 73), and a list of the host is asked as it is promised.
        schema.each_of(self.kind, lead, &mut |_, text| values.push(text.to_lowercase()));
        values.sort();
        values.dedup();
        values
    }
}

fn comparable(value: &Value) -> Option<String> {
    match value {
        Value::Text(text) => Some(text.clone()),
        Value::Record(parts) => parts.get("key").and_then(Value::as_text).map(str::to_owned),
        other => serde_json::to_string(other).ok().map(|text| text.trim_matches('"').to_owned()),
    }
}
