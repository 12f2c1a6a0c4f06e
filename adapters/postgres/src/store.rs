//! The store's doors.

use crate::link::Link;
use crate::look::{self, STORED, get, money, outcome, parsed, signed, unless_empty, whole};
use crate::options::{Address, PostgresOptions};
use crate::pool::{Lent, Pool};
use crate::schema;
use crate::work::{self, GROUPS, Work, entry, group};
use leadwright::model::{Code, DecisionId, Durability, Error, Event, LeadId, TenantId, Timestamp, Waiting};
use leadwright::store::{
    HistoryLead, OutboxEntry, ProblemGroup, RollupAdd, Store, Stored, Sums, SumsQuery, Transaction, View,
};
use tokio_postgres::Row;

/// A store in a PostgreSQL database. Threads, processes and machines may share it; after `fork` the child connects anew.
pub struct PostgresStore {
    address: Address,
    options: PostgresOptions,
    pool: Pool,
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
        let address = options.address(url)?;
        let store = Self { address, options, pool: Pool::new() };
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

    /// Closes the connections that nobody uses.
    pub fn close_idle(&self) {
        self.pool.clear();
    }

    fn lend(&self, fresh: bool) -> Result<Lent<'_>, Error> {
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

    fn all<T>(
        &self,
        sql: &str,
        bound: &[&(dyn tokio_postgres::types::ToSql + Sync)],
        read: impl Fn(&Row) -> Result<T, Error>,
    ) -> Result<Vec<T>, Error> {
        self.ask(|link| link.rows(sql, bound))?.iter().map(read).collect()
    }

    /// A transaction that has begun, and its connection: one that was idle may be gone, and then nothing has begun.
    fn begun<T>(&self, tenant: &TenantId, run: &mut dyn FnMut(Work<'_>) -> Result<T, Error>) -> Result<T, Error> {
        let mut fresh = false;
        loop {
            let lent = self.lend(fresh)?;
            let link = lent.link()?;
            match work::opened(Work::new(link, tenant), tenant) {
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
                    let view = Work::new(link, tenant);
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
        let sql = format!(
            "SELECT {STORED} FROM decided i JOIN decision d ON d.tenant = i.tenant AND d.seq = i.seq AND d.at = i.at \
             WHERE i.tenant = $1 AND i.source = $2 AND i.lead = $3 AND i.n = $4"
        );
        let bound = (tenant.as_str(), id.source.as_str(), id.lead.as_str(), i64::from(id.n));
        let found = self.all(&sql, &[&bound.0, &bound.1, &bound.2, &bound.3], |row| look::stored(row, tenant))?;
        Ok(found.into_iter().next())
    }

    fn find(&self, tenant: &TenantId, lead: &LeadId) -> Result<Vec<DecisionId>, Error> {
        let sql = "SELECT source, lead, n FROM decided WHERE tenant = $1 AND lead = $2 ORDER BY seq";
        self.all(sql, &[&tenant.as_str(), &lead.as_str()], |row| look::decision_id(row, 0))
    }

    fn decisions(&self, tenant: &TenantId, after: u64, limit: usize) -> Result<Vec<Stored>, Error> {
        let sql = format!("SELECT {STORED} FROM decision d WHERE tenant = $1 AND seq > $2 ORDER BY seq LIMIT $3");
        self.all(&sql, &[&tenant.as_str(), &signed(after), &signed(limit)], |row| look::stored(row, tenant))
    }

    fn put_plan(&self, hash: &str, bundle: &str) -> Result<(), Error> {
        if self.plan(hash)?.is_some() {
            return Ok(());
        }
        let sql = "INSERT INTO plan(hash, bundle) VALUES ($1, $2) ON CONFLICT DO NOTHING";
        self.ask(|link| link.rows(sql, &[&hash, &bundle])).map(drop)
    }

    fn plan(&self, hash: &str) -> Result<Option<String>, Error> {
        let found = self.all("SELECT bundle FROM plan WHERE hash = $1", &[&hash], |row| get(row, 0))?;
        Ok(found.into_iter().next())
    }

    fn outbox(&self, tenant: &TenantId, after: u64, limit: usize) -> Result<Vec<(u64, OutboxEntry)>, Error> {
        let sql = "SELECT id, key, source, lead, n, buyer, contract, price, due_at FROM outbox \
                   WHERE tenant = $1 AND id > $2 AND state NOT IN ('dead', 'done') ORDER BY id LIMIT $3";
        let bound = (tenant.as_str(), signed(after), signed(limit));
        self.all(sql, &[&bound.0, &bound.1, &bound.2], |row| Ok((whole(row, 0)?, entry(row)?)))
    }

    fn events(&self, tenant: &TenantId, after: u64, limit: usize) -> Result<Vec<(u64, Event)>, Error> {
        let sql = format!("{} WHERE tenant = $1 AND position > $2 ORDER BY position LIMIT $3", look::EVENT);
        self.all(&sql, &[&tenant.as_str(), &signed(after), &signed(limit)], |row| look::event(row, tenant))
    }

    fn queue(
        &self,
        tenant: &TenantId,
        due: Option<Timestamp>,
        after: u64,
        limit: usize,
    ) -> Result<Vec<(u64, Waiting)>, Error> {
        let sql = format!("{} WHERE tenant = $1 AND due <= $2 AND id > $3 ORDER BY id LIMIT $4", look::WAITING);
        let bound = (tenant.as_str(), due.map_or(i64::MAX, Timestamp::millis), signed(after), signed(limit));
        self.all(&sql, &[&bound.0, &bound.1, &bound.2, &bound.3], look::waiting)
    }

    fn history(&self, tenant: &TenantId, after: u64, limit: usize) -> Result<Vec<(u64, HistoryLead)>, Error> {
        self.ask(|link| work::history(link, tenant, after, limit))
    }

    fn rollups(&self, tenant: &TenantId) -> Result<Vec<RollupAdd>, Error> {
        let sql = "SELECT date, slot, source, contract, outcome, leads, revenue, payout FROM rollup \
                   WHERE tenant = $1 ORDER BY date, slot, source, contract, outcome";
        self.all(sql, &[&tenant.as_str()], |row| {
            Ok(RollupAdd {
                date: parsed(row, 0)?,
                slot: whole(row, 1)?,
                source: parsed(row, 2)?,
                contract: unless_empty(row, 3)?,
                outcome: outcome(row, 4)?,
                leads: get(row, 5)?,
                revenue: money(row, 6)?,
                payout: money(row, 7)?,
            })
        })
    }

    fn problems(&self, tenant: &TenantId) -> Result<Vec<ProblemGroup>, Error> {
        let sql = format!("{GROUPS} WHERE tenant = $1 ORDER BY fingerprint");
        self.all(&sql, &[&tenant.as_str()], group)
    }

    fn sums(&self, tenant: &TenantId, query: &SumsQuery) -> Result<Vec<Sums>, Error> {
        self.ask(|link| work::sums(link, tenant.as_str(), query))
    }

    fn erased(&self, tenant: &TenantId) -> Result<u64, Error> {
        let sql = "SELECT count(*) FROM decision WHERE tenant = $1 AND inner_hash IS NOT NULL";
        let found = self.all(sql, &[&tenant.as_str()], |row| whole(row, 0))?;
        Ok(found.into_iter().next().unwrap_or(0))
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
