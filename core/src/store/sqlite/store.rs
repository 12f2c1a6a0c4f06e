//! The store's doors.

use super::deliveries;
use super::fault::{at_commit, damaged, fault};
use super::keys::Keys;
use super::look::{self, EVENT, Row, STORED, decision_id, parsed};
use super::problems::{self, GROUPS};
use super::process::{Connected, Process, begin};
use super::queue::{self, WAITING};
use super::rollups;
use super::schema::STORE;
use super::work::Work;
use crate::model::{Code, DecisionId, Durability, Error, Event, LeadId, TenantId, Timestamp, Waiting};
use crate::store::{OutboxEntry, ProblemGroup, RollupAdd, Store, Stored, Sums, SumsQuery, Transaction, View};
use rusqlite::{Connection, OptionalExtension, Params, params};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// How a file is opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SqliteOptions {
    /// [`Durability::Full`]: on disk before the answer. [`Durability::Relaxed`]: a power cut may lose the last answers,
    /// and the receipts say so.
    pub durability: Durability,
    /// How long to wait for another process that writes; then `store.busy`.
    pub busy_wait: Duration,
    /// Whether to make the file when it is not there.
    pub create: bool,
    /// Whether only to read.
    pub read_only: bool,
    /// With keys, all that is about a person is encrypted in the file, each lead under a key of its own that lies in a
    /// second file beside it, `<path>.keys`. Whoever erases a lead destroys its key, and copies of the file cannot be read
    /// there any more either. Once it is on, the file is not opened without keys, but to read what is about no lead. Off by
    /// default.
    pub keys: Option<Keys>,
}

impl Default for SqliteOptions {
    fn default() -> Self {
        Self {
            durability: Durability::Full,
            busy_wait: Duration::from_secs(5),
            create: true,
            read_only: false,
            keys: None,
        }
    }
}

/// A store in one SQLite file. Threads and processes may share it; after `fork` the child opens the file anew by itself.
pub struct SqliteStore {
    path: PathBuf,
    options: SqliteOptions,
    process: Process,
    /// Whether a lead was erased whose key may still be there.
    owes: AtomicBool,
}

impl std::fmt::Debug for SqliteStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SqliteStore({})", self.path.display())
    }
}

impl SqliteStore {
    /// Opens the file, or makes it.
    ///
    /// # Errors
    /// `store.foreign` and `store.newer` (the file is not touched), `store.read_only`, `store.busy`, `store.corrupt`,
    /// `store.io`.
    ///
    /// ```
    /// use leadwright::{model::Durability, store::{SqliteStore, Store}};
    /// let folder = std::env::temp_dir().join(format!("leadwright-doc-{}", std::process::id()));
    /// std::fs::create_dir_all(&folder)?;
    /// let store = SqliteStore::open(folder.join("leads.db"))?;
    /// assert_eq!(store.durability(), Durability::Full);
    /// # drop(store);
    /// # std::fs::remove_dir_all(folder)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn open(path: impl AsRef<Path>) -> Result<Self, Error> {
        Self::with_options(path, SqliteOptions::default())
    }

    /// Opens a file that must be there.
    ///
    /// # Errors
    /// `store.missing`, and as [`open`](Self::open).
    pub fn open_existing(path: impl AsRef<Path>) -> Result<Self, Error> {
        Self::with_options(path, SqliteOptions { create: false, ..SqliteOptions::default() })
    }

    /// Opens a file with options.
    ///
    /// # Errors
    /// As [`open`](Self::open); `store.key_missing`, `store.key_wrong` and `store.key_file_missing` where leads are
    /// encrypted.
    ///
    /// ```
    /// # let folder = std::env::temp_dir().join(format!("leadwright-keys-{}", std::process::id()));
    /// # std::fs::create_dir_all(&folder)?;
    /// use leadwright::store::{Keys, SqliteOptions, SqliteStore};
    /// // From where the host keeps its secrets, and nowhere else.
    /// let keys = Keys::new([("k1", [7; 32])])?;
    /// let options = SqliteOptions { keys: Some(keys), ..SqliteOptions::default() };
    /// drop(SqliteStore::with_options(folder.join("leads.db"), options)?);
    /// let error = SqliteStore::open(folder.join("leads.db")).unwrap_err();
    /// assert_eq!(error.code().as_str(), "store.key_missing");
    /// # std::fs::remove_dir_all(folder)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn with_options(path: impl AsRef<Path>, options: SqliteOptions) -> Result<Self, Error> {
        let path = path.as_ref().to_path_buf();
        let process = Process::open(&path, &options, &STORE)?;
        let store = Self { path, options, process, owes: AtomicBool::new(false) };
        if !store.options.read_only {
            // Whoever erased them may have been stopped.
            store.destroy_keys()?;
        }
        Ok(store)
    }

    /// Where the file is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// How it was opened.
    pub(super) fn options(&self) -> &SqliteOptions {
        &self.options
    }

    /// Asks the connection; what SQLite says is wrong is an error about this file.
    pub(super) fn ask<T>(&self, ask: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T, Error> {
        self.with(|connection| ask(connection).map_err(|error| fault(&self.path, &error)))
    }

    pub(super) fn with<T>(&self, work: impl FnOnce(&Connected) -> Result<T, Error>) -> Result<T, Error> {
        let mut guard = self.process.lock(&self.path, &self.options)?;
        let connection = guard.connection.as_ref().ok_or_else(|| damaged(&self.path, "the connection is closed"))?;
        // Whoever panicked in the middle of a transaction left it open.
        if !connection.is_autocommit() {
            connection.execute_batch("ROLLBACK").map_err(|error| fault(&self.path, &error))?;
        }
        let done = work(connection);
        if done.as_ref().is_err_and(|error| error.code() == Code::StoreCommitUnknown) {
            guard.doubt();
        }
        done
    }

    /// Runs `work` in a write transaction, and commits when it went well.
    pub(super) fn transact<T>(&self, work: impl FnOnce(&Connected) -> Result<T, Error>) -> Result<T, Error> {
        self.with(|connection| {
            begin(connection, &self.path, &self.options)?;
            let done = work(connection);
            let ended = match &done {
                Ok(_) => connection.execute_batch("COMMIT").map_err(|error| at_commit(&self.path, &error)),
                Err(_) => connection.execute_batch("ROLLBACK").map_err(|error| fault(&self.path, &error)),
            };
            if ended.is_err() && !connection.is_autocommit() {
                // A commit that failed may leave the transaction open; the first error is the one to tell.
                let _ = connection.execute_batch("ROLLBACK");
            }
            done.and_then(|done| ended.map(|()| done))
        })
    }

    pub(super) fn all<T>(
        &self,
        sql: &str,
        params: impl Params,
        read: impl Fn(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, Error> {
        self.with(|connection| {
            let run = || {
                let mut statement = connection.prepare_cached(sql)?;
                let rows = statement.query_map(params, |row| read(row))?;
                rows.collect::<Result<Vec<T>, _>>()
            };
            run().map_err(|error| fault(&self.path, &error))
        })
    }
}

/// `limit` as SQLite takes it.
pub(super) fn most(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}

pub(super) fn position(after: u64) -> i64 {
    i64::try_from(after).unwrap_or(i64::MAX)
}

impl Store for SqliteStore {
    fn write(
        &self,
        tenant: &TenantId,
        work: &mut dyn FnMut(&mut dyn Transaction) -> Result<(), Error>,
    ) -> Result<(), Error> {
        self.transact(|connection| {
            connection.still(&self.path)?;
            let mut transaction = Work::on(connection, &self.path, tenant);
            work(&mut transaction)?;
            // Said before the commit: of one that fails nobody knows whether it happened.
            self.owes.fetch_or(transaction.erases, Ordering::SeqCst);
            transaction.write_rollups()?;
            transaction.write_ledger()?;
            transaction.write_problems()
        })?;
        if self.owes.load(Ordering::SeqCst) {
            self.destroy_keys()?;
            self.owes.store(false, Ordering::SeqCst);
        }
        Ok(())
    }

    fn read(&self, tenant: &TenantId, work: &mut dyn FnMut(&dyn View) -> Result<(), Error>) -> Result<(), Error> {
        self.with(|connection| {
            if !self.options.read_only {
                connection.still(&self.path)?;
            }
            connection.execute_batch("BEGIN").map_err(|error| fault(&self.path, &error))?;
            let done = work(&Work::on(connection, &self.path, tenant));
            connection.execute_batch("ROLLBACK").map_err(|error| fault(&self.path, &error))?;
            done
        })
    }

    fn decision(&self, tenant: &TenantId, id: &DecisionId) -> Result<Option<Stored>, Error> {
        let sql = format!("{STORED} WHERE tenant = ?1 AND source = ?2 AND lead = ?3 AND n = ?4");
        let params = params![tenant.as_str(), id.source.as_str(), id.lead.as_str(), id.n];
        Ok(self.leads(&sql, params, tenant)?.pop())
    }

    fn find(&self, tenant: &TenantId, lead: &LeadId) -> Result<Vec<DecisionId>, Error> {
        let sql = "SELECT source, lead, n FROM decision WHERE tenant = ?1 AND lead = ?2 ORDER BY seq";
        self.all(sql, params![tenant.as_str(), lead.as_str()], |row| decision_id(row, 0))
    }

    fn decisions(&self, tenant: &TenantId, after: u64, limit: usize) -> Result<Vec<Stored>, Error> {
        let sql = format!("{STORED} WHERE tenant = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3");
        self.leads(&sql, params![tenant.as_str(), position(after), most(limit)], tenant)
    }

    fn put_plan(&self, hash: &str, bundle: &str) -> Result<(), Error> {
        if self.plan(hash)?.is_some() {
            return Ok(());
        }
        self.transact(|connection| {
            let sql = "INSERT OR IGNORE INTO plan(hash, bundle) VALUES (?1, ?2)";
            connection.execute(sql, params![hash, bundle]).map(drop).map_err(|error| fault(&self.path, &error))
        })
    }

    fn plan(&self, hash: &str) -> Result<Option<String>, Error> {
        self.with(|connection| {
            let run = || {
                let mut statement = connection.prepare_cached("SELECT bundle FROM plan WHERE hash = ?1")?;
                statement.query_row(params![hash], |row| row.get(0)).optional()
            };
            run().map_err(|error| fault(&self.path, &error))
        })
    }

    fn outbox(&self, tenant: &TenantId, after: u64, limit: usize) -> Result<Vec<(u64, OutboxEntry)>, Error> {
        let sql = "SELECT id, key, source, lead, n, buyer, contract, price, due_at FROM outbox \
                   WHERE tenant = ?1 AND id > ?2 AND state NOT IN ('dead', 'done') ORDER BY id LIMIT ?3";
        self.all(sql, params![tenant.as_str(), position(after), most(limit)], |row| {
            Ok((row.get(0)?, deliveries::entry(row)?))
        })
    }

    fn events(&self, tenant: &TenantId, after: u64, limit: usize) -> Result<Vec<(u64, Event)>, Error> {
        let sql = format!("{EVENT} WHERE tenant = ?1 AND position > ?2 ORDER BY position LIMIT ?3");
        self.all(&sql, params![tenant.as_str(), position(after), most(limit)], |row| look::event(row, tenant))
    }

    fn problems(&self, tenant: &TenantId) -> Result<Vec<ProblemGroup>, Error> {
        let sql = format!("{GROUPS} WHERE tenant = ?1 ORDER BY fingerprint");
        self.all(&sql, params![tenant.as_str()], problems::group)
    }

    fn queue(
        &self,
        tenant: &TenantId,
        due: Option<Timestamp>,
        after: u64,
        limit: usize,
    ) -> Result<Vec<(u64, Waiting)>, Error> {
        let sql = format!("{WAITING} WHERE tenant = ?1 AND due <= ?2 AND id > ?3 ORDER BY id LIMIT ?4");
        let due = due.map_or(i64::MAX, Timestamp::millis);
        self.all(&sql, params![tenant.as_str(), due, position(after), most(limit)], queue::waiting)
    }

    fn rollups(&self, tenant: &TenantId) -> Result<Vec<RollupAdd>, Error> {
        let sql = "SELECT date, slot, source, contract, outcome, leads, revenue, payout FROM rollup \
                   WHERE tenant = ?1 ORDER BY date, slot, source, contract, outcome";
        self.all(sql, params![tenant.as_str()], |row| {
            let contract: String = row.get(3)?;
            Ok(RollupAdd {
                date: parsed(row, 0)?,
                slot: row.get(1)?,
                source: parsed(row, 2)?,
                contract: if contract.is_empty() { None } else { Some(parsed(row, 3)?) },
                outcome: look::outcome(row, 4)?,
                leads: row.get(5)?,
                revenue: look::money(row, 6)?,
                payout: look::money(row, 7)?,
            })
        })
    }

    fn sums(&self, tenant: &TenantId, query: &SumsQuery) -> Result<Vec<Sums>, Error> {
        self.with(|connection| rollups::sums(connection, &self.path, tenant.as_str(), query))
    }

    fn erased(&self, tenant: &TenantId) -> Result<u64, Error> {
        let sql = "SELECT count(*) FROM decision WHERE tenant = ?1 AND inner IS NOT NULL";
        self.ask(|connection| connection.query_row(sql, [tenant.as_str()], |row| row.get(0)))
    }

    fn rest(&self) {
        self.process.rest();
    }

    fn wake(&self) {
        self.process.wake();
    }

    fn durability(&self) -> Durability {
        self.options.durability
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A commit that fails: a decision by a plan that is not there, which only the commit is to look at.
    fn fails_at_commit(store: &SqliteStore) -> Error {
        let failed = store.transact(|connection| {
            let sql = "PRAGMA defer_foreign_keys=ON; INSERT INTO request_key(tenant, source, key, seq) VALUES ('main', 'web', 'k', 1)";
            connection.execute_batch(sql).map_err(|error| fault(store.path(), &error))
        });
        failed.unwrap_err()
    }

    #[test]
    fn a_connection_whose_commit_failed_is_given_up_and_the_next_one_works() {
        let folder = std::env::temp_dir().join(format!("leadwright-commit-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let store = SqliteStore::open(folder.join("leads.db")).unwrap();
        store.put_plan("a", "1").unwrap();
        let mark = |store: &SqliteStore| {
            store.with(|it| Ok(it.pragma_query_value(None, "cache_size", |row| row.get::<_, i64>(0)).unwrap()))
        };
        let marked =
            store.with(|it| it.pragma_update(None, "cache_size", 77).map_err(|error| fault(store.path(), &error)));
        marked.unwrap();
        assert_eq!(mark(&store).unwrap(), 77);
        assert_eq!(fails_at_commit(&store).code(), Code::StoreCommitUnknown);
        assert_ne!(mark(&store).unwrap(), 77, "it is another connection");
        assert_eq!(store.plan("a").unwrap().as_deref(), Some("1"));
        store.put_plan("b", "2").unwrap();
        assert_eq!(store.plan("b").unwrap().as_deref(), Some("2"));
        drop(store);
        std::fs::remove_dir_all(folder).unwrap();
    }
}
