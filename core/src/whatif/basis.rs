//! What is known and what is assumed. Who bought a lead in the history, at a price, would buy it at that price or a lower
//! one: that was observed. Whether somebody would buy it at a higher price, or who was never offered it at all, is not
//! known, and a plan that counts on it counts on an assumption.

use super::sums::{minus, plus};
use crate::engine::{TrialSale, Tried};
use crate::model::{BuyerId, ContractId, Money, Sale};
use serde::Serialize;

/// Where the history comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum History {
    /// Recorded decisions.
    Store,
    /// There is none: what the old plan decides stands for it.
    #[default]
    OldPlan,
}

/// A sale that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastSale {
    /// Who bought.
    pub buyer: BuyerId,
    /// Under which contract.
    pub contract: ContractId,
    /// Alone or with others.
    pub sale: Sale,
    /// At which price.
    pub price: Money,
}

impl From<&TrialSale> for PastSale {
    fn from(sold: &TrialSale) -> Self {
        Self { buyer: sold.buyer.clone(), contract: sold.known_as.clone(), sale: sold.sale, price: sold.price }
    }
}

/// Some sales of the new plan.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Part {
    /// How many.
    pub sales: u64,
    /// What buyers pay.
    pub revenue: Money,
    /// What stays.
    pub margin: Money,
}

impl Part {
    fn add(&mut self, price: Money, payout: Money) {
        self.sales += 1;
        self.revenue = plus(self.revenue, price);
        self.margin = plus(self.margin, minus(price, payout));
    }
}

/// What the sales of the new plan rest on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Basis {
    /// Where the history comes from.
    pub history: History,
    /// Observed: the contract bought this lead in the history, in this form, for as much or more.
    pub observed: Part,
    /// Assumed: the buyer bought this lead, but for less, in another form or under another contract.
    pub other_terms: Part,
    /// Assumed: the buyer was never offered this lead.
    pub never_offered: Part,
    /// Sales of the history that the new plan does not make, on the same terms or better ones for the buyer. What sources
    /// got for them is not part of a history: their margin here is their revenue.
    pub given_up: Part,
    /// The difference in revenue between the plans.
    pub difference: Money,
    /// The difference if every assumed sale fails: the least that it can be.
    pub without_assumed: Money,
    /// The part of the difference that rests on assumptions.
    pub assumed: Money,
    /// Leads that the old plan decides in another way than the history did.
    pub unlike_history: u64,
}

impl Basis {
    /// Adds a lead, with the sales of the history.
    pub(super) fn add(&mut self, past: &[PastSale], new: &Tried) {
        for sold in &new.sales {
            let of_contract = |past: &&PastSale| past.contract == sold.known_as || past.contract == sold.contract;
            let same = past.iter().find(of_contract);
            let part = match same {
                Some(past) if past.sale == sold.sale && past.price >= sold.price => &mut self.observed,
                Some(_) => &mut self.other_terms,
                None if past.iter().any(|past| past.buyer == sold.buyer) => &mut self.other_terms,
                None => &mut self.never_offered,
            };
            part.add(sold.price, sold.payout);
        }
        for past in past {
            let kept = |sold: &&TrialSale| {
                (sold.known_as == past.contract || sold.contract == past.contract)
                    && sold.sale == past.sale
                    && past.price >= sold.price
            };
            if !new.sales.iter().any(|sold| kept(&sold)) {
                // What the source got for it is not in the history.
                self.given_up.add(past.price, Money::ZERO);
            }
        }
    }

    /// With the differences, from what both plans bring.
    pub(super) fn finished(mut self, old: Money, new: Money) -> Self {
        self.difference = minus(new, old);
        self.without_assumed = minus(self.observed.revenue, old);
        self.assumed = plus(self.other_terms.revenue, self.never_offered.revenue);
        self
    }
}
