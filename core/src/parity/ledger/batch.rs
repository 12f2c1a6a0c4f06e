//! What a list of observations adds to the ledger, summed before it is written.

use super::record::hour;
use super::shown::{shown, shown_exception, shown_place};
use crate::model::{RawValue, write_raw};
use crate::parity::compare::{Compared, Observation, Side};
use crate::parity::latency::Histogram;
use crate::parity::rules::ParityOptions;
use crate::parity::{Class, Difference, Shown};
use rusqlite::{Connection, OptionalExtension as _, params};
use std::collections::BTreeMap;

/// So many classes and places are told apart in a step; what comes later is counted under one place.
const CLASSES: u64 = 1_000;
const ELSEWHERE: &str = "/**";

/// So many of the last examples are kept.
const LAST: usize = 3;

/// Step, class, place.
type Group = (i64, Class, String);

/// What a list of observations adds.
#[derive(Default)]
pub(super) struct Batch {
    /// The numbers of steps that are known already.
    pub(super) steps: BTreeMap<String, i64>,
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
    pub(super) fn tally(&mut self, step: i64, hour: i64, name: &str, count: u64) {
        let sum = self.tallies.entry((step, hour, name.to_owned())).or_default();
        *sum = sum.saturating_add(count);
    }

    pub(super) fn add(
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

    pub(super) fn write(self, connection: &Connection) -> rusqlite::Result<()> {
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
    let written = |value: &RawValue| {
        serde_json::to_string(&shown(value, options.key.as_ref(), options.values)).unwrap_or_default()
    };
    let key = if options.ids || options.values {
        Some(observation.key.clone())
    } else {
        options.key.as_ref().map(|key| key.hash("key", &observation.key))
    };
    let legacy = difference.legacy.as_ref().map(written).or_else(|| raised(&observation.legacy));
    let candidate = difference.candidate.as_ref().map(written);
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
