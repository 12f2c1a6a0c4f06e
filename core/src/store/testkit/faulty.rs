//! A store that fails when it is told to.

use super::around::{Around, Between};
use crate::model::{Code, Error, TenantId};
use crate::store::{Store, Transaction, View};
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
pub type FaultyStore = Around<Faults>;

/// The faults that are still to come.
pub struct Faults {
    inner: Arc<dyn Store>,
    schedule: Mutex<VecDeque<Fault>>,
}

impl FaultyStore {
    /// Fails as the schedule says. What is asked outside of a transaction never fails.
    pub fn new(inner: Arc<dyn Store>, schedule: impl IntoIterator<Item = Fault>) -> Self {
        Around(Faults { inner, schedule: Mutex::new(schedule.into_iter().collect()) })
    }
}

impl Faults {
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

impl Between for Faults {
    fn inner(&self) -> &dyn Store {
        &*self.inner
    }

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
}
