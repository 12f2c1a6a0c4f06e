//! One SQLite file: the store by default.
//!
//! Write-ahead log, `synchronous=FULL`, one writer at a time. Many processes may share the file.

mod care;
mod deliveries;
mod events;
mod fault;
mod half;
mod header;
mod history;
mod keys;
mod ledger;
mod look;
mod opened;
mod problems;
mod process;
mod queue;
mod reservations;
mod rollups;
mod schema;
mod sealed;
mod store;
mod work;

pub(crate) use care::{Audit, Horizon, PRUNED, Reach};
pub use care::{Census, Finding, FindingKind, Pruned, Size, TableSize};
pub use keys::Keys;
pub use store::{SqliteOptions, SqliteStore};
/// What another file of ours is opened with, beside a store.
pub(crate) use {
    fault::{at_commit, damaged, fault},
    process::{Connected, Process, begin, checkpoint},
    schema::Form,
};
