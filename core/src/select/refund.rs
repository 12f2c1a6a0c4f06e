//! A turn that was taken and is given back: the sale did not come about (rule 27).

use super::method::{Candidate, Rule};
use super::shares::ledger_after_refund;
use crate::store::{GroupTurns, Turn};

/// The group after a sale of one of its members, by place, did not come about. `before` is where that member stood before the
/// sale, and `nth` which lead of the group it was: where it was served again since, it stays behind that.
///
/// Members as for [`pick`](super::pick). A member that refuses everything is so its own next again: what stops it is its
/// breaker, and not fairness.
///
/// ```
/// use leadwright::select::{Candidate, Method, Rule, after_refund, after_sale, pick};
/// use leadwright::{model::{ContractId, Money}, store::{GroupTurns, Turn}};
/// let member = |id: &str| Ok::<_, leadwright::model::IdError>(Candidate {
///     contract: ContractId::new(id)?, price: Money::ZERO, expected_return: 0, priority: 1, weight: 1, eligible: true,
///     missed: false,
/// });
/// let (rule, members) = (Rule::by(Method::RoundRobin), [member("a")?, member("b")?]);
/// let new = GroupTurns::default();
/// let sold = after_sale(&rule, &members, &new, 0);
/// assert_eq!(pick(&rule, &members, &sold), Some(1));
/// let back = after_refund(&rule, &members, &sold, 0, (Turn::default(), 1));
/// assert_eq!(pick(&rule, &members, &back), Some(0), "it has not had its turn");
/// # Ok::<(), leadwright::model::IdError>(())
/// ```
pub fn after_refund(
    rule: &Rule,
    members: &[Candidate],
    turns: &GroupTurns,
    back: usize,
    (before, nth): (Turn, u64),
) -> GroupTurns {
    let mut next = turns.clone();
    let Some(member) = members.get(back) else { return next };
    if rule.method.goes_by_share() {
        // From now on each member has its account: what it was owed until now is not a matter of counts alone any more.
        for (other, credit) in members.iter().zip(ledger_after_refund(members, turns, back)) {
            next.members.entry(other.contract.clone()).or_default().credit = credit;
        }
        next.steady.clear();
    }
    let turn = next.members.entry(member.contract.clone()).or_default();
    turn.served = turn.served.saturating_sub(1);
    if turn.last == nth {
        turn.last = before.last;
    }
    next.members.retain(|_, turn| *turn != Turn::default());
    next
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{ContractId, Money};
    use crate::select::{Method, after_sale, pick};
    use proptest::prelude::*;

    fn members(weights: &[u32]) -> Vec<Candidate> {
        let member = |(n, weight): (usize, &u32)| Candidate {
            contract: ContractId::known(format!("c{n}")),
            price: Money::ZERO,
            expected_return: 0,
            priority: 1,
            weight: *weight,
            eligible: true,
            missed: false,
        };
        weights.iter().enumerate().map(member).collect()
    }

    proptest! {
        /// However often buyers refuse, the accepted sales keep to the weights.
        #[test]
        fn rule_027_a_refund_keeps_the_shares(
            weights in proptest::collection::vec(1_u32..6, 2..6), refused in proptest::collection::vec(0_u8..4, 400),
        ) {
            let (rule, members) = (Rule::by(Method::Weighted), members(&weights));
            let (mut turns, mut accepted, mut total) = (GroupTurns::default(), vec![0_i64; weights.len()], 0_i64);
            for refuse in refused {
                let Some(winner) = pick(&rule, &members, &turns) else { continue };
                let contract = &members[winner].contract;
                let before = turns.members.get(contract).copied().unwrap_or_default();
                turns = after_sale(&rule, &members, &turns, winner);
                if refuse == 0 {
                    turns = after_refund(&rule, &members, &turns, winner, (before, turns.n));
                } else {
                    accepted[winner] += 1;
                    total += 1;
                }
                prop_assert_eq!(turns.members.values().map(|turn| i64::try_from(turn.served).unwrap()).sum::<i64>(), total);
            }
            let sum: u32 = weights.iter().sum();
            for (count, weight) in accepted.iter().zip(&weights) {
                let target = total * i64::from(*weight) / i64::from(sum);
                prop_assert!((count - target).abs() <= 3, "{count} of {total}, and {target} was the share");
            }
        }
    }
}
