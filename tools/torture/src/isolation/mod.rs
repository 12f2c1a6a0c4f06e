//! Fifty buyers, one that hangs, one that fails and one that does both in turns: what the others notice of it, in virtual time.
//!
//! Real decisions, claims and reports on a store in memory; only calls are simulated. Arrivals and the length of every call are
//! drawn for each buyer by itself, so that the run with bad buyers and the one without are the same for everybody else.

mod world;

use crate::Torture;
use std::fmt::Write;
use world::{Log, World};

/// What a buyer does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bad {
    /// No answer within 20 seconds, until it is mended.
    Hangs,
    /// 500, until it is mended.
    Fails,
    /// 500 for 20 seconds, well for 20 seconds.
    Flaps,
}

/// A run.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Setup {
    pub(crate) seed: u64,
    pub(crate) buyers: usize,
    /// Those of the first buyers that are bad.
    pub(crate) bad: &'static [Bad],
    /// So many leads of the last buyer wait before anybody begins.
    pub(crate) backlog: u32,
    pub(crate) workers: usize,
    /// How long leads come, in milliseconds; bad buyers are mended when half of it is over.
    pub(crate) millis: i64,
    pub(crate) keeps: Keeps,
}

/// What keeps one buyer from harming others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Keeps {
    /// All of it. No buyer has more than a quarter of the workers: what hangs leaves the others theirs.
    All,
    /// No breaker, any number at once, any number of tries again.
    Nothing,
    /// Turns alone: no breaker and any number at once.
    Turns,
}

const BAD: &[Bad] = &[Bad::Hangs, Bad::Fails, Bad::Flaps];

/// As the terms of a plan that says nothing.
const MIN: u32 = 20;
const PERMITS: usize = 3;

pub(crate) fn run(torture: &Torture) -> Result<String, String> {
    let (buyers, workers, millis, backlog) = match torture.long {
        true => (50, 32, 600_000, 10_000),
        false => (12, 10, 400_000, 500),
    };
    let good = Setup { seed: torture.seed, buyers, bad: &[], backlog: 0, workers, millis, keeps: Keeps::All };
    let bad = Setup { bad: BAD, ..good };
    let skip = BAD.len();
    let mut said = format!(
        "isolation: {buyers} buyers, {workers} workers, {} s of virtual time; delays of healthy buyers\n\n\
         | run | deliveries | p50 ms | p99 ms | of the best |\n|---|---|---|---|---|\n",
        millis / 1_000
    );
    let mut row = |name: &str, log: &Log, best: i64| {
        let (count, p50, p99) = log.healthy(skip, buyers - 1);
        let share = p99 * 100 / best.max(1);
        let _ = writeln!(said, "| {name} | {count} | {p50} | {p99} | {}.{:02} |", share / 100, share % 100);
        share
    };
    let calm = World::run(&good)?;
    let best = calm.healthy(skip, buyers - 1).2;
    row("nobody is bad", &calm, best);
    let all = World::run(&bad)?;
    let kept = row("one hangs, one fails, one flaps", &all, best);
    let waiting = World::run(&Setup { backlog, keeps: Keeps::Turns, ..good })?;
    let turns = row(&format!("one has {backlog} waiting, turns alone"), &waiting, best);
    let bare = World::run(&Setup { keeps: Keeps::Nothing, ..bad })?;
    let lost = row("the same three, nothing keeps them", &bare, best);

    said.push_str("\n| bad buyer | calls | calls until it opened | most of a half-open time | closed after mended | tries again | allowed |\n|---|---|---|---|---|---|---|\n");
    let mut wrong = Vec::new();
    for (place, what) in BAD.iter().enumerate() {
        let seen = all.bad(place, millis / 2)?;
        let closed = seen.closed_late.map_or("-".to_owned(), |late| format!("{late} ms after its time"));
        let _ = writeln!(
            said,
            "| {what:?} | {} | {} | {} | {closed} | {} | {} |",
            seen.calls, seen.until_open, seen.most_permits, seen.again, seen.allowed
        );
        if *what != Bad::Flaps && seen.until_open > MIN + 1 {
            wrong.push(format!("{what:?}: open after {} calls", seen.until_open));
        }
        if seen.most_permits > PERMITS {
            wrong.push(format!("{what:?}: {} calls with {PERMITS} permits", seen.most_permits));
        }
        if seen.again > seen.allowed {
            wrong.push(format!("{what:?}: {} tries again, {} allowed", seen.again, seen.allowed));
        }
        // One call of 300 ms at most, and the quarter of a second in which somebody looks.
        if *what != Bad::Flaps && seen.closed_late.is_none_or(|late| late > 600) {
            wrong.push(format!("{what:?}: closed {closed}"));
        }
    }
    if kept > 110 {
        wrong.push(format!("with bad buyers the p99 is {kept} % of that without"));
    }
    if turns > 125 {
        wrong.push(format!("beside a backlog the p99 is {turns} %"));
    }
    if lost < 300 {
        wrong.push(format!("with nothing that keeps them it is {lost} %: this shows nothing"));
    }
    match wrong.is_empty() {
        true => Ok(said),
        false => Err(format!("{said}\n{}\ncargo xtask torture isolation --seed {}", wrong.join("\n"), torture.seed)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_bad_buyer_hurts_nobody_and_would() {
        let said = run(&Torture { long: false, seed: 1 }).unwrap_or_else(|wrong| panic!("{wrong}"));
        assert!(said.contains("nothing keeps them"));
    }

    #[test]
    fn a_seed_means_the_same_every_time() {
        let setup = Setup { seed: 3, buyers: 5, bad: BAD, backlog: 20, workers: 4, millis: 40_000, keeps: Keeps::All };
        let log = || World::run(&setup).unwrap().healthy(3, 5);
        assert_eq!(log(), log());
    }
}
