//! Which kinds there are.

use super::{FieldOptions, FieldOutcome, boolean, choice, date, email, name, number, phone, text};
use crate::model::RawValue;
use std::str::FromStr;

/// What a field is meant to hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum FieldKind {
    /// Yes or no in the words people use.
    Boolean,
    /// A calendar date, also a date of birth.
    Date,
    /// An email address.
    Email,
    /// One of a closed set of words.
    Enum,
    /// A whole number.
    Integer,
    /// An amount of money.
    Money,
    /// The name of a person, or its first or last part.
    Name,
    /// A telephone number of any country.
    Phone,
    /// Any text.
    Text,
}

impl FieldKind {
    /// All kinds, by name.
    pub const ALL: [FieldKind; 9] = [
        FieldKind::Boolean,
        FieldKind::Date,
        FieldKind::Email,
        FieldKind::Enum,
        FieldKind::Integer,
        FieldKind::Money,
        FieldKind::Name,
        FieldKind::Phone,
        FieldKind::Text,
    ];

    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            FieldKind::Boolean => "boolean",
            FieldKind::Date => "date",
            FieldKind::Email => "email",
            FieldKind::Enum => "enum",
            FieldKind::Integer => "integer",
            FieldKind::Money => "money",
            FieldKind::Name => "name",
            FieldKind::Phone => "phone",
            FieldKind::Text => "text",
        }
    }
}

impl FromStr for FieldKind {
    type Err = ();

    fn from_str(name: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name).ok_or(())
    }
}

/// Checks one value. `path` is the JSON Pointer that problems and corrections name.
///
/// ```
/// use leadwright::field::{FieldKind, FieldOptions, check};
/// use leadwright::model::{RawValue, Value};
/// let found = check(FieldKind::Phone, &RawValue::text("(512) 555-0143"), "/phone", &FieldOptions::default());
/// assert_eq!(found.value, Some(Value::text("+15125550143")));
/// let found = check(FieldKind::Boolean, &RawValue::text("Yes"), "/homeowner", &FieldOptions::default());
/// assert_eq!(found.value, Some(Value::Bool(true)));
/// ```
pub fn check(kind: FieldKind, raw: &RawValue, path: &str, options: &FieldOptions) -> FieldOutcome {
    match kind {
        FieldKind::Boolean => boolean::check(raw, path, options),
        FieldKind::Date => date::check(raw, path, options),
        FieldKind::Email => email::check(raw, path, options),
        FieldKind::Enum => choice::check(raw, path, options),
        FieldKind::Integer => number::integer(raw, path, options),
        FieldKind::Money => number::money(raw, path, options),
        FieldKind::Name => name::check(raw, path, options),
        FieldKind::Phone => phone::check(raw, path, options),
        FieldKind::Text => text::check(raw, path, options),
    }
}
