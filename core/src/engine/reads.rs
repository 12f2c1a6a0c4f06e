//! What `settle` read of the state. Kept beside the decision: with it a replay is a pure function.

use super::auction::Bids;
use super::beside::Observed;
use super::fall::Offers;
use super::operate::standings;
use super::waits::Waited;
use crate::model::{
    BuyerId, Channel, Code, ContractId, DecisionId, Error, LeadId, ListRead, Money, SourceId, Standings, Timestamp,
};
use crate::operate::{DESKS_OPEN, OVERRIDDEN, desk_name, opens, override_key};
use crate::store::{But, Claim, ClaimHash, GroupTurns, Known, Payload, View};
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
    /// Where the lead had waited, for a decision that came of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) waited: Option<Waited>,
    /// What another system did with the lead, for a decision that only takes that down.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) observed: Option<Observed>,
    /// What became of the offers of the lead before, for a decision that comes of one that fell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) offers: Option<Offers>,
    /// What was bid for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) bids: Option<Bids>,
    /// What its supplier gets at least, or the lead is not taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) least: Option<Money>,
    /// Until when whoever asked for the decision delivers it: no worker is handed its leads before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) ours_until: Option<Timestamp>,
    /// What the lists said, by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) lists: BTreeMap<String, ListRead>,
    /// Counters of caps.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) counters: BTreeMap<String, i64>,
    /// What rolling caps counted.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) since: BTreeMap<String, i64>,
    /// Claims, by scope and hash.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) claims: BTreeMap<String, Option<Claim>>,
    /// Turns, by group.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) turns: BTreeMap<String, GroupTurns>,
    /// How often a value came before, by scope and hash.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) repeats: BTreeMap<String, u32>,
    /// What operations said about the contracts whose criteria are met, by the id that their state is kept under.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) overrides: BTreeMap<ContractId, Standings>,
    /// Under which name the person is known to have taken the consent back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) revoked: Option<String>,
    /// The buyers among those whose criteria are met whose breakers are open, and when they try again.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) desks: BTreeMap<BuyerId, Option<Timestamp>>,
}

fn claim_key(scope: &str, hash: &ClaimHash) -> String {
    format!("{scope}|{:032x}", u128::from_be_bytes(*hash))
}

/// Nobody has to know how often exactly a value came that comes all the time.
pub(super) const MOST_REPEATS: u32 = 1_000;

/// The state that a decision asks: the store's, each thing asked once and written down, or what was written down then.
pub(super) trait State {
    fn counter(&self, key: &str) -> Result<i64, Error>;
    /// The counter of a cap of this limit.
    fn counter_within(&self, key: &str, _limit: i64) -> Result<i64, Error> {
        self.counter(key)
    }
    fn since(&self, key: &str, after: Timestamp) -> Result<i64, Error>;
    fn claim(&self, scope: &str, hash: &ClaimHash, after: Timestamp) -> Result<Option<Claim>, Error>;
    fn turns(&self, group: &str) -> Result<Cow<'_, GroupTurns>, Error>;
    /// How many claims there are of a value.
    fn claims(&self, scope: &str, hash: &ClaimHash, after: Timestamp) -> Result<u32, Error>;
    /// What operations said about these contracts and holds at this time.
    fn overrides(
        &self,
        contracts: &mut dyn Iterator<Item = &ContractId>,
        at: Timestamp,
    ) -> Result<BTreeMap<ContractId, Standings>, Error>;
    /// Those of these buyers whose breakers are open at this time, and when they try again; nothing where somebody has to say.
    fn desks(
        &self,
        buyers: &mut dyn Iterator<Item = &BuyerId>,
        at: Timestamp,
    ) -> Result<BTreeMap<BuyerId, Option<Timestamp>>, Error>;
    /// The first of these names under which somebody took a consent back.
    fn revoked(&self, keys: &mut dyn Iterator<Item = String>) -> Result<Option<String>, Error>;
}

/// The store's state, with a log of what was asked.
pub(super) struct Logged<'a> {
    view: &'a dyn View,
    /// The lead, where it is decided again: what it claimed itself is nobody else's.
    own: But<'a>,
    reads: RefCell<Reads>,
    /// Since when claims were looked for: a rule that looks further back asks again.
    sought: RefCell<BTreeMap<String, Timestamp>>,
}

impl<'a> Logged<'a> {
    /// `reads` is what is known already.
    pub(super) fn new(view: &'a dyn View, own: But<'a>, reads: Reads) -> Self {
        Self { view, own, reads: RefCell::new(reads), sought: RefCell::default() }
    }

    /// What was asked.
    pub(super) fn into_reads(self) -> Reads {
        self.reads.into_inner()
    }
}

impl Logged<'_> {
    fn count(&self, key: &str, ask: impl FnOnce(&dyn View) -> Result<i64, Error>) -> Result<i64, Error> {
        if let Some(known) = self.reads.borrow().counters.get(key) {
            return Ok(*known);
        }
        let used = ask(self.view)?;
        self.reads.borrow_mut().counters.insert(key.to_owned(), used);
        Ok(used)
    }
}

impl State for Logged<'_> {
    fn counter(&self, key: &str) -> Result<i64, Error> {
        self.count(key, |view| view.counter(key))
    }

    fn counter_within(&self, key: &str, limit: i64) -> Result<i64, Error> {
        self.count(key, |view| view.counter_within(key, limit))
    }

    fn since(&self, key: &str, after: Timestamp) -> Result<i64, Error> {
        if let Some(known) = self.reads.borrow().since.get(key) {
            return Ok(*known);
        }
        let used = self.view.since(key, after)?;
        self.reads.borrow_mut().since.insert(key.to_owned(), used);
        Ok(used)
    }

    fn claim(&self, scope: &str, hash: &ClaimHash, after: Timestamp) -> Result<Option<Claim>, Error> {
        let key = claim_key(scope, hash);
        let known = self.reads.borrow().claims.get(&key).cloned();
        match known {
            Some(Some(claim)) => return Ok(Some(claim).filter(|claim| claim.at > after)),
            Some(None) if self.sought.borrow().get(&key).is_some_and(|since| *since <= after) => return Ok(None),
            _ => {}
        }
        let found = self.view.claim(scope, hash, after, self.own)?;
        self.reads.borrow_mut().claims.insert(key.clone(), found.clone());
        self.sought.borrow_mut().insert(key, after);
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

    fn claims(&self, scope: &str, hash: &ClaimHash, after: Timestamp) -> Result<u32, Error> {
        let found = self.view.claims(scope, hash, after, self.own, MOST_REPEATS)?;
        self.reads.borrow_mut().repeats.insert(claim_key(scope, hash), found);
        Ok(found)
    }

    fn overrides(
        &self,
        contracts: &mut dyn Iterator<Item = &ContractId>,
        at: Timestamp,
    ) -> Result<BTreeMap<ContractId, Standings>, Error> {
        let mut all = BTreeMap::new();
        // Mostly there are none, and then that is the only question.
        if self.view.setting(OVERRIDDEN)?.is_some() {
            for contract in contracts {
                let mut said = standings(self.view.setting(&override_key(contract))?.as_deref())?;
                said.retain(|_, standing| standing.holds(at));
                if !said.is_empty() {
                    all.insert(ContractId::clone(contract), said);
                }
            }
        }
        self.reads.borrow_mut().overrides.clone_from(&all);
        Ok(all)
    }

    fn desks(
        &self,
        buyers: &mut dyn Iterator<Item = &BuyerId>,
        at: Timestamp,
    ) -> Result<BTreeMap<BuyerId, Option<Timestamp>>, Error> {
        // Mostly there are none, and then that is the only question.
        let Some(text) = self.view.setting(DESKS_OPEN)? else { return Ok(BTreeMap::new()) };
        let open = opens(Some(&text))?;
        let mut all = BTreeMap::new();
        for buyer in buyers {
            let channels = [Channel::Post, Channel::Ping].map(|channel| open.get(&desk_name(buyer, channel)).copied());
            let shut = channels.into_iter().flatten().filter(|until| until.is_none_or(|until| at < until));
            // Of two the one that lasts longer.
            if let Some(until) = shut.max_by_key(|until| (until.is_none(), *until)) {
                all.insert(buyer.clone(), until);
            }
        }
        self.reads.borrow_mut().desks.clone_from(&all);
        Ok(all)
    }

    fn revoked(&self, keys: &mut dyn Iterator<Item = String>) -> Result<Option<String>, Error> {
        for key in keys {
            if self.view.setting(&key)?.is_some() {
                self.reads.borrow_mut().revoked = Some(key.clone());
                return Ok(Some(key));
            }
        }
        Ok(None)
    }
}

/// What was written down. Something that was never asked means that another engine asks other questions.
impl State for Reads {
    fn counter(&self, key: &str) -> Result<i64, Error> {
        self.counters.get(key).copied().ok_or_else(|| missing(key))
    }

    fn since(&self, key: &str, _: Timestamp) -> Result<i64, Error> {
        self.since.get(key).copied().ok_or_else(|| missing(key))
    }

    fn claim(&self, scope: &str, hash: &ClaimHash, after: Timestamp) -> Result<Option<Claim>, Error> {
        let known = self.claims.get(&claim_key(scope, hash)).ok_or_else(|| missing(scope))?;
        Ok(known.clone().filter(|claim| claim.at > after))
    }

    fn turns(&self, group: &str) -> Result<Cow<'_, GroupTurns>, Error> {
        self.turns.get(group).map(Cow::Borrowed).ok_or_else(|| missing(group))
    }

    fn claims(&self, scope: &str, hash: &ClaimHash, _: Timestamp) -> Result<u32, Error> {
        self.repeats.get(&claim_key(scope, hash)).copied().ok_or_else(|| missing(scope))
    }

    // Only what there was is written down: decisions of before there were overrides replay too.
    fn overrides(
        &self,
        _: &mut dyn Iterator<Item = &ContractId>,
        _: Timestamp,
    ) -> Result<BTreeMap<ContractId, Standings>, Error> {
        Ok(self.overrides.clone())
    }

    fn desks(
        &self,
        _: &mut dyn Iterator<Item = &BuyerId>,
        _: Timestamp,
    ) -> Result<BTreeMap<BuyerId, Option<Timestamp>>, Error> {
        Ok(self.desks.clone())
    }

    fn revoked(&self, _: &mut dyn Iterator<Item = String>) -> Result<Option<String>, Error> {
        Ok(self.revoked.clone())
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

/// Since when the same payload is the same request, for one that comes now.
pub(super) fn same_since(at: Timestamp) -> Timestamp {
    at.plus_millis(-SAME_REQUEST)
}

/// Looks a request up: by its key, by its lead, and, where it may be one that was just made, by its payload since then.
pub(super) fn request(
    view: &dyn View,
    source: &SourceId,
    lead: &LeadId,
    key: Option<&str>,
    payload: &Payload,
    same_since: Option<Timestamp>,
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
    let by_payload = match same_since.filter(|_| key.is_none()) {
        Some(since) => view.by_payload(source, payload, since)?,
        None => None,
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
