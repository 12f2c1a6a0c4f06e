//! `area` in criteria: the name of an area, several names, or `not`.

use super::area::Area;
use super::compile::{Compiler, escape};
use super::criteria::{FieldTest, Line, Operator};
use super::look::Look;
use super::operand::Misfit;
use super::values::Values;
use crate::model::{Code, Finding, Member, Node, NodeKind};
use crate::text::did_you_mean;

impl Compiler<'_> {
    /// A line for each operator: all of them must hold.
    pub(super) fn area(&mut self, member: &Member, path: &str) -> Vec<Line> {
        let Some(zip) = self.names.schema.field("zip") else {
            let message = format!("{} asks about an area, and its leads have no field `zip`", self.owner);
            let finding = Finding::new(Code::CriteriaUnknownField, member.place, path, message);
            self.find(finding.expected("a field `zip` in the vertical"));
            return Vec::new();
        };
        let missing_ok = member.value.get("missing").and_then(Node::as_text) == Some("ok");
        let mut tests = Vec::new();
        match &member.value.kind {
            NodeKind::Object(operators) => {
                for operator in operators {
                    let path = format!("{path}/{}", escape(&operator.key));
                    match operator.key.as_str() {
                        "note" | "missing" => {}
                        "eq" | "in" => tests.extend(self.areas(member, &operator.value, &path, false)),
                        "not" => tests.extend(self.areas(member, &operator.value, &path, true)),
                        other => {
                            let message = format!("areas have no order, so `{other}` of {} does not fit", self.owner);
                            let finding = Finding::new(Code::CriteriaWrongOperator, operator.place, &path, message);
                            self.find(finding.expected("the name of an area, a list of names, or `not`"));
                        }
                    }
                }
            }
            _ => tests.extend(self.areas(member, &member.value, path, false)),
        }
        for (operator, _, _) in &tests {
            self.lint(false, std::slice::from_ref(operator), !zip.required && !missing_ok, member, path);
        }
        let line = |(operator, look, areas)| {
            let operators = vec![operator];
            Line::Field(FieldTest { field: "zip".to_owned(), look, operators, missing_ok, areas })
        };
        tests.into_iter().map(line).collect()
    }

    /// One area, or a list of them: a lead is in one of them, or in none.
    fn areas(&mut self, member: &Member, node: &Node, path: &str, not: bool) -> Option<(Operator, Look, Vec<String>)> {
        let mut found: Vec<(&str, &Area)> = Vec::new();
        let names = self.names;
        for item in node.items() {
            let Some(name) = item.as_text() else {
                let expected = "the name of an area in quotes".to_owned();
                let misfit = Misfit { code: Code::CriteriaWrongType, expected, suggestion: None };
                self.misfit(member, item, path, misfit);
                continue;
            };
            match names.areas.get_key_value(name) {
                Some((name, area)) => found.push((name.as_str(), area)),
                None => {
                    let near = did_you_mean(name, names.areas.keys().map(String::as_str));
                    let message = format!("the area `{name}` is declared nowhere");
                    self.find(Finding::new(Code::CriteriaUnknownArea, item.place, path, message).suggest(near));
                }
            }
        }
        if found.is_empty() {
            return None;
        }
        // The order in which they are written says nothing.
        found.sort_by_key(|(name, _)| *name);
        let areas: Vec<&Area> = found.iter().map(|(_, area)| *area).collect();
        let (inside, also) = Area::joined(&areas).numbers();
        let within = Operator::In(Values::of_zips(inside));
        let operator = if not { Operator::Not(vec![within]) } else { within };
        Some((operator, Look::Place(also), found.iter().map(|(name, _)| (*name).to_owned()).collect()))
    }
}
