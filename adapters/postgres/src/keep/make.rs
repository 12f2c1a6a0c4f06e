//! Making partitions ahead, and for rows that came before theirs was made.

use super::partition::{CLAIM, Part, Period, TABLES, Table, in_rest, parts, periods};
use super::report::{Held, Kept, Made};
use super::{Every, Horizon, Keep, briefly};
use crate::link::Link;
use crate::look::{get, whole};
use leadwright::model::{Code, Error};

/// So many rows are moved to their partition in one transaction, while nobody can write.
pub(super) const MOST_MOVED: u64 = 20_000;

/// A day in milliseconds.
const DAY: i64 = 86_400_000;

/// Makes what is missing of all tables.
pub(super) fn all(link: &Link, keep: &Keep, horizon: &Horizon, kept: &mut Kept) -> Result<(), Error> {
    TABLES.iter().try_for_each(|table| of_table(link, table, keep, horizon, kept))
}

fn of_table(link: &Link, table: &Table, keep: &Keep, horizon: &Horizon, kept: &mut Kept) -> Result<(), Error> {
    let every = if table.name == CLAIM.name { keep.claims } else { keep.partition };
    let rest = in_rest(link, table, horizon.of(table))?;
    let there = parts(link, table)?;
    let now = horizon.now.millis();
    let ahead = match every {
        Every::Day => now.saturating_add(7 * DAY),
        // Two months more than the one that has this day, whichever they are.
        Every::Month => now.saturating_add(61 * DAY),
    };
    let first = rest.first().map_or(now, |(day, _)| now.min(*day));
    let last = rest.last().map_or(ahead, |(day, _)| ahead.max(*day));
    for period in periods(link, every, first, last)? {
        let rows = within(&rest, &period);
        let is_ahead = period.to > now && period.from <= ahead;
        if rows == 0 && !is_ahead {
            continue;
        }
        for period in free(link, every, &there, period)? {
            let rows = within(&rest, &period);
            let is_ahead = period.to > now && period.from <= ahead;
            let is_wanted = (rows > 0 || is_ahead) && rows <= MOST_MOVED;
            if is_wanted && !make(link, table, &period, rows, keep.dry_run, kept)? {
                return Ok(());
            }
        }
    }
    Ok(())
}

fn within(rest: &[(i64, u64)], period: &Period) -> u64 {
    rest.iter().filter(|(day, _)| (period.from..period.to).contains(day)).map(|(_, rows)| rows).sum()
}

fn overlaps(there: &[Part], period: &Period) -> bool {
    there.iter().any(|part| part.from < period.to && period.from < part.to)
}

/// What of a period has no partition: all of it, or days of it.
fn free(link: &Link, every: Every, there: &[Part], period: Period) -> Result<Vec<Period>, Error> {
    if !overlaps(there, &period) {
        return Ok(vec![period]);
    }
    let is_whole = there.iter().any(|part| part.from <= period.from && period.to <= part.to);
    if is_whole || every == Every::Day {
        return Ok(Vec::new());
    }
    // It was by day before.
    let mut days = periods(link, Every::Day, period.from, period.to.saturating_sub(1))?;
    days.retain(|day| !overlaps(there, day));
    Ok(days)
}

const STORAGE: &str =
    "SELECT coalesce(array_to_string(reloptions, ', '), '') FROM pg_class WHERE oid = to_regclass($1)";

/// Whether nobody kept it from being done.
fn make(link: &Link, table: &Table, period: &Period, rows: u64, dry_run: bool, kept: &mut Kept) -> Result<bool, Error> {
    let name = format!("{}_{}", table.name, period.name);
    if dry_run {
        kept.made.push(Made { partition: name, rows });
        return Ok(true);
    }
    let (parent, rest, at) = (table.name, table.rest(), table.at);
    let (from, to) = (period.from, period.to);
    let made = briefly(link, || {
        // As the DEFAULT one is stored: a change of it is a change of all that are made later.
        let storage: String =
            link.rows(STORAGE, &[&rest])?.first().map_or_else(|| Ok(String::new()), |row| get(row, 0))?;
        let storage = if storage.is_empty() { storage } else { format!("WITH ({storage})") };
        link.batch(&format!(
            "LOCK TABLE {parent} IN ACCESS EXCLUSIVE MODE; \
             CREATE TABLE {name} (LIKE {parent} INCLUDING DEFAULTS INCLUDING CONSTRAINTS) {storage}"
        ))?;
        let moved = link.rows(
            &format!(
                "WITH astray AS (DELETE FROM {rest} WHERE {at} >= $1 AND {at} < $2 RETURNING *), \
                 moved AS (INSERT INTO {name} SELECT * FROM astray RETURNING 1) SELECT count(*) FROM moved"
            ),
            &[&from, &to],
        )?;
        link.batch(&format!("ALTER TABLE {parent} ATTACH PARTITION {name} FOR VALUES FROM ({from}) TO ({to})"))?;
        moved.first().map_or(Ok(0), |row| whole(row, 0))
    });
    match made {
        Ok(rows) => {
            kept.made.push(Made { partition: name, rows });
            Ok(true)
        }
        Err(busy) if busy.code() == Code::StoreBusy => {
            kept.held.push(Held { partition: name, why: "locked" });
            Ok(false)
        }
        Err(error) => Err(error),
    }
}
