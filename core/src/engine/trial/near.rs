//! Contracts that would have got a lead, had one check been no check.

use crate::books::payout;
use crate::dedupe::DedupeRule;
use crate::engine::prepare::LeadFacts;
use crate::engine::reads::State;
use crate::engine::settle::Settling;
use crate::engine::standing::{Bears, CapOf, Why};
use crate::model::{BuyerId, Code, ContractId, Error, Money, Sale};
use crate::plan::compiled::{Contract, Group};
use crate::rules::Miss;
use crate::select::Method;
use std::collections::BTreeSet;

/// A contract that one check alone keeps from a lead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OneCheck {
    /// The contract.
    pub contract: ContractId,
    /// Its buyer.
    pub buyer: BuyerId,
    /// The check: `where.roof_age`, `caps.contract.day`, `hours`, `floor`, `min_margin` …
    pub check: String,
    /// What was wanted.
    pub wanted: Option<String>,
    /// What the contract would pay.
    pub price: Money,
    /// What would go to the source.
    pub payout: Money,
    /// What the caps of the contract and its buyer leave, but for the one that is the check.
    pub room: Vec<Room>,
}

/// What a cap leaves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Room {
    /// The name of the counter.
    pub counter: String,
    /// How long its window is, in milliseconds, where it is a rolling one.
    pub rolling: Option<i64>,
    /// What is left.
    pub left: i64,
    /// What this sale would take of it.
    pub cost: i64,
}

/// The checks that fail, as far as there is one.
#[derive(Default)]
struct Failed {
    first: Option<(String, Option<String>)>,
    more: bool,
}

impl Failed {
    fn add(&mut self, fails: bool, check: impl FnOnce() -> String, wanted: impl FnOnce() -> Option<String>) {
        if fails && self.first.is_some() {
            self.more = true;
        } else if fails {
            self.first = Some((check(), wanted()));
        }
    }
}

impl<S: State> Settling<'_, S> {
    /// Of a lead that nobody got. A contract counts once, in the first group where one check alone is in its way.
    pub(super) fn near(&self) -> Result<Vec<OneCheck>, Error> {
        let Some(route) = self.route else { return Ok(Vec::new()) };
        let facts = LeadFacts::new(self.plan, self.lead);
        let mut found: Vec<OneCheck> = Vec::new();
        let mut known = BTreeSet::new();
        for group in &route.groups {
            for member in &group.members {
                let Some(contract) = self.contract(member.contract).filter(|_| !known.contains(&member.contract))
                else {
                    continue;
                };
                let mut failed = Failed::default();
                match contract.criteria.as_ref().map_or(Miss::None, |criteria| criteria.miss(&facts)) {
                    Miss::None => {}
                    Miss::One(failing) => failed.add(true, || failing.check, || Some(failing.wanted)),
                    Miss::More => continue,
                }
                if let Some(near) = self.near_miss(contract, group, failed)? {
                    known.insert(member.contract);
                    found.push(near);
                }
            }
        }
        Ok(found)
    }

    fn near_miss(&self, contract: &Contract, group: &Group, mut failed: Failed) -> Result<Option<OneCheck>, Error> {
        let calendar = &contract.caps;
        failed.add(contract.paused, || "status".into(), || Some("active".into()));
        if contract.starts.is_some() || contract.ends.is_some() {
            let today = calendar.zone.date(self.at);
            failed.add(contract.starts.is_some_and(|starts| today < starts), || "starts".into(), || None);
            failed.add(contract.ends.is_some_and(|ends| today > ends), || "ends".into(), || None);
        }
        failed.add(!contract.schedule.is_open(&calendar.zone, self.at), || "hours".into(), || None);
        for why in self.apart(contract)? {
            let (check, wanted) = (why.check, why.wanted);
            failed.add(true, || check.unwrap_or_default(), || wanted);
        }
        if failed.more {
            return Ok(None);
        }
        let rules = self.plan.buyers.get(&contract.buyer).map(|buyer| buyer.dedupe.as_slice()).unwrap_or_default();
        for rule in rules {
            let knows = self.knows(rule)?;
            failed.add(knows, || format!("dedupe.{}", rule.fields.join("+")), || None);
        }
        let Some((sale, price)) = self.best_form(contract, group) else { return Ok(None) };
        failed.add(price < group.floor, || "floor".into(), || Some(format!("{} or more", group.floor)));
        let too_few = sale == Sale::Shared && group.min_sales > 1;
        failed.add(too_few, || "min_sales".into(), || Some(format!("{} or more sales", group.min_sales)));
        failed.add(
            self.thin(price, Bears::ItsOwn).is_some(),
            || "min_margin".into(),
            || Some(format!("{} or more", self.min_margin)),
        );
        if let Some(why) = self.unfunded(contract, price)? {
            failed.add(true, || "funds".into(), || why.wanted);
        }
        let mut room = Vec::new();
        for (owner, calendar) in self.calendars(contract, group) {
            for cap in &calendar.caps {
                let used = self.used(cap, calendar)?;
                if !cap.has_room(used, price) {
                    failed.add(true, || owner.check(cap), || None);
                } else if matches!(owner, CapOf::Contract | CapOf::Buyer) {
                    let counter = self.counter_key(cap, calendar);
                    let rolling = cap.window.rolling_millis();
                    room.push(Room { counter, rolling, left: cap.remaining(used), cost: cap.cost(price) });
                }
            }
        }
        let payout = payout(self.payout, price, true);
        let one = failed.first.filter(|_| !failed.more);
        Ok(one.map(|(check, wanted)| OneCheck {
            contract: contract.id.clone(),
            buyer: contract.buyer.clone(),
            check,
            wanted,
            price,
            payout,
            room,
        }))
    }

    /// What else keeps a contract from the lead, whoever has it.
    fn apart(&self, contract: &Contract) -> Result<Vec<Why>, Error> {
        let mut found = Vec::new();
        found.extend(self.had_it(contract).map(|_| Why::new(Code::ContractPreviousHolder).check("not_to")));
        found.extend(self.call_closed(contract));
        found.extend(self.without_consent(contract));
        found.extend(self.came_too_often(contract));
        found.extend(self.early(contract)?);
        Ok(found)
    }

    fn knows(&self, rule: &DedupeRule) -> Result<bool, Error> {
        for key in rule.keys(&self.lead.canonical, self.vertical(), &self.lead.source) {
            if self.state.claim(&key.scope, &key.hash, rule.remembers_after(self.at))?.is_some() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// How the contract would buy a lead that nobody has; where the most money counts, in the form that brings more.
    fn best_form(&self, contract: &Contract, group: &Group) -> Option<(Sale, Money)> {
        let first = self.form(contract).ok();
        let alone = contract.exclusive.map(|price| (Sale::Exclusive, price));
        let alone = alone.filter(|_| group.rule.method == Method::BestRevenue);
        [first, alone].into_iter().flatten().max_by_key(|(_, price)| *price)
    }
}
