//! States to explain on: none at all, and one of which not everything is known.

use crate::engine::reads::State;
use crate::model::{BuyerId, Code, ContractId, Error, Standings, Timestamp};
use crate::store::{Claim, ClaimHash, GroupTurns};
use std::borrow::Cow;
use std::cell::Cell;
use std::collections::BTreeMap;

/// Nothing was ever decided.
pub(super) struct Empty;

impl State for Empty {
    fn counter(&self, _: &str) -> Result<i64, Error> {
        Ok(0)
    }

    fn claim(&self, _: &str, _: &ClaimHash, _: Timestamp) -> Result<Option<Claim>, Error> {
        Ok(None)
    }

    fn turns(&self, _: &str) -> Result<Cow<'_, GroupTurns>, Error> {
        Ok(Cow::Owned(GroupTurns::default()))
    }

    fn since(&self, _: &str, _: Timestamp) -> Result<i64, Error> {
        Ok(0)
    }

    fn claims(&self, _: &str, _: &ClaimHash, _: Timestamp) -> Result<u32, Error> {
        Ok(0)
    }

    fn overrides(
        &self,
        _: &mut dyn Iterator<Item = &ContractId>,
        _: Timestamp,
    ) -> Result<BTreeMap<ContractId, Standings>, Error> {
        Ok(BTreeMap::new())
    }

    fn desks(
        &self,
        _: &mut dyn Iterator<Item = &BuyerId>,
        _: Timestamp,
    ) -> Result<BTreeMap<BuyerId, Option<Timestamp>>, Error> {
        Ok(BTreeMap::new())
    }

    fn revoked(&self, _: &mut dyn Iterator<Item = String>) -> Result<Option<String>, Error> {
        Ok(None)
    }
}

/// A state that answers also what was never looked at when the lead was decided, as if there were nothing; it says
/// whether it did.
pub(super) struct Lenient<'a, S> {
    state: &'a S,
    guessed: Cell<bool>,
}

impl<'a, S: State> Lenient<'a, S> {
    pub(super) fn new(state: &'a S) -> Self {
        Self { state, guessed: Cell::new(false) }
    }

    /// Whether something was answered that is not known, since this was last asked.
    pub(super) fn guessed(&self) -> bool {
        self.guessed.replace(false)
    }

    fn known<T: Default>(&self, answer: Result<T, Error>) -> Result<T, Error> {
        match answer {
            Err(error) if error.code() == Code::ReplayReadMissing => {
                self.guessed.set(true);
                Ok(T::default())
            }
            answer => answer,
        }
    }
}

impl<S: State> State for Lenient<'_, S> {
    fn counter(&self, key: &str) -> Result<i64, Error> {
        self.known(self.state.counter(key))
    }

    fn counter_within(&self, key: &str, limit: i64) -> Result<i64, Error> {
        self.known(self.state.counter_within(key, limit))
    }

    fn claim(&self, scope: &str, hash: &ClaimHash, after: Timestamp) -> Result<Option<Claim>, Error> {
        self.known(self.state.claim(scope, hash, after))
    }

    fn turns(&self, group: &str) -> Result<Cow<'_, GroupTurns>, Error> {
        match self.state.turns(group) {
            Err(error) if error.code() == Code::ReplayReadMissing => {
                self.guessed.set(true);
                Ok(Cow::Owned(GroupTurns::default()))
            }
            answer => answer,
        }
    }

    fn since(&self, key: &str, after: Timestamp) -> Result<i64, Error> {
        self.known(self.state.since(key, after))
    }

    fn claims(&self, scope: &str, hash: &ClaimHash, after: Timestamp) -> Result<u32, Error> {
        self.known(self.state.claims(scope, hash, after))
    }

    fn overrides(
        &self,
        contracts: &mut dyn Iterator<Item = &ContractId>,
        at: Timestamp,
    ) -> Result<BTreeMap<ContractId, Standings>, Error> {
        self.state.overrides(contracts, at)
    }

    fn desks(
        &self,
        buyers: &mut dyn Iterator<Item = &BuyerId>,
        at: Timestamp,
    ) -> Result<BTreeMap<BuyerId, Option<Timestamp>>, Error> {
        self.state.desks(buyers, at)
    }

    fn revoked(&self, keys: &mut dyn Iterator<Item = String>) -> Result<Option<String>, Error> {
        self.state.revoked(keys)
    }
}
