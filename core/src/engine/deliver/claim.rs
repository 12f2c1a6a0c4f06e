//! Handing out what is due, each to one worker, and to each buyer in turn.

use super::super::digest::without_lead;
use super::super::doors::{Engine, effective};
use super::super::unknown::Repeated;
use super::desks::{Desks, keep_turns, turns};
use super::ends::{AfterAttempt, Ended, Said, again, is_in_doubt, of, proves};
use crate::deliver::{Fair, is_too_old};
use crate::events::{DeliveryAttempted, DeliveryUnknown, written};
use crate::model::{
    Assignment, Attempt, AttemptClass, BuyerId, Code, ContractId, Currency, DeadReason, DeliveryState, Error,
    EventKind, Timestamp,
};
use crate::operate::{ClaimDeliveries, DeliveryTerms, Sending};
use crate::store::{Change, Delivery, OutboxEntry, Transaction, View};
use serde::Deserialize;
use serde_json::Value as Json;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

/// So many claims whose time is over are ended in one go.
const PAGE: usize = 256;
/// How long one whose sale falls is put off, in milliseconds: it falls at once, or then.
const PUT_OFF: i64 = 60_000;
/// So many that are due and not worth an attempt now are put off or given up in one claim; the next one goes on.
const MOST_PUT_OFF: usize = 1_024;

/// What a claim asks for, checked.
pub(super) struct Asked<'a> {
    worker: &'a str,
    limit: usize,
    /// How many leads of all buyers may be on their way, with those.
    at_once: Option<usize>,
    hold: i64,
    /// Only what the plan says how to send.
    posts: bool,
    said: &'a DeliveryTerms,
    /// Deliveries that are too old, and whose sales fall.
    pub(super) old: RefCell<Vec<OutboxEntry>>,
}

impl<'a> Asked<'a> {
    /// For deliveries that are named.
    pub(super) fn named(worker: &'a str, limit: usize, hold: i64, said: &'a DeliveryTerms) -> Self {
        Asked { worker, limit, at_once: None, hold, posts: false, said, old: RefCell::default() }
    }
}

/// Which of a buyer's deliveries are somebody's to send.
enum Posts {
    All,
    Some,
    None,
}

/// What is handed out, and how many were put off or given up.
pub(super) struct Out {
    pub(super) sendings: Vec<Sending>,
    pub(super) put_off: usize,
}

/// What of a decision goes out with a lead.
#[derive(Deserialize)]
pub(super) struct Told {
    canonical: BTreeMap<String, Json>,
    assignments: Vec<Assignment>,
    money: ToldMoney,
}

#[derive(Deserialize)]
struct ToldMoney {
    currency: Currency,
}

impl Engine {
    /// Hands out up to `limit` leads that are due, each to nobody else until its time is over: to every buyer in turn and by
    /// its weight, so that one with many does not keep the others waiting, and to a buyer first what is due first. An attempt
    /// of each is recorded before this call returns.
    ///
    /// A buyer whose breaker is open, or to whom as many leads are on their way as its plan allows at once, gets nothing now.
    /// What was tried before waits where its buyer has no try left.
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
        let at_once = claim.at_once.and_then(|most| usize::try_from(most).ok());
        let old = RefCell::default();
        let (worker, said, posts) = (claim.worker.as_str(), &claim.policy, claim.posts);
        let asked = Asked { worker, limit, at_once, hold, posts, said, old };
        let mut before: Vec<Sending> = Vec::new();
        let claimed = self.once_or_again(&mut |transaction| {
            asked.old.borrow_mut().clear();
            // The commit of before may have happened: then these are ours already, and others would be lost to everybody.
            if is_claimed(&*transaction, &before)? {
                return Ok(before.clone());
            }
            let at = effective(&*transaction, now)?;
            let mut desks = Desks::new(self.plan());
            desks.fetch_all(&*transaction)?;
            self.end_claims_over(transaction, &mut desks, asked.said, at)?;
            before = self.hand_out(transaction, &mut desks, &asked, at)?;
            self.keep_rest(transaction, &mut desks, at)?;
            Ok(before.clone())
        })?;
        // Whoever dies before this finds them again a little later. So does whoever cannot write now: what was claimed is told
        // all the same, else nobody would send it, and nobody would know that.
        for entry in asked.old.take() {
            let fell = self.fall_undelivered(&entry, DeadReason::TooOld, now);
            if claimed.is_empty() {
                fell?;
            }
        }
        Ok(claimed)
    }

    fn end_claims_over(
        &self,
        transaction: &mut dyn Transaction,
        desks: &mut Desks,
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
                let (said, because) = (Said::default(), "claim_over");
                let ended = Ended { class, status: None, retry_after: None, because, said, terms: &terms };
                let AfterAttempt { delivery, .. } =
                    self.end_attempt(&*transaction, delivery, attempt.ok_or_else(none)?, &ended, &mut change)?;
                desks.read(&*transaction, &delivery.entry.buyer)?;
                desks.ended(&delivery.entry.buyer, delivery.position, class, None, at);
            }
            transaction.change(&change)?;
        }
    }

    /// Round after round over the buyers for whom something is due and who may be sent something, each as often as its weight
    /// says beside the others. Of a buyer that may not be sent anything no row is read.
    fn hand_out(
        &self,
        transaction: &mut dyn Transaction,
        desks: &mut Desks,
        asked: &Asked<'_>,
        at: Timestamp,
    ) -> Result<Vec<Sending>, Error> {
        let mut out = Out { sendings: Vec::new(), put_off: 0 };
        let mut turns = turns(&*transaction)?;
        // Buyers of whom all that was read is for somebody else.
        let mut others: BTreeSet<BuyerId> = BTreeSet::new();
        let mut limit = asked.limit;
        if let Some(at_once) = asked.at_once {
            desks.read_all()?;
            limit = limit.min(at_once.saturating_sub(desks.on_the_way()));
        }
        while out.sendings.len() < limit && out.put_off < MOST_PUT_OFF {
            let mut buyers = due_buyers(&*transaction, at)?;
            buyers.retain(|buyer| !others.contains(buyer));
            for buyer in &buyers {
                desks.read(&*transaction, buyer)?;
                desks.tidy(buyer, at);
            }
            let shares = shares(&buyers, desks, turns.clone(), limit.saturating_sub(out.sendings.len()), at);
            if shares.is_empty() {
                break;
            }
            let mut change = Change::at(at);
            for (buyer, share) in shares {
                let full = out.sendings.len().saturating_add(share);
                // Where tries again have to wait, a first one is looked for behind them.
                let rows = if desks.has_try(&buyer, at) { share } else { share.max(PAGE) };
                let due = match self.posts_of(&buyer, asked.posts) {
                    Posts::All => transaction.due(&buyer, at, rows)?,
                    Posts::None => Vec::new(),
                    Posts::Some => {
                        let mut due = transaction.due(&buyer, at, MOST_PUT_OFF)?;
                        due.retain(|delivery| self.is_posted(&delivery.entry.contract));
                        due
                    }
                };
                if due.is_empty() {
                    others.insert(buyer.clone());
                }
                for delivery in due.into_iter().take(rows) {
                    if out.sendings.len() >= full {
                        break;
                    }
                    if self.begin(&*transaction, delivery, desks, asked, &mut change, &mut out)? {
                        turns.sent(&buyer, desks.terms(&buyer).weight);
                    }
                }
            }
            self.keep_desks(&*transaction, desks, &mut change)?;
            keep_turns(turns.clone(), &mut change);
            transaction.change(&change)?;
        }
        Ok(out.sendings)
    }

    /// What is left to write where nothing was handed out.
    fn keep_rest(&self, transaction: &mut dyn Transaction, desks: &mut Desks, at: Timestamp) -> Result<(), Error> {
        let mut change = Change::at(at);
        self.keep_desks(&*transaction, desks, &mut change)?;
        if change.settings.is_empty() { Ok(()) } else { transaction.change(&change) }
    }

    /// Begins an attempt, where it is worth one now; whether it did.
    pub(super) fn begin(
        &self,
        view: &dyn View,
        delivery: Delivery,
        desks: &mut Desks,
        asked: &Asked<'_>,
        change: &mut Change,
        out: &mut Out,
    ) -> Result<bool, Error> {
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
                            let until = terms.hold.map(|hold| at.plus_millis(hold));
                            Delivery { state: DeliveryState::Unknown, until, ..delivery }
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
                out.put_off = out.put_off.saturating_add(1);
                return Ok(false);
            }
        };
        if let Err(then) = takes_try(view, &delivery, desks, at)? {
            // Not before its buyer has a try left for it.
            change.deliveries.push(again(delivery, then));
            out.put_off = out.put_off.saturating_add(1);
            return Ok(false);
        }
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
        desks.at(&delivery.entry.buyer, |desk, terms, _| desk.sent(delivery.position, terms, at, until));
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
        out.sendings.push(sending(delivery, n, until, told, &sold));
        Ok(true)
    }

    /// Of which contracts of a buyer somebody takes leads.
    fn posts_of(&self, buyer: &BuyerId, posts: bool) -> Posts {
        let plan = self.plan();
        let mut contracts = plan.contracts.iter().filter(|contract| contract.buyer == *buyer).peekable();
        if !posts || contracts.peek().is_none() {
            return Posts::All;
        }
        let (with, without): (Vec<_>, Vec<_>) = contracts.partition(|contract| contract.post.is_some());
        match (with.is_empty(), without.is_empty()) {
            (_, true) => Posts::All,
            (true, false) => Posts::None,
            (false, false) => Posts::Some,
        }
    }

    /// Whether the plan says how leads of a contract are sent. Of one that it does not have any more the plan of the sale may.
    fn is_posted(&self, contract: &ContractId) -> bool {
        let plan = self.plan();
        let found = plan.contracts.binary_search_by(|known| known.id.cmp(contract)).ok();
        found.and_then(|place| plan.contract(place)).is_none_or(|contract| contract.post.is_some())
    }
}

/// What is handed out of a delivery, until then.
pub(super) fn sending(delivery: Delivery, attempt: u32, until: Timestamp, told: Told, sold: &Assignment) -> Sending {
    let Delivery { entry, fence, since, .. } = delivery;
    Sending {
        v: 1,
        id: format!("{}.{fence}", entry.key),
        key: entry.key,
        attempt,
        lead: entry.decision.lead.clone(),
        source: entry.decision.source.clone(),
        decision: entry.decision,
        buyer: entry.buyer,
        contract: entry.contract,
        sale: sold.sale,
        price: entry.price,
        currency: told.money.currency,
        since,
        until,
        fields: told.canonical,
    }
}

/// Takes one of the buyer's tries again for what was tried before, since it was sold or redriven. What was given back untried
/// was not.
fn takes_try(
    view: &dyn View,
    delivery: &Delivery,
    desks: &mut Desks,
    at: Timestamp,
) -> Result<Result<(), Timestamp>, Error> {
    let tried = |attempt: &Attempt| {
        attempt.started_at >= delivery.since && attempt.class.is_some_and(|class| class != AttemptClass::NotTried)
    };
    let is_again = delivery.attempts > 0 && view.attempts(delivery.position)?.iter().any(tried);
    Ok(desks.at(&delivery.entry.buyer, |desk, terms, _| match is_again {
        true => desk.again(terms, at),
        false => {
            desk.first(terms, at);
            Ok(())
        }
    }))
}

/// How many each buyer gets of so many, in the order of their turns; nobody more than may be on its way to it.
fn shares(
    buyers: &[BuyerId],
    desks: &Desks,
    mut turns: Fair,
    mut limit: usize,
    at: Timestamp,
) -> Vec<(BuyerId, usize)> {
    let mut rooms: BTreeMap<&BuyerId, usize> = buyers.iter().map(|buyer| (buyer, desks.may_send(buyer, at))).collect();
    rooms.retain(|_, room| *room > 0);
    let mut shares: Vec<(BuyerId, usize)> = Vec::new();
    while limit > 0 {
        let Some(buyer) = turns.next(rooms.keys().copied()) else { break };
        turns.sent(buyer, desks.terms(buyer).weight);
        match shares.iter_mut().find(|(known, _)| known == buyer) {
            Some((_, share)) => *share = share.saturating_add(1),
            None => shares.push((buyer.clone(), 1)),
        }
        let left = rooms.get(buyer).map_or(0, |room| room.saturating_sub(1));
        match left {
            0 => drop(rooms.remove(&buyer.clone())),
            left => drop(rooms.insert(buyer, left)),
        }
        limit = limit.saturating_sub(1);
    }
    shares
}

/// The lead of a delivery and its sale; none where it was erased, or cannot be read.
pub(super) fn told(view: &dyn View, delivery: &Delivery) -> Result<Option<(Told, Assignment)>, Error> {
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
pub(super) fn is_claimed(view: &dyn View, sendings: &[Sending]) -> Result<bool, Error> {
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
