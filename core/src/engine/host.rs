//! What the host gives: time, secrets, and an ear. The core has none of them by itself.

use super::doors::Decided;
pub use crate::deliver::Secrets;
use crate::model::{Code, Timestamp};

/// The wall clock.
pub trait Clock {
    /// The time now.
    fn now(&self) -> Timestamp;
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
