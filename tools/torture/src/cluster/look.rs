//! What a database has, read beside the library.

use crate::check::{Acked, Kept, right};
use crate::market::Limits;
use leadwright::model::TenantId;
use leadwright::store::{Store, Stored};
use leadwright_postgres::PostgresStore;
use postgres::{Client, NoTls, Row};
use std::collections::BTreeMap;

/// A connection that finds the tables.
pub(super) fn client(url: &str) -> Result<Client, String> {
    let mut client = Client::connect(url, NoTls).map_err(|error| error.to_string())?;
    client.batch_execute("SET search_path = leadwright").map_err(|error| error.to_string())?;
    Ok(client)
}

pub(super) fn all<K: Ord, V>(
    client: &mut Client,
    sql: &str,
    read: impl Fn(&Row) -> (K, V),
) -> Result<BTreeMap<K, V>, String> {
    let rows = client.query(sql, &[]).map_err(|error| format!("{sql}: {error}"))?;
    Ok(rows.iter().map(read).collect())
}

/// Checks all of it; gives back its decisions.
pub(super) fn check(url: &str, acked: &Acked, limits: Limits) -> Result<Vec<Stored>, String> {
    let store = PostgresStore::open(url).map_err(|error| format!("it does not open: {error}"))?;
    let (mut decisions, mut after) = (Vec::new(), 0);
    loop {
        let page = store.decisions(&TenantId::default(), after, 1_000).map_err(|error| error.to_string())?;
        let Some(last) = page.last() else { break };
        after = last.seq;
        decisions.extend(page);
    }
    let client = &mut client(url)?;
    let pair = |row: &Row| (row.get::<_, String>(0), row.get::<_, i64>(1));
    let rollups = "SELECT contract, outcome, sum(leads)::bigint, sum(revenue)::bigint FROM rollup GROUP BY 1, 2";
    let events = "SELECT kind, count(*) FROM event WHERE kind IN ('lead.decided.v1', 'lead.assigned.v1') GROUP BY 1";
    let kept = Kept {
        counters: all(client, "SELECT key, used FROM counter WHERE key LIKE 'contract:%'", pair)?,
        outbox: all(client, "SELECT key, contract FROM outbox", |row| (row.get(0), row.get(1)))?,
        rollups: all(client, rollups, |row| ((row.get(0), row.get(1)), (row.get(2), row.get(3))))?,
        events: all(client, events, pair)?,
    };
    right(&decisions, &kept, acked, limits)?;
    without_gaps(client)?;
    Ok(decisions)
}

/// Positions are counted up one by one, whatever was stopped in between.
fn without_gaps(client: &mut Client) -> Result<(), String> {
    for (table, column) in [("decision", "seq"), ("event", "position")] {
        let sql = format!("SELECT count(*), count(DISTINCT {column}), coalesce(max({column}), 0) FROM {table}");
        let row = client.query_one(&sql, &[]).map_err(|error| error.to_string())?;
        let (rows, distinct, last): (i64, i64, i64) = (row.get(0), row.get(1), row.get(2));
        if rows != distinct || rows != last {
            return Err(format!("{table}: {rows} rows, {distinct} different, the last is {last}"));
        }
    }
    Ok(())
}
