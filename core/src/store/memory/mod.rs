//! A store in memory: for tests, for trying a plan out, and for hosts that keep decisions elsewhere.

mod deliveries;
mod transaction;
mod view;

use super::gate::{Gate, Pass};
use super::ledger::{ClosedStatement, Entry};
use super::{
    But, ClaimHash, Delivery, GroupTurns, HistoryLead, Known, OutboxEntry, Payload, ProblemGroup, Reservation,
    RollupAdd, Store, Stored, Subscriber, Transaction, View,
};
use crate::model::{
    Account, Attempt, BuyerId, ContractId, Date, DeadLetter, DecisionId, Durability, Error, Event, EventKind,
    Fingerprint, LeadId, Outcome, Party, PostingKind, SourceId, SubscriberName, TenantId, Timestamp, Waiting,
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
    outbox: BTreeMap<u64, Delivery>,
    outbox_keys: BTreeMap<String, u64>,
    /// Of the outbox: what is ready, by buyer and the time when it is due, and what is claimed, by the end of that.
    ready: BTreeMap<(BuyerId, Timestamp, u64), ()>,
    claimed: BTreeMap<(Timestamp, u64), ()>,
    attempts: BTreeMap<(u64, u32), Attempt>,
    dead_letters: BTreeMap<(u64, u32), DeadLetter>,
    events: BTreeMap<u64, Event>,
    history: BTreeMap<u64, HistoryLead>,
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

impl Tenant {
    /// The events of these kinds after a position; no kinds are all.
    fn events_after(&self, kinds: &[EventKind], after: u64) -> impl Iterator<Item = (&u64, &Event)> {
        let all = self.events.range((Bound::Excluded(after), Bound::Unbounded));
        all.filter(|(_, event)| kinds.is_empty() || kinds.contains(&event.kind))
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
        let rows = rows.filter(|(_, row)| Tenant::is_left(row)).take(limit);
        Ok(rows.map(|(position, row)| (*position, row.entry.clone())).collect())
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

    fn history(&self, tenant: &TenantId, after: u64, limit: usize) -> Result<Vec<(u64, HistoryLead)>, Error> {
        let inner = self.lock();
        let leads = inner.tenants.get(tenant).map(|state| state.history.range(after.saturating_add(1)..));
        Ok(leads.into_iter().flatten().take(limit).map(|(place, lead)| (*place, lead.clone())).collect())
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
