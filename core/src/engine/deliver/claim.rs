//! Handing out what is due, each to one worker, and to each buyer in turn.

use super::super::digest::without_lead;
use super::super::doors::{Engine, effective};
use super::super::unknown::Repeated;
use super::ends::{Ended, again, is_in_doubt, of, proves};
use crate::deliver::is_too_old;
use crate::events::{DeliveryAttempted, DeliveryUnknown, written};
use crate::model::{
    Assignment, Attempt, AttemptClass, BuyerId, Code, Currency, DeadReason, DeliveryState, Error, EventKind, Timestamp,
};
use crate::operate::{ClaimDeliveries, DeliveryTerms, Sending};
use crate::store::{Change, Delivery, OutboxEntry, Setting, Transaction, View};
use serde::Deserialize;
use serde_json::Value as Json;
use std::cell::RefCell;
use std::collections::BTreeMap;

/// The setting that says which buyer was served last.
const TURN: &str = "outbox_turn";
/// So many claims whose time is over are ended in one go.
const PAGE: usize = 256;
/// How long one whose sale falls is put off, in milliseconds: it falls at once, or then.
const PUT_OFF: i64 = 60_000;
/// So many that are due and not worth an attempt are given up in one claim; the next one goes on.
const MOST_GIVEN_UP: usize = 1_024;

/// What a claim asks for, checked.
struct Asked<'a> {
    worker: &'a str,
    limit: usize,
    hold: i64,
    said: &'a DeliveryTerms,
    /// Deliveries that are too old, and whose sales fall.
    old: RefCell<Vec<OutboxEntry>>,
}

/// What of a decision goes out with a lead.
#[derive(Deserialize)]
struct Told {
    canonical: BTreeMap<String, Json>,
    assignments: Vec<Assignment>,
    money: ToldMoney,
}

#[derive(Deserialize)]
struct ToldMoney {
    currency: Currency,
}

impl Engine {
    /// Hands out up to `limit` leads that are due, each to nobody else until its time is over: to every buyer in turn, so that
    /// one with many does not keep the others waiting, and to a buyer first what is due first. An attempt of each is
    /// recorded before this call returns.
    ///
    /// Before that it ends the claims whose time is over: nobody knows how those attempts ended. They are kept as `unknown`,
    /// and tried again only under contracts of which `policy.no_answer` says `retry`.
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
    /// use leadwright::{engine::Engine, model::{AttemptClass, DeliveryState, Tick, Timestamp}, store::MemoryStore};
    /// use leadwright::operate::{ClaimDeliveries, DeliveryOutcome};
    /// let engine = Engine::open(plan, MemoryStore::new())?;
    /// let now: Timestamp = "2026-11-24T15:30:00Z".parse()?;
    /// engine.decide(br#"{"id":"L1","source":"web","phone":"312-867-5309"}"#, Tick::at(now))?;
    ///
    /// let claim = ClaimDeliveries { worker: "w1".into(), ..ClaimDeliveries::default() };
    /// let sending = &engine.claim(&claim, now)?[0];
    /// assert_eq!((sending.attempt, sending.buyer.as_str()), (1, "acme"));
    /// assert!(engine.claim(&claim, now)?.is_empty(), "somebody has it");
    /// let after = engine.delivered(&sending.id, &DeliveryOutcome::of(AttemptClass::Accepted), now)?;
    /// assert_eq!(after.state, DeliveryState::Done);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// `delivery.malformed`; `store.*`, and then nothing was handed out.
    pub fn claim(&self, claim: &ClaimDeliveries, now: Timestamp) -> Result<Vec<Sending>, Error> {
        let (limit, hold) = claim.checked()?;
        claim.policy.policy()?;
        self.end_holds(now)?;
        let asked = Asked { worker: &claim.worker, limit, hold, said: &claim.policy, old: RefCell::default() };
        let mut before: Vec<Sending> = Vec::new();
        let claimed = self.once_or_again(&mut |transaction| {
            asked.old.borrow_mut().clear();
            // The commit of before may have happened: then these are ours already, and others would be lost to everybody.
            if is_claimed(&*transaction, &before)? {
                return Ok(before.clone());
            }
            let at = effective(&*transaction, now)?;
            self.end_claims_over(transaction, asked.said, at)?;
            before = self.hand_out(transaction, &asked, at)?;
            Ok(before.clone())
        })?;
        // Whoever dies before this finds them again a little later.
        for entry in asked.old.take() {
            self.fall_undelivered(&entry, DeadReason::TooOld, now)?;
        }
        Ok(claimed)
    }

    fn end_claims_over(
        &self,
        transaction: &mut dyn Transaction,
        said: &DeliveryTerms,
        at: Timestamp,
    ) -> Result<(), Error> {
        let class = AttemptClass::Unknown;
        loop {
            let mut over = transaction.claims_over(at, PAGE)?;
            // What is kept without an answer has its end in another place.
            over.retain(|delivery| delivery.state == DeliveryState::Claimed);
            if over.is_empty() {
                return Ok(());
            }
            let mut change = Change::at(at);
            for delivery in over {
                let attempts = transaction.attempts(delivery.position)?;
                let attempt = attempts.into_iter().find(|attempt| attempt.fence == delivery.fence);
                let none = || Error::new(Code::StoreCorrupt, "a claim has no attempt");
                let terms = self.terms_of(&delivery.entry.contract, said)?;
                let ended = Ended { class, status: None, retry_after: None, because: "claim_over", terms: &terms };
                self.end_attempt(&*transaction, delivery, attempt.ok_or_else(none)?, &ended, &mut change)?;
            }
            transaction.change(&change)?;
        }
    }

    /// Round after round over the buyers for whom something is due, beginning behind the one that was served last.
    fn hand_out(
        &self,
        transaction: &mut dyn Transaction,
        asked: &Asked<'_>,
        at: Timestamp,
    ) -> Result<Vec<Sending>, Error> {
        let (mut out, mut given_up) = (Vec::new(), 0_usize);
        let mut turn = transaction.setting(TURN)?.and_then(|text| serde_json::from_str::<BuyerId>(&text).ok());
        while out.len() < asked.limit && given_up < MOST_GIVEN_UP {
            let mut buyers = due_buyers(&*transaction, at)?;
            if buyers.is_empty() {
                break;
            }
            let served = turn.as_ref().map_or(0, |last| buyers.partition_point(|buyer| buyer <= last));
            // No more than there are, so that behind the last one comes the first.
            buyers.rotate_left(served);
            let share = asked.limit.saturating_sub(out.len()).checked_div(buyers.len()).unwrap_or(0).max(1);
            let mut change = Change::at(at);
            for buyer in buyers {
                let room = share.min(asked.limit.saturating_sub(out.len()));
                if room == 0 {
                    break;
                }
                for delivery in transaction.due(&buyer, at, room)? {
                    match self.begin(&*transaction, delivery, asked, &mut change)? {
                        Some(sending) => out.push(sending),
                        None => given_up = given_up.saturating_add(1),
                    }
                }
                turn = Some(buyer);
            }
            change.settings.push(Setting { key: TURN.into(), value: serde_json::to_string(&turn).ok() });
            transaction.change(&change)?;
        }
        Ok(out)
    }

    /// Begins an attempt, where it is worth one.
    fn begin(
        &self,
        view: &dyn View,
        delivery: Delivery,
        asked: &Asked<'_>,
        change: &mut Change,
    ) -> Result<Option<Sending>, Error> {
        let at = change.at;
        let terms = self.terms_of(&delivery.entry.contract, asked.said)?;
        let found = match is_too_old(delivery.since, at, &terms.policy) {
            true => Err(DeadReason::TooOld),
            false => told(view, &delivery)?.ok_or(DeadReason::NoLead),
        };
        let (told, sold) = match found {
            Ok(found) => found,
            Err(reason) => {
                let attempts = view.attempts(delivery.position)?;
                let delivery =
                    match attempts.iter().any(|attempt| is_in_doubt(attempt) || terms.falls && !proves(attempt)) {
                        // The buyer may have it.
                        true => {
                            let (buyer, contract, key) = of(&delivery);
                            let (attempt, because) = (delivery.attempts, reason.as_str().to_owned());
                            let (retry_at, status) = (None, None);
                            let data = DeliveryUnknown { attempt, because, buyer, contract, key, retry_at, status };
                            change.events.push(self.told_of(&delivery, at, EventKind::DeliveryUnknown, written(&data)));
                            Delivery { state: DeliveryState::Unknown, until: None, ..delivery }
                        }
                        false if terms.falls && reason == DeadReason::TooOld => {
                            asked.old.borrow_mut().push(delivery.entry.clone());
                            again(delivery, at.plus_millis(PUT_OFF))
                        }
                        false => {
                            let class = attempts.last().and_then(|last| last.class);
                            self.give_up(view, delivery, reason, class, change)?
                        }
                    };
                change.deliveries.push(delivery);
                return Ok(None);
            }
        };
        let until = at.plus_millis(asked.hold);
        let delivery = Delivery {
            state: DeliveryState::Claimed,
            fence: delivery.fence.saturating_add(1),
            attempts: delivery.attempts.saturating_add(1),
            worker: Some(asked.worker.to_owned()),
            until: Some(until),
            ..delivery
        };
        let (n, fence) = (delivery.attempts, delivery.fence);
        change.attempts.push(Attempt {
            delivery: delivery.position,
            n,
            fence,
            worker: asked.worker.to_owned(),
            started_at: at,
            ended_at: None,
            class: None,
            status: None,
            retry_at: None,
        });
        let (buyer, contract, key) = of(&delivery);
        let data = DeliveryAttempted { attempt: n, buyer, contract, key, until };
        change.events.push(self.told_of(&delivery, at, EventKind::DeliveryAttempted, written(&data)));
        change.deliveries.push(delivery.clone());
        let entry = delivery.entry;
        Ok(Some(Sending {
            v: 1,
            id: format!("{}.{fence}", entry.key),
            key: entry.key,
            attempt: n,
            lead: entry.decision.lead.clone(),
            source: entry.decision.source.clone(),
            decision: entry.decision,
            buyer: entry.buyer,
            contract: entry.contract,
            sale: sold.sale,
            price: entry.price,
            currency: told.money.currency,
            since: delivery.since,
            until,
            fields: told.canonical,
        }))
    }
}

/// The lead of a delivery and its sale; none where it was erased, or cannot be read.
fn told(view: &dyn View, delivery: &Delivery) -> Result<Option<(Told, Assignment)>, Error> {
    let Some((_, body)) = view.body(&delivery.entry.decision)? else { return Ok(None) };
    // What is left of an erased one is not what its digest says of it with its lead.
    if without_lead(&body).is_none() {
        return Ok(None);
    }
    let Ok(mut told) = serde_json::from_slice::<Told>(&body) else { return Ok(None) };
    let place = told.assignments.iter().position(|sold| sold.key == delivery.entry.key);
    Ok(place.map(|place| told.assignments.swap_remove(place)).map(|sold| (told, sold)))
}

/// The buyers for whom something is due, in the order of their names.
fn due_buyers(view: &dyn View, at: Timestamp) -> Result<Vec<BuyerId>, Error> {
    let (mut buyers, mut after) = (Vec::new(), None);
    while let Some((buyer, first)) = view.next_due(after.as_ref())? {
        if first <= at {
            buyers.push(buyer.clone());
        }
        after = Some(buyer);
    }
    Ok(buyers)
}

/// Whether all of them are claimed as they were handed out.
fn is_claimed(view: &dyn View, sendings: &[Sending]) -> Result<bool, Error> {
    for sending in sendings {
        let found = view.delivery(&sending.key)?;
        let id = found.map(|found| (found.state, format!("{}.{}", found.entry.key, found.fence)));
        if id.is_none_or(|id| id != (DeliveryState::Claimed, sending.id.clone())) {
            return Ok(false);
        }
    }
    Ok(!sendings.is_empty())
}

impl Repeated for Vec<Sending> {
    fn repeated(&self) -> Self {
        self.clone()
    }
}
