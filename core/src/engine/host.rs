//! What the host gives: time, secrets, and an ear. The core has none of them by itself.

use super::doors::Decided;
pub use crate::deliver::Secrets;
use crate::deliver::Transport;
use crate::model::{Code, Timestamp};

/// The wall clock.
pub trait Clock {
    /// The time now.
    fn now(&self) -> Timestamp;
}

/// The world outside, for the doors that ask buyers while somebody waits.
#[derive(Clone, Copy)]
pub struct Outside<'a> {
    /// Who makes requests.
    pub transport: &'a dyn Transport,
    /// What requests are signed and authorized with.
    pub secrets: &'a dyn Secrets,
    /// What time it is when an answer comes.
    pub clock: &'a dyn Clock,
}

impl std::fmt::Debug for Outside<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Outside")
    }
}

/// A clock that only ever goes on, for who wants to know how long something took.
pub trait Stopwatch: Send + Sync {
    /// Microseconds since some moment.
    fn micros(&self) -> u64;
}

/// Is told of every decision after it was recorded, and of transactions. What it does has no effect on the decision. It must
/// not call the engine, which waits for it, nor panic: others wait for the same transaction.
pub trait Observer: Send + Sync {
    /// A decision was recorded.
    fn decided(&self, decided: &Decided);

    /// These were committed in one transaction.
    fn committed(&self, decided: &[Decided]) {
        decided.iter().for_each(|decided| self.decided(decided));
    }

    /// A caller of [`decide`](super::Engine::decide) waited for so long until the transaction with its lead began. Told only
    /// where the engine has a [`Stopwatch`].
    fn waited(&self, _micros: u64) {}

    /// A transaction ended, well or with an error of this code, after so many microseconds.
    fn written(&self, _micros: Option<u64>, _failed: Option<Code>) {}
}
