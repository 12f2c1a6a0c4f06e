//! A store that fails when it is told to.

use crate::model::{Code, DecisionId, Durability, Error, Event, LeadId, TenantId, Timestamp, Waiting};
use crate::store::{OutboxEntry, ProblemGroup, RollupAdd, Store, Stored, Transaction, View};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

/// What is to go wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Nothing.
    None,
    /// The disk is away: neither reads nor writes begin (`store.io`).
    Away,
    /// The commit fails, and the transaction did not happen (`store.commit_unknown`). A read goes well.
    BeforeCommit,
    /// The commit fails, and the transaction happened (`store.commit_unknown`). A read goes well.
    AfterCommit,
}

/// A store around another one: each read and write takes the next fault of a schedule, and after its end all goes well.
pub struct FaultyStore {
    inner: Arc<dyn Store>,
    schedule: Mutex<VecDeque<Fault>>,
}

impl FaultyStore {
    /// Fails as the schedule says. What is asked outside of a transaction never fails.
    pub fn new(inner: Arc<dyn Store>, schedule: impl IntoIterator<Item = Fault>) -> Self {
        Self { inner, schedule: Mutex::new(schedule.into_iter().collect()) }
    }

    fn next(&self) -> Fault {
        let mut schedule = self.schedule.lock().unwrap_or_else(PoisonError::into_inner);
        schedule.pop_front().unwrap_or(Fault::None)
    }
}

fn away() -> Error {
    Error::new(Code::StoreIo, "the disk is away")
}

fn unknown() -> Error {
    Error::new(Code::StoreCommitUnknown, "the disk failed")
}

impl Store for FaultyStore {
    fn write(
        &self,
        tenant: &TenantId,
        work: &mut dyn FnMut(&mut dyn Transaction) -> Result<(), Error>,
    ) -> Result<(), Error> {
        match self.next() {
            Fault::None => self.inner.write(tenant, work),
            Fault::Away => Err(away()),
            Fault::BeforeCommit => self.inner.write(tenant, &mut |transaction| {
                work(transaction)?;
                Err(unknown())
            }),
            Fault::AfterCommit => {
                self.inner.write(tenant, work)?;
                Err(unknown())
            }
        }
    }

    fn read(&self, tenant: &TenantId, work: &mut dyn FnMut(&dyn View) -> Result<(), Error>) -> Result<(), Error> {
        match self.next() {
            Fault::Away => Err(away()),
            _ => self.inner.read(tenant, work),
        }
    }

    fn decision(&self, tenant: &TenantId, id: &DecisionId) -> Result<Option<Stored>, Error> {
        self.inner.decision(tenant, id)
    }

    fn find(&self, tenant: &TenantId, lead: &LeadId) -> Result<Vec<DecisionId>, Error> {
        self.inner.find(tenant, lead)
    }

    fn decisions(&self, tenant: &TenantId, after: u64, limit: usize) -> Result<Vec<Stored>, Error> {
        self.inner.decisions(tenant, after, limit)
    }

    fn put_plan(&self, hash: &str, bundle: &str) -> Result<(), Error> {
        self.inner.put_plan(hash, bundle)
    }

    fn plan(&self, hash: &str) -> Result<Option<String>, Error> {
        self.inner.plan(hash)
    }

    fn outbox(&self, tenant: &TenantId, after: u64, limit: usize) -> Result<Vec<(u64, OutboxEntry)>, Error> {
        self.inner.outbox(tenant, after, limit)
    }

    fn events(&self, tenant: &TenantId, after: u64, limit: usize) -> Result<Vec<(u64, Event)>, Error> {
        self.inner.events(tenant, after, limit)
    }

    fn queue(
        &self,
        tenant: &TenantId,
        due: Option<Timestamp>,
        after: u64,
        limit: usize,
    ) -> Result<Vec<(u64, Waiting)>, Error> {
        self.inner.queue(tenant, due, after, limit)
    }

    fn problems(&self, tenant: &TenantId) -> Result<Vec<ProblemGroup>, Error> {
        self.inner.problems(tenant)
    }

    fn rollups(&self, tenant: &TenantId) -> Result<Vec<RollupAdd>, Error> {
        self.inner.rollups(tenant)
    }

    fn rest(&self) {
        self.inner.rest();
    }

    fn wake(&self) {
        self.inner.wake();
    }

    fn durability(&self) -> Durability {
        self.inner.durability()
    }
}
