//! The time, and how long to wait before the store is asked again.

use leadwright::engine::Clock;
use leadwright::model::{Code, Error, Timestamp};
use std::time::{Duration, SystemTime};

/// The first wait after the store failed, and the longest.
const FIRST: Duration = Duration::from_millis(50);
const LONGEST: Duration = Duration::from_secs(5);

/// The clock of this machine.
pub(crate) struct System;

impl Clock for System {
    fn now(&self) -> Timestamp {
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        Timestamp::EPOCH.plus_millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }
}

/// How long to wait after so many failures.
pub(crate) fn pause(failures: u32) -> Duration {
    FIRST.saturating_mul(1 << failures.saturating_sub(1).min(10)).min(LONGEST)
}

/// Whether the store may do it a little later.
pub(crate) fn may_pass(error: &Error) -> bool {
    use Code::{StoreBusy, StoreCommitUnknown, StoreFull, StoreIo, StoreUnreachable};
    matches!(error.code(), StoreBusy | StoreCommitUnknown | StoreFull | StoreIo | StoreUnreachable)
}
