//! Breakers as people see and set them, and under which names a store keeps what they stand on.

use crate::deliver::{BreakerTerms, Desk, DeskTerms};
use crate::model::{BreakerState, BuyerId, Channel, Code, Error, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What the names of all desks begin with.
pub(crate) const DESKS: &str = "desk|";

/// Whose breakers are open, and until when, so that a decision asks once where there are none.
pub(crate) const DESKS_OPEN: &str = "desks_open";

/// By `BUYER|CHANNEL`, when it tries again; nothing where somebody has to say so.
pub(crate) type Opens = BTreeMap<String, Option<Timestamp>>;

/// Under which name a store keeps the desk of a buyer.
pub(crate) fn desk_key(buyer: &BuyerId, channel: Channel) -> String {
    format!("{DESKS}{buyer}|{}", channel.as_str())
}

/// What it is called among those that are open.
pub(crate) fn desk_name(buyer: &BuyerId, channel: Channel) -> String {
    format!("{buyer}|{}", channel.as_str())
}

/// Whose desk is kept under a name.
pub(crate) fn desk_of(key: &str) -> Option<(BuyerId, Channel)> {
    let (buyer, channel) = key.strip_prefix(DESKS)?.rsplit_once('|')?;
    Some((BuyerId::new(buyer).ok()?, channel.parse().ok()?))
}

/// Those that are open, as the store has them.
pub(crate) fn opens(text: Option<&str>) -> Result<Opens, Error> {
    let Some(text) = text else { return Ok(Opens::new()) };
    serde_json::from_str(text).map_err(|_| Error::new(Code::StoreCorrupt, "the open breakers cannot be read"))
}

/// Where somebody may put a breaker.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum BreakerTo {
    /// The buyer is not called, and nothing is sold to it, until somebody says otherwise.
    Open,
    /// It is as if it were new, and goes by itself from there.
    Closed,
    /// The buyer is called whatever happens, and nothing is counted.
    Disabled,
    /// The buyer is called whatever happens, and calls are counted.
    MetricsOnly,
}

impl BreakerTo {
    pub(crate) fn state(self) -> BreakerState {
        match self {
            BreakerTo::Open => BreakerState::ForcedOpen,
            BreakerTo::Closed => BreakerState::Closed,
            BreakerTo::Disabled => BreakerState::Disabled,
            BreakerTo::MetricsOnly => BreakerState::MetricsOnly,
        }
    }
}

/// Somebody says where the breaker of a buyer stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SetBreaker {
    /// Whose.
    pub buyer: BuyerId,
    /// Where it stands from now on.
    pub to: BreakerTo,
    /// Who says so.
    pub by: String,
    /// Why.
    pub reason: String,
    /// The same key again is the same request: nothing is done twice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
}

/// A breaker, as people look at it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BreakerSeen {
    /// Whose.
    pub buyer: BuyerId,
    /// For what it is called.
    pub channel: Channel,
    /// Where it stands.
    pub state: BreakerState,
    /// Since when; absent where it never stood elsewhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Timestamp>,
    /// When it tries again, while it is open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    /// How many calls it looks back at.
    pub calls: u32,
    /// How many of them failed.
    pub failures: u32,
    /// How many of them were slow.
    pub slow: u32,
    /// How many leads are on their way to the buyer.
    pub on_the_way: u32,
    /// How many more may be now.
    pub room: u32,
    /// Who said that it stands there, where somebody did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl BreakerSeen {
    pub(crate) fn of(buyer: BuyerId, channel: Channel, desk: &Desk, terms: &DeskTerms, now: Timestamp) -> Self {
        let breaker = desk.breaker();
        let usual = BreakerTerms::default();
        let [calls, failures, slow] = breaker.seen(terms.breaker.as_ref().unwrap_or(&usual), now);
        Self {
            buyer,
            channel,
            state: breaker.state(),
            since: breaker.since(),
            until: breaker.until(),
            calls,
            failures,
            slow,
            on_the_way: desk.on_the_way(),
            room: desk.may_send(terms, now),
            by: desk.forced().map(|forced| forced.by.clone()),
            reason: desk.forced().map(|forced| forced.reason.clone()),
        }
    }
}
