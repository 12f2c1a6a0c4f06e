//! Writing what was seen: one transaction for a list of observations.

use super::file::Ledger;
use crate::model::{Error, RawValue, Timestamp, write_raw};
use crate::parity::compare::{Compared, Observation, Side, Verdict, Word, compare};
use crate::parity::gate::{Check, Gate};
use crate::parity::latency::Histogram;
use crate::parity::rules::{ParityOptions, Rules};
use crate::parity::shown::{Shown, shown_exception, shown_place};
use crate::parity::summary::Summary;
use crate::parity::{Class, Difference};
use rusqlite::{Connection, OptionalExtension as _, params};
use std::collections::BTreeMap;
use std::path::Path;

/// So many classes and places are told apart in a step; what comes later is counted under one place.
const CLASSES: u64 = 1_000;
const ELSEWHERE: &str = "/**";

/// So many of the last examples are kept.
const LAST: usize = 3;

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

/// Step, class, place.
type Group = (i64, Class, String);

/// What a list of observations adds.
#[derive(Default)]
struct Batch {
    steps: BTreeMap<String, i64>,
    tallies: BTreeMap<(i64, i64, String), u64>,
    latencies: BTreeMap<(i64, i64, &'static str), Histogram>,
    groups: BTreeMap<Group, Added>,
}

/// What it adds to one class.
#[derive(Default)]
struct Added {
    /// By hour and known difference.
    counts: BTreeMap<(i64, String), Count>,
    first: Option<NewExample>,
    smallest: Option<NewExample>,
    last: Vec<NewExample>,
    seen: u64,
    span: Option<(i64, i64)>,
}

#[derive(Default)]
struct Count {
    count: u64,
    money: i64,
    moved: i64,
}

#[derive(Clone)]
struct NewExample {
    at: i64,
    key: Option<String>,
    size: i64,
    legacy: Option<String>,
    candidate: Option<String>,
    pair: Option<i64>,
}

impl Batch {
    fn tally(&mut self, step: i64, hour: i64, name: &str, count: u64) {
        let sum = self.tallies.entry((step, hour, name.to_owned())).or_default();
        *sum = sum.saturating_add(count);
    }

    fn add(
        &mut self,
        step: i64,
        observation: &Observation,
        compared: &Compared,
        options: &ParityOptions,
        pair: Option<i64>,
    ) {
        let hour = hour(observation.at);
        let noise = if observation.noise { "noise_" } else { "" };
        self.tally(step, hour, &format!("{noise}{}", compared.verdict.verdict.as_str()), 1);
        // How much the legacy differs from itself is a rate, and no difference of the candidate.
        if observation.noise {
            return;
        }
        for id in &compared.verdict.known {
            self.tally(step, hour, &format!("known:{id}"), 1);
        }
        for (side, took) in [("legacy", observation.legacy_ns), ("candidate", observation.candidate_ns)] {
            if let Some(took) = took {
                self.latencies.entry((step, hour, side)).or_default().add(took, 1);
            }
        }
        let size = size(observation);
        for (difference, known) in &compared.differences {
            let group = (step, difference.class, shown_place(&difference.path));
            let example = example(observation, difference, options, size, pair);
            let added = self.groups.entry(group).or_default();
            added.add(hour, known.as_deref().unwrap_or_default(), difference, example);
        }
    }

    fn write(self, connection: &Connection) -> rusqlite::Result<()> {
        let sql = "INSERT INTO tally(step, hour, name, count) VALUES (?1, ?2, ?3, ?4) \
                   ON CONFLICT DO UPDATE SET count = count + excluded.count";
        for ((step, hour, name), count) in &self.tallies {
            connection.prepare_cached(sql)?.execute(params![step, hour, name, count])?;
        }
        let sql = "INSERT INTO latency(step, hour, side, part, count) VALUES (?1, ?2, ?3, ?4, ?5) \
                   ON CONFLICT DO UPDATE SET count = count + excluded.count";
        for ((step, hour, side), histogram) in &self.latencies {
            for (part, count) in &histogram.0 {
                connection.prepare_cached(sql)?.execute(params![step, hour, side, part, count])?;
            }
        }
        self.groups.iter().try_for_each(|(group, added)| added.write(connection, group))
    }
}

impl Added {
    fn add(&mut self, hour: i64, known: &str, difference: &Difference, example: NewExample) {
        let money = difference.money.map_or(0, crate::model::Money::units);
        let count = self.counts.entry((hour, known.to_owned())).or_default();
        count.count += 1;
        count.money = count.money.saturating_add(money);
        count.moved = count.moved.saturating_add(money.saturating_abs());
        self.seen += 1;
        let (from, to) = self.span.unwrap_or((example.at, example.at));
        self.span = Some((from.min(example.at), to.max(example.at)));
        if self.smallest.as_ref().is_none_or(|smallest| example.size < smallest.size) {
            self.smallest = Some(example.clone());
        }
        if self.first.is_none() {
            self.first = Some(example.clone());
        }
        if self.last.len() == LAST {
            self.last.remove(0);
        }
        self.last.push(example);
    }

    fn write(&self, connection: &Connection, (step, class, path): &Group) -> rusqlite::Result<()> {
        let find = |path: &str| {
            let sql = "SELECT id, seen FROM class WHERE step = ?1 AND class = ?2 AND path = ?3";
            let row = params![step, class.as_str(), path];
            let mut statement = connection.prepare_cached(sql)?;
            statement.query_row(row, |row| Ok((row.get::<_, i64>(0)?, row.get::<_, u64>(1)?))).optional()
        };
        let mut place = path.as_str();
        let mut found = find(place)?;
        if found.is_none() {
            let sql = "SELECT count(*) FROM class WHERE step = ?1";
            let many: u64 = connection.prepare_cached(sql)?.query_row([step], |row| row.get(0))?;
            if many >= CLASSES {
                place = ELSEWHERE;
                found = find(place)?;
            }
        }
        let (from, to) = self.span.unwrap_or_default();
        let (id, seen) = match found {
            Some((id, seen)) => {
                let sql = "UPDATE class SET seen = seen + ?2, last_at = max(last_at, ?3), \
                           first_at = min(first_at, ?4) WHERE id = ?1";
                connection.prepare_cached(sql)?.execute(params![id, self.seen, to, from])?;
                (id, seen)
            }
            None => {
                let sql =
                    "INSERT INTO class(step, class, path, seen, first_at, last_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
                let row = params![step, class.as_str(), place, self.seen, from, to];
                connection.prepare_cached(sql)?.execute(row)?;
                (connection.last_insert_rowid(), 0)
            }
        };
        let sql = "INSERT INTO difference(class, hour, known, count, money, moved) VALUES (?1, ?2, ?3, ?4, ?5, ?6) \
                   ON CONFLICT DO UPDATE SET count = count + excluded.count, money = money + excluded.money, \
                   moved = moved + excluded.moved";
        for ((hour, known), count) in &self.counts {
            let row = params![id, hour, known, count.count, count.money, count.moved];
            connection.prepare_cached(sql)?.execute(row)?;
        }
        self.write_examples(connection, id, seen)
    }

    fn write_examples(&self, connection: &Connection, class: i64, seen: u64) -> rusqlite::Result<()> {
        let put = |slot: u64, example: &NewExample, only: &str| {
            let sql = format!(
                "INSERT INTO example(class, slot, at, key, size, legacy, candidate, pair) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT DO {only}"
            );
            let NewExample { at, key, size, legacy, candidate, pair } = example;
            let row = params![class, slot, at, key, size, legacy, candidate, pair];
            connection.prepare_cached(&sql)?.execute(row).map(drop)
        };
        const REPLACE: &str = "UPDATE SET at = excluded.at, key = excluded.key, size = excluded.size, \
                               legacy = excluded.legacy, candidate = excluded.candidate, pair = excluded.pair";
        if let Some(first) = &self.first {
            put(0, first, "NOTHING")?;
        }
        if let Some(smallest) = &self.smallest {
            put(1, smallest, &format!("{REPLACE} WHERE excluded.size < size"))?;
        }
        let turns = u64::try_from(LAST).unwrap_or(1);
        let before = self.seen.saturating_sub(u64::try_from(self.last.len()).unwrap_or(0));
        for (at, example) in (seen + before..).zip(&self.last) {
            put(2 + at % turns, example, REPLACE)?;
        }
        Ok(())
    }
}

fn size(observation: &Observation) -> i64 {
    let of = |value: &RawValue| write_raw(value).len();
    let side = |side: Option<&Side>| match side {
        Some(Side::Value(value)) => of(value),
        _ => 0,
    };
    let size = observation.input.as_ref().map_or(0, of)
        + side(Some(&observation.legacy))
        + side(observation.candidate.as_ref());
    i64::try_from(size).unwrap_or(i64::MAX)
}

fn example(
    observation: &Observation,
    difference: &Difference,
    options: &ParityOptions,
    size: i64,
    pair: Option<i64>,
) -> NewExample {
    let shown = |value: &RawValue| {
        serde_json::to_string(&Shown::of(value, options.key.as_ref(), options.values)).unwrap_or_default()
    };
    let key = if options.ids || options.values {
        Some(observation.key.clone())
    } else {
        options.key.as_ref().map(|key| key.hash("key", &observation.key))
    };
    let legacy = difference.legacy.as_ref().map(shown).or_else(|| raised(&observation.legacy));
    let candidate = difference.candidate.as_ref().map(shown);
    let candidate = candidate.or_else(|| observation.candidate.as_ref().and_then(raised));
    NewExample { at: observation.at.millis(), key, size, legacy, candidate, pair }
}

/// The class of an exception in place of a value.
fn raised(side: &Side) -> Option<String> {
    let kind = match side {
        Side::Raised(class) => format!("raised {}", shown_exception(class)),
        Side::Timeout => "timeout".into(),
        Side::Value(_) | Side::Unreadable => return None,
    };
    serde_json::to_string(&Shown { kind, length: None, token: None, value: None }).ok()
}
