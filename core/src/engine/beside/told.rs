//! Taking down what another system did: its sales, whatever our limits and criteria say, with all that they change.

use crate::engine::reads::State;
use crate::engine::select::Asked;
use crate::engine::sell::Deal;
use crate::engine::settle::Settling;
use crate::model::{ContractId, Error, Money, Outcome, Sale, TraceGroup};
use crate::operate::ObservedSale;
use crate::plan::Plan;
use crate::plan::compiled::{Contract, Group, Route};
use serde::{Deserialize, Serialize};

/// What another system did, as it is kept with the reads of the decision that takes it down.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::engine) struct Observed {
    pub(super) outcome: Outcome,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) sales: Vec<Seen>,
}

impl Observed {
    /// The places in the plan of the contracts that were sold to.
    pub(in crate::engine) fn places(&self, plan: &Plan) -> Vec<usize> {
        let place = |seen: &Seen| plan.contracts.iter().position(|known| known.id == seen.sale.contract);
        self.sales.iter().filter_map(place).collect()
    }
}

/// One of its sales.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Seen {
    #[serde(flatten)]
    pub(super) sale: ObservedSale,
    /// Whether its room was taken before, by the reservation.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) reserved: bool,
}

/// Through which group of a route a contract is sold: the one that is named, or the first that has it.
pub(super) fn group_of<'p>(
    plan: &'p Plan,
    route: &'p Route,
    contract: &ContractId,
    named: Option<&str>,
) -> Option<(&'p Group, usize)> {
    let place = plan.contracts.iter().position(|known| known.id == *contract)?;
    let mut groups = route.groups.iter().chain(&route.house);
    let has = |group: &&Group| {
        let is_named = named.is_none_or(|named| named == group.id);
        is_named && group.members.iter().any(|member| member.contract == place)
    };
    groups.find(has).map(|group| (group, place))
}

/// How a contract buys where nothing is said: as it offers it, alone before shared.
pub(super) fn offered(contract: &Contract, sale: Option<Sale>, price: Option<Money>) -> Deal {
    let shared = contract.shared.map(|shared| shared.price);
    let sale = sale.unwrap_or(if contract.exclusive.is_some() { Sale::Exclusive } else { Sale::Shared });
    let said = if sale == Sale::Exclusive { contract.exclusive.or(shared) } else { shared.or(contract.exclusive) };
    (sale, price.or(said).unwrap_or(Money::ZERO))
}

impl<S: State> Settling<'_, S> {
    /// The outcome is theirs. What our limits would have said to it is not asked: it has happened.
    pub(in crate::engine) fn as_told(&mut self, told: &Observed) -> Result<Outcome, Error> {
        if let (Some(route), Some(source)) = (self.route, self.source) {
            self.come_to(route, source);
            for seen in &told.sales {
                self.sell_as_told(route, seen)?;
            }
        }
        self.funnel.sold = u32::try_from(self.sales.len()).unwrap_or(u32::MAX);
        Ok(if self.lead.test { Outcome::Test } else { told.outcome })
    }

    fn sell_as_told(&mut self, route: &Route, seen: &Seen) -> Result<(), Error> {
        let said = &seen.sale;
        let Some((group, place)) = group_of(self.plan, route, &said.contract, said.group.as_deref()) else {
            return Ok(());
        };
        // Shares are a matter of who else could have had the lead.
        let mut contracts = self.lead.candidates.clone();
        contracts.extend(u32::try_from(place).ok());
        contracts.sort_unstable();
        contracts.dedup();
        let mut asked = self.asked(group, &contracts)?;
        let mut deals = self.deals(group, &mut asked, &[])?;
        let Some(winner) = asked.iter().position(|asked| asked.member.contract == place) else { return Ok(()) };
        let Some(asking) = asked.get(winner) else { return Ok(()) };
        let contract = asking.contract;
        let deal = offered(contract, said.sale, said.price);
        if let Some(place) = deals.get_mut(winner) {
            *place = Some(deal);
        }
        let candidates = self.candidates(group, &asked, &deals);
        let known_as = &contract.state_id;
        if let Some(winner) = candidates.iter().position(|candidate| candidate.contract == *known_as) {
            self.turn(group, &candidates, winner)?;
        }
        if !seen.reserved {
            self.take_room(contract, group, deal.1)?;
        }
        if let Some(asked) = asked.get_mut(winner) {
            self.sell(asked, group, deal);
            self.told_of(group, asked, deals.iter().flatten().count());
        }
        Ok(())
    }

    /// What the trace says: who got it.
    fn told_of(&mut self, group: &Group, asked: &Asked<'_>, eligible: usize) {
        let Some(why) = asked.why.clone() else { return };
        self.entries.push(why.of(&asked.contract.id, &group.id));
        self.groups.push(TraceGroup {
            group: group.id.clone(),
            select: group.rule.method.as_str().to_owned(),
            eligible: u32::try_from(eligible).unwrap_or(u32::MAX),
            took: vec![asked.contract.id.clone()],
            search: None,
            exclusive: None,
            shared: None,
            auction: Vec::new(),
        });
    }
}
