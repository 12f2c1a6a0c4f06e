//! The selection methods.

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
}

impl Method {
    /// The word in a plan.
    pub fn as_str(self) -> &'static str {
        match self {
            Method::Priority => "priority",
            Method::Price => "price",
            Method::RoundRobin => "round_robin",
            Method::Weighted => "weighted",
        }
    }

    /// By its word in a plan.
    pub fn named(word: &str) -> Option<Self> {
        [Method::Priority, Method::Price, Method::RoundRobin, Method::Weighted]
            .into_iter()
            .find(|method| method.as_str() == word)
    }
}

/// A contract of the group, as the methods see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Which.
    pub contract: ContractId,
    /// What it would pay.
    pub price: Money,
    /// For `priority`: the lowest comes first.
    pub priority: u32,
    /// For `weighted`.
    pub weight: u32,
    /// Whether it can take this lead.
    pub eligible: bool,
}

/// Chooses one of the eligible, or nobody when none is. `members` are contracts of the group in the order of their ids:
/// all of them for `weighted`, at least the eligible ones for the others.
///
/// ```
/// use leadwright::model::{ContractId, Money};
/// use leadwright::select::{Candidate, Method, pick};
/// use leadwright::store::GroupTurns;
/// let member = |id: &str, price: &str| Candidate {
///     contract: ContractId::new(id).unwrap(),
///     price: price.parse::<Money>().unwrap(),
///     priority: 1, weight: 1, eligible: true,
/// };
/// let members = [member("acme", "20.00"), member("bolt", "25.00")];
/// assert_eq!(pick(Method::Price, &members, &GroupTurns::default()), Some(1));
/// ```
pub fn pick(method: Method, members: &[Candidate], turns: &GroupTurns) -> Option<usize> {
    if method == Method::Weighted {
        return shares::pick(members, turns);
    }
    let eligible = members.iter().enumerate().filter(|(_, member)| member.eligible);
    let best = eligible.min_by(|(_, a), (_, b)| {
        let by_method = match method {
            Method::Priority => a.priority.cmp(&b.priority),
            Method::Price => Reverse(a.price).cmp(&Reverse(b.price)),
            Method::RoundRobin | Method::Weighted => Ordering::Equal,
        };
        by_method.then_with(|| tie(a, b, turns))
    });
    best.map(|(place, _)| place)
}

/// Rule 32: least recently sold, then smallest sold count, then the bytes of the id.
pub(super) fn tie(a: &Candidate, b: &Candidate, turns: &GroupTurns) -> Ordering {
    let (left, right) = (turn(turns, a), turn(turns, b));
    let order = left.last.cmp(&right.last).then(left.served.cmp(&right.served));
    order.then_with(|| a.contract.as_str().as_bytes().cmp(b.contract.as_str().as_bytes()))
}

pub(super) fn turn(turns: &GroupTurns, member: &Candidate) -> Turn {
    turns.members.get(&member.contract).copied().unwrap_or_default()
}
