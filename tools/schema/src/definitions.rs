//! Every named type of the wire once, in an order that one can read.

use crate::shape::{Shape, says, shape};
use crate::wire::Root;
use serde_json::Value;
use std::collections::BTreeMap;

/// A named type.
#[derive(Clone, Debug)]
pub(crate) struct Definition {
    pub(crate) name: String,
    pub(crate) says: String,
    pub(crate) shape: Shape,
}

/// The types of all roots: each root, and then what it names that was not there yet.
pub(crate) fn definitions(roots: &[Root]) -> Result<Vec<Definition>, String> {
    let mut known: BTreeMap<String, Value> = BTreeMap::new();
    for root in roots {
        for (name, schema) in named(&root.schema)? {
            if known.get(&name).is_some_and(|other| *other != schema) {
                return Err(format!("two types are called {name}"));
            }
            known.insert(name, schema);
        }
    }
    let mut ordered = Vec::new();
    for root in roots {
        visit(&title(&root.schema)?, &known, &mut ordered)?;
    }
    Ok(ordered)
}

fn title(schema: &Value) -> Result<String, String> {
    schema["title"].as_str().map(str::to_owned).ok_or_else(|| "a root has a title".to_owned())
}

/// The root itself and its definitions.
fn named(schema: &Value) -> Result<Vec<(String, Value)>, String> {
    let mut own = schema.clone();
    let members = own.as_object_mut().ok_or("a root is an object")?;
    let definitions = members.remove("$defs");
    members.remove("$schema");
    members.remove("title");
    let mut all = vec![(title(schema)?, own)];
    if let Some(Value::Object(definitions)) = definitions {
        all.extend(definitions);
    }
    Ok(all)
}

fn visit(name: &str, known: &BTreeMap<String, Value>, ordered: &mut Vec<Definition>) -> Result<(), String> {
    if ordered.iter().any(|definition| definition.name == name) {
        return Ok(());
    }
    let schema = known.get(name).ok_or_else(|| format!("nothing is called {name}"))?;
    let shape = shape(schema).map_err(|error| format!("{name}: {error}"))?;
    ordered.push(Definition { name: name.to_owned(), says: says(schema), shape: shape.clone() });
    mentioned(&shape).iter().try_for_each(|name| visit(name, known, ordered))
}

fn mentioned(shape: &Shape) -> Vec<String> {
    match shape {
        Shape::Named(name) => vec![name.clone()],
        Shape::List(inner) | Shape::Map(inner) => mentioned(inner),
        Shape::OneOf(choices) => choices.iter().flat_map(mentioned).collect(),
        Shape::Record(record) => record.members.iter().flat_map(|member| mentioned(&member.shape)).collect(),
        _ => Vec::new(),
    }
}
