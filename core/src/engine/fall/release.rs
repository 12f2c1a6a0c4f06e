//! Everything that a sale took is given back.

use super::offers::Offers;
use super::sale::Sale;
use crate::books::{claw_back, refers_to};
use crate::dedupe::{Against, DedupeRule};
use crate::engine::Engine;
use crate::engine::record::overridden_for;
use crate::engine::settle::Settling;
use crate::events::{SaleFell, written};
use crate::model::{
    Account, AttemptClass, Error, Event, EventKind, Money, Outcome, PostingKind, Subject,
};
use crate::engine::sell::candidate;
use crate::operate::funds_counter;
use crate::plan::compiled::Membership;
use crate::select::{Candidate, after_refund};
use crate::store::{
    Change, Claim, CounterAdd, Entry, EntrySale, MomentAdd, Posting, PostingSum, RollupAdd, Took, TurnRow, View,
};
use std::collections::BTreeMap;

/// Why a sale falls, and who says so.
#[derive(Clone, Copy)]
pub(in crate::engine) struct Because<'a> {
    /// How the attempt ended, as `rejected`.
    pub(in crate::engine) why: &'a str,
    /// The worker that told it.
    pub(in crate::engine) by: &'a str,
}

impl Engine {
    /// Gives back what the sale took. `offers` is how the lead stood until now.
    pub(super) fn give_sale_back(
        &self,
        view: &dyn View,
        sale: &Sale,
        offers: &Offers,
        because: Because<'_>,
        change: &mut Change,
    ) -> Result<(), Error> {
        let sold = &sale.sold;
        let assignment = &sold.assignment;
        let is_last = !offers.others_stand(&assignment.key);
        let took = sale.took(is_last)?;
        let counters = negated(&took.counters);
        let moments = negated(&took.moments);
        change.moments.extend(moments.iter().map(|(key, add)| MomentAdd { key: key.clone(), at: sold.at, add: *add }));
        let source = sold.plan.sources.get(&sold.decision.source);
        let due = source.map_or(Money::ZERO, |source| claw_back(source.payout, assignment.price, is_last));
        let supplier = source.map(|source| source.account()).filter(|_| due != Money::ZERO);
        let paid_from = sold.plan.pays_from(&assignment.buyer);
        let refers = refers_to(view, &paid_from, sold.date)?;
        let back = assignment.price.units().saturating_neg();
        let post = (paid_from.clone(), PostingKind::Release, back);
        self.post_back(view, sale, post, counters.clone(), because, change)?;
        if let Some(account) = &supplier {
            let post = (account.clone(), PostingKind::ClawBack, due.units());
            self.post_back(view, sale, post, BTreeMap::new(), because, change)?;
        }
        change.rollups.extend(sale.rollups_back(due));
        change.turns.extend(sale.turn_back(view)?);
        change.unclaimed.extend(sale.claims_back(is_last, because));
        let mut told = counters;
        if matches!(paid_from, Account::Funds(_)) && assignment.price != Money::ZERO {
            told.insert(funds_counter(&assignment.buyer), assignment.price.units());
        }
        let (date, slot) = sold.plan.zone.slot(sold.at);
        let data = written(&SaleFell {
            because: because.why.to_owned(),
            buyer: assignment.buyer.clone(),
            claw_back: supplier.is_some().then_some(due),
            contract: assignment.contract.clone(),
            counters: told,
            date,
            key: assignment.key.clone(),
            moments,
            price: assignment.price,
            refers_to: refers,
            slot,
            sold_at: sold.at,
            supplier,
        });
        let (tenant, subject) = (self.tenant().clone(), Subject::Decision(sold.decision.clone()));
        change.events.push(Event { kind: EventKind::SaleFell, tenant, subject, at: change.at, data });
        Ok(())
    }

    /// Posts a part of the sale the other way round, today.
    fn post_back(
        &self,
        view: &dyn View,
        sale: &Sale,
        (account, kind, debit): (Account, PostingKind, i64),
        counters: BTreeMap<String, i64>,
        because: Because<'_>,
        change: &mut Change,
    ) -> Result<(), Error> {
        let sold = &sale.sold;
        let refers_to = refers_to(view, &account, sold.date)?;
        if let Account::Funds(buyer) = &account {
            change.counters.push(CounterAdd { key: funds_counter(buyer), add: debit.saturating_neg() });
        }
        change.counters.extend(counters.iter().map(|(key, add)| CounterAdd { key: key.clone(), add: *add }));
        let (contract, source) = (Some(sold.assignment.contract.clone()), Some(sold.decision.source.clone()));
        let sum = PostingSum { account, kind, contract, source, count: 1, debit };
        let (decision, key) = (sold.decision.clone(), sold.assignment.key.clone());
        change.entries.push(Entry {
            at: change.at,
            posting: Posting { date: self.plan().zone.date(change.at), sum },
            sale: Some(EntrySale { decision, key, sold: sold.date }),
            refers_to,
            counters,
            by: because.by.to_owned(),
            reason: because.why.to_owned(),
        });
        Ok(())
    }
}

fn negated(sums: &BTreeMap<String, i64>) -> BTreeMap<String, i64> {
    sums.iter().map(|(key, add)| (key.clone(), add.saturating_neg())).collect()
}

impl Sale {
    /// What it took from caps. What counts leads was taken by the first sale of the lead, and goes with the last one.
    pub(super) fn took(&self, is_last: bool) -> Result<Took, Error> {
        let (Some((place, contract)), Some(group)) = (self.contract(), self.group()) else { return Ok(Took::default()) };
        let sold = &self.sold;
        let overridden = overridden_for(&sold.plan, &self.lead, &self.reads, sold.at, &[place])?;
        let settling = Settling::new(&sold.plan, &self.lead, &self.reads, &overridden, sold.at);
        let counted_here = self.reads.offers.as_ref().is_none_or(Offers::nobody_has_it);
        let contract = settling.contract(place).unwrap_or(contract);
        Ok(settling.takes(contract, group, sold.assignment.price, is_last && counted_here))
    }

    fn rollups_back(&self, payout: Money) -> [RollupAdd; 2] {
        let sold = &self.sold;
        let (date, slot) = sold.plan.zone.slot(sold.at);
        let less = |money: Money| Money::ZERO.checked_sub(money).unwrap_or(Money::ZERO);
        let row = |contract, leads| RollupAdd {
            date,
            slot,
            source: sold.decision.source.clone(),
            contract,
            outcome: Outcome::Assigned,
            leads,
            revenue: less(sold.assignment.price),
            payout: less(payout),
        };
        // The lead was decided all the same: only its sale is none.
        [row(None, 0), row(Some(sold.assignment.contract.clone()), -1)]
    }

    /// Its group as if it had not had the turn (rule 27).
    fn turn_back(&self, view: &dyn View) -> Result<Option<TurnRow>, Error> {
        let (Some((_, contract)), Some(group)) = (self.contract(), self.group()) else { return Ok(None) };
        let then = self.reads.turns.get(&group.id);
        let before = then.and_then(|turns| turns.members.get(&contract.state_id)).copied().unwrap_or_default();
        let nth = then.map_or(0, |turns| turns.n).saturating_add(self.sold.nth_in_group());
        let known = |member: &Membership| self.sold.plan.contract(member.contract);
        let all = group.members.iter().filter_map(|member| Some(candidate(member, known(member)?, Some(Money::ZERO))));
        let members: Vec<Candidate> = all.collect();
        let Some(back) = members.iter().position(|member| member.contract == contract.state_id) else { return Ok(None) };
        let now = view.turns(&group.id)?;
        let after = after_refund(&group.rule, &members, &now, back, (before, nth));
        Ok(Some(TurnRow { group: group.id.clone(), after }))
    }

    /// The values by which others were duplicates of a sale that is none (rule 69). A buyer that knows the person goes on
    /// knowing them (rule 50).
    fn claims_back(&self, is_last: bool, because: Because<'_>) -> Vec<Claim> {
        let sold = &self.sold;
        let intake = &sold.plan.intake;
        let of_lead = is_last.then(|| intake.dedupe.iter().chain(&intake.repeats)).into_iter().flatten();
        let knows = because.why == AttemptClass::Duplicate.as_str();
        let buyer = sold.plan.buyers.get(&sold.assignment.buyer).filter(|_| !knows);
        let of_buyer = buyer.map(|buyer| buyer.dedupe.as_slice()).unwrap_or_default();
        let by_sale = |rule: &&DedupeRule| rule.against == Against::Sold;
        let vertical = self.lead.vertical.as_deref().unwrap_or_default();
        let rules = of_lead.chain(of_buyer).filter(by_sale);
        let keys = rules.flat_map(|rule| rule.keys(&self.lead.canonical, vertical, &self.lead.source));
        let claim = |key: crate::dedupe::DedupeKey| Claim {
            scope: key.scope,
            hash: key.hash,
            at: sold.at,
            by: sold.decision.clone(),
        };
        keys.map(claim).collect()
    }
}
