//! The groups of a route, asked in order.

use super::money::payout;
use super::reads::State;
use super::settle::{Settling, Sold};
use super::standing::{Standing, Why};
use crate::model::{Code, ContractId, Error, Money, Sale, TraceEntry, TraceGroup};
use crate::plan::compiled::{Contract, Group, Membership, Route};
use crate::select::{Candidate, Method, after_sale, pick};

impl<S: State> Settling<'_, S> {
    /// Asks all groups of the route.
    pub(super) fn ask(&mut self, route: &Route) -> Result<(), Error> {
        for group in &route.groups {
            self.ask_group(group)?;
        }
        let count = |contracts: usize| u32::try_from(contracts).unwrap_or(u32::MAX);
        let contracts = |test: &dyn Fn(&TraceEntry) -> bool| {
            let ids: std::collections::BTreeSet<&ContractId> =
                self.entries.iter().filter(|entry| test(entry)).map(|entry| &entry.contract).collect();
            count(ids.len())
        };
        self.funnel.considered = count(route.matcher.index().len());
        self.funnel.matched = count(self.lead.candidates.len());
        self.funnel.open = contracts(&|entry| !is_shut(entry.code));
        self.funnel.eligible =
            contracts(&|entry| entry.code == Code::ContractSold || entry.code == Code::ContractOutranked);
        self.funnel.sold = contracts(&|entry| entry.code == Code::ContractSold);
        Ok(())
    }

    fn ask_group(&mut self, group: &Group) -> Result<(), Error> {
        let plan = self.plan;
        let members = group.members_among(&self.lead.candidates);
        let members: Vec<(&Membership, &Contract)> =
            members.filter_map(|member| Some((member, plan.contract(member.contract)?))).collect();
        // What stands in the way of each, as it was when the group was asked.
        let mut reasons = Vec::with_capacity(members.len());
        for (_, contract) in &members {
            reasons.push(match self.standing(contract, group)? {
                Standing::Ready(..) => None,
                Standing::Shut(why) | Standing::Blocked(why) => Some(why),
            });
        }
        let eligible = reasons.iter().filter(|reason| reason.is_none()).count();
        let took = self.sell(group, &members, &mut reasons)?;
        for ((_, contract), reason) in members.iter().zip(reasons) {
            let why = reason.unwrap_or_else(|| Why::new(Code::ContractOutranked));
            self.entries.push(TraceEntry {
                contract: contract.id.clone(),
                group: group.id.clone(),
                code: why.code,
                check: why.check,
                found: why.found,
                wanted: why.wanted,
            });
        }
        self.groups.push(TraceGroup {
            group: group.id.clone(),
            select: group.method.as_str().to_owned(),
            eligible: u32::try_from(eligible).unwrap_or(u32::MAX),
            took,
        });
        Ok(())
    }

    /// Sells to one after the other, as long as the group and the route allow it.
    fn sell(
        &mut self,
        group: &Group,
        members: &[(&Membership, &Contract)],
        reasons: &mut [Option<Why>],
    ) -> Result<Vec<ContractId>, Error> {
        let most = group.take.map_or(usize::MAX, |take| usize::try_from(take).unwrap_or(usize::MAX));
        let mut took = Vec::new();
        while took.len() < most {
            let mut offers: Vec<Option<(Sale, Money)>> = Vec::with_capacity(members.len());
            for ((_, contract), reason) in members.iter().zip(reasons.iter_mut()) {
                let open = reason.is_none();
                offers.push(match if open { Some(self.standing(contract, group)?) } else { None } {
                    Some(Standing::Ready(sale, price)) => Some((sale, price)),
                    Some(Standing::Shut(why) | Standing::Blocked(why)) => {
                        *reason = Some(why);
                        None
                    }
                    None => None,
                });
            }
            if offers.iter().all(Option::is_none) {
                break;
            }
            let candidates = self.candidates(group, members, &offers);
            let turns = match self.turns.get(&group.id) {
                Some(turns) => turns.clone(),
                None => self.state.turns(&group.id)?,
            };
            let Some(winner) = pick(group.method, &candidates, &turns) else { break };
            let is_winner = |(_, contract): &(&Membership, &Contract)| {
                candidates.get(winner).is_some_and(|candidate| candidate.contract == contract.id)
            };
            let Some(place) = members.iter().position(is_winner) else { break };
            let (Some((_, contract)), Some(Some((sale, price)))) = (members.get(place), offers.get(place)) else {
                break;
            };
            let mut after = after_sale(group.method, &candidates, &turns, winner);
            // Who left the group takes its state along (rule 29).
            after.members.retain(|id, _| self.is_member(group, id));
            self.turns.insert(group.id.clone(), after);
            self.book(contract, group, *sale, *price);
            if let Some(reason) = reasons.get_mut(place) {
                *reason = Some(Why::new(Code::ContractSold));
            }
            took.push(contract.id.clone());
        }
        Ok(took)
    }

    /// The members as the methods see them. Shares are a matter of the whole group, also of those that do not want the
    /// lead; for all other methods these are nobody.
    fn candidates(
        &self,
        group: &Group,
        members: &[(&Membership, &Contract)],
        offers: &[Option<(Sale, Money)>],
    ) -> Vec<Candidate> {
        let wanting = members.iter().zip(offers).map(|((member, contract), offer)| candidate(member, contract, *offer));
        if group.method != Method::Weighted {
            return wanting.collect();
        }
        let mut wanting = wanting.peekable();
        let all = group.members.iter().filter_map(|member| Some((member, self.plan.contract(member.contract)?)));
        all.map(|(member, contract)| {
            let wants = wanting.next_if(|candidate| candidate.contract == contract.id);
            wants.unwrap_or_else(|| candidate(member, contract, None))
        })
        .collect()
    }

    fn is_member(&self, group: &Group, id: &ContractId) -> bool {
        let id_of = |member: &Membership| self.plan.contract(member.contract).map(|contract| &contract.id);
        group.members.binary_search_by(|member| id_of(member).cmp(&Some(id))).is_ok()
    }

    /// Takes a sale down: counters of all owners, the money, and the buyer.
    fn book(&mut self, contract: &Contract, group: &Group, sale: Sale, price: Money) {
        let plan = self.plan;
        let buyer = plan.buyers.get(&contract.buyer).map(|buyer| &buyer.caps);
        let source = plan.sources.get(&self.lead.source).map(|source| &source.caps);
        for calendar in [Some(&contract.caps), buyer, Some(&group.caps)].into_iter().flatten() {
            for cap in &calendar.caps {
                let key = self.counter_key(cap, calendar);
                *self.counters.entry(key).or_insert(0) += cap.cost(price);
            }
        }
        if let Some(calendar) = source {
            for cap in calendar.caps.iter().filter(|cap| self.counts_for_source(cap)).collect::<Vec<_>>() {
                let key = self.counter_key(cap, calendar);
                *self.counters.entry(key).or_insert(0) += cap.cost(price);
            }
        }
        let is_first = self.sales.is_empty();
        self.sales.push(Sold {
            buyer: contract.buyer.clone(),
            contract: contract.id.clone(),
            group: group.id.clone(),
            sale,
            price,
            payout: payout(self.payout, price, is_first),
            with_at_most: contract.shared.filter(|_| sale == Sale::Shared).and_then(|shared| shared.with_at_most),
        });
    }
}

fn candidate(member: &Membership, contract: &Contract, offer: Option<(Sale, Money)>) -> Candidate {
    Candidate {
        contract: contract.id.clone(),
        price: offer.map_or(Money::ZERO, |(_, price)| price),
        priority: member.priority,
        weight: member.weight,
        eligible: offer.is_some(),
    }
}

fn is_shut(code: Code) -> bool {
    matches!(code, Code::ContractPaused | Code::ContractClosed | Code::ContractDuplicate)
}
