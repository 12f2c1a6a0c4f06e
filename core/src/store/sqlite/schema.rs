//! The tables, and how they came to be: numbered steps that are never changed, only added to.

use super::fault::{damaged, fault};
use super::header::APPLICATION_ID;
use crate::model::{Code, Error};
use rusqlite::{Connection, params};
use sha2::{Digest, Sha256};
use std::path::Path;

/// What makes a file one of ours, and how its tables came to be.
pub(crate) struct Form {
    /// The number in the header that says what it is.
    pub(crate) application_id: u32,
    /// Name and statements of each step, from version 1 on.
    pub(crate) steps: &'static [(&'static str, &'static str)],
    /// Whether it is a store, whose leads may be encrypted.
    pub(crate) is_store: bool,
}

impl Form {
    /// The version that this library writes.
    pub(crate) fn version(&self) -> u32 {
        u32::try_from(self.steps.len()).unwrap_or(u32::MAX)
    }
}

/// A store.
pub(super) static STORE: Form = Form { application_id: APPLICATION_ID, steps: STEPS, is_store: true };

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
    ("inner", include_str!("009-inner.sql")),
    ("reservations", include_str!("010-reservations.sql")),
    ("ledger", include_str!("011-ledger.sql")),
    ("sealed", include_str!("012-sealed.sql")),
    ("deliveries", include_str!("013-deliveries.sql")),
    ("history", include_str!("014-history.sql")),
    ("holds", include_str!("015-holds.sql")),
    ("entries", include_str!("016-entries.sql")),
];

fn checksum(sql: &str) -> String {
    Sha256::digest(sql).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Brings a file up to date inside of one transaction that the caller has begun.
pub(super) fn migrate(connection: &Connection, path: &Path, form: &Form) -> Result<(), Error> {
    let wrong = |error: rusqlite::Error| fault(path, &error);
    let mut version: u32 = connection.query_row("PRAGMA user_version", [], |row| row.get(0)).map_err(wrong)?;
    // Where the process has the file open, nobody looked at its header a second time.
    let id: u32 = connection.query_row("PRAGMA application_id", [], |row| row.get(0)).map_err(wrong)?;
    if version > 0 && id != form.application_id {
        return Err(Error::new(Code::StoreForeign, path.display().to_string()));
    }
    if version > form.version() {
        return Err(Error::new(Code::StoreNewer, path.display().to_string()));
    }
    if version == 0 {
        connection.pragma_update(None, "application_id", form.application_id).map_err(wrong)?;
    }
    for (name, sql) in form.steps.iter().skip(usize::try_from(version).unwrap_or(usize::MAX)) {
        version += 1;
        connection.execute_batch(sql).map_err(wrong)?;
        let row = params![version, name, checksum(sql)];
        connection.execute("INSERT INTO migration(version, name, checksum) VALUES (?1, ?2, ?3)", row).map_err(wrong)?;
        connection.pragma_update(None, "user_version", version).map_err(wrong)?;
    }
    verify(connection, path, form)
}

/// Whether the steps that made the file are those that we know.
fn verify(connection: &Connection, path: &Path, form: &Form) -> Result<(), Error> {
    let others = other_steps(connection, form).map_err(|error| fault(path, &error))?;
    if others.is_empty() { Ok(()) } else { Err(damaged(path, "its tables were made by other steps than ours")) }
}

/// The steps that made the file and are not those that we know, by number and name.
pub(super) fn other_steps(connection: &Connection, form: &Form) -> rusqlite::Result<Vec<(usize, String)>> {
    let version: usize = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    let mut statement = connection.prepare("SELECT checksum FROM migration ORDER BY version")?;
    let found: Vec<String> = statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    let step = |number: usize| {
        let known = form.steps.get(number).filter(|_| number < version);
        let same = known.map(|(_, sql)| checksum(sql)).as_ref() == found.get(number);
        (!same).then(|| (number + 1, known.map_or("unknown", |(name, _)| name).to_owned()))
    };
    Ok((0..version.max(found.len())).filter_map(step).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn a_file_of_any_version_before_is_brought_up_to_date() {
        let ledger = STEPS.iter().position(|(name, _)| *name == "ledger").unwrap() + 1;
        for version in 1..STEPS.len() {
            let connection = Connection::open_in_memory().unwrap();
            connection.pragma_update(None, "application_id", APPLICATION_ID).unwrap();
            for (number, (name, sql)) in (1..).zip(&STEPS[..version]) {
                connection.execute_batch(sql).unwrap();
                let row = params![number, name, checksum(sql)];
                connection.execute("INSERT INTO migration VALUES (?1, ?2, ?3)", row).unwrap();
                connection.pragma_update(None, "user_version", number).unwrap();
            }
            connection.execute("INSERT INTO plan VALUES ('p', '{}')", []).unwrap();
            let funds =
                "INSERT INTO counter VALUES ('main', 'buyer:acme|funds', 25), ('main', 'buyer:b|day:1|count|sold', 3);
                INSERT INTO clock VALUES ('main', 1764028800000)";
            connection.execute_batch(funds).unwrap();
            let row = "INSERT INTO decision(seq, tenant, source, lead, n, at, requested_at, seed, plan, outcome, payload, input, \
                       reads, body, digest) VALUES (1, 'main', 'web', 'L1', 1, 0, 0, 0, 'p', 'test', x'', x'', '', x'', '')";
            connection.execute(row, []).unwrap();
            assert!(other_steps(&connection, &STORE).unwrap().is_empty(), "an older file is no damaged one");
            migrate(&connection, Path::new("leads.db"), &STORE).unwrap();
            let row = "SELECT inner IS NULL, (SELECT user_version FROM pragma_user_version) FROM decision";
            let row = connection.query_row(row, [], |row| Ok((row.get(0)?, row.get(1)?)));
            assert_eq!(row.unwrap(), (true, STORE.version()), "from {version}");
            // A file that had a ledger when it was written goes on with it.
            if version >= ledger {
                continue;
            }
            let row = "SELECT (SELECT value FROM setting WHERE key = 'ledger_after'), account, date, kind, debit, \
                       (SELECT count(*) || ' ' || sum(debit) FROM ledger_entry) FROM ledger_day";
            let row = connection.query_row(row, [], |row| {
                let text = |n| row.get::<_, String>(n);
                Ok(([text(0)?, text(1)?, text(2)?, text(3)?, text(5)?], row.get::<_, i64>(4)?))
            });
            let carried = ["1", "funds:acme", "2025-11-25", "deposit", "1 -25"].map(str::to_owned);
            assert_eq!(row.unwrap(), (carried, -25), "the ledger begins with what buyers have, from {version}");
        }
    }

    /// Whoever asks where personal data lies must find every table.
    #[test]
    fn docs_say_of_every_table_what_it_holds() {
        let connection = Connection::open_in_memory().unwrap();
        migrate(&connection, Path::new("leads.db"), &STORE).unwrap();
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
