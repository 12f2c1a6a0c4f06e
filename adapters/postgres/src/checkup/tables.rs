//! Our tables.

use super::{Checkup, Churn, Shared, Standing};
use crate::keep::partitions;
use crate::link::Link;
use crate::look::{get, odd, perhaps_time, whole};
use leadwright::model::{Error, TenantId};

/// A partition counts to its table.
const TABLES: &str = "SELECT coalesce(p.relname, c.relname)::text, sum(pg_total_relation_size(c.oid))::bigint, \
     sum(s.n_live_tup)::bigint, sum(s.n_dead_tup)::bigint, \
     floor(extract(epoch FROM max(s.last_autovacuum)) * 1000)::bigint FROM pg_stat_user_tables s \
     JOIN pg_class c ON c.oid = s.relid LEFT JOIN pg_inherits i ON i.inhrelid = c.oid \
     LEFT JOIN pg_class p ON p.oid = i.inhparent WHERE s.schemaname = current_schema() AND c.relkind = 'r' \
     GROUP BY 1 ORDER BY 2 DESC, 1";

/// Of whom most is asked: each lease is a question to home that a sale waited for.
const SHARED: &str = "SELECT b.account, b.key, b.most, b.used, b.leased, count(l.holder) FILTER (WHERE l.is_out), \
     count(l.holder) FILTER (WHERE l.is_out AND l.due_at < cap_now() - 60000), coalesce(sum(l.fence), 0)::bigint \
     FROM cap_budget b LEFT JOIN cap_lease l ON l.account = b.account AND l.key = b.key \
     GROUP BY b.account, b.key, b.most, b.used, b.leased ORDER BY 8 DESC, 1, 2 LIMIT 8";

const TENANT: &str = "SELECT c.seq, c.last_decided_at, (SELECT plan FROM decision d WHERE d.tenant = c.tenant AND d.seq = c.seq), \
     (SELECT count(*) FROM waiting w WHERE w.tenant = c.tenant) FROM clock c WHERE c.tenant = $1";

const LEFT: &str = "SELECT nspname::text FROM pg_namespace WHERE nspname = current_schema() || '_doctor'";

pub(super) fn look(link: &Link, tenant: &TenantId, found: &mut Checkup) -> Result<(), Error> {
    for row in link.rows(TABLES, &[])? {
        found.tables.push(Churn {
            name: get(&row, 0)?,
            bytes: whole(&row, 1)?,
            rows: whole(&row, 2)?,
            dead: whole(&row, 3)?,
            vacuumed: perhaps_time(&row, 4)?,
        });
    }
    found.partitions = partitions(link)?;
    if found.partitions.iter().any(|times| times.astray.is_none()) {
        found.unseen.push("rows of DEFAULT partitions: this role may not read them".into());
    }
    for row in link.rows(SHARED, &[])? {
        found.leases.push(Shared {
            account: get(&row, 0)?,
            key: get(&row, 1)?,
            most: get(&row, 2)?,
            used: get(&row, 3)?,
            leased: get(&row, 4)?,
            holders: whole(&row, 5)?,
            late: whole(&row, 6)?,
            leases: whole(&row, 7)?,
        });
    }
    if let Some(row) = link.rows(TENANT, &[&tenant.as_str()])?.first() {
        found.tenant = Standing {
            decisions: whole(row, 0)?,
            last: perhaps_time(row, 1)?,
            plan: get(row, 2)?,
            waiting: whole(row, 3)?,
        };
    }
    found.left = link.rows(LEFT, &[])?.iter().map(|row| get(row, 0)).collect::<Result<_, _>>().map_err(|_| odd())?;
    Ok(())
}
