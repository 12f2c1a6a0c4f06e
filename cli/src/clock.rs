//! The wall clock, which the core does not have.

use leadwright::engine::Clock;
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

#[expect(clippy::disallowed_methods, reason = "for the leads a second of the summary, which decides nothing")]
pub(crate) fn monotonic() -> Instant {
    Instant::now()
}
