//! Somebody says whether a buyer is called.

use super::doing::{Doing, unknown};
use crate::deliver::Forced;
use crate::engine::deliver::Desks;
use crate::model::{BuyerId, Channel, Error};
use crate::operate::{SetBreaker, desk_key};

impl Doing<'_> {
    pub(super) fn breaker(&mut self, set: &SetBreaker) -> Result<(), Error> {
        let mut desks = Desks::new(self.engine.plan());
        // One that the plan has no more can be set all the same, where there is something to set.
        let is_known = self.plan.buyers.contains_key(&set.buyer)
            || self.transaction.setting(&desk_key(&set.buyer, Channel::Post))?.is_some();
        if !is_known {
            let known = self.plan.buyers.keys().map(BuyerId::as_str);
            return Err(unknown("buyer", set.buyer.as_str(), known));
        }
        desks.read(&*self.transaction, &set.buyer)?;
        let said = Forced { by: set.by.clone(), reason: set.reason.clone() };
        desks.force(&set.buyer, set.to.state(), said, self.change.at);
        let engine = self.engine;
        engine.keep_desks(&*self.transaction, &mut desks, self.change)
    }
}
