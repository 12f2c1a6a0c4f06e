//! The tables, and how they came to be: numbered steps that are never changed, only added to.

use super::fault::{damaged, fault};
use super::header::APPLICATION_ID;
use crate::model::{Code, Error};
use rusqlite::{Connection, params};
use sha2::{Digest, Sha256};
use std::path::Path;

/// The version that this library writes.
pub(super) const VERSION: u32 = 8;

/// Name and statements of each step, from version 1 on.
const STEPS: &[(&str, &str)] = &[
    ("first", include_str!("001-first.sql")),
    ("catch_up", include_str!("002-catch-up.sql")),
    ("settings", include_str!("003-settings.sql")),
    ("moments", include_str!("004-moments.sql")),
    ("waiting", include_str!("005-waiting.sql")),
    ("rollup_day", include_str!("006-rollup-day.sql")),
    ("problems", include_str!("007-problems.sql")),
    ("subscribers", include_str!("008-subscribers.sql")),
];

fn checksum(sql: &str) -> String {
    Sha256::digest(sql).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Brings a file up to date inside of one transaction that the caller has begun.
pub(super) fn migrate(connection: &Connection, path: &Path) -> Result<(), Error> {
    let wrong = |error: rusqlite::Error| fault(path, &error);
    let mut version: u32 = connection.query_row("PRAGMA user_version", [], |row| row.get(0)).map_err(wrong)?;
    if version > VERSION {
        return Err(Error::new(Code::StoreNewer, path.display().to_string()));
    }
    if version == 0 {
        connection.pragma_update(None, "application_id", APPLICATION_ID).map_err(wrong)?;
    }
    for (name, sql) in STEPS.iter().skip(usize::try_from(version).unwrap_or(usize::MAX)) {
        version += 1;
        connection.execute_batch(sql).map_err(wrong)?;
        let row = params![version, name, checksum(sql)];
        connection.execute("INSERT INTO migration(version, name, checksum) VALUES (?1, ?2, ?3)", row).map_err(wrong)?;
        connection.pragma_update(None, "user_version", version).map_err(wrong)?;
    }
    verify(connection, path)
}

/// Whether the steps that made the file are those that we know.
fn verify(connection: &Connection, path: &Path) -> Result<(), Error> {
    let wrong = |error: rusqlite::Error| fault(path, &error);
    let mut statement = connection.prepare("SELECT checksum FROM migration ORDER BY version").map_err(wrong)?;
    let rows = statement.query_map([], |row| row.get::<_, String>(0)).map_err(wrong)?;
    let found: Vec<String> = rows.collect::<Result<_, _>>().map_err(wrong)?;
    let known: Vec<String> = STEPS.iter().map(|(_, sql)| checksum(sql)).collect();
    if found == known { Ok(()) } else { Err(damaged(path, "its tables were made by other steps than ours")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    /// Whoever asks where personal data lies must find every table.
    #[test]
    fn docs_say_of_every_table_what_it_holds() {
        let connection = Connection::open_in_memory().unwrap();
        migrate(&connection, Path::new("leads.db")).unwrap();
        let mut statement = connection
            .prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
            .unwrap();
        let tables: BTreeSet<String> = statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
        let docs = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/store.md");
        let text = std::fs::read_to_string(docs).unwrap();
        let rows = text.lines().skip_while(|line| *line != "| table | personal data |").skip(2);
        let named = rows.take_while(|line| line.starts_with('|')).filter_map(|line| line.split('|').nth(1));
        let named: BTreeSet<String> =
            named.flat_map(|cell| cell.split(',')).map(|name| name.trim().trim_matches('`').to_owned()).collect();
        assert_eq!(named, tables);
    }
}
