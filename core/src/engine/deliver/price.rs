//! A buyer that takes a lead at another price than that of the sale (rule 48). More than that is nothing to us. Less is what the
//! plan says: the sale stands at its price, the buyer is charged less, or it counts as a refusal.

use super::super::doors::Engine;
use crate::books::refers_to;
use crate::deliver::exchanged;
use crate::events::{MoneyAdjusted, written};
use crate::model::{
    Account, AttemptClass, Code, DecisionId, Error, Event, EventKind, Money, Party, PostingKind, Subject, Timestamp,
};
use crate::operate::{DeliveryOutcome, funds_counter};
use crate::plan::compiled::LowerPrice;
use crate::store::{
    Change, CounterAdd, Delivery, Entry, EntryQuery, EntrySale, OutboxEntry, Posting, PostingQuery, PostingSum, View,
};
use serde::Deserialize;

/// Why it counts as a refusal, and why less is charged.
pub(super) const LOWER: &str = "lower_price";

/// What of a decision's text says when it was.
#[derive(Deserialize)]
struct When {
    at: Timestamp,
}

impl Engine {
    /// How an attempt ended, with what the plan says about a lower price.
    pub(super) fn class_by_price(
        &self,
        sale: &OutboxEntry,
        outcome: &DeliveryOutcome,
        class: AttemptClass,
    ) -> AttemptClass {
        match self.lower_price(sale, outcome, class) {
            Some((LowerPrice::Reject, _)) => AttemptClass::Rejected,
            _ => class,
        }
    }

    /// Charges the buyer less, where the plan takes its lower price; once.
    pub(super) fn take_lower_price(
        &self,
        view: &dyn View,
        delivery: &Delivery,
        (outcome, class): (&DeliveryOutcome, AttemptClass),
        by: &str,
        change: &mut Change,
    ) -> Result<(), Error> {
        let sale = &delivery.entry;
        let Some((LowerPrice::Take, price)) = self.lower_price(sale, outcome, class) else { return Ok(()) };
        if taken_off(view, &sale.decision, &sale.key)? != 0 {
            return Ok(());
        }
        let plan = self.plan();
        let damaged = || Error::new(Code::StoreCorrupt, "the body of a decision cannot be read");
        let Some((_, body)) = view.body(&sale.decision)? else { return Ok(()) };
        let When { at: sold_at } = serde_json::from_slice(&body).map_err(|_| damaged())?;
        let (account, sold) = (plan.pays_from(&sale.buyer), plan.zone.date(sold_at));
        let debit = price.units().saturating_sub(sale.price.units());
        let party = Party::Buyer(sale.buyer.clone());
        let postings =
            view.postings(&PostingQuery { accounts: party.accounts().collect(), ..PostingQuery::default() })?;
        let balance = postings.iter().fold(debit, |sum, posting| sum.saturating_add(party.balance(posting.debit)));
        let shown = |units: i64| Money::from_units(units).ok_or_else(damaged);
        let (by, reason, kind) = (by.to_owned(), LOWER.to_owned(), PostingKind::Adjust);
        let told = MoneyAdjusted {
            account: account.clone(),
            add: shown(debit)?,
            balance: shown(balance)?,
            by: by.clone(),
            kind,
            reason: reason.clone(),
        };
        if let Account::Funds(buyer) = &account {
            change.counters.push(CounterAdd { key: funds_counter(buyer), add: debit.saturating_neg() });
        }
        let (contract, source) = (Some(sale.contract.clone()), Some(sale.decision.source.clone()));
        change.entries.push(Entry {
            at: change.at,
            refers_to: refers_to(view, &account, sold)?,
            posting: Posting {
                date: plan.zone.date(change.at),
                sum: PostingSum { account, kind, contract, source, count: 1, debit },
            },
            sale: Some(EntrySale { decision: sale.decision.clone(), key: sale.key.clone(), sold }),
            counters: [].into(),
            by,
            reason,
        });
        let (tenant, subject) = (self.tenant().clone(), Subject::Buyer(sale.buyer.clone()));
        let data = written(&told);
        change.events.push(Event { kind: EventKind::MoneyAdjusted, tenant, subject, at: change.at, data });
        Ok(())
    }

    /// The price that the buyer says, in the currency of the plan, where it takes the lead for less, and what is done then. In a
    /// currency without a rate it said nothing that counts.
    fn lower_price(
        &self,
        sale: &OutboxEntry,
        outcome: &DeliveryOutcome,
        class: AttemptClass,
    ) -> Option<(LowerPrice, Money)> {
        let price = outcome.price.filter(|_| class == AttemptClass::Accepted)?;
        let plan = self.plan();
        let price = match outcome.currency.filter(|theirs| *theirs != plan.currency) {
            Some(theirs) => exchanged(price, *plan.rates.get(&theirs)?)?,
            None => price,
        };
        let place = plan.contracts.binary_search_by(|known| known.id.cmp(&sale.contract)).ok()?;
        let says = plan.contract(place)?.post.as_ref()?.lower_price;
        (Money::ZERO <= price && price < sale.price).then_some((says, price))
    }
}

/// What a buyer pays less for a sale than its price, as it took the lead at a lower one: no more than zero.
pub(in crate::engine) fn taken_off(view: &dyn View, decision: &DecisionId, key: &str) -> Result<i64, Error> {
    let query =
        EntryQuery { kind: Some(PostingKind::Adjust), decision: Some(decision.clone()), ..EntryQuery::default() };
    let entries = view.entries(&query)?;
    let of_sale = entries.iter().filter(|entry| entry.sale.as_ref().is_some_and(|sale| sale.key == key));
    Ok(of_sale.fold(0_i64, |sum, entry| sum.saturating_add(entry.posting.sum.debit)))
}
