//! What a column holds, by its values.

use super::column::Column;
use crate::field::{FieldKind, FieldOptions, check};
use crate::model::{Date, RawValue};
use crate::schema::plain_key;
use crate::validate::may_be_ssn;

/// Of a hundred values so many must be of a kind.
const ENOUGH: usize = 80;

/// Kinds by their names, those that take fewer texts for theirs first. A kind that is not named here is told by the
/// schema only: its values look like those of another.
const ORDER: [&str; 16] = [
    "email",
    "trustedform_url",
    "uuid",
    "url",
    "ip",
    "vin",
    "phone",
    "timestamp",
    "date",
    "boolean",
    "state",
    "zip",
    "money",
    "integer",
    "decimal",
    "percent",
];

/// So few different values, each so often, are words of a closed set.
const WORDS: usize = 30;
const TIMES: usize = 4;

pub(super) fn kind(column: &Column, as_of: Option<Date>) -> Option<FieldKind> {
    if column.sample.is_empty() {
        return None;
    }
    let name = plain_key(&column.name);
    let numbers = column.sample.iter().filter(|value| may_be_ssn(&name, value)).count();
    if numbers * 100 >= column.sample.len() * ENOUGH {
        return Some(FieldKind::Ssn);
    }
    let told = FieldOptions { as_of, ..FieldOptions::default() };
    let strict = ORDER.iter().filter_map(|name| name.parse::<FieldKind>().ok());
    let found = strict.into_iter().find(|kind| is_mostly(column, *kind, &told));
    Some(found.unwrap_or_else(|| {
        let few = column.distinct() <= WORDS && column.sample.len() >= TIMES * column.distinct();
        let named = !few && is_mostly(column, FieldKind::Name, &told);
        match (few, named) {
            (true, _) => FieldKind::Enum,
            (_, true) => FieldKind::Name,
            _ => FieldKind::Text,
        }
    }))
}

fn is_mostly(column: &Column, kind: FieldKind, told: &FieldOptions) -> bool {
    let plausible = column.sample.iter().filter(|value| is(value, kind, told)).count();
    plausible * 100 >= column.sample.len() * ENOUGH
}

/// Whether a value is of a kind and also looks like it: many kinds take more than they are written as.
fn is(value: &RawValue, kind: FieldKind, told: &FieldOptions) -> bool {
    let text = match value {
        RawValue::Text(text) | RawValue::Number(text) => text.trim(),
        RawValue::Bool(_) => return kind == FieldKind::Boolean,
        _ => return false,
    };
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let looks = match kind.as_str() {
        "phone" => digits >= 7 && letters <= 4,
        "date" => digits >= 4 && text.chars().any(|c| matches!(c, '-' | '/' | '.' | ' ')),
        "timestamp" => digits >= 8 && text.contains(':'),
        // Numbers of other things are fewer or more digits, and mostly of no place.
        "zip" => matches!(digits, 5 | 9) && letters == 0,
        "state" => digits == 0,
        "money" => text.contains(['$', '€', '£']),
        "percent" => text.contains('%'),
        "decimal" => text.contains('.') && letters == 0,
        "integer" => digits > 0 && letters == 0,
        "name" => digits == 0 && letters >= 2 && text.split_whitespace().count() <= 5,
        _ => true,
    };
    looks && {
        let outcome = check(kind, value, "", told);
        let doubted = kind == FieldKind::Zip && !outcome.problems.is_empty();
        outcome.value.is_some() && outcome.valid() && !doubted
    }
}
