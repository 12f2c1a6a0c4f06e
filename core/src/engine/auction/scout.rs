//! Who is asked for a bid: those that could buy the lead now, group by group, as nobody is asked for what is sold before.

use super::Bids;
use crate::engine::Engine;
use crate::engine::prepare::Prepared;
use crate::engine::reads::{Logged, Reads, Request, State, request, same_since};
use crate::engine::record::overridden_for;
use crate::engine::select::Asked;
use crate::engine::settle::Settling;
use crate::model::{Error, Money, Sale};
use crate::plan::Plan;
use crate::plan::compiled::{Contract, Group, Ping};
use crate::select::Method;

/// Those of one group that are to be asked for a bid.
#[derive(Clone, Debug, Default)]
pub(in crate::engine) struct Scouted {
    /// How long the group waits, in milliseconds.
    pub(super) deadline: Option<i64>,
    pub(super) asks: Vec<Ask>,
}

/// A contract by its place in the plan, and for what it is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Ask {
    pub(super) contract: usize,
    pub(super) sale: Sale,
}

impl Scouted {
    pub(in crate::engine) fn is_empty(&self) -> bool {
        self.asks.is_empty()
    }
}

impl Engine {
    /// The next group that has somebody to ask, as the store stands now; none for a lead that was decided before.
    pub(super) fn scout_bids(&self, plan: &Plan, lead: &Prepared) -> Result<Scouted, Error> {
        let mut found = Scouted::default();
        self.store().read(self.tenant(), &mut |view| {
            let at = crate::engine::doors::effective(view, lead.tick.now)?;
            let key = lead.idempotency_key.as_deref();
            let known = request(view, &lead.source, &lead.lead, key, &lead.payload, Some(same_since(at)))?;
            if !matches!(known, Request::New { ruling: None, .. }) {
                return Ok(());
            }
            let state = Logged::new(view, None, Reads::default());
            let overridden = overridden_for(plan, lead, &state, at, &[])?;
            let mut settling = Settling::new(plan, lead, &state, &overridden, at);
            settling.bids = lead.asked.bids.as_ref();
            settling.scouted = Some(Scouted::default());
            settling.look_at_desks()?;
            settling.run(None)?;
            found = settling.scouted.take().unwrap_or_default();
            Ok(())
        })?;
        Ok(found)
    }
}

/// Whether there is anybody to ask about the lead; nobody about a test (rule 97).
pub(super) fn has_bidders(plan: &Plan, lead: &Prepared) -> bool {
    let has_route = lead.vertical.as_ref().is_some_and(|vertical| plan.routes.contains_key(vertical));
    let asks = |place: &u32| usize::try_from(*place).ok().and_then(|place| plan.contract(place)).is_some_and(asks);
    !lead.test && has_route && lead.candidates.iter().any(asks)
}

/// Whether it can be asked at all.
fn asks(contract: &Contract) -> bool {
    contract.ping.is_some() && [Sale::Exclusive, Sale::Shared].iter().any(|sale| contract.bids(*sale).is_some())
}

impl<S: State> Settling<'_, S> {
    /// Looks for those of a group that have not been asked yet; whether there are any.
    pub(in crate::engine) fn scout_group(&mut self, group: &Group, asked: &[Asked<'_>]) -> Result<bool, Error> {
        if self.scouted.is_none() {
            return Ok(false);
        }
        let mut asks = Vec::new();
        for asked in asked.iter().filter(|asked| asked.why.is_none() && asked.contract.ping.is_some()) {
            for sale in [Sale::Exclusive, Sale::Shared] {
                if self.wants_bid(group, asked.contract, sale)? {
                    asks.push(Ask { contract: asked.member.contract, sale });
                }
            }
        }
        let found = !asks.is_empty();
        if found {
            self.scouted = Some(Scouted { deadline: group.deadline, asks });
        }
        Ok(found)
    }

    /// Whether a bid of it could count, and has not been asked for.
    fn wants_bid(&self, group: &Group, contract: &Contract, sale: Sale) -> Result<bool, Error> {
        let is_known = self.bids.is_some_and(|bids: &Bids| bids.of(&contract.id, sale).is_some());
        if contract.bids(sale).is_none() || is_known || self.beside(contract).is_err() {
            return Ok(false);
        }
        let both = group.rule.method == Method::BestRevenue;
        let alone = self.may_be_alone() && (both || self.max_sales == 1 || !contract.shares());
        let fits = match sale {
            Sale::Exclusive => alone,
            Sale::Shared => self.max_sales > 1 || !contract.sells_alone(),
        };
        // What it costs is not known yet: whether there is any room at all is.
        Ok(fits
            && self.capped(self.calendars(contract, group), Money::ZERO)?.is_none()
            && self.early(contract)?.is_none()
            && self.unfunded(contract, Money::ZERO)?.is_none())
    }
}

/// How it is asked.
pub(super) fn ping_of(plan: &Plan, ask: Ask) -> Option<(&Contract, &Ping)> {
    let contract = plan.contract(ask.contract)?;
    Some((contract, contract.ping.as_ref()?))
}
