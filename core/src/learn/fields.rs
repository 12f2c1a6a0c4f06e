//! The fields of a vertical: those of an entry of the catalogue, and one for each column that it does not know.

use crate::field::{EnumValue, FieldKind, FieldOptions};
use crate::model::{RawMap, RawValue};
use crate::profile::Profiler;
use crate::schema::{Field, Pii, Schema, plain_key};
use crate::validate::{each_field, reserved_name};
use std::collections::{BTreeMap, BTreeSet};

/// A closed set has at most so many words.
const WORDS: usize = 60;
const LONGEST: usize = 64;
/// What columns that name a person are called, as any entry of the catalogue has them.
const PEOPLE: &str = "us/home-services@1";

/// A field that the plan declares.
pub(super) struct Own {
    pub(super) name: String,
    pub(super) kind: FieldKind,
    /// Of an enumeration.
    pub(super) words: Vec<String>,
    pii: Pii,
}

/// A vertical: what it extends, and the fields of its own.
pub(super) struct Fields {
    pub(super) extends: Option<String>,
    pub(super) own: Vec<Own>,
    pub(super) schema: Schema,
}

impl Fields {
    /// The fields by which leads can be read; `leads` may be a part of them.
    pub(super) fn of<'a>(name: &str, extends: Option<&str>, leads: impl Iterator<Item = &'a RawMap>) -> Self {
        let mut schema = extends.and_then(Schema::named).unwrap_or_else(|| Schema::empty(name));
        let (mut profiler, mut words) = (Profiler::default(), BTreeMap::<String, BTreeSet<String>>::new());
        for lead in leads {
            profiler.add(lead);
            each_field(lead, |column, value| {
                let (RawValue::Text(text) | RawValue::Number(text)) = value else { return };
                let known = words.entry(column.to_owned()).or_default();
                if known.len() <= WORDS && !text.trim().is_empty() {
                    known.insert(text.trim().to_owned());
                }
            });
        }
        let mut own: Vec<Own> = Vec::new();
        let people = Schema::named(PEOPLE);
        for column in profiler.profile(&[], None).columns {
            let name = plain_key(&column.name);
            let there = own.iter().any(|own| own.name == name) || schema.find(&column.name).is_some();
            let Some(kind) = column.kind.filter(|_| !there && is_name(&name) && reserved_name(&column.name).is_none())
            else {
                continue;
            };
            let words = words.get(&column.name).map(|words| words.iter().cloned().collect()).unwrap_or_default();
            // Where few people were recorded their names are few words, and nothing that a plan may hold.
            let person = people.as_ref().and_then(|known| known.find(&column.name));
            let person = person.filter(|field| field.pii == Pii::Direct).map(|field| (field.kind, Vec::new()));
            let is_person = person.is_some();
            let (kind, words) = person.unwrap_or_else(|| told(kind, words));
            let pii = if is_person { Pii::Direct } else { Pii::of(kind, &FieldOptions::default()) };
            own.push(Own { name, kind, words, pii });
        }
        for own in &own {
            let values = own.words.iter().map(|word| EnumValue { id: word.clone(), synonyms: Vec::new() });
            let options = FieldOptions { values: values.collect(), ..FieldOptions::default() };
            schema.put(Field {
                name: own.name.clone(),
                kind: own.kind,
                required: false,
                required_if: Vec::new(),
                default: None,
                pii: own.pii,
                options,
                synonyms: Vec::new(),
                min: None,
                max: None,
            });
        }
        Self { extends: extends.map(str::to_owned), own, schema }
    }
}

/// A kind that a plan can compare by. Amounts have an order, numbers with decimals have none; words that are spelled
/// alike, and too many of them, are text.
fn told(kind: FieldKind, words: Vec<String>) -> (FieldKind, Vec<String>) {
    match kind {
        FieldKind::Decimal | FieldKind::Percent => (FieldKind::Money, Vec::new()),
        FieldKind::Enum => {
            let plain = |word: &String| word.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase();
            let told_apart: BTreeSet<String> = words.iter().map(plain).collect();
            let fine = told_apart.len() == words.len() && !told_apart.contains("") && words.len() <= WORDS;
            if fine { (FieldKind::Enum, words) } else { (FieldKind::Text, Vec::new()) }
        }
        other => (other, Vec::new()),
    }
}

fn is_name(name: &str) -> bool {
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
    let starts = name.starts_with(|c: char| c.is_ascii_lowercase());
    starts && name.bytes().all(plain) && name.len() <= LONGEST && !matches!(name, "note" | "any" | "all" | "area")
}
