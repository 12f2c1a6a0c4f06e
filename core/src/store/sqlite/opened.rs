//! The files that this process has open. Its locks on a file are one: to close the file anywhere in the process loses all of
//! them, and another process that closes the store then takes itself to be the last one and removes the log that is still
//! written to. So a file is only looked at, which opens and closes it, while no connection of ours is on it.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

/// Device and number.
type FileId = (u64, u64);

/// How many connections of ours there are, by file. A child has its own: it inherits no locks, and a mutex that was held when
/// it was made is never released there.
struct Files {
    pid: u32,
    open: Mutex<BTreeMap<FileId, usize>>,
    child: OnceLock<Box<Files>>,
}

/// The locks belong to the process, and so does what is known of them.
static FILES: OnceLock<Files> = OnceLock::new();

impl Files {
    fn new() -> Self {
        Self { pid: std::process::id(), open: Mutex::default(), child: OnceLock::new() }
    }

    fn own(&self) -> &Files {
        if self.pid == std::process::id() { self } else { self.child.get_or_init(|| Box::new(Self::new())).own() }
    }

    fn lock() -> MutexGuard<'static, BTreeMap<FileId, usize>> {
        let files = FILES.get_or_init(Self::new).own();
        files.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Looks at a file, unless a connection of this process is on it: it was looked at before.
pub(super) fn look_once<T>(path: &Path, look: impl FnOnce() -> T) -> Option<T> {
    let open = Files::lock();
    // Nobody connects until the file is closed again.
    let is_open = file_id(path).is_some_and(|id| open.contains_key(&id));
    if is_open { None } else { Some(look()) }
}

/// Says that a connection is on a file, until it is dropped; to be dropped after the connection.
pub(super) struct Opened(Option<FileId>);

impl Opened {
    /// Of a file that is there.
    pub(super) fn new(path: &Path) -> Self {
        let mut open = Files::lock();
        let id = file_id(path);
        if let Some(id) = id {
            *open.entry(id).or_default() += 1;
        }
        Self(id)
    }
}

impl Drop for Opened {
    fn drop(&mut self) {
        let Some(id) = self.0 else { return };
        let mut open = Files::lock();
        let left = open.get(&id).map_or(0, |count| count.saturating_sub(1));
        if left == 0 {
            open.remove(&id);
        } else {
            open.insert(id, left);
        }
    }
}

#[cfg(unix)]
fn file_id(path: &Path) -> Option<FileId> {
    use std::os::unix::fs::MetadataExt as _;
    std::fs::metadata(path).ok().map(|data| (data.dev(), data.ino()))
}

/// Elsewhere a lock belongs to who took it.
#[cfg(not(unix))]
fn file_id(_: &Path) -> Option<FileId> {
    None
}
