//! The pairs that were kept with their values.

use super::file::Ledger;
use crate::model::{Code, Error, Timestamp};
use crate::parity::class::Class;
use rusqlite::{Row, params};
use serde::Serialize;
use serde_json::value::RawValue as Written;

/// One call with input and both answers. Personal data.
#[derive(Clone, Serialize)]
pub struct Pair {
    /// Its number in the ledger.
    #[serde(skip)]
    pub id: u64,
    /// Which step.
    pub step: String,
    /// The key of the lead.
    pub key: String,
    /// When.
    pub at: Timestamp,
    /// At which stage the step was.
    pub stage: String,
    /// What both were asked, as JSON.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub input: Option<Box<Written>>,
    /// What the legacy did, as it was sent: `{"value": …}`, `{"raised": …}`, `{"timeout": true}`.
    pub legacy: Box<Written>,
    /// What the candidate did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub candidate: Option<Box<Written>>,
}

impl std::fmt::Debug for Pair {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Pair({} of {} at {})", self.id, self.step, self.at)
    }
}

const SELECT: &str = "SELECT p.id, s.name, p.key, p.at, p.stage, p.input, p.legacy, p.candidate \
                      FROM pair p JOIN step s ON s.id = p.step";

impl Ledger {
    /// A page of the pairs of a step, those after a number, in the order they came.
    ///
    /// # Errors
    /// `store.busy`, `store.corrupt`, `store.io`.
    ///
    /// ```
    /// # let folder = std::env::temp_dir().join(format!("leadwright-parity-pairs-{}", std::process::id()));
    /// # std::fs::create_dir_all(&folder)?;
    /// use leadwright::parity::{Observation, ParityOptions, ledger::Parity};
    /// let parity = Parity::new(folder.join("parity.db"), "m", ParityOptions::from_json(br#"{"values": true}"#)?);
    /// parity.record(&Observation::list(br#"[{"step": "decide", "key": "L1", "at": "2026-11-28T12:00:00.000Z",
    ///     "stage": "record", "legacy": {"value": 1}, "input": {"id": "L1"}}]"#)?)?;
    /// let pairs = parity.ledger().pairs("m", "decide", 0, 100)?;
    /// assert_eq!(pairs[0].input.as_ref().map(|input| input.get()), Some(r#"{"id":"L1"}"#));
    /// # drop(parity);
    /// # std::fs::remove_dir_all(folder)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn pairs(&self, migration: &str, step: &str, after: u64, most: usize) -> Result<Vec<Pair>, Error> {
        let sql = format!("{SELECT} WHERE s.migration = ?1 AND s.name = ?2 AND p.id > ?3 ORDER BY p.id LIMIT ?4");
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        self.ask(|connection| {
            let mut statement = connection.prepare_cached(&sql)?;
            statement.query_map(params![migration, step, after, most], pair)?.collect()
        })
    }

    /// One pair, by its number.
    ///
    /// # Errors
    /// As [`pairs`](Self::pairs).
    pub fn pair(&self, id: u64) -> Result<Option<Pair>, Error> {
        let sql = format!("{SELECT} WHERE p.id = ?1");
        self.ask(|connection| {
            let mut statement = connection.prepare_cached(&sql)?;
            statement.query_map([id], pair)?.next().transpose()
        })
    }

    /// The pair of the smallest example of a class: in a step or in any, at a place or at any.
    ///
    /// # Errors
    /// `parity.no_example` where the class was not seen, or no values were kept of it; as [`pairs`](Self::pairs).
    pub fn smallest_pair(
        &self,
        migration: &str,
        class: Class,
        step: Option<&str>,
        path: Option<&str>,
    ) -> Result<(Pair, String), Error> {
        let sql = "SELECT e.pair, c.path FROM example e JOIN class c ON c.id = e.class JOIN step s ON s.id = c.step \
                   WHERE s.migration = ?1 AND c.class = ?2 AND (?3 IS NULL OR s.name = ?3) AND (?4 IS NULL OR c.path = ?4) \
                   AND e.pair IS NOT NULL ORDER BY e.size, e.slot, c.id LIMIT 1";
        let found = self.ask(|connection| {
            let mut statement = connection.prepare_cached(sql)?;
            let row = params![migration, class.as_str(), step, path];
            statement.query_map(row, |row| Ok((row.get(0)?, row.get(1)?)))?.next().transpose()
        })?;
        let none = || Error::new(Code::ParityNoExample, class.as_str());
        let (id, path): (u64, String) = found.ok_or_else(none)?;
        Ok((self.pair(id)?.ok_or_else(none)?, path))
    }
}

fn pair(row: &Row<'_>) -> rusqlite::Result<Pair> {
    let written = |at: usize| -> rusqlite::Result<Option<Box<Written>>> {
        let text: Option<String> = row.get(at)?;
        Ok(text.and_then(|text| Written::from_string(text).ok()))
    };
    let nothing = || Written::from_string("null".into()).unwrap_or_default();
    Ok(Pair {
        id: row.get(0)?,
        step: row.get(1)?,
        key: row.get(2)?,
        at: Timestamp::from_millis(row.get(3)?).unwrap_or(Timestamp::EPOCH),
        stage: row.get(4)?,
        input: written(5)?,
        legacy: written(6)?.unwrap_or_else(nothing),
        candidate: written(7)?,
    })
}
