//! SQLite: beside a bare table that the same bytes are written to by one prepared statement in one transaction, and beside a
//! transaction a lead.

use super::{import, leads, ratio, told};
use rusqlite::{Connection, params};
use std::path::Path;
use std::time::{Duration, Instant};

/// A transaction a lead is measured with fewer.
const ALONE: usize = 500;

pub fn run(place: &Path, file: &Path, count: usize) {
    let text = std::fs::read_to_string(file).expect("readable");
    let lines: Vec<&str> = text.lines().collect();
    let bare = bare(&place.join("bare.db"), &lines);
    told("SQLite: one statement, one transaction", bare, count);
    let alone = alone(&place.join("alone.db"), &lines[..ALONE.min(lines.len())]);
    told("SQLite: a transaction a lead", alone, ALONE.min(count));
    drop(text);
    let store = place.join("history.db");
    let ours = import(store.to_str().expect("UTF-8"), file, &["--canonical", "--buyer", "buyer", "--price", "price"]);
    told("SQLite: leadwright import --canonical", ours, count);
    ratio("  of one statement, one transaction", ours, bare, 1.0);
    ratio("  times a transaction a lead", ours, alone, count as f64 / ALONE.min(count) as f64);
    for name in ["bare.db", "alone.db", "history.db"] {
        let _ = std::fs::remove_file(place.join(name));
    }
}

pub fn raw(place: &Path, file: &Path, count: usize) {
    let store = place.join("raw.db");
    let ours = import(store.to_str().expect("UTF-8"), file, &["--plan", leads::PLAN, "--threads", "2"]);
    told("SQLite: leadwright import --plan", ours, count);
}

fn open(path: &Path) -> Connection {
    let connection = Connection::open(path).expect("a file");
    let sql = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=4000; CREATE TABLE bare( \
               tenant TEXT, source TEXT, lead TEXT, at INTEGER, input BLOB, sales TEXT)";
    connection.execute_batch(sql).expect("a table");
    connection
}

const INSERT: &str = "INSERT INTO bare VALUES ('main', 'search-lp', ?1, ?2, ?3, '[]')";

fn bare(path: &Path, lines: &[&str]) -> Duration {
    let connection = open(path);
    let started = Instant::now();
    connection.execute_batch("BEGIN").expect("begun");
    let mut statement = connection.prepare(INSERT).expect("prepared");
    for (n, line) in lines.iter().enumerate() {
        statement.execute(params![format!("H{n}"), n, line.as_bytes()]).expect("written");
    }
    connection.execute_batch("COMMIT").expect("committed");
    started.elapsed()
}

fn alone(path: &Path, lines: &[&str]) -> Duration {
    let connection = open(path);
    let started = Instant::now();
    let mut statement = connection.prepare(INSERT).expect("prepared");
    for (n, line) in lines.iter().enumerate() {
        statement.execute(params![format!("H{n}"), n, line.as_bytes()]).expect("written");
    }
    started.elapsed()
}
