//! Caps, windows and hours: arithmetic over counters and civil time. Nothing here reads a clock.

mod cap;
mod schedule;
mod window;
mod zone;

pub use cap::{Cap, Measure, Owner};
pub use schedule::{OpenHours, Schedule};
pub use window::{Window, WindowKey};
pub use zone::{Zone, ZoneError};
