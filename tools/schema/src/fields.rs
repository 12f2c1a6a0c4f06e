//! The page of the schemas of leads.

use crate::codes::cell;
use leadwright::schema::{Field, Pii, Schema};
use std::fmt::Write as _;

const HEAD: &str = "\
<!-- Made by `cargo xtask generate` from core/src/schema; do not edit. -->

# Fields

The schemas that come with leadwright, for `extends` of a vertical and for `validate`. A published version is never
changed: a new one is added beside it.

A field is found by any of its names, however they are written: `First Name`, `firstName` and `FIRST-NAME` are
`first_name`. What no schema knows is kept as `x_…`. Besides these a lead has the reserved names `id`, `source`,
`vertical`, `received_at`, `idempotency_key`, `test` and `ping_id`.

The class of personal data: **none** says nothing about who somebody is, **quasi** little alone and something with
others, **direct** names the person, **sensitive** needs special care.
";

/// All schemas of the catalogue.
pub(crate) fn page() -> String {
    let mut text = HEAD.to_owned();
    for name in Schema::catalogue() {
        let Some(schema) = Schema::named(name) else { continue };
        let _ = write!(
            text,
            "\n## {name}\n\n| field | holds | required | personal data | other names |\n|---|---|---|---|---|\n"
        );
        schema.fields().iter().for_each(|field| write_field(field, &mut text));
        write_words(&schema, &mut text);
    }
    text
}

fn write_field(field: &Field, text: &mut String) {
    let required = if field.required { "yes" } else { "" };
    let names: Vec<String> = field.synonyms.iter().map(|name| format!("`{name}`")).collect();
    let (holds, pii) = (holds(field), pii(field.pii));
    let _ = writeln!(text, "| `{}` | {holds} | {required} | {pii} | {} |", field.name, cell(&names.join(", ")));
}

fn holds(field: &Field) -> String {
    let shown = |bound: &Option<_>| bound.as_ref().and_then(|bound| serde_json::to_string(bound).ok());
    let kind = field.kind.as_str();
    match (shown(&field.min), shown(&field.max)) {
        _ if field.options.birth => format!("{kind} of birth"),
        (Some(min), Some(max)) => format!("{kind}, {min} to {max}"),
        (Some(min), None) => format!("{kind}, {min} or more"),
        (None, Some(max)) => format!("{kind}, at most {max}"),
        (None, None) => kind.to_owned(),
    }
}

fn pii(class: Pii) -> &'static str {
    match class {
        Pii::None => "none",
        Pii::Quasi => "quasi",
        Pii::Direct => "direct",
        Pii::Sensitive => "sensitive",
    }
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
