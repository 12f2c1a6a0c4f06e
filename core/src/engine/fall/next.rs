//! The lead is offered to the next one.

use super::offers::Offers;
use super::release::{Because, Becomes};
use super::sale::Sale;
use crate::engine::Engine;
use crate::engine::doors::Decided;
use crate::engine::reads::Reads;
use crate::model::{DecisionId, Error, Outcome, Timestamp};
use crate::store::{Change, Transaction};

/// A lead is not decided for ever: so many decisions about it are enough.
const MOST: u32 = 64;

impl Engine {
    /// Lets a sale fall, in the transaction that learns of it, and offers the lead to the next one. The new decision; none
    /// where the sale had fallen before, where those who have the lead keep it and nobody else takes it, or where it may not
    /// be offered on: as long as its buyer may have what it was to have alone, nobody else gets it (rule 44).
    pub(in crate::engine) fn fall(
        &self,
        transaction: &mut dyn Transaction,
        sale: &Sale,
        because: Because<'_>,
        goes_on: bool,
        at: Timestamp,
    ) -> Result<Option<Decided>, Error> {
        let DecisionId { source, lead, .. } = sale.decision();
        let last = transaction.decided(source, lead)?.map_or(0, |known| known.id.n);
        let Some(offers) = self.offers(&*transaction, source, lead, last)? else { return Ok(None) };
        if !offers.has(sale) {
            return Ok(None);
        }
        let mut change = Change::at(at);
        let is_last = !offers.others_stand(&sale.sold.assignment.key);
        self.book(&*transaction, (sale, Becomes::Nothing), is_last, because, &mut change)?;
        change.turns.extend(sale.turn_back(&*transaction)?);
        change.unclaimed.extend(sale.claims_back(is_last, because));
        transaction.change(&change)?;
        if goes_on { self.offer_on(transaction, sale, last, at) } else { Ok(None) }
    }

    /// Decides the lead again, with what became of its offers; not for ever.
    pub(super) fn offer_on(
        &self,
        transaction: &mut dyn Transaction,
        sale: &Sale,
        last: u32,
        at: Timestamp,
    ) -> Result<Option<Decided>, Error> {
        if last >= MOST {
            return Ok(None);
        }
        let next = &sale.next;
        let DecisionId { source, lead, .. } = sale.decision();
        let offers = self.offers(&*transaction, source, lead, last)?;
        let nobody_has_it = offers.as_ref().is_none_or(Offers::nobody_has_it);
        let parent = Some(DecisionId { n: last, ..sale.decision().clone() });
        let reads = Reads {
            at: Some(at),
            n: last.saturating_add(1),
            parent,
            waited: Some(next.waited.clone()),
            offers,
            ..Reads::default()
        };
        let (settled, reads) = self.settle_promised(&next.plan, &next.lead, &*transaction, reads, at)?;
        // Who has the lead keeps it: that nobody else takes it is nothing new.
        if settled.decision.outcome != Outcome::Assigned && !nobody_has_it {
            return Ok(None);
        }
        self.record_settled(&next.plan, settled, &reads, transaction).map(Some)
    }
}

impl Offers {
    fn has(&self, sale: &Sale) -> bool {
        self.kept.iter().any(|kept| kept.key == sale.sold.assignment.key)
    }
}
