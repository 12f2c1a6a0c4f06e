//! Which schema fits, and which of its fields a column with a strange name is.

use super::column::Column;
use crate::field::FieldKind;
use crate::schema::{Field, Schema, plain_key};
use crate::text::did_you_mean;
use crate::validate::reserved_name;
use serde::Serialize;
use std::cmp::Reverse;
use std::collections::BTreeSet;

/// A shorter name of a column is near to too many others.
const SHORTEST: usize = 4;

/// How well a schema fits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Candidate {
    /// Its name.
    pub schema: String,
    /// So many columns are its fields by their names.
    pub known: usize,
    /// Fields that a lead must have and no column is.
    pub missing: Vec<String>,
}

/// A column that seems to be a field under another name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Proposal {
    /// The name of the column.
    pub column: String,
    /// The field.
    pub field: String,
    /// Why.
    pub because: Because,
}

/// Why a column seems to be a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Because {
    /// Its name is nearly that of the field.
    NearName,
    /// Its name has a word of the field's, and its values are of the field's kind.
    SharedWord,
    /// Its values are of the kind of one field that no other column is.
    OnlyOfItsKind,
}

impl Because {
    /// In words.
    ///
    /// ```
    /// assert_eq!(leadwright::profile::Because::NearName.text(), "nearly its name");
    /// ```
    pub fn text(self) -> &'static str {
        match self {
            Because::NearName => "nearly its name",
            Because::SharedWord => "a word of its name, and its kind",
            Because::OnlyOfItsKind => "the only one of its kind",
        }
    }
}

/// The schemas, best first: most columns known, then fewest fields missing, then as they were given.
pub(super) fn ranked(schemas: &[Schema], columns: &[Column]) -> Vec<(usize, Candidate)> {
    let mut all: Vec<_> = schemas.iter().map(|schema| candidate(schema, columns)).enumerate().collect();
    all.sort_by_key(|(place, found)| (Reverse(found.known), found.missing.len(), *place));
    all
}

fn candidate(schema: &Schema, columns: &[Column]) -> Candidate {
    let found = taken(schema, columns);
    let missing = schema.fields().iter().filter(|field| field.required && !found.contains(field.name.as_str()));
    Candidate {
        schema: schema.name().into(),
        known: columns.iter().filter(|column| schema.find(&column.name).is_some()).count(),
        missing: missing.map(|field| field.name.clone()).collect(),
    }
}

/// The fields that columns are by their names.
fn taken<'s>(schema: &'s Schema, columns: &[Column]) -> BTreeSet<&'s str> {
    columns.iter().filter_map(|column| schema.find(&column.name)).map(|field| field.name.as_str()).collect()
}

/// One proposal at most for a column, and for a field; the surest first.
pub(super) fn proposals(schema: &Schema, columns: &[Column], kinds: &[Option<FieldKind>]) -> Vec<Proposal> {
    let mut taken = taken(schema, columns);
    let mut open: Vec<(&Column, FieldKind)> = columns
        .iter()
        .zip(kinds)
        .filter_map(|(column, kind)| Some((column, (*kind)?)))
        .filter(|(column, _)| schema.find(&column.name).is_none())
        .filter(|(column, _)| reserved_name(&column.name).is_none())
        .collect();
    let mut found = Vec::new();
    for because in [Because::SharedWord, Because::NearName, Because::OnlyOfItsKind] {
        let others: Vec<_> = open.iter().map(|(_, kind)| *kind).collect();
        open.retain(|(column, kind)| {
            let free: Vec<&Field> = schema
                .fields()
                .iter()
                .filter(|field| !taken.contains(field.name.as_str()) && may_be(field.kind, *kind, because))
                .collect();
            let alone = others.iter().filter(|other| *other == kind).count() == 1;
            let Some(field) = pick(because, &plain_key(&column.name), *kind, &free, alone) else { return true };
            taken.insert(field.name.as_str());
            found.push(Proposal { column: column.name.clone(), field: field.name.clone(), because });
            false
        });
    }
    found
}

/// A field of text takes everything; the words of an enumeration look like names and texts. Values too mixed to be told
/// are text, and may still be what a near name says.
fn may_be(field: FieldKind, values: FieldKind, because: Because) -> bool {
    let mixed = because == Because::NearName && values == FieldKind::Text;
    let wordy = |kind| matches!(kind, FieldKind::Text | FieldKind::Enum | FieldKind::Name);
    field == values || (wordy(field) && wordy(values)) || field == FieldKind::Text || mixed
}

fn pick<'f>(because: Because, column: &str, kind: FieldKind, free: &[&'f Field], alone: bool) -> Option<&'f Field> {
    let names = |field: &&'f Field| -> Vec<&'f str> {
        std::iter::once(field.name.as_str()).chain(field.synonyms.iter().map(String::as_str)).collect()
    };
    match because {
        // Everything is near to a name of two letters.
        Because::NearName => {
            let column = Some(column).filter(|name| name.chars().count() >= SHORTEST)?;
            let near = did_you_mean(column, free.iter().flat_map(names))?;
            free.iter().find(|field| names(field).contains(&near)).copied()
        }
        Because::SharedWord => {
            let words: BTreeSet<&str> = column.split(['_', '.']).collect();
            let shared = |field: &&&Field| {
                field.kind == kind && field.name.split(['_', '.']).any(|word| word.len() > 2 && words.contains(word))
            };
            free.iter().find(shared).copied()
        }
        Because::OnlyOfItsKind => {
            // A number, a date or a link may be of anything.
            use FieldKind::{Email, Ip, Leadid, Phone, Ssn, SsnLast4, State, TrustedformUrl, UserAgent, Vin, Zip};
            let telling = matches!(
                kind,
                Email | Ip | Leadid | Phone | Ssn | SsnLast4 | State | TrustedformUrl | UserAgent | Vin | Zip
            );
            let mut same = free.iter().filter(|field| field.kind == kind);
            let first = same.next().copied()?;
            (telling && alone && (same.next().is_none() || first.required)).then_some(first)
        }
    }
}
