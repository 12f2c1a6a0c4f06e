//! A lead that came back is offered on: to nobody who was offered it before, whether they took it or not (rule 91).

use super::sale::Sale;
use crate::books::Sold;
use crate::engine::{Decided, Engine};
use crate::model::{Code, DecisionId, Error, Timestamp};
use crate::store::Transaction;

impl Engine {
    /// The sale of a lead that comes back, read before the transaction, with the lead ready to be decided again.
    ///
    /// # Errors
    /// `operation.return_refused` where nothing is left of the lead that could be offered; `store.*`.
    pub(in crate::engine) fn to_resell(&self, sold: &Sold, now: Timestamp) -> Result<Sale, Error> {
        let gone = || Error::new(Code::OperationReturnRefused, "the lead was erased: it cannot be offered on");
        let delivery = self.look(|view| view.delivery(&sold.assignment.key))?.ok_or_else(gone)?;
        let mut sale = self.sale_of(&delivery.entry, now)?.ok_or_else(gone)?;
        // What was promised to its supplier was paid, and taken back.
        sale.next.lead.asked.least = None;
        Ok(sale)
    }

    /// Offers the lead on, after its return was written; the decision, where there is a new one.
    pub(in crate::engine) fn resell(
        &self,
        transaction: &mut dyn Transaction,
        sale: &Sale,
        at: Timestamp,
    ) -> Result<Option<Decided>, Error> {
        let DecisionId { source, lead, .. } = sale.decision();
        let last = transaction.decided(source, lead)?.map_or(0, |known| known.id.n);
        self.offer_on(transaction, sale, last, at)
    }
}
