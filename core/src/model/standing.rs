//! What operations say about a contract beside the plan, as decisions name it.

use super::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// An override as it stands: in the store, and in the decisions that it bore on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Standing {
    /// What it sets: `paused`, `50`, `45.00`.
    pub value: String,
    /// Who said so.
    pub by: String,
    /// Why.
    pub reason: String,
    /// Since when.
    pub since: Timestamp,
    /// Until when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
}

impl Standing {
    /// Whether it holds at this time; at its end it does not any more.
    pub fn holds(&self, at: Timestamp) -> bool {
        self.until.is_none_or(|until| at < until)
    }
}

/// The overrides of one contract, by what they set.
pub type Standings = BTreeMap<String, Standing>;
