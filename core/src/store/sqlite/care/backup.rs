//! A copy of the file as it is at one moment, while others write.

use super::file::findings;
use crate::model::Error;
use crate::store::SqliteStore;
use crate::store::sqlite::fault::{busy, damaged, fault};
use crate::store::sqlite::half;
use crate::store::sqlite::process::patiently;
use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};
use std::path::Path;

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
        half::whole(to.as_ref(), self.path(), |half| self.copy(half).and_then(|()| check(half)))
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
