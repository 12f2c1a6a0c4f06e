//! What a check may be told.

use super::FieldKind;
use crate::model::{Code, Date, Problem, RawMap, RawValue};
use crate::text::did_you_mean;

/// A word of a closed set and other spellings of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnumValue {
    /// The canonical word.
    pub id: String,
    /// What else is taken for it.
    pub synonyms: Vec<String>,
}

/// How an email address or a phone number is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reading {
    /// What people type is repaired, and letters are made small.
    #[default]
    Lead,
    /// The text as it stands: an address as mail hosts of the net take it, a number as libphonenumber does.
    Strict,
    /// All of RFC 5321: quoted local parts and address literals too.
    Rfc5321,
}

/// How a domain of other letters than ASCII is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Idn {
    /// As `xn--…`.
    #[default]
    Ascii,
    /// In its own letters.
    Unicode,
}

/// Which part of a name a field holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NamePart {
    /// First and last name.
    #[default]
    Whole,
    /// The first name, or several given names.
    First,
    /// The last name.
    Last,
}

/// A value with a name inside of a record, or an item of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub kind: FieldKind,
    /// What its check is told.
    pub options: FieldOptions,
    /// Other names that suppliers give it.
    pub synonyms: Vec<String>,
}

impl Member {
    /// Whether a key is its name or one of its other names; capitals and signs between words make no difference.
    pub(super) fn is(&self, key: &str) -> bool {
        let plain = |text: &str| -> String {
            text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
        };
        let key = plain(key);
        std::iter::once(&self.name).chain(&self.synonyms).any(|name| plain(name) == key)
    }
}

/// What a check may be told; every kind looks only at what concerns it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldOptions {
    /// Phone: the country (ISO 3166-1 alpha-2) of a number without a country code. When absent it is US, but none in a
    /// strict reading; `ZZ` is none.
    pub region: Option<String>,
    /// Email and phone: how it is read.
    pub reading: Reading,
    /// Email: how the domain is written.
    pub idn: Idn,
    /// Name: which part of it.
    pub part: NamePart,
    /// Date: it is a date of birth.
    pub birth: bool,
    /// Date: today, where a date of birth is judged or the year has two digits. Certificate: the day it is judged on.
    pub as_of: Option<Date>,
    /// Certificate: the day the form was sent.
    pub issued: Option<Date>,
    /// Date of birth: youngest age in years; needs `as_of`.
    pub min_age: Option<u32>,
    /// The field may not be absent.
    pub required: bool,
    /// Enum: the words.
    pub values: Vec<EnumValue>,
    /// Numbers but money: least value.
    pub min: Option<i64>,
    /// Numbers but money: greatest value.
    pub max: Option<i64>,
    /// Text: most characters.
    pub max_length: Option<usize>,
    /// Date: `03/04/2026` is 3 April.
    pub day_first: bool,
    /// Timestamp: the time zone (IANA name) of a time without one.
    pub zone: Option<String>,
    /// List: what each item is; a record when absent.
    pub items: Option<Box<Member>>,
    /// Record, and list of records: the values with their names.
    pub members: Vec<Member>,
}

const NAMES: [&str; 17] = [
    "as_of",
    "day_first",
    "idn",
    "issued",
    "items",
    "kind",
    "max",
    "max_length",
    "members",
    "min",
    "min_age",
    "part",
    "reading",
    "region",
    "required",
    "values",
    "zone",
];

impl FieldOptions {
    /// From the object `opts` of a line. An option that is unknown or has the wrong type is a problem and left out.
    ///
    /// ```
    /// use leadwright::field::FieldOptions;
    /// let opts = leadwright::model::read_raw(br#"{"required": true, "regoin": "DE"}"#)?.map;
    /// let (options, problems) = FieldOptions::from_raw(&opts);
    /// assert!(options.required);
    /// assert_eq!(problems[0].suggestion.as_deref(), Some("region"));
    /// # Ok::<(), leadwright::model::JsonError>(())
    /// ```
    pub fn from_raw(map: &RawMap) -> (Self, Vec<Problem>) {
        let mut options = Self::default();
        let mut problems = Vec::new();
        for (name, value) in &map.0 {
            if options.set(name, value).is_none() {
                let mut problem = Problem::new(Code::FieldUnknownOption, "/opts").with_shape(value.shape());
                if let Some(near) = did_you_mean(name, NAMES).filter(|near| near != name) {
                    problem = problem.with_suggestion(near);
                }
                problems.push(problem);
            }
        }
        (options, problems)
    }

    fn set(&mut self, name: &str, value: &RawValue) -> Option<()> {
        match (name, value) {
            ("region", RawValue::Text(text)) => self.region = Some(text.clone()),
            ("reading", RawValue::Text(text)) => self.reading = reading(text)?,
            ("idn", RawValue::Text(text)) => self.idn = idn(text)?,
            ("part", RawValue::Text(text)) => self.part = part(text)?,
            ("kind", RawValue::Text(text)) => self.birth = text == "dob",
            ("as_of", RawValue::Text(text)) => self.as_of = Some(text.parse().ok()?),
            ("issued", RawValue::Text(text)) => self.issued = Some(text.parse().ok()?),
            ("required", RawValue::Bool(yes)) => self.required = *yes,
            ("zone", RawValue::Text(text)) => self.zone = Some(text.clone()),
            ("items", RawValue::Text(text)) => self.items = Some(Box::new(member("", text)?)),
            ("members", RawValue::Object(map)) => self.members = map.0.iter().map(named).collect::<Option<_>>()?,
            ("day_first", RawValue::Bool(yes)) => self.day_first = *yes,
            ("min_age", RawValue::Number(text)) => self.min_age = Some(text.parse().ok()?),
            ("min", RawValue::Number(text)) => self.min = Some(text.parse().ok()?),
            ("max", RawValue::Number(text)) => self.max = Some(text.parse().ok()?),
            ("max_length", RawValue::Number(text)) => self.max_length = Some(text.parse().ok()?),
            ("values", RawValue::List(items)) => self.values = items.iter().map(word).collect::<Option<_>>()?,
            ("values", RawValue::Object(map)) => self.values = map.0.iter().map(spelt).collect::<Option<_>>()?,
            _ => return None,
        }
        Some(())
    }
}

fn member(name: &str, kind: &str) -> Option<Member> {
    let kind = kind.parse().ok()?;
    Some(Member { name: name.to_owned(), kind, options: FieldOptions::default(), synonyms: Vec::new() })
}

fn named((name, raw): &(String, RawValue)) -> Option<Member> {
    let RawValue::Text(kind) = raw else { return None };
    member(name, kind)
}

fn reading(word: &str) -> Option<Reading> {
    match word {
        "lead" => Some(Reading::Lead),
        "strict" => Some(Reading::Strict),
        "rfc5321" => Some(Reading::Rfc5321),
        _ => None,
    }
}

fn part(word: &str) -> Option<NamePart> {
    match word {
        "whole" => Some(NamePart::Whole),
        "first" => Some(NamePart::First),
        "last" => Some(NamePart::Last),
        _ => None,
    }
}

fn idn(word: &str) -> Option<Idn> {
    match word {
        "ascii" => Some(Idn::Ascii),
        "unicode" => Some(Idn::Unicode),
        _ => None,
    }
}

fn word(raw: &RawValue) -> Option<EnumValue> {
    let RawValue::Text(id) = raw else { return None };
    Some(EnumValue { id: id.clone(), synonyms: Vec::new() })
}

fn spelt((id, raw): &(String, RawValue)) -> Option<EnumValue> {
    let RawValue::List(items) = raw else { return None };
    let synonyms = items.iter().map(|item| Some(word(item)?.id)).collect::<Option<_>>()?;
    Some(EnumValue { id: id.clone(), synonyms })
}
