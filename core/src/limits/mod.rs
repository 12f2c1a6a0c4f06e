//! Caps, windows and hours: arithmetic over counters and civil time. Nothing here reads a clock.

mod call;
mod cap;
mod schedule;
mod window;
mod zone;

pub use call::{CallRule, CallRules, CallTimes, Checked};
pub use cap::{Cap, Measure, Owner};
pub use schedule::{OpenHours, Schedule};
pub use window::{Window, WindowKey};
pub use zone::{Zone, ZoneError};
