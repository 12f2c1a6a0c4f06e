//! Bids that keep their place (rule 60): what we bid to a supplier rests on a contract that says `hold`, so room is taken for it
//! until the bid runs out, or its lead is decided. It is a reservation like those of a system beside us.

use crate::engine::Engine;
use crate::engine::beside::give_back_what_is_over;
use crate::engine::prepare::Prepared;
use crate::engine::reads::Reads;
use crate::engine::record::Settled;
use crate::model::{ContractId, Error, Timestamp};
use crate::operate::Reserve;
use crate::plan::Plan;
use crate::store::Transaction;

/// What is kept of a ping: who holds a place for it, and until when.
pub(super) struct Holding<'a> {
    pub(super) ping_id: &'a str,
    pub(super) until: Timestamp,
}

impl Engine {
    /// What the ping would come to now, under lock, where one of those that it rests on holds a place: what is held then is there.
    pub(super) fn settled_to_hold(
        &self,
        plan: &Plan,
        lead: &Prepared,
        looked: &Settled,
        transaction: &mut dyn Transaction,
    ) -> Result<Option<Settled>, Error> {
        if !looked.decision.assignments.iter().any(|sold| holds(plan, &sold.contract)) {
            return Ok(None);
        }
        let at = give_back_what_is_over(self, transaction, lead.tick.now)?;
        let reads = Reads { at: Some(at), n: 1, ..Reads::default() };
        Ok(Some(self.settle_new(plan, lead, &*transaction, reads, at)?.0))
    }

    /// Takes room for the sales that a bid of ours rests on; the contracts that hold it.
    pub(super) fn hold_room(
        &self,
        plan: &Plan,
        lead: &Prepared,
        settled: &Settled,
        holding: &Holding<'_>,
        transaction: &mut dyn Transaction,
    ) -> Result<Vec<ContractId>, Error> {
        let mut held = Vec::new();
        for sold in settled.decision.assignments.iter().filter(|sold| holds(plan, &sold.contract)) {
            let reserve = Reserve {
                contract: sold.contract.clone(),
                key: key(holding.ping_id, &sold.contract),
                vertical: lead.vertical.clone(),
                source: Some(lead.source.clone()),
                sub_id: lead.sub_id().map(str::to_owned),
                group: Some(sold.group.clone()),
                price: Some(sold.price),
                hold: None,
            };
            if self.hold_for_bid(plan, &reserve, (settled.decision.at, holding.until), transaction)? {
                held.push(sold.contract.clone());
            }
        }
        Ok(held)
    }

    /// Gives back what was held for a ping, in the transaction that decides its lead: the lead takes it, or whoever comes next.
    pub(super) fn free_places(
        &self,
        ping_id: &str,
        held: &[ContractId],
        transaction: &mut dyn Transaction,
        at: Timestamp,
    ) -> Result<(), Error> {
        let keys = held.iter().map(|contract| key(ping_id, contract));
        self.release_held(&keys.collect::<Vec<_>>(), transaction, at)
    }
}

fn holds(plan: &Plan, contract: &ContractId) -> bool {
    let found = plan.contracts.binary_search_by(|known| known.id.cmp(contract)).ok();
    found.and_then(|place| plan.contract(place)).is_some_and(|contract| contract.holds_bids)
}

/// What the reservation is called.
fn key(ping_id: &str, contract: &ContractId) -> String {
    format!("ping|{ping_id}|{contract}")
}
