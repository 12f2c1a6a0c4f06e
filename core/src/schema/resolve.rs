//! From the name of a way into lists and records to its steps, checked against what they hold.

use super::path::{Inside, Path, Step};
use super::{Field, Pii, Schema};
use crate::field::{FieldKind, FieldOptions, Member};
use crate::text::did_you_mean;

/// The member by which an item says that it is the primary one.
pub(super) const KEY_OF_PRIMARY: &str = "primary";
/// The words that choose among the items of a list, and how many there are.
const WORDS: [&str; 7] = ["all", "any", "count", "first", "newest", "oldest", "primary"];
/// The years since the date of birth of a record that has one.
const AGE: &str = "age";

/// Why a way leads nowhere.
#[derive(Debug)]
pub(crate) struct Lost {
    /// What does not fit, to stand after "in": "`vehicles` has no item `newst`".
    pub(crate) says: String,
    /// What could stand there.
    pub(crate) expected: String,
    /// The whole name as it may be meant.
    pub(crate) near: Option<String>,
}

/// What stands at a place of the way.
#[derive(Clone)]
struct At<'a> {
    name: &'a str,
    kind: FieldKind,
    options: &'a FieldOptions,
    member: Option<&'a Member>,
}

pub(super) fn resolve<'s>(schema: &'s Schema, name: &str) -> Option<Result<Inside<'s>, Lost>> {
    // Names of fields have dots too: the longest one counts.
    let ends = name.char_indices().filter(|(_, c)| *c == '.').map(|(at, _)| at).chain([name.len()]);
    let mut fields = ends.filter_map(|end| Some((schema.field(name.get(..end)?)?, name.get(end..)?)));
    let (field, rest) = fields.next_back().filter(|(field, _)| is_structure(field.kind))?;
    let words: Vec<&str> = rest.split('.').filter(|word| !word.is_empty()).collect();
    Some(way(field, &words, name))
}

fn way<'s>(field: &'s Field, words: &[&str], name: &str) -> Result<Inside<'s>, Lost> {
    let mut at = At { name: &field.name, kind: field.kind, options: &field.options, member: None };
    let mut steps = Vec::new();
    let mut optional = !field.required;
    let mut counted = false;
    let path = |steps| Path { name: name.to_owned(), steps };
    for (n, word) in words.iter().enumerate() {
        let lost = |says: String, expected: String, near: Option<String>| {
            let said = |near: String| {
                let before = words.get(..n).unwrap_or_default().iter().copied();
                let after = words.get(n + 1..).unwrap_or_default().iter().copied();
                std::iter::once(field.name.as_str())
                    .chain(before)
                    .chain([near.as_str()])
                    .chain(after)
                    .collect::<Vec<_>>()
                    .join(".")
            };
            Lost { says, expected, near: near.map(said) }
        };
        if counted {
            return Err(lost(format!("a number has no `{word}`"), "nothing after it".to_owned(), None));
        }
        match at.kind {
            FieldKind::List => {
                let item = item_of(&at);
                let step = match *word {
                    "any" => Step::Any,
                    "all" => Step::All,
                    "first" => Step::First,
                    "primary" => Step::Primary,
                    "count" => Step::Count,
                    "newest" | "oldest" => match key_of_age(&item) {
                        Some(key) if *word == "newest" => Step::Newest(key),
                        Some(key) => Step::Oldest(key),
                        None => {
                            let says = format!("nothing says how new an item of `{}` is", at.name);
                            return Err(lost(
                                says,
                                "a member with a year or a date, or any, all, first or primary".into(),
                                None,
                            ));
                        }
                    },
                    other => {
                        let says = format!("`{}` is a list and has no `{other}`", at.name);
                        let expected = format!("one of {} after `{}`", WORDS.join(", "), at.name);
                        // A member without a word before it.
                        let of_item = item.options.members.iter().find(|member| member.name == other);
                        let near = of_item.map(|member| format!("any.{}", member.name));
                        let near = near.or_else(|| did_you_mean(other, WORDS).map(str::to_owned));
                        return Err(lost(says, expected, near));
                    }
                };
                counted = step == Step::Count;
                steps.push(step);
                at = item;
            }
            FieldKind::Record => match at.options.members.iter().find(|member| member.name == *word) {
                Some(member) => {
                    optional |= !member.options.required;
                    steps.push(Step::Member(member.name.clone()));
                    at = At { name: &member.name, kind: member.kind, options: &member.options, member: Some(member) };
                }
                None => match birth_of(at.options).filter(|_| *word == AGE) {
                    Some(birth) => {
                        optional = true;
                        steps.extend([Step::Member(birth.to_owned()), Step::Age]);
                        counted = true;
                    }
                    None => {
                        let has_age = birth_of(at.options).map(|_| AGE);
                        let members: Vec<&str> =
                            at.options.members.iter().map(|member| member.name.as_str()).chain(has_age).collect();
                        let says = format!("what is in `{}` has no `{word}`", at.name);
                        let near = did_you_mean(word, members.iter().copied()).map(str::to_owned);
                        return Err(lost(says, format!("one of {}", members.join(", ")), near));
                    }
                },
            },
            _ => {
                let says = format!("nothing is inside of `{}`", at.name);
                return Err(lost(says, format!("nothing after `{}`", at.name), None));
            }
        }
    }
    if counted {
        return Ok(Inside { field, path: path(steps), leaf: None, optional });
    }
    match at.kind {
        FieldKind::List => Err(Lost {
            says: format!("`{}` is a list, which is compared with nothing", at.name),
            expected: format!("`{name}.` and one of {}", WORDS.join(", ")),
            near: None,
        }),
        FieldKind::Record => {
            let members: Vec<&str> = at.options.members.iter().map(|member| member.name.as_str()).collect();
            Err(Lost {
                says: format!("`{}` has several values, and is compared with nothing", at.name),
                expected: format!("`{name}.` and one of {}", members.join(", ")),
                near: None,
            })
        }
        _ => Ok(Inside { field, path: path(steps), leaf: Some(leaf(&at, field)), optional }),
    }
}

fn is_structure(kind: FieldKind) -> bool {
    matches!(kind, FieldKind::List | FieldKind::Record)
}

/// An item of a list: a value of a kind, or a record.
fn item_of<'a>(list: &At<'a>) -> At<'a> {
    match list.options.items.as_deref() {
        Some(item) => At { name: list.name, kind: item.kind, options: &item.options, member: Some(item) },
        None => At { name: list.name, kind: FieldKind::Record, options: list.options, member: None },
    }
}

/// By what one item is newer than another: a member of a record, or (`Some(None)`) itself.
fn key_of_age(item: &At<'_>) -> Option<Option<String>> {
    use FieldKind::{Date, Integer, Record, Timestamp, VehicleYear};
    if item.kind != Record {
        return matches!(item.kind, Date | Integer | Timestamp | VehicleYear).then_some(None);
    }
    let members = || item.options.members.iter();
    let found = members()
        .find(|member| member.kind == VehicleYear)
        .or_else(|| members().find(|member| member.kind == Integer && member.name == "year"))
        .or_else(|| members().find(|member| matches!(member.kind, Date | Timestamp) && !member.options.birth))?;
    Some(Some(found.name.clone()))
}

/// The date of birth of a record.
fn birth_of(options: &FieldOptions) -> Option<&str> {
    let dates = || options.members.iter().filter(|member| member.kind == FieldKind::Date);
    let named = ["dob", "birth_date", "date_of_birth"];
    let found = dates().find(|member| named.contains(&member.name.as_str()));
    found.or_else(|| dates().find(|member| member.options.birth)).map(|member| member.name.as_str())
}

/// What stands at the end, as a field of its own.
fn leaf(at: &At<'_>, field: &Field) -> Field {
    Field {
        name: at.name.to_owned(),
        kind: at.kind,
        required: false,
        required_if: Vec::new(),
        default: None,
        pii: Pii::of(at.kind, at.options).max(field.pii),
        options: at.options.clone(),
        synonyms: Vec::new(),
        min: at.member.and_then(|member| member.min.clone()),
        max: at.member.and_then(|member| member.max.clone()),
    }
}
