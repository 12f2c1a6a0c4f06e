//! Why each contract did or did not get a lead: recomputed from what was kept.

use super::prepare::{LeadFacts, Prepared};
use super::replay::{again, plan_of};
use crate::model::{Code, Decision, DecisionId, Error, TenantId, TraceEntry};
use crate::plan::Plan;
use crate::rules::Criteria;
use crate::store::Store;
use serde::Serialize;

/// A decision with an entry for every contract of its route.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Explanation {
    /// Version of this format: 1.
    #[cfg_attr(feature = "schema", schemars(extend("const" = 1)))]
    pub v: u32,
    /// The decision, as it was answered.
    pub decision: Decision,
    /// Every contract of the route, in the order they were asked.
    pub entries: Vec<Explained>,
}

/// What an entry says, with the words for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
    let (lead, settled) = again(&plan, &stored)?;
    let entries = all_entries(&plan, &lead, &settled.decision);
    Ok(Explanation { v: 1, decision: settled.decision, entries })
}

/// The entries of the decision, and between them those of the contracts whose criteria are not met.
fn all_entries(plan: &Plan, lead: &Prepared, decision: &Decision) -> Vec<Explained> {
    let route = lead.vertical.as_ref().and_then(|vertical| plan.routes.get(vertical));
    let Some(route) = route.filter(|_| !decision.trace.groups.is_empty()) else { return Vec::new() };
    let facts = LeadFacts::new(plan, lead);
    let mut known = decision.trace.entries.iter().peekable();
    let mut entries = Vec::new();
    for group in &route.groups {
        for contract in group.members.iter().filter_map(|member| plan.contract(member.contract)) {
            let recorded = known.next_if(|entry| entry.contract == contract.id && entry.group == group.id);
            let unmet = || {
                let failing = contract.criteria.as_ref()?.evaluate(&facts).failing?;
                Some(TraceEntry {
                    contract: contract.id.clone(),
                    group: group.id.clone(),
                    code: failing.code,
                    check: Some(failing.check),
                    found: failing.found,
                    wanted: Some(failing.wanted),
                })
            };
            let Some(entry) = recorded.cloned().or_else(unmet) else { continue };
            entries.push(Explained { entry, criteria: contract.criteria.as_ref().map(Criteria::sentence) });
        }
    }
    // Who gets what nobody took comes last.
    entries.extend(known.cloned().map(|entry| Explained { entry, criteria: None }));
    entries
}
