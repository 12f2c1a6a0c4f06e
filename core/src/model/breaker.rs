//! Circuit breakers: whether a buyer is called at all.

use serde::{Deserialize, Serialize};
use std::str::FromStr;

/// For what a buyer is called.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Channel {
    /// It gets leads that it bought.
    #[default]
    Post,
    /// It is asked for a bid.
    Ping,
}

impl Channel {
    /// The word on the wire.
    ///
    /// ```
    /// use leadwright::model::Channel;
    /// assert_eq!("ping".parse(), Ok(Channel::Ping));
    /// ```
    pub fn as_str(self) -> &'static str {
        match self {
            Channel::Post => "post",
            Channel::Ping => "ping",
        }
    }
}

impl FromStr for Channel {
    type Err = ();
    fn from_str(word: &str) -> Result<Self, ()> {
        [Channel::Post, Channel::Ping].into_iter().find(|channel| channel.as_str() == word).ok_or(())
    }
}

/// Where a breaker stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum BreakerState {
    /// The buyer is called, and calls are counted.
    #[default]
    Closed,
    /// Too many calls failed: it is not called until a time.
    Open,
    /// That time is over: a few calls show whether it answers again.
    HalfOpen,
    /// Somebody said that it is not called.
    ForcedOpen,
    /// Somebody said that nothing is counted, and that it is called whatever happens.
    Disabled,
    /// Somebody said that calls are counted, and that it is called whatever they show.
    MetricsOnly,
}

impl BreakerState {
    /// All of them.
    pub const ALL: [BreakerState; 6] = [
        BreakerState::Closed,
        BreakerState::Open,
        BreakerState::HalfOpen,
        BreakerState::ForcedOpen,
        BreakerState::Disabled,
        BreakerState::MetricsOnly,
    ];

    /// The word on the wire.
    ///
    /// ```
    /// use leadwright::model::BreakerState;
    /// assert_eq!("half_open".parse(), Ok(BreakerState::HalfOpen));
    /// ```
    pub fn as_str(self) -> &'static str {
        match self {
            BreakerState::Closed => "closed",
            BreakerState::Open => "open",
            BreakerState::HalfOpen => "half_open",
            BreakerState::ForcedOpen => "forced_open",
            BreakerState::Disabled => "disabled",
            BreakerState::MetricsOnly => "metrics_only",
        }
    }
}

impl FromStr for BreakerState {
    type Err = ();
    fn from_str(word: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|state| state.as_str() == word).ok_or(())
    }
}
