//! Buyers and their contracts, put into the groups they belong to.

use super::super::compiled::{Buyer, Contract, Membership, Returns, Route, Shared};
use super::super::document::{BuyerEntry, Documents};
use super::super::path::escape;
use super::super::units::duration_millis;
use super::consent::consent;
use super::deliver::deliver;
use super::delivery::Whose;
use super::may::may;
use super::together::companies;
use super::{Compiler, buyer_id, count_of, declared, money_of, set, starts, text_of, texts, zone};
use crate::dedupe::Scope;
use crate::limits::{Owner, Starts, Zone};
use crate::matching::Matcher;
use crate::model::limits::CONTRACTS;
use crate::model::{BuyerId, Code, ContractId, Finding, Member, Money, Node};
use crate::rules;
use crate::select::{Method, ThenBy};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A contract with the groups it joins, before the contracts are sorted.
pub(super) struct Joining<'a> {
    pub(super) contract: Contract,
    /// Group id, priority, weight.
    groups: Vec<(String, u32, u32)>,
    /// The contract as it stands in the plan.
    pub(super) node: &'a Node,
    pub(super) path: String,
}

/// What a buyer gives to its contracts.
struct Owned<'a> {
    id: &'a BuyerId,
    zone: Zone,
    starts: Starts,
}

impl Compiler {
    pub(super) fn buyers(
        &mut self,
        documents: &Documents,
        of_plan: Starts,
        routes: &mut BTreeMap<String, Route>,
    ) -> (BTreeMap<BuyerId, Buyer>, Vec<Contract>) {
        let mut buyers = BTreeMap::new();
        let mut joining: Vec<Joining<'_>> = Vec::new();
        for entry in documents.buyers() {
            let Some(id) = buyer_id(entry.id) else { continue };
            if let Some(buyer) = self.buyer(&entry, &id, of_plan, routes, &mut joining) {
                buyers.insert(id, buyer);
            }
        }
        joining.sort_by(|a, b| a.contract.id.cmp(&b.contract.id));
        companies(documents, &mut joining);
        self.renamed(&mut joining);
        self.never_with(&mut joining);
        if let Some(first_over) = joining.get(CONTRACTS) {
            let message =
                format!("the plan has {} contracts; `{}` is one too many", joining.len(), first_over.contract.id);
            let place = documents.root().map(|root| root.node.place);
            let finding = place.map(|place| Finding::new(Code::PlanTooManyContracts, place, "", message));
            self.findings.extend(finding.map(|finding| finding.expected(format!("at most {CONTRACTS}"))));
        }
        for (place, joined) in joining.iter().enumerate() {
            for (group, priority, weight) in &joined.groups {
                let mut groups = routes.values_mut().flat_map(|route| route.groups.iter_mut());
                if let Some(group) = groups.find(|known| known.id == *group) {
                    let member = Membership { contract: place, priority: *priority, weight: *weight };
                    group.join(member, &joined.contract);
                }
            }
        }
        let contracts: Vec<Contract> = joining.into_iter().map(|joined| joined.contract).collect();
        routes.values_mut().for_each(|route| index(route, &contracts));
        (buyers, contracts)
    }

    fn buyer<'a>(
        &mut self,
        entry: &BuyerEntry<'a>,
        id: &BuyerId,
        of_plan: Starts,
        routes: &BTreeMap<String, Route>,
        joining: &mut Vec<Joining<'a>>,
    ) -> Option<Buyer> {
        let node = entry.node;
        let zone = zone(node).or_else(|| self.zone.clone())?;
        let owned = Owned { id, zone, starts: starts(node, of_plan) };
        for member in declared(node.get("contracts")) {
            let path = format!("{}/contracts/{}", entry.path, escape(&member.key));
            joining.extend(self.contract(member, &owned, routes, &path));
        }
        let caps = self.calendar(node, &entry.path, &Owner::Buyer(id.to_string()), &owned.zone, owned.starts);
        let scope = Scope::Buyer(id.clone());
        let dedupe = self.dedupes(node.get("dedupe"), Some(&scope), &format!("{}/dedupe", entry.path));
        let credit = money_of(node, "credit");
        let prepaid = node.get("prepaid").and_then(Node::as_bool) == Some(true);
        let funds = if prepaid { Some(credit.unwrap_or(Money::ZERO)) } else { credit };
        let returns = node.get("returns").and_then(returns);
        Some(Buyer { caps, funds, dedupe, returns, deliver: deliver(node.get("deliver")) })
    }

    fn contract<'a>(
        &mut self,
        member: &'a Member,
        owned: &Owned<'_>,
        routes: &BTreeMap<String, Route>,
        path: &str,
    ) -> Option<Joining<'a>> {
        let node = &member.value;
        let id = ContractId::new(&member.key).ok()?;
        let groups = self.groups_of(member, routes, path);
        // A group that is misspelt still names its route: the criteria are checked in the same run.
        let named = declared(node.get("in")).map(|place| place.key.as_str());
        let named = groups.iter().map(|(group, ..)| group.as_str()).chain(named);
        let verticals = named.filter_map(|group| Some(group.split_once('/')?.0.to_owned()));
        let mut verticals =
            verticals.chain(self.names.houses.get(&member.key).cloned()).collect::<Vec<_>>().into_iter();
        let vertical = verticals.find(|vertical| self.names.verticals.contains_key(vertical));
        let criteria = match (node.get("where"), &vertical) {
            (Some(criteria), Some(vertical)) => self.criteria(criteria, vertical, member, path),
            _ => None,
        };
        let sell = node.get("sell");
        let shared = sell.and_then(|sell| sell.get("shared"));
        let state_id = text_of(node, "was").and_then(|was| ContractId::new(was).ok()).unwrap_or_else(|| id.clone());
        let date = |key: &str| text_of(node, key).and_then(|date| date.parse().ok());
        let mut contract = Contract {
            buyer: owned.id.clone(),
            company: 0,
            paused: text_of(node, "status") == Some("paused"),
            starts: date("starts"),
            ends: date("ends"),
            criteria,
            schedule: self.schedule(node.get("hours"), path),
            call_window: self.call_window(node.get("call_window"), path),
            caps: self.calendar(node, path, &Owner::Contract(state_id.to_string()), &owned.zone, owned.starts),
            pace: text_of(node, "pace") == Some("even"),
            rate: self.rate(node, path),
            exclusive: sell.and_then(|sell| money_of(sell.get("exclusive")?, "price")),
            shared: shared.and_then(|shared| {
                let price = money_of(shared, "price")?;
                Some(Shared { price, with_at_most: count_of(shared, "with_at_most") })
            }),
            exclusive_bid: None,
            shared_bid: None,
            ping: None,
            post: None,
            no_answer: None,
            holds_bids: node.get("hold").and_then(Node::as_bool) == Some(true),
            expected_return: count_of(node, "expected_return").unwrap_or(0),
            never_with: Vec::new(),
            may: may(node.get("may")),
            repeats: self.most_repeats(node.get("repeats"), path),
            consent: consent(node),
            id,
            state_id,
        };
        let whose = Whose { buyer: owned.id, vertical: vertical.as_deref(), path };
        self.delivery(member, &whose, &mut contract);
        Some(Joining { contract, groups, node, path: path.to_owned() })
    }

    /// How often a value may have come: of fields that the intake counts.
    fn most_repeats(&mut self, node: Option<&Node>, path: &str) -> BTreeMap<String, u32> {
        let mut most = BTreeMap::new();
        for member in declared(node) {
            if !self.names.repeats.contains(&member.key) {
                let known: Vec<String> = self.names.repeats.iter().cloned().collect();
                let path = format!("{path}/repeats/{}", escape(&member.key));
                let what = "field of `intake.repeats`";
                self.unknown(what, &member.key, member.place, path, known.iter().map(String::as_str));
                continue;
            }
            let count = member.value.as_int().and_then(|count| u32::try_from(count).ok());
            most.extend(count.map(|count| (member.key.clone(), count)));
        }
        most
    }

    fn criteria(&mut self, node: &Node, vertical: &str, member: &Member, path: &str) -> Option<rules::Criteria> {
        let schema = self.names.verticals.get(vertical)?;
        let names = rules::Names { schema, lists: &self.names.lists, areas: &self.names.areas };
        let owner = format!("contract `{}`", member.key);
        rules::compile(node, &names, &format!("{path}/where"), &owner, &mut self.findings)
    }

    /// The groups that a contract joins, with what its place there needs.
    fn groups_of(&mut self, member: &Member, routes: &BTreeMap<String, Route>, path: &str) -> Vec<(String, u32, u32)> {
        let mut groups: Vec<(String, u32, u32)> = Vec::new();
        for place in declared(member.value.get("in")) {
            let path = format!("{path}/in/{}", escape(&place.key));
            let all = || routes.values().flat_map(|route| route.groups.iter());
            let Some(group) = all().find(|group| group.id == place.key) else {
                let known: Vec<String> = all().map(|group| group.id.clone()).collect();
                self.unknown("group", &place.key, place.place, path, known.iter().map(String::as_str));
                continue;
            };
            let route = |id: &str| id.split_once('/').map(|(route, _)| route.to_owned());
            if groups.first().is_some_and(|(first, ..)| route(first) != route(&place.key)) {
                let message = format!("contract `{}` is in the groups of two routes", member.key);
                let finding = Finding::new(Code::PlanMixedRoutes, place.place, path, message);
                self.find(finding.expected("groups of one route: a contract buys leads of one vertical"));
                continue;
            }
            let priority = count_of(&place.value, "priority");
            let share = if group.rule.method == Method::Percentage { "percent" } else { "weight" };
            let weight = count_of(&place.value, share);
            let by_priority = group.rule.method == Method::Priority || group.rule.then_by == Some(ThenBy::Priority);
            let missing = if by_priority && priority.is_none() {
                Some("priority")
            } else if group.rule.method.goes_by_share() && weight.is_none() {
                Some(share)
            } else {
                None
            };
            if let Some(key) = missing {
                let message = format!(
                    "contract `{}` has no `{key}` in the group `{}`, which selects by {}",
                    member.key,
                    group.id,
                    group.rule.method.as_str()
                );
                let finding = Finding::new(Code::PlanMissingField, place.place, path, message);
                let fix = super::super::fix::added(&place.value, key, "10");
                self.find(finding.expected(format!("{{ \"{key}\": 10 }}")).fixed_by(Some(fix)));
            }
            groups.push((
                place.key.clone(),
                priority.unwrap_or(u32::MAX),
                weight.unwrap_or(u32::from(share == "weight")),
            ));
        }
        groups
    }
}

/// Compiles the criteria of all contracts of a route.
fn index(route: &mut Route, contracts: &[Contract]) {
    let places = route.contracts().into_iter();
    let known = places.filter_map(|place| Some((u32::try_from(place).ok()?, contracts.get(place)?)));
    let criteria: Vec<_> = known.map(|(place, contract)| (place, contract.criteria.as_ref())).collect();
    route.matcher = Arc::new(Matcher::new(&criteria));
}

fn returns(node: &Node) -> Option<Returns> {
    Some(Returns {
        within: duration_millis(text_of(node, "within")?).ok()?,
        max_rate: count_of(node, "max_rate"),
        reasons: set(&texts(node, "reasons")),
        refunds_cap: text_of(node, "return_refunds_cap") == Some("same_window"),
    })
}
