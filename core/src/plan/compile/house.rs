//! House contracts: who gets what nobody took (rule 98).

use super::super::compiled::{Calendar, Contract, Group, Membership, Route};
use super::super::path::escape;
use super::{Compiler, declared, text_of};
use crate::limits::Starts;
use crate::model::{Code, Finding, Money, Node};
use crate::select::{Method, Rule};
use rustc_hash::FxHashSet;
use std::collections::BTreeMap;

/// The name of the house contract of a route, where it gives leads to one.
pub(super) fn named(route: &Node) -> Option<&Node> {
    let on_unsold = route.get("on_unsold").filter(|on_unsold| text_of(on_unsold, "then") == Some("house"))?;
    on_unsold.get("contract")
}

impl Compiler {
    /// Finds the house contracts of all routes.
    pub(super) fn houses(&mut self, root: &Node, routes: &mut BTreeMap<String, Route>, contracts: &[Contract]) {
        for member in declared(root.get("routes")) {
            let Some(on_unsold) = member.value.get("on_unsold") else { continue };
            let path = format!("/routes/{}/on_unsold", escape(&member.key));
            let (is_house, name) = (text_of(on_unsold, "then") == Some("house"), on_unsold.get("contract"));
            match name {
                Some(name) if !is_house => {
                    let message = "a house contract is named, and `then` is not `house`";
                    let finding = Finding::new(Code::PlanChooseOne, name.place, format!("{path}/contract"), message);
                    self.find(finding.expected("`\"then\": \"house\"`, or no `contract`"));
                }
                None if is_house => {
                    let message = format!("the route `{}` gives leads to the house, and names no contract", member.key);
                    let finding = Finding::new(Code::PlanMissingField, on_unsold.place, path, message);
                    self.find(finding.expected("`contract`: the id of the house contract"));
                }
                Some(name) => {
                    let house = self.house(name, &format!("{path}/contract"), &member.key, contracts);
                    if let Some(route) = routes.get_mut(&member.key) {
                        route.house = house;
                    }
                }
                None => {}
            }
        }
    }

    fn house(&mut self, name: &Node, path: &str, route: &str, contracts: &[Contract]) -> Option<Group> {
        let id = name.as_text()?;
        let Some(place) = contracts.iter().position(|contract| contract.id.as_str() == id) else {
            let known = contracts.iter().map(|contract| contract.id.as_str());
            self.unknown("contract", id, name.place, path.to_owned(), known);
            return None;
        };
        let mut group = Group {
            id: format!("{route}/on_unsold"),
            rule: Rule::by(Method::Price),
            take: Some(1),
            min_sales: 1,
            floor: Money::ZERO,
            deadline: None,
            caps: Calendar { caps: Vec::new(), zone: self.zone.clone()?, starts: Starts::default() },
            members: Vec::new(),
            known_as: FxHashSet::default(),
        };
        group.join(Membership { contract: place, priority: 0, weight: 1 }, contracts.get(place)?);
        Some(group)
    }
}
