//! Room that a bid of ours rests on (rule 60), held as a reservation is.

use super::reserve::Way;
use crate::engine::doors::Engine;
use crate::model::{Error, ReservationState, Timestamp};
use crate::operate::Reserve;
use crate::plan::Plan;
use crate::store::{Change, Transaction};

impl Engine {
    /// Takes a place under the caps of this time for a bid; whether there was any. A rate has no places: it is asked when the lead comes.
    pub(in crate::engine) fn hold_for_bid(
        &self,
        plan: &Plan,
        reserve: &Reserve,
        (at, until): (Timestamp, Timestamp),
        transaction: &mut dyn Transaction,
    ) -> Result<bool, Error> {
        let mut way = Way::find(plan, reserve)?;
        way.is_bid = true;
        let took = self.take(&way, at, (until, ReservationState::Held), None, transaction)?;
        Ok(took.state.is_some())
    }

    /// Gives back those that are still held: the lead that they were held for is decided.
    pub(in crate::engine) fn release_held(
        &self,
        keys: &[String],
        transaction: &mut dyn Transaction,
        at: Timestamp,
    ) -> Result<(), Error> {
        let mut change = Change::at(at);
        for key in keys {
            let found = transaction.reservation(key)?;
            if let Some(found) = found.filter(|found| found.state == ReservationState::Held) {
                self.give_back(found, "posted", &mut change);
            }
        }
        if change.reservations.is_empty() { Ok(()) } else { transaction.change(&change) }
    }
}
