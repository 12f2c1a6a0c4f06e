//! Room that somebody beside us takes from our limits before they sell.

use crate::model::{ContractId, DecisionId, ReservationState, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What was added to counters and rolling caps, by their keys.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Took {
    /// Counters of caps and funds.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub counters: BTreeMap<String, i64>,
    /// Rolling caps, at the time of the reservation.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub moments: BTreeMap<String, i64>,
    /// Counters of rates, which are not given back: a pace that was kept is kept.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub kept: BTreeMap<String, i64>,
}

/// A reservation, as a store keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reservation {
    /// The name that whoever asked gave it.
    pub key: String,
    /// The contract.
    pub contract: ContractId,
    /// Where it stands.
    pub state: ReservationState,
    /// When the room was taken: its windows are those of this time.
    pub at: Timestamp,
    /// How long it is held.
    pub until: Timestamp,
    /// What was asked for, as canonical JSON.
    pub asked: String,
    /// What it took.
    pub took: Took,
    /// The decision that takes down what was sold under it, once that is told.
    pub by: Option<DecisionId>,
}
