//! Rows that are old, a bounded number in a transaction.

use super::partition::{DECISION, TABLES, in_rest};
use super::report::{Astray, Kept};
use super::{Horizon, Keep, transaction};
use crate::link::{Bound, Link};
use crate::look::{get, whole};
use leadwright::limits::{Zone, over_on};
use leadwright::model::{Code, Error, TenantId, Timestamp};
use std::collections::BTreeMap;

/// So many rows go in one transaction, which writers of the tenant wait for.
const ROWS: i64 = 5_000;

const LOCKED: &str = "SELECT 1 FROM clock WHERE tenant = $1 FOR UPDATE";

/// Rows to let go of: of which table, which of them (`$1` is the tenant, `$2` the time), and in which order they are found.
struct Old {
    table: &'static str,
    which: &'static str,
    order: &'static str,
    /// What goes with them, which are `gone`.
    with: &'static str,
}

const RESERVATIONS: Old =
    Old { table: "reservation", which: "tenant = $1 AND state <> 'held' AND at < $2", order: "at", with: "" };
const OUTBOX: Old = Old {
    table: "outbox",
    which: "tenant = $1 AND state = 'done' AND due_at < $2",
    order: "due_at",
    with: ", letters AS (DELETE FROM dead_letter l USING gone WHERE l.tenant = gone.tenant AND l.outbox = gone.id)",
};
const CLAIMS: Old = Old { table: "claim_rest", which: "tenant = $1 AND at < $2", order: "scope", with: "" };
/// Who said what beside the plan stays, and what some subscriber has not read yet.
const EVENTS: Old = Old {
    table: "event_rest",
    which: "tenant = $1 AND at < $2 AND about IS NULL AND position <= (SELECT coalesce(min(s.position), 9223372036854775807) \
            FROM subscriber s WHERE s.tenant = $1 AND s.position IS NOT NULL)",
    order: "position",
    with: "",
};
const ATTEMPTS: Old = Old {
    table: "attempt_rest",
    which: "tenant = $1 AND started_at < $2 AND NOT EXISTS (SELECT 1 FROM outbox o \
            WHERE o.tenant = attempt_rest.tenant AND o.id = attempt_rest.outbox)",
    order: "outbox",
    with: "",
};

impl Old {
    fn counting(&self) -> String {
        format!("SELECT count(*) FROM {} WHERE {}", self.table, self.which)
    }

    fn deleting(&self) -> String {
        let Self { table, which, order, with } = self;
        format!(
            "WITH gone AS (DELETE FROM {table} WHERE ctid = ANY(ARRAY(SELECT ctid FROM {table} WHERE {which} ORDER BY {order} \
             LIMIT {ROWS})) RETURNING *){with} SELECT count(*) FROM gone"
        )
    }

    fn go(&self, link: &Link, keep: &Keep, tenant: &TenantId, before: Timestamp) -> Result<u64, Error> {
        let bound: Bound<'_> = &[&tenant.as_str(), &before.millis()];
        if keep.dry_run {
            return number(&link.rows(&self.counting(), bound)?);
        }
        chunks(link, tenant, &self.deleting(), bound)
    }
}

fn number(rows: &[tokio_postgres::Row]) -> Result<u64, Error> {
    rows.first().map_or(Ok(0), |row| whole(row, 0))
}

/// Runs a statement of a tenant again and again, as long as it has had as many rows as one may.
fn chunks(link: &Link, tenant: &TenantId, sql: &str, bound: Bound<'_>) -> Result<u64, Error> {
    let mut all = 0_u64;
    loop {
        let gone = transaction(link, "", || {
            link.rows(LOCKED, &[&tenant.as_str()])?;
            number(&link.rows(sql, bound)?)
        })?;
        all = all.saturating_add(gone);
        if gone < ROWS.unsigned_abs() {
            return Ok(all);
        }
    }
}

const MOMENT_KEYS: &str = "WITH RECURSIVE keys AS ((SELECT key FROM moment WHERE tenant = $1 ORDER BY key LIMIT 1) UNION ALL \
     SELECT next.key FROM keys, LATERAL (SELECT m.key FROM moment m WHERE m.tenant = $1 AND m.key > keys.key ORDER BY m.key \
     LIMIT 1) AS next) SELECT key FROM keys";
const MOMENTS: &str = "SELECT count(*) FROM moment WHERE tenant = $1 AND key = $2 AND at < $3";
const MOMENTS_GO: &str = "WITH gone AS (DELETE FROM moment WHERE ctid = ANY(ARRAY(SELECT ctid FROM moment WHERE tenant = $1 \
     AND key = $2 AND at < $3 ORDER BY at LIMIT 5000)) RETURNING 1) SELECT count(*) FROM gone";
const COUNTERS: &str = "SELECT key FROM counter WHERE tenant = $1 AND key > $2 ORDER BY key LIMIT 5000";
const COUNTERS_GO: &str = "WITH gone AS (DELETE FROM counter WHERE tenant = $1 AND key = ANY($2) RETURNING 1) \
     SELECT count(*) FROM gone";

/// Lets go of what lies in no partitions.
pub(super) fn rows(link: &Link, keep: &Keep, horizon: &Horizon, kept: &mut Kept) -> Result<(), Error> {
    let Some(decided) = horizon.decided else { return Ok(()) };
    for (tenant, of) in &horizon.tenants {
        kept.outbox = kept.outbox.saturating_add(OUTBOX.go(link, keep, tenant, decided)?);
        kept.reservations = kept.reservations.saturating_add(RESERVATIONS.go(link, keep, tenant, decided)?);
        kept.moments = kept.moments.saturating_add(moments(link, keep, tenant, of.moments)?);
        kept.counters = kept.counters.saturating_add(counters(link, keep, tenant, of.counted)?);
    }
    Ok(())
}

fn moments(link: &Link, keep: &Keep, tenant: &TenantId, before: Timestamp) -> Result<u64, Error> {
    let mut all = 0_u64;
    for row in link.rows(MOMENT_KEYS, &[&tenant.as_str()])? {
        let bound: Bound<'_> = &[&tenant.as_str(), &get::<&str>(&row, 0)?, &before.millis()];
        let gone = match keep.dry_run {
            true => number(&link.rows(MOMENTS, bound)?)?,
            false => chunks(link, tenant, MOMENTS_GO, bound)?,
        };
        all = all.saturating_add(gone);
    }
    Ok(all)
}

/// Counters whose windows are over.
fn counters(link: &Link, keep: &Keep, tenant: &TenantId, at: Timestamp) -> Result<u64, Error> {
    let zone: Zone = "UTC".parse().map_err(|_| Error::new(Code::InternalError, "UTC"))?;
    let today = zone.date(at);
    let (mut all, mut after) = (0_u64, String::new());
    loop {
        let mut keys: Vec<String> = Vec::new();
        for row in link.rows(COUNTERS, &[&tenant.as_str(), &after])? {
            keys.push(get(&row, 0)?);
        }
        let Some(last) = keys.last() else { return Ok(all) };
        after.clone_from(last);
        keys.retain(|key| over_on(key).is_some_and(|date| date < today));
        let gone = match (keep.dry_run, keys.is_empty()) {
            (false, false) => transaction(link, "", || {
                link.rows(LOCKED, &[&tenant.as_str()])?;
                number(&link.rows(COUNTERS_GO, &[&tenant.as_str(), &keys])?)
            })?,
            _ => u64::try_from(keys.len()).unwrap_or(0),
        };
        all = all.saturating_add(gone);
    }
}

/// Decisions that somebody waits for, by the row that says so: neither the queue nor the outbox can do without them.
const NEEDED: &str = "SELECT i.seq FROM (SELECT source, lead, n FROM outbox WHERE tenant = $1 AND state <> 'done' UNION \
     SELECT source, lead, n FROM waiting WHERE tenant = $1) AS w JOIN decided i ON i.tenant = $1 AND i.lead = w.lead \
     AND i.source = w.source AND i.n = w.n WHERE i.at >= $2 AND i.at < $3 AND i.seq <= $4";

/// What the ids and idempotency keys of some decisions stand for goes: of a part, up to a position. `with` are the decisions.
fn letting_go(part: &str, with: &str) -> String {
    format!(
        "WITH page AS MATERIALIZED (SELECT seq, at, source, lead, n, idempotency_key FROM {part} WHERE tenant = $1 AND seq > $2 \
         AND seq <= $3 AND at < $5 ORDER BY seq LIMIT {ROWS}), gone AS MATERIALIZED (SELECT * FROM page WHERE seq <> ALL($4)), \
         keys AS (DELETE FROM request_key r USING gone WHERE r.tenant = $1 AND r.source = gone.source \
         AND r.key = gone.idempotency_key AND r.lead = gone.lead AND r.n = gone.n RETURNING 1), \
         ids AS (DELETE FROM decided i USING gone WHERE i.tenant = $1 AND i.lead = gone.lead AND i.source = gone.source \
         AND i.n = gone.n AND i.seq = gone.seq RETURNING 1){with} SELECT coalesce((SELECT max(seq) FROM page), 0), \
         (SELECT count(*) FROM ids), (SELECT count(*) FROM keys)"
    )
}

const WITH_ROWS: &str =
    ", rows AS (DELETE FROM decision_rest d USING gone WHERE d.tenant = $1 AND d.seq = gone.seq AND d.at = gone.at)";

/// The ids of the decisions of a part, up to the ends that are given. Tells which are still needed.
pub(super) fn ids(
    link: &Link,
    part: &str,
    (from, to): (i64, i64),
    ends: &BTreeMap<TenantId, i64>,
    kept: &mut Kept,
) -> Result<Vec<(String, i64)>, Error> {
    let is_rest = part == DECISION.rest();
    let sql = letting_go(part, if is_rest { WITH_ROWS } else { "" });
    let mut all_needed = Vec::new();
    for (tenant, end) in ends {
        let mut needed: Vec<i64> = Vec::new();
        for row in link.rows(NEEDED, &[&tenant.as_str(), &from, &to, end])? {
            needed.push(get(&row, 0)?);
        }
        let mut after = 0_i64;
        loop {
            let (last, ids, keys) = transaction(link, "", || {
                link.rows(LOCKED, &[&tenant.as_str()])?;
                let rows = link.rows(&sql, &[&tenant.as_str(), &after, end, &needed, &to])?;
                let Some(row) = rows.first() else { return Ok((0, 0, 0)) };
                Ok((get(row, 0)?, whole(row, 1)?, whole(row, 2)?))
            })?;
            kept.decisions = kept.decisions.saturating_add(ids);
            kept.request_keys = kept.request_keys.saturating_add(keys);
            if last == 0 {
                break;
            }
            after = last;
        }
        all_needed.extend(needed.into_iter().map(|seq| (tenant.to_string(), seq)));
    }
    Ok(all_needed)
}

const SEQS: &str = "SELECT tenant, seq FROM clock ORDER BY tenant";

/// What is old in DEFAULT partitions goes; and of what should not be there it is told how much there is.
pub(super) fn rest(link: &Link, keep: &Keep, horizon: &Horizon, kept: &mut Kept) -> Result<(), Error> {
    if let (Some(decided), Some(claims), false) = (horizon.decided, horizon.claims, keep.dry_run) {
        let mut ends = BTreeMap::new();
        for row in link.rows(SEQS, &[])? {
            ends.insert(crate::look::parsed(&row, 0)?, get(&row, 1)?);
        }
        let before = kept.decisions;
        ids(link, &DECISION.rest(), (i64::MIN, decided.millis()), &ends, kept)?;
        kept.rest = kept.rest.saturating_add(kept.decisions.saturating_sub(before));
        for tenant in horizon.tenants.keys() {
            for (old, before) in [(&EVENTS, decided), (&ATTEMPTS, decided), (&CLAIMS, claims)] {
                kept.rest = kept.rest.saturating_add(old.go(link, keep, tenant, before)?);
            }
        }
    }
    for table in TABLES {
        let rows = in_rest(link, table, horizon.of(table))?.into_iter().map(|(_, rows)| rows).sum();
        if rows > 0 {
            kept.astray.push(Astray { table: table.name, rows });
        }
    }
    Ok(())
}
