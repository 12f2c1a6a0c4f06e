//! Which conditions of a hull are needed: the cheapest that together keep out every lead that has to be kept out.

use super::hull::{Hull, Side, Test, tests};
use super::table::{Of, Table};
use std::collections::BTreeMap;

/// The search for the cheapest gives up after so many steps, and has the best so far.
const STEPS: usize = 30_000;
/// Different ways to be kept out that are looked at; those with the fewest conditions come first.
const WAYS: usize = 3_000;

/// How many times what happens by chance is none.
const BEYOND_CHANCE: usize = 4;

/// What a cover came to.
#[derive(Clone, Debug, Default)]
pub(super) struct Cover {
    /// The conditions, in the order of the columns.
    pub(super) tests: Vec<Test>,
    /// The leads that no condition keeps out.
    pub(super) inside: Vec<u32>,
}

/// Which conditions may be chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Choice {
    /// Those that say something about leads that did not come yet.
    Sure,
    /// Also words of which there surely are others.
    Any,
    /// As `Sure`, without those about the time, which are for contracts as a whole.
    OfLead,
}

/// Covers what `out` names with conditions of the hull.
pub(super) fn cover(table: &Table, hull: &Hull, out: &[u32], choice: Choice) -> Cover {
    let is_time = |test: &Test| table.column(test.column).is_some_and(|column| column.of.is_time());
    let all: Vec<Test> = tests(table, hull, choice == Choice::Any)
        .into_iter()
        .filter(|test| choice != Choice::OfLead || !is_time(test))
        .collect();
    let mut inside = Vec::new();
    let mut ways: BTreeMap<u128, usize> = BTreeMap::new();
    for row in out {
        let mut way = 0_u128;
        for (bit, test) in all.iter().enumerate().take(128) {
            way |= u128::from(hull.keeps_out(table, *test, *row as usize)) << bit;
        }
        match way {
            0 => inside.push(*row),
            way => *ways.entry(way).or_default() += 1,
        }
    }
    let costs: Vec<u64> = all.iter().map(|test| cost(table, hull, *test)).collect();
    let chosen = Search::new(&ways, &costs).run();
    let chances: Vec<usize> = all.iter().map(|test| chance(hull, *test)).collect();
    let chosen = supported(chosen, &ways, hull.rows, &chances, inside.len());
    let is_chosen = |bit: usize| bit < 128 && chosen >> bit & 1 == 1;
    let tests: Vec<Test> = all.iter().enumerate().filter(|(bit, _)| is_chosen(*bit)).map(|(_, test)| *test).collect();
    // What the dropped conditions alone kept out is inside again.
    let kept = |row: &&u32| !tests.iter().any(|test| hull.keeps_out(table, *test, **row as usize));
    let inside = if tests.len() == all.len() { inside } else { out.iter().filter(kept).copied().collect() };
    Cover { tests, inside }
}

/// What a condition costs: one is one, and dearer the surer it is wrong for leads that have not come yet. Of words that
/// came once there are others that did not come at all.
fn cost(table: &Table, hull: &Hull, test: Test) -> u64 {
    let (Some(column), Some(span)) = (table.column(test.column), hull.spans.get(test.column)) else { return u64::MAX };
    let rows = u64::try_from(hull.rows.max(1)).unwrap_or(1);
    let base = match column.of {
        Of::Number | Of::Money | Of::Words => 100,
        Of::Years => 102,
        Of::Date => 108,
        Of::Weekday | Of::Quarter => 120,
        Of::ZipPrefix => 115,
    };
    if test.side != Side::Set {
        return base;
    }
    let once = span.words.iter().filter(|count| **count == 1).count();
    let many = column.words.len() as u64 / 8;
    base + many + 4_000 * once as u64 / rows
}

/// Without the conditions that alone keep out hardly anybody: the more leads a contract got, the less a few prove. Where
/// others are inside whatever is asked, something that was not recorded told them apart, and a condition of a hull keeps
/// out some of those by chance; it has to keep out several times as many.
fn supported(mut chosen: u128, ways: &BTreeMap<u128, usize>, rows: usize, chances: &[usize], inside: usize) -> u128 {
    loop {
        let bits = (0..chances.len().min(128)).filter(|bit| chosen >> bit & 1 == 1);
        let alone =
            |bit: usize| ways.iter().filter(|(way, _)| *way & chosen == 1 << bit).map(|(_, n)| n).sum::<usize>();
        let lost: usize = ways.iter().filter(|(way, _)| *way & chosen == 0).map(|(_, n)| n).sum();
        let by_chance =
            |bit: usize| chances.get(bit).copied().unwrap_or(1) * (inside + lost) * BEYOND_CHANCE / rows.max(1);
        let weak = bits.map(|bit| (alone(bit), bit)).filter(|(n, bit)| *n < 1 + rows / 500 + by_chance(*bit));
        match weak.min() {
            Some((_, bit)) => chosen &= !(1 << bit),
            None => return chosen,
        }
    }
}

/// Of as many leads as the hull is of, so many are outside of a condition by chance.
fn chance(hull: &Hull, test: Test) -> usize {
    let words = hull.spans.get(test.column).map(|span| span.words.iter().filter(|count| **count == 1).count());
    1 + words.unwrap_or(0)
}

/// The cheapest set of bits that shares one with each way, by branch and bound.
struct Search<'a> {
    ways: Vec<u128>,
    costs: &'a [u64],
    best: u128,
    least: u64,
    steps: usize,
}

impl<'a> Search<'a> {
    fn new(counted: &BTreeMap<u128, usize>, costs: &'a [u64]) -> Self {
        let mut all: Vec<u128> = counted.keys().copied().collect();
        all.sort_by_key(|way| (way.count_ones(), *way));
        let mut ways: Vec<u128> = Vec::new();
        for way in all {
            // Who is kept out by some of these is kept out by what a narrower one needs.
            if ways.len() < WAYS && !ways.iter().any(|other| way & other == *other) {
                ways.push(way);
            }
        }
        let mut search = Self { ways, costs, best: 0, least: u64::MAX, steps: 0 };
        (search.best, search.least) = search.greedy(counted);
        search
    }

    fn run(mut self) -> u128 {
        self.branch(0, 0);
        self.best
    }

    fn cost(&self, bit: usize) -> u64 {
        self.costs.get(bit).copied().unwrap_or(u64::MAX)
    }

    /// Whatever keeps out the most for its cost comes first, and goes again where the others do without it.
    fn greedy(&self, counted: &BTreeMap<u128, usize>) -> (u128, u64) {
        let mut open: Vec<(u128, u64)> = counted.iter().map(|(way, count)| (*way, *count as u64)).collect();
        let mut chosen = 0_u128;
        let mut order = Vec::new();
        while !open.is_empty() {
            let gain = |bit: usize| open.iter().filter(|(way, _)| way >> bit & 1 == 1).map(|(_, n)| n).sum::<u64>();
            let worth = |bit: usize| gain(bit).saturating_mul(10_000) / self.cost(bit).max(1);
            let bits = 0..self.costs.len().min(128);
            let Some(best) = bits.max_by_key(|bit| (worth(*bit), usize::MAX - bit)) else { break };
            chosen |= 1 << best;
            order.push(best);
            let before = open.len();
            open.retain(|(way, _)| way >> best & 1 == 0);
            if open.len() == before {
                break;
            }
        }
        for bit in order {
            let without = chosen & !(1 << bit);
            if self.ways.iter().all(|way| way & without != 0) {
                chosen = without;
            }
        }
        let bits = (0..self.costs.len().min(128)).filter(|bit| chosen >> bit & 1 == 1);
        (chosen, bits.map(|bit| self.cost(bit)).sum())
    }

    fn branch(&mut self, chosen: u128, cost: u64) {
        self.steps += 1;
        if cost >= self.least || self.steps > STEPS {
            return;
        }
        let open = self.ways.iter().filter(|way| *way & chosen == 0).min_by_key(|way| way.count_ones()).copied();
        let Some(way) = open else {
            (self.best, self.least) = (chosen, cost);
            return;
        };
        let mut bits: Vec<usize> = (0..128).filter(|bit| way >> bit & 1 == 1).collect();
        bits.sort_by_key(|bit| (self.cost(*bit), *bit));
        for bit in bits {
            let cost = cost.saturating_add(self.cost(bit));
            self.branch(chosen | 1 << bit, cost);
        }
    }
}
