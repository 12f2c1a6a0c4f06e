//! Sources.

use super::super::compiled::{Payout, Source};
use super::super::path::escape;
use super::calendar::calendar;
use super::consent::consent;
use super::{Compiler, count_of, declared, money_of, set, texts};
use crate::limits::Owner;
use crate::model::{Member, Node, SourceId};
use std::collections::BTreeMap;

impl Compiler {
    pub(super) fn sources(&mut self, node: Option<&Node>, sunday_first: bool) -> BTreeMap<SourceId, Source> {
        let mut sources = BTreeMap::new();
        for member in declared(node) {
            let Ok(id) = SourceId::new(&member.key) else { continue };
            if let Some(source) = self.source(member, sunday_first) {
                sources.insert(id, source);
            }
        }
        sources
    }

    fn source(&mut self, member: &Member, sunday_first: bool) -> Option<Source> {
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
        Some(Source {
            verticals: set(&verticals),
            payout: node.get("payout").map_or(Payout::Nothing, payout),
            max_sales: count_of(node, "max_sales"),
            caps: calendar(node, &owner, self.zone.as_ref()?, sunday_first),
            require: set(&require),
            consent: consent(node),
        })
    }
}

fn payout(node: &Node) -> Payout {
    let share = count_of(node, "percent_of_price").map(|percent| Payout::Share(percent.saturating_mul(10_000)));
    let fixed = money_of(node, "fixed").map(Payout::Fixed);
    share.or(fixed).unwrap_or_default()
}
