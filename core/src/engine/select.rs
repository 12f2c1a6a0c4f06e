//! The groups of a route, asked in order.

use super::money::payout;
use super::reads::State;
use super::settle::{Settling, Sold};
use super::standing::{Standing, Why};
use crate::model::{Code, ContractId, Error, Money, Sale, TraceEntry, TraceGroup};
use crate::plan::compiled::{Contract, Group, Membership, Route};
use crate::rules::Truth;
use crate::select::{Candidate, after_sale, pick};

impl<S: State> Settling<'_, S> {
    /// Asks all groups of the route.
    pub(super) fn ask(&mut self, route: &Route) -> Result<(), Error> {
        for group in &route.groups {
            self.ask_group(group)?;
        }
        let contracts = |test: &dyn Fn(&TraceEntry) -> bool| {
            let ids: std::collections::BTreeSet<&ContractId> =
                self.entries.iter().filter(|entry| test(entry)).map(|entry| &entry.contract).collect();
            u32::try_from(ids.len()).unwrap_or(u32::MAX)
        };
        self.funnel.considered = contracts(&|_| true);
        self.funnel.matched = contracts(&|entry| !is_criteria(entry.code));
        self.funnel.open = contracts(&|entry| !is_criteria(entry.code) && !is_shut(entry.code));
        self.funnel.eligible =
            contracts(&|entry| entry.code == Code::ContractSold || entry.code == Code::ContractOutranked);
        self.funnel.sold = contracts(&|entry| entry.code == Code::ContractSold);
        Ok(())
    }

    fn ask_group(&mut self, group: &Group) -> Result<(), Error> {
        let plan = self.plan;
        let members: Vec<(&Membership, &Contract)> =
            group.members.iter().filter_map(|member| Some((member, plan.contract(member.contract)?))).collect();
        // What stands in the way of each, as it was when the group was asked.
        let mut reasons = Vec::with_capacity(members.len());
        for (member, contract) in &members {
            reasons.push(self.first_reason(member, contract, group)?);
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

    /// Why a contract cannot take the lead; nothing when it can.
    fn first_reason(&self, member: &Membership, contract: &Contract, group: &Group) -> Result<Option<Why>, Error> {
        let verdict = self.lead.verdicts.get(&member.contract);
        let failing =
            verdict.filter(|verdict| verdict.truth != Truth::True).and_then(|verdict| verdict.failing.as_ref());
        if let Some(failing) = failing {
            let wanted = Some(failing.wanted.clone());
            return Ok(Some(Why {
                code: failing.code,
                check: Some(failing.check.clone()),
                found: failing.found.clone(),
                wanted,
            }));
        }
        Ok(match self.standing(contract, group)? {
            Standing::Ready(..) => None,
            Standing::Shut(why) | Standing::Blocked(why) => Some(why),
        })
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
            let candidates = candidates(members, &offers);
            if !candidates.iter().any(|candidate| candidate.eligible) {
                break;
            }
            let turns = match self.turns.get(&group.id) {
                Some(turns) => turns.clone(),
                None => self.state.turns(&group.id)?,
            };
            let Some(winner) = pick(group.method, &candidates, &turns) else { break };
            let (Some((_, contract)), Some(Some((sale, price)))) = (members.get(winner), offers.get(winner)) else {
                break;
            };
            self.turns.insert(group.id.clone(), after_sale(group.method, &candidates, &turns, winner));
            self.book(contract, group, *sale, *price);
            if let Some(reason) = reasons.get_mut(winner) {
                *reason = Some(Why::new(Code::ContractSold));
            }
            took.push(contract.id.clone());
        }
        Ok(took)
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

fn candidates(members: &[(&Membership, &Contract)], offers: &[Option<(Sale, Money)>]) -> Vec<Candidate> {
    let pairs = members.iter().zip(offers);
    let candidate = |((member, contract), offer): (&(&Membership, &Contract), &Option<(Sale, Money)>)| Candidate {
        contract: contract.id.clone(),
        price: offer.map_or(Money::ZERO, |(_, price)| price),
        priority: member.priority,
        weight: member.weight,
        eligible: offer.is_some(),
    };
    pairs.map(candidate).collect()
}

pub(super) fn is_criteria(code: Code) -> bool {
    matches!(code, Code::CriteriaNotMet | Code::CriteriaUnknownMissingField)
}

fn is_shut(code: Code) -> bool {
    matches!(code, Code::ContractPaused | Code::ContractClosed | Code::ContractDuplicate)
}
