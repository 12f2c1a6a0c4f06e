//! Contracts that another one leaves nothing to, and contracts that are the same twice.

use super::Linter;
use super::form::{self, Form};
use super::lead::Lead;
use super::solve::{Found, is_impossible, solve};
use super::space::Space;
use crate::limits::{Measure, Schedule};
use crate::matching::Ask;
use crate::model::{Code, Money, Witness};
use crate::plan::compiled::{Contract, Group, Membership, OutsideCallWindow, Payout, Route};
use crate::select::{Candidate, Method};
use std::collections::BTreeMap;

/// More pairs are not compared.
const PAIRS: usize = 20_000;

impl Linter<'_> {
    pub(super) fn overlap(&mut self, space: &Space<'_>, route: &Route, members: &[(usize, &Contract)]) {
        let twice = self.twice(space, route, members);
        let forms: BTreeMap<usize, Form> = members
            .iter()
            .map(|(place, contract)| {
                let form = contract.criteria.as_ref().map_or(Form::And(Vec::new()), |all| form::met(all, space));
                (*place, form)
            })
            .collect();
        let takes_all: Vec<(usize, &Contract, Option<Form>)> = members
            .iter()
            .filter(|(_, contract)| self.is_always_open(contract))
            .map(|(place, contract)| {
                (*place, *contract, contract.criteria.as_ref().map(|all| form::not_met(all, space)))
            })
            .collect();
        let mut pairs = 0;
        for (place, contract) in members {
            // What is there twice was said, and what is paused is meant to get nothing.
            if twice.contains(place) || contract.paused {
                continue;
            }
            for (first, other, opposite) in takes_all.iter().filter(|(first, ..)| first != place) {
                if !self.is_before(route, (*first, other), (*place, contract)) {
                    continue;
                }
                pairs += 1;
                if pairs > PAIRS {
                    return;
                }
                let Some(met) = forms.get(place) else { continue };
                if opposite.as_ref().is_none_or(|opposite| is_impossible(space, &[met, opposite])) {
                    let witness = shows(space, route, met, (*place, *first), &other.id.to_string());
                    let message = format!(
                        "contract `{}` gets nothing: `{}` is asked before, takes every lead that it would take, and has no limit",
                        contract.id, other.id
                    );
                    self.at_contract(Code::LintShadowed, contract, &[], message, witness);
                    break;
                }
            }
        }
    }

    /// Contracts of one buyer that say the same. Returns the places of those that came later.
    fn twice(&mut self, space: &Space<'_>, route: &Route, members: &[(usize, &Contract)]) -> Vec<usize> {
        let mut known: BTreeMap<String, Vec<(usize, &Contract)>> = BTreeMap::new();
        let mut twice = Vec::new();
        for (place, contract) in members {
            let groups: Vec<(&str, u32, u32)> = places(route, *place)
                .map(|(n, _, member)| {
                    let id = route.groups.get(n).map_or("", |group| group.id.as_str());
                    (id, member.priority, member.weight)
                })
                .collect();
            let shared = contract.shared.map(|shared| (shared.price, shared.with_at_most));
            let alike = format!("{} {groups:?} {:?} {shared:?}", contract.buyer, contract.exclusive);
            let others = known.entry(alike).or_default();
            match others.iter().find(|(_, other)| is_same(other, contract)).copied() {
                Some((first, other)) => {
                    let message = format!("contract `{}` says what `{}` says", contract.id, other.id);
                    let met = contract.criteria.as_ref().map_or(Form::And(Vec::new()), |all| form::met(all, space));
                    let witness = shows_both(space, route, &met, (*place, first));
                    self.at_contract(Code::LintDuplicateContract, contract, &[], message, witness);
                    twice.push(*place);
                }
                // Very many contracts of one buyer with one price are not all compared.
                None if others.len() < 1_000 => others.push((*place, contract)),
                None => {}
            }
        }
        twice
    }

    /// Whether nothing but its criteria ever keeps it from buying.
    fn is_always_open(&self, contract: &Contract) -> bool {
        let buyer = self.plan.buyers.get(&contract.buyer);
        !contract.paused
            && contract.starts.is_none()
            && contract.ends.is_none()
            && contract.schedule == Schedule::default()
            && contract.caps.caps.is_empty()
            && contract.rate.is_none()
            && contract.consent.is_none()
            && contract.repeats.is_empty()
            && matches!(contract.call_window, None | Some(OutsideCallWindow::Sell))
            && buyer.is_some_and(|buyer| buyer.caps.caps.is_empty() && buyer.dedupe.is_empty() && buyer.funds.is_none())
    }

    /// Whether a contract that wants a lead takes it before the other one is asked, in a route that sells once.
    fn is_before(&self, route: &Route, (first, one): (usize, &Contract), (second, other): (usize, &Contract)) -> bool {
        if route.max_sales != 1 {
            return false;
        }
        places(route, first).any(|(n, group, member)| {
            self.sells_in(route, group, one)
                && places(route, second)
                    .all(|(m, _, late)| n < m || n == m && is_ranked_before(group, (member, one), (late, other)))
                && places(route, second).next().is_some()
        })
    }

    /// Whether the group sells to the contract whenever it wants a lead and the lead is there.
    fn sells_in(&self, route: &Route, group: &Group, contract: &Contract) -> bool {
        // With one sale a route, a contract that offers both forms buys alone.
        let Some(price) = contract.exclusive.or(contract.shared.map(|shared| shared.price)) else { return false };
        let sources = || self.plan.sources.values();
        let enough = |paid: Payout| {
            let out = match paid {
                Payout::Nothing => Money::ZERO,
                Payout::Share(ppm) => price.share_floor_cent(ppm),
                Payout::Fixed(amount) => amount,
            };
            price.checked_sub(out).is_some_and(|margin| margin >= route.min_margin)
        };
        // A source's cap on money may leave room for a lower price.
        let counts = |caps: &[crate::limits::Cap]| caps.iter().all(|cap| cap.measure == Measure::Count);
        group.rule.method != Method::BestRevenue
            && group.min_sales <= 1
            && group.caps.caps.is_empty()
            && counts(&route.caps.caps)
            && price >= group.floor
            && enough(Payout::Nothing)
            && sources().all(|source| {
                let parts = source.sub_ids.values().all(|part| counts(&part.caps.caps));
                enough(source.payout) && counts(&source.caps.caps) && parts
            })
    }
}

/// The places of a contract in the groups of a route, in the order they are asked.
fn places(route: &Route, contract: usize) -> impl Iterator<Item = (usize, &Group, &Membership)> {
    route.groups.iter().enumerate().filter_map(move |(n, group)| {
        Some((n, group, group.members.iter().find(|member| member.contract == contract)?))
    })
}

fn is_ranked_before(
    group: &Group,
    (first, one): (&Membership, &Contract),
    (second, other): (&Membership, &Contract),
) -> bool {
    let worth = |contract: &Contract| {
        let price = contract.exclusive.or(contract.shared.map(|shared| shared.price)).unwrap_or(Money::ZERO);
        Candidate::worth_of(price, contract.expected_return)
    };
    match group.rule.method {
        Method::Priority => first.priority < second.priority,
        Method::Price => worth(one) > worth(other),
        _ => false,
    }
}

fn is_same(one: &Contract, other: &Contract) -> bool {
    let caps = |contract: &Contract| -> Vec<_> {
        contract.caps.caps.iter().map(|cap| (cap.window, cap.measure, cap.limit, cap.overshoot)).collect()
    };
    one.criteria == other.criteria
        && one.schedule == other.schedule
        && caps(one) == caps(other)
        && (one.pace, one.rate) == (other.pace, other.rate)
        && (one.starts, one.ends, one.paused) == (other.starts, other.ends, other.paused)
        && (&one.consent, &one.repeats, one.call_window) == (&other.consent, &other.repeats, other.call_window)
        && one.never_with == other.never_with
        && one.expected_return == other.expected_return
}

/// A lead that both want, found by the index of the route.
fn lead_of_both(space: &Space<'_>, route: &Route, met: &Form, (place, first): (usize, usize)) -> Option<Lead> {
    let Found::Some(left) = solve(space, &[met]) else { return None };
    let lead = Lead::of(space, &left)?;
    let found = route.matcher.find(&lead, Ask::IsTrue);
    let is_there = |place: usize| u32::try_from(place).is_ok_and(|place| found.contains(&place));
    (is_there(place) && is_there(first)).then_some(lead)
}

fn shows(space: &Space<'_>, route: &Route, met: &Form, both: (usize, usize), winner: &str) -> Option<Witness> {
    Some(lead_of_both(space, route, met, both)?.shown(format!("both want it, and `{winner}` gets it")))
}

fn shows_both(space: &Space<'_>, route: &Route, met: &Form, both: (usize, usize)) -> Option<Witness> {
    Some(lead_of_both(space, route, met, both)?.shown("both want it"))
}
