//! What is gathered, as statements: one a table, whatever the number of rows, each with its rows in the order of their keys.

mod decided;
mod delivered;
mod sums;

use super::cache::Clock;
use super::columns::Write;
use super::pending::{Pending, PostingKey, RollupKey, Sum, plus};
use decided::{
    of_claims, of_clock, of_counters, of_decided, of_decisions, of_events, of_keys, of_moments, of_taken, of_turns,
};
use delivered::{of_attempts, of_dead_letters, of_deliveries, of_enters, of_leaves, of_outbox, of_reservations};
use leadwright::model::{Attempt, ContractId, DeadLetter, LeadId, SourceId, TenantId};
use leadwright::store::{Claim, Delivery, ProblemGroup, Record, Reservation};
use std::collections::BTreeMap;
use sums::{of_days, of_entries, of_posted, of_problems, of_rollups, of_set, of_statements, of_unset};

/// Rows in the order of their keys, where they were not gathered so: all writers touch rows in one order, and nobody waits
/// in a circle.
pub(super) struct Sorted<'a> {
    counters: Vec<(&'a String, &'a i64)>,
    taken: Vec<(&'a String, &'a (i64, i64))>,
    moments: Vec<(&'a (String, i64), &'a i64)>,
    claims: Vec<&'a Claim>,
    keys: Vec<(&'a (SourceId, String), &'a Record)>,
    turns: Vec<(&'a String, String)>,
    rollups: Vec<(&'a RollupKey, &'a Sum)>,
    days: Vec<(Day<'a>, Sum)>,
    posted: Vec<(&'a PostingKey, &'a (i64, i64))>,
    problems: Vec<&'a ProblemGroup>,
    reservations: Vec<&'a Reservation>,
    set: Vec<(&'a String, &'a String, i64)>,
    unset: Vec<&'a String>,
    leaves: Vec<&'a (SourceId, LeadId)>,
    deliveries: Vec<&'a Delivery>,
    attempts: Vec<&'a Attempt>,
    dead_letters: Vec<&'a DeadLetter>,
}

/// Date, source, contract, outcome.
type Day<'a> = (String, &'a str, &'a str, &'static str);

impl<'a> Sorted<'a> {
    pub(super) fn of(pending: &'a Pending) -> Self {
        let mut claims: Vec<_> = pending.claims.iter().collect();
        claims.sort_by_key(|claim| (&claim.scope, claim.hash, claim.at, &claim.by));
        claims.dedup();
        let keys = pending.keys.iter().filter_map(|(key, place)| Some((key, &pending.decisions.get(*place)?.1)));
        let json = |turns| serde_json::to_string(turns).unwrap_or_default();
        let mut days: BTreeMap<Day<'a>, Sum> = BTreeMap::new();
        for ((date, _, source, contract, outcome), sum) in &pending.rollups {
            let day = (date.to_string(), source.as_str(), contract_text(contract.as_ref()), outcome.as_str());
            plus(days.entry(day).or_default(), *sum);
        }
        let settings = || pending.settings.iter();
        Self {
            counters: pending.counters.iter().collect(),
            taken: pending.taken.iter().collect(),
            moments: pending.moments.iter().collect(),
            claims,
            keys: keys.collect(),
            turns: pending.turns.iter().map(|(group, turns)| (group, json(turns))).collect(),
            rollups: pending.rollups.iter().collect(),
            days: days.into_iter().collect(),
            posted: pending.posted.iter().collect(),
            problems: pending.problems.values().collect(),
            reservations: pending.reservations.values().collect(),
            set: settings().filter_map(|(key, (value, at))| Some((key, value.as_ref()?, *at))).collect(),
            unset: settings().filter(|(_, (value, _))| value.is_none()).map(|(key, _)| key).collect(),
            leaves: pending.leaves.iter().collect(),
            deliveries: pending.deliveries.values().collect(),
            attempts: pending.attempts.values().collect(),
            dead_letters: pending.dead_letters.values().collect(),
        }
    }
}

fn contract_text(contract: Option<&ContractId>) -> &str {
    contract.map_or("", ContractId::as_str)
}

fn text<T: ToString>(it: Option<&T>) -> String {
    it.map(ToString::to_string).unwrap_or_default()
}

/// A value that is kept as the JSON that it is on the wire.
fn json<T: serde::Serialize>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

/// The statements of all that is gathered; none for what is not.
pub(super) fn writes<'a>(
    tenant: &'a TenantId,
    pending: &'a Pending,
    sorted: &'a Sorted<'a>,
    clock: &Clock,
) -> Vec<Write<'a>> {
    let all = [
        (pending.clock, of_clock(clock)),
        (!pending.decisions.is_empty(), of_decisions(&pending.decisions)),
        (!pending.decisions.is_empty(), of_decided(&pending.decisions)),
        (!sorted.keys.is_empty(), of_keys(sorted)),
        (!sorted.counters.is_empty(), of_counters(sorted)),
        (!sorted.taken.is_empty(), of_taken(sorted)),
        (!sorted.moments.is_empty(), of_moments(sorted)),
        (!sorted.claims.is_empty(), of_claims(sorted)),
        (!sorted.turns.is_empty(), of_turns(sorted)),
        (!pending.outbox.is_empty(), of_outbox(&pending.outbox)),
        (!sorted.deliveries.is_empty(), of_deliveries(sorted)),
        (!sorted.attempts.is_empty(), of_attempts(sorted)),
        (!sorted.dead_letters.is_empty(), of_dead_letters(sorted)),
        (!pending.events.is_empty(), of_events(&pending.events)),
        (!sorted.rollups.is_empty(), of_rollups(sorted)),
        (!sorted.days.is_empty(), of_days(sorted)),
        (!sorted.posted.is_empty(), of_posted(sorted)),
        (!pending.entries.is_empty(), of_entries(&pending.entries)),
        (!pending.statements.is_empty(), of_statements(&pending.statements)),
        (!sorted.problems.is_empty(), of_problems(sorted)),
        (!sorted.reservations.is_empty(), of_reservations(sorted)),
        (!sorted.unset.is_empty(), of_unset(sorted)),
        (!sorted.set.is_empty(), of_set(sorted)),
        (!sorted.leaves.is_empty(), of_leaves(sorted)),
        (!pending.enters.is_empty(), of_enters(&pending.enters)),
    ];
    let mut wanted: Vec<Write<'a>> = all.into_iter().filter(|(some, _)| *some).map(|(_, write)| write).collect();
    wanted.iter_mut().for_each(|write| write.bound.insert(0, Box::new(tenant.as_str())));
    wanted
}
