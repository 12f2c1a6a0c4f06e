//! The ledger of parity: one SQLite file of its own, never the app's and never the engine's store. Threads and processes
//! may write it together; after `fork` the child opens the file anew by itself.

mod batch;
mod file;
mod keep;
mod pairs;
mod read;
mod record;
mod shown;

pub use file::Ledger;
pub use keep::Forgotten;
pub use pairs::Pair;
pub use record::Parity;
