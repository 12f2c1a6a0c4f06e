//! `required_if`: conditions in the words of criteria, checked against the fields around.

use super::super::path::escape;
use super::{Compiler, declared};
use crate::field::{Condition, FieldOptions, Member as Inside, Wanted};
use crate::model::{Code, Finding, Node};
use crate::rules::criteria::{Criteria, Line, Operator};
use crate::rules::{Names, compile};
use crate::schema::{Field, Pii, Schema};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// Among which fields a condition looks.
#[derive(Clone, Copy)]
pub(super) enum Conditions<'a> {
    OfLead(&'a Schema),
    OfRecord(&'a [Inside]),
}

impl Compiler {
    /// The conditions under which a field may not be missing.
    pub(super) fn required_if(&mut self, node: &Node, among: Conditions<'_>, name: &str, path: &str) -> Vec<Condition> {
        let Some(object) = node.get("required_if") else { return Vec::new() };
        if let Some(optional) = node.get("optional").filter(|node| node.as_bool() == Some(false)) {
            let message = format!("`{name}` cannot be required always and `required_if` as well");
            let finding = Finding::new(Code::PlanWrongType, optional.place, format!("{path}/optional"), message);
            return self.drop_with(finding.expected("one of `optional` and `required_if`"));
        }
        let path = format!("{path}/required_if");
        let schema = match among {
            Conditions::OfLead(schema) => Cow::Borrowed(schema),
            Conditions::OfRecord(members) => Cow::Owned(of_record(members)),
        };
        for member in declared(Some(object)) {
            let place = format!("{path}/{}", escape(&member.key));
            let is_about_fields = !matches!(member.key.as_str(), "any" | "all" | "area" | "age" | "quality");
            let is_whole = schema.inside(&member.key).is_none();
            if !is_about_fields || !is_whole || member.key.starts_with("list.") {
                let message = format!("`required_if` of `{name}` cannot ask about `{}`", member.key);
                let finding = Finding::new(Code::CriteriaUnknownField, member.place, place, message);
                return self.drop_with(finding.expected("fields with their values"));
            }
            if member.key == name {
                let message = format!("`required_if` of `{name}` asks about itself, which is missing then");
                let finding = Finding::new(Code::CriteriaNeverTrue, member.place, place, message);
                return self.drop_with(finding.expected("another field"));
            }
        }
        let names = Names { schema: &schema, lists: &BTreeSet::new(), areas: &BTreeMap::new() };
        let owner = format!("`required_if` of `{name}`");
        let found = compile(object, &names, &path, &owner, &mut self.findings);
        found.map(|criteria| conditions(criteria, object)).unwrap_or_default()
    }

    fn drop_with(&mut self, finding: Finding) -> Vec<Condition> {
        self.find(finding);
        Vec::new()
    }
}

/// The members of a record as fields that criteria know.
fn of_record(members: &[Inside]) -> Schema {
    let mut schema = Schema::empty("the record");
    for member in members.iter().cloned() {
        schema.put(Field {
            name: member.name,
            kind: member.kind,
            required: false,
            required_if: Vec::new(),
            default: None,
            pii: Pii::Quasi,
            options: FieldOptions { required: false, ..member.options },
            synonyms: member.synonyms,
            min: None,
            max: None,
        });
    }
    schema
}

/// Bare values, lists of them, and `missing` are all that the grammar lets through.
fn conditions(criteria: Criteria, object: &Node) -> Vec<Condition> {
    let lines = criteria.lines.into_iter().filter_map(|line| match line {
        Line::Field(test) => Some(test),
        _ => None,
    });
    lines
        .map(|test| {
            let values = test.operators.iter().filter_map(|operator| match operator {
                Operator::In(values) => Some(values.iter()),
                _ => None,
            });
            let missing = object.get(&test.field).and_then(|node| node.get("missing")).and_then(Node::as_bool);
            let is = match missing {
                Some(true) => Wanted::Missing,
                Some(false) => Wanted::Present,
                None => Wanted::OneOf(values.flatten().collect()),
            };
            Condition { field: test.field, is }
        })
        .collect()
}
