//! Who of the eligible contracts of a group gets the lead.
//!
//! Pure: the state of the group goes in, the choice and the next state come out.

mod method;
mod refund;
mod revenue;
mod shares;

pub use method::{Candidate, Method, Rule, ThenBy, pick, preferred};
pub use refund::after_refund;
pub use revenue::{Best, EXACT, NODES, Offer, Pot, Terms, Worth, best};
pub use shares::after_sale;
