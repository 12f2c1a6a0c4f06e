//! Whether the file itself is whole: what SQLite says of it, and the steps that made its tables.

use super::finding::{Finding, FindingKind};
use crate::model::Error;
use crate::store::SqliteStore;
use crate::store::sqlite::schema;
use rusqlite::{Connection, ErrorCode};

/// More of one kind tell nothing new.
const MOST: usize = 100;

impl SqliteStore {
    /// What SQLite finds wrong with the file, rows that name others that are not there, and steps that are not ours. It
    /// reads all of it; [`verify`](crate::care::verify) does this and looks at what the tables say, too.
    ///
    /// # Errors
    /// `store.*`.
    pub fn check_file(&self) -> Result<Vec<Finding>, Error> {
        self.ask(findings)
    }
}

pub(super) fn findings(connection: &Connection) -> rusqlite::Result<Vec<Finding>> {
    let mut findings = Vec::new();
    // SQLite may find a page so odd that it gives up.
    match integrity(connection, &mut findings) {
        Err(error) if is_corrupt(&error) => {
            findings.push(Finding::new(FindingKind::FileIntegrity, "the file", error.to_string()));
        }
        done => done?,
    }
    // What a damaged file says of its rows is not worth asking for.
    if findings.is_empty() {
        foreign_keys(connection, &mut findings)?;
        steps(connection, &mut findings)?;
    }
    Ok(findings)
}

fn is_corrupt(error: &rusqlite::Error) -> bool {
    error.sqlite_error_code() == Some(ErrorCode::DatabaseCorrupt)
}

fn integrity(connection: &Connection, findings: &mut Vec<Finding>) -> rusqlite::Result<()> {
    let mut statement = connection.prepare(&format!("PRAGMA integrity_check({MOST})"))?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let said: String = row.get(0)?;
        if said != "ok" {
            findings.push(Finding::new(FindingKind::FileIntegrity, "the file", said));
        }
    }
    Ok(())
}

fn foreign_keys(connection: &Connection, findings: &mut Vec<Finding>) -> rusqlite::Result<()> {
    let mut statement = connection.prepare("PRAGMA foreign_key_check")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        if findings.len() >= MOST {
            break;
        }
        let (table, id, parent): (String, Option<i64>, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let place = id.map_or_else(|| table.clone(), |id| format!("{table} row {id}"));
        findings.push(Finding::new(FindingKind::FileForeignKey, place, parent));
    }
    Ok(())
}

fn steps(connection: &Connection, findings: &mut Vec<Finding>) -> rusqlite::Result<()> {
    for (version, name) in schema::other_steps(connection, &schema::STORE)? {
        findings.push(Finding::new(FindingKind::FileMigration, format!("step {version}"), name));
    }
    Ok(())
}
