//! What is explained: a decision that was recorded, or a lead that is decided for the purpose.

use super::beside::Beside;
use super::entries::all_entries;
use super::state::Empty;
use super::types::{ExplainOptions, ExplainedReturn, ExplainedState, Explanation};
use crate::engine::Engine;
use crate::engine::doors::effective;
use crate::engine::prepare::{Asked, LeadFacts, Prepared, prepare};
use crate::engine::reads::{Logged, Reads, State};
use crate::engine::record::{Frame, overridden_for};
use crate::engine::replay::{again, plan_of};
use crate::model::{
    Code, ContractId, Decision, DecisionId, EngineVersion, Error, PostingKind, TenantId, Tick, Timestamp,
};
use crate::plan::Plan;
use crate::store::{EntryQuery, Store};
use crate::text::did_you_mean;

/// Explains one decision: the first failing check of each contract, and what was near.
///
/// # Errors
/// As [`replay`](crate::engine::replay()).
pub fn explain(store: &dyn Store, tenant: &TenantId, id: &DecisionId) -> Result<Explanation, Error> {
    explain_with(store, tenant, id, &ExplainOptions::default())
}

/// Explains one decision as told.
///
/// What nobody looked at when it was decided is not known any more: a cap of a contract whose criteria were not met is
/// then neither full nor not.
///
/// # Errors
/// As [`explain`]; `input.bad_option` for a contract that is not in the route of the lead.
pub fn explain_with(
    store: &dyn Store,
    tenant: &TenantId,
    id: &DecisionId,
    options: &ExplainOptions,
) -> Result<Explanation, Error> {
    let stored = store.decision(tenant, id)?.ok_or_else(|| Error::new(Code::ReplayNotFound, id.to_string()))?;
    let plan = plan_of(store, &stored)?;
    let (lead, settled, reads) = again(&plan, &stored)?;
    let about = About { plan: &plan, lead: &lead, state: &reads, at: stored.record.at };
    let explained = about.explanation(ExplainedState::Recorded, settled.decision, options)?;
    Ok(Explanation { returned: returned(store, tenant, id)?, ..explained })
}

/// The sales of a decision that fell or were given back after it, and those that came about after all.
fn returned(store: &dyn Store, tenant: &TenantId, id: &DecisionId) -> Result<Vec<ExplainedReturn>, Error> {
    let query = EntryQuery { decision: Some(id.clone()), ..EntryQuery::default() };
    let mut entries = Vec::new();
    store.read(tenant, &mut |view| {
        entries = view.entries(&query)?;
        Ok(())
    })?;
    let told = entries.into_iter().filter_map(|entry| {
        let (contract, at) = (entry.posting.sum.contract, entry.at);
        let name = contract.as_ref().map(ContractId::as_str).unwrap_or_default();
        let (by, reason) = (&entry.by, &entry.reason);
        let text = match entry.posting.sum.kind {
            PostingKind::Return => format!("`{name}` gave it back at {at}, by {by}: {reason}"),
            PostingKind::Release => format!("`{name}` does not have it: {reason}, told at {at} by {by}"),
            PostingKind::Sale => format!("`{name}` has it after all: {reason}, told at {at} by {by}"),
            _ => return None,
        };
        Some(ExplainedReturn { contract, at, text })
    });
    Ok(told.collect())
}

/// Explains a lead without an engine and without a store: decided as if nothing had ever been decided before.
///
/// ```
/// # use leadwright::plan::{MemoryResolver, Plan};
/// # let files = MemoryResolver::new([("plan.jsonc", r#"{
/// #     "format": 1, "plan": "tiny", "currency": "USD", "timezone": "America/Chicago",
/// #     "verticals": { "roofing": { "extends": "us/home-services@1" } },
/// #     "sources": { "web": { "verticals": ["roofing"] } },
/// #     "routes": { "roofing": { "groups": [ { "id": "all", "select": "price" } ], "on_unsold": { "then": "store" } } },
/// #     "buyers": { "acme": { "contracts": { "acme-il": {
/// #         "in": { "roofing/all": {} }, "where": { "roof_age": { "gte": 10 } }, "sell": { "exclusive": { "price": "40.00" } } } } } }
/// # }"#)]);
/// use leadwright::{engine::{ExplainOptions, explain_lead}, model::Tick};
/// let plan = Plan::load(&files, "plan.jsonc")?;
/// let lead = br#"{"id":"L1","source":"web","phone":"312-867-5309","zip":"60601","roof_age":4}"#;
/// let explained = explain_lead(&plan, lead, Tick::at("2026-11-24T15:30:00Z".parse()?), &ExplainOptions::default())?;
/// assert_eq!(explained.near[0].text, "one criterion away: roof_age < 10");
/// assert_eq!(explained.near[0].would, "would be eligible if roof_age >= 10");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// `limit.line_bytes` beyond 1 MiB; `input.bad_option` for a contract that is not in the route of the lead.
pub fn explain_lead(plan: &Plan, lead: &[u8], tick: Tick, options: &ExplainOptions) -> Result<Explanation, Error> {
    crate::engine::batch::short_enough(lead)?;
    let tenant = TenantId::default();
    let lead = prepare(plan, &tenant, lead, tick, &Asked::Now(&options.lists));
    let reads = Reads { at: Some(tick.now), n: 1, ..Reads::default() };
    let frame = Frame { plan, tenant: &tenant, engine: &EngineVersion::current(), lead: &lead };
    let decision = frame.settle(&Empty, &reads, tick.now)?.decision;
    let about = About { plan, lead: &lead, state: &Empty, at: tick.now };
    about.explanation(ExplainedState::Empty, decision, options)
}

impl Engine {
    /// Explains what would become of a lead now, on the state of the store; nothing is recorded. The lists are those of
    /// the engine.
    ///
    /// # Errors
    /// As [`explain_lead`]; `store.*`.
    pub fn explain_lead(&self, lead: &[u8], tick: Tick, options: &ExplainOptions) -> Result<Explanation, Error> {
        crate::engine::batch::short_enough(lead)?;
        let plan = self.plan();
        let lead = prepare(&plan, self.tenant(), lead, tick, &Asked::Now(&self.lists()));
        let mut explained = None;
        self.store().read(self.tenant(), &mut |view| {
            let at = effective(view, tick.now)?;
            let reads = Reads { at: Some(at), n: 1, lists: lead.lists.clone(), ..Reads::default() };
            let state = Logged::new(view, None, reads.clone());
            let frame = Frame { plan: &plan, tenant: self.tenant(), engine: &self.version, lead: &lead };
            let decision = frame.settle(&state, &reads, at)?.decision;
            let about = About { plan: &plan, lead: &lead, state: &state, at };
            explained = Some(about.explanation(ExplainedState::Current, decision, options)?);
            Ok(())
        })?;
        explained.ok_or_else(|| Error::new(Code::InternalError, "nothing was explained"))
    }
}

/// What a decision was made of.
pub(super) struct About<'a, S> {
    pub(super) plan: &'a Plan,
    pub(super) lead: &'a Prepared,
    pub(super) state: &'a S,
    pub(super) at: Timestamp,
}

impl<S: State> About<'_, S> {
    fn explanation(
        &self,
        state: ExplainedState,
        decision: Decision,
        options: &ExplainOptions,
    ) -> Result<Explanation, Error> {
        let standing = self.as_it_stands()?;
        let about = About { plan: standing.as_ref().unwrap_or(self.plan), ..*self };
        about.explained(state, decision, options)
    }

    /// The plan with what operations said about the candidates; none where that is nothing.
    fn as_it_stands(&self) -> Result<Option<Plan>, Error> {
        let changed = overridden_for(self.plan, self.lead, self.state, self.at, &[])?;
        if changed.is_empty() {
            return Ok(None);
        }
        let mut plan = self.plan.clone();
        for (place, overridden) in changed {
            if let Some(contract) = plan.contracts.get_mut(place) {
                *contract = overridden.contract;
            }
        }
        Ok(Some(plan))
    }

    fn explained(
        &self,
        state: ExplainedState,
        decision: Decision,
        options: &ExplainOptions,
    ) -> Result<Explanation, Error> {
        let only = options.contract.as_deref().map(|name| self.place(name)).transpose()?;
        let facts = LeadFacts::new(self.plan, self.lead);
        let mut beside = Beside::new(self);
        let mut entries = all_entries(self.plan, &facts, self.lead, &decision);
        if let Some(contract) = only.and_then(|place| self.plan.contract(place)) {
            entries.retain(|explained| explained.entry.contract == contract.id);
        }
        if options.all || only.is_some() {
            beside.all_checks(&facts, &mut entries)?;
        }
        if only.is_some() {
            beside.in_full(&facts, &mut entries)?;
        }
        let near = beside.near(&facts, &entries)?;
        let (sales, decisive) = match only {
            None => (beside.sales(&decision)?, beside.decisive(&decision)?),
            Some(_) => (Vec::new(), Vec::new()),
        };
        Ok(Explanation { v: 1, state, decision, entries, near, sales, decisive, returned: Vec::new() })
    }

    /// The place of a contract that is named.
    fn place(&self, name: &str) -> Result<usize, Error> {
        let bad = |why: String| Error::new(Code::InputBadOption, why);
        let ids = || self.plan.contracts.iter().map(|contract| contract.id.as_str());
        let Some(place) = ids().position(|id| id == name) else {
            let near = did_you_mean(name, ids()).map(|near| format!("; did you mean `{near}`?"));
            return Err(bad(format!("the plan has no contract `{name}`{}", near.unwrap_or_default())));
        };
        let route = self.lead.vertical.as_ref().and_then(|vertical| self.plan.routes.get(vertical));
        match route {
            Some(route) if !route.contracts().contains(&place) => {
                let vertical = self.lead.vertical.as_deref().unwrap_or_default();
                Err(bad(format!("the contract `{name}` buys no leads of the route `{vertical}`")))
            }
            _ => Ok(place),
        }
    }
}
