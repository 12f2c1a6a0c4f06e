//! Rows as our types. A value that no version of ours writes is a damaged store.

use crate::fault::damaged;
use leadwright::model::{DecisionId, Error, Event, Money, Outcome, Seed, Subject, TenantId, Timestamp, Waiting};
use leadwright::store::{Known, Record, Stored, Subscriber};
use std::str::FromStr;
use tokio_postgres::Row;
use tokio_postgres::types::FromSql;

pub(crate) fn odd() -> Error {
    damaged("PostgreSQL", "a column holds what is never written there")
}

pub(crate) fn get<'a, T: FromSql<'a>>(row: &'a Row, column: usize) -> Result<T, Error> {
    row.try_get(column).map_err(|_| odd())
}

pub(crate) fn parsed<T: FromStr>(row: &Row, column: usize) -> Result<T, Error> {
    get::<&str>(row, column)?.parse().map_err(|_| odd())
}

/// A number that is never negative.
pub(crate) fn whole<T: TryFrom<i64>>(row: &Row, column: usize) -> Result<T, Error> {
    T::try_from(get::<i64>(row, column)?).map_err(|_| odd())
}

pub(crate) fn time(row: &Row, column: usize) -> Result<Timestamp, Error> {
    Ok(Timestamp::EPOCH.plus_millis(get(row, column)?))
}

pub(crate) fn perhaps_time(row: &Row, column: usize) -> Result<Option<Timestamp>, Error> {
    Ok(get::<Option<i64>>(row, column)?.map(|millis| Timestamp::EPOCH.plus_millis(millis)))
}

pub(crate) fn perhaps<T: FromStr>(row: &Row, column: usize) -> Result<Option<T>, Error> {
    get::<Option<&str>>(row, column)?.map(|text| text.parse().map_err(|_| odd())).transpose()
}

/// An id of a column that is empty for none.
pub(crate) fn unless_empty<T: FromStr>(row: &Row, column: usize) -> Result<Option<T>, Error> {
    let text: &str = get(row, column)?;
    if text.is_empty() { Ok(None) } else { text.parse().map(Some).map_err(|_| odd()) }
}

pub(crate) fn money(row: &Row, column: usize) -> Result<Money, Error> {
    Money::from_units(get(row, column)?).ok_or_else(odd)
}

pub(crate) fn outcome(row: &Row, column: usize) -> Result<Outcome, Error> {
    let text: &str = get(row, column)?;
    Outcome::ALL.into_iter().find(|outcome| outcome.as_str() == text).ok_or_else(odd)
}

/// A hash of a known length.
pub(crate) fn hash<const N: usize>(row: &Row, column: usize) -> Result<[u8; N], Error> {
    get::<&[u8]>(row, column)?.try_into().map_err(|_| odd())
}

/// Source, lead and n in three columns.
pub(crate) fn decision_id(row: &Row, column: usize) -> Result<DecisionId, Error> {
    Ok(DecisionId { source: parsed(row, column)?, lead: parsed(row, column + 1)?, n: whole(row, column + 2)? })
}

/// Source, lead, n, payload and time.
pub(crate) fn known(row: &Row, column: usize) -> Result<Known, Error> {
    Ok(Known { id: decision_id(row, column)?, payload: hash(row, column + 3)?, at: time(row, column + 4)? })
}

pub(crate) const STORED: &str = "d.seq, d.source, d.lead, d.n, d.at, d.requested_at, d.seed, d.plan, d.outcome, \
                                 d.idempotency_key, d.payload, d.input, d.reads, d.body, d.digest, d.inner_hash";

pub(crate) fn stored(row: &Row, tenant: &TenantId) -> Result<Stored, Error> {
    let inner: Option<&[u8]> = get(row, 15)?;
    let record = Record {
        id: decision_id(row, 1)?,
        tenant: tenant.clone(),
        at: time(row, 4)?,
        requested_at: time(row, 5)?,
        seed: Seed::new(whole(row, 6)?).ok_or_else(odd)?,
        plan: get(row, 7)?,
        outcome: outcome(row, 8)?,
        idempotency_key: get(row, 9)?,
        payload: hash(row, 10)?,
        input: get(row, 11)?,
        reads: get(row, 12)?,
        body: get(row, 13)?,
        digest: get(row, 14)?,
    };
    let inner = inner.map(|inner| inner.try_into().map_err(|_| odd())).transpose()?;
    Ok(Stored { seq: whole(row, 0)?, record, inner })
}

pub(crate) const EVENT: &str = "SELECT position, kind, source, lead, n, at, data, about FROM event";

pub(crate) fn event(row: &Row, tenant: &TenantId) -> Result<(u64, Event), Error> {
    let about: Option<&str> = get(row, 7)?;
    let subject = match about {
        Some(about) => about.parse().map_err(|_| odd())?,
        None => Subject::Decision(decision_id(row, 2)?),
    };
    let event = Event { kind: parsed(row, 1)?, tenant: tenant.clone(), subject, at: time(row, 5)?, data: get(row, 6)? };
    Ok((whole(row, 0)?, event))
}

pub(crate) const SUBSCRIBER: &str = "SELECT name, types, position, fence, updated_at FROM subscriber";

pub(crate) fn subscriber(row: &Row) -> Result<Subscriber, Error> {
    let types: &str = get(row, 1)?;
    let kinds = types.split_whitespace().map(|word| word.parse().map_err(|_| odd())).collect::<Result<_, _>>()?;
    let position: Option<i64> = get(row, 2)?;
    Ok(Subscriber {
        name: parsed(row, 0)?,
        kinds,
        position: position.map(|at| u64::try_from(at).map_err(|_| odd())).transpose()?,
        fence: whole(row, 3)?,
        updated_at: perhaps_time(row, 4)?,
    })
}

pub(crate) const WAITING: &str = "SELECT id, source, lead, n, why, received, since, due, until, tries FROM waiting";

pub(crate) fn waiting(row: &Row) -> Result<(u64, Waiting), Error> {
    let waiting = Waiting {
        decision: decision_id(row, 1)?,
        why: parsed(row, 4)?,
        received: time(row, 5)?,
        since: time(row, 6)?,
        due: time(row, 7)?,
        until: time(row, 8)?,
        tries: whole(row, 9)?,
    };
    Ok((whole(row, 0)?, waiting))
}

/// A number as PostgreSQL has them.
pub(crate) fn signed(number: impl TryInto<i64>) -> i64 {
    number.try_into().unwrap_or(i64::MAX)
}
