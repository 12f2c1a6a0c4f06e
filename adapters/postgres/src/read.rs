//! What is asked of a store outside of a transaction, on one connection: that of a primary, or of a replica of it.

use crate::link::{Bound, Link};
use crate::look::{self, STORED, get, money, outcome, parsed, signed, unless_empty, whole};
use crate::work::{GROUPS, entry, group};
use leadwright::model::{DecisionId, Error, Event, LeadId, TenantId, Timestamp, Waiting};
use leadwright::store::{OutboxEntry, ProblemGroup, RollupAdd, Stored};
use tokio_postgres::Row;

fn all<T>(link: &Link, sql: &str, bound: Bound<'_>, read: impl Fn(&Row) -> Result<T, Error>) -> Result<Vec<T>, Error> {
    link.rows(sql, bound)?.iter().map(read).collect()
}

pub(crate) fn decision(link: &Link, tenant: &TenantId, id: &DecisionId) -> Result<Option<Stored>, Error> {
    let sql = format!(
        "SELECT {STORED} FROM decided i JOIN decision d ON d.tenant = i.tenant AND d.seq = i.seq AND d.at = i.at \
         WHERE i.tenant = $1 AND i.source = $2 AND i.lead = $3 AND i.n = $4"
    );
    let bound = (tenant.as_str(), id.source.as_str(), id.lead.as_str(), i64::from(id.n));
    let found = all(link, &sql, &[&bound.0, &bound.1, &bound.2, &bound.3], |row| look::stored(row, tenant))?;
    Ok(found.into_iter().next())
}

pub(crate) fn find(link: &Link, tenant: &TenantId, lead: &LeadId) -> Result<Vec<DecisionId>, Error> {
    let sql = "SELECT source, lead, n FROM decided WHERE tenant = $1 AND lead = $2 ORDER BY seq";
    all(link, sql, &[&tenant.as_str(), &lead.as_str()], |row| look::decision_id(row, 0))
}

pub(crate) fn decisions(link: &Link, tenant: &TenantId, after: u64, limit: usize) -> Result<Vec<Stored>, Error> {
    let sql = format!("SELECT {STORED} FROM decision d WHERE tenant = $1 AND seq > $2 ORDER BY seq LIMIT $3");
    all(link, &sql, &[&tenant.as_str(), &signed(after), &signed(limit)], |row| look::stored(row, tenant))
}

pub(crate) fn erased(link: &Link, tenant: &TenantId) -> Result<u64, Error> {
    let sql = "SELECT count(*) FROM decision WHERE tenant = $1 AND inner_hash IS NOT NULL";
    let found = all(link, sql, &[&tenant.as_str()], |row| whole(row, 0))?;
    Ok(found.into_iter().next().unwrap_or(0))
}

pub(crate) fn plan(link: &Link, hash: &str) -> Result<Option<String>, Error> {
    let found = all(link, "SELECT bundle FROM plan WHERE hash = $1", &[&hash], |row| get(row, 0))?;
    Ok(found.into_iter().next())
}

pub(crate) fn outbox(
    link: &Link,
    tenant: &TenantId,
    after: u64,
    limit: usize,
) -> Result<Vec<(u64, OutboxEntry)>, Error> {
    let sql = "SELECT id, key, source, lead, n, buyer, contract, price, due_at FROM outbox \
               WHERE tenant = $1 AND id > $2 AND state NOT IN ('dead', 'done') ORDER BY id LIMIT $3";
    let bound = (tenant.as_str(), signed(after), signed(limit));
    all(link, sql, &[&bound.0, &bound.1, &bound.2], |row| Ok((whole(row, 0)?, entry(row)?)))
}

pub(crate) fn events(link: &Link, tenant: &TenantId, after: u64, limit: usize) -> Result<Vec<(u64, Event)>, Error> {
    let sql = format!("{} WHERE tenant = $1 AND position > $2 ORDER BY position LIMIT $3", look::EVENT);
    all(link, &sql, &[&tenant.as_str(), &signed(after), &signed(limit)], |row| look::event(row, tenant))
}

pub(crate) fn queue(
    link: &Link,
    tenant: &TenantId,
    due: Option<Timestamp>,
    after: u64,
    limit: usize,
) -> Result<Vec<(u64, Waiting)>, Error> {
    let sql = format!("{} WHERE tenant = $1 AND due <= $2 AND id > $3 ORDER BY id LIMIT $4", look::WAITING);
    let bound = (tenant.as_str(), due.map_or(i64::MAX, Timestamp::millis), signed(after), signed(limit));
    all(link, &sql, &[&bound.0, &bound.1, &bound.2, &bound.3], look::waiting)
}

pub(crate) fn rollups(link: &Link, tenant: &TenantId) -> Result<Vec<RollupAdd>, Error> {
    let sql = "SELECT date, slot, source, contract, outcome, leads, revenue, payout FROM rollup \
               WHERE tenant = $1 ORDER BY date, slot, source, contract, outcome";
    all(link, sql, &[&tenant.as_str()], |row| {
        Ok(RollupAdd {
            date: parsed(row, 0)?,
            slot: whole(row, 1)?,
            source: parsed(row, 2)?,
            contract: unless_empty(row, 3)?,
            outcome: outcome(row, 4)?,
            leads: get(row, 5)?,
            revenue: money(row, 6)?,
            payout: money(row, 7)?,
        })
    })
}

pub(crate) fn problems(link: &Link, tenant: &TenantId) -> Result<Vec<ProblemGroup>, Error> {
    let sql = format!("{GROUPS} WHERE tenant = $1 ORDER BY fingerprint");
    all(link, &sql, &[&tenant.as_str()], group)
}
