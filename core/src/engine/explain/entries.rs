//! An entry for each contract of the route.

use super::types::Explained;
use crate::engine::prepare::{LeadFacts, Prepared};
use crate::engine::replay::{again, plan_of};
use crate::model::{Code, Decision, DecisionId, Error, TenantId, TraceEntry};
use crate::plan::Plan;
use crate::rules::Criteria;
use crate::store::Store;

/// A recorded decision with the first failing check of each contract, and nothing more.
pub(in crate::engine) fn entries_of(
    store: &dyn Store,
    tenant: &TenantId,
    id: &DecisionId,
) -> Result<(Decision, Vec<Explained>), Error> {
    let stored = store.decision(tenant, id)?.ok_or_else(|| Error::new(Code::ReplayNotFound, id.to_string()))?;
    let plan = plan_of(store, &stored)?;
    let (lead, settled, _) = again(&plan, &stored)?;
    let entries = all_entries(&plan, &LeadFacts::new(&plan, &lead), &lead, &settled.decision);
    Ok((settled.decision, entries))
}

/// The entries of the decision, and between them those of the contracts whose criteria are not met.
pub(super) fn all_entries(plan: &Plan, facts: &LeadFacts<'_>, lead: &Prepared, decision: &Decision) -> Vec<Explained> {
    let route = lead.vertical.as_ref().and_then(|vertical| plan.routes.get(vertical));
    let Some(route) = route.filter(|_| !decision.trace.groups.is_empty()) else { return Vec::new() };
    let mut known = decision.trace.entries.iter().peekable();
    let mut entries = Vec::new();
    for group in &route.groups {
        for contract in group.members.iter().filter_map(|member| plan.contract(member.contract)) {
            let recorded = known.next_if(|entry| entry.contract == contract.id && entry.group == group.id);
            let unmet = || {
                let failing = contract.criteria.as_ref()?.evaluate(facts).failing?;
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
            let criteria = contract.criteria.as_ref().map(Criteria::sentence);
            entries.push(Explained { entry, criteria, failing: Vec::new(), full: None });
        }
    }
    // Who gets what nobody took comes last.
    let last = |entry: TraceEntry| Explained { entry, criteria: None, failing: Vec::new(), full: None };
    entries.extend(known.cloned().map(last));
    entries
}
