//! The schemas that come with the library. A published version is never changed: a new one is added beside it.

mod auto_insurance;
mod contact;
mod home_services;
mod legal;
mod mortgage;
mod solar;

use super::entry::Field;
use super::pii::Pii;
use crate::field::{Condition, EnumValue, FieldKind, FieldOptions, Member, NamePart, Wanted};
use crate::model::{Money, Value};

/// All names, sorted.
pub(super) const NAMES: [&str; 6] =
    ["contact@1", "us/auto-insurance@1", "us/home-services@1", "us/legal@1", "us/mortgage@1", "us/solar@1"];

/// A row of a table.
pub(super) struct Entry {
    name: &'static str,
    is: Is,
    pii: Pii,
    required: bool,
    required_if: &'static [When],
    synonyms: &'static [&'static str],
}

/// What a field holds, with what its check is told.
enum Is {
    A(FieldKind),
    BirthDate,
    /// The same of somebody of at least so many years.
    Born(u32),
    /// A date that is not in the future.
    Past,
    Name(NamePart),
    OneOf(&'static [(&'static str, &'static [&'static str])]),
    Between(FieldKind, i64, i64),
    /// An amount of at most so many dollars.
    UpTo(i64),
    /// A text of at most so many characters.
    TextOf(usize),
    /// Several texts.
    Texts,
    /// A place of the United States only.
    InUs(FieldKind),
    /// Several things, each with these values.
    Things(&'static [Entry]),
}

/// When a field may not be missing; of several all must hold.
enum When {
    /// A field that is yes or no is yes.
    Yes(&'static str),
    /// A field has one of these words.
    OneOf(&'static str, &'static [&'static str]),
}

const fn entry(name: &'static str, is: Is, pii: Pii, synonyms: &'static [&'static str]) -> Entry {
    Entry { name, is, pii, required: false, required_if: &[], synonyms }
}

const fn required(name: &'static str, is: Is, pii: Pii, synonyms: &'static [&'static str]) -> Entry {
    Entry { name, is, pii, required: true, required_if: &[], synonyms }
}

/// The fields of a schema.
pub(super) fn fields_of(name: &str) -> Option<Vec<Field>> {
    let own = match name {
        // Published before there were kinds of their own for links, times and the like.
        "us/home-services@1" => return Some(together(plain(contact::FIELDS), home_services::FIELDS)),
        "us/auto-insurance@1" => return Some(together(plain(contact::FIELDS), auto_insurance::FIELDS)),
        "contact@1" => &[],
        "us/legal@1" => legal::FIELDS,
        "us/mortgage@1" => mortgage::FIELDS,
        "us/solar@1" => solar::FIELDS,
        _ => return None,
    };
    let mut shared = plain(contact::FIELDS);
    shared.iter_mut().for_each(contact::make_precise);
    match name.starts_with("us/") {
        true => shared.iter_mut().for_each(contact::keep_to_the_united_states),
        false => shared.iter_mut().for_each(contact::ask_for_either),
    }
    Some(together(shared, own))
}

fn plain(table: &[Entry]) -> Vec<Field> {
    table.iter().map(Entry::field).collect()
}

fn together(mut shared: Vec<Field>, own: &[Entry]) -> Vec<Field> {
    shared.extend(plain(own));
    shared
}

impl Entry {
    /// The same, required when all of this holds.
    const fn when(self, required_if: &'static [When]) -> Entry {
        Entry { required: false, required_if, ..self }
    }

    pub(super) fn field(&self) -> Field {
        let mut options = FieldOptions::default();
        let (mut least, mut greatest) = (None, None);
        let kind = match &self.is {
            Is::A(kind) => *kind,
            Is::BirthDate => {
                options.birth = true;
                FieldKind::Date
            }
            Is::Born(least) => {
                options.birth = true;
                options.min_age = Some(*least);
                FieldKind::Date
            }
            Is::Past => {
                options.past = true;
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
            Is::UpTo(dollars) => {
                greatest = Money::from_units(dollars.saturating_mul(Money::SCALE)).map(Value::Money);
                FieldKind::Money
            }
            Is::TextOf(characters) => {
                options.max_length = Some(*characters);
                FieldKind::Text
            }
            Is::Texts => {
                options.items = Some(Box::new(Member::new("", FieldKind::Text, FieldOptions::default())));
                FieldKind::List
            }
            Is::InUs(kind) => {
                options.region = Some("US".into());
                *kind
            }
            Is::Things(members) => {
                options.members = members.iter().map(Entry::member).collect();
                FieldKind::List
            }
        };
        Field {
            name: self.name.into(),
            kind,
            required: self.required,
            required_if: self.required_if.iter().map(When::condition).collect(),
            default: None,
            pii: self.pii,
            options,
            synonyms: self.synonyms.iter().map(|name| (*name).into()).collect(),
            min: least,
            max: greatest,
        }
    }
}

impl Entry {
    /// The same as a value inside of a thing.
    fn member(&self) -> Member {
        let Field { name, kind, options, synonyms, min, max, .. } = self.field();
        Member { name, kind, options, synonyms, min, max, required_if: Vec::new() }
    }
}

impl When {
    fn condition(&self) -> Condition {
        let (field, is) = match self {
            When::Yes(field) => (field, Wanted::OneOf(vec![Value::Bool(true)])),
            When::OneOf(field, words) => (field, Wanted::OneOf(words.iter().map(|word| Value::text(*word)).collect())),
        };
        Condition { field: (*field).into(), is }
    }
}

fn enum_value(value: &str, synonyms: &[&str]) -> EnumValue {
    EnumValue { id: value.into(), synonyms: synonyms.iter().map(|word| (*word).into()).collect() }
}
