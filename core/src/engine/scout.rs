//! Goes the way of a lead on a state that has nothing yet, to learn what will be asked: a store that is far away then answers
//! all of a batch at once. What it finds decides nothing; what it misses is asked when it comes up.

use super::doors::Engine;
use super::prepare::Prepared;
use super::reads::{State, same_since};
use super::record::probable_problems;
use super::settle::Settling;
use crate::model::{BuyerId, ContractId, Error, Standings, Timestamp};
use crate::plan::Plan;
use crate::store::{Claim, ClaimHash, GroupTurns, Transaction, Wanted};
use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::BTreeMap;

/// A state in which nothing has happened yet. It writes down what is asked.
#[derive(Default)]
struct Scout(RefCell<Wanted>);

impl State for Scout {
    fn counter(&self, key: &str) -> Result<i64, Error> {
        let mut wanted = self.0.borrow_mut();
        if !wanted.counters.contains(key) {
            wanted.counters.insert(key.to_owned());
        }
        Ok(0)
    }

    fn since(&self, key: &str, after: Timestamp) -> Result<i64, Error> {
        self.0.borrow_mut().since(key, after);
        Ok(0)
    }

    fn claim(&self, scope: &str, hash: &ClaimHash, after: Timestamp) -> Result<Option<Claim>, Error> {
        self.0.borrow_mut().claim(scope, hash, after);
        Ok(None)
    }

    fn turns(&self, group: &str) -> Result<Cow<'_, GroupTurns>, Error> {
        self.0.borrow_mut().turns.insert(group.to_owned());
        Ok(Cow::Owned(GroupTurns::default()))
    }

    fn claims(&self, scope: &str, hash: &ClaimHash, after: Timestamp) -> Result<u32, Error> {
        self.0.borrow_mut().claim(scope, hash, after);
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

    fn revoked(&self, keys: &mut dyn Iterator<Item = String>) -> Result<Option<String>, Error> {
        self.0.borrow_mut().settings.extend(keys);
        Ok(None)
    }
}

impl Engine {
    /// What these leads will probably ask, where the store wants to know.
    pub(super) fn scout(&self, plan: &Plan, leads: &[&Prepared]) -> Option<Wanted> {
        if !self.store().fetches_ahead() {
            return None;
        }
        let scout = Scout::default();
        for lead in leads.iter().filter(|lead| *lead.plan == *plan.hash()) {
            let at = lead.tick.now;
            let overridden = BTreeMap::new();
            let mut settling = Settling::new(plan, lead, &scout, &overridden, at);
            // It has no answer that could fail, and none that counts.
            let _ = settling.run(None);
            let problems = probable_problems(lead, &settling.problems, at);
            let mut wanted = scout.0.borrow_mut();
            wanted.problems.extend(problems);
            wanted.leads.insert((lead.source.clone(), lead.lead.clone()));
            match &lead.idempotency_key {
                Some(key) => drop(wanted.keys.insert((lead.source.clone(), key.clone()))),
                None => wanted.payload(&lead.source, &lead.payload, same_since(at)),
            }
        }
        Some(scout.0.into_inner())
    }
}

/// Lets the store fetch what is wanted.
pub(super) fn fetch_ahead(transaction: &dyn Transaction, wanted: Option<&Wanted>) -> Result<(), Error> {
    wanted.map_or(Ok(()), |wanted| transaction.expect(wanted))
}
