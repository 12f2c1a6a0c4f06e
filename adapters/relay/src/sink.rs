//! What a broker has to do for a relay.

use crate::{Mark, Message};
use std::fmt;

/// A broker, or whatever else takes events. It may block until it knows, but not without an end.
pub trait Sink {
    /// The last event of this log that the broker has, asked before the first batch and again after every fault. Where it
    /// has one, the relay goes on behind it, whatever the cursor says: what was published and not yet acknowledged is not
    /// published again, and what the broker lost after it had acknowledged it is.
    ///
    /// A sink that cannot tell answers `None`; then the relay goes on from the cursor, and the broker may get an event again.
    ///
    /// # Errors
    /// A [`Fault`], as with publishing.
    fn last(&mut self) -> Result<Option<Mark>, Fault> {
        Ok(None)
    }

    /// Publishes events in their order. Those that it counts are kept by the broker when it returns; where one could not be
    /// published, none behind it may be.
    fn publish(&mut self, messages: &[Message]) -> Published;

    /// There is nothing to publish now: the time to answer a broker that asks whether somebody is there.
    fn idle(&mut self) {}
}

/// How many events, from the first on, the broker has acknowledged, and why no more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    /// So many of the first.
    pub count: usize,
    /// Why not all.
    pub fault: Option<Fault>,
}

impl Published {
    /// All of them.
    #[must_use]
    pub fn all(messages: &[Message]) -> Self {
        Self { count: messages.len(), fault: None }
    }

    /// Only the first ones.
    #[must_use]
    pub fn only(count: usize, fault: Fault) -> Self {
        Self { count, fault: Some(fault) }
    }
}

/// Why a broker does not take what it is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It is away, slow or busy: the same may be taken later.
    Away(String),
    /// It will not take it later either, until somebody changes something.
    Refused(String),
}

impl std::error::Error for Fault {}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Away(why) | Self::Refused(why) => f.write_str(why),
        }
    }
}
