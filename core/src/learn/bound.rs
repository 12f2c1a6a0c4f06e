//! From a condition that separates the leads that came to one that a person would have written: the roundest number
//! between the last that was sold and the first that was not, and the shorter of two lists.

use super::hull::{Side, Span, Test};
use super::region::Way;
use super::table::{Column, MISSING, Of, Table};
use crate::model::{Date, Value};
use std::collections::BTreeSet;

/// How a condition compares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Compare {
    Gte(i64),
    Gt(i64),
    Lte(i64),
    Lt(i64),
    In(Vec<Value>),
    NotIn(Vec<Value>),
}

/// A condition as the plan has it, and what it rests on.
#[derive(Clone, Debug)]
pub(super) struct Bound {
    pub(super) field: String,
    pub(super) of: Of,
    pub(super) compare: Compare,
    /// Leads that have nothing there pass.
    pub(super) missing_ok: bool,
    /// Leads that this condition alone keeps out.
    pub(super) alone: usize,
    /// The nearest value that was kept out.
    pub(super) next: Option<i64>,
}

/// The conditions of a way. `out` is what all conditions of the contract together have to keep out; `others` says whether
/// the rest of the contract's conditions keep a row out.
pub(super) fn bounds(table: &Table, way: &Way, out: &[u32], others: &dyn Fn(usize) -> bool) -> Vec<Bound> {
    way.tests.iter().filter_map(|test| bound(table, way, *test, out, others)).collect()
}

fn bound(table: &Table, way: &Way, test: Test, out: &[u32], others: &dyn Fn(usize) -> bool) -> Option<Bound> {
    let (column, span) = (table.column(test.column)?, way.hull.spans.get(test.column)?);
    let is_alone = |row: &&u32| {
        let row = **row as usize;
        let elsewhere = way.tests.iter().any(|other| *other != test && way.hull.keeps_out(table, *other, row));
        way.hull.keeps_out(table, test, row) && !elsewhere && !others(row)
    };
    let alone: Vec<i64> = out.iter().filter(is_alone).map(|row| column.at(*row as usize)).collect();
    let there = || alone.iter().copied().filter(|cell| *cell != MISSING);
    let missing_kept_out = alone.contains(&MISSING);
    let (compare, next, missing_ok) = match test.side {
        Side::Low => {
            let next = there().max();
            let after = next.unwrap_or_else(|| least(column) - 1);
            (low(column.of, span.low, after), next, span.missing > 0)
        }
        Side::High => {
            let next = there().min();
            let before = next.unwrap_or_else(|| greatest(column) + 1);
            (high(column.of, span.high, before), next, span.missing > 0)
        }
        Side::Set => {
            let (compare, negated) = set(column, span, &there().collect());
            // Leads without the field are not asked for it in vain: `not` takes them unless that was seen to be wrong.
            let compare = if negated && missing_kept_out { listed(column, span) } else { compare };
            let missing_ok = span.missing > 0 || matches!(compare, Compare::NotIn(_));
            (compare, None, missing_ok)
        }
    };
    Some(Bound { field: column.field.clone(), of: column.of, compare, missing_ok, alone: alone.len(), next })
}

fn least(column: &Column) -> i64 {
    column.cells.iter().copied().filter(|cell| *cell != MISSING).min().unwrap_or(0)
}

fn greatest(column: &Column) -> i64 {
    column.cells.iter().copied().filter(|cell| *cell != MISSING).max().unwrap_or(0)
}

fn listed(column: &Column, span: &Span) -> Compare {
    let words = column.words.iter().zip(&span.words).filter(|(_, count)| **count > 0);
    Compare::In(words.map(|(word, _)| word.clone()).collect())
}

/// The words that were sold, or those that were not, where they are much fewer and nobody knows of others.
fn set(column: &Column, span: &Span, refused: &BTreeSet<i64>) -> (Compare, bool) {
    let sold = span.words.iter().filter(|count| **count > 0).count();
    let can_be_left_out = column.of == Of::Words && !matches!(column.words.first(), Some(Value::Bool(_)));
    if !can_be_left_out || refused.is_empty() || refused.len() * 2 > sold {
        return (listed(column, span), false);
    }
    let place = |word: &i64| usize::try_from(*word).ok().and_then(|word| column.words.get(word)).cloned();
    (Compare::NotIn(refused.iter().filter_map(place).collect()), true)
}

/// Not less than `low`, and more than `after`.
fn low(of: Of, low: i64, after: i64) -> Compare {
    match of {
        Of::Date => Compare::Gte(round_date(low, after + 1)),
        Of::Quarter => Compare::Gte(round_down(low, after + 1, &[4, 2, 1]).0),
        _ => {
            let (at, step) = round_down(low, after + 1, &[]);
            let (above, rounder) = round_down(low - 1, after, &[]);
            // Everything is a multiple of nothing, which makes 0 no rounder than it is.
            let is_round = rounder > step && (above != 0 || low - after == 1);
            if is_round && above < low { Compare::Gt(above) } else { Compare::Gte(at) }
        }
    }
}

/// Not more than `high`, and less than `before`.
fn high(of: Of, high: i64, before: i64) -> Compare {
    match of {
        Of::Date => Compare::Lt(round_date(before, high + 1)),
        // The end of a quarter is the beginning of the next.
        Of::Quarter => Compare::Lt(-round_down(-(high + 1), -before, &[4, 2, 1]).0),
        _ => {
            let (to, step) = round_up(high, before - 1);
            let (below, rounder) = round_up(high + 1, before);
            if rounder >= step { Compare::Lt(below) } else { Compare::Lte(to) }
        }
    }
}

/// The roundest number from `least` to `from`, and by which step it is round; of several the nearest to `from`.
fn round_down(from: i64, least: i64, steps: &[i64]) -> (i64, i64) {
    let round = || (0..17_u32).flat_map(|power| [1, 5, 25].map(|of| of * 10_i64.pow(power)));
    let mut all: Vec<i64> = if steps.is_empty() { round().collect() } else { steps.to_vec() };
    all.sort_unstable_by(|a, b| b.cmp(a));
    for step in all.into_iter().chain([1]) {
        let at = from.div_euclid(step) * step;
        if at >= least {
            return (at, step);
        }
    }
    (from, 1)
}

fn round_up(from: i64, most: i64) -> (i64, i64) {
    let (at, step) = round_down(-from, -most, &[]);
    (-at, step)
}

/// The first day of a year, else of a month, from `least` to `from`; else `from`.
fn round_date(from: i64, least: i64) -> i64 {
    let Some(date) = Date::of_epoch_day(from) else { return from };
    let starts = [Date::new(date.year(), 1, 1), Date::new(date.year(), date.month(), 1)];
    starts.into_iter().flatten().map(Date::epoch_day).find(|day| *day >= least).unwrap_or(from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_are_the_roundest_that_separate() {
        assert_eq!(low(Of::Number, 622, 617), Compare::Gte(620));
        assert_eq!(low(Of::Number, 620, 619), Compare::Gte(620));
        assert_eq!(low(Of::Number, 651, 650), Compare::Gt(650));
        assert_eq!(low(Of::Number, 7, 6), Compare::Gte(7));
        assert_eq!(low(Of::Number, 102, 0), Compare::Gte(100));
        assert_eq!(high(Of::Number, 699, 701), Compare::Lt(700));
        assert_eq!(high(Of::Number, 700, 703), Compare::Lte(700));
        assert_eq!(high(Of::Number, 24, 25), Compare::Lt(25));
        assert_eq!(low(Of::Money, 1_503_700, 1_498_000), Compare::Gte(1_500_000));
        assert_eq!(low(Of::Quarter, 33, 28), Compare::Gte(32));
        assert_eq!(high(Of::Quarter, 70, 75), Compare::Lt(72));
        assert_eq!(high(Of::Quarter, 70, 71), Compare::Lt(71));
        let day = |text: &str| text.parse::<Date>().unwrap().epoch_day();
        assert_eq!(high(Of::Date, day("2000-12-30"), day("2001-01-03")), Compare::Lt(day("2001-01-01")));
        assert_eq!(low(Of::Date, day("1999-05-02"), day("1999-04-29")), Compare::Gte(day("1999-05-01")));
    }
}
