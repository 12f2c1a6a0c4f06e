//! An attempt ends: what is written of it.

use super::super::doors::Engine;
use super::price::LOWER;
use super::terms::Terms;
use crate::deliver::{Follows, Tried, follows, is_undelivered};
use crate::events::{DeliveryAccepted, DeliveryDeadLettered, DeliveryRejected, DeliveryUnknown, written};
use crate::model::{
    Attempt, AttemptClass, Currency, DeadEnd, DeadLetter, DeadReason, DeliveryState, Error, Event, EventKind, Money,
    Subject, Timestamp,
};
use crate::operate::DeliveryOutcome;
use crate::store::{Change, Delivery, View};

/// How an attempt ended.
pub(super) struct Ended<'a> {
    pub(super) class: AttemptClass,
    pub(super) status: Option<u16>,
    /// In milliseconds.
    pub(super) retry_after: Option<i64>,
    /// Who says so: `told`, or `claim_over`.
    pub(super) because: &'static str,
    /// What the buyer said besides.
    pub(super) said: Said,
    pub(super) terms: &'a Terms,
}

/// What a buyer said about a lead, as events have it.
#[derive(Clone, Default)]
pub(super) struct Said {
    price: Option<Money>,
    currency: Option<Currency>,
    their_id: Option<String>,
    reason: Option<String>,
}

impl Said {
    pub(super) fn by(outcome: &DeliveryOutcome) -> Self {
        let DeliveryOutcome { price, currency, their_id, reason, .. } = outcome.clone();
        Self { price, currency, their_id, reason }
    }

    /// A lead that is taken for less than it is sold for is refused for that reason.
    pub(super) fn for_less(self) -> Self {
        Self { reason: self.reason.or_else(|| Some(LOWER.to_owned())), ..self }
    }
}

/// Whether an acceptance came after something else was done about the delivery.
pub(super) enum Late {
    No,
    /// And what is in its way, where it cannot be honoured.
    Yes(Option<String>),
}

/// Where a delivery stands after an attempt.
pub(super) struct AfterAttempt {
    pub(super) delivery: Delivery,
    pub(super) follows: Follows,
    /// Whether its sale falls: that is to be done in the same transaction.
    pub(super) falls: bool,
}

impl Engine {
    /// Ends an attempt of a delivery, and writes down what follows.
    pub(super) fn end_attempt(
        &self,
        view: &dyn View,
        delivery: Delivery,
        attempt: Attempt,
        ended: &Ended<'_>,
        change: &mut Change,
    ) -> Result<AfterAttempt, Error> {
        let at = change.at;
        let Ended { class, status, .. } = *ended;
        let others = view.attempts(delivery.position)?;
        let others = || others.iter().filter(|other| other.n != attempt.n);
        // What was tried before it was redriven does not count.
        let tried = |other: &&Attempt| {
            other.started_at >= delivery.since && other.class.is_some_and(|class| class != AttemptClass::NotTried)
        };
        let before = u32::try_from(others().filter(tried).count()).unwrap_or(u32::MAX);
        let follows = follows(
            &Tried {
                key: &delivery.entry.key,
                contract: &delivery.entry.contract,
                n: attempt.n,
                tries: before.saturating_add(u32::from(class != AttemptClass::NotTried)),
                in_doubt: others().any(is_in_doubt),
                class,
                retry_after: ended.retry_after,
                since: delivery.since,
                at,
            },
            &ended.terms.policy,
        );
        let retry_at = match follows {
            Follows::Again(then) => Some(then),
            _ => None,
        };
        let attempt = Attempt { ended_at: Some(at), class: Some(class), status, retry_at, ..attempt };
        change.events.push(self.told_end(&delivery, &attempt, ended, at));
        change.attempts.push(attempt);
        let classes = others().map(|other| other.class).chain([Some(class)]);
        // A buyer that knows deliveries by their keys knows what it refuses; of all others every attempt has to prove it.
        let knows_keys = ended.terms.policy.retry_unknown.contains(&delivery.entry.contract);
        let is_proven = is_undelivered(classes) || knows_keys && class == AttemptClass::Rejected;
        // What may have come through is kept; only what surely did not makes its sale fall.
        let follows = match follows {
            Follows::Dead(_) if ended.terms.falls && !is_proven => Follows::Held,
            follows => follows,
        };
        let falls = ended.terms.falls && matches!(follows, Follows::Dead(_));
        let delivery = match follows {
            Follows::Done => self.done(view, delivery, change)?,
            Follows::Again(then) => again(delivery, then),
            Follows::Held => {
                let until = ended.terms.hold.map(|hold| at.plus_millis(hold));
                Delivery { state: DeliveryState::Unknown, until, ..delivery }
            }
            // That a buyer does not want a lead is no fault that anybody has to mend.
            Follows::Dead(DeadReason::Rejected) if falls => {
                Delivery { state: DeliveryState::Done, until: None, ..delivery }
            }
            Follows::Dead(reason) => self.give_up(view, delivery, reason, Some(class), change)?,
        };
        change.deliveries.push(delivery.clone());
        Ok(AfterAttempt { delivery, follows, falls })
    }

    /// The buyer has it: an open dead letter is none any more.
    pub(super) fn done(&self, view: &dyn View, delivery: Delivery, change: &mut Change) -> Result<Delivery, Error> {
        close_letters(view, &delivery, DeadEnd::Accepted, change)?;
        Ok(Delivery { state: DeliveryState::Done, until: None, ..delivery })
    }

    /// It is given up.
    pub(super) fn give_up(
        &self,
        view: &dyn View,
        delivery: Delivery,
        reason: DeadReason,
        class: Option<AttemptClass>,
        change: &mut Change,
    ) -> Result<Delivery, Error> {
        let nth = view.dead_letters(delivery.position)?.last().map_or(1, |last| last.nth.saturating_add(1));
        let (at, position) = (change.at, delivery.position);
        let (resolved, resolved_at) = (None, None);
        change.dead_letters.push(DeadLetter { delivery: position, nth, reason, class, at, resolved, resolved_at });
        let (buyer, contract, key) = of(&delivery);
        let data = written(&DeliveryDeadLettered { buyer, contract, key, reason });
        change.events.push(self.told_of(&delivery, at, EventKind::DeliveryDeadLettered, data));
        Ok(Delivery { state: DeliveryState::Dead, until: None, ..delivery })
    }

    /// The event of an attempt that ended.
    fn told_end(&self, delivery: &Delivery, attempt: &Attempt, ended: &Ended<'_>, at: Timestamp) -> Event {
        let (buyer, contract, key) = of(delivery);
        let Attempt { n, class, status, retry_at, .. } = *attempt;
        let class = class.unwrap_or(AttemptClass::Unknown);
        let (kind, data) = if class.is_taken() {
            return self.told_taken(delivery, (n, class), ended.said.clone(), Late::No, at);
        } else if class == AttemptClass::Unknown {
            let because = ended.because.to_owned();
            let data = DeliveryUnknown { attempt: n, because, buyer, contract, key, retry_at, status };
            (EventKind::DeliveryUnknown, written(&data))
        } else {
            let reason = ended.said.reason.clone();
            let data = DeliveryRejected { attempt: n, buyer, class, contract, key, reason, retry_at, status };
            (EventKind::DeliveryRejected, written(&data))
        };
        self.told_of(delivery, at, kind, data)
    }

    /// The event of a lead that the buyer has.
    pub(super) fn told_taken(
        &self,
        delivery: &Delivery,
        (attempt, class): (u32, AttemptClass),
        said: Said,
        late: Late,
        at: Timestamp,
    ) -> Event {
        let (buyer, contract, key) = of(delivery);
        let (late, conflict) = match late {
            Late::No => (None, None),
            Late::Yes(conflict) => (Some("true".into()), conflict),
        };
        let Said { price, currency, their_id, .. } = said;
        let data = DeliveryAccepted { attempt, buyer, class, conflict, contract, currency, key, late, price, their_id };
        let data = written(&data);
        self.told_of(delivery, at, EventKind::DeliveryAccepted, data)
    }

    pub(super) fn told_of(&self, delivery: &Delivery, at: Timestamp, kind: EventKind, data: String) -> Event {
        let subject = Subject::Decision(delivery.entry.decision.clone());
        Event { kind, tenant: self.tenant().clone(), subject, at, data }
    }
}

/// Buyer, contract and key, as events have them.
pub(super) fn of(delivery: &Delivery) -> (crate::model::BuyerId, crate::model::ContractId, String) {
    let entry = &delivery.entry;
    (entry.buyer.clone(), entry.contract.clone(), entry.key.clone())
}

/// Whether the buyer may have got it by this attempt, and nobody knows.
pub(super) fn is_in_doubt(attempt: &Attempt) -> bool {
    attempt.class == Some(AttemptClass::Unknown)
}

/// Whether it is known that the buyer did not get it by this attempt.
pub(super) fn proves(attempt: &Attempt) -> bool {
    attempt.class.is_some_and(AttemptClass::proves_undelivered)
}

/// It may be claimed then.
pub(super) fn again(delivery: Delivery, then: Timestamp) -> Delivery {
    let mut delivery = Delivery { state: DeliveryState::Ready, until: None, ..delivery };
    delivery.entry.due_at = then;
    delivery
}

/// Ends the dead letters of a delivery that are open; there is one at most.
pub(super) fn close_letters(
    view: &dyn View,
    delivery: &Delivery,
    end: DeadEnd,
    change: &mut Change,
) -> Result<(), Error> {
    let open = view.dead_letters(delivery.position)?.into_iter().filter(|letter| letter.resolved.is_none());
    for letter in open {
        change.dead_letters.push(DeadLetter { resolved: Some(end), resolved_at: Some(change.at), ..letter });
    }
    Ok(())
}
