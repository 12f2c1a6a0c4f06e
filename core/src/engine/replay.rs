//! Deciding again what was decided, from what was kept: the same bytes, or a reason why not.

use super::prepare::{Asked, Before, Prepared, prepare, prepare_again};
use super::reads::Reads;
use super::record::{Frame, Settled};
use crate::model::{Code, DecisionId, EngineVersion, Error, TenantId, Tick};
use crate::plan::Plan;
use crate::store::{Store, Stored};
use serde::Deserialize;

/// A decision of then beside the one of now.
#[derive(Clone, PartialEq, Eq)]
pub struct Replay {
    /// Which.
    pub id: DecisionId,
    /// Whether they are the same to the byte.
    pub same: bool,
    /// Who decided then, where it was another engine: a difference is then to be expected.
    pub other_engine: Option<EngineVersion>,
    /// The decision of then. Personal data.
    pub then: Vec<u8>,
    /// The decision of now. Personal data.
    pub now: Vec<u8>,
}

impl std::fmt::Debug for Replay {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Replay({} {})", self.id, if self.same { "same" } else { "differs" })
    }
}

/// Replays one decision.
///
/// # Errors
/// `replay.not_found`, `replay.erased`, `replay.plan_missing`, `replay.read_missing`; `store.*`.
pub fn replay(store: &dyn Store, tenant: &TenantId, id: &DecisionId) -> Result<Replay, Error> {
    let stored = store.decision(tenant, id)?.ok_or_else(|| Error::new(Code::ReplayNotFound, id.to_string()))?;
    let plan = plan_of(store, &stored)?;
    replay_stored(&plan, &stored)
}

/// The plan that a decision was made by.
pub(super) fn plan_of(store: &dyn Store, stored: &Stored) -> Result<Plan, Error> {
    let bundle = store.plan(&stored.record.plan)?;
    let bundle = bundle.ok_or_else(|| Error::new(Code::ReplayPlanMissing, stored.record.plan.clone()))?;
    Plan::from_bundle(&bundle)
}

#[derive(Deserialize)]
struct OnlyEngine {
    engine: EngineVersion,
}

pub(super) fn replay_stored(plan: &Plan, stored: &Stored) -> Result<Replay, Error> {
    let (_, settled, _) = again(plan, stored)?;
    let now = settled.effects.record.body;
    let then = stored.record.body.clone();
    let read: Option<OnlyEngine> = serde_json::from_slice(&then).ok();
    let other_engine = read.map(|read| read.engine).filter(|engine| *engine != EngineVersion::current());
    Ok(Replay { id: stored.record.id.clone(), same: now == then, other_engine, then, now })
}

/// A decision that was decided again: whether it is the same, and what it changes.
#[cfg(feature = "sqlite")]
pub(crate) struct Again {
    pub(crate) same: bool,
    pub(crate) effects: crate::store::Effects,
}

/// What a recorded decision changed, by deciding it again; none where another engine decided.
#[cfg(feature = "sqlite")]
pub(crate) fn changed_then(plan: &Plan, stored: &Stored) -> Result<Option<Again>, Error> {
    let read: Option<OnlyEngine> = serde_json::from_slice(&stored.record.body).ok();
    if read.is_some_and(|read| read.engine != EngineVersion::current()) {
        return Ok(None);
    }
    let (_, settled, _) = again(plan, stored)?;
    Ok(Some(Again { same: settled.effects.record.body == stored.record.body, effects: settled.effects }))
}

/// Settles again on what was read then.
pub(super) fn again(plan: &Plan, stored: &Stored) -> Result<(Prepared, Settled, Reads), Error> {
    let record = &stored.record;
    if stored.inner.is_some() {
        return Err(Error::new(Code::ReplayErased, record.id.to_string()));
    }
    let reads: Reads = serde_json::from_str(&record.reads)
        .map_err(|_| Error::new(Code::StoreCorrupt, format!("the reads of {}", record.id)))?;
    let tick = Tick { now: record.requested_at, seed: record.seed };
    let asked = Asked::Then(&reads.lists);
    let lead = match &reads.waited {
        None => prepare(plan, &record.tenant, &record.input, tick, &asked),
        Some(waited) => {
            let DecisionId { source, lead, .. } = &record.id;
            let before = Before { source, lead, payload: record.payload, waited };
            prepare_again(plan, &record.tenant, &record.input, tick, &asked, &before)
        }
    };
    let engine: Option<OnlyEngine> = serde_json::from_slice(&record.body).ok();
    let engine = engine.map_or_else(EngineVersion::current, |read| read.engine);
    let frame = Frame { plan, tenant: &record.tenant, engine: &engine, lead: &lead };
    let settled = frame.settle(&reads, &reads, record.at)?;
    Ok((lead, settled, reads))
}

impl super::Engine {
    /// Replays decisions in the order of the log, up to `limit` after the position `after`. Plans are read once. Those whose
    /// lead was erased are left out.
    ///
    /// # Errors
    /// As [`replay`].
    pub fn replay_all(
        store: &dyn Store,
        tenant: &TenantId,
        after: u64,
        limit: usize,
    ) -> Result<Vec<(u64, Replay)>, Error> {
        let mut plans = std::collections::BTreeMap::new();
        let mut replays = Vec::new();
        for stored in whole(store, tenant, after, limit)? {
            let hash = stored.record.plan.clone();
            if !plans.contains_key(&hash) {
                plans.insert(hash.clone(), plan_of(store, &stored)?);
            }
            if let Some(plan) = plans.get(&hash) {
                replays.push((stored.seq, replay_stored(plan, &stored)?));
            }
        }
        Ok(replays)
    }
}

/// The first page after a position with a decision on it that can be replayed; empty at the end of the log.
fn whole(store: &dyn Store, tenant: &TenantId, mut after: u64, limit: usize) -> Result<Vec<Stored>, Error> {
    loop {
        let mut page = store.decisions(tenant, after, limit)?;
        let Some(last) = page.last() else { return Ok(page) };
        after = last.seq;
        page.retain(|stored| stored.inner.is_none());
        if !page.is_empty() {
            return Ok(page);
        }
    }
}
