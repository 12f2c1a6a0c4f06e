//! Shares by weight, in integers.
//!
//! While every lead has found the whole group eligible, Tijdeman's chairman assignment ("The chairman assignment
//! problem", Discrete Mathematics 32, 1980) is a function of the weights and the number of leads: no prefix is further
//! from its target than 1 − 1/(2k − 2). From the first partial eligibility on, credits are kept: each lead mints
//! [`UNIT`], split by weight among the eligible, and who gets it pays [`UNIT`]. Who was not eligible earns nothing, so
//! nobody is flooded after a pause (rule 25).

use super::method::{Candidate, Rule, tie, turn};
use crate::store::{GroupTurns, Turn};
use std::fmt::Write as _;

/// What one lead is worth in credits.
const UNIT: i64 = 1 << 32;

/// The weights of a group in one text: `acme=70,bolt=30,`.
fn signature(members: &[Candidate]) -> String {
    let mut text = String::new();
    for member in members {
        let _ = write!(text, "{}={},", member.contract, member.weight);
    }
    text
}

/// Whether a signature is that of these members; without making theirs.
fn has_signature(members: &[Candidate], text: &str) -> bool {
    let mut parts = text.split_terminator(',');
    let same = members.iter().all(|member| {
        let part = parts.next().and_then(weight_of);
        part.is_some_and(|(id, weight)| id == member.contract.as_str() && weight == i64::from(member.weight))
    });
    same && parts.next().is_none()
}

/// Whether the fixed rule still holds for this lead.
fn is_steady(members: &[Candidate], turns: &GroupTurns) -> bool {
    let unbroken = turns.n == 0 || has_signature(members, &turns.steady);
    unbroken && members.iter().all(|member| member.eligible)
}

pub(super) fn pick(rule: &Rule, members: &[Candidate], turns: &GroupTurns) -> Option<usize> {
    if is_steady(members, turns) {
        return chairman(rule, members, turns);
    }
    let accounts = minted(rule, members, &turns_of(members, turns), turns);
    let eligible = members.iter().zip(&accounts).enumerate().filter(|(_, (member, _))| member.eligible);
    let best = eligible
        .max_by(|(_, (a, left)), (_, (b, right))| left.credit.cmp(&right.credit).then_with(|| tie(rule, b, a, turns)));
    best.map(|(place, _)| place)
}

/// Tijdeman's rule for lead n + 1: of those who may have it without getting ahead, the one whose deadline is first.
fn chairman(rule: &Rule, members: &[Candidate], turns: &GroupTurns) -> Option<usize> {
    let total: i128 = members.iter().map(|member| i128::from(member.weight)).sum();
    let lead = i128::from(turns.n) + 1;
    // With k members the slack is 1/(2k − 2); all terms are multiplied by (2k − 2) · total to stay whole.
    let slack = i128::try_from(members.len()).unwrap_or(i128::MAX).saturating_mul(2) - 2;
    if slack <= 0 {
        return members.iter().position(|member| member.eligible);
    }
    let lags = members.iter().zip(turns_of(members, turns));
    let lags = lags.map(|(member, turn)| i128::from(member.weight) * lead - i128::from(turn.served) * total);
    let may = members.iter().zip(lags).enumerate().filter(|(_, (_, lag))| lag * slack >= total);
    // The deadline is (1 − 1/slack − lag/total) · total / weight; fractions are compared crosswise.
    let due = |lag: i128| total * (slack - 1) - lag * slack;
    let first = may.min_by(|(_, (a, lag_of_a)), (_, (b, lag_of_b))| {
        let left = due(*lag_of_a) * i128::from(b.weight);
        let right = due(*lag_of_b) * i128::from(a.weight);
        left.cmp(&right).then_with(|| tie(rule, a, b, turns))
    });
    first.map(|(place, _)| place)
}

/// What a member has earned and not had, and what it missed while it was closed and may still make up for.
#[derive(Clone, Copy, Default)]
struct Account {
    credit: i64,
    owed: i64,
}

/// The turns of all members. Both are in the order of ids, but for contracts that were renamed, so one way through both
/// is enough where each by itself would be looked up.
fn turns_of<'a>(members: &'a [Candidate], turns: &GroupTurns) -> Vec<Turn> {
    let mut rest = turns.members.iter().peekable();
    let mut last: Option<&Candidate> = None;
    let next = |member: &'a Candidate| {
        if last.is_some_and(|last: &Candidate| last.contract >= member.contract) {
            return turn(turns, member);
        }
        last = Some(member);
        while rest.next_if(|(id, _)| **id < member.contract).is_some() {}
        rest.next_if(|(id, _)| **id == member.contract).map(|(_, turn)| *turn).unwrap_or_default()
    };
    members.iter().map(next).collect()
}

/// The credits of all members before this lead: as kept, or as the fixed rule leaves them.
fn ledger(members: &[Candidate], kept: &[Turn], turns: &GroupTurns) -> Vec<i64> {
    let mut credits: Vec<i64> = if turns.steady.is_empty() {
        kept.iter().map(|turn| turn.credit).collect()
    } else {
        let old: Vec<(&str, i64)> = turns.steady.split(',').filter_map(weight_of).collect();
        let total = old.iter().map(|(_, weight)| weight).sum::<i64>().max(1);
        let owed = |(member, turn): (&Candidate, &Turn)| {
            let weight = old.iter().find(|(id, _)| *id == member.contract.as_str()).map_or(0, |(_, weight)| *weight);
            let exact = i128::from(UNIT) * i128::from(weight) * i128::from(turns.n) / i128::from(total);
            exact - i128::from(UNIT) * i128::from(turn.served)
        };
        members.iter().zip(kept).map(|both| i64::try_from(owed(both)).unwrap_or(0)).collect()
    };
    // Changed weights and members that left: nobody owes or is owed more than one lead for it (rule 30).
    for credit in &mut credits {
        *credit = (*credit).clamp(-UNIT * LONGEST_DEBT, UNIT * LONGEST_DEBT);
    }
    spread(&mut credits);
    credits
}

/// The credits of all members once one of them has given a lead back: it gets what it paid, and everybody gives back what it
/// earned by that lead.
pub(super) fn ledger_after_refund(members: &[Candidate], turns: &GroupTurns, back: usize) -> Vec<i64> {
    let mut credits = ledger(members, &turns_of(members, turns), turns);
    let total: i128 = members.iter().map(|member| i128::from(member.weight)).sum();
    for (place, (member, credit)) in members.iter().zip(&mut credits).enumerate() {
        let share = i128::from(UNIT) * i128::from(member.weight) / total.max(1);
        *credit -= i64::try_from(share).unwrap_or(0);
        *credit += if place == back { UNIT } else { 0 };
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

/// The accounts with this lead's unit split by weight among the eligible. Who makes up for what it missed weighs more
/// until it has; who misses this lead is owed what it would have earned (rule 26).
fn minted(rule: &Rule, members: &[Candidate], kept: &[Turn], turns: &GroupTurns) -> Vec<Account> {
    let owed = |turn: &Turn| if rule.catch_up.is_some() { turn.owed } else { 0 };
    let extra = |turn: &Turn| if owed(turn) > 0 { rule.catch_up.unwrap_or(0) } else { 0 };
    let plain = |member: &Candidate| if member.eligible { i128::from(member.weight) } else { 0 };
    let heavy = |member: &Candidate, turn| plain(member) * i128::from(100_u32.saturating_add(extra(turn)));
    let total: i128 = members.iter().map(plain).sum();
    let heavy_total = members.iter().zip(kept).map(|(member, turn)| heavy(member, turn)).sum::<i128>().max(1);
    let missed = members.iter().filter(|member| member.missed && rule.catch_up.is_some());
    let missing: i128 = missed.map(|member| i128::from(member.weight)).sum();
    let part = |weight: i128, total: i128| i64::try_from(i128::from(UNIT) * weight / total.max(1)).unwrap_or(0);
    let mut given = 0;
    let mut accounts: Vec<Account> = members
        .iter()
        .zip(kept)
        .zip(ledger(members, kept, turns))
        .map(|((member, turn), credit)| {
            let share = part(heavy(member, turn), heavy_total);
            given += share;
            let made_up = (share - part(plain(member), total)).max(0);
            let missed =
                if member.missed && missing > 0 { part(i128::from(member.weight), total + missing) } else { 0 };
            let owed = owed(turn).saturating_add(missed).saturating_sub(made_up).max(0);
            Account { credit: credit + share, owed }
        })
        .collect();
    let first = members.iter().position(|member| member.eligible);
    if let Some(account) = first.and_then(|place| accounts.get_mut(place)) {
        account.credit += UNIT - given;
    }
    accounts
}

/// The group after one of its members, by place, got a lead. Members as for [`pick`](super::pick); those that are not
/// given stay as they were.
pub fn after_sale(rule: &Rule, members: &[Candidate], turns: &GroupTurns, winner: usize) -> GroupTurns {
    let n = turns.n.saturating_add(1);
    if !rule.method.goes_by_share() {
        return after_turn(members, turns, winner, n);
    }
    let steady = is_steady(members, turns);
    let kept = turns_of(members, turns);
    let accounts = if steady { Vec::new() } else { minted(rule, members, &kept, turns) };
    let next = members.iter().zip(&kept).enumerate().map(|(place, (member, turn))| {
        let Turn { mut served, mut last, .. } = *turn;
        let Account { mut credit, owed } = accounts.get(place).copied().unwrap_or_default();
        if place == winner {
            served = served.saturating_add(1);
            last = n;
            credit -= if steady { 0 } else { UNIT };
        }
        (member.contract.clone(), Turn { served, last, credit, owed })
    });
    let members_after = next.filter(|(_, turn)| *turn != Turn::default()).collect();
    let steady = match (steady, turns.steady.is_empty()) {
        (true, true) => signature(members),
        (true, false) => turns.steady.clone(),
        (false, _) => String::new(),
    };
    GroupTurns { n, steady, members: members_after }
}

/// Where nobody has a share, only the order of the turns is kept.
fn after_turn(members: &[Candidate], turns: &GroupTurns, winner: usize, n: u64) -> GroupTurns {
    let mut next = turns.clone();
    next.n = n;
    next.steady.clear();
    for turn in next.members.values_mut() {
        (turn.credit, turn.owed) = (0, 0);
    }
    if let Some(member) = members.get(winner) {
        let turn = next.members.entry(member.contract.clone()).or_default();
        turn.served = turn.served.saturating_add(1);
        turn.last = n;
    }
    next
}
