//! Why not: for each contract the first condition that a lead does not meet, from the rows of the index.
//!
//! The condition is the one that [`Criteria::evaluate`] names: the first that is false, and where none is false the
//! first that is unknown. Attributes with rows or postings are asked in the order of the conditions; each takes those
//! out that are still there and whom it refuses, a block of 512 contracts at a time. What rows do not say exactly is
//! asked of the criteria, contract by contract. No text is made: conditions have numbers.

use super::attributes::MISSING;
use super::formula::Answers;
use super::index::{Ask, Index, Observed, Scratch};
use super::rows::{BLOCK, Block, set};
use crate::model::{Date, Value};
use crate::rules::criteria::{Criteria, Line};
use crate::rules::{Facts, Truth};
use std::collections::BTreeMap;

/// The criteria of many contracts, compiled to say why not. Beside an [`Index`] of the same contracts.
#[derive(Clone, Debug)]
pub struct WhyNot {
    /// The names of conditions, in the order in which they are judged: `where.state`.
    checks: Vec<String>,
    /// What is asked for all contracts at once: the number of the condition, and its table.
    tables: Vec<(u16, Table)>,
    /// Contracts that are judged by their criteria alone.
    apart: Vec<Block>,
    /// Contracts with alternatives and nothing else that the tables do not say: their formula is that.
    late: Vec<Block>,
    /// The number of the condition of those, `where.any`.
    any: u16,
    /// By number in the index, the numbers of the conditions of a contract that is judged by its criteria.
    lines: Vec<Box<[u16]>>,
}

#[derive(Clone, Copy, Debug)]
enum Table {
    Rows(usize),
    Postings(usize),
}

/// Why one contract does not get a lead: a condition, and whether that is false or unknown. 0 is for those it meets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Reason(u16);

impl Reason {
    fn new(check: u16, truth: Truth) -> Self {
        Reason((check + 1) << 1 | u16::from(truth == Truth::Unknown))
    }

    fn read(self) -> Option<(usize, Truth)> {
        let check = (self.0 >> 1).checked_sub(1)?;
        Some((usize::from(check), if self.0 & 1 == 1 { Truth::Unknown } else { Truth::False }))
    }
}

/// What the question needs room for; kept by who asks again and again.
#[derive(Clone, Debug, Default)]
pub struct WhyScratch {
    observed: Observed,
    scratch: Scratch,
    posted: Vec<Vec<Block>>,
    blocks: Vec<u64>,
    answers: Answers,
    reasons: Vec<Reason>,
    counts: Vec<u32>,
}

/// The answer about one lead.
#[derive(Clone, Copy, Debug)]
pub struct Reasons<'a> {
    why: &'a WhyNot,
    places: &'a [u32],
    reasons: &'a [Reason],
    counts: &'a [u32],
}

impl<'a> Reasons<'a> {
    /// How many contracts were looked at.
    pub fn considered(&self) -> usize {
        self.reasons.len()
    }

    /// How many of them the lead meets.
    pub fn matched(&self) -> usize {
        self.reasons.len() - self.counts.iter().map(|count| *count as usize).sum::<usize>()
    }

    /// How many contracts each condition is the first in the way of, in the order in which conditions are judged.
    pub fn counts(&self) -> impl Iterator<Item = (&'a str, u32)> {
        let counts = self.why.checks.iter().zip(self.counts).filter(|(_, count)| **count > 0);
        counts.map(|(check, count)| (check.as_str(), *count))
    }

    /// Each contract by the caller's number, with the first condition that is not met: its name, and whether it is
    /// false or unknown. None where all are met.
    pub fn each(&self) -> impl Iterator<Item = (u32, Option<(&'a str, Truth)>)> {
        let why = self.why;
        let named = move |reason: &Reason| {
            let (check, truth) = reason.read()?;
            Some((why.checks.get(check)?.as_str(), truth))
        };
        self.places.iter().copied().zip(self.reasons.iter().map(named))
    }
}

impl WhyNot {
    /// Compiles it, from an index and the contracts that it was made of.
    pub fn new(index: &Index, contracts: &[(u32, Option<&Criteria>)]) -> Self {
        let criteria: BTreeMap<u32, &Criteria> =
            contracts.iter().filter_map(|(place, criteria)| Some((*place, (*criteria)?))).collect();
        let checks = checks(criteria.values().copied());
        let numbers: BTreeMap<&str, u16> = checks.iter().map(String::as_str).zip(0..).collect();
        let named: BTreeMap<String, u32> = index.attributes.named().collect();
        let mut tables: BTreeMap<u32, (Table, bool)> = BTreeMap::new();
        for (place, rows) in index.rows.iter().enumerate() {
            tables.insert(rows.attribute, (Table::Rows(place), rows.is_exact()));
        }
        for (place, postings) in index.postings.iter().enumerate() {
            tables.insert(postings.attribute, (Table::Postings(place), true));
        }
        let is_in_a_table = |line: &Line, check: &str| {
            let table = named.get(check).and_then(|attribute| tables.get(attribute));
            matches!(line, Line::Field(_) | Line::List { .. }) && table.is_some_and(|(_, exact)| *exact)
        };
        let mut apart = vec![Block::NONE; index.all.len()];
        let mut late = apart.clone();
        let mut lines: Vec<Box<[u16]>> = vec![Box::default(); index.places.len()];
        for (number, place) in index.places.iter().enumerate() {
            let Some(criteria) = criteria.get(place) else { continue };
            let check_of = |line: &Line| line.failing(&Nothing, Truth::Unknown).check;
            let (mut is_apart, mut is_late) = (false, false);
            for line in &criteria.lines {
                match line {
                    Line::Any(_) => is_late = true,
                    line => is_apart |= !is_in_a_table(line, &check_of(line)),
                }
            }
            if is_apart {
                set(&mut apart, number);
            } else if is_late {
                set(&mut late, number);
            }
            if is_apart {
                let number_of = |line: &Line| numbers.get(check_of(line).as_str()).copied().unwrap_or_default();
                lines[number] = criteria.lines.iter().map(number_of).collect();
            }
        }
        let ordered = named
            .iter()
            .filter_map(|(check, attribute)| Some((*numbers.get(check.as_str())?, tables.get(attribute)?.0)));
        let mut tables: Vec<(u16, Table)> = ordered.collect();
        tables.sort_by_key(|(check, _)| *check);
        let any = numbers.get("where.any").copied().unwrap_or_default();
        Self { checks, tables, apart, late, any, lines }
    }

    /// Why each contract does not get a lead. `index` is the one that this was made from; `criteria` gives those of a
    /// contract by the caller's number.
    pub fn ask<'s>(
        &'s self,
        index: &'s Index,
        facts: &dyn Facts,
        criteria: &dyn Fn(u32) -> Option<&'s Criteria>,
        scratch: &'s mut WhyScratch,
    ) -> Reasons<'s> {
        let WhyScratch { observed, scratch, posted, blocks, answers, reasons, counts } = scratch;
        index.observe(facts, observed, scratch);
        answers.forget(&index.formulas);
        let classes = observed.classes.as_slice();
        reasons.clear();
        reasons.resize(index.places.len(), Reason::default());
        counts.clear();
        counts.resize(self.checks.len(), 0);
        posted.resize_with(index.postings.len(), Vec::new);
        for (postings, bits) in index.postings.iter().zip(posted.iter_mut()) {
            let class = classes[postings.attribute as usize];
            postings.put((class != MISSING).then_some(class), bits, blocks);
        }
        let tables = || {
            self.tables.iter().map(|(check, table)| match table {
                Table::Rows(place) => {
                    let rows = &index.rows[*place];
                    let class = classes[rows.attribute as usize];
                    let class = (class != MISSING).then_some(class);
                    (*check, class.is_some(), rows.of(class).0)
                }
                Table::Postings(place) => {
                    let class = classes[index.postings[*place].attribute as usize];
                    (*check, class != MISSING, posted[*place].as_slice())
                }
            })
        };
        // What is false comes before what is unknown.
        let known = tables().filter(|(_, is_known, _)| *is_known).map(|(check, _, row)| (check, Truth::False, row));
        let missing = tables().filter(|(_, is_known, _)| !is_known).map(|(check, _, row)| (check, Truth::Unknown, row));
        let (known, missing): (Vec<_>, Vec<_>) = (known.collect(), missing.collect());
        for (block, all) in index.all.iter().enumerate() {
            let mut left = *all;
            left.without(&self.apart[block]);
            let out = &mut reasons[block * BLOCK..];
            for (check, truth, row) in &known {
                refuse(&mut left, &row[block], Reason::new(*check, *truth), out, &mut counts[usize::from(*check)]);
            }
            // Alternatives come last among the conditions: false ones before everything that is unknown.
            let mut accepts = |number: usize, ask: Ask| {
                index.formulas.accepts(index.formula_of[number], ask, classes, facts, answers)
            };
            let any = self.any;
            let mut asked = left;
            asked.and(&self.late[block]);
            asked.each(|place| {
                if !accepts(block * BLOCK + place, Ask::NotFalse) {
                    left.remove(place);
                    out[place] = Reason::new(any, Truth::False);
                    counts[usize::from(any)] += 1;
                }
            });
            for (check, truth, row) in &missing {
                refuse(&mut left, &row[block], Reason::new(*check, *truth), out, &mut counts[usize::from(*check)]);
            }
            let mut asked = left;
            asked.and(&self.late[block]);
            asked.each(|place| {
                if !accepts(block * BLOCK + place, Ask::IsTrue) {
                    out[place] = Reason::new(any, Truth::Unknown);
                    counts[usize::from(any)] += 1;
                }
            });
            let mut apart = self.apart[block];
            apart.and(all);
            apart.each(|place| {
                let number = block * BLOCK + place;
                let Some((line, truth)) = criteria(index.places[number]).and_then(|of| of.first_failing(facts)) else {
                    return;
                };
                let Some(check) = self.lines[number].get(line) else { return };
                out[place] = Reason::new(*check, truth);
                counts[usize::from(*check)] += 1;
            });
        }
        Reasons { why: self, places: &index.places, reasons, counts }
    }
}

/// Takes those out that a row does not hold, and says why of each.
fn refuse(left: &mut Block, row: &Block, reason: Reason, out: &mut [Reason], count: &mut u32) {
    for (n, (left, row)) in left.0.iter_mut().zip(row.0).enumerate() {
        let mut refused = *left & !row;
        *left &= row;
        *count += refused.count_ones();
        while refused != 0 {
            out[n * 64 + refused.trailing_zeros() as usize] = reason;
            refused &= refused - 1;
        }
    }
}

/// The names of all conditions, in the order in which they are judged.
fn checks<'a>(criteria: impl Iterator<Item = &'a Criteria>) -> Vec<String> {
    let mut all = std::collections::BTreeSet::new();
    for line in criteria.flat_map(|criteria| &criteria.lines) {
        let rank = match line {
            Line::List { .. } => 1,
            Line::Any(_) | Line::All(_) => 2,
            _ => 0,
        };
        all.insert((rank, line.failing(&Nothing, Truth::Unknown).check));
    }
    all.into_iter().map(|(_, check)| check).collect()
}

/// A lead without anything, to ask a line for its name.
struct Nothing;

impl Facts for Nothing {
    fn value(&self, _: &str) -> Option<&Value> {
        None
    }

    fn each(&self, _: &mut dyn FnMut(&str, &Value)) {}

    fn in_list(&self, _: &str) -> Option<bool> {
        None
    }

    fn today(&self) -> Date {
        Date::FIRST
    }
}
