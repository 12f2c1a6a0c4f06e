//! A place to try things in.

use crate::look::get;
use crate::pool::{Lent, Pool};
use crate::schema;
use crate::store::PostgresStore;
use leadwright::model::Error;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Tables of their own beside those of a store, on the same server, as durable as they are. They go when it is dropped.
pub struct Scratch<'s> {
    store: Arc<PostgresStore>,
    /// It has the lock that says whose the schema is.
    _lock: Lent<'s>,
}

impl std::fmt::Debug for Scratch<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Scratch({:?})", self.store)
    }
}

/// Whoever has a scratch of this schema holds it, with a number of the schema.
const LOCK: i32 = 0x646f_6374;

/// So often something is measured.
const TIMES: usize = 16;

/// The middle of several.
pub(super) fn middle(mut work: impl FnMut() -> Result<(), Error>) -> Result<Duration, Error> {
    let mut took = Vec::with_capacity(TIMES);
    // The first prepares what the others use.
    work()?;
    for _ in 0..TIMES {
        let begun = Instant::now();
        work()?;
        took.push(begun.elapsed());
    }
    took.sort_unstable();
    Ok(took.get(TIMES / 2).copied().unwrap_or_default())
}

impl PostgresStore {
    /// Makes a schema beside ours, with all tables and nothing in them, to try something on this server. What one that was
    /// killed left is removed first. None where somebody else has one now.
    ///
    /// ```no_run
    /// # use leadwright_postgres::PostgresStore;
    /// # fn doc(store: &PostgresStore) -> Result<(), leadwright::model::Error> {
    /// if let Some(scratch) = store.scratch()? {
    ///     println!("a commit needs {} µs here", scratch.commit()?.as_micros());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// `store.*`; `store.read_only` for a role that may make no schema in the database.
    pub fn scratch(&self) -> Result<Option<Scratch<'_>>, Error> {
        let lent = self.lend(false)?;
        let link = lent.link()?;
        let locked = link.rows("SELECT pg_try_advisory_lock($1, hashtext(current_schema()))", &[&LOCK])?;
        if !locked.first().map_or(Ok(false), |row| get(row, 0))? {
            return Ok(None);
        }
        // The lock goes with its connection.
        lent.give_up();
        let mut options = self.options().clone();
        options.schema = format!("{}_doctor", options.schema);
        (options.read_only, options.migrate) = (false, true);
        let store = Arc::new(self.beside(options, Pool::new()));
        let scratch = Scratch { store, _lock: lent };
        scratch.drop_it()?;
        scratch.store.ask(|link| schema::ready(link, scratch.store.options()))?;
        Ok(Some(scratch))
    }
}

impl Scratch<'_> {
    /// The store.
    #[must_use]
    pub fn store(&self) -> Arc<PostgresStore> {
        self.store.clone()
    }

    /// How long the server needs until a transaction of 4 KiB is as safe as it makes one: the middle of several.
    ///
    /// # Errors
    /// `store.*`.
    pub fn commit(&self) -> Result<Duration, Error> {
        // A word in the log that nobody reads, in a transaction of its own.
        let sql = "SELECT pg_logical_emit_message(true, 'leadwright', repeat('.', 4096))::text";
        self.store.ask(|link| middle(|| link.rows(sql, &[]).map(drop)))
    }

    fn drop_it(&self) -> Result<(), Error> {
        let sql = format!("DROP SCHEMA IF EXISTS {} CASCADE", self.store.options().schema);
        self.store.ask(|link| link.batch(&sql))
    }
}

impl Drop for Scratch<'_> {
    fn drop(&mut self) {
        // What could not be dropped now is by the next one.
        drop(self.drop_it());
    }
}
