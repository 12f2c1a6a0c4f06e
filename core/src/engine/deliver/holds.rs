//! Leads of which nobody knows whether the buyer has them, once their time is over.

use super::super::doors::{Decided, Engine, effective};
use super::super::fall::{Because, Sale};
use super::super::unknown::Repeated;
use super::asks::SOON;
use super::ends::of;
use crate::events::{DeliveryUnknown, written};
use crate::model::{DeadReason, DeliveryState, Error, EventKind, Timestamp};
use crate::plan::compiled::AfterNoAnswer;
use crate::store::{Change, Delivery, OutboxEntry};

/// So many are looked at in one go.
const PAGE: usize = 256;
/// Who says so.
const BY: &str = "plan";

/// Whether something was done about one of them.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Done;

impl Repeated for Done {
    fn repeated(&self) -> Self {
        *self
    }
}

impl Engine {
    /// Does what the plan says of leads that were kept long enough without an answer: they count as sold, or their sale falls.
    /// One that its buyer was to have alone is offered to nobody else even then: that it was not delivered is not proven.
    pub(super) fn end_holds(&self, now: Timestamp) -> Result<(), Error> {
        let mut over = Vec::new();
        self.store().read(self.tenant(), &mut |view| {
            over = view.claims_over(effective(view, now)?, PAGE)?;
            Ok(())
        })?;
        // Those that are asked about wait for whoever asks, but keep no others waiting.
        let is_full = over.len() >= PAGE;
        let waits = |delivery: &Delivery| !is_full && self.asks_of(&delivery.entry.contract);
        let kept = over.into_iter().filter(|delivery| delivery.state == DeliveryState::Unknown && !waits(delivery));
        kept.into_iter().try_for_each(|delivery| self.end_hold(&delivery, now))
    }

    fn end_hold(&self, seen: &Delivery, now: Timestamp) -> Result<(), Error> {
        let then = self.after_no_answer(&seen.entry.contract).map(|no_answer| no_answer.then);
        let sale = match then {
            Some(AfterNoAnswer::Release) => self.sale_of(&seen.entry, now)?,
            _ => None,
        };
        let mut next = None;
        self.once_or_again(&mut |transaction| {
            next = None;
            let found = transaction.delivery(&seen.entry.key)?.filter(|found| found == seen);
            let Some(delivery) = found else { return Ok(Done) };
            let at = effective(&*transaction, now)?;
            let mut change = Change::at(at);
            match (&then, &sale) {
                (Some(AfterNoAnswer::CountAsSold), _) => {
                    self.tell_end(&delivery, "counted_as_sold", &mut change);
                    change.deliveries.push(Delivery { state: DeliveryState::Done, until: None, ..delivery });
                    transaction.change(&change)?;
                }
                (Some(AfterNoAnswer::Ask(_)), _) => {
                    change.deliveries.push(Delivery { until: Some(at.plus_millis(SOON)), ..delivery });
                    transaction.change(&change)?;
                }
                (_, Some(sale)) => {
                    let dead = self.give_up(&*transaction, delivery, DeadReason::NoAnswer, None, &mut change)?;
                    change.deliveries.push(dead);
                    transaction.change(&change)?;
                    let because = Because { why: DeadReason::NoAnswer.as_str(), by: BY };
                    next = self.fall(transaction, sale, because, !sale.is_exclusive(), at)?;
                }
                // Nobody says what to do: it is kept until somebody finds out.
                (_, None) => {
                    change.deliveries.push(Delivery { until: None, ..delivery });
                    transaction.change(&change)?;
                }
            }
            Ok(Done)
        })?;
        self.told_next(sale.as_ref(), next);
        Ok(())
    }

    /// After the commit of what a sale that fell led to.
    fn told_next(&self, sale: Option<&Sale>, next: Option<Decided>) {
        if let Some((sale, next)) = sale.zip(next) {
            self.committed(sale.next_plan(), &[next]);
        }
    }

    /// Gives up a delivery that nobody has, and lets its sale fall.
    pub(super) fn fall_undelivered(
        &self,
        entry: &OutboxEntry,
        reason: DeadReason,
        now: Timestamp,
    ) -> Result<(), Error> {
        let sale = self.sale_of(entry, now)?;
        let mut next = None;
        self.once_or_again(&mut |transaction| {
            next = None;
            let found = transaction.delivery(&entry.key)?.filter(|found| found.state == DeliveryState::Ready);
            let Some(delivery) = found else { return Ok(Done) };
            let at = effective(&*transaction, now)?;
            let mut change = Change::at(at);
            let class = transaction.attempts(delivery.position)?.last().and_then(|last| last.class);
            let dead = self.give_up(&*transaction, delivery, reason, class, &mut change)?;
            change.deliveries.push(dead);
            transaction.change(&change)?;
            if let Some(sale) = &sale {
                next = self.fall(transaction, sale, Because { why: reason.as_str(), by: BY }, true, at)?;
            }
            Ok(Done)
        })?;
        self.told_next(sale.as_ref(), next);
        Ok(())
    }

    fn tell_end(&self, delivery: &Delivery, because: &str, change: &mut Change) {
        let (buyer, contract, key) = of(delivery);
        let (attempt, because) = (delivery.attempts, because.to_owned());
        let data = DeliveryUnknown { attempt, because, buyer, contract, key, retry_at: None, status: None };
        let event = self.told_of(delivery, change.at, EventKind::DeliveryUnknown, written(&data));
        change.events.push(event);
    }
}
