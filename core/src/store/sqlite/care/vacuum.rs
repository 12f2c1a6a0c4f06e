//! Giving room back: the file is written anew without the pages that nothing lies on, and the write-ahead log is emptied.
//! After that no byte of what was erased is left in it.

use crate::model::Error;
use crate::store::SqliteStore;
use crate::store::sqlite::fault::fault;
use crate::store::sqlite::process::{checkpoint, patiently};

impl SqliteStore {
    /// Writes the file anew without what nothing lies on, and empties the write-ahead log. Nobody can write meanwhile, and
    /// it needs as much room on the disk as the file has.
    ///
    /// ```
    /// # let folder = std::env::temp_dir().join(format!("leadwright-vacuum-{}", std::process::id()));
    /// # std::fs::create_dir_all(&folder)?;
    /// use leadwright::store::{SqliteStore, Store};
    /// let store = SqliteStore::open(folder.join("leads.db"))?;
    /// store.put_plan("sha256:x", "{}")?;
    /// store.vacuum()?;
    /// assert_eq!(std::fs::metadata(folder.join("leads.db-wal"))?.len(), 0);
    /// # drop(store);
    /// # std::fs::remove_dir_all(folder)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// `store.busy` when others write, or look at an older state, for too long; `store.full`; `store.io`. Nothing is lost,
    /// and it can be done again.
    pub fn vacuum(&self) -> Result<(), Error> {
        self.destroy_keys()?;
        self.with(|connection| {
            let wrong = |error: rusqlite::Error| fault(self.path(), &error);
            patiently(self.options(), || connection.execute_batch("VACUUM")).map_err(wrong)?;
            checkpoint(connection, "TRUNCATE", self.options()).map_err(wrong)
        })
    }
}
