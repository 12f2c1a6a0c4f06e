//! A sale as it was made, read before the transaction that may undo it: what a decision sold never changes.

use crate::books::Sold;
use crate::engine::Engine;
use crate::engine::prepare::{Asked, Before, BeforeSettling, Prepared, prepare_again};
use crate::engine::reads::Reads;
use crate::engine::replay::{again, plan_of};
use crate::engine::waits::{Told, Waited};
use crate::model::{DecisionId, Error, Tick, Timestamp, Waiting, WaitsFor};
use crate::plan::Plan;
use crate::plan::compiled::{Contract, Group};
use crate::store::{OutboxEntry, Stored};
use std::sync::Arc;

/// A sale, and its lead ready to be decided again.
pub(in crate::engine) struct Sale {
    pub(super) sold: Sold,
    /// The lead as it was decided.
    pub(super) lead: Prepared,
    /// What was read then.
    pub(super) reads: Reads,
    /// The lead by the plan of now.
    pub(super) next: Next,
}

/// The lead, ready to be offered to the next one.
pub(super) struct Next {
    pub(super) plan: Arc<Plan>,
    pub(super) lead: Prepared,
    pub(super) waited: Waited,
}

impl Engine {
    /// Reads the sale of a delivery; none where its lead was erased, or nothing was sold.
    pub(in crate::engine) fn sale_of(&self, entry: &OutboxEntry, now: Timestamp) -> Result<Option<Sale>, Error> {
        let Some(stored) = self.store().decision(self.tenant(), &entry.decision)? else { return Ok(None) };
        if stored.inner.is_some() {
            return Ok(None);
        }
        let current = self.plan();
        let plan = if *stored.record.plan == *current.hash() {
            current.clone()
        } else {
            Arc::new(plan_of(self.store(), &stored)?)
        };
        let Some(sold) = Sold::of(plan.clone(), &stored, |sale| sale.key == entry.key)? else { return Ok(None) };
        let (lead, _, reads) = again(&plan, &stored)?;
        let next = self.next_of(current, &stored, &reads, now);
        Ok(Some(Sale { sold, lead, reads, next }))
    }

    fn next_of(&self, plan: Arc<Plan>, stored: &Stored, reads: &Reads, now: Timestamp) -> Next {
        let record = &stored.record;
        // As old as it is: it is the same lead.
        let received = reads.waited.as_ref().map_or(record.at, |waited| waited.received);
        let (decision, why, at) = (record.id.clone(), WaitsFor::Retry, record.at);
        let row = Waiting { decision, why, received, since: at, due: at, until: at, tries: 0 };
        let waited = Waited::of(&row, Some(Told::Again));
        let DecisionId { source, lead, .. } = &record.id;
        let before = Before { source, lead, payload: record.payload, waited: &waited };
        let tick = Tick { now, seed: record.seed };
        let lead = prepare_again(&plan, self.tenant(), &record.input, tick, &Asked::Now(&self.lists()), &before);
        // Who was outbid is next (rule 54: as long as its bid holds).
        let asked =
            BeforeSettling { bids: reads.bids.clone(), ours_until: reads.ours_until, least: reads.least, ping: None };
        let lead = Prepared { asked, ..lead };
        Next { plan, lead, waited }
    }
}

impl Sale {
    /// Its contract, and the place of that in the plan.
    pub(in crate::engine) fn contract(&self) -> Option<(usize, &Contract)> {
        let plan = &self.sold.plan;
        let id = &self.sold.assignment.contract;
        let place = plan.contracts.binary_search_by(|known| known.id.cmp(id)).ok()?;
        Some((place, plan.contract(place)?))
    }

    /// Its group.
    pub(super) fn group(&self) -> Option<&Group> {
        let groups = self.sold.plan.routes.values().flat_map(|route| route.groups.iter().chain(&route.house));
        let id = &self.sold.assignment.group;
        let mut named = groups.filter(|group| group.id == *id);
        named.next()
    }

    /// How often its route sells a lead.
    pub(super) fn most_sales(&self) -> usize {
        let route = self.lead.vertical.as_ref().and_then(|vertical| self.sold.plan.routes.get(vertical));
        route.map_or(1, |route| usize::try_from(route.max_sales).unwrap_or(usize::MAX))
    }

    /// The plan by which its lead is offered to the next one.
    pub(in crate::engine) fn next_plan(&self) -> &Plan {
        &self.next.plan
    }

    /// The decision that made it.
    pub(in crate::engine) fn decision(&self) -> &DecisionId {
        &self.sold.decision
    }

    /// Whether the buyer was to have the lead alone.
    pub(in crate::engine) fn is_exclusive(&self) -> bool {
        self.sold.assignment.sale == crate::model::Sale::Exclusive
    }
}
