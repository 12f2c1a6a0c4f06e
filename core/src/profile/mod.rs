//! What somebody's file of leads holds: which columns, of which kinds, and by which schema they can be read.
//!
//! Nothing that a profile says holds a value: only counts, the shapes of values, and names of columns that look like
//! names.

mod column;
mod guess;
mod plan;
mod propose;

pub use column::ColumnProfile;
pub use propose::{Because, Candidate, Proposal};

use crate::model::{Date, RawMap, looks_like_a_value, shown_name};
use crate::schema::Schema;
use crate::validate::each_field;
use column::Column;
use serde::Serialize;
use std::collections::BTreeMap;

/// Columns beyond these are only counted: names come from outside, and memory must not.
const COLUMNS: usize = 512;

/// What a file of leads holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Profile {
    /// Version of this format: 1.
    pub v: u32,
    /// So many leads were looked at.
    pub leads: u64,
    /// The names of the columns look like the values of a lead: there seems to be no header.
    pub header_missing: bool,
    /// The schemas of the catalogue, or the one that was asked for, best first.
    pub schemas: Vec<Candidate>,
    /// The columns: those of the first lead by their names, then those of later ones.
    pub columns: Vec<ColumnProfile>,
    /// Columns that were not counted one by one.
    #[serde(skip_serializing_if = "is_zero")]
    pub columns_beyond: u64,
    /// Names of columns to declare as synonyms of fields of the best schema.
    pub proposals: Vec<Proposal>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the form that serde asks for")]
fn is_zero(count: &u64) -> bool {
    *count == 0
}

impl Profile {
    /// A schema with the proposed synonyms.
    ///
    /// ```
    /// use leadwright::{model::read_raw, profile::Profiler, schema::Schema};
    /// let schema = Schema::named("us/home-services@1").ok_or("no such schema")?;
    /// let mut profiler = Profiler::default();
    /// profiler.add(&read_raw(br#"{"customer_cell_phone":"(312) 867-5309","zip":"60601"}"#)?.map);
    /// let profile = profiler.profile(std::slice::from_ref(&schema), None);
    /// assert_eq!(profile.proposals[0].field, "phone");
    /// let schema = profile.apply(schema);
    /// assert_eq!(schema.find("customer_cell_phone").map(|field| field.name.as_str()), Some("phone"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn apply(&self, mut schema: Schema) -> Schema {
        let mut wanted: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for proposal in &self.proposals {
            wanted.entry(&proposal.field).or_default().push(&proposal.column);
        }
        for (name, columns) in wanted {
            let Some(mut field) = schema.field(name).cloned() else { continue };
            field.synonyms.extend(columns.into_iter().map(crate::schema::plain_key));
            schema.put(field);
        }
        schema
    }
}

/// Looks at one lead after the other. It keeps up to 2,000 values of each column, spread evenly over all leads.
///
/// ```
/// use leadwright::{model::read_raw, profile::Profiler, schema::Schema};
/// let mut profiler = Profiler::default();
/// for n in 0..9 {
///     let lead = format!(r#"{{"Contact":"amy{n}@example.com","seen":"2026-11-0{}"}}"#, n + 1);
///     profiler.add(&read_raw(lead.as_bytes())?.map);
/// }
/// let catalogue: Vec<_> = Schema::catalogue().filter_map(Schema::named).collect();
/// let profile = profiler.profile(&catalogue, None);
/// assert_eq!(profile.columns[0].kind.map(|kind| kind.as_str()), Some("email"));
/// assert_eq!(profile.columns[0].shapes[0].0, "aaa9@aaaaaaa.aaa");
/// assert_eq!(profile.columns[1].kind.map(|kind| kind.as_str()), Some("date"));
/// # Ok::<(), leadwright::model::JsonError>(())
/// ```
#[derive(Clone, Default)]
pub struct Profiler {
    leads: u64,
    /// Column by name, in the order of first sight.
    places: BTreeMap<String, usize>,
    columns: Vec<Column>,
    beyond: u64,
}

impl std::fmt::Debug for Profiler {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Profiler").field("leads", &self.leads).field("columns", &self.columns.len()).finish()
    }
}

impl Profiler {
    /// Looks at a lead. Members of an object are columns of their own, with a dot between the names.
    pub fn add(&mut self, raw: &RawMap) {
        self.leads += 1;
        each_field(raw, |name, value| {
            let place = match self.places.get(name) {
                Some(place) => *place,
                None if self.columns.len() < COLUMNS => {
                    self.columns.push(Column::new(name));
                    self.places.insert(name.to_owned(), self.columns.len() - 1);
                    self.columns.len() - 1
                }
                None => {
                    self.beyond += 1;
                    return;
                }
            };
            if let Some(column) = self.columns.get_mut(place) {
                column.add(value);
            }
        });
    }

    /// What was seen. Of several schemas the one that knows most of the columns is the first among
    /// [`Profile::schemas`], and proposals are made for it. Dates are judged as on the day `as_of`.
    pub fn profile(&self, schemas: &[Schema], as_of: Option<Date>) -> Profile {
        let header_missing = self.columns.iter().any(|column| looks_like_a_value(&column.name));
        let mut ranked = propose::ranked(schemas, &self.columns);
        let best = ranked.first().and_then(|(place, _)| schemas.get(*place));
        let kinds: Vec<_> = self.columns.iter().map(|column| guess::kind(column, as_of)).collect();
        let proposals = match best {
            Some(schema) if !header_missing => propose::proposals(schema, &self.columns, &kinds),
            _ => Vec::new(),
        };
        if let Some((_, first)) = ranked.first_mut() {
            first.missing.retain(|name| !proposals.iter().any(|proposal| proposal.field == *name));
        }
        let columns = self.columns.iter().zip(kinds).enumerate().map(|(at, (column, kind))| {
            let shown = match header_missing {
                true => format!("column {}", at + 1),
                false => shown_name(&column.name),
            };
            let proposed = || proposals.iter().find(|proposal| proposal.column == column.name);
            let field = best
                .filter(|_| !header_missing)
                .and_then(|schema| schema.find(&column.name).or_else(|| schema.field(&proposed()?.field)));
            column.profile(shown, kind, field, as_of)
        });
        Profile {
            v: 1,
            leads: self.leads,
            header_missing,
            columns: columns.collect(),
            schemas: ranked.into_iter().map(|(_, candidate)| candidate).collect(),
            columns_beyond: self.beyond,
            proposals,
        }
    }
}

#[cfg(test)]
mod tests;
