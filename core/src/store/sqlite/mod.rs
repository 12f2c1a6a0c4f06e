//! One SQLite file: the store by default.
//!
//! Write-ahead log, `synchronous=FULL`, one writer at a time. Many processes may share the file.

mod events;
mod fault;
mod header;
mod look;
mod problems;
mod process;
mod queue;
mod rollups;
mod schema;
mod store;
mod work;

pub use store::{SqliteOptions, SqliteStore};
