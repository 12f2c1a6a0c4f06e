//! Writing what was seen: one transaction for a list of observations.

use super::batch::Batch;
use super::file::Ledger;
use super::shown::shown_exception;
use crate::model::{Error, RawValue, Timestamp, write_raw};
use crate::parity::compare::{Compared, Observation, Side, Verdict, Word, compare};
use crate::parity::gate::{Check, Gate};
use crate::parity::rules::{ParityOptions, Rules};
use crate::parity::summary::Summary;
use rusqlite::{Connection, params};
use std::collections::BTreeMap;
use std::path::Path;

/// A migration's record: its rules, and its ledger.
#[derive(Debug)]
pub struct Parity {
    ledger: Ledger,
    migration: String,
    options: ParityOptions,
}

impl Parity {
    /// The record of a migration. The file is opened, or made, when something is first written or asked.
    ///
    /// ```
    /// use leadwright::parity::{Gate, Observation, ParityOptions, Word, ledger::Parity};
    /// # let folder = std::env::temp_dir().join(format!("leadwright-parity-doc-{}", std::process::id()));
    /// # std::fs::create_dir_all(&folder)?;
    /// let parity = Parity::new(folder.join("parity.db"), "routing", ParityOptions::default());
    /// let seen = Observation::list(br#"[{"step": "validate", "key": "L1", "at": "2026-11-28T12:00:00.000Z",
    ///     "stage": "shadow", "legacy": {"value": [1]}, "candidate": {"value": [1, 2]}}]"#)?;
    /// assert_eq!(parity.record(&seen)?[0].verdict, Word::Mismatch);
    /// let summary = parity.summary(None, None)?;
    /// assert_eq!(summary.steps["validate"].mismatched.count, 1);
    /// assert!(!parity.check(&Gate::default(), seen[0].at, None)?.ready);
    /// # drop(parity);
    /// # std::fs::remove_dir_all(folder)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn new(path: impl AsRef<Path>, migration: impl Into<String>, options: ParityOptions) -> Self {
        Self { ledger: Ledger::new(path), migration: migration.into(), options }
    }

    /// The file.
    pub fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// Compares each observation and writes what was found, all of it in one transaction.
    ///
    /// # Errors
    /// `store.busy`, `store.full`, `store.foreign` and the like; nothing of the list was written then.
    pub fn record(&self, observations: &[Observation]) -> Result<Vec<Verdict>, Error> {
        let nothing = Rules::default();
        let rules = |step: &str| self.options.steps.get(step).unwrap_or(&nothing);
        let compared: Vec<Compared> = observations.iter().map(|one| compare(one, rules(&one.step))).collect();
        if !observations.is_empty() {
            self.ledger.write(|connection| {
                let mut batch = Batch::default();
                for (observation, compared) in observations.iter().zip(&compared) {
                    let step = self.step(connection, &mut batch, &observation.step, rules(&observation.step))?;
                    let pair = self.pair(connection, step, observation, compared.verdict.verdict)?;
                    batch.add(step, observation, compared, &self.options, pair);
                }
                batch.write(connection)
            })?;
        }
        Ok(compared.into_iter().map(|compared| compared.verdict).collect())
    }

    /// Adds to the counts of steps, at a time.
    ///
    /// # Errors
    /// As [`record`](Self::record).
    ///
    /// ```
    /// # let folder = std::env::temp_dir().join(format!("leadwright-parity-count-{}", std::process::id()));
    /// # std::fs::create_dir_all(&folder)?;
    /// use leadwright::{model::Timestamp, parity::{ParityOptions, counts_from_json, ledger::Parity}};
    /// let parity = Parity::new(folder.join("parity.db"), "routing", ParityOptions::default());
    /// parity.count(&counts_from_json(br#"{"decide": {"calls": 3}}"#)?, Timestamp::EPOCH)?;
    /// assert_eq!(parity.summary(None, None)?.steps["decide"].counts["calls"], 3);
    /// # drop(parity);
    /// # std::fs::remove_dir_all(folder)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn count(&self, counts: &BTreeMap<String, BTreeMap<String, u64>>, at: Timestamp) -> Result<(), Error> {
        self.ledger.write(|connection| {
            let mut batch = Batch::default();
            for (step, counts) in counts {
                let rules = self.options.steps.get(step).cloned().unwrap_or_default();
                let step = self.step(connection, &mut batch, step, &rules)?;
                for (name, count) in counts {
                    batch.tally(step, hour(at), name, *count);
                }
            }
            batch.write(connection)
        })
    }

    /// What was counted, of one step or of all.
    ///
    /// # Errors
    /// As [`record`](Self::record).
    pub fn summary(&self, step: Option<&str>, since: Option<Timestamp>) -> Result<Summary, Error> {
        self.ledger.summary(&self.migration, step, since)
    }

    /// Ready or not, on a day.
    ///
    /// # Errors
    /// As [`record`](Self::record).
    pub fn check(&self, gate: &Gate, as_of: Timestamp, since: Option<Timestamp>) -> Result<Check, Error> {
        Ok(gate.check(&self.summary(None, since)?, as_of))
    }

    /// The number of a step, which is made where it is new; its known differences are then those of the rules.
    fn step(&self, connection: &Connection, batch: &mut Batch, name: &str, rules: &Rules) -> rusqlite::Result<i64> {
        if let Some(id) = batch.steps.get(name) {
            return Ok(*id);
        }
        let row = params![self.migration, name];
        connection.prepare_cached("INSERT OR IGNORE INTO step(migration, name) VALUES (?1, ?2)")?.execute(row)?;
        let select = "SELECT id FROM step WHERE migration = ?1 AND name = ?2";
        let id = connection.prepare_cached(select)?.query_row(row, |row| row.get(0))?;
        declare(connection, id, rules)?;
        batch.steps.insert(name.to_owned(), id);
        Ok(id)
    }

    /// Keeps input and both values, where the host wants it.
    fn pair(
        &self,
        connection: &Connection,
        step: i64,
        observation: &Observation,
        verdict: Word,
    ) -> rusqlite::Result<Option<i64>> {
        if !self.options.values || observation.noise {
            return Ok(None);
        }
        let sql = "INSERT INTO pair(step, at, key, stage, verdict, input, legacy, candidate) \
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
        connection.prepare_cached(sql)?.execute(params![
            step,
            observation.at.millis(),
            observation.key,
            observation.stage.as_str(),
            verdict.as_str(),
            observation.input.as_ref().map(write_raw),
            side_json(&observation.legacy),
            observation.candidate.as_ref().map(side_json),
        ])?;
        Ok(Some(connection.last_insert_rowid()))
    }
}

/// A side as it is sent.
fn side_json(side: &Side) -> String {
    match side {
        Side::Value(value) => format!("{{\"value\":{}}}", write_raw(value)),
        Side::Raised(class) => format!("{{\"raised\":{}}}", write_raw(&RawValue::text(shown_exception(class)))),
        Side::Timeout => r#"{"timeout":true}"#.into(),
        Side::Unreadable => r#"{"unreadable":true}"#.into(),
    }
}

fn declare(connection: &Connection, step: i64, rules: &Rules) -> rusqlite::Result<()> {
    let known = rules.known();
    let wanted: Vec<[String; 4]> = known
        .iter()
        .map(|known| [known.id.clone(), known.reason.clone(), known.owner.clone(), known.expires.to_string()])
        .collect();
    let select = "SELECT id, reason, owner, expires FROM known WHERE step = ?1";
    let mut statement = connection.prepare_cached(select)?;
    let found = statement.query_map([step], |row| Ok([row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?]))?;
    let mut found: Vec<[String; 4]> = found.collect::<Result<_, _>>()?;
    let mut sorted = wanted.clone();
    sorted.sort();
    found.sort();
    if sorted == found {
        return Ok(());
    }
    connection.execute("DELETE FROM known WHERE step = ?1", [step])?;
    for [id, reason, owner, expires] in &wanted {
        let row = params![step, id, reason, owner, expires];
        connection.execute("INSERT INTO known(step, id, reason, owner, expires) VALUES (?1, ?2, ?3, ?4, ?5)", row)?;
    }
    Ok(())
}

pub(super) fn hour(at: Timestamp) -> i64 {
    at.millis().div_euclid(3_600_000)
}
