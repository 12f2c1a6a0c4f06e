//! What a decision asks.

use super::Work;
use crate::model::{
    Account, DecisionId, Error, Event, EventKind, Fingerprint, LeadId, Party, SourceId, SubscriberName, Timestamp,
    Waiting,
};
use crate::store::{
    But, Claim, ClaimHash, ClosedStatement, Entry, EntryQuery, GroupState, GroupTurns, Known, Payload, PostingQuery,
    PostingSum, Reservation, Subscriber, View,
};
use std::collections::BTreeMap;
use std::ops::Bound;

impl View for Work<'_> {
    fn counter(&self, key: &str) -> Result<i64, Error> {
        Ok(self.state().and_then(|state| state.counters.get(key)).copied().unwrap_or(0))
    }

    fn since(&self, key: &str, after: Timestamp) -> Result<i64, Error> {
        let end = Timestamp::EPOCH.plus_millis(i64::MAX);
        Ok(self.upto(key, Bound::Included(end)).saturating_sub(self.upto(key, Bound::Included(after))))
    }

    fn claim(&self, scope: &str, hash: &ClaimHash, after: Timestamp, but: But<'_>) -> Result<Option<Claim>, Error> {
        let found = self.claims_after(scope, hash, after, but).next_back();
        Ok(found.map(|(at, by)| Claim { scope: scope.to_owned(), hash: *hash, at, by: by.clone() }))
    }

    fn claims(&self, scope: &str, hash: &ClaimHash, after: Timestamp, but: But<'_>, most: u32) -> Result<u32, Error> {
        let most = usize::try_from(most).unwrap_or(usize::MAX);
        let count = self.claims_after(scope, hash, after, but).take(most).count();
        Ok(u32::try_from(count).unwrap_or(u32::MAX))
    }

    fn turns(&self, group: &str) -> Result<GroupTurns, Error> {
        Ok(self.state().and_then(|state| state.turns.get(group)).cloned().unwrap_or_default())
    }

    fn setting(&self, key: &str) -> Result<Option<String>, Error> {
        Ok(self.state().and_then(|state| state.settings.get(key)).cloned().flatten())
    }

    fn settings(&self, begin: &str) -> Result<BTreeMap<String, String>, Error> {
        let all = self.state().map(|state| state.settings.range(begin.to_owned()..)).into_iter().flatten();
        let here = all.take_while(|(key, _)| key.starts_with(begin));
        Ok(here.filter_map(|(key, value)| Some((key.clone(), value.clone()?))).collect())
    }

    fn last_decided_at(&self) -> Result<Option<Timestamp>, Error> {
        Ok(self.state().and_then(|state| state.last_decided_at))
    }

    fn decided(&self, source: &SourceId, lead: &LeadId) -> Result<Option<Known>, Error> {
        let key = (source.clone(), lead.clone());
        Ok(self.known(self.state().and_then(|state| state.latest.get(&key))))
    }

    fn by_idempotency_key(&self, source: &SourceId, key: &str) -> Result<Option<Known>, Error> {
        let key = (source.clone(), key.to_owned());
        Ok(self.known(self.state().and_then(|state| state.keys.get(&key))))
    }

    fn by_payload(&self, source: &SourceId, payload: &Payload, after: Timestamp) -> Result<Option<Known>, Error> {
        let Some(state) = self.state() else { return Ok(None) };
        let range = (source.clone(), *payload, after, u64::MAX)..;
        let found =
            state.payloads.range(range).take_while(|((of, hash, ..), ())| of == source && hash == payload).last();
        Ok(self.known(found.map(|((_, _, _, seq), ())| seq)))
    }

    fn waiting(&self, source: &SourceId, lead: &LeadId) -> Result<Option<Waiting>, Error> {
        Ok(self.place(source, lead).and_then(|place| self.state()?.queue.get(&place)?.clone()))
    }

    fn reservation(&self, key: &str) -> Result<Option<Reservation>, Error> {
        Ok(self.state().and_then(|state| state.reservations.get(key)).cloned())
    }

    fn held_until(&self, at: Timestamp, limit: usize) -> Result<Vec<Reservation>, Error> {
        let Some(state) = self.state() else { return Ok(Vec::new()) };
        let over = state.held.keys().take_while(|(until, _)| *until <= at).take(limit);
        Ok(over.filter_map(|(_, key)| state.reservations.get(key).cloned()).collect())
    }

    fn problem(&self, fingerprint: &Fingerprint) -> Result<Option<GroupState>, Error> {
        Ok(self.state().and_then(|state| state.problems.get(fingerprint)).map(|row| row.state))
    }

    fn postings(&self, query: &PostingQuery) -> Result<Vec<PostingSum>, Error> {
        let mut sums: BTreeMap<_, (i64, i64)> = BTreeMap::new();
        let all = self.state().into_iter().flat_map(|state| &state.postings);
        for ((account, date, kind, contract, source), (count, debit)) in all {
            if query.wants(account, *date) {
                let sum = sums.entry((account, *kind, contract, source)).or_default();
                *sum = (sum.0.saturating_add(*count), sum.1.saturating_add(*debit));
            }
        }
        let sum = |((account, kind, contract, source), (count, debit)): ((&Account, _, &Option<_>, &Option<_>), _)| {
            let (account, contract, source) = (account.clone(), contract.clone(), source.clone());
            PostingSum { account, kind, contract, source, count, debit }
        };
        Ok(sums.into_iter().map(sum).collect())
    }

    fn entries(&self, query: &EntryQuery) -> Result<Vec<Entry>, Error> {
        let all = self.state().into_iter().flat_map(|state| state.entries.values());
        Ok(all.filter(|entry| query.wants(entry)).cloned().collect())
    }

    fn statements(&self, party: Option<&Party>) -> Result<Vec<ClosedStatement>, Error> {
        let all = self.state().into_iter().flat_map(|state| state.statements.values());
        Ok(all.filter(|closed| party.is_none_or(|party| closed.party == *party)).cloned().collect())
    }

    fn body(&self, id: &DecisionId) -> Result<Option<(u64, Vec<u8>)>, Error> {
        let Some(state) = self.state() else { return Ok(None) };
        let stored = state.ids.get(id).and_then(|seq| state.decisions.get(seq));
        Ok(stored.map(|stored| (stored.seq, stored.record.body.clone())))
    }

    fn events(&self, kinds: &[EventKind], after: u64, limit: usize) -> Result<Vec<(u64, Event)>, Error> {
        let wanted = self.state().into_iter().flat_map(|state| state.events_after(kinds, after)).take(limit);
        Ok(wanted.map(|(position, event)| (*position, event.clone())).collect())
    }

    fn count_events(&self, kinds: &[EventKind], after: u64) -> Result<u64, Error> {
        let count = self.state().map_or(0, |state| state.events_after(kinds, after).count());
        Ok(u64::try_from(count).unwrap_or(u64::MAX))
    }

    fn last_event(&self) -> Result<u64, Error> {
        Ok(self.state().and_then(|state| state.events.last_key_value()).map_or(0, |(last, _)| *last))
    }

    fn subscriber(&self, name: &SubscriberName) -> Result<Option<Subscriber>, Error> {
        Ok(self.state().and_then(|state| state.subscribers.get(name)).cloned())
    }

    fn subscribers(&self) -> Result<Vec<Subscriber>, Error> {
        Ok(self.state().map(|state| state.subscribers.values().cloned().collect()).unwrap_or_default())
    }
}

impl Work<'_> {
    pub(super) fn place(&self, source: &SourceId, lead: &LeadId) -> Option<u64> {
        *self.state()?.places.get(&(source.clone(), lead.clone()))?
    }

    /// What was added to a key up to a moment.
    pub(super) fn upto(&self, key: &str, end: Bound<Timestamp>) -> i64 {
        let Some(state) = self.state() else { return 0 };
        let begin = Bound::Included((key.to_owned(), Timestamp::EPOCH.plus_millis(i64::MIN)));
        let found = state.moments.range((begin, end.map(|at| (key.to_owned(), at)))).next_back();
        found.map_or(0, |(_, upto)| *upto)
    }
}
