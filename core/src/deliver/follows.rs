//! What follows from how an attempt ended.

use super::backoff_millis;
use crate::model::{AttemptClass, ContractId, DeadReason, Timestamp};
use std::collections::BTreeSet;

/// The longest that a buyer may make us wait, in milliseconds.
const LONGEST_WAIT: i64 = 24 * 3_600_000;

/// How often and how long it is tried, and whom to trust with a second sending.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// How often at most; what was given back untried does not count.
    pub tries: u32,
    /// How long at most since it was sold or redriven, in milliseconds.
    pub give_up_after: i64,
    /// Contracts whose buyers know a delivery by its key: after an attempt of which nobody knows how it ended it is sent to
    /// them again. For all others it is kept until somebody finds out.
    pub retry_unknown: BTreeSet<ContractId>,
}

impl Default for Policy {
    /// 12 times and 24 hours, and nobody is trusted.
    fn default() -> Self {
        Self { tries: 12, give_up_after: 24 * 3_600_000, retry_unknown: BTreeSet::new() }
    }
}

/// An attempt that ended.
#[derive(Clone, Copy, Debug)]
pub struct Tried<'a> {
    /// The delivery key.
    pub key: &'a str,
    /// Under which contract.
    pub contract: &'a ContractId,
    /// Which attempt, the first being 1.
    pub n: u32,
    /// How many of the attempts were tried, this one among them.
    pub tries: u32,
    /// Whether of one of those before nobody knows how it ended.
    pub in_doubt: bool,
    /// How it ended.
    pub class: AttemptClass,
    /// How long the buyer asks us to wait, in milliseconds.
    pub retry_after: Option<i64>,
    /// Since when it is to be delivered.
    pub since: Timestamp,
    /// Now.
    pub at: Timestamp,
}

/// What follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Follows {
    /// The buyer has it.
    Done,
    /// It is tried again, not before then.
    Again(Timestamp),
    /// Nobody knows whether the buyer has it: it is kept.
    Held,
    /// It is given up.
    Dead(DeadReason),
}

/// What follows from an attempt that ended so.
///
/// What nobody knows never becomes "not delivered" by itself: where it may not be tried again, or not any more, it is
/// [held](Follows::Held), and not given up.
///
/// ```
/// use leadwright::deliver::{Follows, Policy, Tried, follows};
/// use leadwright::model::{AttemptClass, ContractId, Timestamp};
/// let contract: ContractId = "acme-il".parse()?;
/// let at: Timestamp = "2026-11-24T15:30:00Z".parse()?;
/// let tried = Tried {
///     key: "k", contract: &contract, n: 1, tries: 1, in_doubt: false, class: AttemptClass::Unknown, retry_after: None,
///     since: at, at,
/// };
/// let mut policy = Policy::default();
/// assert_eq!(follows(&tried, &policy), Follows::Held);
/// policy.retry_unknown.insert(contract.clone());
/// assert!(matches!(follows(&tried, &policy), Follows::Again(_)));
/// assert_eq!(follows(&Tried { tries: 12, ..tried }, &policy), Follows::Held, "not even then is it given up");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn follows(tried: &Tried<'_>, policy: &Policy) -> Follows {
    let class = tried.class;
    if class.is_taken() {
        return Follows::Done;
    }
    if let Some(reason) = class.dead_reason() {
        return Follows::Dead(reason);
    }
    let is_unknown = class == AttemptClass::Unknown;
    if is_unknown && !policy.retry_unknown.contains(tried.contract) {
        return Follows::Held;
    }
    let over = |reason| if is_unknown || tried.in_doubt { Follows::Held } else { Follows::Dead(reason) };
    if tried.tries >= policy.tries && class != AttemptClass::NotTried {
        return over(DeadReason::TooManyTries);
    }
    let asked = tried.retry_after.unwrap_or(0).clamp(0, LONGEST_WAIT);
    // Whoever is told the same time as everybody else comes a little later, each for itself.
    let own = if class == AttemptClass::NotTried { 0 } else { backoff_millis(tried.key, tried.n) };
    let again = tried.at.plus_millis(asked.saturating_add(own));
    if is_too_old(tried.since, again, policy) { over(DeadReason::TooOld) } else { Follows::Again(again) }
}

/// Whether it is not worth an attempt then.
pub(crate) fn is_too_old(since: Timestamp, then: Timestamp, policy: &Policy) -> bool {
    then.millis().saturating_sub(since.millis()) > policy.give_up_after
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(millis: i64) -> Timestamp {
        Timestamp::EPOCH.plus_millis(millis)
    }

    #[test]
    fn each_class_has_what_follows_from_it() {
        use AttemptClass as Is;
        let contract = ContractId::known("acme-il");
        let policy = Policy::default();
        let of = |class| {
            let (key, contract) = ("k", &contract);
            let (since, at) = (at(0), at(1_000));
            follows(
                &Tried { key, contract, n: 1, tries: 1, in_doubt: false, class, retry_after: Some(60_000), since, at },
                &policy,
            )
        };
        let again = |from: i64, to: i64, found: Follows| {
            let Follows::Again(then) = found else { panic!("{found:?}") };
            assert!((from..=to).contains(&then.millis()), "{then}");
        };
        for class in Is::ALL {
            match class {
                Is::Accepted | Is::DuplicateOfOurs => assert_eq!(of(class), Follows::Done),
                Is::Rejected | Is::Duplicate => assert_eq!(of(class), Follows::Dead(DeadReason::Rejected)),
                Is::Invalid => assert_eq!(of(class), Follows::Dead(DeadReason::Invalid)),
                Is::Auth => assert_eq!(of(class), Follows::Dead(DeadReason::Auth)),
                Is::NotFound => assert_eq!(of(class), Follows::Dead(DeadReason::NotFound)),
                Is::Unsendable => assert_eq!(of(class), Follows::Dead(DeadReason::Unsendable)),
                Is::Unknown => assert_eq!(of(class), Follows::Held),
                Is::NotTried => again(61_000, 61_000, of(class)),
                Is::RateLimited | Is::Unavailable | Is::NotSent => again(61_000, 63_000, of(class)),
            }
        }
    }

    proptest! {
        /// Whatever is told: what may have come through is never given up, and nothing is tried beyond its limits.
        #[test]
        fn doubt_is_never_given_up(
            class in proptest::sample::select(AttemptClass::ALL.to_vec()),
            n in 1_u32..200, untried in 0_u32..5, in_doubt: bool, trusted: bool,
            retry_after in proptest::option::of(-1_000_i64..i64::MAX),
            age in 0_i64..200_000_000, tries in 1_u32..20, give_up_after in 0_i64..200_000_000,
        ) {
            let contract = ContractId::known("acme-il");
            let mut policy = Policy { tries, give_up_after, ..Policy::default() };
            if trusted {
                policy.retry_unknown.insert(contract.clone());
            }
            let tried = Tried {
                key: "k", contract: &contract, n, tries: n.saturating_sub(untried), in_doubt, class, retry_after,
                since: at(0), at: at(age),
            };
            match follows(&tried, &policy) {
                Follows::Done => prop_assert!(class.is_taken()),
                Follows::Held => prop_assert!(class == AttemptClass::Unknown || in_doubt),
                Follows::Dead(reason) => {
                    prop_assert!(class != AttemptClass::Unknown);
                    prop_assert!(class.dead_reason() == Some(reason) || !in_doubt);
                }
                Follows::Again(then) => {
                    prop_assert!(class.is_retried() || trusted && class == AttemptClass::Unknown);
                    prop_assert!(tried.tries < tries || class == AttemptClass::NotTried);
                    prop_assert!(then >= tried.at && then.millis() <= give_up_after);
                    prop_assert!(then.millis() - age <= LONGEST_WAIT + 15 * 60_000);
                }
            }
        }
    }
}
