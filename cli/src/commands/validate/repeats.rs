//! Values that come more than once in a file: a sign of bots, of buttons pressed twice, and of lists sold twice.

use leadwright::model::Value;
use leadwright::validate::ValidatedLine;
use std::collections::BTreeMap;
use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

/// What people come under.
const FIELDS: [&str; 3] = ["phone", "email", "ip"];

/// Values beyond these are not remembered, so that a huge file does not fill the memory: 8 bytes each.
const MOST: usize = 20_000_000;

#[derive(Default)]
pub(super) struct Repeats {
    /// Hashes; only how many there are is ever looked at.
    seen: BTreeMap<&'static str, HashSet<u64>>,
    /// Leads whose value came before, by field.
    pub(super) leads: BTreeMap<&'static str, u64>,
}

impl Repeats {
    pub(super) fn is_none(&self) -> bool {
        self.leads.is_empty()
    }

    pub(super) fn add(&mut self, line: &ValidatedLine) {
        for field in FIELDS {
            let Some(text) = line.lead.canonical.get(field).and_then(Value::as_text) else { continue };
            let mut hasher = DefaultHasher::new();
            text.to_lowercase().hash(&mut hasher);
            let seen = self.seen.entry(field).or_default();
            let hash = hasher.finish();
            let came = if seen.len() < MOST { !seen.insert(hash) } else { seen.contains(&hash) };
            *self.leads.entry(field).or_default() += u64::from(came);
        }
        self.leads.retain(|_, leads| *leads > 0);
    }
}
