//! Leads of the past: written in one go behind those that are there, read page by page.

use super::fault::{damaged, fault};
use super::keys::key_of;
use super::look::{Row, odd, parsed, time};
use super::process::Connected;
use super::store::{SqliteStore, most, position};
use super::work::Work;
use crate::model::{Error, TenantId, Timestamp};
use crate::store::HistoryLead;
use rusqlite::{Connection, params};
use std::path::Path;

const LEAD: &str = "SELECT seq, source, lead, at, input, sales, sealed FROM history";

/// The same, and of which tenant it is.
const LEAD_OF: &str = "SELECT seq, source, lead, at, input, sales, sealed, tenant FROM history";

/// A row; its lead may be sealed.
type Kept = (u64, HistoryLead, Option<Vec<u8>>);

fn kept(row: &Row<'_>) -> rusqlite::Result<Kept> {
    let sales: Option<String> = row.get(5)?;
    let lead = HistoryLead {
        source: parsed(row, 1)?,
        lead: parsed(row, 2)?,
        at: time(row.get(3)?),
        input: row.get(4)?,
        sales: sales.map(|text| serde_json::from_str(&text).map_err(|_| odd(5))).transpose()?,
    };
    Ok((row.get(0)?, lead, row.get(6)?))
}

pub(super) fn put(work: &Work<'_>, leads: &[HistoryLead]) -> Result<(), Error> {
    let sealer = work.connection.sealer()?;
    let wrong = |error: rusqlite::Error| fault(work.path, &error);
    let sql = "INSERT INTO history(tenant, source, lead, at, input, sales, sealed) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    let mut statement = work.connection.prepare_cached(sql).map_err(wrong)?;
    for lead in leads {
        let sales = lead.sales.as_ref().map(serde_json::to_string).transpose();
        let sales = sales.map_err(|_| damaged(work.path, "a sale cannot be written"))?;
        // One that was erased has nothing to seal.
        let sealer = sealer.filter(|_| !lead.input.is_empty());
        let sealed = sealer.map(|sealer| sealer.seal_past(work.tenant, lead)).transpose()?;
        let clear: &[u8] = if sealed.is_some() { &[] } else { &lead.input };
        let (source, id) = (lead.source.as_str(), lead.lead.as_str());
        let row = params![work.tenant(), source, id, lead.at.millis(), clear, sales, sealed];
        statement.execute(row).map_err(wrong)?;
    }
    Ok(())
}

pub(super) fn erase(work: &mut Work<'_>, positions: &[u64]) -> Result<(), Error> {
    let tenant = work.tenant;
    for seq in positions {
        let row = params![tenant.as_str(), position(*seq)];
        let sql = "SELECT sealed FROM history WHERE tenant = ?1 AND seq = ?2 AND sealed IS NOT NULL";
        let sealed: Option<Vec<u8>> = work.one(sql, row, |row| row.get(0))?;
        if let Some(key) = sealed.as_deref().and_then(key_of) {
            work.erases = true;
            work.run("INSERT OR IGNORE INTO key_gone(key) VALUES (?1)", [key])?;
        }
        work.run("UPDATE history SET input = x'', sealed = NULL WHERE tenant = ?1 AND seq = ?2", row)?;
    }
    Ok(())
}

pub(super) fn page(
    connection: &Connected,
    path: &Path,
    tenant: &TenantId,
    after: u64,
    limit: usize,
) -> Result<Vec<(u64, HistoryLead)>, Error> {
    let opened = |(seq, mut lead, sealed): Kept| {
        if let Some(sealed) = sealed {
            // One that is damaged says nothing, as one that was erased; `verify` tells them apart.
            lead.input = connection.keys_of_lead()?.open_past(tenant, &lead, &sealed)?.unwrap_or_default();
        }
        Ok((seq, lead))
    };
    rows(connection, path, tenant, after, limit)?.into_iter().map(opened).collect()
}

fn rows(connection: &Connection, path: &Path, tenant: &TenantId, after: u64, limit: usize) -> Result<Vec<Kept>, Error> {
    let sql = format!("{LEAD} WHERE tenant = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3");
    let run = || {
        let mut statement = connection.prepare_cached(&sql)?;
        let rows = statement.query_map(params![tenant.as_str(), position(after), most(limit)], kept)?;
        rows.collect::<rusqlite::Result<Vec<Kept>>>()
    };
    run().map_err(|error| fault(path, &error))
}

/// Looks at a page of leads: the position of the last one, how many there are, and those that are not what was written.
pub(super) fn damaged_of(
    connection: &Connected,
    path: &Path,
    tenant: &TenantId,
    after: u64,
    limit: usize,
) -> Result<(Option<u64>, u64, Vec<String>), Error> {
    let page = rows(connection, path, tenant, after, limit)?;
    let (last, count) = (page.last().map(|(seq, ..)| *seq), u64::try_from(page.len()).unwrap_or(u64::MAX));
    let mut wrong = Vec::new();
    for (seq, lead, sealed) in page {
        let input = match sealed {
            Some(sealed) => connection.keys_of_lead()?.open_past(tenant, &lead, &sealed)?,
            None => Some(lead.input),
        };
        let is_lead =
            |input: &Vec<u8>| input.is_empty() || serde_json::from_slice::<serde_json::Map<_, _>>(input).is_ok();
        if !input.as_ref().is_some_and(is_lead) {
            wrong.push(format!("{tenant} history {seq}"));
        }
    }
    Ok((last, count, wrong))
}

impl SqliteStore {
    /// How many leads of the past are older than this.
    pub(super) fn count_history(&self, tenant: &TenantId, before: Timestamp) -> Result<u64, Error> {
        let sql = "SELECT count(*) FROM history WHERE tenant = ?1 AND at < ?2";
        self.ask(|connection| connection.query_row(sql, params![tenant.as_str(), before.millis()], |row| row.get(0)))
    }

    /// Lets go of leads of the past that are older, a bounded number in a transaction, and of their keys.
    pub(super) fn prune_history(&self, tenant: &TenantId, before: Timestamp, most: usize) -> Result<(), Error> {
        loop {
            let gone = self.transact(|connection| {
                let run = || {
                    let sql = "DELETE FROM history WHERE seq IN \
                               (SELECT seq FROM history WHERE tenant = ?1 AND at < ?2 LIMIT ?3) RETURNING sealed";
                    let mut statement = connection.prepare_cached(sql)?;
                    let params = params![tenant.as_str(), before.millis(), super::store::most(most)];
                    let rows = statement.query_map(params, |row| row.get(0))?;
                    let rows: Vec<Option<Vec<u8>>> = rows.collect::<Result<_, _>>()?;
                    let mut key = connection.prepare_cached("INSERT OR IGNORE INTO key_gone(key) VALUES (?1)")?;
                    let mut keys = rows.iter().flatten().filter_map(|sealed| key_of(sealed));
                    keys.try_for_each(|gone| key.execute([gone]).map(drop))?;
                    Ok(rows.len())
                };
                run().map_err(|error| fault(self.path(), &error))
            })?;
            self.destroy_keys()?;
            if gone < most {
                return Ok(());
            }
        }
    }

    /// Encrypts leads of the past that lie in clear, of all tenants and a bounded number in a transaction: the position of
    /// the last one that was looked at, and how many there were.
    pub(crate) fn seal_history(&self, after: u64, most: usize) -> Result<(Option<u64>, usize), Error> {
        self.transact(|connection| {
            let sealer = connection.keys_of_lead()?;
            let sql = format!("{LEAD_OF} WHERE seq > ?1 AND sealed IS NULL AND input <> x'' ORDER BY seq LIMIT ?2");
            let read = || {
                let mut statement = connection.prepare_cached(&sql)?;
                let params = params![position(after), super::store::most(most)];
                let rows = statement.query_map(params, |row| Ok((kept(row)?, parsed(row, 7)?)))?;
                rows.collect::<rusqlite::Result<Vec<(Kept, TenantId)>>>()
            };
            let rows = read().map_err(|error| fault(self.path(), &error))?;
            for ((seq, lead, _), tenant) in &rows {
                let sealed = sealer.seal_past(tenant, lead)?;
                let sql = "UPDATE history SET input = x'', sealed = ?2 WHERE seq = ?1";
                let run = || connection.prepare_cached(sql)?.execute(params![position(*seq), sealed]);
                run().map_err(|error| fault(self.path(), &error))?;
            }
            Ok((rows.last().map(|((seq, ..), _)| *seq), rows.len()))
        })
    }
}
