//! From a `where` of the right shape to criteria, checked against the fields of a vertical.

use super::area::Area;
use super::criteria::{Criteria, FieldTest, Line, Operator};
use super::facts::QUALITY;
use super::look::Look;
use super::operand::{Misfit, Operand};
use super::values::Values;
use crate::model::{Code, Finding, Member, Node, NodeKind, Quality, Value};
use crate::schema::Schema;
use crate::text::did_you_mean;
use std::collections::{BTreeMap, BTreeSet};

/// What criteria may name.
#[derive(Clone, Copy, Debug)]
pub struct Names<'a> {
    /// The fields of the vertical.
    pub schema: &'a Schema,
    /// The lists of the plan.
    pub lists: &'a BTreeSet<String>,
    /// The areas of the plan.
    pub areas: &'a BTreeMap<String, Area>,
}

/// Compiles criteria whose shape was checked before. `path` is the JSON Pointer of the object, `owner` who it belongs to:
/// ``contract `acme-ca` ``. What is wrong is added to `findings`, and left out of the criteria.
pub fn compile(
    node: &Node,
    names: &Names<'_>,
    path: &str,
    owner: &str,
    findings: &mut Vec<Finding>,
) -> Option<Criteria> {
    let NodeKind::Object(_) = node.kind else { return None };
    let mut compiler = Compiler { names, owner, findings };
    Some(compiler.lines(node, path))
}

pub(super) struct Compiler<'a> {
    pub(super) names: &'a Names<'a>,
    pub(super) owner: &'a str,
    findings: &'a mut Vec<Finding>,
}

impl Compiler<'_> {
    fn lines(&mut self, node: &Node, path: &str) -> Criteria {
        let mut members: Vec<&Member> = node.members().iter().filter(|member| member.key != "note").collect();
        // An object has no order: the lines are judged, and the first failing one named, in an order of our own.
        members.sort_by_key(|member| (rank(&member.key), member.key.as_str()));
        let mut lines = Vec::with_capacity(members.len());
        for member in members {
            let path = format!("{path}/{}", escape(&member.key));
            match member.key.as_str() {
                "area" => lines.extend(self.area(member, &path)),
                _ => lines.extend(self.line(member, &path)),
            }
        }
        Criteria { lines }
    }

    fn line(&mut self, member: &Member, path: &str) -> Option<Line> {
        match member.key.as_str() {
            "any" => Some(Line::Any(self.joined(&member.value, path)?)),
            "all" => Some(Line::All(self.joined(&member.value, path)?)),
            key => match key.strip_prefix("list.") {
                Some(list) => self.list(member, list, path),
                None => self.field(member, path),
            },
        }
    }

    fn joined(&mut self, node: &Node, path: &str) -> Option<Vec<Criteria>> {
        let NodeKind::List(items) = &node.kind else { return None };
        Some(items.iter().enumerate().map(|(n, item)| self.lines(item, &format!("{path}/{n}"))).collect())
    }

    fn list(&mut self, member: &Member, name: &str, path: &str) -> Option<Line> {
        if !self.names.lists.contains(name) {
            let near =
                did_you_mean(name, self.names.lists.iter().map(String::as_str)).map(|near| format!("list.{near}"));
            let message = format!("the list `{name}` is declared nowhere");
            self.find(Finding::new(Code::CriteriaUnknownList, member.place, path, message).suggest(near));
            return None;
        }
        let on = member.value.as_bool().or_else(|| member.value.get("eq")?.as_bool());
        let not = member.value.get("not").and_then(Node::as_bool);
        match on.or(not.map(|yes| !yes)) {
            Some(on) => Some(Line::List { name: name.to_owned(), on }),
            None => {
                self.misfit(
                    member,
                    &member.value,
                    path,
                    Misfit {
                        code: Code::CriteriaWrongType,
                        expected: "true, or { \"not\": true }".to_owned(),
                        suggestion: None,
                    },
                );
                None
            }
        }
    }

    fn field(&mut self, member: &Member, path: &str) -> Option<Line> {
        let name = member.key.as_str();
        let schema = self.names.schema;
        let leaf;
        let (operand, field, look, optional) = match (schema.inside(name), schema.field(name)) {
            (Some(Ok(inside)), _) => {
                leaf = inside.leaf;
                let operand = leaf.as_ref().map_or(Operand::Whole, Operand::Field);
                (operand, inside.field.name.as_str(), Look::Inside(inside.path), inside.optional)
            }
            (Some(Err(lost)), _) => {
                let message = format!("{} asks about `{name}`: {}", self.owner, lost.says);
                let finding = Finding::new(Code::CriteriaUnknownField, member.place, path, message);
                self.find(finding.expected(lost.expected).suggest(lost.near));
                return None;
            }
            (None, Some(field)) => (Operand::Field(field), name, Look::Itself, !field.required),
            (None, None) if name == "age" && schema.field("dob").is_some() => (Operand::Whole, "dob", Look::Age, true),
            (None, None) if name == "quality" => (Operand::Quality, QUALITY, Look::Itself, false),
            (None, None) => {
                self.unknown_field(member, path);
                return None;
            }
        };
        let field = field.to_owned();
        let operators = self.condition(&operand, member, &member.value, path);
        let missing_ok = member.value.get("missing").and_then(Node::as_text) == Some("ok");
        self.lint(matches!(operand, Operand::Quality), &operators, optional && !missing_ok, member, path);
        Some(Line::Field(FieldTest { field, look, operators, missing_ok, areas: Vec::new() }))
    }

    pub(super) fn unknown_field(&mut self, member: &Member, path: &str) {
        let schema = self.names.schema;
        let known = schema.fields().iter().map(|field| field.name.as_str()).chain(["age", "quality"]);
        let by_synonym = schema.find(&member.key).map(|field| field.name.as_str());
        let near = by_synonym.or_else(|| did_you_mean(&member.key, known));
        let message = format!("unknown field `{}` in {}", member.key, self.owner);
        let finding = Finding::new(Code::CriteriaUnknownField, member.place, path, message);
        self.find(finding.expected(format!("a field of `{}`", schema.name())).suggest(near));
    }

    /// A value, a list of values, or operators.
    fn condition(&mut self, operand: &Operand<'_>, member: &Member, node: &Node, path: &str) -> Vec<Operator> {
        match &node.kind {
            NodeKind::Object(members) => {
                let operators = members.iter().filter_map(|operator| {
                    self.operator(operand, member, operator, &format!("{path}/{}", escape(&operator.key)))
                });
                operators.collect()
            }
            NodeKind::List(items) => vec![Operator::In(self.values(operand, member, items, path))],
            _ => vec![Operator::In(self.values(operand, member, std::slice::from_ref(node), path))],
        }
    }

    fn operator(&mut self, operand: &Operand<'_>, member: &Member, operator: &Member, path: &str) -> Option<Operator> {
        let ordered: fn(Value) -> Operator = match operator.key.as_str() {
            "eq" | "in" => return Some(Operator::In(self.values(operand, member, operator.value.items(), path))),
            "not" => return Some(Operator::Not(self.condition(operand, member, &operator.value, path))),
            "gte" => Operator::Gte,
            "gt" => Operator::Gt,
            "lte" => Operator::Lte,
            "lt" => Operator::Lt,
            _ => return None,
        };
        if !operand.is_ordered() {
            let message =
                format!("`{}` of {} has no order, so `{}` does not fit", member.key, self.owner, operator.key);
            let finding = Finding::new(Code::CriteriaWrongOperator, operator.place, path, message);
            self.find(finding.expected("a value, a list of values, or `not`"));
            return None;
        }
        match operand.read(&operator.value) {
            Ok(value) => Some(ordered(value)),
            Err(misfit) => {
                self.misfit(member, &operator.value, path, misfit);
                None
            }
        }
    }

    fn values(&mut self, operand: &Operand<'_>, member: &Member, items: &[Node], path: &str) -> Values {
        let mut values = Vec::with_capacity(items.len());
        for item in items {
            match operand.read(item) {
                Ok(value) => values.push(value),
                Err(misfit) => self.misfit(member, item, path, misfit),
            }
        }
        Values::new(values)
    }

    pub(super) fn misfit(&mut self, member: &Member, node: &Node, path: &str, misfit: Misfit) {
        let what = match (&node.kind, misfit.code) {
            (NodeKind::Text(text), Code::CriteriaUnknownValue) => {
                let short: String = text.chars().take(40).collect();
                format!("`{}` of {} has no value \"{short}\"", member.key, self.owner)
            }
            _ => format!("`{}` of {} cannot be compared with {}", member.key, self.owner, node.kind_name()),
        };
        let finding = Finding::new(misfit.code, node.place, path, what);
        self.find(finding.expected(misfit.expected).suggest(misfit.suggestion));
    }

    /// What is allowed and hardly meant. `needed` is whether a lead may be without, and is refused then.
    pub(super) fn lint(&mut self, quality: bool, operators: &[Operator], needed: bool, member: &Member, path: &str) {
        let negated = operators.iter().any(|operator| matches!(operator, Operator::Not(_)));
        if negated && needed {
            let message = format!("{} refuses leads without `{}`", self.owner, member.key);
            let finding = Finding::new(Code::CriteriaNegatedOptional, member.place, path, message);
            self.find(finding.expected("\"missing\": \"ok\" beside `not`, if such leads are wanted"));
        }
        let out_of_reach = quality && operators.iter().any(is_above_all_scores);
        if out_of_reach || never_true(operators) {
            let message = format!("no value of `{}` meets {}", member.key, self.owner);
            self.find(Finding::new(Code::CriteriaNeverTrue, member.place, path, message));
        }
    }

    pub(super) fn find(&mut self, finding: Finding) {
        self.findings.push(finding);
    }
}

/// Whether no score is high or low enough.
fn is_above_all_scores(operator: &Operator) -> bool {
    let best = Value::Int(i64::from(Quality::BEST));
    match operator {
        Operator::Gte(bound) => *bound > best,
        Operator::Gt(bound) => *bound >= best,
        Operator::Lte(bound) => *bound < Value::Int(0),
        Operator::Lt(bound) => *bound <= Value::Int(0),
        Operator::In(_) | Operator::Not(_) => false,
    }
}

/// Bounds that exclude each other, or values outside of them.
fn never_true(operators: &[Operator]) -> bool {
    let within = |value: &Value| {
        operators.iter().all(|operator| match operator {
            Operator::In(values) => values.contains(value),
            Operator::Gte(bound) => value >= bound,
            Operator::Gt(bound) => value > bound,
            Operator::Lte(bound) => value <= bound,
            Operator::Lt(bound) => value < bound,
            Operator::Not(_) => true,
        })
    };
    let listed = operators.iter().find_map(|operator| match operator {
        Operator::In(values) if operators.len() > 1 => Some(values),
        _ => None,
    });
    if let Some(values) = listed {
        return !values.iter().any(|value| within(&value));
    }
    let low = operators.iter().find_map(|operator| match operator {
        Operator::Gte(bound) => Some((bound, false)),
        Operator::Gt(bound) => Some((bound, true)),
        _ => None,
    });
    let high = operators.iter().find_map(|operator| match operator {
        Operator::Lte(bound) => Some((bound, false)),
        Operator::Lt(bound) => Some((bound, true)),
        _ => None,
    });
    match (low, high) {
        (Some((low, open)), Some((high, half_open))) => low > high || low == high && (open || half_open),
        _ => false,
    }
}

/// Fields first, then lists, then what is put together.
fn rank(key: &str) -> u8 {
    match key {
        "any" | "all" => 2,
        key if key.starts_with("list.") => 1,
        _ => 0,
    }
}

/// RFC 6901.
pub(super) fn escape(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}
