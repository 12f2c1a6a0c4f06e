//! Which contracts a lead meets: the criteria of a route, compiled into an index.
//!
//! A loop over [`Criteria::evaluate`](crate::rules::Criteria::evaluate) gives the same answer and takes thousands of
//! times longer. What makes the difference:
//!
//! - Values become **classes** that no contract tells apart (`domain`): ranges by their cut points, texts by a table.
//! - An attribute that many contracts ask about has a **row** of bits for each class, a bit for each contract
//!   (`rows`). Contracts are renumbered so that those with the same wishes stand together, and a summary with a bit
//!   for every 512 of them is looked at first.
//! - An attribute with very many values, as ZIP codes, has **postings** instead: for each class the contracts that
//!   want it (`postings`).
//! - Everything else, as `any` and rare fields, is a **formula** over tests that all contracts share (`formula`); it
//!   is asked only for contracts that are left after the rest.
//!
//! An index is built anew for each plan and never changed.
#![expect(clippy::indexing_slicing, reason = "places come from the build of the index; each is below its count")]

pub(crate) mod attributes;
mod build;
pub(crate) mod domain;
mod formula;
mod index;
mod matcher;
mod postings;
mod rows;
pub(crate) mod runs;
mod why;

pub use index::{Ask, Index, Observed, Scratch};
pub use matcher::Matcher;
pub use why::{Reasons, WhyNot, WhyScratch};
