//! What happens to every lead first.

use super::super::compiled::Intake;
use super::super::path::escape;
use super::super::units::duration_millis;
use super::consent::consent;
use super::{Compiler, declared, text_of, texts};
use crate::dedupe::{Against, DedupeRule, Scope};
use crate::model::{Node, NodeKind, Outcome};
use crate::schema::plain_key;
use crate::validate::{Repairs, ZipStateConflict};
use std::collections::BTreeMap;

impl Compiler {
    pub(super) fn intake(&mut self, node: Option<&Node>) -> Intake {
        let mut intake = Intake {
            repairs: Repairs::default(),
            conflict: ZipStateConflict::default(),
            max_age: None,
            consent_max_age: None,
            consent: None,
            honeypots: Vec::new(),
            suppress: Vec::new(),
            repeats: Vec::new(),
            dedupe: Vec::new(),
            test_zips: BTreeMap::new(),
        };
        let Some(node) = node else { return intake };
        if node.get("repair").is_some() {
            let repairs = texts(node, "repair").into_iter().filter_map(Node::as_text);
            intake.repairs = Repairs::of(repairs).unwrap_or(Repairs::NONE);
        }
        let conflict = text_of(node, "on_zip_state_conflict").and_then(ZipStateConflict::named);
        intake.conflict = conflict.unwrap_or_default();
        intake.max_age = text_of(node, "max_age").and_then(|text| duration_millis(text).ok());
        intake.consent_max_age = text_of(node, "consent_max_age").and_then(|text| duration_millis(text).ok());
        intake.consent = consent(node);
        let hidden = texts(node, "honeypots").into_iter().filter_map(Node::as_text);
        intake.honeypots = hidden.map(plain_key).collect();
        intake.honeypots.sort();
        intake.suppress = self.list_names(node, "suppress");
        self.list_names(node, "flag");
        intake.repeats = self.repeats(node.get("repeats"));
        self.names.repeats = intake.repeats.iter().flat_map(|rule| rule.fields.iter().cloned()).collect();
        intake.dedupe = self.dedupes(node.get("dedupe"), None, "/intake/dedupe");
        for member in declared(node.get("test_zips")) {
            let answer = member.value.as_text();
            let answer = Outcome::ALL.into_iter().find(|outcome| Some(outcome.as_str()) == answer);
            intake.test_zips.extend(answer.map(|answer| (member.key.clone(), answer)));
        }
        intake
    }

    /// What is counted is what people sent, so whatever became of it: another thing than what dedupe compares with.
    fn repeats(&mut self, node: Option<&Node>) -> Vec<DedupeRule> {
        let mut rules = Vec::new();
        for member in declared(node) {
            let path = format!("/intake/repeats/{}", escape(&member.key));
            let name = Node { place: member.place, kind: NodeKind::Text(member.key.clone()) };
            self.telling_field(&name, &path);
            let Some(within) = member.value.as_text().and_then(|text| duration_millis(text).ok()) else { continue };
            let (against, scope) = (Against::Came, Scope::Plan);
            rules.push(DedupeRule { fields: vec![member.key.clone()], all: false, within, against, scope });
        }
        rules
    }

    fn list_names(&mut self, node: &Node, key: &str) -> Vec<String> {
        let mut names = Vec::new();
        for (n, item) in texts(node, key).into_iter().enumerate() {
            let name = item.as_text().unwrap_or_default().to_owned();
            if self.names.lists.contains(&name) {
                names.push(name);
                continue;
            }
            let known: Vec<String> = self.names.lists.iter().cloned().collect();
            let path = format!("/intake/{key}/{n}");
            self.unknown("list", &name, item.place, path, known.iter().map(String::as_str));
        }
        names.sort();
        names
    }
}
