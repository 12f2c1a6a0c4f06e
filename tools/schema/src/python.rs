//! The types of Python: `TypedDict`s that Python 3.10 knows.

use crate::definitions::Definition;
use crate::shape::{Member, Record, Shape, Word};
use std::fmt::Write as _;

const HEAD: &str = "\
# Made by `cargo xtask generate` from the types of the core; do not edit.
\"\"\"What leadwright writes, as ``json.loads`` reads it.

Members that are not named here may come in a later version. Amounts of money, dates and times are texts.
\"\"\"

from __future__ import annotations

from typing import Literal, TypeAlias, TypedDict, Union
";

/// The whole of `wire.py`.
pub(crate) fn module(definitions: &[Definition]) -> String {
    let mut text = HEAD.to_owned();
    // An alias is looked up when the module is read, so what others name stands before them.
    let (records, aliases): (Vec<_>, Vec<_>) =
        definitions.iter().partition(|definition| matches!(definition.shape, Shape::Record(_)));
    text.push('\n');
    aliases.iter().for_each(|definition| write_alias(definition, &mut text));
    for definition in records {
        if let Shape::Record(record) = &definition.shape {
            write_record(definition, record, &mut text);
        }
    }
    text.push_str("\n\n__all__ = [\n");
    let mut names: Vec<&str> = definitions.iter().map(|definition| definition.name.as_str()).collect();
    names.sort_unstable();
    names.iter().for_each(|name| writeln!(text, "    \"{name}\",").unwrap_or_default());
    text.push_str("]\n");
    text
}

fn comment(indent: &str, says: &str) -> String {
    if says.is_empty() { String::new() } else { format!("{indent}#: {says}\n") }
}

fn write_alias(definition: &Definition, text: &mut String) {
    text.push('\n');
    text.push_str(&comment("", &definition.says));
    let name = &definition.name;
    match &definition.shape {
        Shape::Words(words) => write_words(name, words, text),
        Shape::OneOf(_) => {
            // It names itself: only a text can do that before it is there.
            let _ = writeln!(text, "{name}: TypeAlias = \"{}\"", of(&definition.shape));
        }
        shape => {
            let _ = writeln!(text, "{name}: TypeAlias = {}", of(shape));
        }
    }
}

fn write_words(name: &str, words: &[Word], text: &mut String) {
    let _ = writeln!(text, "{name}: TypeAlias = Literal[");
    for word in words {
        text.push_str(&comment("    ", &word.says));
        let _ = writeln!(text, "    \"{}\",", word.word);
    }
    text.push_str("]\n");
}

fn write_record(definition: &Definition, record: &Record, text: &mut String) {
    let name = &definition.name;
    let (always, sometimes): (Vec<_>, Vec<_>) = record.members.iter().partition(|member| member.required);
    if record.members.iter().any(|member| is_keyword(&member.name)) {
        return write_function(definition, record, text);
    }
    match (always.is_empty(), sometimes.is_empty()) {
        (_, true) => write_class(name, "TypedDict", &definition.says, &always, text),
        (true, false) => write_class(name, "TypedDict, total=False", &definition.says, &sometimes, text),
        (false, false) => {
            // `NotRequired` is of Python 3.11.
            write_class(&format!("_{name}"), "TypedDict", &definition.says, &always, text);
            write_class(name, &format!("_{name}, total=False"), &definition.says, &sometimes, text);
        }
    }
}

fn write_class(name: &str, bases: &str, says: &str, members: &[&Member], text: &mut String) {
    let _ = write!(text, "\n\nclass {name}({bases}):\n");
    if !says.is_empty() {
        let _ = write!(text, "    \"\"\"{says}\"\"\"\n\n");
    }
    for member in members {
        text.push_str(&comment("    ", &member.says));
        let _ = writeln!(text, "    {}: {}", member.name, of(&member.shape));
    }
}

/// A member called `from` cannot stand in a class.
fn write_function(definition: &Definition, record: &Record, text: &mut String) {
    let Definition { name, says, .. } = definition;
    let _ = write!(text, "\n\n{}{name} = TypedDict(\n    \"{name}\",\n    {{\n", comment("", says));
    for member in &record.members {
        text.push_str(&comment("        ", &member.says));
        let _ = writeln!(text, "        \"{}\": \"{}\",", member.name, of(&member.shape));
    }
    text.push_str("    },\n");
    if !record.members.iter().all(|member| member.required) {
        text.push_str("    total=False,\n");
    }
    text.push_str(")\n");
}

fn is_keyword(name: &str) -> bool {
    ["from", "in", "is", "not", "and", "or", "if", "else", "class", "def", "for", "with", "as", "pass"].contains(&name)
}

fn of(shape: &Shape) -> String {
    match shape {
        Shape::Text => "str".into(),
        Shape::Integer => "int".into(),
        Shape::Number => "float".into(),
        Shape::Boolean => "bool".into(),
        Shape::Null => "None".into(),
        Shape::Only(serde_json::Value::Bool(yes)) => format!("Literal[{}]", if *yes { "True" } else { "False" }),
        Shape::Only(value) => format!("Literal[{value}]"),
        Shape::Words(words) => {
            let words: Vec<String> = words.iter().map(|word| format!("\"{}\"", word.word)).collect();
            format!("Literal[{}]", words.join(", "))
        }
        Shape::List(inner) => format!("list[{}]", of(inner)),
        Shape::Map(inner) => format!("dict[str, {}]", of(inner)),
        Shape::Named(name) => name.clone(),
        Shape::OneOf(choices) => format!("Union[{}]", choices.iter().map(of).collect::<Vec<_>>().join(", ")),
        Shape::Record(_) => "dict[str, object]".into(),
    }
}
