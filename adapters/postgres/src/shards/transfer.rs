//! A tenant goes to another shard.
//!
//! First nobody may write for it any more; then all its rows are copied in one transaction, and compared; then the map says
//! where it is. Who is killed in between begins again: what is fenced stays fenced, what was not committed is not there, and
//! what was is compared and left as it is.

use super::fence::{MOVED, fence, fence_slot, gone, open_slot, whole};
use super::map::ShardMap;
use super::store::ShardedStore;
use super::table::{Digest, Table};
use crate::link::Link;
use crate::look::get;
use crate::store::PostgresStore;
use leadwright::model::{Code, Error, TenantId};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

/// What was moved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    /// The map from now on: to be given to all who write, and kept.
    pub map: ShardMap,
    /// Whose rows they were.
    pub tenants: Vec<TenantId>,
    /// How many rows are in the new shard.
    pub rows: i64,
}

/// What goes over from one database to the other.
enum Piece {
    Rows(Vec<u8>),
    /// The table has no more.
    End,
}

/// So many pieces wait for the slower side.
const MOST_WAITING: usize = 64;

impl ShardedStore {
    /// Moves a tenant (a vertical or a source, where leads are divided by that) to another shard. From then on whoever writes
    /// for it by an older map is told `store.moved`. Its rows stay in the old shard, until [`clear`](Self::clear) takes
    /// them.
    ///
    /// # Errors
    /// `input.bad_option` for a shard that is not there; `store.exists` where the new shard has rows of the tenant that are
    /// not these; `store.busy` while it has a part of a shared cap that is not given back; `store.corrupt` where what
    /// arrived is not what was sent; `store.*`. Whatever it was, it can be begun again.
    ///
    /// ```no_run
    /// # fn doc(store: &leadwright_postgres::ShardedStore) -> Result<(), Box<dyn std::error::Error>> {
    /// let moved = store.move_name(&"acme".parse()?, "west")?;
    /// std::fs::write("shards.json", moved.map.to_json())?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn move_name(&self, tenant: &TenantId, to: &str) -> Result<Moved, Error> {
        let from = self.map().shard_of(tenant.as_str())?.to_owned();
        let map = self.map().with_name(tenant.as_str(), to);
        self.transfer(vec![tenant.clone()], &from, to, map)
    }

    /// Moves all tenants of a slot that have no shard of their own by name, also those that come later.
    ///
    /// # Errors
    /// As [`move_name`](Self::move_name).
    ///
    /// ```no_run
    /// # fn doc(store: &leadwright_postgres::ShardedStore) -> Result<(), Box<dyn std::error::Error>> {
    /// let moved = store.move_shard(253, "west")?;
    /// std::fs::write("shards.json", moved.map.to_json())?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn move_shard(&self, slot: u8, to: &str) -> Result<Moved, Error> {
        let from = self.map().of_slot(slot)?.to_owned();
        if from == to {
            return Ok(Moved { map: self.map().clone(), tenants: Vec::new(), rows: 0 });
        }
        let named = || self.map().names().filter(|name| ShardMap::slot(name) == slot);
        self.shard(&from)?.ask(|link| fence_slot(link, slot, to, named()))?;
        self.shard(to)?.ask(|link| open_slot(link, slot))?;
        let tenants = self.in_slot(slot, &from)?;
        self.transfer(tenants, &from, to, self.map().with_slot(slot, to))
    }

    /// Takes the rows of a tenant out of a shard that it went from. What says that it went stays.
    ///
    /// # Errors
    /// `store.exists` where it did not go from there; `store.*`.
    ///
    /// ```no_run
    /// # fn doc(store: &leadwright_postgres::ShardedStore) -> Result<(), leadwright::model::Error> {
    /// store.clear(&leadwright::model::TenantId::default(), "east")?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn clear(&self, tenant: &TenantId, from: &str) -> Result<(), Error> {
        let is_here = self.map().shard_of(tenant.as_str())? == from;
        self.shard(from)?.ask(|link| {
            if is_here || gone(link, tenant)?.is_none() {
                return Err(Error::new(Code::StoreExists, format!("{tenant} did not go from {from}")));
            }
            whole(link, "BEGIN", || {
                for table in Table::all(link)?.iter().filter(|table| table.name != "setting") {
                    link.batch(&table.clear(tenant))?;
                }
                let sql = "DELETE FROM setting WHERE tenant = $1 AND key <> $2";
                link.rows(sql, &[&tenant.as_str(), &MOVED]).map(drop)
            })
        })
    }

    fn transfer(&self, tenants: Vec<TenantId>, from: &str, to: &str, map: ShardMap) -> Result<Moved, Error> {
        let (source, target) = (self.shard(from)?, self.shard(to)?);
        if from == to {
            return Ok(Moved { map: self.map().clone(), tenants: Vec::new(), rows: 0 });
        }
        let mut rows = 0_i64;
        for tenant in &tenants {
            source.give_back(tenant)?;
            source.ask(|link| fence(link, tenant, to))?;
            plans(source, target)?;
            rows = rows.saturating_add(copied(source, target, tenant)?);
        }
        Ok(Moved { map, tenants, rows })
    }
}

/// Whatever a decision was made by is there too; plans are of no tenant, and small.
fn plans(source: &PostgresStore, target: &PostgresStore) -> Result<(), Error> {
    let rows = source.ask(|link| link.rows("SELECT hash, bundle FROM plan ORDER BY hash", &[]))?;
    let sql = "INSERT INTO plan(hash, bundle) VALUES ($1, $2) ON CONFLICT DO NOTHING";
    for row in &rows {
        let (hash, bundle): (&str, &str) = (get(row, 0)?, get(row, 1)?);
        target.ask(|link| link.rows(sql, &[&hash, &bundle]))?;
    }
    Ok(())
}

/// Copies what is not there yet, and compares.
fn copied(source: &PostgresStore, target: &PostgresStore, tenant: &TenantId) -> Result<i64, Error> {
    let lent = target.lend(true)?;
    let link = lent.link()?;
    // A table that the new shard does not have fails there: nothing is left out in silence.
    let tables = source.ask(Table::all)?;
    let wanted = source.ask(|link| digests(link, &tables, tenant))?;
    let rows = wanted.iter().fold(0_i64, |sum, (count, _)| sum.saturating_add(*count));
    let done = whole(
        link,
        "BEGIN; SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0",
        || {
            // Nobody who comes to write for it here may come between; and what somebody wrote is not taken away.
            link.rows("INSERT INTO clock(tenant) VALUES ($1) ON CONFLICT DO NOTHING", &[&tenant.as_str()])?;
            link.rows("SELECT 1 FROM clock WHERE tenant = $1 FOR UPDATE", &[&tenant.as_str()])?;
            let went = gone(link, tenant)?;
            let there = digests(link, &tables, tenant)?;
            if went.is_none() && there == wanted {
                return Ok(());
            }
            // The row of the clock was just made, or is that of a tenant that has none of anything.
            let is_empty = there.iter().zip(&tables).all(|((count, _), table)| *count == 0 || table.name == "clock");
            if went.is_none() && !is_empty {
                return Err(Error::new(Code::StoreExists, format!("{tenant} is in {} already", target.place())));
            }
            tables.iter().try_for_each(|table| link.batch(&table.clear(tenant)))?;
            stream(source, link, &tables, tenant)?;
            if digests(link, &tables, tenant)? != wanted {
                return Err(crate::fault::damaged(target.place(), "what arrived is not what was sent"));
            }
            Ok(())
        },
    );
    if done.is_err() {
        lent.give_up();
    }
    done.map(|()| rows)
}

fn digests(link: &Link, tables: &[Table], tenant: &TenantId) -> Result<Vec<Digest>, Error> {
    tables.iter().map(|table| table.digest(link, tenant)).collect()
}

/// Reads in one thread and writes in this one; a store is never in memory as a whole.
fn stream(source: &PostgresStore, link: &Link, tables: &[Table], tenant: &TenantId) -> Result<(), Error> {
    let (send, receive) = sync_channel(MOST_WAITING);
    std::thread::scope(|scope| {
        let reader = scope.spawn(move || sent(source, tables, tenant, &send));
        let written = write(link, tables, receive);
        let read = reader.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        // Who could not send any more was stopped by the other, and that is the reason.
        match (read, written) {
            (Err(error), _) if error.code() != Code::InternalError => Err(error),
            (read, written) => written.and(read),
        }
    })
}

fn sent(source: &PostgresStore, tables: &[Table], tenant: &TenantId, send: &SyncSender<Piece>) -> Result<(), Error> {
    let lent = source.lend(true)?;
    let link = lent.link()?;
    let over = || Error::new(Code::InternalError, "nobody takes the rows");
    link.batch("SET statement_timeout = 0")?;
    let done = tables.iter().try_for_each(|table| {
        link.copy_out(&table.out(tenant), |piece| send.send(Piece::Rows(piece)).map_err(|_| over()))?;
        send.send(Piece::End).map_err(|_| over())
    });
    // It is set otherwise than the others.
    lent.give_up();
    done
}

fn write(link: &Link, tables: &[Table], receive: Receiver<Piece>) -> Result<(), Error> {
    let mut receive = receive;
    for table in tables {
        let pieces = &mut receive;
        link.copy_in(&table.into(), move || match pieces.recv() {
            Ok(Piece::Rows(piece)) => Ok(Some(piece)),
            Ok(Piece::End) => Ok(None),
            Err(_) => Err(Error::new(Code::InternalError, "the rows came to no end")),
        })?;
    }
    Ok(())
}
