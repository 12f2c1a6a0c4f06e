//! What the derived schemas say in the words of Rust, said in the words of JSON.

use serde_json::{Map, Value};

/// Tidies a schema and all below it.
pub(crate) fn tidy(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            tidy_object(members);
            members.values_mut().for_each(tidy);
        }
        Value::Array(items) => items.iter_mut().for_each(tidy),
        _ => {}
    }
}

fn tidy_object(schema: &mut Map<String, Value>) {
    if let Some(Value::String(says)) = schema.get_mut("description") {
        *says = first_paragraph(says);
    }
    // `uint32` is no format of JSON Schema; the bounds say what matters.
    if schema.get("format").and_then(Value::as_str).is_some_and(|format| format.starts_with(['u', 'i'])) {
        schema.remove("format");
    }
    if schema.contains_key("const") {
        schema.remove("minimum");
    }
    let required: Vec<String> = texts(schema.get("required"));
    if let Some(Value::Object(properties)) = schema.get_mut("properties") {
        // A member that may be absent is never null.
        let optional = properties.iter_mut().filter(|(name, _)| !required.contains(name));
        optional.for_each(|(_, property)| without_null(property));
    }
}

fn texts(list: Option<&Value>) -> Vec<String> {
    list.and_then(Value::as_array).into_iter().flatten().filter_map(|word| Some(word.as_str()?.to_owned())).collect()
}

fn without_null(property: &mut Value) {
    let Value::Object(schema) = property else { return };
    if let Some(Value::Array(types)) = schema.get_mut("type") {
        types.retain(|word| word != "null");
        if let [only] = types.as_slice() {
            let only = only.clone();
            schema.insert("type".into(), only);
        }
    }
    if let Some(Value::Array(choices)) = schema.get_mut("anyOf") {
        choices.retain(|choice| choice.get("type").is_none_or(|word| word != "null"));
        if let [Value::Object(only)] = choices.as_slice() {
            let only = only.clone();
            schema.remove("anyOf");
            schema.extend(only);
        }
    }
}

/// The first paragraph of a doc comment on one line, with links to items of Rust as their names: what follows are
/// examples and remarks for users of the crate.
fn first_paragraph(says: &str) -> String {
    let paragraph = says.split("\n\n").next().unwrap_or_default();
    let mut text = paragraph.lines().map(str::trim).collect::<Vec<_>>().join(" ");
    while let Some((start, end)) = link(&text) {
        let shown = text[start + 1..].split(']').next().unwrap_or_default().to_owned();
        text.replace_range(start..end, &shown);
    }
    text
}

/// Where the first `[shown](target)` or `` [`Item`] `` stands.
fn link(text: &str) -> Option<(usize, usize)> {
    let start = text.find("[`")?;
    let close = start + text[start..].find(']')? + 1;
    let rest = &text[close..];
    let end = if rest.starts_with('(') { close + rest.find(')')? + 1 } else { close };
    Some((start, end))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn descriptions_are_one_paragraph_without_links() {
        let says = "See [`A::b`](super::A::b)\nand [`C`].\n\n```\nlet x = 1;\n```";
        assert_eq!(first_paragraph(says), "See `A::b` and `C`.");
    }

    #[test]
    fn what_may_be_absent_is_never_null() {
        let mut schema = json!({
            "properties": {
                "a": { "type": ["string", "null"] },
                "b": { "anyOf": [{ "$ref": "#/$defs/B" }, { "type": "null" }], "description": "B." },
                "c": { "type": ["string", "null"] },
                "d": { "type": "integer", "format": "uint32" },
            },
            "required": ["c"],
        });
        tidy(&mut schema);
        let want = json!({
            "a": { "type": "string" },
            "b": { "description": "B.", "$ref": "#/$defs/B" },
            "c": { "type": ["string", "null"] },
            "d": { "type": "integer" },
        });
        assert_eq!(schema["properties"], want);
    }
}
