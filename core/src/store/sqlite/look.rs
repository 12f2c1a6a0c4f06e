//! Rows as our types. A value that no version of ours writes is a conversion error, which is a damaged store.

use crate::model::{DecisionId, Event, EventKind, Money, Outcome, Seed, Subject, TenantId, Timestamp};
use crate::store::{Known, Record, Stored, Subscriber};
use rusqlite::types::Type;
use std::fmt;
use std::str::FromStr;

pub(super) type Row<'a> = rusqlite::Row<'a>;

#[derive(Debug)]
struct Odd;

impl fmt::Display for Odd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a column holds what is never written there")
    }
}

impl std::error::Error for Odd {}

pub(super) fn odd(column: usize) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, Type::Text, Box::new(Odd))
}

pub(super) fn parsed<T: FromStr>(row: &Row<'_>, column: usize) -> rusqlite::Result<T> {
    let text: String = row.get(column)?;
    text.parse().map_err(|_| odd(column))
}

pub(super) fn time(millis: i64) -> Timestamp {
    Timestamp::EPOCH.plus_millis(millis)
}

pub(super) fn money(row: &Row<'_>, column: usize) -> rusqlite::Result<Money> {
    Money::from_units(row.get(column)?).ok_or_else(|| odd(column))
}

pub(super) fn outcome(row: &Row<'_>, column: usize) -> rusqlite::Result<Outcome> {
    let text: String = row.get(column)?;
    Outcome::ALL.into_iter().find(|outcome| outcome.as_str() == text).ok_or_else(|| odd(column))
}

/// Source, lead and n in three columns.
pub(super) fn decision_id(row: &Row<'_>, column: usize) -> rusqlite::Result<DecisionId> {
    Ok(DecisionId { source: parsed(row, column)?, lead: parsed(row, column + 1)?, n: row.get(column + 2)? })
}

pub(super) fn known(row: &Row<'_>) -> rusqlite::Result<Known> {
    Ok(Known { id: decision_id(row, 0)?, payload: row.get(3)?, at: time(row.get(4)?) })
}

pub(super) const STORED: &str = "SELECT seq, source, lead, n, at, requested_at, seed, plan, outcome, idempotency_key, \
                                 payload, input, reads, body, digest, inner, sealed FROM decision";

/// The same, and of which tenant it is.
pub(super) const CLEAR: &str = "SELECT seq, source, lead, n, at, requested_at, seed, plan, outcome, idempotency_key, \
                                payload, input, reads, body, digest, inner, sealed, tenant FROM decision";
/// So many columns stand before the tenant.
pub(super) const COLUMNS: usize = 17;

/// A row of a decision; its lead may be sealed.
pub(super) struct Kept {
    pub(super) stored: Stored,
    pub(super) sealed: Option<Vec<u8>>,
}

pub(super) fn kept(row: &Row<'_>, tenant: &TenantId) -> rusqlite::Result<Kept> {
    let seed: u64 = row.get(6)?;
    let record = Record {
        id: decision_id(row, 1)?,
        tenant: tenant.clone(),
        at: time(row.get(4)?),
        requested_at: time(row.get(5)?),
        seed: Seed::new(seed).ok_or_else(|| odd(6))?,
        plan: row.get(7)?,
        outcome: outcome(row, 8)?,
        idempotency_key: row.get(9)?,
        payload: row.get(10)?,
        input: row.get(11)?,
        reads: row.get(12)?,
        body: row.get(13)?,
        digest: row.get(14)?,
    };
    Ok(Kept { stored: Stored { seq: row.get(0)?, record, inner: row.get(15)? }, sealed: row.get(16)? })
}

pub(super) const EVENT: &str = "SELECT position, kind, source, lead, n, at, data, about FROM event";

pub(super) fn event(row: &Row<'_>, tenant: &TenantId) -> rusqlite::Result<(u64, Event)> {
    let about: Option<String> = row.get(7)?;
    let event = Event {
        kind: parsed(row, 1)?,
        tenant: tenant.clone(),
        subject: match about {
            Some(_) => parsed(row, 7)?,
            None => Subject::Decision(decision_id(row, 2)?),
        },
        at: time(row.get(5)?),
        data: row.get(6)?,
    };
    Ok((row.get(0)?, event))
}

pub(super) const SUBSCRIBER: &str = "SELECT name, types, position, fence, updated_at FROM subscriber";

pub(super) fn subscriber(row: &Row<'_>) -> rusqlite::Result<Subscriber> {
    let types: String = row.get(1)?;
    let kinds: Result<Vec<EventKind>, ()> = types.split_whitespace().map(str::parse).collect();
    Ok(Subscriber {
        name: parsed(row, 0)?,
        kinds: kinds.map_err(|()| odd(1))?,
        position: row.get(2)?,
        fence: row.get(3)?,
        updated_at: row.get::<_, Option<i64>>(4)?.map(time),
    })
}
