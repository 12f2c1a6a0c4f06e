//! What a system beside us says: what it did with a lead, and what it wants to take from our limits before it sells.

use super::words::said;
use crate::model::{
    BuyerId, Code, ContractId, Error, Money, Outcome, ReservationState, Sale, SourceId, Timestamp, TraceEntry,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What another system did with a lead.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Observation {
    /// What became of it there. Not `queued` and not `test`: what waits is told once it is over, and the lead says that it
    /// is a test.
    pub outcome: Outcome,
    /// To whom it was sold; exactly where the outcome is `assigned`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sales: Vec<ObservedSale>,
    /// When: its caps are those of that time. Now when it is absent, and where it is later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Timestamp>,
    /// Whether to say also what we would have decided, on the state before it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub compare: bool,
}

impl Observation {
    /// Reads what was seen.
    ///
    /// ```
    /// use leadwright::operate::Observation;
    /// let seen = Observation::read(r#"{"outcome":"unsold","at":"2026-11-24T15:30:00Z"}"#)?;
    /// assert!(seen.sales.is_empty());
    /// # Ok::<(), leadwright::model::Error>(())
    /// ```
    ///
    /// # Errors
    /// `operation.malformed`; the message names fields, never values.
    pub fn read(json: &str) -> Result<Self, Error> {
        let malformed = |why: String| Error::new(Code::OperationMalformed, why);
        let read: Self = serde_json::from_str(json).map_err(|error| malformed(said(&error)))?;
        if matches!(read.outcome, Outcome::Queued | Outcome::Test) {
            return Err(malformed(format!("`outcome` is not `{}` in another system", read.outcome.as_str())));
        }
        read.sales.iter().try_for_each(|sale| not_below_zero(sale.price))?;
        let named: BTreeSet<&ContractId> = read.sales.iter().map(|sale| &sale.contract).collect();
        if named.len() < read.sales.len() {
            return Err(malformed("a contract gets a lead once".into()));
        }
        if (read.outcome == Outcome::Assigned) == read.sales.is_empty() {
            return Err(malformed("`sales` are told with the outcome `assigned`, and with no other".into()));
        }
        Ok(read)
    }
}

/// A sale that another system made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ObservedSale {
    /// The contract of our plan that it is counted for.
    pub contract: ContractId,
    /// What the buyer pays; what the contract says when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<Money>,
    /// Alone or with others; as the contract offers it when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sale: Option<Sale>,
    /// Through which group, `route/group`; the first of the route with the contract when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// The reservation that it was made under: it is confirmed, and nothing is counted twice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reservation: Option<String>,
}

/// Room that another system wants to take from our limits before it sells.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Reserve {
    /// Of which contract, with its buyer, group and route.
    pub contract: ContractId,
    /// A name for it, of whoever asks: the same again is the same request.
    pub key: String,
    /// Of which kind of lead; may be absent where the contract buys one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vertical: Option<String>,
    /// The channel that the lead came through, for its caps; none of them counts when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<SourceId>,
    /// The part of that channel.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sub_id: Option<String>,
    /// Through which group, `route/group`; the first of the route with the contract when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// What the buyer will pay; what the contract says when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<Money>,
    /// How long the room is kept, like `15m`, which it is when absent; at most `24h`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hold: Option<String>,
}

impl Reserve {
    /// Reads what is asked for.
    ///
    /// ```
    /// use leadwright::operate::Reserve;
    /// let reserve = Reserve::read(r#"{"contract":"acme-il","key":"old-4711","hold":"5m"}"#)?;
    /// assert_eq!(reserve.key, "old-4711");
    /// # Ok::<(), leadwright::model::Error>(())
    /// ```
    ///
    /// # Errors
    /// `operation.malformed`.
    pub fn read(json: &str) -> Result<Self, Error> {
        let read: Result<Self, _> = serde_json::from_str(json);
        let read = read.map_err(|error| Error::new(Code::OperationMalformed, said(&error)))?;
        not_below_zero(read.price)?;
        Ok(read)
    }
}

/// A sale that pays the buyer would make room under its limits.
fn not_below_zero(price: Option<Money>) -> Result<(), Error> {
    if price.is_some_and(|price| price < Money::ZERO) {
        return Err(Error::new(Code::OperationMalformed, "`price` is not less than zero"));
    }
    Ok(())
}

/// What became of a reservation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Reserved {
    /// The version of this answer.
    pub v: u32,
    /// Its name.
    pub key: String,
    /// The contract.
    pub contract: ContractId,
    /// The buyer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub buyer: Option<BuyerId>,
    /// Where it stands; none where there is no room, and nothing was taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<ReservationState>,
    /// How long the room is kept, where it is held.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    /// Why there is no room.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<TraceEntry>,
    /// Whether it was so before.
    pub replayed: bool,
}

impl Reserved {
    /// Whether the room is taken: held, or sold.
    ///
    /// ```
    /// # use leadwright::{operate::Reserved, model::ReservationState};
    /// # let mut answer = Reserved { v: 1, key: "k".into(), contract: "acme-il".parse()?, buyer: None, state: None,
    /// #     until: None, why: None, replayed: false };
    /// assert!(!answer.granted());
    /// answer.state = Some(ReservationState::Held);
    /// assert!(answer.granted());
    /// # Ok::<(), leadwright::model::IdError>(())
    /// ```
    pub fn granted(&self) -> bool {
        matches!(self.state, Some(ReservationState::Held | ReservationState::Confirmed))
    }
}
