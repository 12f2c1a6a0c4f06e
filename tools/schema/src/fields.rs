//! The page of the kinds of fields and the schemas of leads.

use crate::codes::cell;
use crate::definitions::Definition;
use crate::shape::{Shape, Word};
use leadwright::field::{Condition, FieldKind, FieldOptions, Wanted};
use leadwright::model::Code;
use leadwright::schema::{Field, Pii, Schema};
use std::fmt::Write as _;

const HEAD: &str = "\
<!-- Made by `cargo xtask generate` from core/src/field and core/src/schema; do not edit. -->

# Fields

- [Kinds](#kinds): what a field may hold, alone (`leadwright field`, `check_field`), in a schema, under `is` in a plan
- [Schemas](#schemas) that come with leadwright

## Kinds

Every kind takes `required`. A value that is refused is left out, with a problem; every change is a correction. The first
word of a code is that of its kind ([codes.md](codes.md)); all kinds have those of `field` and `text`. The class of personal
data is that of a field for which nobody named one. Parts stand beside the value: `phone.type`.

KINDS

## Schemas

The schemas that come with leadwright, for `extends` of a vertical and for `validate`. A published version is never
changed: a new one is added beside it.

A field is found by any of its names, however they are written: `First Name`, `firstName` and `FIRST-NAME` are
`first_name`. What no schema knows is kept as `x_…`. Besides these a lead has the reserved names `id`, `source`,
`vertical`, `received_at`, `idempotency_key`, `test`, `ping_id` and `not_to`.

The class of personal data: **none** says nothing about who somebody is, **quasi** little alone and something with
others, **direct** names the person, **sensitive** needs special care.
";

/// All schemas of the catalogue.
pub(crate) fn page() -> String {
    let mut text = HEAD.replace("KINDS", kinds().trim_end());
    for name in Schema::catalogue() {
        let Some(schema) = Schema::named(name) else { continue };
        let _ = write!(
            text,
            "\n### {name}\n\n| field | holds | required | personal data | other names |\n|---|---|---|---|---|\n"
        );
        schema.fields().iter().for_each(|field| write_field(field, &mut text));
        write_words(&schema, &mut text);
    }
    text
}

fn write_field(field: &Field, text: &mut String) {
    let required = required(field);
    let names: Vec<String> = field.synonyms.iter().map(|name| format!("`{name}`")).collect();
    let (holds, pii) = (holds(field), pii(field.pii));
    let _ = writeln!(text, "| `{}` | {holds} | {required} | {pii} | {} |", field.name, cell(&names.join(", ")));
}

fn holds(field: &Field) -> String {
    let shown = |bound: &Option<_>| bound.as_ref().and_then(|bound| serde_json::to_string(bound).ok());
    let kind = field.kind.as_str();
    let FieldOptions { birth, past, min_age, max_length, region, .. } = &field.options;
    match (shown(&field.min), shown(&field.max)) {
        _ if *birth => match min_age {
            Some(years) => format!("{kind} of birth, {years} years or more"),
            None => format!("{kind} of birth"),
        },
        _ if *past => format!("{kind}, not in the future"),
        _ if region.is_some() => format!("{kind} of {}", region.as_deref().unwrap_or_default()),
        (None, None) if max_length.is_some() => {
            format!("{kind}, at most {} characters", max_length.unwrap_or_default())
        }
        (Some(min), Some(max)) => format!("{kind}, {min} to {max}"),
        (Some(min), None) => format!("{kind}, {min} or more"),
        (None, Some(max)) => format!("{kind}, at most {max}"),
        (None, None) => kind.to_owned(),
    }
}

/// Whether a lead may do without it.
fn required(field: &Field) -> String {
    let condition = |condition: &Condition| {
        let name = &condition.field;
        let shown = |value| serde_json::to_string(value).unwrap_or_default().replace('"', "");
        match &condition.is {
            Wanted::Missing => format!("`{name}` is missing"),
            Wanted::Present => format!("`{name}` is there"),
            Wanted::OneOf(values) => {
                format!("`{name}` is {}", values.iter().map(shown).collect::<Vec<_>>().join(" or "))
            }
        }
    };
    match (field.required, field.required_if.as_slice()) {
        (true, _) => "yes".to_owned(),
        (false, []) => String::new(),
        (false, all) => format!("where {}", all.iter().map(condition).collect::<Vec<_>>().join(" and ")),
    }
}

/// The kinds as a type: what is asked for, where all other types are of what is answered.
pub(crate) fn kind() -> Definition {
    let word = |kind: FieldKind| Word { word: kind.as_str().into(), says: kind.about().accepts.into() };
    let words = FieldKind::ALL.map(word).to_vec();
    Definition { name: "FieldKind".into(), says: "A kind of field.".into(), shape: Shape::Words(words) }
}

/// One row a kind.
fn kinds() -> String {
    let mut text = String::from(
        "| kind | takes | canonical value | options | parts | codes | personal data |\n|---|---|---|---|---|---|---|\n",
    );
    for kind in FieldKind::ALL {
        let about = kind.about();
        let names = |names: &[&str]| names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        let linked = |domain: &&str| format!("[`{domain}`](codes.md#{domain})");
        let codes = about.codes.iter().map(linked).collect::<Vec<_>>().join(", ");
        debug_assert!(about.codes.iter().all(|domain| is_domain(domain)), "{}", kind.as_str());
        let class = match kind {
            FieldKind::List | FieldKind::Record => "that of what is inside",
            kind => pii(Pii::of(kind, &FieldOptions::default())),
        };
        let (takes, canonical) = (cell(about.accepts), cell(about.canonical));
        let (options, parts) = (names(about.options), names(about.parts));
        let _ =
            writeln!(text, "| `{}` | {takes} | {canonical} | {options} | {parts} | {codes} | {class} |", kind.as_str());
    }
    text
}

/// Whether some code begins so.
fn is_domain(domain: &str) -> bool {
    Code::all().iter().any(|code| code.as_str().split('.').next() == Some(domain))
}

fn pii(class: Pii) -> &'static str {
    class.as_str()
}

/// The words of the closed sets, each with what else is taken for it.
fn write_words(schema: &Schema, text: &mut String) {
    let _ = write!(text, "\n| word of | word | also written |\n|---|---|---|\n");
    for field in schema.fields() {
        for value in &field.options.values {
            let _ = writeln!(text, "| `{}` | `{}` | {} |", field.name, value.id, cell(&value.synonyms.join(", ")));
        }
    }
}
