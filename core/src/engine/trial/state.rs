//! The state of a trial: only what can still change a decision.

use super::known::KnownRequests;
use crate::dedupe::DedupeKey;
use crate::engine::reads::{MOST_REPEATS, State};
use crate::engine::room::Booked;
use crate::model::{BuyerId, ContractId, DecisionId, Error, LeadId, SourceId, Standings, Timestamp};
use crate::operate::is_funds_counter;
use crate::plan::Plan;
use crate::store::{Claim, ClaimHash, GroupTurns};
use rustc_hash::{FxHashMap, FxHasher};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::hash::Hasher;

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;

/// What is past is looked for so often.
const SWEEP: i64 = 6 * HOUR;

#[derive(Clone, Copy)]
struct Counter {
    used: i64,
    touched: Timestamp,
}

/// Nothing here is ever gone through in the order of a hash, so that order reaches no answer.
pub(super) struct TrialState {
    pub(super) known: KnownRequests,
    counters: FxHashMap<String, Counter>,
    /// When a value was last claimed, by its scope and hash.
    claims: FxHashMap<(u64, ClaimHash), Timestamp>,
    turns: BTreeMap<String, GroupTurns>,
    /// What rolling caps count, with the time of each sale, the oldest first.
    moments: FxHashMap<String, VecDeque<(Timestamp, i64)>>,
    /// When values came that are counted, the oldest first.
    came: FxHashMap<(u64, ClaimHash), VecDeque<Timestamp>>,
    last: Option<Timestamp>,
    swept: Option<Timestamp>,
    /// The longest that any rule looks back for duplicates, in milliseconds.
    longest: i64,
    /// The longest span of a rolling cap.
    longest_span: i64,
}

impl TrialState {
    pub(super) fn new(plan: &Plan) -> Self {
        let intake = plan.intake.dedupe.iter().chain(&plan.intake.repeats);
        let rules = intake.chain(plan.buyers.values().flat_map(|buyer| &buyer.dedupe));
        let calendars = plan.contracts.iter().map(|contract| &contract.caps);
        let calendars = calendars.chain(plan.buyers.values().map(|buyer| &buyer.caps));
        let calendars =
            calendars.chain(plan.sources.values().flat_map(|source| {
                std::iter::once(&source.caps).chain(source.sub_ids.values().map(|part| &part.caps))
            }));
        let groups = plan.routes.values().flat_map(|route| route.groups.iter().chain(&route.house));
        let calendars = calendars.chain(groups.map(|group| &group.caps));
        let calendars = calendars.chain(plan.routes.values().map(|route| &route.caps));
        let spans = calendars.flat_map(|calendar| &calendar.caps).filter_map(|cap| cap.window.rolling_millis());
        Self {
            known: KnownRequests::default(),
            counters: FxHashMap::default(),
            claims: FxHashMap::default(),
            turns: BTreeMap::new(),
            moments: FxHashMap::default(),
            came: FxHashMap::default(),
            last: None,
            swept: None,
            longest: rules.map(|rule| rule.within).max().unwrap_or(0),
            longest_span: spans.max().unwrap_or(0),
        }
    }

    /// The clock of a store never goes back, nor does this one (rule 96).
    pub(super) fn at(&self, now: Timestamp) -> Timestamp {
        self.last.map_or(now, |last| last.max(now))
    }

    /// A decision was made at this time.
    pub(super) fn pass(&mut self, at: Timestamp) {
        self.last = Some(at);
        let due = self.swept.is_none_or(|swept| at.millis() - swept.millis() >= SWEEP);
        if due {
            self.swept = Some(at);
            self.sweep(at);
        }
    }

    /// Lets go of windows that are over, and of claims that no rule looks back to.
    fn sweep(&mut self, at: Timestamp) {
        let age = |then: Timestamp| at.millis() - then.millis();
        self.counters.retain(|key, counter| age(counter.touched) <= longest_window(key));
        let longest = self.longest;
        self.claims.retain(|_, claimed| age(*claimed) < longest);
        self.came.retain(|_, times| {
            while times.front().is_some_and(|then| age(*then) >= longest) {
                times.pop_front();
            }
            !times.is_empty()
        });
        let longest = self.longest_span;
        self.moments.retain(|_, adds| {
            while adds.front().is_some_and(|(then, _)| age(*then) >= longest) {
                adds.pop_front();
            }
            !adds.is_empty()
        });
        self.known.sweep(at);
    }

    pub(super) fn apply(
        &mut self,
        booked: Booked,
        turns: BTreeMap<String, GroupTurns>,
        claims: BTreeSet<DedupeKey>,
        at: Timestamp,
    ) {
        for (key, add) in booked.moments {
            self.moments.entry(key).or_default().push_back((at, add));
        }
        for (key, add) in booked.counters {
            let counter = self.counters.entry(key).or_insert(Counter { used: 0, touched: at });
            counter.used = counter.used.saturating_add(add);
            counter.touched = at;
        }
        self.turns.extend(turns);
        for key in claims {
            let claimed = (scope(&key.scope), key.hash);
            if key.scope.contains("|came|") {
                self.came.entry(claimed).or_default().push_back(at);
            } else {
                self.claims.insert(claimed, at);
            }
        }
    }
}

/// How long after its last change a counter may still be asked for. A window of a kind that is not known here is kept
/// for good.
fn longest_window(key: &str) -> i64 {
    match key.split('|').nth(1).and_then(|window| window.split_once(':')).map(|(kind, _)| kind) {
        Some("hour") => 2 * HOUR,
        Some("day") => 2 * DAY,
        Some("week") => 9 * DAY,
        Some("month") => 33 * DAY,
        _ => i64::MAX,
    }
}

/// There are a few scopes; a number for each is enough.
fn scope(name: &str) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(name.as_bytes());
    hasher.finish()
}

impl State for TrialState {
    /// Who pays from funds is taken to have paid in: payments are no part of a plan, and a trial knows of none.
    fn counter(&self, key: &str) -> Result<i64, Error> {
        if is_funds_counter(key) {
            return Ok(i64::MAX);
        }
        Ok(self.counters.get(key).map_or(0, |counter| counter.used))
    }

    /// Who made a claim is not kept.
    fn claim(&self, scope: &str, hash: &ClaimHash, after: Timestamp) -> Result<Option<Claim>, Error> {
        let found = self.claims.get(&(self::scope(scope), *hash)).filter(|at| **at > after);
        let by = || DecisionId { source: SourceId::known("trial"), lead: LeadId::known("trial"), n: 1 };
        Ok(found.map(|at| Claim { scope: scope.to_owned(), hash: *hash, at: *at, by: by() }))
    }

    fn turns(&self, group: &str) -> Result<Cow<'_, GroupTurns>, Error> {
        Ok(self.turns.get(group).map_or_else(|| Cow::Owned(GroupTurns::default()), Cow::Borrowed))
    }

    fn since(&self, key: &str, after: Timestamp) -> Result<i64, Error> {
        let adds = self.moments.get(key).into_iter().flatten().rev().take_while(|(at, _)| *at > after);
        Ok(adds.fold(0, |sum: i64, (_, add)| sum.saturating_add(*add)))
    }

    fn claims(&self, scope: &str, hash: &ClaimHash, after: Timestamp) -> Result<u32, Error> {
        let times = self.came.get(&(self::scope(scope), *hash)).into_iter().flatten().rev();
        let most = usize::try_from(MOST_REPEATS).unwrap_or(usize::MAX);
        let count = times.take_while(|at| **at > after).take(most).count();
        Ok(u32::try_from(count).unwrap_or(MOST_REPEATS))
    }

    /// A trial has no operations: it shows what the plan itself does.
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

#[cfg(test)]
mod tests {
    use super::longest_window;

    #[test]
    fn a_total_is_never_forgotten_and_neither_is_a_window_of_another_kind() {
        assert_eq!(longest_window("contract:a|total|count|sold"), i64::MAX);
        assert_eq!(longest_window("contract:a|fortnight:2026-11-24|count|sold"), i64::MAX);
        assert!(longest_window("contract:a|month:2026-11|spend|sold") >= 31 * 86_400_000);
        assert!(longest_window("contract:a:b|day:2026-11-24|count|sold") >= 25 * 3_600_000);
    }
}
