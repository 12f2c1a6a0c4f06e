//! The store as the engines of a world see it: it fails when it is told to, it says what was really committed, and a mutant
//! may stand in it.

use super::leases::{Leases, Part, Taken, Wrong};
use super::mutant::{self, Kind, Mutant};
use leadwright::model::{
    Attempt, Backlog, BuyerId, Code, DeadLetter, DecisionId, DeliveryState, Error, Event, EventKind, Fingerprint,
    LeadId, Party, SourceId, SubscriberName, TenantId, Timestamp, Waiting,
};
use leadwright::store::testkit::{Around, Between};
use leadwright::store::{
    But, Change, Claim, ClaimHash, ClosedStatement, CounterAdd, Deliveries, Delivery, Effects, Entry, EntryQuery,
    Erasure, GroupState, GroupTurns, HistoryLead, Known, MemoryStore, Payload, PostingQuery, PostingSum, Reservation,
    Store, Subscriber, Transaction, View,
};
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

/// What goes wrong with one call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    None,
    /// The disk is away.
    Away,
    /// The commit fails, and did not happen.
    BeforeCommit,
    /// The commit fails, and happened.
    AfterCommit,
    /// The n-th question of the transaction cannot be answered.
    AtQuestion(u32),
    /// The disk is full at the n-th write of the transaction.
    AtWrite(u32),
}

/// Something that was committed, as the engine had it.
pub(crate) enum Done {
    Decided(Box<Effects>),
    Changed(Box<Change>),
    Erased(Erasure),
    Subscriber(Subscriber),
}

#[derive(Default)]
struct Inside {
    faults: VecDeque<Fault>,
    done: Vec<Done>,
    calls: u32,
    writes: u64,
}

pub(crate) struct SimStore {
    inner: Arc<MemoryStore>,
    mutant: Option<Kind>,
    inside: Mutex<Inside>,
    /// Caps of which it has only a part, where there are such.
    leases: Option<Mutex<Leases>>,
}

impl SimStore {
    /// With a seed it shares caps with other stores.
    pub(crate) fn around(inner: Arc<MemoryStore>, mutant: Option<Mutant>, shares: Option<u64>) -> Around<Self> {
        let mutant = mutant.map(|mutant| mutant.kind);
        let wrong = match mutant {
            Some(Kind::LateLease) => Some(Wrong::Late),
            Some(Kind::ForgottenReturn) => Some(Wrong::Forgetful),
            _ => None,
        };
        let leases = shares.map(|seed| Mutex::new(Leases::new(seed, wrong)));
        Around(Self { inner, mutant, inside: Mutex::default(), leases })
    }

    /// What is asked of the shared caps; none where there are no such.
    pub(crate) fn leases<R>(&self, work: impl FnOnce(&mut Leases) -> R) -> Option<R> {
        self.leases.as_ref().map(|leases| work(&mut leases.lock().unwrap_or_else(PoisonError::into_inner)))
    }

    fn with<R>(&self, work: impl FnOnce(&mut Inside) -> R) -> R {
        work(&mut self.inside.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// What is to go wrong from now on; what was to go wrong before is forgotten.
    pub(crate) fn fail(&self, faults: impl IntoIterator<Item = Fault>) {
        self.with(|inside| {
            inside.faults = faults.into_iter().collect();
            inside.calls = 0;
        });
    }

    /// How often it was called since it was told what is to go wrong.
    pub(crate) fn calls(&self) -> u32 {
        self.with(|inside| inside.calls)
    }

    /// What was committed since this was asked last.
    pub(crate) fn done(&self) -> Vec<Done> {
        self.with(|inside| std::mem::take(&mut inside.done))
    }

    fn next(&self) -> Fault {
        self.with(|inside| {
            inside.calls += 1;
            inside.faults.pop_front().unwrap_or(Fault::None)
        })
    }

    fn once(
        &self,
        tenant: &TenantId,
        work: &mut dyn FnMut(&mut dyn Transaction) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let fault = self.next();
        if fault == Fault::Away {
            return Err(away());
        }
        let begun = self.with(|inside| inside.writes);
        let is_early = self.mutant == Some(Kind::EarlyAnswer) && begun % 64 == 63;
        let (mut done, mut writes) = (Vec::new(), begun);
        let result = self.inner.write(tenant, &mut |inner| {
            done.clear();
            let mut seen = Seen { is_writer: true, ..Seen::new(inner, self, fault, begun) };
            work(&mut seen)?;
            (done, writes) = (std::mem::take(&mut seen.done), seen.writes);
            if fault == Fault::BeforeCommit || is_early {
                return Err(unknown());
            }
            // The last that a commit does: it is part of it.
            let is_taken = self.leases(|leases| leases.take(&seen.took)).unwrap_or(true);
            if is_taken { Ok(()) } else { Err(Error::new(Code::StoreLeaseOver, "the lease of a cap is over")) }
        });
        self.with(|inside| inside.writes = writes + u64::from(is_early));
        if is_early && fault == Fault::None {
            return Ok(());
        }
        result?;
        self.with(|inside| inside.done.append(&mut done));
        if fault == Fault::AfterCommit { Err(unknown()) } else { Ok(()) }
    }
}

fn away() -> Error {
    Error::new(Code::StoreIo, "the disk is away")
}

fn unknown() -> Error {
    Error::new(Code::StoreCommitUnknown, "the disk failed")
}

/// What an engine sees of a view or a transaction.
struct Seen<'s, V> {
    inner: V,
    store: &'s SimStore,
    is_writer: bool,
    /// Parts of shared caps that it looked at, and what it takes of them.
    held: RefCell<BTreeMap<String, Part>>,
    took: Taken,
    mutant: Option<Kind>,
    fault: Fault,
    questions: Cell<u32>,
    applied: u32,
    /// How many decisions were written in this world.
    writes: u64,
    done: Vec<Done>,
}

impl<'s, V> Seen<'s, V> {
    fn new(inner: V, store: &'s SimStore, fault: Fault, writes: u64) -> Self {
        let (held, took) = (RefCell::default(), Taken::new());
        let (is_writer, questions, mutant) = (false, Cell::new(0), store.mutant);
        Self { inner, store, is_writer, held, took, mutant, fault, questions, applied: 0, writes, done: Vec::new() }
    }

    /// The part of a shared cap that is here, by the first look; later less what was taken since.
    fn part(&self, key: &str, look: impl FnOnce(&mut Leases) -> Part) -> Option<Part> {
        if !Leases::covers(key) {
            return None;
        }
        if let Some(part) = self.held.borrow().get(key) {
            return Some(*part);
        }
        let part = self.store.leases(look)?;
        self.held.borrow_mut().insert(key.to_owned(), part);
        Some(part)
    }

    fn takes(&mut self, counters: &[CounterAdd]) {
        for CounterAdd { key, add } in counters {
            // Sold by somebody who did not ask for room.
            let Some(part) = self.part(key, |leases| leases.look(key)) else { continue };
            self.held.borrow_mut().insert(key.clone(), Part { left: part.left - add, ..part });
            let (fence, much) = self.took.entry(key.clone()).or_default();
            *fence = part.fence;
            *much += add;
        }
    }

    fn question(&self) -> Result<(), Error> {
        let n = self.questions.get() + 1;
        self.questions.set(n);
        if self.fault == Fault::AtQuestion(n) { Err(away()) } else { Ok(()) }
    }

    fn write(&mut self) -> Result<(), Error> {
        self.applied += 1;
        self.writes += 1;
        match self.fault {
            Fault::AtWrite(n) if n == self.applied => Err(Error::new(Code::StoreFull, "the disk is full")),
            _ => Ok(()),
        }
    }

    fn is(&self, kind: Kind) -> bool {
        self.mutant == Some(kind)
    }
}

/// Both views and transactions are looked at in the same way.
macro_rules! looks {
    ($of:ty) => {
        impl Deliveries for Seen<'_, $of> {
            fn delivery(&self, key: &str) -> Result<Option<Delivery>, Error> {
                self.question()?;
                self.inner.delivery(key)
            }

            fn next_due(&self, after: Option<&BuyerId>) -> Result<Option<(BuyerId, Timestamp)>, Error> {
                self.question()?;
                self.inner.next_due(after)
            }

            fn due(&self, buyer: &BuyerId, by: Timestamp, limit: usize) -> Result<Vec<Delivery>, Error> {
                self.question()?;
                self.inner.due(buyer, by, limit)
            }

            fn claims_over(&self, at: Timestamp, limit: usize) -> Result<Vec<Delivery>, Error> {
                self.question()?;
                self.inner.claims_over(at, limit)
            }

            fn deliveries(
                &self,
                state: Option<DeliveryState>,
                after: u64,
                limit: usize,
            ) -> Result<Vec<Delivery>, Error> {
                self.inner.deliveries(state, after, limit)
            }

            fn attempts(&self, delivery: u64) -> Result<Vec<Attempt>, Error> {
                self.question()?;
                self.inner.attempts(delivery)
            }

            fn dead_letters(&self, delivery: u64) -> Result<Vec<DeadLetter>, Error> {
                self.question()?;
                self.inner.dead_letters(delivery)
            }

            fn backlog(&self) -> Result<Vec<Backlog>, Error> {
                self.inner.backlog()
            }
        }

        impl View for Seen<'_, $of> {
            fn counter(&self, key: &str) -> Result<i64, Error> {
                self.question()?;
                let mut used = self.inner.counter(key)?;
                if self.is(Kind::UnseenRooms) {
                    let held = self.inner.held_until(Timestamp::EPOCH.plus_millis(i64::MAX), usize::MAX)?;
                    used -= held.iter().filter_map(|held| held.took.counters.get(key)).sum::<i64>();
                }
                Ok(self.mutant.map_or(used, |kind| mutant::counter(kind, key, used)))
            }

            fn counter_within(&self, key: &str, limit: i64) -> Result<i64, Error> {
                match self.part(key, |leases| leases.hold(key, limit, self.is_writer)) {
                    None => self.counter(key),
                    Some(part) => {
                        self.question()?;
                        Ok((limit - part.left).max(0))
                    }
                }
            }

            fn since(&self, key: &str, after: Timestamp) -> Result<i64, Error> {
                self.question()?;
                if self.is(Kind::ForgottenMoments) { Ok(0) } else { self.inner.since(key, after) }
            }

            fn claim(
                &self,
                scope: &str,
                hash: &ClaimHash,
                after: Timestamp,
                but: But<'_>,
            ) -> Result<Option<Claim>, Error> {
                self.question()?;
                let after = self.mutant.map_or(after, |kind| mutant::after(kind, after));
                self.inner.claim(scope, hash, after, but)
            }

            fn claims(
                &self,
                scope: &str,
                hash: &ClaimHash,
                after: Timestamp,
                but: But<'_>,
                most: u32,
            ) -> Result<u32, Error> {
                self.question()?;
                self.inner.claims(scope, hash, after, but, most)
            }

            fn turns(&self, group: &str) -> Result<GroupTurns, Error> {
                self.question()?;
                self.inner.turns(group)
            }

            fn setting(&self, key: &str) -> Result<Option<String>, Error> {
                self.question()?;
                if self.is(Kind::DeafToPauses) && key == "overridden" { Ok(None) } else { self.inner.setting(key) }
            }

            fn settings(&self, begin: &str) -> Result<BTreeMap<String, String>, Error> {
                self.inner.settings(begin)
            }

            fn last_decided_at(&self) -> Result<Option<Timestamp>, Error> {
                if self.is(Kind::ClockTrust) { Ok(None) } else { self.inner.last_decided_at() }
            }

            fn decided(&self, source: &SourceId, lead: &LeadId) -> Result<Option<Known>, Error> {
                self.question()?;
                let known = self.inner.decided(source, lead)?;
                if self.is(Kind::DeafToReports) { mutant::known(known, &*self.inner) } else { Ok(known) }
            }

            fn by_idempotency_key(&self, source: &SourceId, key: &str) -> Result<Option<Known>, Error> {
                self.question()?;
                if self.is(Kind::DeafToKeys) { Ok(None) } else { self.inner.by_idempotency_key(source, key) }
            }

            fn by_payload(
                &self,
                source: &SourceId,
                payload: &Payload,
                after: Timestamp,
            ) -> Result<Option<Known>, Error> {
                self.question()?;
                self.inner.by_payload(source, payload, after)
            }

            fn waiting(&self, source: &SourceId, lead: &LeadId) -> Result<Option<Waiting>, Error> {
                self.question()?;
                self.inner.waiting(source, lead)
            }

            fn reservation(&self, key: &str) -> Result<Option<Reservation>, Error> {
                self.question()?;
                if self.is(Kind::DeafToRooms) { Ok(None) } else { self.inner.reservation(key) }
            }

            fn held_until(&self, at: Timestamp, limit: usize) -> Result<Vec<Reservation>, Error> {
                self.question()?;
                if self.is(Kind::EternalHold) { Ok(Vec::new()) } else { self.inner.held_until(at, limit) }
            }

            fn postings(&self, query: &PostingQuery) -> Result<Vec<PostingSum>, Error> {
                self.question()?;
                self.inner.postings(query)
            }

            fn entries(&self, query: &EntryQuery) -> Result<Vec<Entry>, Error> {
                self.question()?;
                if self.is(Kind::ReturnedTwice) { Ok(Vec::new()) } else { self.inner.entries(query) }
            }

            fn statements(&self, party: Option<&Party>) -> Result<Vec<ClosedStatement>, Error> {
                self.question()?;
                self.inner.statements(party)
            }

            fn problem(&self, fingerprint: &Fingerprint) -> Result<Option<GroupState>, Error> {
                self.question()?;
                self.inner.problem(fingerprint)
            }

            fn body(&self, id: &DecisionId) -> Result<Option<(u64, Vec<u8>)>, Error> {
                self.question()?;
                self.inner.body(id)
            }

            fn events(&self, kinds: &[EventKind], after: u64, limit: usize) -> Result<Vec<(u64, Event)>, Error> {
                self.inner.events(kinds, after, limit)
            }

            fn count_events(&self, kinds: &[EventKind], after: u64) -> Result<u64, Error> {
                self.inner.count_events(kinds, after)
            }

            fn last_event(&self) -> Result<u64, Error> {
                self.inner.last_event()
            }

            fn subscriber(&self, name: &SubscriberName) -> Result<Option<Subscriber>, Error> {
                self.question()?;
                self.inner.subscriber(name)
            }

            fn subscribers(&self) -> Result<Vec<Subscriber>, Error> {
                self.inner.subscribers()
            }
        }
    };
}

looks!(&dyn View);
looks!(&mut dyn Transaction);

impl Transaction for Seen<'_, &mut dyn Transaction> {
    fn apply(&mut self, effects: &Effects) -> Result<u64, Error> {
        self.write()?;
        let position = match self.mutant {
            Some(Kind::DeafToReports) => self.inner.apply(&mutant::namesake(effects, &*self.inner)?)?,
            Some(kind) => self.inner.apply(&mutant::effects(kind, effects, self.writes))?,
            None => self.inner.apply(effects)?,
        };
        self.takes(&effects.counters);
        self.done.push(Done::Decided(Box::new(effects.clone())));
        Ok(position)
    }

    fn change(&mut self, change: &Change) -> Result<(), Error> {
        self.write()?;
        match self.mutant {
            Some(kind) => self.inner.change(&mutant::change(kind, change))?,
            None => self.inner.change(change)?,
        }
        self.takes(&change.counters);
        self.done.push(Done::Changed(Box::new(change.clone())));
        Ok(())
    }

    fn erase(&mut self, erasure: &Erasure) -> Result<(), Error> {
        self.write()?;
        if !self.is(Kind::HalfForgotten) {
            self.inner.erase(erasure)?;
        }
        self.done.push(Done::Erased(erasure.clone()));
        Ok(())
    }

    fn put_subscriber(&mut self, subscriber: &Subscriber) -> Result<(), Error> {
        self.write()?;
        match self.mutant {
            Some(kind) => {
                let (before, last) = (self.inner.subscriber(&subscriber.name)?, self.inner.last_event()?);
                self.inner.put_subscriber(&mutant::subscriber(kind, before.as_ref(), subscriber, last))?;
            }
            None => self.inner.put_subscriber(subscriber)?,
        }
        self.done.push(Done::Subscriber(subscriber.clone()));
        Ok(())
    }

    fn wait_on(&mut self, waiting: &Waiting) -> Result<(), Error> {
        self.write()?;
        self.inner.wait_on(waiting)
    }

    fn put_history(&mut self, leads: &[HistoryLead]) -> Result<(), Error> {
        self.write()?;
        self.inner.put_history(leads)
    }

    fn erase_history(&mut self, positions: &[u64]) -> Result<(), Error> {
        self.write()?;
        self.inner.erase_history(positions)
    }
}

impl Between for SimStore {
    fn inner(&self) -> &dyn Store {
        &*self.inner
    }

    /// Whether a call outside of a transaction can be answered.
    fn here(&self) -> Result<(), Error> {
        if self.next() == Fault::Away { Err(away()) } else { Ok(()) }
    }

    fn write(
        &self,
        tenant: &TenantId,
        work: &mut dyn FnMut(&mut dyn Transaction) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let tries = if self.mutant == Some(Kind::NeverGivesUp) { 64 } else { 1 };
        let mut done = self.once(tenant, work);
        for _ in 1..tries {
            if !done.as_ref().is_err_and(|error| matches!(error.code(), Code::StoreIo | Code::StoreFull)) {
                break;
            }
            done = self.once(tenant, work);
        }
        done
    }

    fn read(&self, tenant: &TenantId, work: &mut dyn FnMut(&dyn View) -> Result<(), Error>) -> Result<(), Error> {
        let fault = self.next();
        if fault == Fault::Away {
            return Err(away());
        }
        self.inner.read(tenant, &mut |inner| work(&Seen::new(inner, self, fault, 0)))
    }
}
