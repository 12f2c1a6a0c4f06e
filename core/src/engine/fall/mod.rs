//! A sale that does not come about: what it took is given back, and the lead is offered to the next one.
//!
//! A decision never changes. A buyer that refuses what it was sold makes its sale *fall*: caps and funds get back what it took,
//! in the windows where it was taken (rule 16), the turn was none (rule 27), what was posted is posted the other way round,
//! and the person is nobody's duplicate by it (rule 69). Then the lead is decided again, by the plan of now, with what became
//! of its offers (rules 37 and 42): that is the next decision of the lead, whose parent is the one that fell.
//!
//! All of it happens in the transaction that learns of the refusal.

mod chain;
mod honor;
mod next;
mod offers;
mod release;
mod resell;
mod sale;

pub(super) use chain::{RETURNED, fell, given_back};
pub(super) use offers::Offers;
pub(super) use release::Because;
pub(super) use sale::Sale;
