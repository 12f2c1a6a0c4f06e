//! Deliveries, attempts and dead letters, as rows.

use super::fault::{damaged, fault};
use super::look::{self, Row, decision_id, odd, parsed, time};
use super::store::{most, position};
use super::work::Work;
use crate::model::{Attempt, Backlog, BuyerId, DeadLetter, DeliveryState, Error, Timestamp};
use crate::store::{Deliveries, Delivery, OutboxEntry};
use rusqlite::{Params, params};
use std::str::FromStr;

const DELIVERY: &str = "SELECT id, key, source, lead, n, buyer, contract, price, due_at, since, state, fence, attempts, \
                        claimed_by, claimed_until FROM outbox";

/// The columns of an entry of the outbox, behind its place.
pub(super) fn entry(row: &Row<'_>) -> rusqlite::Result<OutboxEntry> {
    Ok(OutboxEntry {
        key: row.get(1)?,
        decision: decision_id(row, 2)?,
        buyer: parsed(row, 5)?,
        contract: parsed(row, 6)?,
        price: look::money(row, 7)?,
        due_at: time(row.get(8)?),
    })
}

fn delivery(row: &Row<'_>) -> rusqlite::Result<Delivery> {
    Ok(Delivery {
        position: row.get(0)?,
        entry: entry(row)?,
        since: time(row.get(9)?),
        state: parsed(row, 10)?,
        fence: row.get(11)?,
        attempts: row.get(12)?,
        worker: row.get(13)?,
        until: perhaps_time(row, 14)?,
    })
}

fn attempt(row: &Row<'_>) -> rusqlite::Result<Attempt> {
    Ok(Attempt {
        delivery: row.get(0)?,
        n: row.get(1)?,
        fence: row.get(2)?,
        worker: row.get(3)?,
        started_at: time(row.get(4)?),
        ended_at: perhaps_time(row, 5)?,
        class: perhaps(row, 6)?,
        status: row.get(7)?,
        retry_at: perhaps_time(row, 8)?,
    })
}

fn dead_letter(row: &Row<'_>) -> rusqlite::Result<DeadLetter> {
    Ok(DeadLetter {
        delivery: row.get(0)?,
        nth: row.get(1)?,
        reason: parsed(row, 2)?,
        class: perhaps(row, 3)?,
        at: time(row.get(4)?),
        resolved: perhaps(row, 5)?,
        resolved_at: perhaps_time(row, 6)?,
    })
}

fn perhaps<T: FromStr>(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<T>> {
    let text: Option<String> = row.get(column)?;
    text.map(|text| text.parse().map_err(|_| odd(column))).transpose()
}

fn perhaps_time(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Timestamp>> {
    Ok(row.get::<_, Option<i64>>(column)?.map(time))
}

impl Deliveries for Work<'_> {
    fn delivery(&self, key: &str) -> Result<Option<Delivery>, Error> {
        self.one(&format!("{DELIVERY} WHERE tenant = ?1 AND key = ?2"), params![self.tenant(), key], delivery)
    }

    fn next_due(&self, after: Option<&BuyerId>) -> Result<Option<(BuyerId, Timestamp)>, Error> {
        // No name is empty.
        let after = after.map_or("", BuyerId::as_str);
        let sql = "SELECT buyer, due_at FROM outbox WHERE tenant = ?1 AND state = 'ready' AND buyer > ?2 \
                   ORDER BY buyer, due_at LIMIT 1";
        self.one(sql, params![self.tenant(), after], |row| Ok((parsed(row, 0)?, time(row.get(1)?))))
    }

    fn due(&self, buyer: &BuyerId, by: Timestamp, limit: usize) -> Result<Vec<Delivery>, Error> {
        let sql = "WHERE tenant = ?1 AND state = 'ready' AND buyer = ?2 AND due_at <= ?3 ORDER BY due_at, id LIMIT ?4";
        let params = params![self.tenant(), buyer.as_str(), by.millis(), most(limit)];
        self.read_rows(&format!("{DELIVERY} {sql}"), params, delivery)
    }

    fn claims_over(&self, at: Timestamp, limit: usize) -> Result<Vec<Delivery>, Error> {
        let sql = "WHERE tenant = ?1 AND state IN ('claimed', 'unknown') AND claimed_until <= ?2 \
                   ORDER BY claimed_until, id LIMIT ?3";
        self.read_rows(&format!("{DELIVERY} {sql}"), params![self.tenant(), at.millis(), most(limit)], delivery)
    }

    fn deliveries(&self, state: Option<DeliveryState>, after: u64, limit: usize) -> Result<Vec<Delivery>, Error> {
        // Written out where it is known, so that the index of those that are left over is used.
        let which = match state {
            Some(state) => format!("state = '{}'", state.as_str()),
            None => "state <> 'done'".into(),
        };
        let sql = format!("{DELIVERY} WHERE tenant = ?1 AND {which} AND id > ?2 ORDER BY id LIMIT ?3");
        self.read_rows(&sql, params![self.tenant(), position(after), most(limit)], delivery)
    }

    fn attempts(&self, delivery: u64) -> Result<Vec<Attempt>, Error> {
        let sql = "SELECT outbox, n, fence, worker, started_at, ended_at, class, status, retry_at FROM attempt \
                   WHERE outbox = ?1 ORDER BY n";
        self.read_rows(sql, [position(delivery)], attempt)
    }

    fn dead_letters(&self, delivery: u64) -> Result<Vec<DeadLetter>, Error> {
        let sql = "SELECT outbox, nth, reason, class, at, resolved, resolved_at FROM dead_letter \
                   WHERE outbox = ?1 ORDER BY nth";
        self.read_rows(sql, [position(delivery)], dead_letter)
    }

    fn backlog(&self) -> Result<Vec<Backlog>, Error> {
        let sql = "SELECT buyer, state, count(*), min(since) FROM outbox WHERE tenant = ?1 AND state <> 'done' \
                   GROUP BY buyer, state";
        let mut all = self.read_rows(sql, [self.tenant()], |row| {
            let (buyer, state) = (parsed(row, 0)?, parsed(row, 1)?);
            Ok(Backlog { buyer, state, count: row.get(2)?, oldest: time(row.get(3)?) })
        })?;
        all.sort_by(|one, other| (&one.buyer, one.state).cmp(&(&other.buyer, other.state)));
        Ok(all)
    }
}

impl Work<'_> {
    fn read_rows<T>(
        &self,
        sql: &str,
        params: impl Params,
        read: impl Fn(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, Error> {
        let run = || {
            let mut statement = self.connection.prepare_cached(sql)?;
            statement.query_map(params, |row| read(row))?.collect::<Result<Vec<_>, _>>()
        };
        run().map_err(|error| fault(self.path, &error))
    }

    pub(super) fn put_delivery(&self, it: &Delivery) -> Result<(), Error> {
        let sql = "UPDATE outbox SET due_at = ?3, since = ?4, state = ?5, fence = ?6, attempts = ?7, claimed_by = ?8, \
                   claimed_until = ?9 WHERE tenant = ?1 AND id = ?2 RETURNING id";
        let (due, since, until) = (it.entry.due_at.millis(), it.since.millis(), it.until.map(Timestamp::millis));
        let params = params![
            self.tenant(),
            position(it.position),
            due,
            since,
            it.state.as_str(),
            position(it.fence),
            it.attempts,
            it.worker,
            until,
        ];
        let there: Option<i64> = self.one(sql, params, |row| row.get(0))?;
        there.map(drop).ok_or_else(|| damaged(self.path, "a delivery is not in the outbox"))
    }

    pub(super) fn put_attempt(&self, it: &Attempt) -> Result<(), Error> {
        let sql = "INSERT INTO attempt(outbox, n, fence, worker, started_at, ended_at, class, status, retry_at) \
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT(outbox, n) DO UPDATE SET \
                   ended_at = excluded.ended_at, class = excluded.class, status = excluded.status, \
                   retry_at = excluded.retry_at";
        let params = params![
            position(it.delivery),
            it.n,
            position(it.fence),
            it.worker,
            it.started_at.millis(),
            it.ended_at.map(Timestamp::millis),
            it.class.map(|class| class.as_str()),
            it.status,
            it.retry_at.map(Timestamp::millis),
        ];
        self.run(sql, params)
    }

    pub(super) fn put_dead_letter(&self, it: &DeadLetter) -> Result<(), Error> {
        let sql = "INSERT INTO dead_letter(outbox, nth, reason, class, at, resolved, resolved_at) \
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT(outbox, nth) DO UPDATE SET \
                   resolved = excluded.resolved, resolved_at = excluded.resolved_at";
        let params = params![
            position(it.delivery),
            it.nth,
            it.reason.as_str(),
            it.class.map(|class| class.as_str()),
            it.at.millis(),
            it.resolved.map(|end| end.as_str()),
            it.resolved_at.map(Timestamp::millis),
        ];
        self.run(sql, params)
    }

    /// Nobody has to deliver it any more.
    pub(super) fn forget_delivery(&self, key: &str) -> Result<(), Error> {
        let sql = "UPDATE dead_letter SET resolved = 'forgotten', \
                   resolved_at = (SELECT last_decided_at FROM clock WHERE tenant = ?1) WHERE resolved IS NULL \
                   AND outbox = (SELECT id FROM outbox WHERE tenant = ?1 AND key = ?2)";
        self.run(sql, params![self.tenant(), key])?;
        let sql = "UPDATE outbox SET state = 'done', claimed_until = NULL WHERE tenant = ?1 AND key = ?2";
        self.run(sql, params![self.tenant(), key])
    }
}
