//! Shares by weight, in integers.
//!
//! While every lead has found the whole group eligible, Tijdeman's chairman assignment ("The chairman assignment
//! problem", Discrete Mathematics 32, 1980) is a function of the weights and the number of leads: no prefix is further
//! from its target than 1 − 1/(2k − 2). From the first partial eligibility on, credits are kept: each lead mints
//! [`UNIT`], split by weight among the eligible, and who gets it pays [`UNIT`]. Who was not eligible earns nothing, so
//! nobody is flooded after a pause (rule 25).

use super::method::{Candidate, Method, tie, turn};
use crate::store::{GroupTurns, Turn};
use std::fmt::Write as _;

/// What one lead is worth in credits.
const UNIT: i64 = 1 << 32;

/// The weights of a group in one text, which tells whether they changed.
pub fn weights_signature(members: &[Candidate]) -> String {
    let mut text = String::new();
    for member in members {
        let _ = write!(text, "{}={},", member.contract, member.weight);
    }
    text
}

/// Whether the fixed rule still holds for this lead.
fn is_steady(members: &[Candidate], turns: &GroupTurns) -> bool {
    let unbroken = turns.n == 0 || turns.steady == weights_signature(members);
    unbroken && members.iter().all(|member| member.eligible)
}

pub(super) fn pick(members: &[Candidate], turns: &GroupTurns) -> Option<usize> {
    if is_steady(members, turns) {
        return chairman(members, turns);
    }
    let credits = minted(members, &ledger(members, turns));
    let eligible = members.iter().zip(&credits).enumerate().filter(|(_, (member, _))| member.eligible);
    let best = eligible.max_by(|(_, (a, left)), (_, (b, right))| left.cmp(right).then_with(|| tie(b, a, turns)));
    best.map(|(place, _)| place)
}

/// Tijdeman's rule for lead n + 1: of those who may have it without getting ahead, the one whose deadline is first.
fn chairman(members: &[Candidate], turns: &GroupTurns) -> Option<usize> {
    let total: i128 = members.iter().map(|member| i128::from(member.weight)).sum();
    let lead = i128::from(turns.n) + 1;
    // With k members the slack is 1/(2k − 2); all terms are multiplied by (2k − 2) · total to stay whole.
    let slack = i128::try_from(members.len()).unwrap_or(i128::MAX).saturating_mul(2) - 2;
    if slack <= 0 {
        return members.iter().position(|member| member.eligible);
    }
    let lag = |member: &Candidate| i128::from(member.weight) * lead - i128::from(turn(turns, member).served) * total;
    let may = members.iter().enumerate().filter(|(_, member)| lag(member) * slack >= total);
    // The deadline is (1 − 1/slack − lag/total) · total / weight; fractions are compared crosswise.
    let due = |member: &Candidate| total * (slack - 1) - lag(member) * slack;
    let first = may.min_by(|(_, a), (_, b)| {
        let left = due(a) * i128::from(b.weight);
        let right = due(b) * i128::from(a.weight);
        left.cmp(&right).then_with(|| tie(a, b, turns))
    });
    first.map(|(place, _)| place)
}

/// The credits of all members before this lead: as kept, or as the fixed rule leaves them.
fn ledger(members: &[Candidate], turns: &GroupTurns) -> Vec<i64> {
    let mut credits: Vec<i64> = if turns.steady.is_empty() {
        members.iter().map(|member| turn(turns, member).credit).collect()
    } else {
        let old: Vec<(&str, i64)> = turns.steady.split(',').filter_map(weight_of).collect();
        let total = old.iter().map(|(_, weight)| weight).sum::<i64>().max(1);
        let owed = |member: &Candidate| {
            let weight = old.iter().find(|(id, _)| *id == member.contract.as_str()).map_or(0, |(_, weight)| *weight);
            let exact = i128::from(UNIT) * i128::from(weight) * i128::from(turns.n) / i128::from(total);
            exact - i128::from(UNIT) * i128::from(turn(turns, member).served)
        };
        members.iter().map(|member| i64::try_from(owed(member)).unwrap_or(0)).collect()
    };
    // Changed weights and members that left: nobody owes or is owed more than one lead for it (rule 30).
    for credit in &mut credits {
        *credit = (*credit).clamp(-UNIT * LONGEST_DEBT, UNIT * LONGEST_DEBT);
    }
    spread(&mut credits);
    credits
}

/// A debt beyond so many leads is forgotten; eligibility at random never comes near it.
const LONGEST_DEBT: i64 = 8;

/// `acme=70` of a signature.
fn weight_of(text: &str) -> Option<(&str, i64)> {
    let (id, weight) = text.rsplit_once('=')?;
    Some((id, weight.parse().ok()?))
}

/// Makes credits sum to zero: what a leaver took along, and what rounding left, is spread over all.
fn spread(credits: &mut [i64]) {
    let count = i64::try_from(credits.len()).unwrap_or(i64::MAX).max(1);
    let sum: i64 = credits.iter().sum();
    let (each, rest) = (sum.div_euclid(count), sum.rem_euclid(count));
    for (place, credit) in credits.iter_mut().enumerate() {
        let extra = i64::from(i64::try_from(place).is_ok_and(|place| place < rest));
        *credit -= each + extra;
    }
}

/// The credits with this lead's unit split by weight among the eligible.
fn minted(members: &[Candidate], credits: &[i64]) -> Vec<i64> {
    let weight = |member: &Candidate| if member.eligible { i64::from(member.weight) } else { 0 };
    let total = members.iter().map(weight).sum::<i64>().max(1);
    let mut given = 0;
    let mut minted: Vec<i64> = members
        .iter()
        .zip(credits)
        .map(|(member, credit)| {
            let share = i128::from(UNIT) * i128::from(weight(member)) / i128::from(total);
            let share = i64::try_from(share).unwrap_or(0);
            given += share;
            credit + share
        })
        .collect();
    let first = members.iter().position(|member| member.eligible);
    if let Some(credit) = first.and_then(|place| minted.get_mut(place)) {
        *credit += UNIT - given;
    }
    minted
}

/// The group after one of its members, by place, got a lead. Members as for [`pick`](super::pick); those that are not
/// given stay as they were.
pub fn after_sale(method: Method, members: &[Candidate], turns: &GroupTurns, winner: usize) -> GroupTurns {
    let steady = method == Method::Weighted && is_steady(members, turns);
    let keeps_credits = method == Method::Weighted && !steady;
    let credits = if keeps_credits { minted(members, &ledger(members, turns)) } else { Vec::new() };
    let n = turns.n.saturating_add(1);
    if method != Method::Weighted {
        let mut next = turns.clone();
        next.n = n;
        next.steady.clear();
        next.members.values_mut().for_each(|turn| turn.credit = 0);
        if let Some(member) = members.get(winner) {
            let turn = next.members.entry(member.contract.clone()).or_default();
            turn.served = turn.served.saturating_add(1);
            turn.last = n;
        }
        return next;
    }
    let next = members.iter().enumerate().map(|(place, member)| {
        let Turn { mut served, mut last, .. } = turn(turns, member);
        let mut credit = credits.get(place).copied().unwrap_or(0);
        if place == winner {
            served = served.saturating_add(1);
            last = n;
            credit -= if keeps_credits { UNIT } else { 0 };
        }
        (member.contract.clone(), Turn { served, last, credit })
    });
    let members_after = next.filter(|(_, turn)| *turn != Turn::default()).collect();
    let steady = if steady { weights_signature(members) } else { String::new() };
    GroupTurns { n, steady, members: members_after }
}
