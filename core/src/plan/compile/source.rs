//! Sources.

use super::super::compiled::{Payout, SUB_ID, Source, SubId};
use super::super::path::escape;
use super::consent::consent;
use super::{Compiler, count_of, declared, money_of, set, text_of, texts};
use crate::limits::{Owner, Starts, Zone};
use crate::model::{Code, Finding, Member, Node, SourceId, SupplierId};
use std::collections::BTreeMap;

impl Compiler {
    pub(super) fn sources(&mut self, node: Option<&Node>, starts: Starts) -> BTreeMap<SourceId, Source> {
        let mut sources = BTreeMap::new();
        for member in declared(node) {
            let Ok(id) = SourceId::new(&member.key) else { continue };
            if let Some(source) = self.source(member, starts) {
                sources.insert(id, source);
            }
        }
        sources
    }

    fn source(&mut self, member: &Member, starts: Starts) -> Option<Source> {
        let node = &member.value;
        let path = format!("/sources/{}", escape(&member.key));
        let verticals = texts(node, "verticals");
        for (n, item) in verticals.iter().enumerate() {
            let name = item.as_text().unwrap_or_default().to_owned();
            if !self.names.verticals.contains_key(&name) {
                let known: Vec<String> = self.names.verticals.keys().cloned().collect();
                let path = format!("{path}/verticals/{n}");
                self.unknown("vertical", &name, item.place, path, known.iter().map(String::as_str));
            }
        }
        let require = texts(node, "require");
        for (n, field) in require.iter().enumerate() {
            self.known_field(field, &format!("{path}/require/{n}"));
        }
        let owner = Owner::Source(member.key.clone());
        let zone = self.zone.clone()?;
        Some(Source {
            verticals: set(&verticals),
            supplier: text_of(node, "supplier")
                .and_then(|id| SupplierId::new(id).ok())
                .or_else(|| SupplierId::new(&member.key).ok())?,
            payout: node.get("payout").map_or(Payout::Nothing, payout),
            max_sales: count_of(node, "max_sales"),
            caps: self.calendar(node, &path, &owner, &zone, starts),
            require: set(&require),
            consent: consent(node),
            sub_ids: self.sub_ids(member, &path, &zone, starts),
            responses: self.responses(node.get("answers"), &format!("{path}/answers")),
        })
    }
}

impl Compiler {
    /// The parts of a source. Its verticals have to have the field that names them.
    fn sub_ids(&mut self, source: &Member, path: &str, zone: &Zone, starts: Starts) -> BTreeMap<String, SubId> {
        let Some(node) = source.value.get("sub_ids") else { return BTreeMap::new() };
        let path = format!("{path}/sub_ids");
        for vertical in texts(&source.value, "verticals").iter().filter_map(|item| item.as_text()) {
            let schema = self.names.verticals.get(vertical);
            if schema.is_some_and(|schema| !schema.fields().iter().any(|field| field.name == SUB_ID)) {
                let message = format!("the vertical `{vertical}` has no field `{SUB_ID}`, so no lead has a sub id");
                let finding = Finding::new(Code::PlanUnknownName, node.place, path.clone(), message);
                self.find(finding.expected("\"sub_id\": { \"is\": \"text\", \"optional\": true }"));
            }
        }
        let mut parts = BTreeMap::new();
        for member in declared(Some(node)) {
            let owner = Owner::SubId(format!("{}/{}", source.key, member.key));
            let path = format!("{path}/{}", escape(&member.key));
            let caps = self.calendar(&member.value, &path, &owner, zone, starts);
            let blocked = text_of(&member.value, "status") == Some("blocked");
            parts.insert(member.key.clone(), SubId { blocked, caps });
        }
        parts
    }
}

fn payout(node: &Node) -> Payout {
    let share = count_of(node, "percent_of_price").map(|percent| Payout::Share(percent.saturating_mul(10_000)));
    let fixed = money_of(node, "fixed").map(Payout::Fixed);
    share.or(fixed).unwrap_or_default()
}
