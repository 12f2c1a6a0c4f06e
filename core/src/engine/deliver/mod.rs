//! The outbox is worked off: claim, report, redrive. The host sends; nothing here opens a socket.
//!
//! The attempt is committed before a lead is handed out. So whoever dies in between leaves an attempt without an end, of which
//! nobody knows how it ended once its claim is over, and which is then never taken for one that did not happen.

mod asks;
mod claim;
mod desks;
mod ends;
mod holds;
mod ours;
mod price;
mod redrive;
mod report;
mod requests;
mod seen;
mod taken;
mod terms;

pub(super) use desks::Desks;
pub(super) use price::taken_off;
pub use requests::{NoRequest, Posting};
