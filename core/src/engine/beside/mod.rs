//! A system beside us that sells too: what it did is taken down, and what it is about to do takes its room from the same
//! limits. One authority over caps, duplicates and turns, whichever of the two sells.

mod bids;
mod observe;
mod reserve;
mod told;

pub use observe::ObservedLead;
pub(super) use reserve::give_back_what_is_over;
pub(super) use told::Observed;
