//! The wall clock, which the core does not have.

use leadwright::engine::{Clock, Stopwatch};
use leadwright::model::Timestamp;
use std::time::{Instant, SystemTime};

/// The clock of this machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        now()
    }
}

#[expect(clippy::disallowed_methods, reason = "the command takes the time once where nobody gave one, and prints it")]
pub(crate) fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    Timestamp::EPOCH.plus_millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

/// Goes on from when it was made, whatever happens to the wall clock.
#[derive(Clone, Copy, Debug)]
pub struct SystemStopwatch(Instant);

impl Default for SystemStopwatch {
    fn default() -> Self {
        Self(monotonic())
    }
}

impl Stopwatch for SystemStopwatch {
    fn micros(&self) -> u64 {
        u64::try_from(self.0.elapsed().as_micros()).unwrap_or(u64::MAX)
    }
}

#[expect(clippy::disallowed_methods, reason = "for leads a second and for how long things took, which decides nothing")]
pub(crate) fn monotonic() -> Instant {
    Instant::now()
}
