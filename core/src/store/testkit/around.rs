//! A store around another one: all is passed on, but for what stands in between.

use crate::model::{DecisionId, Durability, Error, Event, LeadId, TenantId, Timestamp, Waiting};
use crate::store::{
    HistoryLead, OutboxEntry, ProblemGroup, RollupAdd, Store, Stored, Sums, SumsQuery, Transaction, View,
};

/// What stands between whoever asks and a store.
pub trait Between: Send + Sync {
    /// The store.
    fn inner(&self) -> &dyn Store;

    /// Whether something that is asked outside of a transaction can be answered.
    ///
    /// # Errors
    /// Where it cannot.
    fn here(&self) -> Result<(), Error> {
        Ok(())
    }

    /// A write transaction.
    ///
    /// # Errors
    /// As [`Store::write`].
    fn write(
        &self,
        tenant: &TenantId,
        work: &mut dyn FnMut(&mut dyn Transaction) -> Result<(), Error>,
    ) -> Result<(), Error> {
        self.inner().write(tenant, work)
    }

    /// A look at one state.
    ///
    /// # Errors
    /// As [`Store::read`].
    fn read(&self, tenant: &TenantId, work: &mut dyn FnMut(&dyn View) -> Result<(), Error>) -> Result<(), Error> {
        self.inner().read(tenant, work)
    }

    /// A page of the log.
    ///
    /// # Errors
    /// As [`Store::decisions`].
    fn decisions(&self, tenant: &TenantId, after: u64, limit: usize) -> Result<Vec<Stored>, Error> {
        self.inner().decisions(tenant, after, limit)
    }
}

/// The store with it.
pub struct Around<B>(pub B);

impl<B: Between> Around<B> {
    fn here(&self) -> Result<&dyn Store, Error> {
        self.0.here().map(|()| self.0.inner())
    }
}

impl<B: Between> Store for Around<B> {
    fn write(
        &self,
        tenant: &TenantId,
        work: &mut dyn FnMut(&mut dyn Transaction) -> Result<(), Error>,
    ) -> Result<(), Error> {
        self.0.write(tenant, work)
    }

    fn read(&self, tenant: &TenantId, work: &mut dyn FnMut(&dyn View) -> Result<(), Error>) -> Result<(), Error> {
        self.0.read(tenant, work)
    }

    fn decision(&self, tenant: &TenantId, id: &DecisionId) -> Result<Option<Stored>, Error> {
        self.here()?.decision(tenant, id)
    }

    fn find(&self, tenant: &TenantId, lead: &LeadId) -> Result<Vec<DecisionId>, Error> {
        self.here()?.find(tenant, lead)
    }

    fn decisions(&self, tenant: &TenantId, after: u64, limit: usize) -> Result<Vec<Stored>, Error> {
        self.0.here()?;
        self.0.decisions(tenant, after, limit)
    }

    fn put_plan(&self, hash: &str, bundle: &str) -> Result<(), Error> {
        self.0.inner().put_plan(hash, bundle)
    }

    fn plan(&self, hash: &str) -> Result<Option<String>, Error> {
        self.0.inner().plan(hash)
    }

    fn outbox(&self, tenant: &TenantId, after: u64, limit: usize) -> Result<Vec<(u64, OutboxEntry)>, Error> {
        self.here()?.outbox(tenant, after, limit)
    }

    fn events(&self, tenant: &TenantId, after: u64, limit: usize) -> Result<Vec<(u64, Event)>, Error> {
        self.here()?.events(tenant, after, limit)
    }

    fn queue(
        &self,
        tenant: &TenantId,
        due: Option<Timestamp>,
        after: u64,
        limit: usize,
    ) -> Result<Vec<(u64, Waiting)>, Error> {
        self.here()?.queue(tenant, due, after, limit)
    }

    fn history(&self, tenant: &TenantId, after: u64, limit: usize) -> Result<Vec<(u64, HistoryLead)>, Error> {
        self.here()?.history(tenant, after, limit)
    }

    fn rollups(&self, tenant: &TenantId) -> Result<Vec<RollupAdd>, Error> {
        self.here()?.rollups(tenant)
    }

    fn problems(&self, tenant: &TenantId) -> Result<Vec<ProblemGroup>, Error> {
        self.here()?.problems(tenant)
    }

    fn sums(&self, tenant: &TenantId, query: &SumsQuery) -> Result<Vec<Sums>, Error> {
        self.here()?.sums(tenant, query)
    }

    fn rest(&self) {
        self.0.inner().rest();
    }

    fn wake(&self) {
        self.0.inner().wake();
    }

    fn durability(&self) -> Durability {
        self.0.inner().durability()
    }
}
