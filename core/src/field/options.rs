//! What a check may be told.

use super::Member;
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

/// What a check may be told; every kind looks only at what concerns it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldOptions {
    /// Phone: the country (ISO 3166-1 alpha-2) of a number without a country code. When absent it is US, but none in a
    /// strict reading; `ZZ` is none. State and ZIP code: `US` or `CA` takes those of this country only.
    pub region: Option<String>,
    /// Email and phone: how it is read.
    pub reading: Reading,
    /// Email: how the domain is written.
    pub idn: Idn,
    /// Name: which part of it.
    pub part: NamePart,
    /// Date: it is a date of birth.
    pub birth: bool,
    /// Date and model year: today, where a date of birth is judged or the year has two digits. Certificate: the day it is
    /// judged on.
    pub as_of: Option<Date>,
    /// Certificate: the day the form was sent.
    pub issued: Option<Date>,
    /// Date of birth: youngest age in years; needs `as_of`.
    pub min_age: Option<u32>,
    /// Date of birth: greatest age in years; needs `as_of`.
    pub max_age: Option<u32>,
    /// Date and timestamp: it may not be after `as_of`.
    pub past: bool,
    /// The field may not be absent.
    pub required: bool,
    /// Enum: the words.
    pub values: Vec<EnumValue>,
    /// Numbers but money, credit scores, model years: least value.
    pub min: Option<i64>,
    /// Numbers but money, credit scores, model years: greatest value.
    pub max: Option<i64>,
    /// Text: most characters. List: most items.
    pub max_length: Option<usize>,
    /// Date and timestamp: `03/04/2026` is 3 April.
    pub day_first: bool,
    /// Timestamp: the time zone (IANA name) of a time without one.
    pub zone: Option<String>,
    /// List: what each item is; a record when absent.
    pub items: Option<Box<Member>>,
    /// Record, and list of records: the values with their names.
    pub members: Vec<Member>,
}

/// The names of the options of a line.
pub(super) const OPTIONS: [&str; 19] = [
    "as_of",
    "day_first",
    "idn",
    "issued",
    "items",
    "kind",
    "max",
    "max_age",
    "max_length",
    "members",
    "min",
    "min_age",
    "part",
    "past",
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
                if let Some(near) = did_you_mean(name, OPTIONS).filter(|near| near != name) {
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
            ("past", RawValue::Bool(yes)) => self.past = *yes,
            ("zone", RawValue::Text(text)) => self.zone = Some(zone(text)?),
            ("items", raw) => self.items = Some(Box::new(Member::of_raw("", raw)?)),
            ("members", RawValue::Object(map)) => self.members = Member::all_of(map)?,
            ("day_first", RawValue::Bool(yes)) => self.day_first = *yes,
            ("min_age", RawValue::Number(text)) => self.min_age = Some(text.parse().ok()?),
            ("max_age", RawValue::Number(text)) => self.max_age = Some(text.parse().ok()?),
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

/// The name of a time zone, if there is one of it.
fn zone(name: &str) -> Option<String> {
    jiff::tz::TimeZoneDatabase::bundled().get(name).ok().map(|_| name.to_owned())
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
