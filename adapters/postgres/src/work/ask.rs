//! How a transaction begins: the row of the clock is locked, and what every one asks comes with it.

use super::Work;
use super::cache::Clock;
use crate::fault::moved;
use crate::look::{get, perhaps_time, whole};
use crate::shards::{MOVED, newcomer};
use leadwright::model::{Error, TenantId, Timestamp};
use tokio_postgres::Row;

const CLOCK: &str = "SELECT last_decided_at, seq, position, outbox, waiting, entry FROM clock WHERE tenant = $1";
const LOCKED: &str =
    "SELECT last_decided_at, seq, position, outbox, waiting, entry FROM clock WHERE tenant = $1 FOR UPDATE";
/// All but those of which there is one for each person or buyer: they are many, and each is asked by name.
const SETTINGS: &str = "SELECT key, value FROM setting WHERE tenant = $1 \
     AND (key < 'desk|' OR key >= 'desk}') AND (key < 'revoked|' OR key >= 'revoked}')";
const FIRST_HELD: &str = "SELECT min(until) FROM reservation WHERE tenant = $1 AND state = 'held'";

/// Settings of which there are many: one for each person who took a consent back, and one for each buyer's desk.
const OF_MANY: [&str; 2] = ["revoked|", "desk|"];

/// Whether it is one of those.
pub(super) fn is_of_many(key: &str) -> bool {
    OF_MANY.iter().any(|begin| key.starts_with(begin))
}

fn clock(row: &Row) -> Result<Clock, Error> {
    Ok(Clock {
        last_decided_at: perhaps_time(row, 0)?,
        seq: whole(row, 1)?,
        position: whole(row, 2)?,
        outbox: whole(row, 3)?,
        waiting: whole(row, 4)?,
        entry: whole(row, 5)?,
    })
}

/// Begins to write for a tenant.
pub(crate) fn opened<'a>(work: Work<'a>, tenant: &TenantId) -> Result<Work<'a>, Error> {
    let name = tenant.as_str();
    work.link.spoilt.set(false);
    let first = work.link.flight(&[("BEGIN", &[]), (LOCKED, &[&name]), (SETTINGS, &[&name]), (FIRST_HELD, &[&name])]);
    let rows = first.map_err(|error| work.fault(&error))?;
    let mut rows = rows.into_iter().skip(1);
    let mut locked = rows.next().unwrap_or_default();
    if locked.is_empty() {
        // Of one who was never here it is asked whether all like it went elsewhere.
        if let Some(to) = newcomer(work.link, tenant)? {
            return Err(moved(&to));
        }
        work.rows("INSERT INTO clock(tenant) VALUES ($1) ON CONFLICT DO NOTHING", &[&name])?;
        locked = work.rows(LOCKED, &[&name])?;
    }
    {
        let mut cache = work.cache.borrow_mut();
        cache.clock = locked.first().map(clock).transpose()?;
        for row in rows.next().unwrap_or_default() {
            cache.settings.insert(get(&row, 0)?, Some(get(&row, 1)?));
        }
        cache.has_settings = true;
        cache.is_writer = true;
        let first = rows.next().unwrap_or_default();
        let until = first.first().map(|row| perhaps_time(row, 0)).transpose()?.flatten();
        cache.first_held = Some(until);
    }
    stays(&work)?;
    Ok(work)
}

/// Refuses to write for a tenant that goes to another shard, or went. Who had the row of the clock before whoever moves it
/// is done; who gets it after that sees this.
fn stays(work: &Work<'_>) -> Result<(), Error> {
    match work.cache.borrow().settings.get(MOVED).cloned().flatten() {
        Some(to) => Err(moved(&to)),
        None => Ok(()),
    }
}

impl Work<'_> {
    /// The clock as this transaction has it.
    pub(super) fn clock(&self) -> Result<Clock, Error> {
        if let Some(known) = &self.cache.borrow().clock {
            return Ok(known.clone());
        }
        let found = self.one(CLOCK, &[&self.tenant()], clock)?.unwrap_or_default();
        self.cache.borrow_mut().clock = Some(found.clone());
        Ok(found)
    }

    /// Changes the clock, which this transaction holds.
    pub(super) fn tick<T>(&self, change: impl FnOnce(&mut Clock) -> T) -> T {
        self.pending.borrow_mut().clock = true;
        change(self.cache.borrow_mut().clock.get_or_insert_default())
    }

    pub(super) fn note_time(&self, at: Timestamp) {
        self.tick(|clock| clock.note(at));
    }
}
