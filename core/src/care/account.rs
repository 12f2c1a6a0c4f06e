//! What a decision should have left in the other tables.

use crate::books::{is_right, is_test_answer, postings};
use crate::engine::changed_then;
use crate::events::SaleFell;
use crate::model::{
    Account, Assignment, Code, ContractId, DecisionId, DecisionMoney, Error, EventKind, Money, Outcome, PostingKind,
    Problem, ReservationState, Seed, SourceId, Subject, TenantId, Timestamp,
};
use crate::operate::{funds_counter, is_funds_counter};
use crate::plan::Plan;
use crate::store::{
    Audit, ClosedStatement, Effects, Entry, Finding, FindingKind, OutboxEntry, Posting, RollupAdd, Stored, Took,
};
use serde::Deserialize;
use std::collections::BTreeSet;

/// What of a decision's text says what it left in the other tables.
#[derive(Deserialize)]
pub(super) struct Told {
    pub(super) id: DecisionId,
    pub(super) tenant: TenantId,
    pub(super) source: SourceId,
    pub(super) at: Timestamp,
    pub(super) seed: Seed,
    pub(super) plan: String,
    pub(super) outcome: Outcome,
    #[serde(default)]
    observed: bool,
    problems: Vec<Problem>,
    assignments: Vec<Assignment>,
    money: DecisionMoney,
    pub(super) digest: String,
}

/// How much of a decision is known.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Known {
    /// It was decided again: all that it changed.
    Whole,
    /// Its lead was erased, another engine decided, or it comes out otherwise: what its text says.
    Text,
    /// Its plan is not there: what its text says without sums for reports, for those go by the plan's clock.
    Part,
}

/// Writes down what is expected of a decision.
pub(super) fn account(
    audit: &Audit<'_>,
    plan: Option<&Plan>,
    stored: &Stored,
    decision: &Told,
    findings: &mut Vec<Finding>,
) -> Result<Known, Error> {
    let Some(plan) = plan else {
        text(audit, None, decision)?;
        return Ok(Known::Part);
    };
    let place = || format!("{} {}", stored.record.tenant, stored.record.id);
    let again = match stored.inner {
        None => changed_then(plan, stored),
        Some(_) => Ok(None),
    };
    match again {
        Ok(Some(again)) if again.same => {
            whole(audit, &again.effects)?;
            return Ok(Known::Whole);
        }
        Ok(Some(_)) => findings.push(Finding::new(FindingKind::DecisionReplay, place(), "")),
        Ok(None) => {}
        Err(error) => findings.push(Finding::new(FindingKind::DecisionReplay, place(), error.code().as_str())),
    }
    text(audit, Some(plan), decision)?;
    Ok(Known::Text)
}

fn whole(audit: &Audit<'_>, effects: &Effects) -> Result<(), Error> {
    let id = &effects.record.id;
    audit.expect_event(id, EventKind::LeadDecided.as_str(), "")?;
    for entry in &effects.outbox {
        audit.expect_delivery(entry)?;
        audit.expect_event(id, EventKind::LeadAssigned.as_str(), entry.contract.as_str())?;
    }
    effects.rollups.iter().try_for_each(|add| audit.expect_rollup(add, true))?;
    effects.counters.iter().try_for_each(|add| audit.expect_counter(&add.key, add.add))?;
    effects.moments.iter().try_for_each(|add| audit.expect_moment(&add.key, add.add))?;
    effects.claims.iter().try_for_each(|claim| audit.expect_claim(claim))
}

/// What a decision says without its lead. The payout of each sale is not in it.
fn text(audit: &Audit<'_>, plan: Option<&Plan>, decision: &Told) -> Result<(), Error> {
    let id = &decision.id;
    audit.expect_event(id, EventKind::LeadDecided.as_str(), "")?;
    // A test changes nothing but the log (rule 97).
    if decision.outcome == Outcome::Test || is_test_answer(&decision.problems) || audit.was_test(id)? {
        return Ok(());
    }
    // What another system sold it delivers.
    for assignment in decision.assignments.iter().filter(|_| !decision.observed) {
        audit.expect_delivery(&delivery(decision, assignment))?;
        audit.expect_event(id, EventKind::LeadAssigned.as_str(), assignment.contract.as_str())?;
    }
    plan.map_or(Ok(()), |plan| sums(audit, plan, decision))
}

fn sums(audit: &Audit<'_>, plan: &Plan, decision: &Told) -> Result<(), Error> {
    let (date, slot) = plan.zone.slot(decision.at);
    let sum = |contract: Option<ContractId>, revenue: Money, payout: Money| RollupAdd {
        date,
        slot,
        source: decision.source.clone(),
        contract,
        outcome: decision.outcome,
        leads: 1,
        revenue,
        payout,
    };
    audit.expect_rollup(&sum(None, decision.money.revenue, decision.money.payout), true)?;
    let mut each = decision.assignments.iter();
    each.try_for_each(|sold| audit.expect_rollup(&sum(Some(sold.contract.clone()), sold.price, Money::ZERO), false))
}

fn delivery(decision: &Told, assignment: &Assignment) -> OutboxEntry {
    OutboxEntry {
        key: assignment.key.clone(),
        decision: decision.id.clone(),
        buyer: assignment.buyer.clone(),
        contract: assignment.contract.clone(),
        price: assignment.price,
        due_at: decision.at,
    }
}

/// What the sales of a decision posted. The ledger keeps it when the lead is let go of, and when its events are.
pub(super) fn posted(audit: &Audit<'_>, plan: &Plan, decision: &Told, under: Option<&Under>) -> Result<(), Error> {
    if decision.outcome != Outcome::Assigned || is_test_answer(&decision.problems) {
        return Ok(());
    }
    if decision.observed {
        return under.map_or(Ok(()), |under| elsewhere(audit, plan, decision, under));
    }
    // Where others had the lead already, what is paid once was paid.
    let anew = decision.money.payout != Money::ZERO;
    let all = postings(plan, plan.zone.date(decision.at), &decision.source, &decision.assignments, anew);
    all.iter().try_for_each(|posting| audit.expect_posting(posting))
}

/// The sales that were told of under a reservation, by decision and contract.
pub(super) type Under = BTreeSet<(DecisionId, ContractId)>;

pub(super) fn under(audit: &Audit<'_>, tenant: &TenantId) -> Result<Under, Error> {
    // One whose time was over is counted with its decision.
    let all = audit.reservations(tenant)?.into_iter().filter(|one| one.state != ReservationState::Released);
    Ok(all.filter_map(|reservation| Some((reservation.by?, reservation.contract))).collect())
}

/// What another system sold took from funds here, and it bills it. Under a reservation it was taken before.
fn elsewhere(audit: &Audit<'_>, plan: &Plan, decision: &Told, under: &Under) -> Result<(), Error> {
    let is_under = |sold: &&Assignment| under.contains(&(decision.id.clone(), sold.contract.clone()));
    for sold in decision.assignments.iter().filter(|sold| !is_under(sold)) {
        if let Account::Funds(buyer) = plan.pays_from(&sold.buyer) {
            audit.expect_elsewhere(&funds_counter(&buyer), sold.price.units().saturating_neg())?;
        }
    }
    Ok(())
}

/// What was paid in for buyers is in their counters too.
pub(super) fn funds(audit: &Audit<'_>, tenant: &TenantId) -> Result<(), Error> {
    for (about, data) in audit.data_of(tenant, EventKind::FundsChanged.as_str())? {
        let add = serde_json::from_str::<Paid>(&data).ok().and_then(|paid| paid.add.parse::<Money>().ok());
        let buyer = about.parse().ok().and_then(|subject| match subject {
            Subject::Buyer(buyer) => Some(buyer),
            _ => None,
        });
        let damaged = || Error::new(Code::StoreCorrupt, format!("an event about {about}"));
        let (buyer, add) = buyer.zip(add).ok_or_else(damaged)?;
        audit.expect_counter(&funds_counter(&buyer), add.units())?;
    }
    Ok(())
}

/// What other systems took from limits and did not give back is in the counters too.
pub(super) fn reserved(audit: &Audit<'_>, tenant: &TenantId, since: Option<Timestamp>) -> Result<(), Error> {
    for reservation in audit.reservations(tenant)? {
        if since.is_some_and(|since| reservation.at < since) {
            continue;
        }
        let Took { counters, moments, kept } = &reservation.took;
        kept.iter().try_for_each(|(key, add)| audit.expect_counter(key, *add))?;
        if reservation.state != ReservationState::Released {
            counters.iter().try_for_each(|(key, add)| audit.expect_counter(key, *add))?;
            let funds = counters.iter().filter(|(key, _)| is_funds_counter(key));
            funds.into_iter().try_for_each(|(key, add)| audit.expect_elsewhere(key, *add))?;
            moments.iter().try_for_each(|(key, add)| audit.expect_moment(key, *add))?;
        }
    }
    Ok(())
}

/// What sales that fell gave back: to rolling caps and in the sums of reports; counters and money are entries of the ledger.
/// Their claims are taken back, and none of those is expected.
pub(super) fn fell(audit: &Audit<'_>, tenant: &TenantId, since: Option<Timestamp>) -> Result<(), Error> {
    for (id, kind, data) in audit.fell(tenant)? {
        let damaged = || Error::new(Code::StoreCorrupt, format!("an event about {id}"));
        let told: SaleFell = serde_json::from_str(&data).map_err(|_| damaged())?;
        if since.is_some_and(|since| told.sold_at < since) {
            continue;
        }
        told.moments.iter().try_for_each(|(key, add)| audit.expect_moment(key, *add))?;
        let sign = if kind == EventKind::SaleFell.as_str() { -1 } else { 1 };
        let signed = |money: Money| Money::from_units(money.units().saturating_mul(sign)).unwrap_or(Money::ZERO);
        let row = |contract, leads| RollupAdd {
            date: told.date,
            slot: told.slot,
            source: id.source.clone(),
            contract,
            outcome: Outcome::Assigned,
            leads,
            revenue: signed(told.price),
            payout: signed(told.claw_back.unwrap_or(Money::ZERO)),
        };
        audit.expect_rollup(&row(None, 0), true)?;
        audit.expect_rollup(&row(Some(told.contract.clone()), sign), true)?;
    }
    audit.expect_no_claims_of_fallen(tenant)
}

#[derive(Deserialize)]
struct Paid {
    add: String,
}

/// What operations posted is in the days of the ledger too, and in the counters of funds and caps. Counters of windows that
/// were let go of are not expected.
pub(super) fn operated(audit: &Audit<'_>, tenant: &TenantId, since: Option<Timestamp>) -> Result<(), Error> {
    for entry in audit.entries(tenant)? {
        audit.expect_posting(&entry.posting)?;
        let Entry { posting: Posting { sum, .. }, .. } = &entry;
        // Deposits have an event each, also from before there was a ledger.
        if let (Account::Funds(buyer), false) = (&sum.account, sum.kind == PostingKind::Deposit) {
            audit.expect_counter(&funds_counter(buyer), sum.debit.saturating_neg())?;
        }
        if since.is_none_or(|since| entry.at >= since) {
            entry.counters.iter().try_for_each(|(key, add)| audit.expect_counter(key, *add))?;
        }
    }
    Ok(())
}

/// Whether closed statements are what they were.
pub(super) fn closed(audit: &Audit<'_>, tenant: &TenantId, findings: &mut Vec<Finding>) -> Result<(), Error> {
    audit.view(tenant, |view| {
        let mut before: Option<ClosedStatement> = None;
        for statement in view.statements(None)? {
            before = before.filter(|before| before.party == statement.party);
            if let Err(why) = is_right(view, &statement, before.as_ref())? {
                let place = format!("{tenant} {}", statement.id());
                findings.push(Finding::new(FindingKind::StatementDamaged, place, why));
            }
            before = Some(statement);
        }
        Ok(())
    })
}
