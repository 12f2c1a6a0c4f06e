//! What would have become of the lead by a plan that is a little different: without a check, or without who got it.

use super::doors::About;
use super::state::Lenient;
use super::types::{Decisive, ExplainedSale, RunnerUp};
use crate::engine::reads::State;
use crate::engine::settle::{Settling, Sold};
use crate::engine::standing::{CapOf, Why};
use crate::model::{Assignment, Code, ContractId, Decision, Error, Money};
use crate::operate::Overridden;
use crate::plan::Plan;
use crate::plan::compiled::{Calendar, Group};
use crate::select::Method;
use std::collections::BTreeMap;

/// What operations said is in the plan that is asked already.
static NOTHING: BTreeMap<usize, Overridden> = BTreeMap::new();

/// So many contracts that a limit kept out are looked at; each costs as much as a decision.
const MOST: usize = 64;

/// A contract in a group of the lead's route, by their places.
#[derive(Clone, Copy)]
pub(super) struct Spot<'a> {
    pub(super) route: &'a str,
    pub(super) group: usize,
    pub(super) contract: usize,
}

pub(super) fn group_of<'p>(plan: &'p Plan, spot: Spot<'_>) -> Option<&'p Group> {
    plan.routes.get(spot.route)?.groups.get(spot.group)
}

/// Decides the lead again by a plan that may be changed for it.
pub(super) struct Beside<'a, S> {
    about: &'a About<'a, S>,
    state: Lenient<'a, S>,
    /// The plan without some checks, once one was taken out.
    changed: Option<Plan>,
}

impl<'a, S: State> Beside<'a, S> {
    pub(super) fn new(about: &'a About<'a, S>) -> Self {
        Self { about, state: Lenient::new(about.state), changed: None }
    }

    pub(super) fn plan(&self) -> &'a Plan {
        self.about.plan
    }

    pub(super) fn about(&self) -> &'a About<'a, S> {
        self.about
    }

    pub(super) fn lenient(&self) -> &Lenient<'a, S> {
        &self.state
    }

    fn route(&self) -> &'a str {
        self.about.lead.vertical.as_deref().unwrap_or_default()
    }

    /// Where a contract stands, by the names of its group and its own.
    pub(super) fn spot(&self, group: &str, contract: &ContractId) -> Option<Spot<'a>> {
        let route = self.route();
        let groups = &self.plan().routes.get(route)?.groups;
        let group = groups.iter().position(|known| known.id == group)?;
        let contract = self.plan().contracts.binary_search_by(|known| known.id.cmp(contract)).ok()?;
        Some(Spot { route, group, contract })
    }

    /// A decision in the making, before anybody was asked.
    fn settling<'b>(&'b self, plan: &'b Plan) -> Result<Settling<'b, Lenient<'a, S>>, Error> {
        let mut settling = Settling::new(plan, self.about.lead, &self.state, &NOTHING, self.about.at);
        settling.look_at_desks()?;
        let source = plan.sources.get(&self.about.lead.source);
        if let (Some(route), Some(source)) = (plan.routes.get(self.route()), source) {
            settling.come_to(route, source);
            settling.count_repeats()?;
        }
        Ok(settling)
    }

    /// Asks about one contract as if nobody else were there.
    pub(super) fn alone<T>(
        &self,
        ask: impl FnOnce(&Settling<'_, Lenient<'a, S>>, &Plan) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let plan = self.changed.as_ref().unwrap_or(self.about.plan);
        ask(&self.settling(plan)?, plan)
    }

    /// The sales by the plan as it is changed, and whether all that they depend on is known.
    fn sales_now(&self) -> Result<(Vec<Sold>, bool), Error> {
        let plan = self.changed.as_ref().unwrap_or(self.about.plan);
        self.state.guessed();
        let mut settling = self.settling(plan)?;
        if let Some(route) = plan.routes.get(self.route()) {
            settling.ask(route)?;
        }
        Ok((settling.sales, !self.state.guessed()))
    }

    fn changed(&mut self) -> &mut Plan {
        let plan = self.about.plan;
        self.changed.get_or_insert_with(|| plan.clone())
    }

    /// Takes a check out of the plan. Whether that can be done.
    pub(super) fn take_out(&mut self, spot: Spot<'_>, check: &str) -> bool {
        let source = &self.about.lead.source;
        let plan = self.changed();
        let Some(contract) = plan.contracts.get_mut(spot.contract) else { return false };
        let without = |owner: CapOf, calendar: &mut Calendar| calendar.caps.retain(|cap| owner.check(cap) != check);
        match check.split_once('.') {
            None if check == "status" => contract.paused = false,
            None if check == "starts" => contract.starts = None,
            None if check == "ends" => contract.ends = None,
            None if check == "hours" => contract.schedule = crate::limits::Schedule::default(),
            None if check == "min_margin" => {
                let Some(route) = plan.routes.get_mut(spot.route) else { return false };
                route.min_margin = Money::ZERO;
            }
            None if check == "floor" => {
                let Some(group) = plan.routes.get_mut(spot.route).and_then(|route| route.groups.get_mut(spot.group))
                else {
                    return false;
                };
                group.floor = Money::ZERO;
            }
            Some(("dedupe", field)) => {
                let Some(buyer) = plan.buyers.get_mut(&contract.buyer) else { return false };
                buyer.dedupe.retain(|rule| rule.fields.join("+") != field && !rule.fields.iter().any(|f| f == field));
            }
            Some(("caps", rest)) => match rest.split_once('.').map(|(owner, _)| owner) {
                Some("contract") => without(CapOf::Contract, &mut contract.caps),
                Some("buyer") => {
                    let Some(buyer) = plan.buyers.get_mut(&contract.buyer) else { return false };
                    without(CapOf::Buyer, &mut buyer.caps);
                }
                Some("group") => {
                    let route = plan.routes.get_mut(spot.route);
                    let Some(group) = route.and_then(|route| route.groups.get_mut(spot.group)) else { return false };
                    without(CapOf::Group, &mut group.caps);
                }
                Some("route") => {
                    let Some(route) = plan.routes.get_mut(spot.route) else { return false };
                    without(CapOf::Route, &mut route.caps);
                }
                Some("source") => {
                    let Some(source) = plan.sources.get_mut(source) else { return false };
                    without(CapOf::Source, &mut source.caps);
                }
                Some("sub_id") => {
                    let Some(source) = plan.sources.get_mut(source) else { return false };
                    source.sub_ids.values_mut().for_each(|part| without(CapOf::SubId, &mut part.caps));
                }
                _ => return false,
            },
            Some(("consent", _)) => contract.consent = None,
            Some(("repeats", field)) => drop(contract.repeats.remove(field)),
            Some(("pace", _)) => contract.pace = false,
            None if check == "rate" => contract.rate = None,
            None if check == "funds" => {
                let Some(buyer) = plan.buyers.get_mut(&contract.buyer) else { return false };
                buyer.funds = None;
            }
            _ => return false,
        }
        true
    }

    /// Gives a contract everything back that was taken out for it.
    pub(super) fn put_back(&mut self, spot: Spot<'_>) {
        let (Some(changed), plan) = (self.changed.as_mut(), self.about.plan) else { return };
        if let (Some(into), Some(contract)) = (changed.contracts.get_mut(spot.contract), plan.contract(spot.contract)) {
            into.clone_from(contract);
            if let (Some(into), Some(buyer)) =
                (changed.buyers.get_mut(&contract.buyer), plan.buyers.get(&contract.buyer))
            {
                into.clone_from(buyer);
            }
        }
        if let (Some(into), Some(route)) = (changed.routes.get_mut(spot.route), plan.routes.get(spot.route)) {
            into.min_margin = route.min_margin;
            into.caps.clone_from(&route.caps);
            if let (Some(into), Some(group)) = (into.groups.get_mut(spot.group), route.groups.get(spot.group)) {
                into.clone_from(group);
            }
        }
        let source = &self.about.lead.source;
        if let (Some(into), Some(source)) = (changed.sources.get_mut(source), plan.sources.get(source)) {
            into.clone_from(source);
        }
    }

    /// Each sale, and who would have had the lead without it.
    pub(super) fn sales(&mut self, decision: &Decision) -> Result<Vec<ExplainedSale>, Error> {
        let mut sales = Vec::with_capacity(decision.assignments.len());
        for sold in &decision.assignments {
            let Some(spot) = self.spot(&sold.group, &sold.contract) else { continue };
            if let Some(contract) = self.changed().contracts.get_mut(spot.contract) {
                contract.paused = true;
            }
            let (instead, _) = self.sales_now()?;
            self.put_back(spot);
            let is_new = |other: &&Sold| decision.assignments.iter().all(|sold| sold.contract != other.contract);
            let next = instead.iter().find(is_new).map(|other| RunnerUp {
                contract: other.contract.clone(),
                group: other.group.clone(),
                sale: other.sale,
                price: other.price,
                less: sold.price.checked_sub(other.price).unwrap_or(Money::ZERO),
            });
            let all = instead.iter().fold(Money::ZERO, |sum, sold| sum.checked_add(sold.price).unwrap_or(Money::MAX));
            let text = self.sentence(spot, sold, next.as_ref(), decision.money.revenue, all);
            sales.push(ExplainedSale { contract: sold.contract.clone(), price: sold.price, runner_up: next, text });
        }
        Ok(sales)
    }

    fn sentence(&self, spot: Spot<'_>, sold: &Assignment, next: Option<&RunnerUp>, now: Money, then: Money) -> String {
        let first = format!("{} bought it for {}", sold.contract, sold.price);
        let Some(next) = next else { return format!("{first}; without it nobody would have bought in its place") };
        let price = match next.less.cmp(&Money::ZERO) {
            std::cmp::Ordering::Equal => "the same price".to_owned(),
            std::cmp::Ordering::Greater => format!("{} less", next.less),
            std::cmp::Ordering::Less => {
                format!("{} more", Money::ZERO.checked_sub(next.less).unwrap_or(Money::ZERO))
            }
        };
        let rank = self.rank(spot, sold, next, now, then).map(|rank| format!("; {rank}")).unwrap_or_default();
        format!("{first}; next is {} for {}, {price}{rank}", next.contract, next.price)
    }

    /// Why the one came before the other, where that is not the price alone.
    fn rank(&self, spot: Spot<'_>, sold: &Assignment, next: &RunnerUp, now: Money, then: Money) -> Option<String> {
        if next.group != sold.group {
            return Some(format!("its group {} is asked later", next.group));
        }
        let group = group_of(self.plan(), spot)?;
        Some(match group.rule.method {
            Method::Price if next.less == Money::ZERO => "of equals who was served longest ago comes first".to_owned(),
            Method::Price => return None,
            Method::Priority => {
                let other = self.spot(&next.group, &next.contract)?;
                let of = |contract: usize| group.members.iter().find(|member| member.contract == contract);
                format!("priority {} before {}", of(spot.contract)?.priority, of(other.contract)?.priority)
            }
            Method::RoundRobin => format!("it was the turn of {}", sold.contract),
            Method::Weighted | Method::Percentage => format!("the share of {} was due", sold.contract),
            Method::BestRevenue => format!("{now} in all instead of {then}"),
        })
    }

    /// The limits without which a contract would have had the lead.
    pub(super) fn decisive(&mut self, decision: &Decision) -> Result<Vec<Decisive>, Error> {
        let limited = |code: Code| {
            use Code::{
                ContractCaps, ContractClosed, ContractDuplicate, ContractFloor, ContractFunds, ContractPace,
                ContractPaused, ContractRate,
            };
            let of_state = matches!(code, ContractCaps | ContractFunds | ContractPace | ContractRate);
            of_state || matches!(code, ContractClosed | ContractDuplicate | ContractFloor | ContractPaused)
        };
        let mut decisive = Vec::new();
        for entry in decision.trace.entries.iter().filter(|entry| limited(entry.code)).take(MOST) {
            let Some(spot) = self.spot(&entry.group, &entry.contract) else { continue };
            self.state.guessed();
            let (checks, is_all) = self.strip(spot)?;
            let known = !self.state.guessed();
            let (sales, is_known) = if is_all { self.sales_now()? } else { (Vec::new(), true) };
            self.put_back(spot);
            let Some(sold) = sales.iter().find(|sold| sold.contract == entry.contract && sold.group == entry.group)
            else {
                continue;
            };
            let lost = decision.assignments.iter().map(|had| &had.contract);
            let lost = lost.filter(|had| sales.iter().all(|sold| sold.contract != **had)).cloned();
            decisive.push(said(sold, &checks, lost.collect(), !(known && is_known)));
        }
        Ok(decisive)
    }
}

fn said(sold: &Sold, checks: &[Why], instead: Vec<ContractId>, perhaps: bool) -> Decisive {
    let words: Vec<String> = checks.iter().map(in_words).collect();
    let names: Vec<&str> = instead.iter().map(ContractId::as_str).collect();
    let place = if names.is_empty() { String::new() } else { format!(", in place of {}", names.join(" and ")) };
    let would = if perhaps { "would perhaps have" } else { "would have" };
    let text =
        format!("{} {would} bought it for {}{place}, but for {}", sold.contract, sold.price, words.join(" and "));
    Decisive {
        contract: sold.contract.clone(),
        group: sold.group.clone(),
        checks: checks.iter().filter_map(|why| why.check.clone()).collect(),
        price: sold.price,
        instead,
        perhaps,
        text,
    }
}

/// `caps.contract.day (25, at most 25)`
fn in_words(why: &Why) -> String {
    let check = why.check.as_deref().unwrap_or(why.code.as_str());
    let more: Vec<&str> = [why.found.as_deref(), why.wanted.as_deref()].into_iter().flatten().collect();
    if more.is_empty() { check.to_owned() } else { format!("{check} ({})", more.join(", ")) }
}
