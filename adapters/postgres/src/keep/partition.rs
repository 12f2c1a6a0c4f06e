//! The partitions that are there.

use crate::checkup::Times;
use crate::link::Link;
use crate::look::{get, signed, whole};
use leadwright::model::{Error, Timestamp};

/// A table in partitions: its name, and the column that says which.
pub(super) struct Table {
    pub(super) name: &'static str,
    pub(super) at: &'static str,
}

pub(super) const DECISION: Table = Table { name: "decision", at: "at" };
pub(super) const EVENT: Table = Table { name: "event", at: "at" };
pub(super) const ATTEMPT: Table = Table { name: "attempt", at: "started_at" };
pub(super) const CLAIM: Table = Table { name: "claim", at: "at" };
pub(super) const TABLES: [&Table; 4] = [&DECISION, &EVENT, &ATTEMPT, &CLAIM];

impl Table {
    /// Its DEFAULT partition.
    pub(super) fn rest(&self) -> String {
        format!("{}_rest", self.name)
    }
}

/// A partition, from a time up to another.
pub(super) struct Part {
    pub(super) name: String,
    pub(super) from: i64,
    pub(super) to: i64,
    pub(super) bytes: u64,
}

const PARTS: &str = "SELECT c.relname::text, substring(b.bound FROM $$FROM \\('(-?[0-9]+)'\\)$$)::bigint, \
     substring(b.bound FROM $$TO \\('(-?[0-9]+)'\\)$$)::bigint, pg_total_relation_size(c.oid) \
     FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid, \
     LATERAL (SELECT pg_get_expr(c.relpartbound, c.oid) AS bound) AS b \
     WHERE i.inhparent = to_regclass($1) AND b.bound <> 'DEFAULT' ORDER BY 2 NULLS FIRST";

/// All but the DEFAULT one, the oldest first.
pub(super) fn parts(link: &Link, table: &Table) -> Result<Vec<Part>, Error> {
    let rows = link.rows(PARTS, &[&table.name])?;
    let read = |row| {
        Ok(Part {
            name: get(row, 0)?,
            // Somebody else's may have no end.
            from: get::<Option<i64>>(row, 1)?.unwrap_or(i64::MIN),
            to: get::<Option<i64>>(row, 2)?.unwrap_or(i64::MAX),
            bytes: whole(row, 3)?,
        })
    };
    rows.iter().map(read).collect()
}

/// A day or a month of UTC.
#[derive(Clone)]
pub(super) struct Period {
    pub(super) name: String,
    pub(super) from: i64,
    pub(super) to: i64,
}

const PERIODS: &str = "SELECT to_char(s, $1), (extract(epoch FROM s) * 1000)::bigint, \
     (extract(epoch FROM s + $2::text::interval) * 1000)::bigint FROM generate_series(date_trunc($3, \
     to_timestamp(($4::bigint / 1000.0)::float8)), to_timestamp(($5::bigint / 1000.0)::float8), $2::text::interval) AS s";

/// The periods from the one that has `from` to the one that has `upto`.
pub(super) fn periods(link: &Link, every: super::Every, from: i64, upto: i64) -> Result<Vec<Period>, Error> {
    let (form, step, unit) = match every {
        super::Every::Day => ("YYYYMMDD", "1 day", "day"),
        super::Every::Month => ("YYYYMM", "1 month", "month"),
    };
    let rows = link.rows(PERIODS, &[&form, &step, &unit, &from, &upto])?;
    rows.iter().map(|row| Ok(Period { name: get(row, 0)?, from: get(row, 1)?, to: get(row, 2)? })).collect()
}

/// How many rows the DEFAULT partition has of each day, since a time: the beginning of the day, and the number.
pub(super) fn in_rest(link: &Link, table: &Table, since: Option<Timestamp>) -> Result<Vec<(i64, u64)>, Error> {
    let (rest, at) = (table.rest(), table.at);
    let sql = format!(
        "SELECT {at} - ({at} % 86400000 + 86400000) % 86400000, count(*) FROM {rest} WHERE {at} >= $1 GROUP BY 1 ORDER BY 1"
    );
    let since = since.map_or(i64::MIN, |since| signed(since.millis()));
    link.rows(&sql, &[&since])?.iter().map(|row| Ok((get(row, 0)?, whole(row, 1)?))).collect()
}

/// Rows are counted no further than to here.
const MOST_ASTRAY: i64 = 100_000;

/// How far ahead the partitions of each table are made, and what lies in its DEFAULT one that one of them should have. What is
/// older than the first is what was needed when its own went.
pub(crate) fn partitions(link: &Link) -> Result<Vec<Times>, Error> {
    let now: i64 = link.rows("SELECT cap_now()", &[])?.first().map_or(Ok(0), |row| get(row, 0))?;
    let of = |table: &&'static Table| {
        let parts = parts(link, table)?;
        let (rest, at) = (table.rest(), table.at);
        let may = link.rows("SELECT has_table_privilege(to_regclass($1), 'SELECT')", &[&rest])?;
        let astray = if may.first().map_or(Ok(false), |row| get(row, 0))? {
            let since = parts.first().map_or(i64::MIN, |first| first.from);
            let sql =
                format!("SELECT count(*) FROM (SELECT 1 FROM {rest} WHERE {at} >= $1 LIMIT {MOST_ASTRAY}) AS astray");
            link.rows(&sql, &[&since])?.first().map(|row| whole(row, 0)).transpose()?
        } else {
            None
        };
        let upto = parts.iter().map(|part| part.to).max().unwrap_or(now);
        let count = parts.len() as u64;
        Ok(Times { table: table.name, count, ahead_millis: upto.saturating_sub(now).max(0), astray })
    };
    TABLES.iter().map(of).collect()
}
