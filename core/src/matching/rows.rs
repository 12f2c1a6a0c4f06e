//! Rows of bits, a bit for each contract.

use super::domain::Domain;
use super::runs::Runs;

/// 512 contracts, in one line of the cache.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(align(64))]
pub(super) struct Block(pub(super) [u64; 8]);

impl Block {
    pub(super) const NONE: Block = Block([0; 8]);

    pub(super) fn and(&mut self, other: &Block) {
        (0..8).for_each(|n| self.0[n] &= other.0[n]);
    }

    /// Takes one contract out, by its place in the block.
    pub(super) fn remove(&mut self, place: usize) {
        self.0[place / 64] &= !(1 << (place % 64));
    }

    pub(super) fn without(&mut self, other: &Block) {
        (0..8).for_each(|n| self.0[n] &= !other.0[n]);
    }

    /// Shows the place of each bit.
    pub(super) fn each(&self, mut see: impl FnMut(usize)) {
        for (n, word) in self.0.iter().enumerate() {
            let mut left = *word;
            while left != 0 {
                see(n * 64 + left.trailing_zeros() as usize);
                left &= left - 1;
            }
        }
    }
}

/// Contracts of a block.
pub(super) const BLOCK: usize = 512;

/// Most rows of an attribute whose classes have an order; with more classes neighbours share a row.
const MOST: u32 = 256;

/// How many blocks and how many words of a summary so many contracts need.
pub(super) fn sizes(contracts: usize) -> (usize, usize) {
    let blocks = contracts.div_ceil(BLOCK);
    (blocks, blocks.div_ceil(64))
}

/// A row with all contracts.
pub(super) fn full(contracts: usize) -> Vec<Block> {
    let mut row = vec![Block([u64::MAX; 8]); sizes(contracts).0];
    for place in contracts..row.len() * BLOCK {
        clear(&mut row, place);
    }
    row
}

pub(super) fn set(row: &mut [Block], place: usize) {
    row[place / BLOCK].0[place % BLOCK / 64] |= 1 << (place % 64);
}

pub(super) fn clear(row: &mut [Block], place: usize) {
    row[place / BLOCK].0[place % BLOCK / 64] &= !(1 << (place % 64));
}

/// A bit for each block that has any bit.
pub(super) fn summary(row: &[Block]) -> Vec<u64> {
    let mut words = vec![0; row.len().div_ceil(64)];
    for (place, _) in row.iter().enumerate().filter(|(_, block)| **block != Block::NONE) {
        words[place / 64] |= 1 << (place % 64);
    }
    words
}

/// The rows of one attribute: one for each class, or run of classes, and one for leads without it.
#[derive(Clone, Debug)]
pub(super) struct Rows {
    pub(super) attribute: u32,
    classes: u32,
    /// Without the last one, for leads without the attribute.
    rows: u32,
    bits: Vec<Block>,
    summaries: Vec<u64>,
    blocks: usize,
    words: usize,
}

impl Rows {
    /// Rows that nobody is excluded from yet.
    pub(super) fn new(attribute: u32, domain: &Domain, contracts: usize) -> Self {
        let classes = domain.count();
        let rows = if domain.is_words() { classes } else { classes.min(MOST) };
        let (blocks, words) = sizes(contracts);
        let one = full(contracts);
        let bits = one.iter().copied().cycle().take(blocks * (rows as usize + 1)).collect();
        Self { attribute, classes, rows, bits, summaries: Vec::new(), blocks, words }
    }

    /// Whether each class has a row of its own, so that rows say exactly who wants it.
    pub(super) fn is_exact(&self) -> bool {
        self.rows == self.classes
    }

    /// The row of a class; `None` for a lead without the attribute.
    fn row_of(&self, class: Option<u32>) -> usize {
        match class {
            Some(class) if self.rows == self.classes => class as usize,
            Some(class) => (u64::from(class) * u64::from(self.rows) / u64::from(self.classes)) as usize,
            None => self.rows as usize,
        }
    }

    /// Excludes a contract from the rows of the classes that it does not want. Whether the rows now say exactly what it
    /// wants; if not, they let too much through.
    pub(super) fn restrict(&mut self, contract: usize, wanted: &Runs, missing_ok: bool) -> bool {
        let mut exact = true;
        let mut next = 0;
        for (start, end) in wanted.as_slice() {
            let (first, last) = (self.row_of(Some(*start)), self.row_of(Some(end - 1)));
            let starts_row = *start == 0 || self.row_of(Some(start - 1)) < first;
            let ends_row = *end == self.classes || self.row_of(Some(*end)) > last;
            exact &= starts_row && ends_row;
            (next..first).for_each(|row| self.clear(row, contract));
            next = next.max(last + 1);
        }
        (next..self.rows as usize).for_each(|row| self.clear(row, contract));
        if !missing_ok {
            self.clear(self.rows as usize, contract);
        }
        exact
    }

    fn clear(&mut self, row: usize, contract: usize) {
        clear(&mut self.bits[row * self.blocks..(row + 1) * self.blocks], contract);
    }

    /// To be called when all contracts are in.
    pub(super) fn summarize(&mut self) {
        self.summaries = self.bits.chunks(self.blocks.max(1)).flat_map(summary).collect();
    }

    /// The bits and the summary for a class; `None` for a lead without the attribute.
    pub(super) fn of(&self, class: Option<u32>) -> (&[Block], &[u64]) {
        let row = self.row_of(class);
        let bits = &self.bits[row * self.blocks..(row + 1) * self.blocks];
        (bits, &self.summaries[row * self.words..(row + 1) * self.words])
    }
}
