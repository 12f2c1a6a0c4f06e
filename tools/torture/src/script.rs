//! The same leads in the same transactions, so that what a broken disk leaves can be held against what a good one has.

use crate::{market, shim, worker};
use fastrand::Rng;
use leadwright::engine::{Engine, Prepared};
use leadwright::model::Durability;
use leadwright::plan::Plan;
use leadwright::store::{SqliteOptions, SqliteStore, Store};
use std::path::Path;
use std::sync::Arc;

/// Leads that share a transaction.
pub(crate) type Step = Vec<Prepared>;

/// So many transactions of one to `most` leads, made ready.
pub(crate) fn steps(plan: &Plan, seed: u64, transactions: u64, most: u64) -> Result<Vec<Step>, String> {
    let memory = leadwright::store::MemoryStore::new();
    let engine = Engine::open(plan.clone(), memory).map_err(|error| error.to_string())?;
    let mut dice = Rng::with_seed(seed);
    let step = |transaction: u64| {
        let leads = dice.u64(1..=most);
        let lead = |n| market::lead(&format!("t{transaction}-{n}"), seed);
        (0..leads).map(|n| engine.prepare(lead(n).as_bytes(), market::tick(transaction / 8))).collect()
    };
    Ok((0..transactions).map(step).collect())
}

/// Whether the file is closed and opened again after this transaction: then its write-ahead log goes away.
pub(crate) fn rests(transaction: usize) -> bool {
    transaction % 9 == 8
}

/// Decides the script on a good disk, behind the shim, which is told what was acknowledged. A long one closes its file never,
/// so that the write-ahead log grows until it is brought into the file by itself.
pub(crate) fn record(path: &Path, seed: u64, transactions: u64, durability: &str) -> Result<(), String> {
    let durability = if durability == "relaxed" { Durability::Relaxed } else { Durability::Full };
    let options = SqliteOptions { durability, ..SqliteOptions::default() };
    let store = Arc::new(SqliteStore::with_options(path, options).map_err(|error| error.to_string())?);
    let plan = market::shared();
    let steps = steps(&plan, seed, transactions, 4)?;
    let engine = Engine::with_options(plan, store.clone(), Default::default()).map_err(|error| error.to_string())?;
    for (at, step) in steps.iter().enumerate() {
        for decided in engine.settle(step).map_err(|error| error.to_string())? {
            let said =
                shim::acknowledge(&format!("{} {}", decided.id, worker::digest(&decided.body)).replace('/', "|"));
            if !said {
                return Err("there is no shim".into());
            }
        }
        if rests(at) && transactions < 100 {
            store.rest();
            store.wake();
        }
    }
    Ok(())
}
