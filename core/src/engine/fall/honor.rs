//! A sale that fell comes about after all: its buyer tells that it has the lead (rule 46), or it is offered the lead once more.

use super::release::{Because, Becomes};
use super::sale::Sale;
use crate::engine::Engine;
use crate::engine::reads::{Logged, Reads};
use crate::engine::record::overridden_for;
use crate::engine::settle::Settling;
use crate::model::{DecisionId, Error};
use crate::store::{Change, View};

/// What is said where the plan refuses whatever comes late.
const REFUSED: &str = "post.late_accept";

impl Engine {
    /// Honours a late acceptance, where the plan does so and the sale can be taken again. Else what is in the way.
    pub(in crate::engine) fn honor(
        &self,
        view: &dyn View,
        sale: &Sale,
        because: Because<'_>,
        change: &mut Change,
    ) -> Result<Option<String>, Error> {
        let honors =
            sale.contract().and_then(|(_, contract)| contract.post.as_ref()).is_none_or(|post| post.honors_late);
        if honors { self.take_again(view, sale, because, change) } else { Ok(Some(REFUSED.to_owned())) }
    }

    /// Takes again what a sale took that fell, where nobody else has the lead and there is room. Else what is in the way: the
    /// buyer that has the lead, or the check that has no room.
    pub(in crate::engine) fn take_again(
        &self,
        view: &dyn View,
        sale: &Sale,
        because: Because<'_>,
        change: &mut Change,
    ) -> Result<Option<String>, Error> {
        let DecisionId { source, lead, .. } = sale.decision();
        let last = view.decided(source, lead)?.map_or(0, |known| known.id.n);
        let offers = self.offers(view, source, lead, last)?.unwrap_or_default();
        if let Some(other) = offers.in_the_way(sale) {
            return Ok(Some(other.to_string()));
        }
        if let Some(check) = self.no_room(view, sale)? {
            return Ok(Some(check));
        }
        self.book(view, (sale, Becomes::Something), offers.nobody_has_it(), because, change)?;
        Ok(None)
    }

    /// The first cap that has no room for it any more, in the windows of then.
    fn no_room(&self, view: &dyn View, sale: &Sale) -> Result<Option<String>, Error> {
        let (Some((place, contract)), Some(group)) = (sale.contract(), sale.group()) else { return Ok(None) };
        let sold = &sale.sold;
        let state = Logged::new(view, None, Reads::default());
        let overridden = overridden_for(&sold.plan, &sale.lead, &state, sold.at, &[place])?;
        let settling = Settling::new(&sold.plan, &sale.lead, &state, &overridden, sold.at);
        let contract = settling.contract(place).unwrap_or(contract);
        let price = sold.assignment.price;
        let why = settling.capped(settling.calendars(contract, group), price)?;
        let why = if why.is_none() { settling.unfunded(contract, price)? } else { why };
        Ok(why.and_then(|why| why.check))
    }
}
