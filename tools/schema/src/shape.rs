//! A schema as the types of a language see it.

use serde_json::{Map, Value};

/// What a value looks like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    Text,
    Integer,
    Number,
    Boolean,
    Null,
    /// One value only: `1`, `false`.
    Only(Value),
    /// A closed set of words.
    Words(Vec<Word>),
    List(Box<Shape>),
    /// Any names, one kind of value.
    Map(Box<Shape>),
    Record(Record),
    /// A definition by its name.
    Named(String),
    OneOf(Vec<Shape>),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Word {
    pub(crate) word: String,
    pub(crate) says: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Record {
    pub(crate) members: Vec<Member>,
    /// Whether it has members that are not named.
    pub(crate) open: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Member {
    pub(crate) name: String,
    pub(crate) says: String,
    pub(crate) required: bool,
    pub(crate) shape: Shape,
}

pub(crate) const DEFINITIONS: &str = "#/$defs/";

/// Reads a schema. What it cannot read is an error, so that no type is vaguer than its schema by accident.
pub(crate) fn shape(schema: &Value) -> Result<Shape, String> {
    let Value::Object(schema) = schema else { return Err(format!("no schema: {schema}")) };
    if let Some(name) = schema.get("$ref").and_then(Value::as_str) {
        let name = name.strip_prefix(DEFINITIONS).ok_or_else(|| format!("a reference elsewhere: {name}"))?;
        return Ok(Shape::Named(name.to_owned()));
    }
    if let Some(only) = schema.get("const") {
        return Ok(Shape::Only(only.clone()));
    }
    if let Some(Value::Array(words)) = schema.get("enum") {
        let word = |word: &Value| Some(Word { word: word.as_str()?.to_owned(), says: String::new() });
        let words = words.iter().map(word).collect::<Option<_>>();
        return words.map(Shape::Words).ok_or_else(|| format!("words that are no texts: {schema:?}"));
    }
    if let Some(Value::Array(choices)) = schema.get("oneOf").or_else(|| schema.get("anyOf")) {
        return one_of(choices);
    }
    match schema.get("type") {
        Some(Value::String(word)) => of_type(word, schema),
        Some(Value::Array(words)) => {
            let words = words.iter().filter_map(Value::as_str);
            Ok(Shape::OneOf(words.map(|word| of_type(word, schema)).collect::<Result<_, _>>()?))
        }
        _ => Err(format!("a schema without a type: {schema:?}")),
    }
}

/// What a schema says about itself.
pub(crate) fn says(schema: &Value) -> String {
    schema.get("description").and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn one_of(choices: &[Value]) -> Result<Shape, String> {
    let word = |choice: &Value| Some(Word { word: choice.get("const")?.as_str()?.to_owned(), says: says(choice) });
    match choices.iter().map(word).collect() {
        Some(words) => Ok(Shape::Words(words)),
        None => Ok(Shape::OneOf(choices.iter().map(shape).collect::<Result<_, _>>()?)),
    }
}

fn of_type(word: &str, schema: &Map<String, Value>) -> Result<Shape, String> {
    Ok(match word {
        "string" => Shape::Text,
        "integer" => Shape::Integer,
        "number" => Shape::Number,
        "boolean" => Shape::Boolean,
        "null" => Shape::Null,
        "array" => {
            let items = schema.get("items").ok_or_else(|| format!("a list of what? {schema:?}"))?;
            Shape::List(Box::new(shape(items)?))
        }
        "object" => object(schema)?,
        other => return Err(format!("no type: {other}")),
    })
}

fn object(schema: &Map<String, Value>) -> Result<Shape, String> {
    let others = schema.get("additionalProperties").filter(|others| others.is_object());
    let Some(Value::Object(properties)) = schema.get("properties") else {
        let others = others.ok_or_else(|| format!("an object of what? {schema:?}"))?;
        return Ok(Shape::Map(Box::new(shape(others)?)));
    };
    let required = schema.get("required").and_then(Value::as_array).cloned().unwrap_or_default();
    let member = |(name, property): (&String, &Value)| {
        Ok::<_, String>(Member {
            name: name.clone(),
            says: says(property),
            required: required.iter().any(|word| word == name),
            shape: shape(property).map_err(|error| format!("{name}: {error}"))?,
        })
    };
    let members = properties.iter().map(member).collect::<Result<_, _>>()?;
    Ok(Shape::Record(Record { members, open: others.is_some() }))
}
