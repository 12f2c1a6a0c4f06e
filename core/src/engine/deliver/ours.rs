//! Deliveries that whoever decided the lead makes at once, while its supplier waits.

use super::super::doors::{Engine, effective};
use super::claim::{Asked, Out, is_claimed};
use super::desks::Desks;
use crate::model::{DeadReason, DeliveryState, Error, Timestamp};
use crate::operate::{DeliveryTerms, Sending};
use crate::store::Change;

impl Engine {
    /// Hands these out, those of them that nobody has and whose buyers may be sent something now.
    pub(in crate::engine) fn claim_ours(
        &self,
        keys: &[String],
        worker: &str,
        hold: i64,
        now: Timestamp,
    ) -> Result<Vec<Sending>, Error> {
        let said = DeliveryTerms::default();
        let asked = Asked::named(worker, keys.len(), hold, &said);
        let mut before: Vec<Sending> = Vec::new();
        let claimed = self.once_or_again(&mut |transaction| {
            asked.old.borrow_mut().clear();
            if is_claimed(&*transaction, &before)? {
                return Ok(before.clone());
            }
            let mut change = Change::at(effective(&*transaction, now)?);
            let mut desks = Desks::new(self.plan());
            let mut out = Out { sendings: Vec::new(), put_off: 0 };
            for key in keys {
                let found = transaction.delivery(key)?;
                let Some(delivery) = found.filter(|found| found.state == DeliveryState::Ready) else { continue };
                let buyer = delivery.entry.buyer.clone();
                desks.read(&*transaction, &buyer)?;
                desks.tidy(&buyer, change.at);
                if desks.may_send(&buyer, change.at) > 0 {
                    self.begin(&*transaction, delivery, &mut desks, &asked, &mut change, &mut out)?;
                }
            }
            self.keep_desks(&*transaction, &mut desks, &mut change)?;
            transaction.change(&change)?;
            before.clone_from(&out.sendings);
            Ok(out.sendings)
        })?;
        for entry in asked.old.take() {
            self.fall_undelivered(&entry, DeadReason::TooOld, now)?;
        }
        Ok(claimed)
    }
}
