//! Who of the eligible contracts of a group gets the lead.
//!
//! Pure: the state of the group goes in, the choice and the next state come out.

mod method;
mod shares;

pub use method::{Candidate, Method, pick};
pub use shares::{after_sale, weights_signature};
