//! The store's doors.

use crate::leases::{Leases, Leasing};
use crate::link::Link;
use crate::look::{odd, parsed};
use crate::options::{Address, PostgresOptions};
use crate::pool::{Lent, Pool};
use crate::since::Since;
use crate::work::{self, Purses, Work};
use crate::{read, schema};
use leadwright::model::{Code, DecisionId, Durability, Error, Event, LeadId, TenantId, Timestamp, Waiting};
use leadwright::store::{
    HistoryLead, OutboxEntry, ProblemGroup, RollupAdd, Store, Stored, Sums, SumsQuery, Transaction, View,
};

/// A store in a PostgreSQL database. Threads, processes and machines may share it; after `fork` the child connects anew.
pub struct PostgresStore {
    address: Address,
    options: PostgresOptions,
    pool: Pool,
    leases: Option<Leases>,
}

impl std::fmt::Debug for PostgresStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PostgresStore({})", self.address.place)
    }
}

impl PostgresStore {
    /// Connects, and makes the tables where they are not there.
    ///
    /// # Errors
    /// As [`with_options`](Self::with_options).
    ///
    /// ```no_run
    /// use leadwright_postgres::PostgresStore;
    /// let store = PostgresStore::open("postgres://router@db.internal/leads?sslmode=require")?;
    /// # Ok::<(), leadwright::model::Error>(())
    /// ```
    pub fn open(url: &str) -> Result<Self, Error> {
        Self::with_options(url, PostgresOptions::default())
    }

    /// Connects with options.
    ///
    /// # Errors
    /// `input.bad_option` for an address that is none, or a server that is less durable than asked for;
    /// `store.unreachable`; `store.foreign` and `store.newer` (nothing was touched); `store.missing` and `store.read_only`
    /// where tables are to be made and may not be.
    pub fn with_options(url: &str, options: PostgresOptions) -> Result<Self, Error> {
        let store = Self::later(url, options)?;
        let lent = store.lend(false)?;
        let ready = lent.link().and_then(|link| schema::ready(link, &store.options));
        if ready.is_err() {
            lent.give_up();
        }
        drop(lent);
        ready.map(|()| store)
    }

    /// Where the store is, without the password.
    pub fn place(&self) -> &str {
        &self.address.place
    }

    /// How it was opened.
    pub fn options(&self) -> &PostgresOptions {
        &self.options
    }

    /// A place in the log of the server behind all that was acknowledged before: a reader of a replica that carries it sees
    /// what was written here. See [`ReadStore::after`](crate::ReadStore::after).
    ///
    /// # Errors
    /// `store.*`; a standby has none to give.
    ///
    /// ```no_run
    /// use leadwright_postgres::PostgresStore;
    /// let store = PostgresStore::open("postgres://router@db.internal/leads?sslmode=require")?;
    /// // … write, and then:
    /// let since = store.since()?;
    /// # Ok::<(), leadwright::model::Error>(())
    /// ```
    pub fn since(&self) -> Result<Since, Error> {
        // Where the next record goes, not what is on disk: a relaxed commit is acknowledged before it is there.
        let rows = self.ask(|link| link.rows("SELECT pg_current_wal_insert_lsn()::text", &[]))?;
        rows.first().map_or_else(|| Err(odd()), |row| parsed(row, 0))
    }

    /// One that has not connected yet, and looks at no tables.
    pub(crate) fn later(url: &str, options: PostgresOptions) -> Result<Self, Error> {
        Ok(Self { address: options.address(url)?, options, pool: Pool::new(), leases: None })
    }

    /// The same server, opened otherwise; nothing is connected yet.
    pub(crate) fn beside(&self, options: PostgresOptions, pool: Pool) -> Self {
        Self { address: self.address.clone(), options, pool, leases: None }
    }

    /// Shares caps with other stores, each of which has a part of them.
    ///
    /// ```no_run
    /// use leadwright_postgres::{Leasing, PostgresStore};
    /// let store = PostgresStore::open("postgres://router@db.internal/leads")?;
    /// let store = store.leasing(Leasing::new("east", ["buyer:acme"]));
    /// # Ok::<(), leadwright::model::Error>(())
    /// ```
    #[must_use]
    pub fn leasing(mut self, leasing: Leasing) -> Self {
        self.leases = Some(Leases::new(leasing));
        self
    }

    /// Gives the parts that a tenant has of shared caps back at once. Without it they come back when their time is over and
    /// somebody needs them.
    ///
    /// # Errors
    /// `store.*`; what was not given back comes back later.
    ///
    /// ```no_run
    /// # use leadwright::model::TenantId;
    /// # fn doc(store: &leadwright_postgres::PostgresStore) -> Result<(), leadwright::model::Error> {
    /// store.give_back(&TenantId::default())?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn give_back(&self, tenant: &TenantId) -> Result<(), Error> {
        self.leases.as_ref().map_or(Ok(()), |leases| leases.give_back(self, tenant.as_str()))
    }

    fn purses(&self) -> Option<Purses<'_>> {
        self.leases.as_ref().map(|leases| Purses { own: self, leases })
    }

    /// Closes the connections that nobody uses.
    pub fn close_idle(&self) {
        self.pool.clear();
    }

    /// The texts of the statements that the connections have prepared which nobody uses now: for tests of how they run.
    #[doc(hidden)]
    pub fn statements(&self) -> Vec<String> {
        self.pool.statements()
    }

    pub(crate) fn lend(&self, fresh: bool) -> Result<Lent<'_>, Error> {
        self.pool.lend(&self.address, &self.options, fresh)
    }

    /// Asks on a connection; on a new one where the one that was idle is gone. Nothing is done twice by that: what is asked
    /// changes nothing.
    pub(crate) fn ask<T>(&self, mut ask: impl FnMut(&Link) -> Result<T, Error>) -> Result<T, Error> {
        let mut fresh = false;
        loop {
            let lent = self.lend(fresh)?;
            let done = ask(lent.link()?);
            match done {
                Err(error) if !fresh && error.code() == Code::StoreUnreachable => fresh = true,
                done => return done,
            }
            drop(lent);
            self.pool.clear();
        }
    }

    /// A transaction that has begun, and its connection: one that was idle may be gone, and then nothing has begun.
    fn begun<T>(&self, tenant: &TenantId, run: &mut dyn FnMut(Work<'_>) -> Result<T, Error>) -> Result<T, Error> {
        let mut fresh = false;
        loop {
            let lent = self.lend(fresh)?;
            let link = lent.link()?;
            match work::opened(Work::new(link, tenant).sharing(self.purses()), tenant) {
                Ok(work) => return run(work),
                Err(error) if !fresh && error.code() == Code::StoreUnreachable => fresh = true,
                Err(error) => {
                    // It may be in a transaction still.
                    if link.batch("ROLLBACK").is_err() {
                        lent.give_up();
                    }
                    return Err(error);
                }
            }
            drop(lent);
            self.pool.clear();
        }
    }
}

impl Store for PostgresStore {
    fn write(
        &self,
        tenant: &TenantId,
        work: &mut dyn FnMut(&mut dyn Transaction) -> Result<(), Error>,
    ) -> Result<(), Error> {
        if self.options.read_only {
            return Err(Error::new(Code::StoreReadOnly, self.address.place.clone()));
        }
        self.begun(tenant, &mut |mut transaction| {
            let done = work(&mut transaction).and_then(|()| work::end(&transaction));
            transaction.close(done)
        })
    }

    fn read(&self, tenant: &TenantId, work: &mut dyn FnMut(&dyn View) -> Result<(), Error>) -> Result<(), Error> {
        // `work` runs once: whether the connection is there is found out before.
        let mut fresh = false;
        loop {
            let lent = self.lend(fresh)?;
            let link = lent.link()?;
            match link.batch("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY") {
                Ok(()) => {
                    let view = Work::new(link, tenant).sharing(self.purses());
                    let done = work(&view);
                    return view.close(done);
                }
                Err(error) if !fresh && error.code() == Code::StoreUnreachable => fresh = true,
                Err(error) => return Err(error),
            }
            drop(lent);
            self.pool.clear();
        }
    }

    fn decision(&self, tenant: &TenantId, id: &DecisionId) -> Result<Option<Stored>, Error> {
        self.ask(|link| read::decision(link, tenant, id))
    }

    fn find(&self, tenant: &TenantId, lead: &LeadId) -> Result<Vec<DecisionId>, Error> {
        self.ask(|link| read::find(link, tenant, lead))
    }

    fn decisions(&self, tenant: &TenantId, after: u64, limit: usize) -> Result<Vec<Stored>, Error> {
        self.ask(|link| read::decisions(link, tenant, after, limit))
    }

    fn put_plan(&self, hash: &str, bundle: &str) -> Result<(), Error> {
        if self.plan(hash)?.is_some() {
            return Ok(());
        }
        let sql = "INSERT INTO plan(hash, bundle) VALUES ($1, $2) ON CONFLICT DO NOTHING";
        self.ask(|link| link.rows(sql, &[&hash, &bundle])).map(drop)
    }

    fn plan(&self, hash: &str) -> Result<Option<String>, Error> {
        self.ask(|link| read::plan(link, hash))
    }

    fn outbox(&self, tenant: &TenantId, after: u64, limit: usize) -> Result<Vec<(u64, OutboxEntry)>, Error> {
        self.ask(|link| read::outbox(link, tenant, after, limit))
    }

    fn events(&self, tenant: &TenantId, after: u64, limit: usize) -> Result<Vec<(u64, Event)>, Error> {
        self.ask(|link| read::events(link, tenant, after, limit))
    }

    fn queue(
        &self,
        tenant: &TenantId,
        due: Option<Timestamp>,
        after: u64,
        limit: usize,
    ) -> Result<Vec<(u64, Waiting)>, Error> {
        self.ask(|link| read::queue(link, tenant, due, after, limit))
    }

    fn history(&self, tenant: &TenantId, after: u64, limit: usize) -> Result<Vec<(u64, HistoryLead)>, Error> {
        self.ask(|link| work::history(link, tenant, after, limit))
    }

    fn rollups(&self, tenant: &TenantId) -> Result<Vec<RollupAdd>, Error> {
        self.ask(|link| read::rollups(link, tenant))
    }

    fn problems(&self, tenant: &TenantId) -> Result<Vec<ProblemGroup>, Error> {
        self.ask(|link| read::problems(link, tenant))
    }

    fn sums(&self, tenant: &TenantId, query: &SumsQuery) -> Result<Vec<Sums>, Error> {
        self.ask(|link| work::sums(link, tenant.as_str(), query))
    }

    fn erased(&self, tenant: &TenantId) -> Result<u64, Error> {
        self.ask(|link| read::erased(link, tenant))
    }

    fn fetches_ahead(&self) -> bool {
        true
    }

    fn rest(&self) {
        self.pool.rest();
    }

    fn wake(&self) {
        self.pool.wake();
    }

    fn durability(&self) -> Durability {
        self.options.durability
    }
}
