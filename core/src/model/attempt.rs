//! What becomes of deliveries: attempts, dead letters, and how much is left.

use super::delivery::{AttemptClass, DeadEnd, DeadReason, DeliveryState};
use super::ids::BuyerId;
use super::time::Timestamp;
use serde::{Deserialize, Serialize};

/// An attempt to deliver. It is written before the lead is handed to whoever sends it; its end is written once it is known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Attempt {
    /// The row of the outbox.
    pub delivery: u64,
    /// Which attempt of it, the first being 1.
    pub n: u32,
    /// By which claim.
    pub fence: u64,
    /// Whose.
    pub worker: String,
    /// When it was claimed.
    pub started_at: Timestamp,
    /// When its end was told, or its time was over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Timestamp>,
    /// How it ended; absent while it goes on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<AttemptClass>,
    /// The status of the answer, where there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// When it is tried again, where it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_at: Option<Timestamp>,
}

/// A delivery that was given up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DeadLetter {
    /// The row of the outbox.
    pub delivery: u64,
    /// Which dead letter of it, the first being 1.
    pub nth: u32,
    /// Why.
    pub reason: DeadReason,
    /// How the last attempt ended; absent where there was none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<AttemptClass>,
    /// When.
    pub at: Timestamp,
    /// How it came to its end; absent while it is open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolved: Option<DeadEnd>,
    /// When it did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolved_at: Option<Timestamp>,
}

/// How many deliveries of a buyer stand somewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Backlog {
    /// Whose.
    pub buyer: BuyerId,
    /// Where.
    pub state: DeliveryState,
    /// How many.
    pub count: u64,
    /// Since when the oldest is to be delivered.
    pub oldest: Timestamp,
}
