//! Opening stores, with the keys of their leads where these are encrypted: `LEADWRIGHT_KEYS` names the file that has them.
//! Keys are never words of the command line, which everybody on the machine can read.

use crate::commands::Failure;
use leadwright::store::{Keys, SqliteOptions, SqliteStore};
use std::path::Path;

const FILE: &str = "LEADWRIGHT_KEYS";

/// The keys that the environment names.
pub(crate) fn keys() -> Result<Option<Keys>, Failure> {
    let Some(path) = std::env::var_os(FILE).filter(|path| !path.is_empty()) else { return Ok(None) };
    let path = Path::new(&path);
    let unread = |why: &str| Failure::input(format!("{FILE}: {}: {why}", path.display()));
    let text = std::fs::read_to_string(path).map_err(|error| unread(&error.to_string()))?;
    Keys::read(&text).map(Some).map_err(|error| unread(&error.to_string()))
}

pub(crate) fn open(path: &Path, mut options: SqliteOptions) -> Result<SqliteStore, Failure> {
    options.keys = keys()?;
    Ok(SqliteStore::with_options(path, options)?)
}

/// One that must be there.
pub(crate) fn existing(path: &Path) -> Result<SqliteStore, Failure> {
    open(path, SqliteOptions { create: false, ..SqliteOptions::default() })
}

/// One that is only read: what is about no lead needs no keys.
pub(crate) fn reading(path: &Path) -> Result<SqliteStore, Failure> {
    open(path, SqliteOptions { create: false, read_only: true, ..SqliteOptions::default() })
}
