//! A sale that was recorded, with the plan that it was made by.

use super::payout::claw_back;
use crate::model::{
    Account, Assignment, BuyerId, Code, Date, DecisionId, Error, Money, Outcome, Party, Problem, TenantId, Timestamp,
};
use crate::plan::Plan;
use crate::store::{Store, Stored, View};
use serde::Deserialize;
use std::collections::BTreeSet;
use std::sync::Arc;

/// What of a decision's text says what was sold.
#[derive(Deserialize)]
struct Told {
    outcome: Outcome,
    problems: Vec<Problem>,
    assignments: Vec<Assignment>,
    #[serde(default)]
    observed: bool,
}

/// Whether a decision is a test with a fixed answer, which was assigned and never sold (rule 97).
pub(crate) fn is_test_answer(problems: &[Problem]) -> bool {
    problems.iter().any(|problem| problem.code == Code::LeadTestAnswer)
}

/// A sale to a buyer.
pub(crate) struct Sold {
    /// The plan that it was made by: its terms hold for the lead.
    pub(crate) plan: Arc<Plan>,
    pub(crate) decision: DecisionId,
    pub(crate) at: Timestamp,
    /// The day it was posted on.
    pub(crate) date: Date,
    pub(crate) assignment: Assignment,
    /// The delivery keys of the other sales of the lead.
    others: Vec<String>,
    /// How many sales of its group the decision made up to this one.
    nth_in_group: u64,
}

/// Finds a sale by its decision and buyer: a buyer gets a lead at most once.
///
/// # Errors
/// `operation.unknown_name` where there is no such sale; `store.*`, `plan.*` where it cannot be read.
pub(crate) fn find_sale(store: &dyn Store, tenant: &TenantId, id: &DecisionId, buyer: &BuyerId) -> Result<Sold, Error> {
    let unknown = || Error::new(Code::OperationUnknownName, format!("there is no sale of `{id}` to `{buyer}`"));
    let stored = store.decision(tenant, id)?.ok_or_else(unknown)?;
    let bundle = store.plan(&stored.record.plan)?;
    let bundle = bundle.ok_or_else(|| Error::new(Code::StoreCorrupt, "the plan of a decision is not there"))?;
    let plan = Arc::new(Plan::from_bundle(&bundle)?);
    Sold::of(plan, &stored, |sale| sale.buyer == *buyer)?.ok_or_else(unknown)
}

impl Sold {
    /// The first sale of a decision that is meant, with the plan that it was made by; none where it sold nothing so.
    pub(crate) fn of(
        plan: Arc<Plan>,
        stored: &Stored,
        is_meant: impl Fn(&Assignment) -> bool,
    ) -> Result<Option<Self>, Error> {
        let (id, at) = (&stored.record.id, stored.record.at);
        let told: Result<Told, _> = serde_json::from_slice(&stored.record.body);
        let mut told = told.map_err(|_| Error::new(Code::StoreCorrupt, format!("the body of {id} cannot be read")))?;
        // A test was never posted, and what another system sold it bills.
        let is_sale = told.outcome == Outcome::Assigned && !is_test_answer(&told.problems) && !told.observed;
        let place = told.assignments.iter().position(is_meant).filter(|_| is_sale);
        let Some(place) = place else { return Ok(None) };
        let group = told.assignments.get(place).map(|sale| sale.group.clone());
        let in_group = |sale: &&Assignment| Some(&sale.group) == group.as_ref();
        let nth = told.assignments.iter().take(place.saturating_add(1)).filter(in_group).count();
        let assignment = told.assignments.remove(place);
        Ok(Some(Self {
            date: plan.zone.date(at),
            plan,
            decision: id.clone(),
            at,
            assignment,
            others: told.assignments.into_iter().map(|other| other.key).collect(),
            nth_in_group: u64::try_from(nth).unwrap_or(u64::MAX),
        }))
    }

    /// How many sales of its group its decision made up to this one.
    pub(crate) fn nth_in_group(&self) -> u64 {
        self.nth_in_group
    }

    /// What the supplier got for it and gives back, where the sales of these keys were returned; none for nothing.
    pub(crate) fn claw_back(&self, returned: &BTreeSet<String>) -> Option<(Account, Money)> {
        let source = self.plan.sources.get(&self.decision.source)?;
        let is_last = self.others.iter().all(|other| returned.contains(other));
        let due = claw_back(source.payout, self.assignment.price, is_last);
        (due != Money::ZERO).then(|| (source.account(), due))
    }
}

/// The closed statement of the party that has this day; none while it is open.
///
/// # Errors
/// `store.*`.
pub(crate) fn refers_to(view: &dyn View, account: &Account, sold: Date) -> Result<Option<String>, Error> {
    let Some(party) = account.party() else { return Ok(None) };
    let closed = view.statements(Some(&party))?;
    Ok(closed.iter().find(|closed| closed.has(sold)).map(crate::store::ClosedStatement::id))
}

/// The days of a billing cycle of a buyer: of the closed statement that has this day, or all since the last one.
///
/// # Errors
/// `store.*`.
pub(crate) fn cycle(view: &dyn View, party: &Party, sold: Date) -> Result<(Option<Date>, Option<Date>), Error> {
    let closed = view.statements(Some(party))?;
    if let Some(of) = closed.iter().find(|closed| closed.has(sold)) {
        return Ok((of.from, Some(of.to)));
    }
    Ok((closed.last().and_then(|last| super::statement::day_after(last.to)), None))
}
