//! What a contract wants: conditions that all hold, and where those cannot tell its leads from the others, several ways
//! of which one is enough.

use super::cover::{Choice, cover};
use super::hull::{Hull, Test};
use super::table::{Column, MISSING, Table};
use std::collections::BTreeSet;

/// So many ways at most, and so deep.
const DEPTH: usize = 2;
/// Cuts of a column that are tried at once, and how often the best of them is looked at more closely.
const CUTS: usize = 16;
const CLOSER: usize = 3;
/// A condition of a way needs so many leads.
const LEADS: usize = 5;
/// Columns with more words are not cut word by word.
const WORDS: usize = 60;
/// Leads that cuts are judged by.
const JUDGED: usize = 600;

/// One way to meet a contract.
#[derive(Clone, Debug, Default)]
pub(super) struct Way {
    pub(super) hull: Hull,
    pub(super) tests: Vec<Test>,
}

impl Way {
    pub(super) fn takes(&self, table: &Table, row: usize) -> bool {
        !self.tests.iter().any(|test| self.hull.keeps_out(table, *test, row))
    }
}

#[derive(Clone, Debug, Default)]
pub(super) struct Region {
    /// What all leads meet.
    pub(super) all: Way,
    /// Of these one; none where `all` says it all.
    pub(super) any: Vec<Way>,
    /// Leads that should be kept out and are not.
    pub(super) inside: Vec<u32>,
}

impl Region {
    /// Learns what tells the leads that the contract got from those that it did not.
    pub(super) fn of(table: &Table, got: &[u32], out: &[u32]) -> Self {
        let hull = Hull::of(table, got);
        let mut whole = cover(table, &hull, out, Choice::Sure);
        // More would be taken than were sold: half a list of words is better than none.
        if whole.inside.len() > got.len() {
            let any = cover(table, &hull, out, Choice::Any);
            if any.inside.len() * 4 < whole.inside.len() {
                whole = any;
            }
        }
        let mut region = Self { all: Way { hull, tests: whole.tests }, any: Vec::new(), inside: whole.inside };
        // A few that nothing tells apart are no reason for a second way.
        if region.inside.len() <= worth_a_way(got.len()) {
            return region;
        }
        let parts = parts(table, got.to_vec(), &region.inside, DEPTH);
        if parts.len() < 2 {
            return region;
        }
        let ways: Vec<(Way, Vec<u32>)> = parts.iter().map(|part| way(table, part, &region.inside)).collect();
        let left: BTreeSet<u32> = ways.iter().flat_map(|(_, inside)| inside.iter().copied()).collect();
        // A way without conditions takes everything, and one of many for few leads was made up for them.
        let is_way = |(way, _): &(Way, Vec<u32>)| !way.tests.is_empty() && way.tests.len() * LEADS <= way.hull.rows;
        let tests: usize = ways.iter().map(|(way, _)| way.tests.len()).sum();
        if ways.iter().all(is_way) && tests <= 2 * ways.len() + 1 && left.len() * 3 < region.inside.len() {
            region.any = ways.into_iter().map(|(way, _)| way).collect();
            region.inside = left.into_iter().collect();
        }
        region
    }

    /// Whether a row is in the narrowest region that the leads allow: the contract surely takes it.
    pub(super) fn surely_takes(&self, table: &Table, row: usize) -> bool {
        self.all.hull.holds(table, row)
            && (self.any.is_empty() || self.any.iter().any(|way| way.hull.holds(table, row)))
    }

    /// Whether a row meets the conditions that were chosen.
    pub(super) fn takes(&self, table: &Table, row: usize) -> bool {
        self.all.takes(table, row) && self.one_takes(table, row)
    }

    /// Whether one of the ways takes a row, where there are several.
    pub(super) fn one_takes(&self, table: &Table, row: usize) -> bool {
        self.any.is_empty() || self.any.iter().any(|way| way.takes(table, row))
    }
}

fn worth_a_way(got: usize) -> usize {
    2 + got / 100
}

fn way(table: &Table, got: &[u32], out: &[u32]) -> (Way, Vec<u32>) {
    let hull = Hull::of(table, got);
    let found = cover(table, &hull, out, Choice::OfLead);
    (Way { hull, tests: found.tests }, found.inside)
}

/// Cuts the leads of a contract into parts, each of which has a hull with few of the others inside.
fn parts(table: &Table, got: Vec<u32>, out: &[u32], depth: usize) -> Vec<Vec<u32>> {
    if depth == 0 || out.len() <= worth_a_way(got.len()) {
        return vec![got];
    }
    let Some(cut) = best_cut(table, &got, out) else { return vec![got] };
    let (one, other): (Vec<u32>, Vec<u32>) = got.iter().partition(|row| cut.puts_apart(table, **row));
    let inside = |part: &[u32]| -> Vec<u32> {
        let hull = Hull::of(table, part);
        out.iter().filter(|row| hull.holds(table, **row as usize)).copied().collect()
    };
    let (of_one, of_other) = (inside(&one), inside(&other));
    if one.is_empty() || other.is_empty() || (of_one.len() + of_other.len()) * 5 > out.len() * 4 {
        return vec![got];
    }
    let mut all = parts(table, one, &of_one, depth - 1);
    all.extend(parts(table, other, &of_other, depth - 1));
    all
}

/// A way to part leads in two.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Cut {
    /// Below a number, or not.
    Below(usize, i64),
    /// With one of these words, or not.
    Words(usize, Vec<i64>),
    /// With something in the column, or not.
    Filled(usize),
}

impl Cut {
    fn puts_apart(&self, table: &Table, row: u32) -> bool {
        let at = |column: usize| table.column(column).map_or(MISSING, |column| column.at(row as usize));
        match self {
            Cut::Below(column, number) => at(*column) < *number,
            Cut::Words(column, words) => words.contains(&at(*column)),
            Cut::Filled(column) => at(*column) != MISSING,
        }
    }
}

/// How many of `out` are inside of the hulls that a cut makes of `got`.
fn left(table: &Table, got: &[u32], out: &[u32], cut: &Cut) -> usize {
    let (one, other): (Vec<u32>, Vec<u32>) = got.iter().partition(|row| cut.puts_apart(table, **row));
    if one.is_empty() || other.is_empty() {
        return usize::MAX;
    }
    let (one, other) = (Hull::of(table, &one), Hull::of(table, &other));
    out.iter().filter(|row| one.holds(table, **row as usize) || other.holds(table, **row as usize)).count()
}

fn best_cut(table: &Table, all: &[u32], out: &[u32]) -> Option<Cut> {
    let (got, out) = (sample(all), sample(out));
    let judge = |cut: &Cut| left(table, &got, &out, cut);
    let mut best: Option<(usize, Cut)> = None;
    let mut offer = |left: usize, cut: Cut| {
        if left < best.as_ref().map_or(out.len(), |(least, _)| *least) {
            best = Some((left, cut));
        }
    };
    for (place, column) in table.columns.iter().enumerate().filter(|(_, column)| !column.of.is_time()) {
        if column.of.is_ordered() {
            let mut numbers: Vec<i64> =
                got.iter().map(|row| column.at(*row as usize)).filter(|n| *n != MISSING).collect();
            numbers.sort_unstable();
            numbers.dedup();
            for _ in 0..CLOSER {
                let cuts = spread(&numbers);
                let judged = cuts.iter().map(|number| (judge(&Cut::Below(place, *number)), *number));
                let Some((left, number)) = judged.min() else { break };
                offer(left, Cut::Below(place, number));
                // Between the neighbours of the best.
                let below = cuts.iter().rev().find(|cut| **cut < number).copied().unwrap_or(i64::MIN);
                let above = cuts.iter().find(|cut| **cut > number).copied().unwrap_or(i64::MAX);
                numbers.retain(|n| *n > below && *n < above);
            }
        } else {
            for words in word_sets(column, &out) {
                let cut = Cut::Words(place, words);
                offer(judge(&cut), cut);
            }
        }
        let cut = Cut::Filled(place);
        offer(judge(&cut), cut);
    }
    match best?.1 {
        Cut::Below(column, number) if got.len() < all.len() => Some(sharpened(table, all, &got, &out, column, number)),
        cut => Some(cut),
    }
}

/// The number of a cut that a sample of the leads found, by all of them.
fn sharpened(table: &Table, all: &[u32], got: &[u32], out: &[u32], column: usize, number: i64) -> Cut {
    let of = |rows: &[u32]| -> BTreeSet<i64> {
        let cells = rows.iter().filter_map(|row| Some(table.column(column)?.at(*row as usize)));
        cells.filter(|cell| *cell != MISSING).collect()
    };
    let sampled = of(got);
    let below = sampled.range(..number).next_back().copied().unwrap_or(i64::MIN);
    let above = sampled.range(number..).nth(1).copied().unwrap_or(i64::MAX);
    let between: Vec<i64> = of(all).into_iter().filter(|n| *n > below && *n <= above).collect();
    let step = between.len().div_ceil(2 * CUTS).max(1);
    let judged = between.iter().step_by(step).map(|n| (left(table, all, out, &Cut::Below(column, *n)), *n));
    Cut::Below(
        column,
        judged.chain([(left(table, all, out, &Cut::Below(column, number)), number)]).min().map_or(number, |(_, n)| n),
    )
}

/// The words that never occur among those that have to be kept out, and each word for itself.
fn word_sets(column: &Column, out: &[u32]) -> Vec<Vec<i64>> {
    let among: BTreeSet<i64> = out.iter().map(|row| column.at(*row as usize)).collect();
    let all = 0..i64::try_from(column.words.len()).unwrap_or(0);
    let mut sets = vec![all.clone().filter(|word| !among.contains(word)).collect()];
    if column.words.len() <= WORDS {
        sets.extend(all.map(|word| vec![word]));
    }
    sets
}

fn spread(numbers: &[i64]) -> Vec<i64> {
    let step = numbers.len().div_ceil(CUTS).max(1);
    numbers.iter().skip(step.min(numbers.len().saturating_sub(1)).max(1)).step_by(step).copied().collect()
}

fn sample(rows: &[u32]) -> Vec<u32> {
    rows.iter().step_by(rows.len().div_ceil(JUDGED).max(1)).copied().collect()
}
