//! Deliveries of sales that fell, redriven: what the sale took is taken again, or the delivery is left out. Else a lead that went
//! on to another buyer would be sent to the first one too.

use super::super::doors::Engine;
use super::super::fall::{Because, RETURNED, Sale, given_back};
use super::ends::of;
use super::redrive::Found;
use crate::model::{Error, Timestamp};
use crate::operate::{Redrive, RedriveLeftOut};
use crate::store::{Change, Delivery, Transaction, View};
use std::collections::BTreeMap;

/// What is in the way of a sale whose lead is not there any more.
const NO_LEAD: &str = "no_lead";

/// Sales that fell, by the keys of their deliveries, as they were read before the transaction.
pub(super) type Fallen = BTreeMap<String, Sale>;

impl Engine {
    /// Reads those of the sales that fell.
    pub(super) fn fallen(&self, found: &Found, now: Timestamp) -> Result<Fallen, Error> {
        let mut all = Fallen::new();
        for (delivery, _) in found.deliveries.iter().filter(|(delivery, _)| found.fell.contains(&delivery.entry.key)) {
            let sale = self.sale_of(&delivery.entry, now)?;
            all.extend(sale.map(|sale| (delivery.entry.key.clone(), sale)));
        }
        Ok(all)
    }

    /// Takes again what those took that fell. What cannot be taken is left out, and said.
    pub(super) fn take_fallen(
        &self,
        transaction: &mut dyn Transaction,
        said: &Redrive,
        found: &mut Found,
        sales: &Fallen,
        at: Timestamp,
    ) -> Result<Vec<RedriveLeftOut>, Error> {
        let mut left_out = Vec::new();
        for (delivery, why) in std::mem::take(&mut found.deliveries) {
            let mut change = Change::at(at);
            match self.takes(&*transaction, said, &delivery, sales, &mut change)? {
                Some(conflict) => left_out.push(out(&delivery, conflict)),
                None => {
                    // One after the other: the next one sees what this one took.
                    if !change.events.is_empty() {
                        transaction.change(&change)?;
                    }
                    found.deliveries.push((delivery, why));
                }
            }
        }
        Ok(left_out)
    }

    /// The same, and nothing is written: each as if it were the only one.
    pub(super) fn would_take(
        &self,
        view: &dyn View,
        said: &Redrive,
        found: &mut Found,
        sales: &Fallen,
        at: Timestamp,
    ) -> Result<Vec<RedriveLeftOut>, Error> {
        let mut left_out = Vec::new();
        for (delivery, why) in std::mem::take(&mut found.deliveries) {
            match self.takes(view, said, &delivery, sales, &mut Change::at(at))? {
                Some(conflict) => left_out.push(out(&delivery, conflict)),
                None => found.deliveries.push((delivery, why)),
            }
        }
        Ok(left_out)
    }

    /// What is in the way, if anything is; nothing is of a sale that stands.
    fn takes(
        &self,
        view: &dyn View,
        said: &Redrive,
        delivery: &Delivery,
        sales: &Fallen,
        change: &mut Change,
    ) -> Result<Option<String>, Error> {
        match given_back(view, &delivery.entry.decision)?.remove(&delivery.entry.key) {
            None => return Ok(None),
            // Its buyer had the lead, and has its price back.
            Some(why) if why == RETURNED => return Ok(Some(why)),
            Some(_) => {}
        }
        let Some(sale) = sales.get(&delivery.entry.key) else { return Ok(Some(NO_LEAD.to_owned())) };
        self.take_again(view, sale, Because { why: &said.reason, by: &said.by }, change)
    }
}

fn out(delivery: &Delivery, conflict: String) -> RedriveLeftOut {
    let (buyer, contract, key) = of(delivery);
    RedriveLeftOut { key, decision: delivery.entry.decision.clone(), buyer, contract, conflict }
}
