//! One decision of many, for what is too dear to be done with all.

use leadwright::model::{Error, TenantId};
use leadwright::store::testkit::{Around, Between};
use leadwright::store::{MemoryStore, Store, Stored};

/// A store of which every so manieth decision is shown.
pub(crate) struct Sample<'a> {
    inner: &'a MemoryStore,
    first: u64,
    every: u64,
}

impl<'a> Sample<'a> {
    pub(crate) fn of(inner: &'a MemoryStore, first: u64, every: u64) -> Around<Self> {
        Around(Self { inner, first, every })
    }
}

impl Between for Sample<'_> {
    fn inner(&self) -> &dyn Store {
        self.inner
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
}
