//! Leads that wait: held by a policy, or kept because nobody could take them yet.

use super::ids::DecisionId;
use super::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::str::FromStr;

/// What a lead waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum WaitsFor {
    /// Somebody who looks at it: a policy of the plan holds it.
    Release,
    /// A list that could not be asked.
    List,
    /// The hours at which its consumer may be called.
    CallWindow,
    /// A contract with room: its criteria are met, and it may buy later.
    Retry,
}

impl WaitsFor {
    /// All of them.
    pub const ALL: [WaitsFor; 4] = [WaitsFor::Release, WaitsFor::List, WaitsFor::CallWindow, WaitsFor::Retry];

    /// The word on the wire.
    ///
    /// ```
    /// use leadwright::model::WaitsFor;
    /// assert_eq!("call_window".parse(), Ok(WaitsFor::CallWindow));
    /// assert_eq!(WaitsFor::CallWindow.as_str(), "call_window");
    /// ```
    pub fn as_str(self) -> &'static str {
        match self {
            WaitsFor::Release => "release",
            WaitsFor::List => "list",
            WaitsFor::CallWindow => "call_window",
            WaitsFor::Retry => "retry",
        }
    }
}

impl FromStr for WaitsFor {
    type Err = ();
    fn from_str(word: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|why| why.as_str() == word).ok_or(())
    }
}

/// A lead in the queue. Of each lead there is one row at most.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Waiting {
    /// The decision that put it there.
    pub decision: DecisionId,
    /// What it waits for.
    pub why: WaitsFor,
    /// When the lead first came: that is how old it is, where it does not say so itself.
    pub received: Timestamp,
    /// Since when it waits for this.
    pub since: Timestamp,
    /// When it is looked at again.
    pub due: Timestamp,
    /// When it does not wait any longer, whatever comes out.
    pub until: Timestamp,
    /// How often it was looked at and waits on.
    pub tries: u32,
}
