//! A store in memory: for tests, for trying a plan out, and for hosts that keep decisions elsewhere.

use super::gate::{Gate, Pass};
use super::ledger::{ClosedStatement, Entry, EntryQuery, Posting, PostingQuery, PostingSum};
use super::problems::MOST_GROUPS;
use super::{
    But, Change, Claim, ClaimHash, CounterAdd, Effects, Erasure, GroupState, GroupTurns, Known, MomentAdd, OutboxEntry,
    Payload, ProblemGroup, Reservation, RollupAdd, Store, Stored, Subscriber, Transaction, View,
};
use crate::model::{
    Account, Code, ContractId, Date, DecisionId, Durability, Error, Event, EventKind, Fingerprint, LeadId, Money,
    Outcome, Party, PostingKind, ReservationState, SourceId, SubscriberName, TenantId, Timestamp, Waiting,
};
use std::collections::BTreeMap;
use std::ops::{Bound, Deref, DerefMut};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Keeps everything in memory, and forgets it when it is dropped.
///
/// ```
/// use leadwright::{model::Durability, store::{MemoryStore, Store}};
/// assert_eq!(MemoryStore::new().durability(), Durability::Memory);
/// ```
#[derive(Default)]
pub struct MemoryStore {
    gate: Gate,
    inner: Mutex<Inner>,
}

impl std::fmt::Debug for MemoryStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MemoryStore")
    }
}

#[derive(Default)]
struct Inner {
    plans: BTreeMap<String, String>,
    tenants: BTreeMap<TenantId, Tenant>,
    last_seq: u64,
}

/// Account, day, kind, contract and source.
type PostingKey = (Account, Date, PostingKind, Option<ContractId>, Option<SourceId>);

type RollupKey = (Date, u8, SourceId, Option<ContractId>, Outcome);

/// The state of one tenant. All that grows is keyed, so that undoing a transaction is taking keys out again.
#[derive(Default)]
struct Tenant {
    decisions: BTreeMap<u64, Stored>,
    ids: BTreeMap<DecisionId, u64>,
    latest: BTreeMap<(SourceId, LeadId), u64>,
    keys: BTreeMap<(SourceId, String), u64>,
    payloads: BTreeMap<(SourceId, Payload, Timestamp, u64), ()>,
    counters: BTreeMap<String, i64>,
    /// By key and moment, the sum of all up to then.
    moments: BTreeMap<(String, Timestamp), i64>,
    claims: BTreeMap<(String, ClaimHash, Timestamp, u64), DecisionId>,
    turns: BTreeMap<String, GroupTurns>,
    settings: BTreeMap<String, Option<String>>,
    /// Leads that wait, by their place in the queue, and their places; one that has left is none.
    queue: BTreeMap<u64, Option<Waiting>>,
    places: BTreeMap<(SourceId, LeadId), Option<u64>>,
    outbox: BTreeMap<u64, OutboxEntry>,
    outbox_keys: BTreeMap<String, u64>,
    /// Of the outbox: what nobody has to deliver any more.
    done: BTreeMap<u64, ()>,
    events: BTreeMap<u64, Event>,
    subscribers: BTreeMap<SubscriberName, Subscriber>,
    rollups: BTreeMap<RollupKey, RollupAdd>,
    /// How many, and how much.
    postings: BTreeMap<PostingKey, (i64, i64)>,
    entries: BTreeMap<u64, Entry>,
    statements: BTreeMap<(Party, u32), ClosedStatement>,
    problems: BTreeMap<Fingerprint, ProblemGroup>,
    reservations: BTreeMap<String, Reservation>,
    /// Of these, those that are held, by the end of their time.
    held: BTreeMap<(Timestamp, String), ()>,
    last_decided_at: Option<Timestamp>,
}

/// How to take one change back.
type Undo = Box<dyn FnOnce(&mut Inner)>;

impl MemoryStore {
    /// An empty store.
    pub fn new() -> Self {
        Self::default()
    }

    fn lock(&self) -> Held<'_> {
        let pass = self.gate.enter();
        // Whoever panicked left a transaction that its guard has taken back.
        Held { inner: self.inner.lock().unwrap_or_else(PoisonError::into_inner), _pass: pass }
    }
}

/// All of the store. Let go of before the pass is: a fork finds no lock held.
struct Held<'a> {
    inner: MutexGuard<'a, Inner>,
    _pass: Pass<'a>,
}

impl Deref for Held<'_> {
    type Target = Inner;
    fn deref(&self) -> &Inner {
        &self.inner
    }
}

impl DerefMut for Held<'_> {
    fn deref_mut(&mut self) -> &mut Inner {
        &mut self.inner
    }
}

/// A transaction, or with no changes a view. Dropped without a commit it takes everything back, also in a panic.
struct Work<'a> {
    inner: Held<'a>,
    tenant: TenantId,
    undo: Vec<Undo>,
}

impl Drop for Work<'_> {
    fn drop(&mut self) {
        for undo in self.undo.drain(..).rev() {
            undo(&mut self.inner);
        }
    }
}

impl Work<'_> {
    fn state(&self) -> Option<&Tenant> {
        self.inner.tenants.get(&self.tenant)
    }

    fn known(&self, seq: Option<&u64>) -> Option<Known> {
        let stored = self.state()?.decisions.get(seq?)?;
        let record = &stored.record;
        Some(Known { id: record.id.clone(), payload: record.payload, at: record.at })
    }

    /// The claims of a value made after a time by others, oldest first.
    fn claims_after<'s>(
        &'s self,
        scope: &str,
        hash: &ClaimHash,
        after: Timestamp,
        but: But<'s>,
    ) -> impl DoubleEndedIterator<Item = (Timestamp, &'s DecisionId)> {
        let key = |at: Timestamp, seq: u64| (scope.to_owned(), *hash, at, seq);
        let last = Timestamp::EPOCH.plus_millis(i64::MAX);
        let range = (Bound::Excluded(key(after, u64::MAX)), Bound::Included(key(last, u64::MAX)));
        let all = self.state().filter(|_| after < last).map(|state| state.claims.range(range));
        let all = all.into_iter().flatten().map(|((_, _, at, _), by)| (*at, by));
        all.filter(move |(_, by)| but != Some((&by.source, &by.lead)))
    }

    /// Changes a value of the tenant, and remembers what it was.
    fn put<K: Clone + Ord + 'static, V: 'static>(
        &mut self,
        map: fn(&mut Tenant) -> &mut BTreeMap<K, V>,
        key: K,
        value: V,
    ) {
        let state = self.inner.tenants.entry(self.tenant.clone()).or_default();
        let before = map(state).insert(key.clone(), value);
        let tenant = self.tenant.clone();
        self.undo.push(Box::new(move |inner| {
            let state = inner.tenants.entry(tenant).or_default();
            match before {
                Some(before) => drop(map(state).insert(key, before)),
                None => drop(map(state).remove(&key)),
            }
        }));
    }

    /// Takes a value of the tenant out, and remembers it.
    fn take<K: Clone + Ord + 'static, V: 'static>(&mut self, map: fn(&mut Tenant) -> &mut BTreeMap<K, V>, key: &K) {
        let state = self.inner.tenants.entry(self.tenant.clone()).or_default();
        let Some((key, before)) = map(state).remove_entry(key) else { return };
        let tenant = self.tenant.clone();
        self.undo.push(Box::new(move |inner| {
            map(inner.tenants.entry(tenant).or_default()).insert(key, before);
        }));
    }

    fn next<V>(&self, map: fn(&Tenant) -> &BTreeMap<u64, V>) -> u64 {
        self.state().and_then(|state| map(state).last_key_value()).map_or(1, |(last, _)| last.saturating_add(1))
    }
}

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

impl Tenant {
    /// The events of these kinds after a position; no kinds are all.
    fn events_after(&self, kinds: &[EventKind], after: u64) -> impl Iterator<Item = (&u64, &Event)> {
        let all = self.events.range((Bound::Excluded(after), Bound::Unbounded));
        all.filter(|(_, event)| kinds.is_empty() || kinds.contains(&event.kind))
    }
}

impl Transaction for Work<'_> {
    fn apply(&mut self, effects: &Effects) -> Result<u64, Error> {
        let record = &effects.record;
        let taken = |what: String| Err(Error::new(Code::StoreCorrupt, what));
        if self.state().is_some_and(|state| state.ids.contains_key(&record.id)) {
            return taken(format!("the decision {} is there already", record.id));
        }
        if self.tenant != record.tenant {
            return taken(format!("the decision {} is of another tenant", record.id));
        }
        let before = self.inner.last_seq;
        let seq = before.saturating_add(1);
        self.inner.last_seq = seq;
        self.undo.push(Box::new(move |inner| inner.last_seq = before));
        let id = &record.id;
        self.put(|state| &mut state.decisions, seq, Stored { seq, record: record.clone(), inner: None });
        self.put(|state| &mut state.ids, id.clone(), seq);
        self.put(|state| &mut state.latest, (id.source.clone(), id.lead.clone()), seq);
        self.put(|state| &mut state.payloads, (id.source.clone(), record.payload, record.at, seq), ());
        if let Some(key) = &record.idempotency_key {
            let key = (id.source.clone(), key.clone());
            // The first decision of a key is what the key stands for.
            if !self.state().is_some_and(|state| state.keys.contains_key(&key)) {
                self.put(|state| &mut state.keys, key, seq);
            }
        }
        self.note_time(record.at);
        self.count(&effects.counters)?;
        for add in &effects.moments {
            self.add_at(add);
        }
        for claim in &effects.claims {
            let key = (claim.scope.clone(), claim.hash, claim.at, seq);
            self.put(|state| &mut state.claims, key, claim.by.clone());
        }
        for row in &effects.turns {
            self.put(|state| &mut state.turns, row.group.clone(), row.after.clone());
        }
        for entry in &effects.outbox {
            if self.state().is_some_and(|state| state.outbox_keys.contains_key(&entry.key)) {
                return taken("a delivery key is there already".into());
            }
            let position = self.next(|state| &state.outbox);
            self.put(|state| &mut state.outbox_keys, entry.key.clone(), position);
            self.put(|state| &mut state.outbox, position, entry.clone());
        }
        self.tell(&effects.events);
        for add in &effects.rollups {
            self.add_up(add);
        }
        effects.postings.iter().for_each(|posting| self.post(posting));
        for group in &effects.problems {
            self.meet(ProblemGroup::first(group.clone(), seq));
        }
        self.reserve(&effects.reservations);
        if effects.ends_wait {
            self.leave(&id.source, &id.lead);
        }
        if let Some(waiting) = &effects.waiting {
            self.enter(waiting);
        }
        Ok(seq)
    }

    fn change(&mut self, change: &Change) -> Result<(), Error> {
        self.note_time(change.at);
        self.count(&change.counters)?;
        change.moments.iter().for_each(|add| self.add_at(add));
        self.reserve(&change.reservations);
        for setting in &change.settings {
            self.put(|state| &mut state.settings, setting.key.clone(), setting.value.clone());
        }
        for said in &change.problems {
            let row = self.state().and_then(|state| state.problems.get(&said.fingerprint)).cloned();
            if let Some(mut row) = row {
                row.say(said, change.at);
                self.put(|state| &mut state.problems, said.fingerprint, row);
            }
        }
        for entry in &change.entries {
            self.post(&entry.posting);
            let position = self.next(|state| &state.entries);
            self.put(|state| &mut state.entries, position, entry.clone());
        }
        if let Some(closed) = &change.statement {
            let key = (closed.party.clone(), closed.n);
            if self.state().is_some_and(|state| state.statements.contains_key(&key)) {
                return Err(Error::new(Code::StoreCorrupt, format!("the statement {} is there already", closed.id())));
            }
            self.put(|state| &mut state.statements, key, closed.clone());
        }
        self.tell(&change.events);
        Ok(())
    }

    fn erase(&mut self, erasure: &Erasure) -> Result<(), Error> {
        let found = self.state().and_then(|state| state.decisions.get(state.ids.get(&erasure.id)?)).cloned();
        let Some(mut stored) = found else { return Ok(()) };
        let key = stored.record.idempotency_key.clone();
        // Without its lead nothing can be decided again; a namesake goes on waiting.
        let (source, lead) = (&erasure.id.source, &erasure.id.lead);
        if self.waiting(source, lead)?.is_some_and(|waiting| waiting.decision == erasure.id) {
            self.leave(source, lead);
        }
        stored.inner = Some(erasure.inner);
        stored.record.body.clone_from(&erasure.body);
        stored.record.input.clear();
        stored.record.reads.clear();
        if erasure.forget {
            stored.record.idempotency_key = None;
            self.forget(erasure, stored.seq, key);
        }
        self.put(|state| &mut state.decisions, stored.seq, stored);
        Ok(())
    }

    fn put_subscriber(&mut self, subscriber: &Subscriber) -> Result<(), Error> {
        self.put(|state| &mut state.subscribers, subscriber.name.clone(), subscriber.clone());
        Ok(())
    }

    fn wait_on(&mut self, waiting: &Waiting) -> Result<(), Error> {
        match self.place(&waiting.decision.source, &waiting.decision.lead) {
            Some(place) => self.put(|state| &mut state.queue, place, Some(waiting.clone())),
            None => self.enter(waiting),
        }
        Ok(())
    }
}

impl Work<'_> {
    /// Takes out what could lead to a person.
    fn forget(&mut self, erasure: &Erasure, seq: u64, key: Option<String>) {
        let Some(state) = self.state() else { return };
        let id = &erasure.id;
        let claims: Vec<_> = state.claims.iter().filter(|(_, by)| *by == id).map(|(key, _)| key.clone()).collect();
        let outbox: Vec<u64> =
            erasure.deliveries.iter().filter_map(|key| state.outbox_keys.get(key)).copied().collect();
        for claim in &claims {
            self.take(|state| &mut state.claims, claim);
        }
        for position in outbox {
            self.put(|state| &mut state.done, position, ());
        }
        let key = key.map(|key| (id.source.clone(), key));
        if let Some(key) = key.filter(|key| self.state().is_some_and(|state| state.keys.get(key) == Some(&seq))) {
            self.take(|state| &mut state.keys, &key);
        }
    }

    fn count(&mut self, adds: &[CounterAdd]) -> Result<(), Error> {
        for add in adds {
            let sum = self.counter(&add.key)?.saturating_add(add.add);
            self.put(|state| &mut state.counters, add.key.clone(), sum);
        }
        Ok(())
    }

    fn post(&mut self, posting: &Posting) {
        let PostingSum { account, kind, contract, source, count, debit } = posting.sum.clone();
        let key = (account, posting.date, kind, contract, source);
        let sum = self.state().and_then(|state| state.postings.get(&key)).copied().unwrap_or_default();
        let sum = (sum.0.saturating_add(count), sum.1.saturating_add(debit));
        self.put(|state| &mut state.postings, key, sum);
    }

    fn meet(&mut self, met: ProblemGroup) {
        let kept = |state: &Tenant, of: &ProblemGroup| state.problems.get(&of.group.fingerprint).cloned();
        let is_full = self.state().is_some_and(|state| state.problems.len() >= MOST_GROUPS);
        let known = self.state().and_then(|state| kept(state, &met));
        let met = if known.is_none() && is_full { met.anywhere() } else { met };
        let row = match known.or_else(|| self.state().and_then(|state| kept(state, &met))) {
            Some(mut row) => {
                row.join(met);
                row
            }
            None => met,
        };
        self.put(|state| &mut state.problems, row.group.fingerprint, row);
    }

    fn place(&self, source: &SourceId, lead: &LeadId) -> Option<u64> {
        *self.state()?.places.get(&(source.clone(), lead.clone()))?
    }

    fn leave(&mut self, source: &SourceId, lead: &LeadId) {
        if let Some(place) = self.place(source, lead) {
            self.put(|state| &mut state.queue, place, None);
            self.put(|state| &mut state.places, (source.clone(), lead.clone()), None);
        }
    }

    fn reserve(&mut self, reservations: &[Reservation]) {
        for reservation in reservations {
            let before = self.state().and_then(|state| state.reservations.get(&reservation.key)).cloned();
            if let Some(before) = before {
                self.take(|state| &mut state.held, &(before.until, before.key));
            }
            if reservation.state == ReservationState::Held {
                self.put(|state| &mut state.held, (reservation.until, reservation.key.clone()), ());
            }
            self.put(|state| &mut state.reservations, reservation.key.clone(), reservation.clone());
        }
    }

    fn enter(&mut self, waiting: &Waiting) {
        let id = &waiting.decision;
        let place = self.next(|state| &state.queue);
        self.put(|state| &mut state.queue, place, Some(waiting.clone()));
        self.put(|state| &mut state.places, (id.source.clone(), id.lead.clone()), Some(place));
    }

    fn tell(&mut self, events: &[Event]) {
        for event in events {
            let position = self.next(|state| &state.events);
            self.put(|state| &mut state.events, position, event.clone());
        }
    }

    /// What was added to a key up to a moment.
    fn upto(&self, key: &str, end: Bound<Timestamp>) -> i64 {
        let Some(state) = self.state() else { return 0 };
        let begin = Bound::Included((key.to_owned(), Timestamp::EPOCH.plus_millis(i64::MIN)));
        let found = state.moments.range((begin, end.map(|at| (key.to_owned(), at)))).next_back();
        found.map_or(0, |(_, upto)| *upto)
    }

    fn add_at(&mut self, add: &MomentAdd) {
        let before = self.upto(&add.key, Bound::Included(add.at));
        let here = (add.key.clone(), add.at);
        let from = (Bound::Excluded(here.clone()), Bound::Unbounded);
        let later = self.state().map(|state| state.moments.range(from)).into_iter().flatten();
        let later = later.take_while(|((key, _), _)| *key == add.key);
        let mut sums: Vec<_> = later.map(|(key, upto)| (key.clone(), upto.saturating_add(add.add))).collect();
        sums.push((here, before.saturating_add(add.add)));
        for (key, upto) in sums {
            self.put(|state| &mut state.moments, key, upto);
        }
    }

    fn note_time(&mut self, at: Timestamp) {
        let state = self.inner.tenants.entry(self.tenant.clone()).or_default();
        let before = state.last_decided_at;
        state.last_decided_at = Some(before.map_or(at, |last| last.max(at)));
        let tenant = self.tenant.clone();
        self.undo.push(Box::new(move |inner| {
            inner.tenants.entry(tenant).or_default().last_decided_at = before;
        }));
    }

    fn add_up(&mut self, add: &RollupAdd) {
        let key = (add.date, add.slot, add.source.clone(), add.contract.clone(), add.outcome);
        let mut sum = add.clone();
        if let Some(so_far) = self.state().and_then(|state| state.rollups.get(&key)) {
            let plus = |a: Money, b: Money| a.checked_add(b).unwrap_or(Money::MAX);
            sum.leads = sum.leads.saturating_add(so_far.leads);
            sum.revenue = plus(sum.revenue, so_far.revenue);
            sum.payout = plus(sum.payout, so_far.payout);
        }
        self.put(|state| &mut state.rollups, key, sum);
    }
}

impl Store for MemoryStore {
    fn write(
        &self,
        tenant: &TenantId,
        work: &mut dyn FnMut(&mut dyn Transaction) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let mut transaction = Work { inner: self.lock(), tenant: tenant.clone(), undo: Vec::new() };
        work(&mut transaction)?;
        transaction.undo.clear();
        Ok(())
    }

    fn read(&self, tenant: &TenantId, work: &mut dyn FnMut(&dyn View) -> Result<(), Error>) -> Result<(), Error> {
        work(&Work { inner: self.lock(), tenant: tenant.clone(), undo: Vec::new() })
    }

    fn decision(&self, tenant: &TenantId, id: &DecisionId) -> Result<Option<Stored>, Error> {
        let inner = self.lock();
        let Some(state) = inner.tenants.get(tenant) else { return Ok(None) };
        Ok(state.ids.get(id).and_then(|seq| state.decisions.get(seq)).cloned())
    }

    fn find(&self, tenant: &TenantId, lead: &LeadId) -> Result<Vec<DecisionId>, Error> {
        let inner = self.lock();
        let decisions = inner.tenants.get(tenant).into_iter().flat_map(|state| state.decisions.values());
        Ok(decisions.map(|stored| &stored.record.id).filter(|id| id.lead == *lead).cloned().collect())
    }

    fn decisions(&self, tenant: &TenantId, after: u64, limit: usize) -> Result<Vec<Stored>, Error> {
        let inner = self.lock();
        let Some(state) = inner.tenants.get(tenant) else { return Ok(Vec::new()) };
        Ok(state.decisions.range(after.saturating_add(1)..).take(limit).map(|(_, stored)| stored.clone()).collect())
    }

    fn put_plan(&self, hash: &str, bundle: &str) -> Result<(), Error> {
        self.lock().plans.entry(hash.to_owned()).or_insert_with(|| bundle.to_owned());
        Ok(())
    }

    fn plan(&self, hash: &str) -> Result<Option<String>, Error> {
        Ok(self.lock().plans.get(hash).cloned())
    }

    fn outbox(&self, tenant: &TenantId, after: u64, limit: usize) -> Result<Vec<(u64, OutboxEntry)>, Error> {
        let inner = self.lock();
        let Some(state) = inner.tenants.get(tenant) else { return Ok(Vec::new()) };
        let rows = state.outbox.range(after.saturating_add(1)..);
        let rows = rows.filter(|(position, _)| !state.done.contains_key(position)).take(limit);
        Ok(rows.map(|(position, entry)| (*position, entry.clone())).collect())
    }

    fn events(&self, tenant: &TenantId, after: u64, limit: usize) -> Result<Vec<(u64, Event)>, Error> {
        let inner = self.lock();
        let Some(state) = inner.tenants.get(tenant) else { return Ok(Vec::new()) };
        let rows = state.events_after(&[], after).take(limit);
        Ok(rows.map(|(position, event)| (*position, event.clone())).collect())
    }

    fn problems(&self, tenant: &TenantId) -> Result<Vec<ProblemGroup>, Error> {
        let inner = self.lock();
        Ok(inner.tenants.get(tenant).map(|state| state.problems.values().cloned().collect()).unwrap_or_default())
    }

    fn queue(
        &self,
        tenant: &TenantId,
        due: Option<Timestamp>,
        after: u64,
        limit: usize,
    ) -> Result<Vec<(u64, Waiting)>, Error> {
        let inner = self.lock();
        let rows = inner.tenants.get(tenant).map(|state| state.queue.range(after.saturating_add(1)..));
        let waiting = rows.into_iter().flatten().filter_map(|(place, row)| Some((*place, row.clone()?)));
        Ok(waiting.filter(|(_, row)| due.is_none_or(|due| row.due <= due)).take(limit).collect())
    }

    fn rollups(&self, tenant: &TenantId) -> Result<Vec<RollupAdd>, Error> {
        let inner = self.lock();
        Ok(inner.tenants.get(tenant).map(|state| state.rollups.values().cloned().collect()).unwrap_or_default())
    }

    fn rest(&self) {
        self.gate.rest();
    }

    fn wake(&self) {
        self.gate.wake();
    }

    fn durability(&self) -> Durability {
        Durability::Memory
    }
}
