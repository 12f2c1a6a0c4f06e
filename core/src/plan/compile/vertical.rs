//! Verticals: an entry of the catalogue with fields of their own.

use super::super::path::escape;
use super::{Compiler, declared, text_of, texts};
use crate::field::{EnumValue, FieldKind, FieldOptions};
use crate::model::{Code, Finding, Member, Node, NodeKind, Value};
use crate::schema::{Field, Pii, Schema, plain_key};
use crate::text::did_you_mean;

impl Compiler {
    pub(super) fn verticals(&mut self, node: Option<&Node>) {
        for member in declared(node) {
            let schema = self.vertical(member);
            self.names.verticals.insert(member.key.clone(), schema);
        }
    }

    fn vertical(&mut self, member: &Member) -> Schema {
        let path = format!("/verticals/{}", escape(&member.key));
        let mut schema = match member.value.get("extends").and_then(|node| Some((node, node.as_text()?))) {
            None => Schema::empty(&member.key),
            Some((node, name)) => Schema::named(name).unwrap_or_else(|| {
                self.unknown(
                    "entry of the catalogue",
                    name,
                    node.place,
                    format!("{path}/extends"),
                    Schema::catalogue(),
                );
                Schema::empty(&member.key)
            }),
        }
        .renamed(&member.key);
        for field in declared(member.value.get("fields")) {
            if let Some(field) = self.field(field, &format!("{path}/fields/{}", escape(&field.key))) {
                schema.put(field);
            }
        }
        schema
    }

    fn field(&mut self, member: &Member, path: &str) -> Option<Field> {
        let node = &member.value;
        let is = node.get("is")?;
        let mut options = FieldOptions::default();
        let kind = match &is.kind {
            NodeKind::Text(word) => self.kind(word, is, path)?,
            NodeKind::List(items) => {
                options.values = items.iter().filter_map(|item| Some(value(item.as_text()?, &[]))).collect();
                FieldKind::Enum
            }
            NodeKind::Object(_) => {
                let values = declared(Some(is.get("values")?));
                options.values = values.map(|member| value(&member.key, member.value.items())).collect();
                FieldKind::Enum
            }
            _ => return None,
        };
        let optional = node.get("optional").and_then(Node::as_bool).unwrap_or(false);
        let pii = text_of(node, "pii").and_then(|word| word.parse().ok());
        let synonyms = texts(node, "synonyms").into_iter().filter_map(Node::as_text).map(plain_key).collect();
        let mut field = Field {
            name: member.key.clone(),
            kind,
            required: !optional,
            pii: pii.unwrap_or(Pii::Quasi),
            options,
            synonyms,
            min: None,
            max: None,
        };
        field.min = self.bound(node, "min", kind, path);
        field.max = self.bound(node, "max", kind, path);
        Some(field)
    }

    fn kind(&mut self, word: &str, node: &Node, path: &str) -> Option<FieldKind> {
        let known = match word {
            "int" => Some(FieldKind::Integer),
            "bool" => Some(FieldKind::Boolean),
            word => word.parse().ok().filter(|kind| *kind != FieldKind::Enum),
        };
        if known.is_none() {
            let words: Vec<&str> =
                FieldKind::ALL.iter().map(|kind| kind.as_str()).filter(|word| *word != "enum").collect();
            let near = did_you_mean(word, words.iter().copied());
            let message = format!("there is no kind of field `{word}`");
            let finding = Finding::new(Code::PlanUnknownWord, node.place, format!("{path}/is"), message);
            self.find(finding.expected(format!("one of {}, or a list of values", words.join(", "))).suggest(near));
        }
        known
    }

    /// The least or the greatest value of a number, an amount or a date.
    fn bound(&mut self, node: &Node, key: &str, kind: FieldKind, path: &str) -> Option<Value> {
        let bound = node.get(key)?;
        let (value, expected) = match kind {
            FieldKind::Integer => (bound.as_int().map(Value::Int), "a whole number"),
            FieldKind::Money => {
                (bound.as_text().and_then(|text| text.parse().ok()).map(Value::Money), "an amount, like \"85.00\"")
            }
            FieldKind::Date => {
                (bound.as_text().and_then(|text| text.parse().ok()).map(Value::Date), "a date, like \"2026-11-26\"")
            }
            _ => (None, "no bound: only numbers, amounts and dates have one"),
        };
        if value.is_none() {
            let message = format!("`{key}` does not fit a field of the kind {}", kind.as_str());
            let finding = Finding::new(Code::PlanWrongType, bound.place, format!("{path}/{key}"), message);
            self.find(finding.expected(expected));
        }
        value
    }
}

fn value(id: &str, synonyms: &[Node]) -> EnumValue {
    let synonyms = synonyms.iter().filter_map(Node::as_text).map(str::to_owned).collect();
    EnumValue { id: id.to_owned(), synonyms }
}
