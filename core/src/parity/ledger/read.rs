//! Reading what was counted.

use super::file::Ledger;
use super::record::hour;
use crate::model::{Code, Error, Money, Timestamp};
use crate::parity::latency::Histogram;
use crate::parity::rules::KnownCount;
use crate::parity::summary::{ClassSummary, Example, StepSummary, Summary};
use crate::parity::{Rate, rule_of_three};
use rusqlite::{Connection, Row, params};
use std::collections::BTreeMap;

impl Ledger {
    /// The migrations that were recorded, by name.
    ///
    /// # Errors
    /// `store.busy`, `store.corrupt`, `store.io`.
    ///
    /// ```
    /// # let folder = std::env::temp_dir().join(format!("leadwright-parity-names-{}", std::process::id()));
    /// # std::fs::create_dir_all(&folder)?;
    /// use leadwright::parity::ledger::Ledger;
    /// let ledger = Ledger::new(folder.join("parity.db"));
    /// assert!(ledger.migrations()?.is_empty());
    /// # drop(ledger);
    /// # std::fs::remove_dir_all(folder)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn migrations(&self) -> Result<Vec<String>, Error> {
        self.ask(|connection| {
            let mut statement = connection.prepare_cached("SELECT DISTINCT migration FROM step ORDER BY migration")?;
            statement.query_map([], |row| row.get(0))?.collect()
        })
    }

    /// What was counted of a migration, of one step or of all, and only since a time, to the hour.
    ///
    /// # Errors
    /// As [`migrations`](Self::migrations).
    pub fn summary(&self, migration: &str, step: Option<&str>, since: Option<Timestamp>) -> Result<Summary, Error> {
        let from = since.map_or(i64::MIN, hour);
        let steps = self.ask(|connection| {
            let sql = "SELECT id, name FROM step WHERE migration = ?1 AND (?2 IS NULL OR name = ?2) ORDER BY name";
            let mut statement = connection.prepare_cached(sql)?;
            let rows = statement.query_map(params![migration, step], |row| Ok((row.get(0)?, row.get(1)?)))?;
            let steps: Vec<(i64, String)> = rows.collect::<Result<_, _>>()?;
            let read = |(id, name)| Ok((name, read_step(connection, id, from)?));
            steps.into_iter().map(read).collect::<rusqlite::Result<BTreeMap<String, StepSummary>>>()
        })?;
        let since = since.and_then(|_| Timestamp::from_millis(from.saturating_mul(3_600_000)).ok());
        let since = since.map(|at| at.to_string());
        Ok(Summary { schema_version: 1, migration: migration.to_owned(), since, steps })
    }

    /// The migration that is meant: the only one where none is named.
    ///
    /// # Errors
    /// `parity.no_migration` where there is none, or several to choose from.
    pub fn migration(&self, named: Option<&str>) -> Result<String, Error> {
        let all = self.migrations()?;
        let bad = |what: String| Error::new(Code::ParityNoMigration, what);
        match (named, all.as_slice()) {
            (Some(name), all) if all.iter().any(|one| one == name) => Ok(name.to_owned()),
            (Some(_), []) | (None, []) => Err(bad("nothing was recorded yet".into())),
            (Some(_), all) => Err(bad(format!("it has {}", all.join(", ")))),
            (None, [one]) => Ok(one.clone()),
            (None, all) => Err(bad(format!("it has several, name one of {}", all.join(", ")))),
        }
    }
}

/// How often each verdict was given.
#[derive(Default)]
struct Verdicts {
    matched: u64,
    known: u64,
    mismatched: u64,
    recorded: u64,
    noise_matched: u64,
    noise_mismatched: u64,
}

impl Verdicts {
    fn rate(&self, step: &mut StepSummary) {
        step.compared = self.matched + self.known + self.mismatched;
        step.matched = self.matched;
        step.recorded = self.recorded;
        step.known = Rate::of(self.known, step.compared);
        step.mismatched = Rate::of(self.mismatched, step.compared);
        step.rule_of_three = (self.mismatched == 0).then(|| rule_of_three(step.compared));
        let noise = self.noise_matched + self.noise_mismatched;
        step.noise = (noise > 0).then(|| Rate::of(self.noise_mismatched, noise));
    }
}

fn read_step(connection: &Connection, step: i64, from: i64) -> rusqlite::Result<StepSummary> {
    let mut summary = StepSummary::empty();
    let mut verdicts = Verdicts::default();
    let mut known = BTreeMap::new();
    let sql = "SELECT name, sum(count) FROM tally WHERE step = ?1 AND hour >= ?2 GROUP BY name ORDER BY name";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map(params![step, from], |row| Ok((row.get(0)?, row.get(1)?)))?;
    for row in rows {
        let (name, count): (String, u64) = row?;
        match name.as_str() {
            "match" => verdicts.matched = count,
            "known" => verdicts.known = count,
            "mismatch" => verdicts.mismatched = count,
            "recorded" => verdicts.recorded = count,
            "noise_match" => verdicts.noise_matched = count,
            // What is declared differs all the same.
            "noise_mismatch" | "noise_known" => verdicts.noise_mismatched += count,
            name => match name.strip_prefix("known:") {
                Some(id) => drop(known.insert(id.to_owned(), count)),
                None => drop(summary.counts.insert(name.to_owned(), count)),
            },
        }
    }
    verdicts.rate(&mut summary);
    summary.known_differences = known_differences(connection, step, &known)?;
    summary.classes = classes(connection, step, from)?;
    summary.legacy_latency = latency(connection, step, from, "legacy")?.quantiles();
    summary.candidate_latency = latency(connection, step, from, "candidate")?.quantiles();
    Ok(summary)
}

fn known_differences(
    connection: &Connection,
    step: i64,
    counts: &BTreeMap<String, u64>,
) -> rusqlite::Result<Vec<KnownCount>> {
    let sql = "SELECT id, reason, owner, expires FROM known WHERE step = ?1 ORDER BY id";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map([step], |row| {
        let id: String = row.get(0)?;
        let count = counts.get(&id).copied().unwrap_or_default();
        Ok(KnownCount { id, reason: row.get(1)?, owner: row.get(2)?, expires: row.get(3)?, count })
    })?;
    rows.collect()
}

/// Those that cost most first, then those that are there most often.
fn classes(connection: &Connection, step: i64, from: i64) -> rusqlite::Result<Vec<ClassSummary>> {
    let sql = "SELECT c.id, c.class, c.path, c.first_at, c.last_at, sum(d.count), \
                 sum(CASE d.known WHEN '' THEN d.count ELSE 0 END), sum(d.money), \
                 sum(CASE d.known WHEN '' THEN d.moved ELSE 0 END) \
               FROM class c JOIN difference d ON d.class = c.id AND d.hour >= ?2 WHERE c.step = ?1 \
               GROUP BY c.id ORDER BY 9 DESC, 7 DESC, 6 DESC, c.class, c.path";
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query(params![step, from])?;
    let mut classes = Vec::new();
    while let Some(row) = rows.next()? {
        let name: String = row.get(1)?;
        // A class of a later version is not shown here, and is counted there.
        let Ok(class) = name.parse() else { continue };
        classes.push(ClassSummary {
            class,
            path: row.get(2)?,
            count: row.get(5)?,
            unexplained: row.get(6)?,
            money: money(row, 7)?,
            unexplained_money: money(row, 8)?,
            first_at: time(row.get(3)?),
            last_at: time(row.get(4)?),
            examples: examples(connection, row.get(0)?, from)?,
        });
    }
    Ok(classes)
}

fn money(row: &Row<'_>, at: usize) -> rusqlite::Result<Money> {
    let units: i64 = row.get(at)?;
    Ok(Money::from_units(units).unwrap_or(Money::MAX))
}

fn time(millis: i64) -> String {
    Timestamp::from_millis(millis).unwrap_or(Timestamp::EPOCH).to_string()
}

fn examples(connection: &Connection, class: i64, from: i64) -> rusqlite::Result<Vec<Example>> {
    let sql = "SELECT slot, at, key, legacy, candidate, pair FROM example WHERE class = ?1 AND at >= ?2 \
               ORDER BY min(slot, 2), at DESC, slot";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map(params![class, from.saturating_mul(3_600_000)], |row| {
        let shown = |at: usize| -> rusqlite::Result<_> {
            let text: Option<String> = row.get(at)?;
            Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
        };
        let which = match row.get::<_, i64>(0)? {
            0 => "first",
            1 => "smallest",
            _ => "last",
        };
        Ok(Example {
            which: which.into(),
            at: time(row.get(1)?),
            key: row.get(2)?,
            legacy: shown(3)?,
            candidate: shown(4)?,
            pair: row.get(5)?,
        })
    })?;
    let mut examples: Vec<Example> = rows.collect::<Result<_, _>>()?;
    // The first of a class is the smallest and the last one too, until there is a second.
    let mut seen = Vec::new();
    examples.retain(|example| {
        let same = Example { which: String::new(), ..example.clone() };
        let is_new = !seen.contains(&same);
        seen.push(same);
        is_new
    });
    Ok(examples)
}

fn latency(connection: &Connection, step: i64, from: i64, side: &str) -> rusqlite::Result<Histogram> {
    let sql = "SELECT part, sum(count) FROM latency WHERE step = ?1 AND hour >= ?2 AND side = ?3 GROUP BY part";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map(params![step, from, side], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let mut histogram = Histogram::default();
    for row in rows {
        let (part, count): (u32, u64) = row?;
        histogram.add_part(part, count);
    }
    Ok(histogram)
}
