//! The tables, and how they came to be: numbered steps that are never changed, only added to.

use crate::fault::damaged;
use crate::link::Link;
use crate::options::PostgresOptions;
use leadwright::model::{Code, Error};
use sha2::{Digest, Sha256};

/// Name and statements of each step, from version 1 on.
pub(crate) const STEPS: &[(&str, &str)] = &[
    ("first", include_str!("migrations/001-first.sql")),
    ("leases", include_str!("migrations/002-leases.sql")),
    ("views", include_str!("migrations/003-views.sql")),
    ("history", include_str!("migrations/004-history.sql")),
    ("holds", include_str!("migrations/005-holds.sql")),
    ("entries", include_str!("migrations/006-entries.sql")),
];

/// Whoever migrates holds it: nodes that start at the same time wait for the first one.
const LOCK: i64 = 0x6c65_6164_7772_6967;

fn checksum(sql: &str) -> String {
    Sha256::digest(sql).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Brings the tables up to date, or says why they are none of ours.
pub(crate) fn ready(link: &Link, options: &PostgresOptions) -> Result<(), Error> {
    let found = version(link, options)?;
    if found == STEPS.len() {
        return verify(link, found);
    }
    if found > STEPS.len() {
        return Err(Error::new(Code::StoreNewer, link.place.clone()));
    }
    if options.read_only || !options.migrate {
        let code = if found == 0 { Code::StoreMissing } else { Code::StoreReadOnly };
        return Err(Error::new(
            code,
            format!("{}: its tables are of version {found}, and may not be changed", link.place),
        ));
    }
    // Building an index may take longer than any statement of ours otherwise does; and whoever came first may take long.
    link.batch("BEGIN; SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = '10min'")?;
    let done = link.rows("SELECT pg_advisory_xact_lock($1)", &[&LOCK]).and_then(|_| bring(link, options));
    link.batch(if done.is_ok() { "COMMIT" } else { "ROLLBACK" })?;
    done
}

fn bring(link: &Link, options: &PostgresOptions) -> Result<(), Error> {
    let found = version(link, options)?;
    if found == 0 {
        let named = options.schema.as_str();
        let there = link.rows("SELECT 1 FROM information_schema.schemata WHERE schema_name = $1", &[&named])?;
        if there.is_empty() {
            link.batch(&format!("CREATE SCHEMA {named}"))?;
        }
        let others = "SELECT 1 FROM information_schema.tables WHERE table_schema = $1 LIMIT 1";
        if !link.rows(others, &[&named])?.is_empty() {
            return Err(Error::new(Code::StoreForeign, format!("{}: the schema {named} has other tables", link.place)));
        }
        link.batch("CREATE TABLE migration(version bigint PRIMARY KEY, name text NOT NULL, checksum text NOT NULL)")?;
    }
    for (number, (name, sql)) in (1_i64..).zip(STEPS).skip(found) {
        link.batch(sql)?;
        let row = "INSERT INTO migration(version, name, checksum) VALUES ($1, $2, $3)";
        link.rows(row, &[&number, name, &checksum(sql)])?;
    }
    verify(link, STEPS.len())
}

/// How many steps the tables have taken; 0 where there are none.
fn version(link: &Link, options: &PostgresOptions) -> Result<usize, Error> {
    let sql = "SELECT 1 FROM information_schema.tables WHERE table_schema = $1 AND table_name = 'migration'";
    if link.rows(sql, &[&options.schema])?.is_empty() {
        return Ok(0);
    }
    let rows = link.rows("SELECT count(*) FROM migration", &[])?;
    let count: i64 = rows.first().map_or(0, |row| row.get(0));
    Ok(usize::try_from(count).unwrap_or(0))
}

/// Whether the steps that made the tables are those that we know.
fn verify(link: &Link, version: usize) -> Result<(), Error> {
    let rows = link.rows("SELECT checksum FROM migration ORDER BY version", &[])?;
    let found: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    let known: Vec<String> = STEPS.iter().take(version).map(|(_, sql)| checksum(sql)).collect();
    if found == known { Ok(()) } else { Err(damaged(&link.place, "its tables were made by other steps than ours")) }
}
