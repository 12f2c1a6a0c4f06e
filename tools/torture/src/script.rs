//! The same leads in the same transactions, so that what a broken disk leaves can be held against what a good one has.

use crate::{market, shim, worker};
use fastrand::Rng;
use leadwright::care;
use leadwright::engine::{Engine, EngineOptions, Prepared};
use leadwright::model::{Durability, Error};
use leadwright::plan::Plan;
use leadwright::store::{Keys, SqliteOptions, SqliteStore, Store};
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

/// How the store of a script keeps its leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Leads {
    /// In clear.
    Clear,
    /// In clear at first; then it is given keys, and what is in it is encrypted, too.
    Sealed,
}

impl Leads {
    /// The keys that a store has at the end.
    pub(crate) fn keys(self) -> Option<Keys> {
        (self == Leads::Sealed).then(|| Keys::new([("k1", [7; 32])]).expect("a key"))
    }

    /// As a process of this program is told.
    pub(crate) fn word(self) -> &'static str {
        if self == Leads::Sealed { "sealed" } else { "clear" }
    }

    /// Whether the store is given its keys before this transaction.
    pub(crate) fn begin(self, transaction: usize, of: usize) -> bool {
        self == Leads::Sealed && transaction == of / 3
    }
}

/// Encrypts what lies in clear, and takes it out of the file, as `leadwright store seal` does.
pub(crate) fn seal(store: &SqliteStore) -> Result<(), Error> {
    care::seal(store, &mut |_| {})?;
    store.vacuum()
}

/// Decides the script on a good disk, behind the shim, which is told what was acknowledged. A long one closes its file never,
/// but to be given keys, so that the write-ahead log grows until it is brought into the file by itself.
pub(crate) fn record(path: &Path, seed: u64, transactions: u64, durability: &str, leads: Leads) -> Result<(), String> {
    let durability = if durability == "relaxed" { Durability::Relaxed } else { Durability::Full };
    let plan = market::shared();
    let steps = steps(&plan, seed, transactions, 4)?;
    let open = |keys: Option<Keys>| {
        let options = SqliteOptions { durability, keys, ..SqliteOptions::default() };
        let store = Arc::new(SqliteStore::with_options(path, options)?);
        let engine = Engine::with_options(plan.clone(), store.clone(), EngineOptions::default())?;
        Ok::<_, Error>((store, engine))
    };
    let (mut store, mut engine) = open(None).map_err(|error| error.to_string())?;
    for (at, step) in steps.iter().enumerate() {
        if leads.begin(at, steps.len()) {
            // All connections are closed before another one is.
            drop((store, engine));
            (store, engine) = open(leads.keys()).map_err(|error| error.to_string())?;
            seal(&store).map_err(|error| error.to_string())?;
        }
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
