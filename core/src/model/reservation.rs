//! Where a reservation stands.

use serde::{Deserialize, Serialize};

/// Where a reservation of another system stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum ReservationState {
    /// The room is taken, until it is confirmed, released, or its time is over.
    Held,
    /// It was sold: the room stays taken.
    Confirmed,
    /// The room was given back.
    Released,
}

impl ReservationState {
    /// The word on the wire.
    ///
    /// ```
    /// assert_eq!(leadwright::model::ReservationState::Held.as_str(), "held");
    /// ```
    pub fn as_str(self) -> &'static str {
        match self {
            ReservationState::Held => "held",
            ReservationState::Confirmed => "confirmed",
            ReservationState::Released => "released",
        }
    }
}
