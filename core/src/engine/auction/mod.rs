//! Buyers are asked while somebody waits: for bids, and then to take the lead.
//!
//! No call is made inside of a transaction. Who is to be asked is found out on what the store says then; the answers are kept
//! with the lead; and the decision that uses them looks at everything again, under lock.

mod ask;
mod bids;
mod holds;
mod ping;
mod respond;
mod scout;
mod standing;
mod submit;

pub(super) use bids::Bids;
pub(super) use scout::Scouted;
