//! Events: what happened to a lead, in order. Stored compact, shown as CloudEvents when read.

use super::ids::{DecisionId, TenantId};
use super::time::Timestamp;
use serde::{Deserialize, Serialize};

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum EventKind {
    /// A decision was made and recorded.
    #[serde(rename = "lead.decided.v1")]
    LeadDecided,
    /// A contract got the lead.
    #[serde(rename = "lead.assigned.v1")]
    LeadAssigned,
    /// A cap has no room for another sale like the one of this decision.
    #[serde(rename = "cap.exhausted.v1")]
    CapExhausted,
}

impl EventKind {
    /// The type on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            EventKind::LeadDecided => "lead.decided.v1",
            EventKind::LeadAssigned => "lead.assigned.v1",
            EventKind::CapExhausted => "cap.exhausted.v1",
        }
    }
}

/// One thing that happened. `data` holds no personal data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Event {
    /// What.
    pub kind: EventKind,
    /// Whose.
    pub tenant: TenantId,
    /// About which decision.
    pub subject: DecisionId,
    /// When.
    pub at: Timestamp,
    /// The rest, as canonical JSON text.
    pub data: String,
}

impl std::str::FromStr for EventKind {
    type Err = ();
    fn from_str(word: &str) -> Result<Self, ()> {
        [EventKind::LeadDecided, EventKind::LeadAssigned, EventKind::CapExhausted]
            .into_iter()
            .find(|kind| kind.as_str() == word)
            .ok_or(())
    }
}
