//! What was given up is tried again, because somebody says so: to the same buyer, under the same key.

use super::super::doors::{Engine, effective};
use super::super::fall::fell;
use super::super::unknown::Repeated;
use super::ends::{again, close_letters, of};
use super::report::open_letter;
use crate::events::{DeliveryRedriven, written};
use crate::model::{Code, DeadEnd, DeadReason, DeliveryState, Error, EventKind, Timestamp};
use crate::operate::{Redrive, RedriveLeftOut, Redriven, RedrivenOne};
use crate::store::{Change, Delivery, Transaction, View};
use std::collections::BTreeSet;

/// So many rows are looked at in one go.
const PAGE: usize = 256;

impl Engine {
    /// Lets deliveries that were given up be tried again, those first that were sold first: to the same buyers and under the
    /// same keys, so that a buyer that has one knows it. Their age and their tries are counted anew. What has no lead any
    /// more stays given up.
    ///
    /// Of one whose sale fell (rule 16) the sale is made again first: its caps and its price are taken, where nobody else has the
    /// lead and there is room. Else it is left out, and the answer says what is in the way.
    ///
    /// With `unknown` it is those of which nobody knows whether the buyer has them: whoever says so knows that the buyer
    /// takes a key once.
    ///
    /// ```
    /// # use leadwright::plan::{MemoryResolver, Plan};
    /// # let files = MemoryResolver::new([("plan.jsonc", r#"{
    /// #     "format": 1, "plan": "tiny", "currency": "USD", "timezone": "America/Chicago",
    /// #     "verticals": { "roofing": { "extends": "us/home-services@1" } },
    /// #     "sources": { "web": { "verticals": ["roofing"] } },
    /// #     "routes": { "roofing": { "groups": [ { "id": "all", "select": "price" } ], "on_unsold": { "then": "store" } } },
    /// #     "buyers": { "acme": { "contracts": { "acme-il": { "in": { "roofing/all": {} },
    /// #         "sell": { "exclusive": { "price": "40.00" } } } } } }
    /// # }"#)]);
    /// # let plan = Plan::load(&files, "plan.jsonc")?;
    /// use leadwright::{engine::Engine, model::{DeadReason, Tick, Timestamp}, store::MemoryStore};
    /// use leadwright::operate::{ClaimDeliveries, DeliveryOutcome, Redrive};
    /// let engine = Engine::open(plan, MemoryStore::new())?;
    /// let now: Timestamp = "2026-11-24T15:30:00Z".parse()?;
    /// engine.decide(br#"{"id":"L1","source":"web","phone":"312-867-5309"}"#, Tick::at(now))?;
    /// let claim = ClaimDeliveries { worker: "w1".into(), ..ClaimDeliveries::default() };
    /// let sending = &engine.claim(&claim, now)?[0];
    /// let after = engine.delivered(&sending.id, &DeliveryOutcome::read(r#"{"status":401}"#)?, now)?;
    /// assert_eq!(after.dead, Some(DeadReason::Auth));
    ///
    /// let said = Redrive::read(r#"{"why":"auth","by":"ann","reason":"a new password"}"#)?;
    /// assert_eq!(engine.redrive(&said, now)?.deliveries.len(), 1);
    /// let second = &engine.claim(&claim, now)?[0];
    /// assert_eq!((second.attempt, &second.key), (2, &sending.key));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// `delivery.not_found` for a key that stands for nothing; `delivery.malformed`, `store.*`.
    pub fn redrive(&self, said: &Redrive, now: Timestamp) -> Result<Redriven, Error> {
        let limit = said.checked()?;
        let mut first = None;
        self.store().read(self.tenant(), &mut |view| {
            first = Some((wanted(view, said, limit)?, effective(view, now)?));
            Ok(())
        })?;
        let (mut found, at) = first.ok_or_else(|| Error::new(Code::InternalError, "nothing was looked at"))?;
        let sales = self.fallen(&found, now)?;
        if said.dry_run {
            let mut left_out = Vec::new();
            self.store().read(self.tenant(), &mut |view| {
                left_out = self.would_take(view, said, &mut found, &sales, at)?;
                Ok(())
            })?;
            return Ok(answered(said, &found, left_out));
        }
        let mut before: Option<Redriven> = None;
        self.once_or_again(&mut |transaction| {
            // The commit of before may have happened: the next ones are not asked for.
            if let Some(before) = &before
                && is_redriven(&*transaction, before)?
            {
                return Ok(before.clone());
            }
            let at = effective(&*transaction, now)?;
            let mut found = wanted(&*transaction, said, limit)?;
            let left_out = self.take_fallen(transaction, said, &mut found, &sales, at)?;
            self.let_go(transaction, said, &found, at)?;
            let answer = answered(said, &found, left_out);
            before = Some(answer.clone());
            Ok(answer)
        })
    }

    fn let_go(
        &self,
        transaction: &mut dyn Transaction,
        said: &Redrive,
        found: &Found,
        at: Timestamp,
    ) -> Result<(), Error> {
        let mut change = Change::at(at);
        for (delivery, _) in &found.deliveries {
            close_letters(&*transaction, delivery, DeadEnd::Redriven, &mut change)?;
            let (buyer, contract, key) = of(delivery);
            let (by, reason) = (said.by.clone(), said.reason.clone());
            let data = written(&DeliveryRedriven { buyer, by, contract, key, reason });
            change.events.push(self.told_of(delivery, at, EventKind::DeliveryRedriven, data));
            change.deliveries.push(Delivery { since: at, ..again(delivery.clone(), at) });
        }
        if found.deliveries.is_empty() { Ok(()) } else { transaction.change(&change) }
    }
}

/// Those that are wanted, and why each was given up.
pub(super) struct Found {
    pub(super) deliveries: Vec<(Delivery, Option<DeadReason>)>,
    /// The keys of those whose sale fell.
    pub(super) fell: BTreeSet<String>,
    more: bool,
}

fn wanted(view: &dyn View, said: &Redrive, limit: usize) -> Result<Found, Error> {
    let state = if said.unknown { DeliveryState::Unknown } else { DeliveryState::Dead };
    let mut found = Found { deliveries: Vec::new(), fell: BTreeSet::new(), more: false };
    if let Some(key) = &said.key {
        let one = view.delivery(key)?.ok_or_else(|| Error::new(Code::DeliveryNotFound, ""))?;
        if one.state == state {
            take(view, said, one, limit, &mut found)?;
        }
        return Ok(found);
    }
    let mut after = 0;
    loop {
        let page = view.deliveries(Some(state), after, PAGE)?;
        let Some(last) = page.last() else { return Ok(found) };
        after = last.position;
        for one in page {
            take(view, said, one, limit, &mut found)?;
            if found.more {
                return Ok(found);
            }
        }
    }
}

fn take(view: &dyn View, said: &Redrive, one: Delivery, limit: usize, found: &mut Found) -> Result<(), Error> {
    let is_theirs = said.buyer.as_ref().is_none_or(|buyer| *buyer == one.entry.buyer)
        && said.contract.as_ref().is_none_or(|contract| *contract == one.entry.contract);
    if !is_theirs {
        return Ok(());
    }
    let why = open_letter(view, &one)?;
    if why == Some(DeadReason::NoLead) || said.why.is_some_and(|wanted| why != Some(wanted)) {
        return Ok(());
    }
    match found.deliveries.len() < limit {
        true => {
            found.fell.extend(fell(view, &one.entry)?.then(|| one.entry.key.clone()));
            found.deliveries.push((one, why));
        }
        false => found.more = true,
    }
    Ok(())
}

fn answered(said: &Redrive, found: &Found, left_out: Vec<RedriveLeftOut>) -> Redriven {
    let one = |(delivery, why): &(Delivery, Option<DeadReason>)| {
        let (buyer, contract, key) = of(delivery);
        RedrivenOne { key, decision: delivery.entry.decision.clone(), buyer, contract, why: *why }
    };
    let deliveries = found.deliveries.iter().map(one).collect();
    Redriven { v: 1, dry_run: said.dry_run, deliveries, left_out, more: found.more }
}

/// Whether none of them is left where it was.
fn is_redriven(view: &dyn View, before: &Redriven) -> Result<bool, Error> {
    for one in &before.deliveries {
        let left = |found: Delivery| matches!(found.state, DeliveryState::Dead | DeliveryState::Unknown);
        if view.delivery(&one.key)?.is_none_or(left) {
            return Ok(false);
        }
    }
    Ok(!before.deliveries.is_empty())
}

impl Repeated for Redriven {
    fn repeated(&self) -> Self {
        self.clone()
    }
}
