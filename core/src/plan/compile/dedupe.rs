//! Rules about duplicates, of the plan and of a buyer.

use super::super::units::duration_millis;
use super::{Compiler, set, text_of, texts};
use crate::dedupe::{Against, DedupeRule, Scope};
use crate::field::FieldKind;
use crate::model::{Code, Finding, Node};
use crate::text::did_you_mean;

impl Compiler {
    /// All rules of a list; `scope` is the buyer's, or none where the rule says it itself.
    pub(super) fn dedupes(&mut self, node: Option<&Node>, scope: Option<&Scope>, path: &str) -> Vec<DedupeRule> {
        let items = node.map(Node::items).unwrap_or_default();
        let rules = items.iter().enumerate().map(|(n, item)| self.dedupe(item, scope, &format!("{path}/{n}")));
        rules.collect::<Vec<_>>().into_iter().flatten().collect()
    }

    fn dedupe(&mut self, node: &Node, scope: Option<&Scope>, path: &str) -> Option<DedupeRule> {
        let all = node.get("all").is_some();
        let key = if all { "all" } else { "any" };
        for (n, field) in texts(node, key).into_iter().enumerate() {
            self.telling_field(field, &format!("{path}/{key}/{n}"));
        }
        let fields = set(&texts(node, key));
        Some(DedupeRule {
            fields,
            all,
            within: duration_millis(text_of(node, "within")?).ok()?,
            against: if text_of(node, "against") == Some("seen") { Against::Seen } else { Against::Sold },
            scope: scope.cloned().unwrap_or(match text_of(node, "scope") {
                Some("plan") => Scope::Plan,
                Some("source") => Scope::Source,
                _ => Scope::Vertical,
            }),
        })
    }

    /// A field that some vertical has, by whose value people can be told apart.
    pub(super) fn telling_field(&mut self, node: &Node, path: &str) {
        self.known_field(node, path);
        let Some(name) = node.as_text() else { return };
        let fields = self.names.verticals.values().filter_map(|schema| schema.field(name));
        if fields.map(|field| field.kind).any(|kind| kind == FieldKind::Ssn) {
            let message =
                format!("of `{name}` only is known that there was one, so all who gave one would be the same");
            let finding = Finding::new(Code::PlanWrongType, node.place, path, message);
            self.find(finding.expected("another field, like `phone`"));
        }
    }

    /// A field that some vertical has.
    pub(super) fn known_field(&mut self, node: &Node, path: &str) {
        let Some(name) = node.as_text() else { return };
        let schemas = self.names.verticals.values();
        if name == "address" || schemas.clone().any(|schema| schema.field(name).is_some()) {
            return;
        }
        let known: Vec<&str> = schemas.flat_map(|schema| schema.fields()).map(|field| field.name.as_str()).collect();
        let near = did_you_mean(name, known.iter().copied().chain(["address"]));
        let message = format!("no vertical has the field `{name}`");
        let finding = Finding::new(Code::PlanUnknownName, node.place, path, message);
        self.find(finding.expected("a field of a vertical, or `address`").suggest(near));
    }
}
