//! The grammar as a JSON Schema, for editors and for people who generate plans.

use super::grammar::{BUYER_FILE, Form, Is, Key, NOTE, Others, ROOT, Rule, Shape, Word};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// The JSON Schema (draft 2020-12) of a plan and of a buyer's file, made from the table that checks them.
///
/// What this version cannot act upon is marked `"x-built": false`; every array says whether its order is meaning
/// (`"x-array": "list"`) or not (`"set"`). Some of what `check` finds is beyond a schema: names that are not declared,
/// time zones, days named twice.
///
/// ```
/// use leadwright::plan::plan_schema;
/// let schema: serde_json::Value = serde_json::from_str(&plan_schema())?;
/// assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
/// assert_eq!(schema["$defs"]["route"]["required"], serde_json::json!(["groups", "on_unsold"]));
/// # Ok::<(), serde_json::Error>(())
/// ```
pub fn plan_schema() -> String {
    let mut definitions = Definitions::default();
    let documents: Vec<Value> = [&ROOT, &BUYER_FILE].iter().map(|shape| definitions.reference(shape)).collect();
    definitions.done.insert("conditions", conditions());
    definitions.done.insert("condition", condition());
    let mut schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "leadwright plan",
        "description": "The plan (the file with `format`) or the file of one buyer (with `buyer`).",
        "oneOf": documents,
        "$defs": definitions.done,
    });
    // A host may have told serde_json to keep the order of insertion; the text is the same all the same.
    schema.sort_all_objects();
    let mut text = format!("{schema:#}");
    text.push('\n');
    text
}

#[derive(Default)]
struct Definitions {
    done: BTreeMap<&'static str, Value>,
}

impl Definitions {
    fn reference(&mut self, shape: &'static Shape) -> Value {
        if !self.done.contains_key(shape.name) {
            self.done.insert(shape.name, Value::Null); // what refers to itself finds the name taken
            let made = self.shape(shape);
            self.done.insert(shape.name, made);
        }
        json!({ "$ref": format!("#/$defs/{}", shape.name) })
    }

    fn shape(&mut self, shape: &'static Shape) -> Value {
        let mut properties: Map<String, Value> =
            shape.known().map(|key| (key.name.to_owned(), self.property(key))).collect();
        if shape.takes_note() {
            properties.insert(NOTE.into(), json!({ "type": "string", "description": "A remark for people." }));
        }
        let mut made = Map::from_iter([
            ("type".to_owned(), json!("object")),
            ("description".to_owned(), json!(shape.says)),
            ("properties".to_owned(), Value::Object(properties)),
        ]);
        let required: Vec<&str> = shape.known().filter(|key| key.required).map(|key| key.name).collect();
        if !required.is_empty() {
            made.insert("required".into(), json!(required));
        }
        self.others(shape, &mut made);
        let rules: Vec<Value> = shape.rules.iter().filter_map(rule).collect();
        if !rules.is_empty() {
            made.insert("allOf".into(), json!(rules));
        }
        Value::Object(made)
    }

    fn others(&mut self, shape: &'static Shape, made: &mut Map<String, Value>) {
        let Some(Others { form, is, some, .. }) = shape.others else {
            made.insert("additionalProperties".into(), json!(false));
            return;
        };
        if some {
            made.insert("minProperties".into(), json!(1));
        }
        let value = self.value(&is);
        let Some(pattern) = form.pattern() else {
            made.insert("additionalProperties".into(), value);
            return;
        };
        // A key of the object itself is matched by the pattern too; `properties` has the say about it.
        let own: Vec<&str> = shape.known().map(|key| key.name).chain(shape.takes_note().then_some(NOTE)).collect();
        let except: String = own.iter().map(|key| format!("(?!{key}$)")).collect();
        let pattern = pattern.strip_prefix('^').map_or(pattern.to_owned(), |rest| format!("^{except}{rest}"));
        made.insert("patternProperties".into(), json!({ pattern: value }));
        made.insert("additionalProperties".into(), json!(false));
    }

    fn property(&mut self, key: &'static Key) -> Value {
        let mut value = self.value(&key.is);
        if let Value::Object(members) = &mut value {
            members.insert("description".into(), json!(key.says));
            if !key.built {
                members.insert("x-built".into(), json!(false));
            }
        }
        value
    }

    fn value(&mut self, is: &Is) -> Value {
        match is {
            Is::Text(form) => text(*form),
            Is::Word(words) => enumeration(words),
            Is::Whole(least, most) => json!({ "type": "integer", "minimum": least, "maximum": most }),
            Is::Flag => json!({ "type": "boolean" }),
            Is::Scalar => json!({ "type": ["string", "integer", "boolean"] }),
            Is::List(item) => json!({ "type": "array", "minItems": 1, "items": self.value(item), "x-array": "list" }),
            Is::Set(item) => json!({ "type": "array", "minItems": 1, "items": self.value(item), "x-array": "set" }),
            Is::Object(shape) => self.reference(shape),
            Is::Criteria => json!({ "$ref": "#/$defs/conditions" }),
            Is::OneOf(choices) => json!({ "anyOf": choices.iter().map(|is| self.value(is)).collect::<Vec<_>>() }),
        }
    }
}

fn text(form: Form) -> Value {
    match form.pattern() {
        Some(pattern) => json!({ "type": "string", "pattern": pattern, "$comment": form.expected() }),
        None => json!({ "type": "string", "$comment": form.expected() }),
    }
}

fn enumeration(words: &[Word]) -> Value {
    let names: Vec<&str> = words.iter().map(|word| word.name).collect();
    let ahead: Vec<&str> = words.iter().filter(|word| !word.built).map(|word| word.name).collect();
    if ahead.is_empty() { json!({ "enum": names }) } else { json!({ "enum": names, "x-not-built": ahead }) }
}

fn rule(rule: &Rule) -> Option<Value> {
    let each = |keys: &[&str]| keys.iter().map(|key| json!({ "required": [key] })).collect::<Vec<_>>();
    match rule {
        Rule::One(keys) => Some(json!({ "oneOf": each(keys) })),
        Rule::Some(keys) => Some(json!({ "anyOf": each(keys) })),
        Rule::Needs(key, other) => Some(json!({ "dependentRequired": { *key: [other] } })),
        Rule::DaysOnce => None,
    }
}

fn conditions() -> Value {
    let joined =
        json!({ "type": "array", "minItems": 1, "items": { "$ref": "#/$defs/conditions" }, "x-array": "list" });
    json!({
        "type": "object",
        "description": "Conditions, a line for each field; all of them must hold.",
        "properties": {
            "any": joined,
            "all": joined,
            "area": { "$ref": "#/$defs/condition", "description": "An area by its name, several, or `not`." },
            "note": { "type": "string", "description": "A remark for people." },
        },
        "patternProperties": {
            "^(?!(any|all|area|note)$)([a-z][a-z0-9_]*(\\.[a-z][a-z0-9_]*)*|list\\.[A-Za-z0-9._:-]+)$":
                { "$ref": "#/$defs/condition" },
        },
        "additionalProperties": false,
    })
}

fn condition() -> Value {
    let scalar = json!({ "type": ["string", "integer", "boolean"] });
    let values = json!({ "type": "array", "minItems": 1, "items": scalar, "x-array": "set" });
    let of = |says: &str| json!({ "type": ["string", "integer", "boolean"], "description": says });
    json!({
        "description": "A value, a list of values, or operators.",
        "anyOf": [
            scalar,
            values,
            {
                "type": "object",
                "minProperties": 1,
                "properties": {
                    "eq": of("Equal to this."),
                    "in": values,
                    "gte": of("This or more."),
                    "gt": of("More than this."),
                    "lte": of("This or less."),
                    "lt": of("Less than this."),
                    "not": { "$ref": "#/$defs/condition", "description": "Not this." },
                    "missing": { "const": "ok", "description": "A lead without the field will do (rule 76)." },
                    "note": { "type": "string", "description": "A remark for people." },
                },
                "additionalProperties": false,
            },
        ],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reference_leads_somewhere() {
        fn visit(value: &Value, found: &mut Vec<String>) {
            match value {
                Value::Object(members) => {
                    found.extend(members.get("$ref").and_then(Value::as_str).map(str::to_owned));
                    members.values().for_each(|value| visit(value, found));
                }
                Value::Array(items) => items.iter().for_each(|value| visit(value, found)),
                _ => {}
            }
        }
        let schema: Value = serde_json::from_str(&plan_schema()).unwrap();
        let mut found = Vec::new();
        visit(&schema, &mut found);
        assert!(found.len() > 50);
        for reference in found {
            let definition = schema.pointer(reference.strip_prefix('#').unwrap()).unwrap();
            assert!(definition.is_object(), "{reference}");
        }
    }

    #[test]
    fn it_is_the_same_every_time() {
        assert_eq!(plan_schema(), plan_schema());
        assert!(plan_schema().ends_with("}\n"));
    }
}
