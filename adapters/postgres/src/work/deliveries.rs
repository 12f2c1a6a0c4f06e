//! Deliveries, attempts and dead letters.

use super::Work;
use crate::fault::damaged;
use crate::look::{decision_id, get, money, parsed, perhaps, perhaps_time, signed, time, whole};
use leadwright::model::{Attempt, Backlog, BuyerId, DeadEnd, DeadLetter, DeliveryState, Error, Timestamp};
use leadwright::store::{Deliveries, Delivery, OutboxEntry};
use tokio_postgres::Row;

const DELIVERY: &str = "SELECT id, key, source, lead, n, buyer, contract, price, due_at, since, state, fence, attempts, \
                        claimed_by, claimed_until FROM outbox";

/// `limit` as PostgreSQL takes it.
pub(super) fn most(limit: usize) -> i64 {
    signed(limit)
}

/// The columns of an entry of the outbox, behind its place.
pub(crate) fn entry(row: &Row) -> Result<OutboxEntry, Error> {
    Ok(OutboxEntry {
        key: get(row, 1)?,
        decision: decision_id(row, 2)?,
        buyer: parsed(row, 5)?,
        contract: parsed(row, 6)?,
        price: money(row, 7)?,
        due_at: time(row, 8)?,
    })
}

fn delivery(row: &Row) -> Result<Delivery, Error> {
    Ok(Delivery {
        position: whole(row, 0)?,
        entry: entry(row)?,
        since: time(row, 9)?,
        state: parsed(row, 10)?,
        fence: whole(row, 11)?,
        attempts: whole(row, 12)?,
        worker: get(row, 13)?,
        until: perhaps_time(row, 14)?,
    })
}

fn attempt(row: &Row) -> Result<Attempt, Error> {
    let status: Option<i64> = get(row, 7)?;
    Ok(Attempt {
        delivery: whole(row, 0)?,
        n: whole(row, 1)?,
        fence: whole(row, 2)?,
        worker: get(row, 3)?,
        started_at: time(row, 4)?,
        ended_at: perhaps_time(row, 5)?,
        class: perhaps(row, 6)?,
        status: status.and_then(|status| u16::try_from(status).ok()),
        retry_at: perhaps_time(row, 8)?,
    })
}

fn dead_letter(row: &Row) -> Result<DeadLetter, Error> {
    Ok(DeadLetter {
        delivery: whole(row, 0)?,
        nth: whole(row, 1)?,
        reason: parsed(row, 2)?,
        class: perhaps(row, 3)?,
        at: time(row, 4)?,
        resolved: perhaps(row, 5)?,
        resolved_at: perhaps_time(row, 6)?,
    })
}

impl Deliveries for Work<'_> {
    fn delivery(&self, key: &str) -> Result<Option<Delivery>, Error> {
        self.flush()?;
        self.one(&format!("{DELIVERY} WHERE tenant = $1 AND key = $2"), &[&self.tenant(), &key], delivery)
    }

    fn next_due(&self, after: Option<&BuyerId>) -> Result<Option<(BuyerId, Timestamp)>, Error> {
        self.flush()?;
        // No name is empty.
        let after = after.map_or("", BuyerId::as_str);
        let sql = "SELECT buyer, due_at FROM outbox WHERE tenant = $1 AND state = 'ready' AND buyer > $2 \
                   ORDER BY buyer, due_at LIMIT 1";
        self.one(sql, &[&self.tenant(), &after], |row| Ok((parsed(row, 0)?, time(row, 1)?)))
    }

    fn due(&self, buyer: &BuyerId, by: Timestamp, limit: usize) -> Result<Vec<Delivery>, Error> {
        self.flush()?;
        let sql = format!(
            "{DELIVERY} WHERE tenant = $1 AND state = 'ready' AND buyer = $2 AND due_at <= $3 ORDER BY due_at, id LIMIT $4"
        );
        self.all(&sql, &[&self.tenant(), &buyer.as_str(), &by.millis(), &most(limit)], delivery)
    }

    fn claims_over(&self, at: Timestamp, limit: usize) -> Result<Vec<Delivery>, Error> {
        self.flush()?;
        let sql = format!(
            "{DELIVERY} WHERE tenant = $1 AND state IN ('claimed', 'unknown') AND claimed_until <= $2 \
             ORDER BY claimed_until, id LIMIT $3"
        );
        self.all(&sql, &[&self.tenant(), &at.millis(), &most(limit)], delivery)
    }

    fn deliveries(&self, state: Option<DeliveryState>, after: u64, limit: usize) -> Result<Vec<Delivery>, Error> {
        self.flush()?;
        // Written out where it is known, so that the index of those that are left over is used.
        let which = match state {
            Some(state) => format!("state = '{}'", state.as_str()),
            None => "state <> 'done'".into(),
        };
        let sql = format!("{DELIVERY} WHERE tenant = $1 AND {which} AND id > $2 ORDER BY id LIMIT $3");
        self.all(&sql, &[&self.tenant(), &signed(after), &most(limit)], delivery)
    }

    fn attempts(&self, delivery: u64) -> Result<Vec<Attempt>, Error> {
        self.flush()?;
        let sql = "SELECT outbox, n, fence, worker, started_at, ended_at, class, status, retry_at FROM attempt \
                   WHERE tenant = $1 AND outbox = $2 ORDER BY n";
        self.all(sql, &[&self.tenant(), &signed(delivery)], attempt)
    }

    fn dead_letters(&self, delivery: u64) -> Result<Vec<DeadLetter>, Error> {
        self.flush()?;
        let sql = "SELECT outbox, nth, reason, class, at, resolved, resolved_at FROM dead_letter \
                   WHERE tenant = $1 AND outbox = $2 ORDER BY nth";
        self.all(sql, &[&self.tenant(), &signed(delivery)], dead_letter)
    }

    fn backlog(&self) -> Result<Vec<Backlog>, Error> {
        self.flush()?;
        let sql = "SELECT buyer, state, count(*), min(since) FROM outbox WHERE tenant = $1 AND state <> 'done' \
                   GROUP BY buyer, state";
        let mut all = self.all(sql, &[&self.tenant()], |row| {
            Ok(Backlog { buyer: parsed(row, 0)?, state: parsed(row, 1)?, count: whole(row, 2)?, oldest: time(row, 3)? })
        })?;
        all.sort_by(|one, other| (&one.buyer, one.state).cmp(&(&other.buyer, other.state)));
        Ok(all)
    }
}

impl Work<'_> {
    pub(super) fn put_delivery(&self, delivery: &Delivery) -> Result<(), Error> {
        if delivery.position == 0 || delivery.position > self.clock()?.outbox {
            return Err(damaged(&self.link.place, "a delivery is not there"));
        }
        self.pending.borrow_mut().deliveries.insert(delivery.position, delivery.clone());
        Ok(())
    }

    /// Nobody has to deliver it any more.
    pub(super) fn forget_delivery(&self, key: &str) -> Result<(), Error> {
        let Some(found) = self.delivery(key)? else { return Ok(()) };
        let resolved_at = self.clock()?.last_decided_at;
        for letter in self.dead_letters(found.position)?.into_iter().filter(|letter| letter.resolved.is_none()) {
            let letter = DeadLetter { resolved: Some(DeadEnd::Forgotten), resolved_at, ..letter };
            self.pending.borrow_mut().dead_letters.insert((letter.delivery, letter.nth), letter);
        }
        self.put_delivery(&Delivery { state: DeliveryState::Done, until: None, ..found })
    }
}
