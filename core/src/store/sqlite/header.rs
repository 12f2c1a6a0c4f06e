//! What a file is, read before SQLite opens it: opening would already write beside a file that is not ours.

use super::schema::Form;
use crate::model::{Code, Error};
use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::Path;

/// "LEAD": a store.
pub(super) const APPLICATION_ID: u32 = 0x4C45_4144;

/// <https://www.sqlite.org/fileformat.html> §1.3: where the header has the two numbers.
const USER_VERSION: std::ops::Range<usize> = 60..64;
const APPLICATION: std::ops::Range<usize> = 68..72;
const MAGIC: &[u8] = b"SQLite format 3\0";

/// §3 of the same: how a journal begins, and where it says how many pages the file had before.
const JOURNAL: &[u8] = &[0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7];
const JOURNAL_PAGES: std::ops::Range<usize> = 16..20;

/// What stands at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// Nothing, an empty file, or one whose making was cut off: SQLite empties it when it opens it.
    Nothing,
    /// One of ours.
    Ours,
}

/// Looks at a file.
///
/// # Errors
/// `store.foreign` for a file of something else, `store.newer` for one of a later version, `store.io`.
pub(super) fn look(path: &Path, form: &Form) -> Result<Found, Error> {
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
    if header.is_empty() || (header.iter().all(|byte| *byte == 0) && was_being_made(path)) {
        return Ok(Found::Nothing);
    }
    if !header.starts_with(MAGIC) || number(&header, APPLICATION) != Some(form.application_id) {
        return Err(about(Code::StoreForeign, ""));
    }
    if number(&header, USER_VERSION).is_none_or(|version| version > form.version()) {
        return Err(about(Code::StoreNewer, ""));
    }
    Ok(Found::Ours)
}

/// Whether a journal lies beside the file that takes it back to nothing: the power went while the file was made, and its
/// first page did not come to the disk.
fn was_being_made(path: &Path) -> bool {
    let mut journal = path.as_os_str().to_owned();
    journal.push("-journal");
    let mut header = Vec::with_capacity(JOURNAL_PAGES.end);
    let read = File::open(journal).and_then(|file| file.take(JOURNAL_PAGES.end as u64).read_to_end(&mut header));
    read.is_ok() && header.starts_with(JOURNAL) && number(&header, JOURNAL_PAGES) == Some(0)
}

fn number(header: &[u8], range: std::ops::Range<usize>) -> Option<u32> {
    Some(u32::from_be_bytes(header.get(range)?.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::SqliteStore;
    use crate::store::sqlite::schema::STORE;
    use std::fs;

    fn look(path: &Path) -> Result<Found, Error> {
        super::look(path, &STORE)
    }

    /// The power went before the first page of a new file was on disk, and behind its journal.
    #[test]
    fn a_file_whose_making_was_cut_off_is_made_anew() {
        let folder = std::env::temp_dir().join(format!("leadwright-header-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let (path, journal) = (folder.join("leads.db"), folder.join("leads.db-journal"));
        let mut header = [0; 512];
        header[..8].copy_from_slice(JOURNAL);
        header[20..28].copy_from_slice(&[0, 0, 2, 0, 0, 0, 16, 0]);
        fs::write(&path, [0; 8_192]).unwrap();
        assert_eq!(look(&path).unwrap_err().code(), Code::StoreForeign, "zeros alone are somebody's");
        // Of a file that had a page before, nobody knows whose it was.
        let mut other = header;
        other[19] = 1;
        fs::write(&journal, other).unwrap();
        assert_eq!(look(&path).unwrap_err().code(), Code::StoreForeign);
        fs::write(&journal, header).unwrap();
        assert_eq!(look(&path).unwrap(), Found::Nothing);
        assert_eq!(SqliteStore::open_existing(&path).unwrap_err().code(), Code::StoreMissing);
        drop(SqliteStore::open(&path).unwrap());
        assert_eq!(look(&path).unwrap(), Found::Ours);
        fs::remove_dir_all(folder).unwrap();
    }
}
