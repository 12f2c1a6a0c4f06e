//! Letting go of what is old, and of what is about somebody.

use super::file::Ledger;
use super::record::hour;
use crate::model::{Error, Timestamp};
use crate::store::{checkpoint, fault};
use rusqlite::{Connection, params};
use serde::Serialize;

/// What was let go of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Forgotten {
    /// Counts by the hour.
    pub counts: usize,
    /// Examples.
    pub examples: usize,
    /// Pairs with their values.
    pub pairs: usize,
}

impl Ledger {
    /// Lets go of all counts, examples and pairs from before a time, to the hour. What is left of them in the file is
    /// written over.
    ///
    /// # Errors
    /// `store.busy`, `store.full`, `store.io`.
    ///
    /// ```
    /// # let folder = std::env::temp_dir().join(format!("leadwright-parity-prune-{}", std::process::id()));
    /// # std::fs::create_dir_all(&folder)?;
    /// use leadwright::{model::Timestamp, parity::{ParityOptions, counts_from_json, ledger::Parity}};
    /// let parity = Parity::new(folder.join("parity.db"), "routing", ParityOptions::default());
    /// parity.count(&counts_from_json(br#"{"decide": {"calls": 3}}"#)?, Timestamp::EPOCH)?;
    /// assert_eq!(parity.ledger().prune("2026-11-28T00:00:00Z".parse()?)?.counts, 1);
    /// assert!(parity.summary(None, None)?.steps["decide"].counts.is_empty());
    /// # drop(parity);
    /// # std::fs::remove_dir_all(folder)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn prune(&self, before: Timestamp) -> Result<Forgotten, Error> {
        let hour = hour(before);
        let millis = hour.saturating_mul(3_600_000);
        self.let_go(|connection| {
            let run = |sql: &str, at: i64| connection.execute(sql, [at]);
            let counts = run("DELETE FROM tally WHERE hour < ?1", hour)?
                + run("DELETE FROM latency WHERE hour < ?1", hour)?
                + run("DELETE FROM difference WHERE hour < ?1", hour)?;
            let examples = run("DELETE FROM example WHERE at < ?1", millis)?;
            let pairs = run("DELETE FROM pair WHERE at < ?1", millis)?;
            run("DELETE FROM class WHERE last_at < ?1", millis)?;
            Ok(Forgotten { counts, examples, pairs })
        })
    }

    /// Lets go of the pairs of a lead, and of the examples that name it. Counts are about nobody and stay.
    ///
    /// # Errors
    /// As [`prune`](Self::prune).
    pub fn forget(&self, key: &str) -> Result<Forgotten, Error> {
        self.let_go(|connection| {
            let of_pair = "DELETE FROM example WHERE key = ?1 OR pair IN (SELECT id FROM pair WHERE key = ?1)";
            let examples = connection.execute(of_pair, params![key])?;
            let pairs = connection.execute("DELETE FROM pair WHERE key = ?1", params![key])?;
            Ok(Forgotten { counts: 0, examples, pairs })
        })
    }

    fn let_go(&self, work: impl FnOnce(&Connection) -> rusqlite::Result<Forgotten>) -> Result<Forgotten, Error> {
        self.ask(|connection| connection.execute_batch("PRAGMA secure_delete=ON"))?;
        let done = self.write(work)?;
        // What was deleted is in the log until all of it is in the file.
        self.ask(|connection| Ok(checkpoint(connection, "TRUNCATE", self.options())))?
            .map_err(|error| fault(self.path(), &error))?;
        Ok(done)
    }
}
