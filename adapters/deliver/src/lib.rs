//! Works off the outbox: [`Delivery`] claims what is due, sends it as the plan says, and reports how it ended, in threads that
//! are there as long as the call. docs/delivery.md has the whole of it.
//!
//! Whatever happens to it, what it does not get to report is never taken for something that did not happen: an attempt is
//! written down before a lead is handed out.
#![forbid(unsafe_code)]
// Threads wait and calls are timed by the clock of the host, which decides nothing; the ban on clocks is for the core.
#![allow(clippy::disallowed_methods, clippy::disallowed_types)]

mod clock;
mod counts;
mod desk;
mod options;
mod run;
mod told;
mod work;

pub use counts::Delivered;
pub use options::DeliveryOptions;
pub use run::Delivery;
pub use told::Told;
