//! Every check that a contract does not pass.
//!
//! What decides is asked one check after the other and stops at the first that fails. Here the same code is asked again
//! and again, each time by a plan without the checks that were found so far: no second list of checks to keep in step.

use super::beside::{Beside, Spot, group_of};
use super::types::{CapSaid, ConditionSaid, Explained, FailingCheck, InFull};
use crate::engine::prepare::LeadFacts;
use crate::engine::reads::State;
use crate::engine::select::Asked;
use crate::engine::settle::Settling;
use crate::engine::standing::Why;
use crate::limits::{Cap, Measure};
use crate::model::{Code, Error, Money};
use crate::plan::Plan;
use crate::rules::Truth;
use crate::select::Method;

/// More checks than this are not looked for: a contract has fewer caps.
const MOST: usize = 64;

impl<S: State> Beside<'_, S> {
    /// Gives each entry everything that was in the way of its contract.
    pub(super) fn all_checks(&mut self, facts: &LeadFacts<'_>, entries: &mut [Explained]) -> Result<(), Error> {
        for explained in entries.iter_mut().filter(|explained| explained.entry.code != Code::ContractSold) {
            let Some(spot) = self.spot(&explained.entry.group, &explained.entry.contract) else { continue };
            let entry = &explained.entry;
            let first = FailingCheck {
                code: entry.code,
                check: entry.check.clone(),
                found: entry.found.clone(),
                wanted: entry.wanted.clone(),
            };
            let mut failing: Vec<FailingCheck> = vec![first];
            let conditions = self.plan().contract(spot.contract).and_then(|contract| contract.criteria.as_ref());
            for condition in conditions.map(|criteria| criteria.conditions(facts)).unwrap_or_default() {
                if condition.truth != Truth::True {
                    failing.push(FailingCheck {
                        code: condition.code,
                        check: Some(condition.check),
                        found: condition.found,
                        wanted: Some(condition.wanted),
                    });
                }
            }
            failing.extend(self.in_the_way(spot)?.into_iter().map(said));
            let mut seen = std::collections::BTreeSet::new();
            failing.retain(|one| seen.insert((one.check.clone(), one.check.is_none().then_some(one.code.as_str()))));
            explained.failing = failing;
        }
        Ok(())
    }

    /// What is in the way of a contract whose criteria are met, were it the only one that is asked; without what
    /// depends on others.
    pub(super) fn in_the_way(&mut self, spot: Spot<'_>) -> Result<Vec<Why>, Error> {
        let (found, _) = self.strip(spot)?;
        self.put_back(spot);
        Ok(found)
    }

    /// Takes everything out that is in the way, as far as that can be done. What it was, and whether that is all.
    pub(super) fn strip(&mut self, spot: Spot<'_>) -> Result<(Vec<Why>, bool), Error> {
        let mut found: Vec<Why> = Vec::new();
        while found.len() < MOST {
            let next = self.alone(|settling, plan| first_obstacle(settling, plan, spot))?;
            let Some(why) = next else { return Ok((found, true)) };
            if found.contains(&why) {
                break;
            }
            let is_out = why.check.as_deref().is_some_and(|check| self.take_out(spot, check));
            found.push(why);
            if !is_out {
                break;
            }
        }
        Ok((found, false))
    }

    /// Shows the contracts in full.
    pub(super) fn in_full(&mut self, facts: &LeadFacts<'_>, entries: &mut [Explained]) -> Result<(), Error> {
        for explained in entries {
            let Some(spot) = self.spot(&explained.entry.group, &explained.entry.contract) else { continue };
            let Some(contract) = self.plan().contract(spot.contract) else { continue };
            let conditions = contract.criteria.as_ref().map(|criteria| criteria.conditions(facts)).unwrap_or_default();
            let conditions = conditions.into_iter().map(|condition| ConditionSaid {
                check: condition.check,
                met: match condition.truth {
                    Truth::True => Some(true),
                    Truth::False => Some(false),
                    Truth::Unknown => None,
                },
                found: condition.found,
                wanted: condition.wanted,
            });
            let mut full = InFull {
                buyer: contract.buyer.clone(),
                conditions: conditions.collect(),
                open: contract.schedule.is_open(&contract.caps.zone, self.about().at),
                caps: Vec::new(),
                exclusive: contract.exclusive,
                shared: contract.shared.map(|shared| shared.price),
            };
            full.caps = self.caps(spot)?;
            explained.full = Some(full);
        }
        Ok(())
    }

    fn caps(&mut self, spot: Spot<'_>) -> Result<Vec<CapSaid>, Error> {
        let known = self.lenient();
        known.guessed();
        self.alone(|settling, plan| {
            let (Some(group), Some(contract)) = (group_of(plan, spot), plan.contract(spot.contract)) else {
                return Ok(Vec::new());
            };
            let mut caps = Vec::new();
            for (owner, calendar) in settling.calendars(contract, group) {
                for cap in &calendar.caps {
                    let used = settling.used(cap, calendar)?;
                    let used = (!known.guessed()).then(|| amount(cap, used));
                    caps.push(CapSaid { check: owner.check(cap), used, limit: amount(cap, cap.limit) });
                }
            }
            Ok(caps)
        })
    }
}

fn said(why: Why) -> FailingCheck {
    FailingCheck { code: why.code, check: why.check, found: why.found, wanted: why.wanted }
}

/// The first check that a contract does not pass when nobody has the lead.
fn first_obstacle<S: State>(settling: &Settling<'_, S>, plan: &Plan, spot: Spot<'_>) -> Result<Option<Why>, Error> {
    let (Some(group), Some(contract)) = (group_of(plan, spot), plan.contract(spot.contract)) else { return Ok(None) };
    if let Some(why) = settling.shut(contract)? {
        return Ok(Some(why));
    }
    let Some(member) = group.members.iter().find(|member| member.contract == spot.contract) else { return Ok(None) };
    if group.rule.method == Method::BestRevenue {
        let mut asked = Asked { member, contract, missed: false, why: None };
        settling.prices(&mut asked, group)?;
        return Ok(asked.why);
    }
    Ok(settling.deal(contract, group, None)?.err())
}

fn amount(cap: &Cap, amount: i64) -> String {
    match cap.measure {
        Measure::Count => amount.to_string(),
        Measure::Spend => Money::from_units(amount).unwrap_or(Money::MAX).to_string(),
    }
}
