//! The schemas that come with the library. A published version is never changed: a new one is added beside it.

mod auto_insurance;
mod contact;
mod home_services;

use super::entry::Field;
use super::pii::Pii;
use crate::field::{EnumValue, FieldKind, FieldOptions, NamePart};
use crate::model::Value;

/// All names, sorted.
pub(super) const NAMES: [&str; 2] = ["us/auto-insurance@1", "us/home-services@1"];

/// A row of a table.
pub(super) struct Entry {
    name: &'static str,
    is: Is,
    pii: Pii,
    required: bool,
    synonyms: &'static [&'static str],
}

/// What a field holds, with what its check is told.
enum Is {
    A(FieldKind),
    BirthDate,
    Name(NamePart),
    OneOf(&'static [(&'static str, &'static [&'static str])]),
    Between(FieldKind, i64, i64),
}

const fn entry(name: &'static str, is: Is, pii: Pii, synonyms: &'static [&'static str]) -> Entry {
    Entry { name, is, pii, required: false, synonyms }
}

const fn required(name: &'static str, is: Is, pii: Pii, synonyms: &'static [&'static str]) -> Entry {
    Entry { name, is, pii, required: true, synonyms }
}

/// The tables of a schema.
pub(super) fn fields_of(name: &str) -> Option<[&'static [Entry]; 2]> {
    match name {
        "us/home-services@1" => Some([contact::FIELDS, home_services::FIELDS]),
        "us/auto-insurance@1" => Some([contact::FIELDS, auto_insurance::FIELDS]),
        _ => None,
    }
}

impl Entry {
    pub(super) fn field(&self) -> Field {
        let mut options = FieldOptions::default();
        let (mut least, mut greatest) = (None, None);
        let kind = match &self.is {
            Is::A(kind) => *kind,
            Is::BirthDate => {
                options.birth = true;
                FieldKind::Date
            }
            Is::Name(part) => {
                options.part = *part;
                FieldKind::Name
            }
            Is::OneOf(values) => {
                options.values = values.iter().map(|(value, synonyms)| enum_value(value, synonyms)).collect();
                FieldKind::Enum
            }
            Is::Between(kind, min, max) => {
                least = Some(Value::Int(*min));
                greatest = Some(Value::Int(*max));
                *kind
            }
        };
        Field {
            name: self.name.into(),
            kind,
            required: self.required,
            required_if: Vec::new(),
            default: None,
            pii: self.pii,
            options,
            synonyms: self.synonyms.iter().map(|name| (*name).into()).collect(),
            min: least,
            max: greatest,
        }
    }
}

fn enum_value(value: &str, synonyms: &[&str]) -> EnumValue {
    EnumValue { id: value.into(), synonyms: synonyms.iter().map(|word| (*word).into()).collect() }
}
