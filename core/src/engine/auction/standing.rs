//! How a lead stands: what all decisions about it came to.

use crate::engine::Engine;
use crate::engine::fall::fell;
use crate::model::{
    Account, Action, Assignment, Code, Currency, DecisionId, DeliveryState, Error, Money, Outcome, PostingKind,
};
use crate::operate::{SubmitEnd, Submitted, SubmittedSale};
use crate::plan::Plan;
use crate::store::{EntryQuery, View};
use serde::Deserialize;

/// What of a decision's text says how it stands.
#[derive(Deserialize)]
pub(super) struct Standing {
    outcome: Outcome,
    #[serde(default)]
    problems: Vec<OnlyCode>,
    #[serde(default)]
    pub(super) assignments: Vec<Assignment>,
    money: OnlyMoney,
}

#[derive(Deserialize)]
struct OnlyCode {
    code: Code,
    action: Action,
}

#[derive(Deserialize)]
struct OnlyMoney {
    currency: Currency,
    payout: Money,
}

impl Standing {
    pub(super) fn read(body: &[u8]) -> Result<Self, Error> {
        serde_json::from_slice(body)
            .map_err(|_| Error::new(Code::StoreCorrupt, "the body of a decision cannot be read"))
    }
}

impl Engine {
    /// What became of the lead of a decision by now.
    pub(super) fn standing_of(&self, id: &DecisionId, plan: &Plan) -> Result<Submitted, Error> {
        let gone = || Error::new(Code::ReplayErased, id.to_string());
        self.look(|view| {
            let last = view.decided(&id.source, &id.lead)?.map_or(id.n, |known| known.id.n.max(id.n));
            let mut told = Submitted {
                v: 1,
                decision: DecisionId { n: last, ..id.clone() },
                outcome: Outcome::Unsold,
                ended: SubmitEnd::Unsold,
                sales: Vec::new(),
                payout: Money::ZERO,
                currency: plan.currency,
                because: Vec::new(),
                ping: None,
                response: None,
            };
            let mut payout = 0_i64;
            for n in 1..=last {
                let decision = DecisionId { n, ..id.clone() };
                let Some((_, body)) = view.body(&decision)? else { continue };
                let standing = Standing::read(&body)?;
                payout = payout.saturating_add(standing.money.payout.units());
                payout = payout.saturating_sub(taken_back(view, &decision)?);
                for sold in standing.assignments {
                    told.sales.extend(sale(view, &decision, sold)?);
                }
                if n == last {
                    let refused = standing.problems.iter().filter(|problem| problem.action == Action::Rejected);
                    told.because = refused.map(|problem| problem.code).collect();
                    (told.outcome, told.currency) = (standing.outcome, standing.money.currency);
                }
            }
            if last == 0 {
                return Err(gone());
            }
            told.payout = Money::from_units(payout).unwrap_or(Money::ZERO);
            told.ended = match (told.sales.is_empty(), told.sales.iter().any(|sale| sale.accepted)) {
                (true, _) => SubmitEnd::of(told.outcome),
                (false, true) => SubmitEnd::Sold,
                (false, false) => SubmitEnd::Pending,
            };
            Ok(told)
        })
    }
}

/// A sale that stands; none of one that fell, or was given up.
fn sale(view: &dyn View, decision: &DecisionId, sold: Assignment) -> Result<Option<SubmittedSale>, Error> {
    let Assignment { buyer, contract, sale, price, key, .. } = sold;
    let Some(delivery) = view.delivery(&key)? else { return Ok(None) };
    if delivery.entry.decision != *decision || fell(view, &delivery.entry)? {
        return Ok(None);
    }
    let accepted = delivery.state == DeliveryState::Done;
    Ok(Some(SubmittedSale { buyer, contract, sale, price, key, accepted }))
}

/// What the supplier of a decision does not get, as its sales fell or came back.
fn taken_back(view: &dyn View, decision: &DecisionId) -> Result<i64, Error> {
    let query = EntryQuery { decision: Some(decision.clone()), ..EntryQuery::default() };
    let entries = view.entries(&query)?;
    let sums = entries.iter().map(|entry| &entry.posting.sum);
    let of_supplier = sums.filter(|sum| {
        matches!(sum.account, Account::Supplier(_)) && matches!(sum.kind, PostingKind::ClawBack | PostingKind::Payout)
    });
    Ok(of_supplier.fold(0_i64, |all, sum| all.saturating_add(sum.debit)))
}
