//! How an attempt ended, as whoever sent it says.

use super::super::doors::{Decided, Engine, effective};
use super::super::fall::{Because, Sale, fell};
use super::super::unknown::Repeated;
use super::desks::Desks;
use super::ends::{AfterAttempt, Ended, Late, Said};
use crate::deliver::Follows;
use crate::model::{Attempt, AttemptClass, Code, DeadReason, DeliveryState, Error, Timestamp};
use crate::operate::{DeliveryOutcome, DeliveryReported};
use crate::store::{Change, Delivery, OutboxEntry, Transaction, View};
use std::cell::RefCell;

/// What was written, and whether whoever reported is told that it was not its to report.
#[derive(Clone, PartialEq)]
enum Reported {
    Told {
        answer: DeliveryReported,
        refused: bool,
    },
    /// Nothing yet: a sale falls, and it has to be read first.
    Falls(OutboxEntry),
}

impl Repeated for Reported {
    fn repeated(&self) -> Self {
        match self {
            Reported::Told { answer, refused } => {
                let answer = DeliveryReported { replayed: true, ..answer.clone() };
                Reported::Told { answer, refused: *refused }
            }
            Reported::Falls(entry) => Reported::Falls(entry.clone()),
        }
    }
}

/// What is reported of which attempt.
struct Report<'a> {
    delivery: Delivery,
    attempt: Attempt,
    class: AttemptClass,
    outcome: &'a DeliveryOutcome,
    sale: Looked<'a>,
    /// What was decided because of it.
    decided: &'a RefCell<Vec<Decided>>,
    at: Timestamp,
}

/// Whether the sale of a delivery was read that may fall.
#[derive(Clone, Copy)]
enum Looked<'a> {
    NotYet,
    /// There is none any more.
    Gone,
    Found(&'a Sale),
}

impl Engine {
    /// Says how an attempt ended that [`claim`](Self::claim) handed out, and answers what becomes of the delivery. The same
    /// again is the same report. An attempt that was kept as `unknown` is settled by it, however long that was ago.
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
    /// use leadwright::{engine::Engine, model::{DeliveryState, Tick, Timestamp}, store::MemoryStore};
    /// use leadwright::operate::{ClaimDeliveries, DeliveryOutcome};
    /// let engine = Engine::open(plan, MemoryStore::new())?;
    /// let now: Timestamp = "2026-11-24T15:30:00Z".parse()?;
    /// engine.decide(br#"{"id":"L1","source":"web","phone":"312-867-5309"}"#, Tick::at(now))?;
    /// let claim = ClaimDeliveries { worker: "w1".into(), ..ClaimDeliveries::default() };
    /// let sending = &engine.claim(&claim, now)?[0];
    ///
    /// let busy = DeliveryOutcome::read(r#"{"status":503,"retry_after":120}"#)?;
    /// let after = engine.delivered(&sending.id, &busy, now)?;
    /// assert_eq!(after.state, DeliveryState::Ready);
    /// assert!(after.retry_at.ok_or("it is tried again")? >= now.plus_millis(120_000));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// `delivery.fenced` where somebody else has claimed it since, or another end of the attempt was told: nothing changes,
    /// but that the buyer took the lead is recorded all the same, and it is not sent again. `delivery.not_found`,
    /// `delivery.malformed`, `store.*`.
    pub fn delivered(&self, id: &str, outcome: &DeliveryOutcome, now: Timestamp) -> Result<DeliveryReported, Error> {
        let none = || Error::new(Code::DeliveryNotFound, "");
        let (key, fence) = id.rsplit_once('.').ok_or_else(none)?;
        let fence: u64 = fence.parse().map_err(|_| none())?;
        let class = outcome.ended()?;
        outcome.policy.policy()?;
        let decided = RefCell::new(Vec::new());
        let report = |sale: Looked<'_>| {
            self.once_or_again(&mut |transaction| {
                decided.borrow_mut().clear();
                let delivery = transaction.delivery(key)?.ok_or_else(none)?;
                let attempts = transaction.attempts(delivery.position)?;
                let attempt = attempts.into_iter().find(|attempt| attempt.fence == fence).ok_or_else(none)?;
                let at = effective(&*transaction, now)?;
                let class = self.class_by_price(&delivery.entry, outcome, class);
                self.reported(transaction, Report { delivery, attempt, class, outcome, sale, decided: &decided, at })
            })
        };
        let reported = match report(Looked::NotYet)? {
            Reported::Falls(entry) => {
                let sale = self.sale_of(&entry, now)?;
                let told = report(sale.as_ref().map_or(Looked::Gone, Looked::Found))?;
                if let Some(sale) = &sale {
                    self.committed(sale.next_plan(), &decided.take());
                }
                told
            }
            told => told,
        };
        match reported {
            Reported::Told { refused: true, .. } => Err(Error::new(Code::DeliveryFenced, "")),
            Reported::Told { answer, .. } => Ok(answer),
            Reported::Falls(_) => Err(Error::new(Code::InternalError, "a sale was not read")),
        }
    }

    fn reported(&self, transaction: &mut dyn Transaction, report: Report<'_>) -> Result<Reported, Error> {
        let Report { delivery, attempt, class, .. } = &report;
        let is_last = attempt.fence == delivery.fence;
        if attempt.class == Some(*class) {
            let answer = answer(&*transaction, delivery, attempt, *class, true)?;
            return Ok(Reported::Told { answer, refused: !is_last });
        }
        // Of one that failed in the middle and is kept nobody knows either.
        let is_kept = delivery.state == DeliveryState::Unknown;
        let is_open =
            |class| class == AttemptClass::Unknown || is_kept && class == AttemptClass::Unavailable && is_last;
        let is_known = attempt.class.is_some_and(|class| !is_open(class));
        let is_live = matches!(delivery.state, DeliveryState::Ready | DeliveryState::Claimed | DeliveryState::Unknown);
        if is_last && !is_known && is_live {
            return self.settle_report(transaction, report);
        }
        self.report_late(transaction, report, is_last, is_known)
    }

    /// The report of whoever has the delivery.
    fn settle_report(&self, transaction: &mut dyn Transaction, report: Report<'_>) -> Result<Reported, Error> {
        let Report { delivery, attempt, class, outcome, sale, decided, at } = report;
        let retry_after = outcome.retry_after.map(|seconds| i64::from(seconds).saturating_mul(1_000));
        let mut terms = self.terms_of(&delivery.entry.contract, &outcome.policy)?;
        // Of an erased lead nothing is left that could be offered on.
        terms.falls &= !matches!(sale, Looked::Gone);
        let worker = attempt.worker.clone();
        let said = Said::by(outcome);
        let said = if outcome.ended()? == class { said } else { said.for_less() };
        let ended = Ended { class, status: outcome.status, retry_after, because: "told", said, terms: &terms };
        let mut change = Change::at(at);
        let AfterAttempt { delivery, follows, falls } =
            self.end_attempt(&*transaction, delivery, attempt.clone(), &ended, &mut change)?;
        self.take_lower_price(&*transaction, &delivery, (outcome, class), &worker, &mut change)?;
        if falls && !matches!(sale, Looked::Found(_)) {
            return Ok(Reported::Falls(delivery.entry));
        }
        let mut desks = Desks::new(self.plan());
        desks.read(&*transaction, &delivery.entry.buyer)?;
        // One that was kept as unknown is not on its way any more, and counted then.
        desks.ended(&delivery.entry.buyer, delivery.position, class, outcome.took_ms.map(i64::from), at);
        self.keep_desks(&*transaction, &mut desks, &mut change)?;
        transaction.change(&change)?;
        let next = match sale {
            Looked::Found(sale) if falls => {
                self.fall(transaction, sale, Because { why: class.as_str(), by: &worker }, true, at)?
            }
            _ => None,
        };
        decided.borrow_mut().extend(next.clone());
        let (retry_at, dead) = match follows {
            Follows::Again(then) => (Some(then), None),
            Follows::Dead(reason) => (None, Some(reason).filter(|_| delivery.state == DeliveryState::Dead)),
            Follows::Done | Follows::Held => (None, None),
        };
        let answer = DeliveryReported {
            v: 1,
            key: delivery.entry.key,
            attempt: attempt.n,
            class,
            state: delivery.state,
            retry_at,
            dead,
            remedy: dead.map(|reason| reason.remedy().to_owned()),
            fell: falls,
            next: next.map(|next| next.id),
            conflict: None,
            replayed: false,
        };
        Ok(Reported::Told { answer, refused: false })
    }

    /// A report of an attempt after something else was done about it. Only one thing counts then: that the buyer has it.
    fn report_late(
        &self,
        transaction: &mut dyn Transaction,
        report: Report<'_>,
        is_last: bool,
        is_known: bool,
    ) -> Result<Reported, Error> {
        let Report { mut delivery, attempt, class, outcome, sale, at, .. } = report;
        let mut change = Change::at(at);
        let mut conflict = None;
        let ended = Attempt { ended_at: Some(at), class: Some(class), status: outcome.status, ..attempt.clone() };
        if class.is_taken() {
            conflict = match (fell(&*transaction, &delivery.entry)?, sale) {
                (true, Looked::NotYet) => return Ok(Reported::Falls(delivery.entry)),
                (true, Looked::Found(sale)) => {
                    let because = Because { why: class.as_str(), by: &attempt.worker };
                    self.honor(&*transaction, sale, because, &mut change)?
                }
                _ => None,
            };
            if conflict.is_none() {
                self.take_lower_price(&*transaction, &delivery, (outcome, class), &attempt.worker, &mut change)?;
            }
            change.events.push(self.told_taken(
                &delivery,
                (attempt.n, class),
                Said::by(outcome),
                Late::Yes(conflict.clone()),
                at,
            ));
            if delivery.state == DeliveryState::Claimed {
                // Whoever has it now sends it for nothing: what it reports of it counts no more.
                let mut desks = Desks::new(self.plan());
                desks.read(&*transaction, &delivery.entry.buyer)?;
                desks.ended(&delivery.entry.buyer, delivery.position, AttemptClass::NotTried, None, at);
                self.keep_desks(&*transaction, &mut desks, &mut change)?;
            }
            delivery = self.done(&*transaction, delivery, &mut change)?;
            change.deliveries.push(delivery.clone());
            change.attempts.push(ended);
        } else if !is_known {
            change.attempts.push(ended);
        }
        if !change.attempts.is_empty() {
            transaction.change(&change)?;
        }
        let refused = !is_last || is_known;
        let answer = answer(&*transaction, &delivery, &attempt, class, false)?;
        let answer = DeliveryReported { conflict, ..answer };
        Ok(Reported::Told { answer, refused })
    }
}

/// Where the delivery stands.
fn answer(
    view: &dyn View,
    delivery: &Delivery,
    attempt: &Attempt,
    class: AttemptClass,
    replayed: bool,
) -> Result<DeliveryReported, Error> {
    let is_ready = delivery.state == DeliveryState::Ready;
    let dead = open_letter(view, delivery)?;
    let decision = &delivery.entry.decision;
    let fell = fell(view, &delivery.entry)?;
    let latest = if fell { view.decided(&decision.source, &decision.lead)? } else { None };
    Ok(DeliveryReported {
        v: 1,
        key: delivery.entry.key.clone(),
        attempt: attempt.n,
        class,
        state: delivery.state,
        retry_at: Some(delivery.entry.due_at).filter(|_| is_ready),
        dead,
        remedy: dead.map(|reason| reason.remedy().to_owned()),
        fell,
        next: latest.map(|latest| latest.id).filter(|latest| latest.n > decision.n),
        conflict: None,
        replayed,
    })
}

/// Why it is given up, where it is.
pub(super) fn open_letter(view: &dyn View, delivery: &Delivery) -> Result<Option<DeadReason>, Error> {
    if delivery.state != DeliveryState::Dead {
        return Ok(None);
    }
    let letters = view.dead_letters(delivery.position)?;
    Ok(letters.into_iter().rev().find(|letter| letter.resolved.is_none()).map(|letter| letter.reason))
}
