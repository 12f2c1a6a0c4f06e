//! When contracts had room: a lead that went elsewhere while a contract was full says nothing about what it wants.

use super::hull::Hull;
use super::pair::{Pair, Recorded};
use super::rows::Rows;
use super::table::Table;
use crate::limits::Window;
use std::collections::BTreeMap;

/// A limit shows when it was reached in so many windows, and by so many leads that then went elsewhere.
const REACHED: usize = 3;
const TURNED_AWAY: usize = 5;

/// The caps of a contract, and when it had room.
#[derive(Clone, Debug)]
pub(super) struct Room {
    pub(super) caps: BTreeMap<Window, u64>,
    pub(super) open: Rows,
}

/// The room of a contract. `won` are all of its rows, also those that are not learned from.
pub(super) fn room(table: &Table, recorded: &Recorded, contract: usize, won: &[u32]) -> Room {
    let limits = recorded.contracts.get(contract).map(|known| known.limits.clone()).unwrap_or_default();
    let caps = if limits.is_empty() { inferred(table, won) } else { limits };
    let mut open = Rows::all(table.len);
    for (window, limit) in &caps {
        each_full(table, won, *window, *limit, |row| open.put(row, false));
    }
    // What the legacy itself saw comes before what is counted.
    for (row, pair) in table.pairs.iter().enumerate() {
        let seen = |pair: &Pair| {
            let of = pair.seen.iter().filter(|(seen, ..)| *seen == contract);
            of.map(|(_, _, has_room)| *has_room).reduce(|a, b| a && b)
        };
        if let Some(has_room) = recorded.pairs.get(*pair).and_then(seen) {
            open.put(row, has_room);
        }
    }
    won.iter().for_each(|row| open.put(*row as usize, true));
    Room { caps, open }
}

/// Calls with every row at which a window is full.
fn each_full(table: &Table, won: &[u32], window: Window, limit: u64, mut call: impl FnMut(usize)) {
    let (mut wins, mut now, mut used) = (won.iter().peekable(), i64::MIN, 0);
    for row in 0..table.len {
        if table.window(window, row) != now {
            (now, used) = (table.window(window, row), 0);
        }
        if used >= limit {
            call(row);
        }
        if wins.next_if(|win| **win as usize == row).is_some() {
            used += 1;
        }
    }
}

/// Limits that nobody wrote down: the most that a contract ever got in a window, where it got so many more than once and
/// leads like its own went elsewhere only after that.
fn inferred(table: &Table, won: &[u32]) -> BTreeMap<Window, u64> {
    let mut caps = BTreeMap::new();
    if won.len() < REACHED {
        return caps;
    }
    let hull = Hull::of(table, won);
    let like: Vec<usize> = (0..table.len).filter(|row| hull.holds(table, *row)).collect();
    for window in [Window::Hour, Window::Day, Window::Week, Window::Month] {
        let mut counts: BTreeMap<i64, u64> = BTreeMap::new();
        for row in won {
            *counts.entry(table.window(window, *row as usize)).or_default() += 1;
        }
        let most = counts.values().max().copied().unwrap_or(0);
        let reached = counts.values().filter(|count| **count == most).count();
        // One at a time is what rare leads come in.
        if reached < REACHED || most < 2 {
            continue;
        }
        let mut full = Rows::none(table.len);
        each_full(table, won, window, most, |row| full.put(row, true));
        for (shorter, limit) in &caps {
            each_full(table, won, *shorter, *limit, |row| full.put(row, false));
        }
        let wins = |row: &usize| u32::try_from(*row).is_ok_and(|row| won.binary_search(&row).is_ok());
        let lost = like.iter().filter(|row| !wins(row));
        let (mut when_full, mut with_room) = (0_usize, 0_usize);
        lost.for_each(|row| if full.has(*row) { when_full += 1 } else { with_room += 1 });
        let full = full.count();
        let room = table.len - full;
        // Several times as often as while there was room.
        if when_full >= TURNED_AWAY && when_full.saturating_mul(room) > with_room.saturating_mul(full).saturating_mul(4)
        {
            caps.insert(window, most);
        }
    }
    caps
}
