//! Caps: how much of something an owner takes in a window.

use super::window::{Window, WindowKey};
use crate::model::Money;
use std::fmt;

/// Whose cap it is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Owner {
    /// A contract by id.
    Contract(String),
    /// A buyer by id: all of its contracts together.
    Buyer(String),
    /// A group as `route/group`.
    Group(String),
    /// A route by its vertical: leads that are sold in it, however often each.
    Route(String),
    /// A source by id.
    Source(String),
    /// A part of a source as `source/sub id`.
    SubId(String),
}

impl Owner {
    /// What it is, and which.
    fn parts(&self) -> (&'static str, &str) {
        match self {
            Owner::Contract(id) => ("contract", id),
            Owner::Buyer(id) => ("buyer", id),
            Owner::Group(id) => ("group", id),
            Owner::Route(id) => ("route", id),
            Owner::Source(id) => ("source", id),
            Owner::SubId(id) => ("sub_id", id),
        }
    }
}

impl fmt::Display for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (what, id) = self.parts();
        write!(f, "{what}:{id}")
    }
}

/// What a cap counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Measure {
    /// Leads sold, reservations among them (rule 14).
    Count,
    /// What they cost, in 1/10,000 of the currency unit.
    Spend,
}

/// One limit: at most so much in a window.
///
/// ```
/// use leadwright::limits::{Cap, Measure, Owner, Starts, Window, Zone};
/// use leadwright::model::Money;
/// let cap = Cap::new(Owner::Contract("acme".into()), Window::Day, Measure::Count, 25);
/// let zone: Zone = "America/Chicago".parse()?;
/// let key = cap.counter(&Window::Day.key(&zone, "2026-11-24T15:00:00Z".parse()?, Starts::default()));
/// assert_eq!(key, "contract:acme|day:2026-11-24|count|sold");
/// assert!(cap.has_room(24, Money::ZERO));
/// assert!(!cap.has_room(25, Money::ZERO));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cap {
    /// Whose.
    pub owner: Owner,
    /// For how long.
    pub window: Window,
    /// Of what.
    pub measure: Measure,
    /// How much: leads, or 1/10,000 of the currency unit. 0 is none at all (rule 13).
    pub limit: i64,
    /// Of money: whether the last sale may pass the limit, as long as something is left before it (rule 21).
    pub overshoot: bool,
}

impl Cap {
    /// A cap that is never passed.
    pub fn new(owner: Owner, window: Window, measure: Measure, limit: i64) -> Self {
        Self { owner, window, measure, limit, overshoot: false }
    }

    /// The key of the counter. The limit is not in it, so a changed limit keeps its count.
    pub fn counter(&self, window: &WindowKey) -> String {
        let measure = match self.measure {
            Measure::Count => "count",
            Measure::Spend => "spend",
        };
        let (what, id) = self.owner.parts();
        // Made for every cap of every contract that a lead may go to, so without the machinery of `format!`.
        [what, ":", id, "|", window.as_str(), "|", measure, "|sold"].concat()
    }

    /// What one more sale adds.
    pub fn cost(&self, price: Money) -> i64 {
        match self.measure {
            Measure::Count => 1,
            Measure::Spend => price.units(),
        }
    }

    /// Whether one more sale stays within the limit; a sale that would pass a money cap is refused whole, unless the
    /// last one may (rule 21).
    pub fn has_room(&self, used: i64, price: Money) -> bool {
        if self.overshoot && self.measure == Measure::Spend {
            return used < self.limit;
        }
        used.checked_add(self.cost(price)).is_some_and(|sum| sum <= self.limit)
    }

    /// What is left; nothing once the limit was lowered under the count (rule 19).
    ///
    /// ```
    /// # use leadwright::limits::{Cap, Measure, Owner, Window};
    /// let cap = Cap::new(Owner::Buyer("b".into()), Window::Total, Measure::Count, 5);
    /// assert_eq!((cap.remaining(2), cap.remaining(9)), (3, 0));
    /// ```
    pub fn remaining(&self, used: i64) -> i64 {
        self.limit.saturating_sub(used).max(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cap(measure: Measure, limit: i64) -> Cap {
        Cap::new(Owner::Contract("c".into()), Window::Day, measure, limit)
    }

    #[test]
    fn rule_013_a_cap_of_zero_takes_no_lead() {
        assert!(!cap(Measure::Count, 0).has_room(0, Money::ZERO));
    }

    #[test]
    fn rule_019_a_lowered_cap_takes_nothing_back() {
        let cap = cap(Measure::Count, 3);
        assert_eq!(cap.remaining(7), 0);
        assert!(!cap.has_room(7, Money::ZERO));
    }

    #[test]
    fn rule_021_a_money_cap_is_never_overshot() {
        let cap = cap(Measure::Spend, 1_000_000);
        let price: Money = "40.00".parse().unwrap();
        assert!(cap.has_room(600_000, price));
        assert!(!cap.has_room(600_001, price));
        assert!(!cap.has_room(i64::MAX, price));
    }

    #[test]
    fn rule_021_the_last_sale_may_pass_a_money_cap_where_the_plan_says_so() {
        let cap = Cap { overshoot: true, ..cap(Measure::Spend, 1_000_000) };
        let price: Money = "40.00".parse().unwrap();
        assert!(cap.has_room(999_999, price));
        assert!(!cap.has_room(1_000_000, price));
        assert!(!Cap { limit: 0, ..cap }.has_room(0, price), "nothing is nothing (rule 13)");
    }
}
