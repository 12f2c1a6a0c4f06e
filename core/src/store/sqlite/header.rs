//! What a file is, read before SQLite opens it: opening would already write beside a file that is not ours.

use super::schema;
use crate::model::{Code, Error};
use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::Path;

/// "LEAD".
pub(super) const APPLICATION_ID: u32 = 0x4C45_4144;

/// <https://www.sqlite.org/fileformat.html> §1.3: where the header has the two numbers.
const USER_VERSION: std::ops::Range<usize> = 60..64;
const APPLICATION: std::ops::Range<usize> = 68..72;
const MAGIC: &[u8] = b"SQLite format 3\0";

/// What stands at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// Nothing, or an empty file.
    Nothing,
    /// A store of ours.
    Ours,
}

/// Looks at a file.
///
/// # Errors
/// `store.foreign` for a file of something else, `store.newer` for one of a later version, `store.io`.
pub(super) fn look(path: &Path) -> Result<Found, Error> {
    let about = |code: Code, what: &str| Error::new(code, format!("{}{what}", path.display()));
    let mut file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Found::Nothing),
        Err(error) => return Err(about(Code::StoreIo, &format!(": {error}"))),
    };
    let mut header = Vec::with_capacity(100);
    if let Err(error) = file.by_ref().take(100).read_to_end(&mut header) {
        let what = if path.is_dir() { " is a folder".to_owned() } else { format!(": {error}") };
        return Err(about(Code::StoreForeign, &what));
    }
    if header.is_empty() {
        return Ok(Found::Nothing);
    }
    if !header.starts_with(MAGIC) || number(&header, APPLICATION) != Some(APPLICATION_ID) {
        return Err(about(Code::StoreForeign, ""));
    }
    if number(&header, USER_VERSION).is_none_or(|version| version > schema::VERSION) {
        return Err(about(Code::StoreNewer, ""));
    }
    Ok(Found::Ours)
}

fn number(header: &[u8], range: std::ops::Range<usize>) -> Option<u32> {
    Some(u32::from_be_bytes(header.get(range)?.try_into().ok()?))
}
