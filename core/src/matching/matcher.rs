//! An index with scratch room for whoever asks it.

use super::index::{Ask, Index, Scratch};
use crate::rules::{Criteria, Facts};
use std::sync::{Mutex, PoisonError};

/// More rooms than this are not kept: hardly more threads search at once.
const KEPT: usize = 64;

/// An [`Index`] that many threads may ask, each in room of its own that is kept for the next.
#[derive(Debug)]
pub struct Matcher {
    index: Index,
    spare: Mutex<Vec<Scratch>>,
}

impl Matcher {
    /// Compiles criteria, as [`Index::new`].
    pub fn new(contracts: &[(u32, Option<&Criteria>)]) -> Self {
        Self { index: Index::new(contracts), spare: Mutex::new(Vec::new()) }
    }

    /// The index.
    pub fn index(&self) -> &Index {
        &self.index
    }

    /// The contracts that a lead meets, by their numbers in ascending order.
    pub fn find(&self, facts: &dyn Facts, ask: Ask) -> Vec<u32> {
        let spare = || self.spare.lock().unwrap_or_else(PoisonError::into_inner);
        let mut scratch = spare().pop().unwrap_or_default();
        let found = self.index.find(facts, ask, &mut scratch).to_vec();
        let mut spare = spare();
        if spare.len() < KEPT {
            spare.push(scratch);
        }
        found
    }
}
