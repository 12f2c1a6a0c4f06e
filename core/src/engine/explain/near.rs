//! Contracts that the lead nearly met.

use super::beside::Beside;
use super::types::{Explained, NearMiss};
use crate::engine::prepare::LeadFacts;
use crate::engine::reads::State;
use crate::model::{ContractId, Error};
use crate::rules::{Condition, Truth};
use std::collections::BTreeSet;

/// Contracts with more criteria that are not met are not near.
const FARTHEST: usize = 2;
/// So many are told.
const MOST: usize = 100;

impl<S: State> Beside<'_, S> {
    /// The nearest of those whose criteria are not met: by how many of them, then by id.
    pub(super) fn near(&mut self, facts: &LeadFacts<'_>, entries: &[Explained]) -> Result<Vec<NearMiss>, Error> {
        let mut seen: BTreeSet<&ContractId> = BTreeSet::new();
        let mut found = Vec::new();
        for explained in entries {
            let entry = &explained.entry;
            let Some(spot) = self.spot(&entry.group, &entry.contract) else { continue };
            let criteria = self.plan().contract(spot.contract).and_then(|contract| contract.criteria.as_ref());
            let Some(criteria) = criteria.filter(|_| seen.insert(&entry.contract)) else { continue };
            let failing = criteria.failing_count(facts);
            if (1..=FARTHEST).contains(&failing) {
                found.push((failing, &entry.contract, spot, criteria));
            }
        }
        found.sort_by_key(|(failing, contract, ..)| (*failing, *contract));
        found.truncate(MOST);
        let mut near = Vec::with_capacity(found.len());
        for (failing, contract, spot, criteria) in found {
            let others = self.in_the_way(spot)?;
            let also: Vec<String> =
                others.iter().map(|why| why.check.clone().unwrap_or_else(|| why.code.as_str().to_owned())).collect();
            let missed: Vec<Condition> =
                criteria.conditions(facts).into_iter().filter(|condition| condition.truth != Truth::True).collect();
            let group = super::beside::group_of(self.plan(), spot).map(|group| group.id.clone()).unwrap_or_default();
            near.push(NearMiss {
                contract: contract.clone(),
                group,
                failing: u32::try_from(failing).unwrap_or(u32::MAX),
                text: text(&missed),
                would: would(&missed, &also),
                checks: missed.into_iter().map(|condition| condition.check).collect(),
                also,
            });
        }
        Ok(near)
    }
}

/// `one criterion away: credit_score < 620`
fn text(missed: &[Condition]) -> String {
    let away = match missed.len() {
        1 => "one criterion away".to_owned(),
        2 => "two criteria away".to_owned(),
        more => format!("{more} criteria away"),
    };
    let instead: Vec<&str> = missed.iter().filter_map(|condition| condition.instead.as_deref()).collect();
    format!("{away}: {}", instead.join("; "))
}

/// `would be eligible if credit_score >= 620`
fn would(missed: &[Condition], also: &[String]) -> String {
    let signs: Vec<&str> = missed.iter().map(|condition| condition.sign.as_str()).collect();
    let signs = signs.join(" and ");
    if also.is_empty() {
        return format!("would be eligible if {signs}");
    }
    format!("its criteria would be met if {signs}; also in the way: {}", also.join(", "))
}
