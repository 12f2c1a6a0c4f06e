//! Who is asked before whom. A lead that surely was for one contract and went to another says that the other comes first;
//! what a contract wants is learned against those who come after it, and those who got nothing at all.

use super::caps::{Room, room};
use super::pair::Recorded;
use super::region::Region;
use super::rows::Rows;
use super::table::Table;
use super::turns::{Turns, turns};
use crate::model::Money;
use std::cmp::Reverse;

/// How often order and regions are learned from each other.
const ROUNDS: usize = 3;

/// A place in the order: one contract, or several that take turns.
pub(super) struct Seat {
    pub(super) contracts: Vec<usize>,
    /// How they take turns, where they are several.
    pub(super) turns: Turns,
    /// The rows of all of them that are learned from.
    pub(super) got: Vec<u32>,
    open: Rows,
    price: Money,
    pub(super) region: Region,
    /// What it has to be told from.
    pub(super) out: Vec<u32>,
}

/// A vertical, learned.
pub(super) struct Route {
    /// First asked first.
    pub(super) seats: Vec<Seat>,
    /// By contract.
    pub(super) rooms: Vec<(usize, Room)>,
}

impl Route {
    pub(super) fn of(table: &Table, recorded: &Recorded) -> Self {
        let mut won: Vec<Vec<u32>> = vec![Vec::new(); recorded.contracts.len()];
        for (row, contract) in table.sold.iter().enumerate() {
            if let (Some(of), Ok(row)) = (contract.and_then(|contract| won.get_mut(contract)), u32::try_from(row)) {
                of.push(row);
            }
        }
        let mut rooms = Vec::new();
        let mut seats = Vec::new();
        for (contract, won) in won.iter().enumerate().filter(|(_, won)| !won.is_empty()) {
            let room = room(table, recorded, contract, won);
            let got: Vec<u32> = won.iter().filter(|row| table.taught.has(**row as usize)).copied().collect();
            let price = price(recorded, contract);
            if !got.is_empty() {
                seats.push(Seat {
                    contracts: vec![contract],
                    turns: Turns::None,
                    got,
                    open: room.open.clone(),
                    price,
                    region: Region::default(),
                    out: Vec::new(),
                });
            }
            rooms.push((contract, room));
        }
        let mut route = Self { seats, rooms };
        route.learn_alone(table);
        if route.join_turns(table) {
            route.learn_alone(table);
        }
        route.order(table, true);
        for _ in 0..ROUNDS {
            route.learn(table);
            route.order(table, false);
        }
        route.learn(table);
        route
    }

    /// Who got each row, by seat.
    fn winners(&self, table: &Table) -> Vec<Option<usize>> {
        let mut winners = vec![None; table.len];
        for (place, seat) in self.seats.iter().enumerate() {
            for row in &seat.got {
                if let Some(winner) = winners.get_mut(*row as usize) {
                    *winner = Some(place);
                }
            }
        }
        winners
    }

    /// Against those only that nobody took: whatever the order, nobody wanted them.
    fn learn_alone(&mut self, table: &Table) {
        let nobody: Vec<u32> = taught(table).filter(|row| is_unsold(table, *row)).collect();
        for seat in &mut self.seats {
            seat.out = nobody.iter().filter(|row| seat.open.has(**row as usize)).copied().collect();
            seat.region = Region::of(table, &seat.got, &seat.out);
        }
    }

    /// Against those whom nobody took, or somebody who comes later.
    fn learn(&mut self, table: &Table) {
        let winners = self.winners(table);
        for (place, seat) in self.seats.iter_mut().enumerate() {
            let later = |row: &u32| match winners.get(*row as usize) {
                Some(Some(winner)) => *winner > place,
                _ => is_unsold(table, *row),
            };
            seat.out = taught(table).filter(|row| later(row) && seat.open.has(*row as usize)).collect();
            seat.region = Region::of(table, &seat.got, &seat.out);
        }
    }

    /// For each seat and each other: how many leads the other got that are surely for the first, and how many that meet
    /// the conditions of the first.
    fn overlaps(&self, table: &Table) -> Vec<Vec<(u32, u32)>> {
        let winners = self.winners(table);
        let of_seat = |(place, seat): (usize, &Seat)| {
            let mut counts = vec![(0, 0); self.seats.len()];
            for row in taught(table).map(|row| row as usize) {
                let Some(Some(winner)) = winners.get(row).copied() else { continue };
                if winner == place || !seat.open.has(row) || !seat.region.takes(table, row) {
                    continue;
                }
                if let Some((surely, takes)) = counts.get_mut(winner) {
                    *takes += 1;
                    *surely += u32::from(seat.region.surely_takes(table, row));
                }
            }
            counts
        };
        self.seats.iter().enumerate().map(of_seat).collect()
    }

    /// Puts those first that take the least from the others. `freely` also weighs what a seat takes by the conditions that
    /// were chosen, which keep out only what they had to.
    fn order(&mut self, table: &Table, freely: bool) {
        let overlaps = self.overlaps(table);
        // What each takes from all that are not yet in order.
        let sum = |of: &Vec<(u32, u32)>| of.iter().fold((0_u32, 0_u32), |sum, one| (sum.0 + one.0, sum.1 + one.1));
        let mut sums: Vec<(u32, u32)> = overlaps.iter().map(sum).collect();
        let mut left: Vec<usize> = (0..self.seats.len()).collect();
        let mut order = Vec::with_capacity(left.len());
        while !left.is_empty() {
            let takes = |seat: usize| {
                let (surely, takes) = sums.get(seat).copied().unwrap_or_default();
                let price = self.seats.get(seat).map_or(Money::ZERO, |seat| seat.price);
                // Later rounds keep what is not surely wrong.
                if freely { (surely, takes, Some(Reverse(price)), seat) } else { (surely, 0, None, seat) }
            };
            let Some(first) = left.iter().copied().min_by_key(|seat| takes(*seat)) else { break };
            left.retain(|seat| *seat != first);
            order.push(first);
            for (sum, of) in sums.iter_mut().zip(&overlaps) {
                let (surely, takes) = of.get(first).copied().unwrap_or_default();
                *sum = (sum.0 - surely, sum.1 - takes);
            }
        }
        let mut seats: Vec<Option<Seat>> = std::mem::take(&mut self.seats).into_iter().map(Some).collect();
        self.seats = order.into_iter().filter_map(|place| seats.get_mut(place)?.take()).collect();
    }

    /// Puts contracts together that take turns. Whether there were any.
    fn join_turns(&mut self, table: &Table) -> bool {
        let overlaps = self.overlaps(table);
        let surely = |one: usize, other: usize| overlaps.get(one).and_then(|of| of.get(other)).map_or(0, |of| of.0);
        let both_open = |one: usize, other: usize| {
            let (Some(one), Some(other)) = (self.seats.get(one), self.seats.get(other)) else { return 0 };
            other.got.iter().filter(|row| one.open.has(**row as usize)).count()
        };
        // Most of each is surely for the other, too. Of who comes first nothing would be left for the other.
        let shares = |one: usize, other: usize| {
            let all = both_open(one, other);
            all >= 10 && surely(one, other) as usize * 2 >= all
        };
        let len = self.seats.len();
        let mut group: Vec<usize> = (0..len).collect();
        for one in 0..len {
            for other in one + 1..len {
                if shares(one, other) && shares(other, one) {
                    let (to, from) = (group.get(one).copied(), group.get(other).copied());
                    group.iter_mut().filter(|of| Some(**of) == from).for_each(|of| *of = to.unwrap_or(*of));
                }
            }
        }
        let mut joined: Vec<Option<Seat>> = (0..len).map(|_| None).collect();
        for (seat, place) in std::mem::take(&mut self.seats).into_iter().zip(group) {
            let Some(slot) = joined.get_mut(place) else { continue };
            match slot {
                None => *slot = Some(seat),
                Some(first) => first.take_in(seat),
            }
        }
        self.seats = joined.into_iter().flatten().collect();
        for seat in &mut self.seats {
            seat.turns = turns(table, &seat.contracts, &self.rooms);
        }
        self.seats.len() < len
    }
}

impl Seat {
    fn take_in(&mut self, other: Seat) {
        self.contracts.extend(other.contracts);
        self.got.extend(other.got);
        self.got.sort_unstable();
        self.open.join(&other.open);
        self.price = self.price.max(other.price);
    }
}

fn taught(table: &Table) -> impl Iterator<Item = u32> {
    let rows = 0..u32::try_from(table.len).unwrap_or(u32::MAX);
    rows.filter(|row| table.taught.has(*row as usize))
}

fn is_unsold(table: &Table, row: u32) -> bool {
    table.sold.get(row as usize).is_some_and(Option::is_none)
}

/// What a contract mostly paid.
pub(super) fn price(recorded: &Recorded, contract: usize) -> Money {
    let prices = recorded.contracts.get(contract).map(|known| &known.prices);
    let most = prices.and_then(|prices| prices.iter().max_by_key(|(price, count)| (**count, **price)));
    most.map_or(Money::ZERO, |(price, _)| *price)
}
