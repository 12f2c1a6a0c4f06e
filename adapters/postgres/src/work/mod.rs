//! A transaction: what a decision asks is fetched ahead and kept, and what it changes is gathered and written at the end.
//!
//! As long as a writer has the row of its tenant's clock nobody else changes anything of the tenant, so what was read once
//! stays true, but for what this transaction changes itself. What is asked of something that is gathered and not kept here is
//! asked after it was written.

mod ask;
mod cache;
mod columns;
mod deliveries;
mod fetch;
mod flush;
mod history;
mod ledger;
mod pending;
mod problems;
mod purses;
mod reports;
mod transaction;
mod view;
mod write;

use crate::fault::fault;
use crate::link::{Bound, Link};
use cache::Cache;
use leadwright::model::{Error, TenantId};
use pending::Pending;
use std::cell::{Cell, RefCell};
use tokio_postgres::Row;

pub(crate) use ask::opened;
pub(crate) use deliveries::entry;
pub(crate) use flush::end;
pub(crate) use history::history;
pub(crate) use problems::{GROUPS, group};
pub(crate) use purses::Purses;
pub(crate) use reports::sums;

pub(crate) struct Work<'a> {
    link: &'a Link,
    tenant: &'a TenantId,
    cache: RefCell<Cache>,
    pending: RefCell<Pending>,
    committed: Cell<bool>,
    purses: Option<Purses<'a>>,
}

impl<'a> Work<'a> {
    pub(crate) fn new(link: &'a Link, tenant: &'a TenantId) -> Self {
        let committed = Cell::new(false);
        Self { link, tenant, cache: RefCell::default(), pending: RefCell::default(), committed, purses: None }
    }

    /// With caps of which this store has a part.
    pub(crate) fn sharing(self, purses: Option<Purses<'a>>) -> Self {
        Self { purses, ..self }
    }
}

impl Work<'_> {
    fn tenant(&self) -> &str {
        self.tenant.as_str()
    }

    fn rows(&self, sql: &str, bound: Bound<'_>) -> Result<Vec<Row>, Error> {
        self.link.rows(sql, bound)
    }

    /// The rows, read.
    fn all<T>(&self, sql: &str, bound: Bound<'_>, read: impl Fn(&Row) -> Result<T, Error>) -> Result<Vec<T>, Error> {
        self.rows(sql, bound)?.iter().map(read).collect()
    }

    fn one<T>(&self, sql: &str, bound: Bound<'_>, read: impl Fn(&Row) -> Result<T, Error>) -> Result<Option<T>, Error> {
        Ok(self.all(sql, bound, read)?.pop())
    }

    fn fault(&self, error: &tokio_postgres::Error) -> Error {
        self.link.failed(error);
        fault(&self.link.place, error)
    }
}

impl Work<'_> {
    /// Ends what was only read, and takes back what did not go well.
    pub(crate) fn close<T>(self, done: Result<T, Error>) -> Result<T, Error> {
        // After a commit there is nothing to take back, and the server only says so.
        let is_over = done.is_ok() && self.committed.get();
        if !is_over && !self.link.is_gone() && self.link.batch("ROLLBACK").is_err() {
            self.link.broken.set(true);
        }
        done
    }
}
