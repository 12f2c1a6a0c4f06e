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
pub(crate) fn fault(path: &Path, error: &rusqlite::Error) -> Error {
    Error::new(code(error), format!("{}: {error}", path.display()))
}

/// An error of a commit. SQLite may have written all of the transaction before it failed, and whoever opens the file next may
/// find it; only who was turned away did nothing for sure.
pub(crate) fn at_commit(path: &Path, error: &rusqlite::Error) -> Error {
    if is_busy(error) {
        return fault(path, error);
    }
    Error::new(Code::StoreCommitUnknown, format!("{}: {error}", path.display()))
}

/// A row that says what it cannot.
pub(crate) fn damaged(path: &Path, what: &str) -> Error {
    Error::new(Code::StoreCorrupt, format!("{}: {what}", path.display()))
}

/// What SQLite says where it gives no error and others are in the way.
pub(super) fn busy() -> rusqlite::Error {
    rusqlite::Error::SqliteFailure(rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_BUSY), None)
}

pub(super) fn is_busy(error: &rusqlite::Error) -> bool {
    code(error) == Code::StoreBusy
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Vector {
        why: String,
        sqlite: i32,
        /// Whether a commit failed.
        #[serde(default)]
        at_commit: bool,
        want: Want,
    }

    #[derive(serde::Deserialize)]
    struct Want {
        code: Code,
    }

    /// `vectors/store`: a result code of SQLite, and what it is in our words.
    #[test]
    fn every_vector_of_a_result_code() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../vectors/store");
        let mut count = 0;
        for entry in std::fs::read_dir(folder).unwrap() {
            let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
            let vector: Vector = serde_json::from_str(&text).unwrap();
            let error = rusqlite::Error::SqliteFailure(rusqlite::ffi::Error::new(vector.sqlite), None);
            let told = if vector.at_commit { at_commit } else { fault };
            let fault = told(Path::new("leads.db"), &error);
            assert_eq!(fault.code(), vector.want.code, "{}", vector.why);
            assert!(fault.to_string().contains("leads.db"), "{fault}");
            count += 1;
        }
        assert!(count >= 12, "there are only {count} vectors");
    }
}
