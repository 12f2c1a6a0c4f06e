//! Reading the events, and who has read how far.

use super::fault::fault;
use super::look::{self, EVENT, Row, SUBSCRIBER};
use super::store::{most, position};
use super::work::Work;
use crate::model::{Error, Event, EventKind, SubscriberName};
use crate::store::Subscriber;
use rusqlite::{Params, params};

/// Kinds as they stand in a row and in a condition: with a blank between.
fn words(kinds: &[EventKind]) -> String {
    kinds.iter().map(|kind| kind.as_str()).collect::<Vec<_>>().join(" ")
}

/// One statement for any choice of kinds: what is asked again is not prepared again.
const WANTED: &str = "WHERE tenant = ?1 AND position > ?2 AND (?3 = '' OR instr(' ' || ?3 || ' ', ' ' || kind || ' '))";

fn all<T>(
    work: &Work<'_>,
    sql: &str,
    params: impl Params,
    read: impl Fn(&Row<'_>) -> rusqlite::Result<T>,
) -> Result<Vec<T>, Error> {
    let run = || {
        let mut statement = work.connection.prepare_cached(sql)?;
        let rows = statement.query_map(params, |row| read(row))?;
        rows.collect::<Result<_, _>>()
    };
    run().map_err(|error| fault(work.path, &error))
}

pub(super) fn page(work: &Work<'_>, kinds: &[EventKind], after: u64, limit: usize) -> Result<Vec<(u64, Event)>, Error> {
    let sql = format!("{EVENT} {WANTED} ORDER BY position LIMIT ?4");
    let params = params![work.tenant(), position(after), words(kinds), most(limit)];
    all(work, &sql, params, |row| look::event(row, work.tenant))
}

pub(super) fn count(work: &Work<'_>, kinds: &[EventKind], after: u64) -> Result<u64, Error> {
    let sql = format!("SELECT count(*) FROM event {WANTED}");
    let params = params![work.tenant(), position(after), words(kinds)];
    Ok(work.one(&sql, params, |row| row.get(0))?.unwrap_or(0))
}

/// Of all tenants: whoever writes next gets a position after it, for there is one writer at a time.
pub(super) fn last(work: &Work<'_>) -> Result<u64, Error> {
    let found = work.one("SELECT seq FROM sqlite_sequence WHERE name = 'event'", [], |row| row.get(0))?;
    Ok(found.unwrap_or(0))
}

pub(super) fn subscriber(work: &Work<'_>, name: &SubscriberName) -> Result<Option<Subscriber>, Error> {
    let sql = format!("{SUBSCRIBER} WHERE tenant = ?1 AND name = ?2");
    work.one(&sql, params![work.tenant(), name.as_str()], look::subscriber)
}

pub(super) fn subscribers(work: &Work<'_>) -> Result<Vec<Subscriber>, Error> {
    let sql = format!("{SUBSCRIBER} WHERE tenant = ?1 ORDER BY name");
    all(work, &sql, params![work.tenant()], look::subscriber)
}

pub(super) fn put_subscriber(work: &Work<'_>, subscriber: &Subscriber) -> Result<(), Error> {
    let Subscriber { name, kinds, position: at, fence, updated_at } = subscriber;
    let sql = "INSERT INTO subscriber(tenant, name, types, position, fence, updated_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6) \
               ON CONFLICT(tenant, name) DO UPDATE SET types = excluded.types, position = excluded.position, \
               fence = excluded.fence, updated_at = excluded.updated_at";
    let updated_at = updated_at.map(|at| at.millis());
    work.run(sql, params![work.tenant(), name.as_str(), words(kinds), at.map(position), position(*fence), updated_at])
}
