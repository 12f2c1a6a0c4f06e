//! Contracts that take turns: one after the other, or by weights.

use super::caps::Room;
use super::rows::Rows;
use super::table::Table;
use std::collections::BTreeMap;

/// How several contracts share their leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Turns {
    /// There is one contract.
    None,
    /// One after the other.
    InOrder,
    /// By weights, in the order of the contracts.
    Weights(Vec<u64>),
}

/// How these contracts take turns, by all leads that came while each had room.
pub(super) fn turns(table: &Table, contracts: &[usize], rooms: &[(usize, Room)]) -> Turns {
    if contracts.len() < 2 {
        return Turns::None;
    }
    let of_one = |contract: &usize| rooms.iter().find(|(of, _)| of == contract).map(|(_, room)| &room.open);
    let open: Vec<&Rows> = contracts.iter().filter_map(of_one).collect();
    let won = table.sold.iter().enumerate().filter_map(|(row, sold)| Some((row, (*sold)?)));
    let won = won.filter(|(row, winner)| contracts.contains(winner) && open.iter().all(|open| open.has(*row)));
    let winners: Vec<usize> = won.map(|(_, winner)| winner).collect();
    let changes = winners.iter().zip(winners.iter().skip(1)).filter(|(one, next)| one != next).count();
    let mut counts: BTreeMap<usize, u64> = BTreeMap::new();
    winners.iter().for_each(|winner| *counts.entry(*winner).or_default() += 1);
    let counts: Vec<u64> = contracts.iter().map(|contract| counts.get(contract).copied().unwrap_or(1)).collect();
    let (most, least) = (counts.iter().max().copied().unwrap_or(1), counts.iter().min().copied().unwrap_or(1));
    let evenly = most * 4 <= least * 5;
    if evenly && changes * 5 >= winners.len() * 4 {
        return Turns::InOrder;
    }
    // In twentieths, which is as fine as anybody writes weights.
    let sum: u64 = counts.iter().sum::<u64>().max(1);
    let parts: Vec<u64> = counts.iter().map(|count| ((count * 40 / sum).div_ceil(2)).max(1)).collect();
    let common = parts.iter().copied().fold(0, greatest_divisor).max(1);
    Turns::Weights(parts.iter().map(|part| part / common).collect())
}

fn greatest_divisor(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { greatest_divisor(b, a % b) }
}
