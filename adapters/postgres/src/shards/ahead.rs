//! What a move would do, and whether anybody writes for whom it would move. Nothing is changed by looking.

use super::fence::{gone, whole};
use super::map::ShardMap;
use super::store::ShardedStore;
use super::table::Table;
use crate::link::Link;
use crate::look::get;
use crate::store::PostgresStore;
use leadwright::model::{Code, Error, TenantId};

/// What goes to another shard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Moving {
    /// A tenant; a vertical or a source, where leads are divided by that.
    Name(TenantId),
    /// All tenants of a slot that have no shard of their own by name.
    Slot(u8),
}

/// What a move would do.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Ahead {
    /// The shard that they are in.
    pub from: String,
    /// Those of whom there is anything, each with its rows.
    pub tenants: Vec<TenantAhead>,
}

/// A tenant before it moves.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TenantAhead {
    /// Who.
    pub tenant: TenantId,
    /// How many rows it has.
    pub rows: i64,
    /// How many the other shard has of it already: of a move that was not ended, or of somebody else.
    pub there: i64,
    /// Whether a move of it was begun: nobody writes for it any more.
    pub is_fenced: bool,
}

impl ShardedStore {
    /// Looks at what a move would do.
    ///
    /// # Errors
    /// `input.bad_option` for a shard that is not there; `store.*`.
    ///
    /// ```no_run
    /// # fn doc(store: &leadwright_postgres::ShardedStore) -> Result<(), leadwright::model::Error> {
    /// use leadwright_postgres::Moving;
    /// for tenant in store.move_ahead(&Moving::Slot(253), "west")?.tenants {
    ///     println!("{}: {} rows", tenant.tenant, tenant.rows);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn move_ahead(&self, what: &Moving, to: &str) -> Result<Ahead, Error> {
        let (from, names) = self.whose(what)?;
        let (source, target) = (self.shard(&from)?, self.shard(to)?);
        let mut tenants = Vec::new();
        for tenant in names {
            let (rows, there) = (rows(source, &tenant)?, rows(target, &tenant)?);
            let is_fenced = source.ask(|link| gone(link, &tenant))?.is_some();
            tenants.push(TenantAhead { tenant, rows, there, is_fenced });
        }
        Ok(Ahead { from, tenants })
    }

    /// Whether anybody writes for what is to be moved: a transaction is open now, or one was written while `wait` ran. For a move
    /// that is to begin when all nodes have stopped; without this look those who still write are told `store.moved`.
    ///
    /// # Errors
    /// `store.busy` where somebody does; as [`move_ahead`](Self::move_ahead).
    ///
    /// ```no_run
    /// # fn doc(store: &leadwright_postgres::ShardedStore) -> Result<(), leadwright::model::Error> {
    /// use leadwright_postgres::Moving;
    /// store.nobody_writes(&Moving::Slot(253), &mut || std::thread::sleep(std::time::Duration::from_secs(2)))?;
    /// let moved = store.move_shard(253, "west")?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn nobody_writes(&self, what: &Moving, wait: &mut dyn FnMut()) -> Result<(), Error> {
        let (from, names) = self.whose(what)?;
        let source = self.shard(&from)?;
        source.ask(|link| free(link, &names))?;
        let before = source.ask(|link| versions(link, &names))?;
        wait();
        // Who came meanwhile is there, too.
        let (_, later) = self.whose(what)?;
        let after = source.ask(|link| versions(link, &later))?;
        if let Some(name) = after.iter().find(|found| !before.contains(found)).map(|(name, _)| name) {
            return Err(busy(name));
        }
        source.ask(|link| free(link, &later))
    }

    /// The shard of what is to be moved, and those in it.
    fn whose(&self, what: &Moving) -> Result<(String, Vec<TenantId>), Error> {
        match what {
            Moving::Name(tenant) => Ok((self.map().shard_of(tenant.as_str())?.to_owned(), vec![tenant.clone()])),
            Moving::Slot(slot) => {
                let from = self.map().of_slot(*slot)?.to_owned();
                let tenants = self.in_slot(*slot, &from)?;
                Ok((from, tenants))
            }
        }
    }

    /// The tenants of a slot that have anything in a shard, and no shard of their own by name.
    pub(super) fn in_slot(&self, slot: u8, from: &str) -> Result<Vec<TenantId>, Error> {
        let rows = self.shard(from)?.ask(|link| link.rows("SELECT tenant FROM clock ORDER BY tenant", &[]))?;
        let mut tenants = Vec::new();
        for row in &rows {
            let name: &str = get(row, 0)?;
            if ShardMap::slot(name) == slot && !self.map().is_named(name) {
                tenants.push(name.parse().map_err(|_| crate::look::odd())?);
            }
        }
        Ok(tenants)
    }
}

fn rows(store: &PostgresStore, tenant: &TenantId) -> Result<i64, Error> {
    store.ask(|link| {
        let tables = Table::all(link)?;
        tables.iter().try_fold(0_i64, |sum, table| Ok(sum.saturating_add(table.count(link, tenant)?)))
    })
}

fn busy(tenant: &str) -> Error {
    Error::new(Code::StoreBusy, format!("somebody writes for {tenant}"))
}

/// Whether the row that everybody who writes holds can be had of each.
fn free(link: &Link, tenants: &[TenantId]) -> Result<(), Error> {
    let sql = "SELECT 1 FROM clock WHERE tenant = $1 FOR UPDATE SKIP LOCKED";
    let is_there = "SELECT 1 FROM clock WHERE tenant = $1";
    whole(link, "BEGIN", || {
        tenants.iter().try_for_each(|tenant| {
            let name = tenant.as_str();
            match link.rows(is_there, &[&name])?.is_empty() || !link.rows(sql, &[&name])?.is_empty() {
                true => Ok(()),
                false => Err(busy(name)),
            }
        })
    })
}

/// Who wrote the row last, and who held it last.
fn versions(link: &Link, tenants: &[TenantId]) -> Result<Vec<(String, String)>, Error> {
    let names: Vec<&str> = tenants.iter().map(TenantId::as_str).collect();
    let sql = "SELECT tenant, xmin::text || ' ' || xmax::text FROM clock WHERE tenant = ANY($1) ORDER BY tenant";
    link.rows(sql, &[&names])?.iter().map(|row| Ok((get(row, 0)?, get(row, 1)?))).collect()
}
