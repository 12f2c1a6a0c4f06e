//! What many leads came to: problems grouped and counted.

mod ledger;

pub use ledger::{Fingerprint, Group, Ledger};
