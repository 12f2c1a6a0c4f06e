//! What holds between contracts: who belongs together, who must not meet, and who was called otherwise before.

use super::super::document::Documents;
use super::buyer::Joining;
use super::{Compiler, declared, text_of, texts};
use crate::model::{Code, Finding, Node};
use crate::select::Method;
use std::collections::{BTreeMap, BTreeSet};

/// The company of each contract's buyer: itself, or whoever it says it belongs to, up to the top.
pub(super) fn companies(documents: &Documents, joining: &mut [Joining<'_>]) {
    let parent_of = |entry: &super::super::document::BuyerEntry<'_>| text_of(entry.node, "parent").map(str::to_owned);
    let parents: BTreeMap<String, String> =
        documents.buyers().filter_map(|entry| Some((entry.id.to_owned(), parent_of(&entry)?))).collect();
    let climb = |from: &str| {
        let mut seen: BTreeSet<String> = BTreeSet::new();
        let mut at = from.to_owned();
        while let Some(parent) = parents.get(&at).filter(|_| !seen.contains(&at)) {
            seen.insert(std::mem::replace(&mut at, parent.clone()));
        }
        (at, seen)
    };
    let top = |buyer: &str| {
        let (at, seen) = climb(buyer);
        // Those that belong to each other in a circle are one company.
        if seen.contains(&at) { climb(&at).1.into_iter().next().unwrap_or(at) } else { at }
    };
    let names: BTreeSet<String> = joining.iter().map(|joined| top(joined.contract.buyer.as_str())).collect();
    let places: BTreeMap<&str, usize> = names.iter().enumerate().map(|(n, name)| (name.as_str(), n)).collect();
    for joined in joining.iter_mut() {
        joined.contract.company = places.get(top(joined.contract.buyer.as_str()).as_str()).copied().unwrap_or(0);
    }
}

impl Compiler {
    /// Two contracts must not count on the same state.
    pub(super) fn renamed(&mut self, joining: &mut [Joining<'_>]) {
        let ids: BTreeSet<String> = joining.iter().map(|joined| joined.contract.id.to_string()).collect();
        let mut seen = BTreeSet::new();
        for joined in joining.iter() {
            let Some(was) = joined.node.get("was") else { continue };
            let name = joined.contract.state_id.to_string();
            let is_taken = ids.contains(&name) && name != joined.contract.id.as_str();
            if is_taken || !seen.insert(name.clone()) {
                let message = format!("contract `{}` was `{name}`, and so is or was another", joined.contract.id);
                let path = format!("{}/was", joined.path);
                let finding = Finding::new(Code::PlanDeclaredTwice, was.place, path, message);
                self.find(finding.expected("an id that no other contract has or had"));
            }
        }
    }

    /// Contracts that must not get the same lead, said by either of them (rule 35).
    pub(super) fn never_with(&mut self, joining: &mut [Joining<'_>]) {
        let ids: Vec<String> = joining.iter().map(|joined| joined.contract.id.to_string()).collect();
        let mut pairs: BTreeSet<(usize, usize)> = BTreeSet::new();
        for (place, joined) in joining.iter().enumerate() {
            for (n, item) in texts(joined.node, "never_with").into_iter().enumerate() {
                let name = item.as_text().unwrap_or_default();
                match ids.binary_search_by(|id| id.as_str().cmp(name)) {
                    Ok(other) if other == place => {}
                    Ok(other) => pairs.extend([(place, other), (other, place)]),
                    Err(_) => {
                        let path = format!("{}/never_with/{n}", joined.path);
                        self.unknown("contract", name, item.place, path, ids.iter().map(String::as_str));
                    }
                }
            }
        }
        for (place, other) in pairs {
            if let Some(joined) = joining.get_mut(place) {
                joined.contract.never_with.push(other);
            }
        }
    }

    /// The shares of a group by percentage make 100 (rule 31).
    pub(super) fn whole_shares(&mut self, root: &Node, routes: &BTreeMap<String, super::super::compiled::Route>) {
        for member in declared(root.get("routes")) {
            let Some(route) = routes.get(&member.key) else { continue };
            let groups = member.value.get("groups").map(Node::items).unwrap_or_default();
            for (n, node) in groups.iter().enumerate() {
                let id = format!("{}/{}", member.key, text_of(node, "id").unwrap_or_default());
                let group = route.groups.iter().find(|group| group.id == id && !group.members.is_empty());
                let Some(group) = group.filter(|group| group.rule.method == Method::Percentage) else { continue };
                // A share that is missing was reported.
                if group.members.iter().any(|member| member.weight == 0) {
                    continue;
                }
                let sum: u64 = group.members.iter().map(|member| u64::from(member.weight)).sum();
                if sum != 100 {
                    let message = format!("the shares of the group `{id}` make {sum} and not 100");
                    let path = format!("/routes/{}/groups/{n}", super::super::path::escape(&member.key));
                    let finding = Finding::new(Code::PlanPercentSum, node.place, path, message);
                    self.find(finding.expected("`percent` of all its contracts together 100"));
                }
            }
        }
    }
}
