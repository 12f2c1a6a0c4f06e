//! Postings: for each class of an attribute the contracts that want it, or that refuse it.

use super::rows::{BLOCK, Block, clear, full, set, summary};

/// The postings of one attribute.
#[derive(Clone, Debug)]
pub(super) struct Postings {
    pub(super) attribute: u32,
    /// Contracts that no class is posted for: they do not ask, or refuse a few classes.
    free: Vec<Block>,
    free_summary: Vec<u64>,
    /// Contracts that do not mind when a lead does not have the attribute.
    missing: Vec<Block>,
    missing_summary: Vec<u64>,
    wanted: Lists,
    refused: Lists,
}

/// Numbers by class, one list after the other.
#[derive(Clone, Debug, Default)]
struct Lists {
    starts: Vec<u32>,
    numbers: Vec<u32>,
}

impl Lists {
    fn of(&self, class: u32) -> &[u32] {
        match self.starts.get(class as usize..class as usize + 2) {
            Some(&[start, end]) => &self.numbers[start as usize..end as usize],
            _ => &[],
        }
    }
}

/// What a contract has to say about an attribute.
pub(super) enum Wish {
    /// Only these classes.
    Wants,
    /// All but these classes.
    Refuses,
}

/// Shows the classes of each contract that asks about the attribute: number, wish, whether it may be missing, classes.
pub(super) type Show<'a> = &'a dyn Fn(&mut dyn FnMut(u32, Wish, bool, &mut dyn Iterator<Item = u32>));

impl Postings {
    /// `show` is asked twice: to count, and to fill.
    pub(super) fn new(attribute: u32, classes: u32, contracts: usize, show: Show<'_>) -> Self {
        let (mut free, mut missing) = (full(contracts), full(contracts));
        let mut wanted = vec![0_u32; classes as usize + 1];
        let mut refused = vec![0_u32; classes as usize + 1];
        show(&mut |contract, wish, missing_ok, classes| {
            if !missing_ok {
                clear(&mut missing, contract as usize);
            }
            let counts = match wish {
                Wish::Wants => {
                    clear(&mut free, contract as usize);
                    &mut wanted
                }
                Wish::Refuses => &mut refused,
            };
            classes.for_each(|class| counts[class as usize] += 1);
        });
        let (mut wanted, mut refused) = (Filling::new(wanted), Filling::new(refused));
        show(&mut |contract, wish, _, classes| {
            let into = match wish {
                Wish::Wants => &mut wanted,
                Wish::Refuses => &mut refused,
            };
            classes.for_each(|class| into.push(class, contract));
        });
        let (free_summary, missing_summary) = (summary(&free), summary(&missing));
        let (wanted, refused) = (wanted.lists(), refused.lists());
        Self { attribute, free, free_summary, missing, missing_summary, wanted, refused }
    }

    /// Puts the contracts that want a class into `bits`, and the blocks that may have any into `blocks`; `None` is for
    /// a lead without the attribute.
    pub(super) fn put(&self, class: Option<u32>, bits: &mut Vec<Block>, blocks: &mut Vec<u64>) {
        bits.clear();
        blocks.clear();
        let Some(class) = class else {
            bits.extend_from_slice(&self.missing);
            return blocks.extend_from_slice(&self.missing_summary);
        };
        bits.extend_from_slice(&self.free);
        blocks.extend_from_slice(&self.free_summary);
        for contract in self.refused.of(class) {
            clear(bits, *contract as usize);
        }
        for contract in self.wanted.of(class) {
            let contract = *contract as usize;
            set(bits, contract);
            blocks[contract / BLOCK / 64] |= 1 << (contract / BLOCK % 64);
        }
    }
}

/// Lists while they are filled.
struct Filling {
    lists: Lists,
    next: Vec<u32>,
}

impl Filling {
    /// Turns counts by class into places.
    fn new(mut counts: Vec<u32>) -> Self {
        let mut start = 0;
        for count in &mut counts {
            start += std::mem::replace(count, start);
        }
        if start == 0 {
            counts.clear();
        }
        Self { next: counts.clone(), lists: Lists { starts: counts, numbers: vec![0; start as usize] } }
    }

    fn push(&mut self, class: u32, number: u32) {
        let next = &mut self.next[class as usize];
        self.lists.numbers[*next as usize] = number;
        *next += 1;
    }

    fn lists(self) -> Lists {
        self.lists
    }
}
