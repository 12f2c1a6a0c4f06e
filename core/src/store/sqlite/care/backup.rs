//! A copy of the file as it is at one moment, while others write.

use super::file::findings;
use crate::model::{Code, Error};
use crate::store::SqliteStore;
use crate::store::sqlite::fault::{busy, damaged, fault};
use crate::store::sqlite::process::patiently;
use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};
use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

/// So many halves of one process may lie beside a copy, left by others that came to nothing.
const HALVES: u32 = 1_000;

impl SqliteStore {
    /// Writes a copy of the file as it is at one moment. Other processes go on writing; callers of this store wait, so a
    /// host that decides meanwhile opens the file a second time for it. The copy is looked at by
    /// [`check_file`](Self::check_file) and is on disk before it has its name: under that name is a whole copy, or nothing.
    ///
    /// ```
    /// # let folder = std::env::temp_dir().join(format!("leadwright-backup-{}", std::process::id()));
    /// # std::fs::create_dir_all(&folder)?;
    /// use leadwright::store::{SqliteStore, Store};
    /// let store = SqliteStore::open(folder.join("leads.db"))?;
    /// store.put_plan("sha256:x", "{}")?;
    /// store.backup(folder.join("copy.db"))?;
    /// let copy = SqliteStore::open_existing(folder.join("copy.db"))?;
    /// assert_eq!(copy.plan("sha256:x")?.as_deref(), Some("{}"));
    /// assert_eq!(store.backup(folder.join("copy.db")).unwrap_err().code().as_str(), "store.exists");
    /// # drop((store, copy));
    /// # std::fs::remove_dir_all(folder)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// `store.exists` when there is a file already, `store.full`, `store.io`, and `store.corrupt` when what was copied is
    /// damaged.
    pub fn backup(&self, to: impl AsRef<Path>) -> Result<(), Error> {
        let to = to.as_ref();
        if to.symlink_metadata().is_ok() {
            return Err(exists(to));
        }
        let half = self.begin_half(to)?;
        let done = self.copy(&half).and_then(|()| check(&half)).and_then(|()| name(&half, to));
        remove(&half);
        done
    }

    /// An empty file beside it that nobody else has, and that nobody may read who may not read the store.
    fn begin_half(&self, to: &Path) -> Result<PathBuf, Error> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        if let Ok(found) = fs::metadata(self.path()) {
            use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
            options.mode(found.permissions().mode() & 0o777);
        }
        let half = |n: u32| beside(to, &format!(".{}-{n}.partial", std::process::id()));
        let mut opened = (0..HALVES).map(half).map(|half| options.open(&half).map(|_| half));
        let is_taken =
            |made: &io::Result<PathBuf>| made.as_ref().is_err_and(|error| error.kind() == io::ErrorKind::AlreadyExists);
        let made = opened.find(|made| !is_taken(made)).ok_or_else(|| exists(to))?;
        made.map_err(|error| failed(to, &error))
    }

    fn copy(&self, half: &Path) -> Result<(), Error> {
        self.with(|connection| {
            let wrong = |error: rusqlite::Error| fault(half, &error);
            let mut copy = Connection::open(half).map_err(wrong)?;
            let backup = Backup::new(connection, &mut copy).map_err(wrong)?;
            // All pages in one step: it reads one state, and whoever writes meanwhile does not make it begin again.
            let step = || match backup.step(-1)? {
                StepResult::Done => Ok(()),
                _ => Err(busy()),
            };
            patiently(self.options(), step).map_err(wrong)?;
            drop(backup);
            copy.close().map_err(|(_, error)| wrong(error))
        })
    }
}

/// What was copied is whole. It gets a write-ahead log as every store has. Nobody needs the keys of its leads for that.
fn check(half: &Path) -> Result<(), Error> {
    let look = || {
        let copy = Connection::open(half)?;
        copy.pragma_update(None, "journal_mode", "WAL")?;
        let found = findings(&copy)?;
        copy.close().map_err(|(_, error)| error)?;
        Ok(found)
    };
    match look().map_err(|error| fault(half, &error))?.first() {
        Some(finding) => Err(damaged(half, &format!("{}: {}", finding.kind.as_str(), finding.place))),
        None => Ok(()),
    }
}

/// Gives the copy its name, once it is on disk. A link never takes the place of another file.
fn name(half: &Path, to: &Path) -> Result<(), Error> {
    let failed = |error: io::Error| failed(to, &error);
    File::open(half).and_then(|file| file.sync_all()).map_err(failed)?;
    let linked = fs::hard_link(half, to);
    match linked {
        // Where a disk has no links, the name is at least not taken now.
        Err(error) if error.kind() == io::ErrorKind::Unsupported && to.symlink_metadata().is_err() => {
            fs::rename(half, to).map_err(failed)?;
        }
        linked => linked.map_err(failed)?,
    }
    sync_folder(to);
    Ok(())
}

fn failed(to: &Path, error: &io::Error) -> Error {
    match error.kind() {
        io::ErrorKind::AlreadyExists => exists(to),
        io::ErrorKind::StorageFull => Error::new(Code::StoreFull, to.display().to_string()),
        _ => Error::new(Code::StoreIo, format!("{}: {error}", to.display())),
    }
}

/// The name is on disk as well. A folder that cannot be opened for that, as on Windows, needs it not.
fn sync_folder(to: &Path) {
    let folder = to.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let _ = File::open(folder).and_then(|folder| folder.sync_all());
}

fn exists(to: &Path) -> Error {
    Error::new(Code::StoreExists, to.display().to_string())
}

fn beside(path: &Path, end: &str) -> PathBuf {
    let mut name: OsString = path.as_os_str().to_owned();
    name.push(end);
    PathBuf::from(name)
}

/// What is left of a half once the copy has its name, or has come to nothing.
fn remove(half: &Path) {
    for path in [half.to_owned(), beside(half, "-wal"), beside(half, "-shm"), beside(half, "-journal")] {
        let _ = fs::remove_file(path);
    }
}
