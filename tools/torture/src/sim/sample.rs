//! One decision of many, for what is too dear to be done with all.

use leadwright::model::{DecisionId, Durability, Error, Event, LeadId, TenantId, Timestamp, Waiting};
use leadwright::store::{MemoryStore, OutboxEntry, ProblemGroup, RollupAdd, Store, Stored, Transaction, View};

/// A store of which every so manieth decision is shown.
pub(crate) struct Sample<'a> {
    inner: &'a MemoryStore,
    first: u64,
    every: u64,
}

impl<'a> Sample<'a> {
    pub(crate) fn new(inner: &'a MemoryStore, first: u64, every: u64) -> Self {
        Self { inner, first, every }
    }
}

impl Store for Sample<'_> {
    fn write(
        &self,
        tenant: &TenantId,
        work: &mut dyn FnMut(&mut dyn Transaction) -> Result<(), Error>,
    ) -> Result<(), Error> {
        self.inner.write(tenant, work)
    }

    fn read(&self, tenant: &TenantId, work: &mut dyn FnMut(&dyn View) -> Result<(), Error>) -> Result<(), Error> {
        self.inner.read(tenant, work)
    }

    fn decision(&self, tenant: &TenantId, id: &DecisionId) -> Result<Option<Stored>, Error> {
        self.inner.decision(tenant, id)
    }

    fn find(&self, tenant: &TenantId, lead: &LeadId) -> Result<Vec<DecisionId>, Error> {
        self.inner.find(tenant, lead)
    }

    fn decisions(&self, tenant: &TenantId, after: u64, limit: usize) -> Result<Vec<Stored>, Error> {
        let (mut all, mut next) = (Vec::new(), self.first.max(after));
        // A page has a first one or there is none, so the log is not read as a whole.
        while all.len() < limit {
            let Some(stored) = self.inner.decisions(tenant, next, 1)?.pop() else { break };
            all.push(stored);
            next += self.every;
        }
        Ok(all)
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

    fn rollups(&self, tenant: &TenantId) -> Result<Vec<RollupAdd>, Error> {
        self.inner.rollups(tenant)
    }

    fn problems(&self, tenant: &TenantId) -> Result<Vec<ProblemGroup>, Error> {
        self.inner.problems(tenant)
    }

    fn durability(&self) -> Durability {
        self.inner.durability()
    }
}
