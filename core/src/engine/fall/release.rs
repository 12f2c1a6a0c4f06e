//! Everything that a sale took is given back.

use super::offers::Offers;
use super::sale::Sale;
use crate::books::{claw_back, refers_to};
use crate::dedupe::{Against, DedupeRule};
use crate::engine::Engine;
use crate::engine::record::overridden_for;
use crate::engine::sell::candidate;
use crate::engine::settle::Settling;
use crate::events::{SaleFell, written};
use crate::model::{Account, AttemptClass, Error, Event, EventKind, Money, Outcome, PostingKind, Subject};
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

/// What becomes of a sale.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Becomes {
    /// It did not come about.
    Nothing,
    /// It came about after all.
    Something,
}

impl Becomes {
    /// What of an amount is added.
    fn of(self, amount: i64) -> i64 {
        if self == Becomes::Nothing { amount.saturating_neg() } else { amount }
    }

    /// How the price is posted, and the payout. One that comes about after all is a sale as any other.
    fn kinds(self) -> [PostingKind; 2] {
        match self {
            Becomes::Nothing => [PostingKind::Release, PostingKind::ClawBack],
            Becomes::Something => [PostingKind::Sale, PostingKind::Payout],
        }
    }

    fn all_of(self, sums: &BTreeMap<String, i64>) -> BTreeMap<String, i64> {
        sums.iter().map(|(key, amount)| (key.clone(), self.of(*amount))).collect()
    }
}

impl Engine {
    /// Gives back what the sale took, or takes it again. `is_last` says whether nobody else has the lead.
    pub(super) fn book(
        &self,
        view: &dyn View,
        (sale, becomes): (&Sale, Becomes),
        is_last: bool,
        because: Because<'_>,
        change: &mut Change,
    ) -> Result<(), Error> {
        let sold = &sale.sold;
        let assignment = &sold.assignment;
        let took = sale.took(is_last)?;
        let mut counters = becomes.all_of(&took.counters);
        let moments = becomes.all_of(&took.moments);
        change.moments.extend(moments.iter().map(|(key, add)| MomentAdd { key: key.clone(), at: sold.at, add: *add }));
        let source = sold.plan.sources.get(&sold.decision.source);
        let due = source.map_or(Money::ZERO, |source| claw_back(source.payout, assignment.price, is_last));
        let supplier = source.map(|source| source.account()).filter(|_| due != Money::ZERO);
        let paid_from = sold.plan.pays_from(&assignment.buyer);
        let refers = refers_to(view, &paid_from, sold.date)?;
        let debit = becomes.of(assignment.price.units());
        let [of_price, of_payout] = becomes.kinds();
        let mut posts = vec![((paid_from.clone(), of_price, debit), counters.clone())];
        // What the supplier is owed is a credit.
        let credit = |account: &Account| (account.clone(), of_payout, becomes.of(due.units()).saturating_neg());
        posts.extend(supplier.as_ref().map(|account| (credit(account), BTreeMap::new())));
        for ((account, kind, debit), counters) in posts {
            let refers_to = refers_to(view, &account, sold.date)?;
            if let Account::Funds(buyer) = &account {
                change.counters.push(CounterAdd { key: funds_counter(buyer), add: debit.saturating_neg() });
            }
            change.counters.extend(counters.iter().map(|(key, add)| CounterAdd { key: key.clone(), add: *add }));
            let (contract, source) = (Some(assignment.contract.clone()), Some(sold.decision.source.clone()));
            let sum = PostingSum { account, kind, contract, source, count: 1, debit };
            let (decision, key) = (sold.decision.clone(), assignment.key.clone());
            change.entries.push(Entry {
                at: change.at,
                posting: Posting { date: self.plan().zone.date(change.at), sum },
                sale: Some(EntrySale { decision, key, sold: sold.date }),
                refers_to,
                counters,
                by: because.by.to_owned(),
                reason: because.why.to_owned(),
            });
        }
        change.rollups.extend(sale.rollups(due, becomes));
        if matches!(paid_from, Account::Funds(_)) && assignment.price != Money::ZERO {
            counters.insert(funds_counter(&assignment.buyer), debit.saturating_neg());
        }
        let (date, slot) = sold.plan.zone.slot(sold.at);
        let data = written(&SaleFell {
            because: because.why.to_owned(),
            buyer: assignment.buyer.clone(),
            claw_back: supplier.is_some().then_some(due),
            contract: assignment.contract.clone(),
            counters,
            date,
            key: assignment.key.clone(),
            moments,
            price: assignment.price,
            refers_to: refers,
            slot,
            sold_at: sold.at,
            supplier,
        });
        let kind = if becomes == Becomes::Nothing { EventKind::SaleFell } else { EventKind::SaleHonored };
        let (tenant, subject) = (self.tenant().clone(), Subject::Decision(sold.decision.clone()));
        change.events.push(Event { kind, tenant, subject, at: change.at, data });
        Ok(())
    }
}

impl Sale {
    /// What it took from caps. What counts leads was taken by the first sale of the lead, and goes with the last one.
    pub(super) fn took(&self, is_last: bool) -> Result<Took, Error> {
        let (Some((place, contract)), Some(group)) = (self.contract(), self.group()) else {
            return Ok(Took::default());
        };
        let sold = &self.sold;
        let overridden = overridden_for(&sold.plan, &self.lead, &self.reads, sold.at, &[place])?;
        let settling = Settling::new(&sold.plan, &self.lead, &self.reads, &overridden, sold.at);
        let counted_here = self.reads.offers.as_ref().is_none_or(Offers::nobody_has_it);
        let contract = settling.contract(place).unwrap_or(contract);
        Ok(settling.takes(contract, group, sold.assignment.price, is_last && counted_here))
    }

    fn rollups(&self, payout: Money, becomes: Becomes) -> [RollupAdd; 2] {
        let sold = &self.sold;
        let (date, slot) = sold.plan.zone.slot(sold.at);
        let amount = |money: Money| Money::from_units(becomes.of(money.units())).unwrap_or(Money::ZERO);
        let row = |contract, leads| RollupAdd {
            date,
            slot,
            source: sold.decision.source.clone(),
            contract,
            outcome: Outcome::Assigned,
            leads,
            revenue: amount(sold.assignment.price),
            payout: amount(payout),
        };
        // The lead was decided all the same: only its sale is none.
        [row(None, 0), row(Some(sold.assignment.contract.clone()), becomes.of(1))]
    }

    /// Its group as if it had not had the turn (rule 27).
    pub(super) fn turn_back(&self, view: &dyn View) -> Result<Option<TurnRow>, Error> {
        let (Some((_, contract)), Some(group)) = (self.contract(), self.group()) else { return Ok(None) };
        let then = self.reads.turns.get(&group.id);
        let before = then.and_then(|turns| turns.members.get(&contract.state_id)).copied().unwrap_or_default();
        let nth = then.map_or(0, |turns| turns.n).saturating_add(self.sold.nth_in_group());
        let known = |member: &Membership| self.sold.plan.contract(member.contract);
        let all = group.members.iter().filter_map(|member| Some(candidate(member, known(member)?, Some(Money::ZERO))));
        let members: Vec<Candidate> = all.collect();
        let Some(back) = members.iter().position(|member| member.contract == contract.state_id) else {
            return Ok(None);
        };
        let now = view.turns(&group.id)?;
        let after = after_refund(&group.rule, &members, &now, back, (before, nth));
        Ok(Some(TurnRow { group: group.id.clone(), after }))
    }

    /// The values by which others were duplicates of a sale that is none (rule 69). A buyer that knows the person goes on
    /// knowing them (rule 50).
    pub(super) fn claims_back(&self, is_last: bool, because: Because<'_>) -> Vec<Claim> {
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
