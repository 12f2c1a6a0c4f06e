//! Who goes to another shard is fenced here first: from then on nobody writes for it.

use super::map::ShardMap;
use crate::link::Link;
use crate::look::get;
use leadwright::model::{Code, Error, TenantId};

/// The setting that says to which shard a tenant goes or went.
pub(crate) const MOVED: &str = "moved";

/// Settings of the database itself are of no tenant.
const NOBODY: &str = "";

/// Held by whoever writes for a tenant that was never here, and by whoever fences a slot.
const NEWCOMERS: i64 = 0x6c77_736c_6f74_7300;

fn of_slot(slot: u8) -> String {
    format!("{MOVED}|{slot}")
}

/// Where a tenant, or nobody for a slot, went from here.
fn said(link: &Link, tenant: &str, key: &str) -> Result<Option<String>, Error> {
    let sql = "SELECT value FROM setting WHERE tenant = $1 AND key = $2";
    link.rows(sql, &[&tenant, &key])?.first().map(|row| get(row, 0)).transpose()
}

pub(super) fn gone(link: &Link, tenant: &TenantId) -> Result<Option<String>, Error> {
    said(link, tenant.as_str(), MOVED)
}

/// In the transaction that first writes for a tenant: where its slot went.
pub(crate) fn newcomer(link: &Link, tenant: &TenantId) -> Result<Option<String>, Error> {
    link.rows("SELECT pg_advisory_xact_lock_shared($1)", &[&NEWCOMERS])?;
    said(link, NOBODY, &of_slot(ShardMap::slot(tenant.as_str())))
}

fn say(link: &Link, tenant: &str, key: &str, to: &str) -> Result<(), Error> {
    let sql = "INSERT INTO setting(tenant, key, value, at) VALUES ($1, $2, $3, 0) \
               ON CONFLICT (tenant, key) DO UPDATE SET value = excluded.value";
    link.rows(sql, &[&tenant, &key, &to]).map(drop)
}

/// Runs something as one transaction.
pub(super) fn whole<T>(link: &Link, begin: &str, run: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
    link.batch(begin)?;
    let done = run().and_then(|done| link.batch("COMMIT").map(|()| done));
    if done.is_err() && !link.is_gone() && link.batch("ROLLBACK").is_err() {
        link.broken.set(true);
    }
    done
}

/// Waits for whoever writes for a tenant, and lets nobody write after that.
pub(super) fn fence(link: &Link, tenant: &TenantId, to: &str) -> Result<(), Error> {
    let name = tenant.as_str();
    whole(link, "BEGIN", || {
        known(link, name)?;
        link.rows("SELECT 1 FROM clock WHERE tenant = $1 FOR UPDATE", &[&name])?;
        let open = "SELECT 1 FROM cap_purse WHERE tenant = $1 AND is_open LIMIT 1";
        if !link.rows(open, &[&name])?.is_empty() {
            return Err(Error::new(Code::StoreBusy, format!("{tenant} has a part of a shared cap")));
        }
        say(link, name, MOVED, to)
    })
}

/// Lets no tenant of a slot begin here any more, but these, which have a shard of their own by name.
pub(super) fn fence_slot<'n>(
    link: &Link,
    slot: u8,
    to: &str,
    named: impl Iterator<Item = &'n str>,
) -> Result<(), Error> {
    whole(link, "BEGIN", || {
        link.rows("SELECT pg_advisory_xact_lock($1)", &[&NEWCOMERS])?;
        for name in named {
            known(link, name)?;
        }
        say(link, NOBODY, &of_slot(slot), to)
    })
}

/// Lets tenants of a slot begin here again.
pub(super) fn open_slot(link: &Link, slot: u8) -> Result<(), Error> {
    let sql = "DELETE FROM setting WHERE tenant = $1 AND key = $2";
    link.rows(sql, &[&NOBODY, &of_slot(slot)]).map(drop)
}

/// The tenant is one that was here before.
fn known(link: &Link, name: &str) -> Result<(), Error> {
    link.rows("INSERT INTO clock(tenant) VALUES ($1) ON CONFLICT DO NOTHING", &[&name]).map(drop)
}
