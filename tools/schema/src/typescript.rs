//! The types of TypeScript.

use crate::definitions::Definition;
use crate::shape::{Record, Shape, Word};
use std::fmt::Write as _;

const HEAD: &str = "\
// Made by `cargo xtask generate` from the types of the core; do not edit.

/**
 * What leadwright writes, as JSON.parse reads it. Members that are not named here may come in a later version.
 * Amounts of money, dates and times are texts.
 *
 * @packageDocumentation
 */
";

/// The whole of `wire.d.ts`.
pub(crate) fn module(definitions: &[Definition]) -> String {
    let mut text = HEAD.to_owned();
    for definition in definitions {
        text.push('\n');
        let words = match &definition.shape {
            Shape::Words(words) => words.as_slice(),
            _ => &[],
        };
        text.push_str(&comment("", &definition.says, words));
        match &definition.shape {
            Shape::Record(record) => write_interface(&definition.name, record, &mut text),
            Shape::Words(words) => write_words(&definition.name, words, &mut text),
            shape => writeln!(text, "export type {} = {};", definition.name, of(shape)).unwrap_or_default(),
        }
    }
    text
}

fn comment(indent: &str, says: &str, words: &[Word]) -> String {
    let told: Vec<String> = words
        .iter()
        .filter(|word| !word.says.is_empty())
        .map(|word| format!("{indent} * - `{}`: {}\n", word.word, word.says))
        .collect();
    match (says.is_empty(), told.is_empty()) {
        (true, true) => String::new(),
        (false, true) => format!("{indent}/** {says} */\n"),
        _ => format!("{indent}/**\n{indent} * {says}\n{indent} *\n{}{indent} */\n", told.concat()),
    }
}

fn write_interface(name: &str, record: &Record, text: &mut String) {
    let _ = writeln!(text, "export interface {name} {{");
    for member in &record.members {
        text.push_str(&comment("  ", &member.says, &[]));
        let mark = if member.required { "" } else { "?" };
        let _ = writeln!(text, "  {}{mark}: {};", member.name, of(&member.shape));
    }
    if record.open {
        text.push_str("  /** Others by name. */\n  [name: string]: unknown;\n");
    }
    text.push_str("}\n");
}

fn write_words(name: &str, words: &[Word], text: &mut String) {
    let _ = write!(text, "export type {name} =");
    words.iter().for_each(|word| write!(text, "\n  | '{}'", word.word).unwrap_or_default());
    text.push_str(";\n");
}

fn of(shape: &Shape) -> String {
    match shape {
        Shape::Text => "string".into(),
        Shape::Integer | Shape::Number => "number".into(),
        Shape::Boolean => "boolean".into(),
        Shape::Null => "null".into(),
        Shape::Only(value) => value.to_string(),
        Shape::Words(words) => words.iter().map(|word| format!("'{}'", word.word)).collect::<Vec<_>>().join(" | "),
        Shape::List(inner) => match **inner {
            Shape::OneOf(_) | Shape::Words(_) => format!("({})[]", of(inner)),
            _ => format!("{}[]", of(inner)),
        },
        Shape::Map(inner) => format!("{{ [name: string]: {} }}", of(inner)),
        Shape::Named(name) => name.clone(),
        Shape::OneOf(choices) => choices.iter().map(of).collect::<Vec<_>>().join(" | "),
        Shape::Record(record) => {
            let members = record.members.iter().map(|member| {
                format!("{}{}: {}", member.name, if member.required { "" } else { "?" }, of(&member.shape))
            });
            format!("{{ {} }}", members.collect::<Vec<_>>().join("; "))
        }
    }
}
