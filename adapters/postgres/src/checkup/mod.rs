//! Where a database stands: what the server promises, what waits, what grows, and how far others are behind. Nothing is changed,
//! but by [`Scratch`], which is a schema beside ours that goes again.

mod report;
mod scratch;
mod server;
mod tables;

use crate::look::get;
use crate::store::PostgresStore;
use leadwright::model::{Error, TenantId};
pub use report::{Checkup, Churn, Connections, Promises, Replica, Shared, Slot, Standing, Times, Waits};
pub use scratch::Scratch;
use std::time::Duration;

impl PostgresStore {
    /// Looks at the server and at our tables, and at what a tenant has. It takes a fifth of a second, in which it looks several
    /// times who waits for whom.
    ///
    /// Without `pg_monitor` a role sees its own sessions alone; what it could not see is told.
    ///
    /// ```no_run
    /// use leadwright::model::TenantId;
    /// use leadwright_postgres::{PostgresOptions, PostgresStore};
    /// let options = PostgresOptions { read_only: true, ..PostgresOptions::default() };
    /// let store = PostgresStore::with_options("postgres://leadwright_reader@db.internal/leads", options)?;
    /// let found = store.checkup(&TenantId::default())?;
    /// if found.promises.fsync != "on" {
    ///     eprintln!("a crash of the machine may lose everything");
    /// }
    /// # Ok::<(), leadwright::model::Error>(())
    /// ```
    ///
    /// # Errors
    /// `store.*`.
    pub fn checkup(&self, tenant: &TenantId) -> Result<Checkup, Error> {
        self.ask(|link| {
            let mut found = Checkup::default();
            server::look(link, &mut found)?;
            tables::look(link, tenant, &mut found)?;
            Ok(found)
        })
    }

    /// How long a question needs there and back: the middle of several.
    ///
    /// # Errors
    /// `store.*`.
    ///
    /// ```no_run
    /// # use leadwright_postgres::PostgresStore;
    /// # fn doc(store: &PostgresStore) -> Result<(), leadwright::model::Error> {
    /// assert!(store.round_trip()?.as_millis() < 5, "the server is far away");
    /// # Ok(())
    /// # }
    /// ```
    pub fn round_trip(&self) -> Result<Duration, Error> {
        self.ask(|link| {
            scratch::middle(|| {
                let row = link.rows("SELECT 1", &[])?;
                row.first().map_or(Ok(0), |row| get::<i32>(row, 0)).map(drop)
            })
        })
    }
}
