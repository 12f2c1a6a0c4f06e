//! Why a relay ends.

use leadwright::model::Error;
use std::fmt;

/// Why a relay cannot go on. A broker that is away is no such reason: see [`Step::Fault`](crate::Step::Fault).
#[derive(Debug)]
#[non_exhaustive]
pub enum RelayError {
    /// The store: `events.fenced` when another relay reads under the name now, or `store.*`.
    Store(Error),
    /// The broker refuses what is published, and would refuse it again.
    Refused(String),
    /// The broker has events behind which this log cannot go on: those of another store, or of a time that this store, put
    /// back from a backup, does not know. The position is that of the last one.
    Conflict(u64),
}

impl fmt::Display for RelayError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Store(error) => error.fmt(f),
            Self::Refused(why) => write!(f, "the broker refuses: {why}"),
            Self::Conflict(position) => write!(
                f,
                "the last event that the broker has, at position {position}, is none of this store; \
                 relay to another stream, or empty this one"
            ),
        }
    }
}

impl std::error::Error for RelayError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Store(error) => Some(error),
            Self::Refused(_) | Self::Conflict(_) => None,
        }
    }
}

impl From<Error> for RelayError {
    fn from(error: Error) -> Self {
        Self::Store(error)
    }
}
