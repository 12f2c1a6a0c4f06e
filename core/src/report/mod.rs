//! What many leads came to: problems grouped and counted, and the words for them.

mod ledger;
mod messages;

pub use crate::model::Fingerprint;
pub use ledger::{Group, Ledger};
pub use messages::Messages;
