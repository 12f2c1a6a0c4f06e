//! The index, and how it is asked.

use super::attributes::{Attributes, MISSING};
use super::build::{MOST_ROWS, build};
use super::formula::{Answers, Formulas};
use super::postings::Postings;
use super::rows::{BLOCK, Block, Rows};
use crate::rules::{Criteria, Facts};

/// What is asked of criteria.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ask {
    /// Whether they are met: what a contract needs to get a lead.
    IsTrue,
    /// Whether they can still be met: what a ping with some fields of a lead needs to be answered.
    NotFalse,
}

/// The criteria of many contracts, compiled.
#[derive(Clone, Debug)]
pub struct Index {
    /// The place in the plan of each contract, by its number here.
    pub(super) places: Vec<u32>,
    pub(super) attributes: Attributes,
    pub(super) all: Vec<Block>,
    pub(super) all_summary: Vec<u64>,
    pub(super) rows: Vec<Rows>,
    pub(super) postings: Vec<Postings>,
    pub(super) has_formula: Vec<Block>,
    pub(super) formula_of: Vec<u32>,
    pub(super) formulas: Formulas,
}

/// A lead as an index sees it: a class for each attribute.
#[derive(Clone, Debug, Default)]
pub struct Observed {
    pub(super) classes: Vec<u32>,
}

/// What a search needs room for. Kept by who searches again and again, nothing is allocated once it has grown.
#[derive(Clone, Debug, Default)]
pub struct Scratch {
    observed: Observed,
    text: String,
    bits: Vec<Block>,
    blocks: Vec<u64>,
    more_bits: Vec<Block>,
    more_blocks: Vec<u64>,
    answers: Answers,
    found: Vec<u32>,
}

impl Index {
    /// Compiles criteria. Each contract has a number of the caller's; without criteria it takes every lead.
    ///
    /// Takes some ten milliseconds for ten thousand contracts.
    pub fn new(contracts: &[(u32, Option<&Criteria>)]) -> Self {
        build(contracts)
    }

    /// How many contracts are in it.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Whether there is no contract in it.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// The contracts that a lead meets, by their numbers in ascending order: exactly those whose
    /// [`evaluate`](Criteria::evaluate) is as asked.
    pub fn find<'s>(&self, facts: &dyn Facts, ask: Ask, scratch: &'s mut Scratch) -> &'s [u32] {
        let mut observed = std::mem::take(&mut scratch.observed);
        self.observe(facts, &mut observed, scratch);
        let count = self.search(&observed, facts, ask, scratch).len();
        scratch.observed = observed;
        let found = &mut scratch.found[..count];
        found.sort_unstable();
        found
    }

    /// The first half of [`find`](Self::find): the values of the lead become classes.
    pub fn observe(&self, facts: &dyn Facts, observed: &mut Observed, scratch: &mut Scratch) {
        self.attributes.observe(facts, &mut observed.classes, &mut scratch.text);
    }

    /// The second half of [`find`](Self::find), for a lead as it was observed: the same contracts in no order.
    pub fn search<'s>(&self, observed: &Observed, facts: &dyn Facts, ask: Ask, scratch: &'s mut Scratch) -> &'s [u32] {
        let classes = observed.classes.as_slice();
        let Scratch { bits, blocks, more_bits, more_blocks, answers, found, .. } = scratch;
        answers.forget(&self.formulas);
        found.resize(self.places.len(), 0);
        let mut rows: [(&[Block], &[u64]); MOST_ROWS] = [(&[], &[]); MOST_ROWS];
        let mut used = 0;
        for row in &self.rows {
            match classes[row.attribute as usize] {
                MISSING if ask == Ask::NotFalse => continue,
                MISSING => rows[used] = row.of(None),
                class => rows[used] = row.of(Some(class)),
            }
            used += 1;
        }
        let rows = &rows[..used];
        self.post(ask, classes, [bits, more_bits], [blocks, more_blocks]);
        let mut count = 0;
        for (place, word) in blocks.iter().enumerate() {
            let mut left = rows.iter().fold(*word, |all, (_, summary)| all & summary[place]);
            while left != 0 {
                let block = place * 64 + left.trailing_zeros() as usize;
                left &= left - 1;
                let mut all = bits[block];
                rows.iter().for_each(|(row, _)| all.and(&row[block]));
                if all == Block::NONE {
                    continue;
                }
                for (n, (word, asks)) in all.0.into_iter().zip(self.has_formula[block].0).enumerate() {
                    let first = block * BLOCK + n * 64;
                    let mut word = word;
                    let mut asked = word & asks;
                    while asked != 0 {
                        let bit = asked.trailing_zeros();
                        asked &= asked - 1;
                        let formula = self.formula_of[first + bit as usize];
                        if !self.formulas.accepts(formula, ask, classes, facts, answers) {
                            word &= !(1 << bit);
                        }
                    }
                    while word != 0 {
                        found[count] = self.places[first + word.trailing_zeros() as usize];
                        count += 1;
                        word &= word - 1;
                    }
                }
            }
        }
        &found[..count]
    }

    /// Who is left after the postings: bits, and the blocks that may have any.
    fn post(&self, ask: Ask, classes: &[u32], bits: [&mut Vec<Block>; 2], blocks: [&mut Vec<u64>; 2]) {
        let ([bits, more_bits], [blocks, more_blocks]) = (bits, blocks);
        let mut is_first = true;
        for postings in &self.postings {
            let class = match classes[postings.attribute as usize] {
                MISSING if ask == Ask::NotFalse => continue,
                MISSING => None,
                class => Some(class),
            };
            if is_first {
                postings.put(class, bits, blocks);
                is_first = false;
                continue;
            }
            postings.put(class, more_bits, more_blocks);
            for (all, more) in bits.iter_mut().zip(more_bits.iter()) {
                all.and(more);
            }
            blocks.iter_mut().zip(more_blocks.iter()).for_each(|(all, more)| *all &= more);
        }
        if is_first {
            bits.clone_from(&self.all);
            blocks.clone_from(&self.all_summary);
        }
    }
}
