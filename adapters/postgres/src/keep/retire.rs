//! Partitions that are old go as a whole; what of them is still needed lies in the DEFAULT one then.

use super::partition::{ATTEMPT, DECISION, EVENT, Part, TABLES, Table, parts};
use super::report::{Dropped, Held, Kept};
use super::{Horizon, Keep, briefly, old, transaction};
use crate::link::Link;
use crate::look::{get, parsed, whole};
use leadwright::model::{Code, Error, TenantId};
use std::collections::BTreeMap;

/// A partition that was taken out and not dropped yet, by its name.
const RETIRED: &str = "SELECT relname::text, pg_total_relation_size(oid) FROM pg_class \
     WHERE relnamespace = to_regnamespace(current_schema()) AND relkind = 'r' AND NOT relispartition \
     AND relname ~ '^(decision|event|attempt|claim)_[0-9]+_retired$' ORDER BY relname";

/// Drops what was taken out: also by a keeper that was stopped before it came so far.
pub(super) fn leftovers(link: &Link, kept: &mut Kept) -> Result<(), Error> {
    for row in link.rows(RETIRED, &[])? {
        let (name, bytes) = (get::<String>(&row, 0)?, whole(&row, 1)?);
        transaction(link, "SET LOCAL lock_timeout = '10s'", || link.batch(&format!("DROP TABLE {name}")))?;
        kept.dropped.push(Dropped { partition: name.trim_end_matches("_retired").to_owned(), bytes });
    }
    Ok(())
}

pub(super) fn all(link: &Link, keep: &Keep, horizon: &Horizon, kept: &mut Kept) -> Result<(), Error> {
    for table in TABLES {
        let Some(before) = horizon.of(table) else { continue };
        for part in parts(link, table)?.into_iter().filter(|part| part.to <= before.millis()) {
            if table.name == EVENT.name && is_unread(link, &part)? {
                kept.held.push(Held { partition: part.name, why: "unread" });
            } else if keep.dry_run {
                kept.dropped.push(Dropped { partition: part.name, bytes: part.bytes });
            } else if !retire(link, table, &part, kept)? {
                // Whoever has the table has it still.
                break;
            }
        }
    }
    Ok(())
}

/// Whether a subscriber has not read all of it.
fn is_unread(link: &Link, part: &Part) -> Result<bool, Error> {
    let sql = format!(
        "SELECT EXISTS (SELECT 1 FROM subscriber s WHERE s.position IS NOT NULL AND EXISTS (SELECT 1 FROM {} e \
         WHERE e.tenant = s.tenant AND e.position > s.position AND e.about IS NULL))",
        part.name
    );
    link.rows(&sql, &[])?.first().map_or(Ok(false), |row| get(row, 0))
}

/// Whether nobody kept it from being done.
fn retire(link: &Link, table: &Table, part: &Part, kept: &mut Kept) -> Result<bool, Error> {
    let held = |why| Held { partition: part.name.clone(), why };
    let out = loop {
        // What the ids of its decisions stand for goes first: nobody is told of a decision that is gone.
        let (ends, needed) = match table.name == DECISION.name {
            true => {
                let ends = ends(link, part)?;
                (ends.clone(), old::ids(link, &part.name, (part.from, part.to), &ends, kept)?)
            }
            false => (BTreeMap::new(), Vec::new()),
        };
        match briefly(link, || take_out(link, table, part, &ends, &needed)) {
            // Somebody whose clock is far behind has written into it meanwhile.
            Ok(Taken::Changed) => {}
            other => break other,
        }
    };
    match out {
        Ok(Taken::Out(needed)) => {
            kept.needed = kept.needed.saturating_add(needed);
            leftovers(link, kept).map(|()| true)
        }
        Ok(_) => {
            kept.held.push(held("unread"));
            Ok(true)
        }
        Err(busy) if busy.code() == Code::StoreBusy => {
            kept.held.push(held("locked"));
            Ok(false)
        }
        Err(error) => Err(error),
    }
}

/// How it went to take a partition out.
enum Taken {
    /// It is out, and so many of its rows stay.
    Out(u64),
    /// It has other decisions than it had.
    Changed,
    /// It has events that somebody has not read.
    Unread,
}

/// The last decision of each tenant in a partition, found without reading it all.
fn ends(link: &Link, part: &Part) -> Result<BTreeMap<TenantId, i64>, Error> {
    let name = &part.name;
    let sql = format!(
        "WITH RECURSIVE ends AS ((SELECT tenant, seq FROM {name} ORDER BY tenant DESC, seq DESC LIMIT 1) UNION ALL \
         SELECT below.tenant, below.seq FROM ends, LATERAL (SELECT p.tenant, p.seq FROM {name} p \
         WHERE p.tenant < ends.tenant ORDER BY p.tenant DESC, p.seq DESC LIMIT 1) AS below) SELECT tenant, seq FROM ends"
    );
    let rows = link.rows(&sql, &[])?;
    rows.iter().map(|row| Ok((parsed(row, 0)?, get(row, 1)?))).collect()
}

/// Detaches it, with what is needed put aside.
fn take_out(
    link: &Link,
    table: &Table,
    part: &Part,
    known: &BTreeMap<TenantId, i64>,
    needed: &[(String, i64)],
) -> Result<Taken, Error> {
    let (parent, name) = (table.name, &part.name);
    link.batch(&format!("LOCK TABLE {parent} IN ACCESS EXCLUSIVE MODE"))?;
    if table.name == DECISION.name && ends(link, part)? != *known {
        return Ok(Taken::Changed);
    }
    if table.name == EVENT.name && is_unread(link, part)? {
        return Ok(Taken::Unread);
    }
    link.batch(&format!("ALTER TABLE {parent} DETACH PARTITION {name}"))?;
    let saved = if table.name == DECISION.name {
        let (tenants, seqs): (Vec<&str>, Vec<i64>) = needed.iter().map(|(tenant, seq)| (tenant.as_str(), *seq)).unzip();
        let sql = format!(
            "WITH saved AS (INSERT INTO {parent} SELECT d.* FROM unnest($1::text[], $2::bigint[]) AS w(tenant, seq) \
             JOIN {name} d ON d.tenant = w.tenant AND d.seq = w.seq RETURNING 1) SELECT count(*) FROM saved"
        );
        link.rows(&sql, &[&tenants, &seqs])?
    } else if table.name == EVENT.name {
        // Who operated what stays.
        link.rows(&saving(parent, &format!("SELECT * FROM {name} WHERE about IS NOT NULL")), &[])?
    } else if table.name == ATTEMPT.name {
        let theirs = format!("SELECT a.* FROM {name} a JOIN outbox o ON o.tenant = a.tenant AND o.id = a.outbox");
        link.rows(&saving(parent, &theirs), &[])?
    } else {
        Vec::new()
    };
    link.batch(&format!("ALTER TABLE {name} RENAME TO {name}_retired"))?;
    saved.first().map_or(Ok(0), |row| whole(row, 0)).map(Taken::Out)
}

fn saving(parent: &str, which: &str) -> String {
    format!("WITH saved AS (INSERT INTO {parent} {which} RETURNING 1) SELECT count(*) FROM saved")
}
