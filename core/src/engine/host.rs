//! What the host gives: time, secrets, and an ear. The core has none of them by itself.

use super::doors::Decided;
use crate::model::{Error, Timestamp};

/// The wall clock.
pub trait Clock {
    /// The time now.
    fn now(&self) -> Timestamp;
}

/// Secrets by name: a plan holds only `secret://name`.
pub trait Secrets {
    /// The secret.
    ///
    /// # Errors
    /// When there is none of this name.
    fn secret(&self, name: &str) -> Result<String, Error>;
}

/// Is told of every decision after it was recorded. What it does has no effect on the decision.
pub trait Observer: Send + Sync {
    /// A decision was recorded.
    fn decided(&self, decided: &Decided);
}
