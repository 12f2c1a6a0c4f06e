//! The rows of one tenant in a table: all its columns, by name.

use crate::link::Link;
use crate::look::get;
use leadwright::model::{Error, TenantId};

/// What stays where it is. A purse is a part of a cap, given to the shard that it is in.
const STAYS: &str = "cap_purse";

/// A table with rows of tenants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Table {
    pub(super) name: String,
    columns: String,
}

/// How many rows there are, and a sum over their hashes, which does not depend on their order.
pub(super) type Digest = (i64, String);

const TABLES: &str = "SELECT c.relname, string_agg(quote_ident(a.attname), ', ' ORDER BY a.attname) FROM pg_class c \
     JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped \
     WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relname <> $1 \
     GROUP BY c.relname HAVING bool_or(a.attname = 'tenant') ORDER BY c.relname";

impl Table {
    /// All of them, by name.
    pub(super) fn all(link: &Link) -> Result<Vec<Self>, Error> {
        let rows = link.rows(TABLES, &[&STAYS])?;
        rows.iter().map(|row| Ok(Self { name: get(row, 0)?, columns: get(row, 1)? })).collect()
    }

    /// The rows of a tenant, but for what says that it goes.
    fn rows(&self, tenant: &TenantId) -> String {
        let but = if self.name == "setting" { " AND key <> 'moved'" } else { "" };
        format!("SELECT {} FROM {} WHERE tenant = '{}'{but}", self.columns, self.name, quoted(tenant))
    }

    pub(super) fn out(&self, tenant: &TenantId) -> String {
        format!("COPY ({}) TO STDOUT (FORMAT binary)", self.rows(tenant))
    }

    pub(super) fn into(&self) -> String {
        format!("COPY {} ({}) FROM STDIN (FORMAT binary)", self.name, self.columns)
    }

    pub(super) fn clear(&self, tenant: &TenantId) -> String {
        format!("DELETE FROM {} WHERE tenant = '{}'", self.name, quoted(tenant))
    }

    pub(super) fn count(&self, link: &Link, tenant: &TenantId) -> Result<i64, Error> {
        let rows = link.rows(&format!("SELECT count(*) FROM ({}) AS r", self.rows(tenant)), &[])?;
        rows.first().map_or_else(|| Err(crate::look::odd()), |row| get(row, 0))
    }

    pub(super) fn digest(&self, link: &Link, tenant: &TenantId) -> Result<Digest, Error> {
        let sql = format!(
            "SELECT count(*), coalesce(sum(('x' || left(md5(r::text), 15))::bit(60)::bigint), 0)::text FROM ({}) AS r",
            self.rows(tenant)
        );
        let rows = link.rows(&sql, &[])?;
        rows.first().map_or_else(|| Err(crate::look::odd()), |row| Ok((get(row, 0)?, get(row, 1)?)))
    }
}

/// A tenant's name has no quote in it; a name that had one would be doubled.
fn quoted(tenant: &TenantId) -> String {
    tenant.as_str().replace('\'', "''")
}
