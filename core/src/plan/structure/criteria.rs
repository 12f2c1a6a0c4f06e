//! The conditions of a contract (`where`): their shape only. Whether a field exists and what it can be compared with
//! is for whoever knows the vertical.

use super::super::fix::guessed;
use super::super::grammar::{Form, NOTE};
use super::super::path::At;
use super::Checker;
use super::object::head;
use super::value::{EXACT, shown};
use crate::model::{Code, Finding, Member, Node, NodeKind};
use crate::text::did_you_mean;

/// The operators of a condition.
const OPERATORS: [&str; 8] = ["eq", "in", "gte", "gt", "lte", "lt", "not", "missing"];
/// Keys that join conditions.
const JOINS: [&str; 2] = ["any", "all"];
/// The key that names areas.
const AREA: &str = "area";
/// What begins a key that asks about a list.
const LIST: &str = "list.";

impl Checker {
    /// Checks an object of conditions, a line for each field.
    pub(super) fn criteria(&mut self, node: &Node, at: &At<'_>, ahead: bool) {
        for member in node.members() {
            if self.full {
                return;
            }
            let inner = at.key(&member.key);
            match member.key.as_str() {
                NOTE => self.note(member, at),
                key if JOINS.contains(&key) => self.join(&member.value, &inner, ahead),
                AREA => self.condition(&member.value, &inner),
                key => {
                    if !is_field_key(key) {
                        self.bad_key(member, &inner);
                    }
                    self.condition(&member.value, &inner);
                }
            }
        }
    }

    fn bad_key(&mut self, member: &Member, at: &At<'_>) {
        let message = format!("`{}` names no field", shown(&member.key));
        let finding = Finding::new(Code::PlanBadReference, member.place, at.pointer(), message);
        self.find(
            finding.expected(r#"a field like "roof_age" or "drivers.any.age", a list like "list.dnc", any or all"#),
        );
    }

    /// `any` and `all`: a list of objects of conditions.
    fn join(&mut self, node: &Node, at: &At<'_>, ahead: bool) {
        let NodeKind::List(items) = &node.kind else {
            return self.mistyped(
                node,
                at,
                r#"a list of conditions, like [ { "state": ["TX"] }, { "credit": { "gte": 700 } } ]"#,
            );
        };
        self.length(node, items, at);
        for (n, item) in items.iter().enumerate() {
            let inner = at.item(n);
            match &item.kind {
                NodeKind::Object(_) => self.criteria(item, &inner, ahead),
                _ => self.mistyped(item, &inner, r#"conditions in an object, like { "state": ["TX"] }"#),
            }
        }
    }

    /// What stands under a field: a value, a list of values, or operators.
    fn condition(&mut self, node: &Node, at: &At<'_>) {
        match &node.kind {
            NodeKind::Object(members) => self.operators(node, members, at),
            NodeKind::List(items) => self.values(node, items, at),
            _ => self.scalar(node, at),
        }
    }

    fn operators(&mut self, node: &Node, members: &[Member], at: &At<'_>) {
        if self.whole && members.iter().all(|member| member.key == NOTE) {
            let message = format!("{} has no operator", at.said());
            self.say(Code::PlanEmptyCondition, head(node), at, message);
        }
        for member in members {
            let inner = at.key(&member.key);
            match member.key.as_str() {
                NOTE => self.note(member, at),
                "missing" => self.missing_is_ok(&member.value, &inner),
                "not" => self.condition(&member.value, &inner),
                "in" => self.values_of_in(&member.value, &inner),
                key if OPERATORS.contains(&key) => self.scalar(&member.value, &inner),
                _ => self.unknown_operator(member, at),
            }
        }
    }

    fn unknown_operator(&mut self, member: &Member, at: &At<'_>) {
        let message = format!("unknown operator `{}` in {}", shown(&member.key), at.said());
        let path = at.key(&member.key).pointer();
        let finding = Finding::new(Code::PlanUnknownOperator, member.place, path, message);
        let same = meant(&member.key);
        let near = same.or_else(|| did_you_mean(&member.key, OPERATORS));
        // One letter makes another operator: what is merely near is a guess.
        let fix = near.filter(|_| same.is_none()).map(|near| guessed(member.place.span, near));
        let finding = finding.expected("one of eq, in, gte, gt, lte, lt, not, missing");
        self.find(finding.suggest(near).fixed_by(fix));
    }

    fn missing_is_ok(&mut self, node: &Node, at: &At<'_>) {
        match node.as_text() {
            Some("ok") => {}
            Some(text) => {
                let message = format!("{} is \"{}\"", at.said(), shown(text));
                let finding = Finding::new(Code::PlanUnknownWord, node.place, at.pointer(), message);
                self.find(finding.expected("\"ok\"").suggest(Some("ok")));
            }
            None => self.mistyped(node, at, "\"ok\""),
        }
    }

    fn values_of_in(&mut self, node: &Node, at: &At<'_>) {
        match &node.kind {
            NodeKind::List(items) => self.values(node, items, at),
            _ => self.mistyped(node, at, r#"a list of values, like ["TX", "OK"]"#),
        }
    }

    fn values(&mut self, node: &Node, items: &[Node], at: &At<'_>) {
        self.length(node, items, at);
        for (n, item) in items.iter().enumerate() {
            if self.full {
                return;
            }
            self.scalar(item, &at.item(n));
        }
    }

    fn scalar(&mut self, node: &Node, at: &At<'_>) {
        match node.kind {
            NodeKind::Number(_) => self.whole(node, -EXACT, EXACT, at),
            NodeKind::Text(_) | NodeKind::Bool(_) => {}
            _ => self.mistyped(node, at, "a text, a whole number, true or false"),
        }
    }

    fn mistyped(&mut self, node: &Node, at: &At<'_>, expected: &str) {
        let message = format!("{} is {}", at.said(), node.kind_name());
        self.find(Finding::new(Code::PlanWrongType, head(node), at.pointer(), message).expected(expected));
    }
}

fn is_field_key(key: &str) -> bool {
    match key.strip_prefix(LIST) {
        Some(list) => Form::Id.check(list).is_ok(),
        None => Form::FieldPath.check(key).is_ok(),
    }
}

/// What other languages of rules write for an operator of ours.
fn meant(operator: &str) -> Option<&'static str> {
    Some(match operator {
        "=" | "==" | "equals" | "is" => "eq",
        ">=" | "min" | "from" | "at_least" => "gte",
        "<=" | "max" | "to" | "at_most" => "lte",
        ">" | "more_than" => "gt",
        "<" | "less_than" => "lt",
        "!=" | "<>" | "ne" | "neq" | "not_in" | "nin" => "not",
        "one_of" => "in",
        "between" => "gte",
        _ => return None,
    })
}
