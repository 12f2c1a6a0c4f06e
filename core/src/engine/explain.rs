//! Why each contract did or did not get a lead: recomputed from what was kept.

use super::replay::{again, plan_of};
use crate::model::{Code, Decision, DecisionId, Error, TenantId, TraceEntry};
use crate::store::Store;
use serde::Serialize;

/// A decision with an entry for every contract of its route.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Explanation {
    /// Version of this format: 1.
    pub v: u32,
    /// The decision, as it was answered.
    pub decision: Decision,
    /// Every contract of the route, in the order they were asked.
    pub entries: Vec<Explained>,
}

/// What an entry says, with the words for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Explained {
    /// The entry.
    #[serde(flatten)]
    pub entry: TraceEntry,
    /// The criteria of the contract in words; none for one that buys every lead.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub criteria: Option<String>,
}

/// Explains one decision.
///
/// # Errors
/// As [`replay`](super::replay).
pub fn explain(store: &dyn Store, tenant: &TenantId, id: &DecisionId) -> Result<Explanation, Error> {
    let stored = store.decision(tenant, id)?.ok_or_else(|| Error::new(Code::ReplayNotFound, id.to_string()))?;
    let plan = plan_of(store, &stored)?;
    let (_, settled) = again(&plan, &stored)?;
    let criteria = |entry: &TraceEntry| {
        let contract = plan.contracts.iter().find(|contract| contract.id == entry.contract)?;
        contract.criteria.as_ref().map(crate::rules::Criteria::sentence)
    };
    let entries = settled.all_entries.into_iter();
    let entries = entries.map(|entry| Explained { criteria: criteria(&entry), entry }).collect();
    Ok(Explanation { v: 1, decision: settled.decision, entries })
}
