//! What has to hold in a file, whatever was done to those who wrote it. Nothing here trusts the sums that are kept: they are
//! added up anew from the decisions.

use crate::market::Limits;
use leadwright::engine::verify_stored;
use leadwright::model::TenantId;
use leadwright::store::{Keys, SqliteOptions, SqliteStore, Store, Stored};
use rusqlite::{Connection, Row};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;

/// Acknowledged decisions: id and digest.
pub(crate) type Acked = BTreeMap<String, String>;

#[derive(Deserialize)]
struct Body {
    at: String,
    digest: String,
    outcome: String,
    assignments: Vec<Assignment>,
    #[serde(default)]
    canonical: Canonical,
}

#[derive(Deserialize)]
struct Assignment {
    contract: String,
    key: String,
    price: String,
}

#[derive(Default, Deserialize)]
struct Canonical {
    phone: Option<String>,
}

pub(crate) type Sums = BTreeMap<String, i64>;

/// What the decisions add up to.
#[derive(Default)]
struct Sum {
    /// Counters of caps by their names.
    counters: Sums,
    /// Deliveries by their keys.
    outbox: BTreeMap<String, String>,
    /// Leads and money by contract and outcome.
    rollups: BTreeMap<(String, String), (i64, i64)>,
    events: Sums,
    sold: BTreeMap<String, String>,
}

/// Opens a store as anybody would and checks all of it; gives back its decisions.
pub(crate) fn check(path: &Path, acked: &Acked, limits: Limits) -> Result<Vec<Stored>, String> {
    check_with(path, None, acked, limits)
}

/// The same of a store whose leads are encrypted, or are from now on.
pub(crate) fn check_with(
    path: &Path,
    keys: Option<Keys>,
    acked: &Acked,
    limits: Limits,
) -> Result<Vec<Stored>, String> {
    let options = SqliteOptions { keys, ..SqliteOptions::default() };
    let store = SqliteStore::with_options(path, options).map_err(|error| format!("it does not open: {error}"))?;
    let decisions = store.decisions(&TenantId::default(), 0, usize::MAX).map_err(|error| error.to_string())?;
    let raw = Connection::open(path).map_err(|error| error.to_string())?;
    whole(&raw)?;
    let sql = "SELECT contract, outcome, sum(leads), sum(revenue) FROM rollup GROUP BY 1, 2";
    let events = "SELECT kind, count(*) FROM event WHERE kind IN ('lead.decided.v1', 'lead.assigned.v1') GROUP BY 1";
    let kept = Kept {
        counters: counters(&raw)?,
        outbox: all(&raw, "SELECT key, contract FROM outbox", |row| Ok((row.get(0)?, row.get(1)?)))?,
        rollups: all(&raw, sql, |row| Ok(((row.get(0)?, row.get(1)?), (row.get(2)?, row.get(3)?))))?,
        events: all(&raw, events, |row| Ok((row.get(0)?, row.get(1)?)))?,
    };
    right(&decisions, &kept, acked, limits)?;
    Ok(decisions)
}

/// What a store keeps beside its decisions.
pub(crate) struct Kept {
    /// Counters of caps by their names.
    pub(crate) counters: Sums,
    /// Deliveries by their keys.
    pub(crate) outbox: BTreeMap<String, String>,
    /// Leads and money by contract and outcome.
    pub(crate) rollups: BTreeMap<(String, String), (i64, i64)>,
    pub(crate) events: Sums,
}

/// Whether everything acknowledged is there, and all that is kept is what the decisions add up to.
pub(crate) fn right(decisions: &[Stored], kept: &Kept, acked: &Acked, limits: Limits) -> Result<(), String> {
    acknowledged(decisions, acked)?;
    let sum = add_up(decisions)?;
    within(&sum.counters, limits)?;
    same("counters", &sum.counters, &kept.counters)?;
    same("outbox", &sum.outbox, &kept.outbox)?;
    same("rollups", &sum.rollups, &kept.rollups)?;
    same("events", &sum.events, &kept.events)
}

fn all<K: Ord, V>(
    raw: &Connection,
    sql: &str,
    read: fn(&Row<'_>) -> rusqlite::Result<(K, V)>,
) -> Result<BTreeMap<K, V>, String> {
    let run = || raw.prepare(sql)?.query_map([], read)?.collect::<rusqlite::Result<BTreeMap<K, V>>>();
    run().map_err(|error| format!("{sql}: {error}"))
}

fn counters(raw: &Connection) -> Result<Sums, String> {
    all(raw, "SELECT key, used FROM counter WHERE key LIKE 'contract:%'", |row| Ok((row.get(0)?, row.get(1)?)))
}

fn whole(raw: &Connection) -> Result<(), String> {
    let said =
        |sql: &str| raw.query_row(sql, [], |row| row.get::<_, String>(0)).map_err(|error| format!("{sql}: {error}"));
    let integrity = said("PRAGMA integrity_check")?;
    if integrity != "ok" {
        return Err(format!("it is damaged: {integrity}"));
    }
    let orphans: i64 = raw
        .query_row("SELECT count(*) FROM pragma_foreign_key_check", [], |row| row.get(0))
        .map_err(|error| error.to_string())?;
    if orphans == 0 { Ok(()) } else { Err(format!("{orphans} rows point at nothing")) }
}

fn acknowledged(decisions: &[Stored], acked: &Acked) -> Result<(), String> {
    let there: BTreeMap<String, &str> =
        decisions.iter().map(|stored| (stored.record.id.to_string(), stored.record.digest.as_str())).collect();
    for (id, digest) in acked {
        match there.get(id) {
            None => return Err(format!("{id} was acknowledged and is lost")),
            Some(found) if found != digest => return Err(format!("{id} was acknowledged with another digest")),
            Some(_) => {}
        }
    }
    Ok(())
}

fn add_up(decisions: &[Stored]) -> Result<Sum, String> {
    let mut sum = Sum::default();
    for stored in decisions {
        let id = stored.record.id.to_string();
        let body: Body =
            serde_json::from_slice(&stored.record.body).map_err(|error| format!("the body of {id}: {error}"))?;
        if body.digest != stored.record.digest {
            return Err(format!("{id} has another digest in its row"));
        }
        if !verify_stored(stored) || stored.record.input.is_empty() {
            return Err(format!("{id} cannot be read, or is not what its digest says"));
        }
        *sum.events.entry("lead.decided.v1".into()).or_default() += 1;
        count(&mut sum.rollups, "", &body.outcome, money(&body.assignments)?);
        let phone = body.canonical.phone.filter(|_| !body.assignments.is_empty());
        if let Some(before) = phone.and_then(|phone| sum.sold.insert(phone, id.clone())) {
            return Err(format!("{id} was sold, and the same person before as {before}"));
        }
        let day = body.at.get(..10).ok_or("a time")?;
        for one in body.assignments {
            *sum.events.entry("lead.assigned.v1".into()).or_default() += 1;
            for window in [format!("day:{day}"), "total".into()] {
                *sum.counters.entry(format!("contract:{}|{window}|count|sold", one.contract)).or_default() += 1;
            }
            count(&mut sum.rollups, &one.contract, &body.outcome, units(&one.price)?);
            if sum.outbox.insert(one.key, one.contract).is_some() {
                return Err(format!("{id} has a delivery key that was there before"));
            }
        }
    }
    Ok(sum)
}

fn count(rollups: &mut BTreeMap<(String, String), (i64, i64)>, contract: &str, outcome: &str, revenue: i64) {
    let row = rollups.entry((contract.to_owned(), outcome.to_owned())).or_default();
    *row = (row.0 + 1, row.1 + revenue);
}

fn money(assignments: &[Assignment]) -> Result<i64, String> {
    assignments.iter().map(|one| units(&one.price)).sum()
}

/// A price of two decimals in 1/10,000.
fn units(price: &str) -> Result<i64, String> {
    price.replace('.', "").parse::<i64>().map(|cents| cents * 100).map_err(|_| format!("a price of {price}"))
}

fn within(counters: &Sums, limits: Limits) -> Result<(), String> {
    for (key, used) in counters {
        let limit = if key.contains("|day:") { limits.day } else { limits.total };
        if *used > limit {
            return Err(format!("{key} is at {used}, and its limit is {limit}"));
        }
    }
    Ok(())
}

fn same<K: Ord + std::fmt::Debug, V: PartialEq + std::fmt::Debug>(
    what: &str,
    want: &BTreeMap<K, V>,
    found: &BTreeMap<K, V>,
) -> Result<(), String> {
    if want == found {
        return Ok(());
    }
    let odd = want.keys().chain(found.keys()).find(|key| want.get(key) != found.get(key));
    let said =
        odd.map(|key| format!("{key:?}: {:?} by the decisions, {:?} in the store", want.get(key), found.get(key)));
    Err(format!("{what}: {}", said.unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::market::{SHARED, lead, shared, tick};
    use crate::room::Room;
    use crate::worker::digest;
    use leadwright::engine::Engine;

    /// A check that finds nothing wrong in a file that was tampered with would be none.
    #[test]
    fn whatever_is_tampered_with_is_found() {
        let room = Room::new("check", true).unwrap();
        let path = room.path("leads.db");
        let engine = Engine::open(shared(), SqliteStore::open(&path).unwrap()).unwrap();
        let decided: Vec<_> =
            (0..12).map(|n| engine.decide(lead(&format!("L{n}"), 3).as_bytes(), tick(0)).unwrap()).collect();
        drop(engine);
        let acked: Acked = decided.iter().map(|one| (one.id.to_string(), digest(&one.body))).collect();
        assert_eq!(check(&path, &acked, SHARED).unwrap().len(), 12);
        let good = std::fs::read(&path).unwrap();
        let tampered = |sql: &str| {
            let raw = Connection::open(&path).unwrap();
            raw.execute_batch(&format!("PRAGMA foreign_keys=OFF; {sql}")).unwrap();
            drop(raw);
            let found = check(&path, &acked, SHARED).err().unwrap_or_default();
            room.clear("leads.db");
            std::fs::write(&path, &good).unwrap();
            found
        };
        for (sql, want) in [
            ("DELETE FROM decision WHERE seq = 12", "is lost"),
            ("UPDATE decision SET digest = 'x' WHERE seq = 3", "another digest"),
            ("UPDATE counter SET used = used + 1 WHERE key LIKE '%total%'", "counters"),
            ("UPDATE counter SET used = 0 WHERE key LIKE '%day%'", "counters"),
            ("DELETE FROM outbox WHERE id = 1", "outbox"),
            ("UPDATE rollup SET revenue = revenue + 1", "rollups"),
            ("DELETE FROM event WHERE position = 2", "events"),
            ("DELETE FROM plan", "point at nothing"),
            ("UPDATE outbox SET contract = 'c0'", "outbox"),
        ] {
            let found = tampered(sql);
            assert!(found.contains(want), "{sql}: {found}");
        }
        let low = Limits { day: 1, total: 1 };
        assert!(check(&path, &acked, low).err().unwrap_or_default().contains("its limit is 1"));
    }
}
