//! Leads and money, added up.

use crate::engine::Tried;
use crate::model::{Money, Outcome};
use serde::Serialize;

/// What came of some leads.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Sums {
    /// How many leads were sold, to one buyer or to more.
    pub sold: u64,
    /// How many sales that made.
    pub sales: u64,
    /// What buyers pay.
    pub revenue: Money,
    /// What sources get.
    pub payout: Money,
    /// What stays.
    pub margin: Money,
}

/// The same with the leads that were not sold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Total {
    /// All leads that were decided.
    pub leads: u64,
    /// Those whom no contract wanted.
    pub unmatched: u64,
    /// Those that some wanted and none could take.
    pub unsold: u64,
    /// What was sold.
    #[serde(flatten)]
    pub sums: Sums,
}

/// A sum of money stays at the greatest amount rather than going wrong.
pub(super) fn plus(a: Money, b: Money) -> Money {
    a.checked_add(b).unwrap_or(Money::MAX)
}

pub(super) fn minus(a: Money, b: Money) -> Money {
    a.checked_sub(b).unwrap_or(Money::MAX)
}

impl Sums {
    /// Adds one sale.
    pub(super) fn add_sale(&mut self, price: Money, payout: Money) {
        self.sales += 1;
        self.revenue = plus(self.revenue, price);
        self.payout = plus(self.payout, payout);
        self.margin = minus(self.revenue, self.payout);
    }

    /// Adds a lead with all its sales.
    pub(super) fn add(&mut self, tried: &Tried) {
        self.sold += u64::from(tried.outcome == Outcome::Assigned);
        for sale in &tried.sales {
            self.add_sale(sale.price, sale.payout);
        }
    }
}

impl Total {
    /// Adds a lead. A test is none.
    pub(super) fn add(&mut self, tried: &Tried) {
        if tried.outcome == Outcome::Test {
            return;
        }
        self.leads += 1;
        self.unmatched += u64::from(tried.outcome == Outcome::Unmatched);
        self.unsold += u64::from(tried.outcome == Outcome::Unsold);
        self.sums.add(tried);
    }
}
