//! The selection methods, and the order of equals.

use super::shares;
use crate::model::{ContractId, Money};
use crate::store::{GroupTurns, Turn};
use std::cmp::{Ordering, Reverse};

/// How a group chooses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Method {
    /// The lowest number first.
    Priority,
    /// The highest price first.
    Price,
    /// Who was served longest ago.
    RoundRobin,
    /// By weights.
    Weighted,
    /// By shares that make 100 together.
    Percentage,
    /// The most money for the lead, alone or shared; see [`best`](super::best).
    BestRevenue,
}

impl Method {
    /// All methods.
    pub const ALL: [Method; 6] = [
        Method::Priority,
        Method::Price,
        Method::RoundRobin,
        Method::Weighted,
        Method::Percentage,
        Method::BestRevenue,
    ];

    /// The word in a plan.
    pub fn as_str(self) -> &'static str {
        match self {
            Method::Priority => "priority",
            Method::Price => "price",
            Method::RoundRobin => "round_robin",
            Method::Weighted => "weighted",
            Method::Percentage => "percentage",
            Method::BestRevenue => "best_revenue",
        }
    }

    /// By its word in a plan.
    ///
    /// ```
    /// use leadwright::select::Method;
    /// assert_eq!(Method::named("weighted"), Some(Method::Weighted));
    /// ```
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|method| method.as_str() == word)
    }

    /// Whether everybody has a share of the leads, so that also those matter who do not want this one.
    pub fn goes_by_share(self) -> bool {
        matches!(self, Method::Weighted | Method::Percentage)
    }
}

/// What is asked first among those whom the method finds equal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ThenBy {
    /// The lowest number first.
    Priority,
    /// The highest price first.
    Price,
}

/// A method with all that it is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// How it is chosen.
    pub method: Method,
    /// And among equals.
    pub then_by: Option<ThenBy>,
    /// By how many in a hundred more than its share somebody makes up for leads that it missed; nobody does when absent
    /// (rule 26).
    pub catch_up: Option<u32>,
}

impl Rule {
    /// A method and nothing else.
    pub fn by(method: Method) -> Self {
        Self { method, then_by: None, catch_up: None }
    }
}

/// A contract of the group, as the methods see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Which.
    pub contract: ContractId,
    /// What it would pay.
    pub price: Money,
    /// How many leads in a hundred come back: lowers the rank, and not the price (rule 39).
    pub expected_return: u32,
    /// For `priority`: the lowest comes first.
    pub priority: u32,
    /// For `weighted` and `percentage`.
    pub weight: u32,
    /// Whether it can take this lead.
    pub eligible: bool,
    /// Whether it would have had a chance of this lead, had it been open.
    pub missed: bool,
}

impl Candidate {
    /// What its price is worth to us, in 1/1,000,000 of the currency unit.
    pub fn worth(&self) -> i64 {
        Self::worth_of(self.price, self.expected_return)
    }

    /// What a price is worth of which so many in a hundred come back (rule 39).
    pub fn worth_of(price: Money, expected_return: u32) -> i64 {
        // At most (2^53 − 1) · 100, which fits.
        price.units().saturating_mul(i64::from(100_u32.saturating_sub(expected_return)))
    }
}

/// Chooses one of the eligible, or nobody when none is. `members` are contracts of the group in the order of their ids:
/// all of them for a method that [goes by share](Method::goes_by_share), at least the eligible ones for the others.
/// `best_revenue` is a matter of several at once; here it goes by price.
///
/// ```
/// use leadwright::model::{ContractId, Money};
/// use leadwright::select::{Candidate, Method, Rule, pick};
/// use leadwright::store::GroupTurns;
/// let member = |id: &str, price: &str| Candidate {
///     contract: ContractId::new(id).unwrap(),
///     price: price.parse::<Money>().unwrap(),
///     expected_return: 0, priority: 1, weight: 1, eligible: true, missed: false,
/// };
/// let members = [member("acme", "20.00"), member("bolt", "25.00")];
/// assert_eq!(pick(&Rule::by(Method::Price), &members, &GroupTurns::default()), Some(1));
/// ```
pub fn pick(rule: &Rule, members: &[Candidate], turns: &GroupTurns) -> Option<usize> {
    if rule.method.goes_by_share() {
        return shares::pick(rule, members, turns);
    }
    let eligible = members.iter().enumerate().filter(|(_, member)| member.eligible);
    eligible.min_by(|(_, a), (_, b)| order(rule, a, b, turns)).map(|(place, _)| place)
}

/// The places of the eligible as they come among equals (rule 32).
pub fn preferred(rule: &Rule, members: &[Candidate], turns: &GroupTurns) -> Vec<usize> {
    let mut eligible: Vec<(usize, &Candidate)> = members.iter().enumerate().filter(|(_, m)| m.eligible).collect();
    eligible.sort_by(|(_, a), (_, b)| tie(rule, a, b, turns));
    eligible.into_iter().map(|(place, _)| place).collect()
}

fn order(rule: &Rule, a: &Candidate, b: &Candidate, turns: &GroupTurns) -> Ordering {
    let by_method = match rule.method {
        Method::Priority => a.priority.cmp(&b.priority),
        Method::Price | Method::BestRevenue => Reverse(a.worth()).cmp(&Reverse(b.worth())),
        Method::RoundRobin => turn(turns, a).last.cmp(&turn(turns, b).last),
        Method::Weighted | Method::Percentage => Ordering::Equal,
    };
    by_method.then_with(|| tie(rule, a, b, turns))
}

/// Rule 32: the second rule if there is one, then least recently sold, then smallest sold count, then the bytes of the
/// id.
pub(super) fn tie(rule: &Rule, a: &Candidate, b: &Candidate, turns: &GroupTurns) -> Ordering {
    let second = match rule.then_by {
        Some(ThenBy::Priority) => a.priority.cmp(&b.priority),
        Some(ThenBy::Price) => Reverse(a.worth()).cmp(&Reverse(b.worth())),
        None => Ordering::Equal,
    };
    let (left, right) = (turn(turns, a), turn(turns, b));
    let order = second.then(left.last.cmp(&right.last)).then(left.served.cmp(&right.served));
    order.then_with(|| a.contract.as_str().as_bytes().cmp(b.contract.as_str().as_bytes()))
}

pub(super) fn turn(turns: &GroupTurns, member: &Candidate) -> Turn {
    turns.members.get(&member.contract).copied().unwrap_or_default()
}
