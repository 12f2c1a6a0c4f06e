//! Routes and their groups, still without contracts.

use super::super::compiled::{Group, Route};
use super::super::path::escape;
use super::super::units::duration_millis;
use super::{Compiler, count_of, declared, money_of, text_of};
use crate::limits::{Owner, Starts};
use crate::matching::Matcher;
use crate::model::{Code, Finding, Member, Money, Node};
use crate::select::{Method, Rule, ThenBy};
use rustc_hash::FxHashSet;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

impl Compiler {
    pub(super) fn routes(&mut self, node: Option<&Node>, starts: Starts) -> BTreeMap<String, Route> {
        let mut routes = BTreeMap::new();
        for member in declared(node) {
            let path = format!("/routes/{}", escape(&member.key));
            if !self.names.verticals.contains_key(&member.key) {
                let known: Vec<String> = self.names.verticals.keys().cloned().collect();
                self.unknown("vertical", &member.key, member.place, path.clone(), known.iter().map(String::as_str));
            }
            let groups = self.groups(member, &path, starts);
            let Some(zone) = self.zone.clone() else { continue };
            let owner = Owner::Route(member.key.clone());
            let on_unsold = member.value.get("on_unsold");
            let route = Route {
                caps: self.calendar(&member.value, &path, &owner, &zone, starts),
                max_sales: count_of(&member.value, "max_sales").unwrap_or(1),
                min_margin: money_of(&member.value, "min_margin").unwrap_or(Money::ZERO),
                groups,
                deadline: text_of(&member.value, "deadline").and_then(|text| duration_millis(text).ok()),
                retry: on_unsold.and_then(|node| duration_millis(text_of(node, "retry_for")?).ok()),
                retry_rate: on_unsold.and_then(|node| self.rate(node, &format!("{path}/on_unsold"))),
                house: None,
                matcher: Arc::new(Matcher::new(&[])),
            };
            routes.insert(member.key.clone(), route);
        }
        routes
    }

    fn groups(&mut self, route: &Member, path: &str, starts: Starts) -> Vec<Group> {
        let mut seen = BTreeSet::new();
        let mut groups = Vec::new();
        let items = route.value.get("groups").map(Node::items).unwrap_or_default();
        for (n, node) in items.iter().enumerate() {
            let Some(name) = text_of(node, "id") else { continue };
            let id = format!("{}/{name}", route.key);
            if !seen.insert(name) {
                let message = format!("the group `{id}` is declared twice");
                self.find(Finding::new(Code::PlanDeclaredTwice, node.place, format!("{path}/groups/{n}/id"), message));
                continue;
            }
            let Some(zone) = self.zone.clone() else { continue };
            let path = format!("{path}/groups/{n}");
            groups.push(Group {
                caps: self.calendar(node, &path, &Owner::Group(id.clone()), &zone, starts),
                id,
                rule: rule(node),
                take: count_of(node, "take"),
                min_sales: usize::try_from(count_of(node, "min_sales").unwrap_or(1)).unwrap_or(usize::MAX),
                floor: money_of(node, "floor").unwrap_or(Money::ZERO),
                deadline: text_of(node, "deadline").and_then(|text| duration_millis(text).ok()),
                members: Vec::new(),
                known_as: FxHashSet::default(),
            });
        }
        groups
    }
}

fn rule(node: &Node) -> Rule {
    let then_by = match text_of(node, "then_by") {
        Some("priority") => Some(ThenBy::Priority),
        Some("price") => Some(ThenBy::Price),
        _ => None,
    };
    let share = node.get("catch_up").and_then(|catch_up| text_of(catch_up, "max_share"));
    let catch_up = share.and_then(|text| text.strip_prefix('+')?.strip_suffix('%')?.parse().ok());
    // A word that is none was reported, and the plan is not decided with.
    let method = text_of(node, "select").and_then(Method::named).unwrap_or(Method::Priority);
    Rule { method, then_by, catch_up }
}
