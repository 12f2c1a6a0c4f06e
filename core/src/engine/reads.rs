//! What `settle` read of the state. Kept beside the decision: with it a replay is a pure function.

use crate::model::{Code, DecisionId, Error, LeadId, ListRead, SourceId, Timestamp};
use crate::store::{Claim, ClaimHash, GroupTurns, Known, Payload, View};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::BTreeMap;

/// The reads of one decision.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Reads {
    /// The effective time; none before it is known.
    pub(super) at: Option<Timestamp>,
    /// Which decision about the lead this is.
    pub(super) n: u32,
    /// The decision before it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) parent: Option<DecisionId>,
    /// Why the request could not be what it says it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) ruling: Option<Code>,
    /// What the lists said, by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) lists: BTreeMap<String, ListRead>,
    /// Counters of caps.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) counters: BTreeMap<String, i64>,
    /// Claims, by scope and hash.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) claims: BTreeMap<String, Option<Claim>>,
    /// Turns, by group.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) turns: BTreeMap<String, GroupTurns>,
}

fn claim_key(scope: &str, hash: &ClaimHash) -> String {
    format!("{scope}|{:032x}", u128::from_be_bytes(*hash))
}

/// The state that a decision asks: the store's, each thing asked once and written down, or what was written down then.
pub(super) trait State {
    fn counter(&self, key: &str) -> Result<i64, Error>;
    fn claim(&self, scope: &str, hash: &ClaimHash, after: Timestamp) -> Result<Option<Claim>, Error>;
    fn turns(&self, group: &str) -> Result<Cow<'_, GroupTurns>, Error>;
}

/// The store's state, with a log of what was asked.
pub(super) struct Logged<'a> {
    pub(super) view: &'a dyn View,
    pub(super) reads: RefCell<Reads>,
}

impl State for Logged<'_> {
    fn counter(&self, key: &str) -> Result<i64, Error> {
        if let Some(known) = self.reads.borrow().counters.get(key) {
            return Ok(*known);
        }
        let used = self.view.counter(key)?;
        self.reads.borrow_mut().counters.insert(key.to_owned(), used);
        Ok(used)
    }

    fn claim(&self, scope: &str, hash: &ClaimHash, after: Timestamp) -> Result<Option<Claim>, Error> {
        let key = claim_key(scope, hash);
        if let Some(known) = self.reads.borrow().claims.get(&key) {
            return Ok(known.clone().filter(|claim| claim.at > after));
        }
        let found = self.view.claim(scope, hash, after)?;
        self.reads.borrow_mut().claims.insert(key, found.clone());
        Ok(found)
    }

    fn turns(&self, group: &str) -> Result<Cow<'_, GroupTurns>, Error> {
        if let Some(known) = self.reads.borrow().turns.get(group) {
            return Ok(Cow::Owned(known.clone()));
        }
        let turns = self.view.turns(group)?;
        self.reads.borrow_mut().turns.insert(group.to_owned(), turns.clone());
        Ok(Cow::Owned(turns))
    }
}

/// What was written down. Something that was never asked means that another engine asks other questions.
impl State for Reads {
    fn counter(&self, key: &str) -> Result<i64, Error> {
        self.counters.get(key).copied().ok_or_else(|| missing(key))
    }

    fn claim(&self, scope: &str, hash: &ClaimHash, _: Timestamp) -> Result<Option<Claim>, Error> {
        self.claims.get(&claim_key(scope, hash)).cloned().ok_or_else(|| missing(scope))
    }

    fn turns(&self, group: &str) -> Result<Cow<'_, GroupTurns>, Error> {
        self.turns.get(group).map(Cow::Borrowed).ok_or_else(|| missing(group))
    }
}

fn missing(what: &str) -> Error {
    Error::new(Code::ReplayReadMissing, what)
}

/// What a request is, by what was decided before (rule 70).
pub(super) enum Request {
    /// It was answered before.
    Again(DecisionId),
    /// It is new, the n-th about its lead.
    New { n: u32, parent: Option<DecisionId>, ruling: Option<Code> },
}

/// The window in which the same payload is the same request (rule 70), in milliseconds.
const SAME_REQUEST: i64 = 60_000;

/// Looks a request up.
pub(super) fn request(
    view: &dyn View,
    source: &SourceId,
    lead: &LeadId,
    key: Option<&str>,
    payload: &Payload,
    at: Timestamp,
) -> Result<Request, Error> {
    let by_key = match key {
        Some(key) => view.by_idempotency_key(source, key)?,
        None => None,
    };
    if let Some(known) = by_key.as_ref().filter(|known| known.payload == *payload) {
        return Ok(Request::Again(known.id.clone()));
    }
    let by_lead = view.decided(source, lead)?;
    if let Some(known) = by_lead.as_ref().filter(|known| known.payload == *payload) {
        return Ok(Request::Again(known.id.clone()));
    }
    let by_payload = match key {
        Some(_) => None,
        None => view.by_payload(source, payload, at.plus_millis(-SAME_REQUEST))?,
    };
    if let Some(known) = by_payload {
        return Ok(Request::Again(known.id));
    }
    let ruling = match (&by_key, &by_lead) {
        (Some(_), _) => Some(Code::LeadIdempotencyKeyReused),
        (None, Some(_)) => Some(Code::LeadIdConflict),
        (None, None) => None,
    };
    let parent = by_lead.map(|known: Known| known.id);
    let n = parent.as_ref().map_or(1, |id| id.n.saturating_add(1));
    Ok(Request::New { n, parent, ruling })
}
