//! The file, and how it is asked.

use crate::model::{Durability, Error};
use crate::store::{Connected, Form, Process, SqliteOptions, at_commit, begin, damaged, fault};
use rusqlite::Connection;
use std::path::{Path, PathBuf};

/// "LWPL": what the header says of a ledger of parity.
static FORM: Form =
    Form { application_id: 0x4C57_504C, steps: &[("first", include_str!("001-first.sql"))], is_store: false };

/// A ledger. Nothing is opened before somebody asks, in the process that does.
pub struct Ledger {
    pub(super) path: PathBuf,
    options: SqliteOptions,
    process: Process,
}

impl std::fmt::Debug for Ledger {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Ledger({})", self.path.display())
    }
}

impl Ledger {
    /// A ledger that is made when it is first written.
    ///
    /// ```
    /// use leadwright::parity::ledger::Ledger;
    /// let ledger = Ledger::new("parity.db");
    /// assert_eq!(ledger.path().to_str(), Some("parity.db"));
    /// ```
    pub fn new(path: impl AsRef<Path>) -> Self {
        Self::with(path.as_ref(), true)
    }

    /// A ledger that must be there.
    ///
    /// # Errors
    /// `store.missing`, `store.foreign` and `store.newer` (the file is not touched), `store.busy`, `store.io`.
    ///
    /// ```
    /// let error = leadwright::parity::ledger::Ledger::existing("no/such/parity.db").unwrap_err();
    /// assert_eq!(error.code().as_str(), "store.missing");
    /// ```
    pub fn existing(path: impl AsRef<Path>) -> Result<Self, Error> {
        let ledger = Self::with(path.as_ref(), false);
        ledger.ask(|_| Ok(()))?;
        Ok(ledger)
    }

    fn with(path: &Path, create: bool) -> Self {
        // It is evidence and no order: what a power cut takes is seen again.
        let options = SqliteOptions { durability: Durability::Relaxed, create, ..SqliteOptions::default() };
        Self { path: path.to_path_buf(), options, process: Process::late(&FORM) }
    }

    /// Where the file is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Closes the connection before a fork, and keeps it closed until [`wake`](Self::wake).
    ///
    /// ```
    /// let ledger = leadwright::parity::ledger::Ledger::new("parity.db");
    /// ledger.rest();
    /// // fork
    /// ledger.wake();
    /// ```
    pub fn rest(&self) {
        self.process.rest();
    }

    /// After the fork, in the parent.
    pub fn wake(&self) {
        self.process.wake();
    }

    pub(super) fn options(&self) -> &SqliteOptions {
        &self.options
    }

    /// What SQLite says is wrong is an error about this file.
    pub(super) fn ask<T>(&self, ask: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T, Error> {
        self.with_connection(|connection| ask(connection).map_err(|error| fault(&self.path, &error)))
    }

    /// Does `work` in one write transaction.
    pub(super) fn write<T>(&self, work: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T, Error> {
        self.with_connection(|connection| {
            begin(connection, &self.path, &self.options)?;
            let done = work(connection).map_err(|error| fault(&self.path, &error));
            let end = |sql: &str| connection.execute_batch(sql);
            let ended = match &done {
                Ok(_) => end("COMMIT").map_err(|error| at_commit(&self.path, &error)),
                Err(_) => Ok(()),
            };
            if !connection.is_autocommit() {
                // The first error is the one to tell.
                let _ = end("ROLLBACK");
            }
            ended.and(done)
        })
    }

    fn with_connection<T>(&self, work: impl FnOnce(&Connected) -> Result<T, Error>) -> Result<T, Error> {
        let open = self.process.lock(&self.path, &self.options)?;
        let connection = open.connection.as_ref().ok_or_else(|| damaged(&self.path, "the connection is closed"))?;
        work(connection)
    }
}
