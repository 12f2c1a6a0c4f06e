//! Opening stores: files, with the keys of their leads where these are encrypted (`LEADWRIGHT_KEYS` names the file that has
//! them), and PostgreSQL, by its URL.
//! Keys are never words of the command line, which everybody on the machine can read.

use crate::commands::Failure;
use leadwright::model::Durability;
use leadwright::store::{Keys, SqliteOptions, SqliteStore, Store};
use leadwright_postgres::{Password, PostgresOptions, PostgresStore, ShardMap, ShardedStore};
use std::path::Path;
use std::sync::Arc;

const FILE: &str = "LEADWRIGHT_KEYS";

/// The keys that the environment names.
pub(crate) fn keys() -> Result<Option<Keys>, Failure> {
    let Some(path) = std::env::var_os(FILE).filter(|path| !path.is_empty()) else { return Ok(None) };
    let path = Path::new(&path);
    let unread = |why: &str| Failure::input(format!("{FILE}: {}: {why}", path.display()));
    let text = std::fs::read_to_string(path).map_err(|error| unread(&error.to_string()))?;
    Keys::read(&text).map(Some).map_err(|error| unread(&error.to_string()))
}

/// A store by its place: a path, or the URL of a PostgreSQL database.
pub(crate) fn open(place: &Path, durability: Durability) -> Result<Arc<dyn Store>, Failure> {
    match url(place) {
        Some(url) => database(url, PostgresOptions { durability, ..PostgresOptions::default() }),
        None => Ok(Arc::new(file(place, SqliteOptions { durability, ..SqliteOptions::default() })?)),
    }
}

/// One that must be there.
pub(crate) fn existing(place: &Path) -> Result<Arc<dyn Store>, Failure> {
    match url(place) {
        Some(url) => database(url, PostgresOptions { migrate: false, ..PostgresOptions::default() }),
        None => Ok(Arc::new(existing_file(place)?)),
    }
}

/// One that is only read: what is about no lead needs no keys.
pub(crate) fn reading(place: &Path) -> Result<Arc<dyn Store>, Failure> {
    match url(place) {
        Some(url) => database(url, PostgresOptions { read_only: true, ..PostgresOptions::default() }),
        None => Ok(Arc::new(reading_file(place)?)),
    }
}

/// A file that must be there: for what only files have.
pub(crate) fn existing_file(path: &Path) -> Result<SqliteStore, Failure> {
    file(path, SqliteOptions { create: false, ..SqliteOptions::default() })
}

/// A file that is only read.
pub(crate) fn reading_file(path: &Path) -> Result<SqliteStore, Failure> {
    file(path, SqliteOptions { create: false, read_only: true, ..SqliteOptions::default() })
}

fn file(path: &Path, mut options: SqliteOptions) -> Result<SqliteStore, Failure> {
    if url(path).is_some() {
        return Err(Failure::usage("this is for files; for PostgreSQL see docs/postgres.md, and use its own tools"));
    }
    options.keys = keys()?;
    Ok(SqliteStore::with_options(path, options)?)
}

/// The place of a store as it may be printed: the URL of a database can have a password.
pub(crate) fn shown(place: &Path) -> String {
    url(place).map_or_else(|| place.display().to_string(), leadwright_postgres::shown)
}

fn url(place: &Path) -> Option<&str> {
    place.to_str().filter(|text| leadwright_postgres::is_url(text))
}

/// Whether a store is in PostgreSQL.
pub(crate) fn is_database(place: &Path) -> bool {
    url(place).is_some()
}

/// A database that is only read.
pub(crate) fn reading_database(place: &Path) -> Result<PostgresStore, Failure> {
    let url = url(place).unwrap_or_default();
    connected(url, PostgresOptions { read_only: true, ..PostgresOptions::default() })
}

/// The tables of a database, for what only PostgreSQL has.
pub(crate) fn existing_database(place: &Path) -> Result<PostgresStore, Failure> {
    let url =
        url(place).ok_or_else(|| Failure::usage("--store: this is for PostgreSQL: postgres://user@host/database"))?;
    connected(url, PostgresOptions { migrate: false, ..PostgresOptions::default() })
}

/// The databases of a map, whose tables are there.
pub(crate) fn sharded(map: ShardMap) -> Result<ShardedStore, Failure> {
    Ok(ShardedStore::open(map, &told(PostgresOptions { migrate: false, ..PostgresOptions::default() }))?)
}

/// The schema that has the tables.
pub(crate) fn schema() -> String {
    let named = std::env::var("LEADWRIGHT_SCHEMA").ok().filter(|schema| !schema.is_empty());
    named.unwrap_or_else(|| PostgresOptions::default().schema)
}

fn database(url: &str, options: PostgresOptions) -> Result<Arc<dyn Store>, Failure> {
    Ok(Arc::new(connected(url, options)?))
}

/// The password comes from the environment, as with PostgreSQL's own tools: words of the command line are read by everybody.
fn connected(url: &str, options: PostgresOptions) -> Result<PostgresStore, Failure> {
    Ok(PostgresStore::with_options(url, told(options))?)
}

/// With what the environment says.
fn told(mut options: PostgresOptions) -> PostgresOptions {
    options.password = std::env::var("PGPASSWORD").ok().filter(|password| !password.is_empty()).map(Password::new);
    options.schema = schema();
    options
}
