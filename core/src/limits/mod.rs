//! Caps, windows and hours: arithmetic over counters and civil time. Nothing here reads a clock.

mod call;
mod cap;
mod lease;
mod pace;
mod rate;
mod schedule;
mod window;
mod zone;

pub use call::{CallRule, CallRules, CallTimes, Checked};
pub use cap::{Cap, Measure, Owner};
pub use lease::{Budget, Lease, Purse, Receipt, Ticket, part};
pub use pace::{Progress, progress};
pub use rate::Rate;
pub use schedule::{OpenHours, Schedule};
pub use window::{Starts, Window, WindowKey, over_on};
pub use zone::{Zone, ZoneError};
