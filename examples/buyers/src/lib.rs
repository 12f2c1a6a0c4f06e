//! Buyers by script, over real sockets: for tests, benches and demos. They accept, reject, hang, fail, flap, answer slowly,
//! take a lead and say that they did not, call back later, and bid; and they keep a ledger of what they took, which is the
//! truth that a test compares with. The same seed gives the same run.
#![forbid(unsafe_code)]
// A server has a clock, and hashes by chance stay inside of it; both bans are for the core.
#![allow(clippy::disallowed_methods, clippy::disallowed_types)]

mod answer;
mod ledger;
mod script;
mod server;

pub use ledger::{Count, Ledger, Taken};
pub use script::{Buyer, Does, Lie, Script};
pub use server::{Server, Sign, start};
