//! The error ledger: problems of decisions that are the same problem again, one row each, with what people said about it.

use crate::model::{Fingerprint, Timestamp};
use crate::report::Group;
use serde::{Deserialize, Serialize};
use std::str::FromStr;

/// So many rows a tenant has at most: paths come from outside. What comes then is counted by code and source.
pub const MOST_GROUPS: usize = 10_000;

/// What is known of a problem.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum GroupState {
    /// Nobody has looked at it.
    #[default]
    New,
    /// Somebody has, and it stays as it is.
    Known,
    /// Somebody says that it will not come again.
    Resolved,
    /// It came again after that.
    Regressed,
}

impl GroupState {
    /// All of them.
    pub const ALL: [GroupState; 4] = [GroupState::New, GroupState::Known, GroupState::Resolved, GroupState::Regressed];

    /// The word on the wire.
    ///
    /// ```
    /// use leadwright::store::GroupState;
    /// assert_eq!("regressed".parse(), Ok(GroupState::Regressed));
    /// assert_eq!(GroupState::Regressed.as_str(), "regressed");
    /// ```
    pub fn as_str(self) -> &'static str {
        match self {
            GroupState::New => "new",
            GroupState::Known => "known",
            GroupState::Resolved => "resolved",
            GroupState::Regressed => "regressed",
        }
    }

    /// What it is once it has come again.
    #[must_use]
    pub fn met_again(self) -> Self {
        if self == GroupState::Resolved { GroupState::Regressed } else { self }
    }
}

impl FromStr for GroupState {
    type Err = ();
    fn from_str(word: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|state| state.as_str() == word).ok_or(())
    }
}

/// A row of the error ledger. It has no value of a lead, only shapes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ProblemGroup {
    /// The problem, how often it was met, when first and last, and a sample.
    #[serde(flatten)]
    pub group: Group<Timestamp>,
    /// What is known of it.
    pub state: GroupState,
    /// Since when.
    pub since: Timestamp,
    /// Who said so last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// Why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The position in the log of the first decision that has it.
    pub first_seq: u64,
    /// The position of the last one.
    pub last_seq: u64,
}

/// What somebody says about a problem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupSaid {
    /// Which.
    pub fingerprint: Fingerprint,
    /// What it is now: known or resolved.
    pub state: GroupState,
    /// Who says so.
    pub by: String,
    /// Why.
    pub reason: String,
}

impl ProblemGroup {
    /// A row that is met for the first time.
    pub fn first(group: Group<Timestamp>, position: u64) -> Self {
        let since = group.first;
        Self { group, state: GroupState::New, since, by: None, reason: None, first_seq: position, last_seq: position }
    }

    /// Adds what was met in later decisions.
    pub fn join(&mut self, met: ProblemGroup) {
        let state = self.state.met_again();
        if state != self.state {
            (self.state, self.since) = (state, met.group.first);
        }
        (self.first_seq, self.last_seq) = (self.first_seq.min(met.first_seq), self.last_seq.max(met.last_seq));
        self.group.join(met.group);
    }

    /// The same where it is counted that has no row of its own any more.
    #[must_use]
    pub fn anywhere(self) -> Self {
        Self { group: self.group.anywhere(), ..self }
    }

    /// Writes down what somebody said.
    pub fn say(&mut self, said: &GroupSaid, at: Timestamp) {
        (self.state, self.since) = (said.state, at);
        (self.by, self.reason) = (Some(said.by.clone()), Some(said.reason.clone()));
    }
}
