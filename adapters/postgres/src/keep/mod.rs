//! Looking after the tables: partitions are made ahead, and what is older than is wanted goes, by whole partitions where there
//! are some.
//!
//! PostgreSQL does not detach a partition concurrently from a table that has a DEFAULT one, and without a DEFAULT a clock
//! that is wrong would stop all writers. So a partition is detached in a transaction that waits for its lock a second at most
//! and holds it for a few catalogue rows; the files go afterwards, when nobody can wait for them.

mod horizon;
mod make;
mod old;
mod partition;
mod report;
mod retire;

use crate::link::Link;
use crate::look::get;
use crate::store::PostgresStore;
use horizon::Horizon;
use leadwright::model::{Code, Error, Timestamp};
pub(crate) use partition::partitions;
pub use report::{Astray, Dropped, Held, Kept, Made};

/// How much time one partition holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Every {
    /// A day of UTC.
    #[default]
    Day,
    /// A month of UTC.
    Month,
}

/// What is to be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keep {
    /// What is older than so many days goes; none keeps all.
    pub days: Option<u32>,
    /// What a partition of decisions, events and attempts holds. Those that are there stay as they are.
    pub partition: Every,
    /// What a partition of values to dedupe by holds: each is looked into for every lead, so there should be few.
    pub claims: Every,
    /// Only say what would be done.
    pub dry_run: bool,
    /// The time that this is counted from; none is the clock of the database, which is the same for every node.
    pub now: Option<Timestamp>,
}

impl Default for Keep {
    fn default() -> Self {
        Self { days: None, partition: Every::Day, claims: Every::Month, dry_run: false, now: None }
    }
}

/// Whoever keeps holds it, with a number of the schema.
const LOCK: i32 = 0x6b65_6570;

impl PostgresStore {
    /// Makes the partitions of the next days, and lets go of what is older than is wanted: partitions as a whole, and the
    /// rows of other tables a bounded number in a transaction, so that others write in between. Any node may do it at any
    /// time, one at a time does; it can be stopped at any time and begun again.
    ///
    /// What is still needed stays: decisions of leads that wait or are not delivered, what operations did, events that a
    /// subscriber has not read, reservations that are held, values to dedupe by and sums of rolling caps that a plan looks
    /// back to, and sales that may come back. Reports, the ledger and plans stay. A decision that is gone is gone with its id,
    /// its idempotency key and its payload: the same request later is a new lead.
    ///
    /// It needs the role that owns the tables.
    ///
    /// ```no_run
    /// use leadwright_postgres::{Keep, PostgresStore};
    /// let store = PostgresStore::open("postgres://leadwright_owner@db.internal/leads")?;
    /// let kept = store.keep(&Keep { days: Some(90), ..Keep::default() })?;
    /// for astray in &kept.astray {
    ///     eprintln!("{} rows of {} lie in no partition of their time", astray.rows, astray.table);
    /// }
    /// # Ok::<(), leadwright::model::Error>(())
    /// ```
    ///
    /// # Errors
    /// `store.*`; `store.read_only` for a role without the right to it; `plan.*` when a plan of the store cannot be read: then
    /// nothing says how far back it looks.
    pub fn keep(&self, keep: &Keep) -> Result<Kept, Error> {
        if self.options().read_only && !keep.dry_run {
            return Err(Error::new(Code::StoreReadOnly, self.place()));
        }
        self.ask(|link| alone(link, |link| run(link, keep)))
    }
}

/// Runs while nobody else keeps this schema.
fn alone(link: &Link, work: impl FnOnce(&Link) -> Result<Kept, Error>) -> Result<Kept, Error> {
    let locked = link.rows("SELECT pg_try_advisory_lock($1, hashtext(current_schema()))", &[&LOCK])?;
    if !locked.first().map_or(Ok(false), |row| get(row, 0))? {
        return Ok(Kept { by_another: true, ..Kept::default() });
    }
    let done = work(link);
    let unlocked = link.rows("SELECT pg_advisory_unlock($1, hashtext(current_schema()))", &[&LOCK]);
    // Where it cannot be given back the connection goes, and the lock with it.
    if unlocked.is_err() {
        link.broken.set(true);
    }
    done
}

fn run(link: &Link, keep: &Keep) -> Result<Kept, Error> {
    let horizon = Horizon::read(link, keep)?;
    let mut kept = Kept { before: horizon.decided, dry_run: keep.dry_run, ..Kept::default() };
    if !keep.dry_run {
        retire::leftovers(link, &mut kept)?;
    }
    make::all(link, keep, &horizon, &mut kept)?;
    old::rows(link, keep, &horizon, &mut kept)?;
    retire::all(link, keep, &horizon, &mut kept)?;
    old::rest(link, keep, &horizon, &mut kept)?;
    Ok(kept)
}

/// A transaction of the keeper: as long as it takes, but it does not wait long for a lock that others would queue behind.
fn transaction<T>(link: &Link, wait: &str, work: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
    link.batch(&format!("BEGIN; SET LOCAL statement_timeout = 0; {wait}"))?;
    let done = work().and_then(|done| link.batch("COMMIT").map(|()| done));
    if done.is_err() && !link.is_gone() && link.batch("ROLLBACK").is_err() {
        link.broken.set(true);
    }
    done
}

/// Changes tables: tried so often, each time as long as a writer hardly notices.
fn briefly<T>(link: &Link, mut work: impl FnMut() -> Result<T, Error>) -> Result<T, Error> {
    const TRIES: usize = 5;
    let mut once = || transaction(link, "SET LOCAL lock_timeout = '1s'", &mut work);
    for _ in 1..TRIES {
        match once() {
            Err(busy) if busy.code() == Code::StoreBusy => {}
            done => return done,
        }
    }
    once()
}
