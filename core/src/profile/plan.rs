//! A piece of a plan in which the columns of a file are fields.

use super::{ColumnProfile, Profile};
use crate::field::FieldKind;
use crate::model::looks_like_a_value;
use crate::schema::plain_key;
use crate::validate::reserved_name;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Longest name of a field of a plan.
const LONGEST: usize = 64;

/// Whether a column can be a field of a plan: its name may be written there, and is one.
fn may_be_named(column: &ColumnProfile, name: &str) -> bool {
    let plain = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_lowercase())
            && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
    };
    name.split('.').all(plain) && name.len() <= LONGEST && name != "note" && !looks_like_a_value(&column.name)
}

impl Profile {
    /// What to paste into a plan under `verticals`, so that its leads are read as they were here: an entry that extends the
    /// best schema, with the proposed names, and a field for each column that no schema knows. Without a header there
    /// is none. What is required of a lead is left as the schema has it.
    ///
    /// ```
    /// use leadwright::{model::read_raw, profile::Profiler, schema::Schema};
    /// let schema = Schema::named("us/home-services@1").ok_or("no such schema")?;
    /// let mut profiler = Profiler::default();
    /// profiler.add(&read_raw(br#"{"Best Contact Phone":"(312) 867-5309","Rooms":7}"#)?.map);
    /// let piece = profiler.profile(std::slice::from_ref(&schema), None).plan_piece().ok_or("no header")?;
    /// assert_eq!(piece, r#""home-services": { "extends": "us/home-services@1", "fields": {
    ///   "phone": { "synonyms": ["Best Contact Phone"] },
    ///   "rooms": { "is": "integer", "optional": true } } }"#);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn plan_piece(&self) -> Option<String> {
        let best = self.schemas.first().filter(|_| !self.header_missing)?;
        let mut lines: Vec<String> = Vec::new();
        let mut names: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for proposal in self.proposals.iter().filter(|proposal| !looks_like_a_value(&proposal.column)) {
            names.entry(&proposal.field).or_default().push(&proposal.column);
        }
        for (field, columns) in names {
            let columns = serde_json::to_string(&columns).unwrap_or_default().replace("\",\"", "\", \"");
            lines.push(format!("  {}: {{ \"synonyms\": {columns} }}", quoted(field)));
        }
        let mut own: BTreeMap<String, FieldKind> = BTreeMap::new();
        for column in &self.columns {
            let (None, Some(kind)) = (&column.field, column.kind) else { continue };
            let name = plain_key(&column.name);
            if reserved_name(&column.name).is_none() && may_be_named(column, &name) {
                own.entry(name).or_insert(kind);
            }
        }
        for (name, kind) in own {
            // The words of a closed set are values, and a profile shows none.
            let kind = if kind == FieldKind::Enum { FieldKind::Text } else { kind };
            lines.push(format!("  {}: {{ \"is\": \"{}\", \"optional\": true }}", quoted(&name), kind.as_str()));
        }
        let id = best.schema.split('@').next().and_then(|name| name.rsplit('/').next()).unwrap_or_default();
        let mut piece = format!("{}: {{ \"extends\": {}", quoted(id), quoted(&best.schema));
        if !lines.is_empty() {
            let _ = write!(piece, ", \"fields\": {{\n{} }}", lines.join(",\n"));
        }
        piece.push_str(" }");
        Some(piece)
    }
}

fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_default()
}
