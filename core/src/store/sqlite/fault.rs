//! SQLite's errors, in our words.

use crate::model::{Code, Error};
use rusqlite::ErrorCode;
use std::path::Path;

/// The code of an error of SQLite.
fn code(error: &rusqlite::Error) -> Code {
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Code::StoreBusy,
        Some(ErrorCode::DatabaseCorrupt) => Code::StoreCorrupt,
        Some(ErrorCode::NotADatabase) => Code::StoreForeign,
        Some(ErrorCode::DiskFull) => Code::StoreFull,
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => Code::StoreReadOnly,
        _ => Code::StoreIo,
    }
}

/// An error with the file it is about. Values are never in SQLite's messages: all of ours are bound.
pub(super) fn fault(path: &Path, error: &rusqlite::Error) -> Error {
    Error::new(code(error), format!("{}: {error}", path.display()))
}

/// A row that says what it cannot.
pub(super) fn damaged(path: &Path, what: &str) -> Error {
    Error::new(Code::StoreCorrupt, format!("{}: {what}", path.display()))
}

pub(super) fn is_busy(error: &rusqlite::Error) -> bool {
    code(error) == Code::StoreBusy
}
