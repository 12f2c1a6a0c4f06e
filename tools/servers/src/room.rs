//! The folder of one server, which goes when the server does.

use crate::{Missing, place, user};
use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

/// A folder that nobody else has. It is locked while its process lives, so that whoever comes later knows what was left.
pub(crate) struct Room {
    path: PathBuf,
    _lock: File,
}

impl Room {
    /// A new folder; what killed processes left is removed before.
    pub(crate) fn new(kind: &str) -> Result<Self, Missing> {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        let rooms = place::servers()?.join("run");
        place::made(&rooms)?;
        let _alone = locked(&rooms.join("lock"))?;
        sweep(&rooms);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let path = rooms.join(format!("{kind}-{}-{number}", std::process::id()));
        place::made(&path)?;
        user::give(&path)?;
        let lock = locked(&path.join("lock"))?;
        Ok(Self { path, _lock: lock })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn log(&self) -> PathBuf {
        self.path.join("log")
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        // What cannot be removed now is removed by the next start.
        let _ = fs::remove_dir_all(&self.path);
    }
}

/// The file, made where it is missing and locked as long as it is held. Waits for whoever holds it.
pub(crate) fn locked(path: &Path) -> Result<File, Missing> {
    let file = File::create(path).map_err(Missing::from(path.display()))?;
    file.lock().map_err(Missing::from(path.display()))?;
    Ok(file)
}

fn sweep(rooms: &Path) {
    let Ok(all) = fs::read_dir(rooms) else { return };
    for room in all.flatten().map(|entry| entry.path()).filter(|path| path.is_dir()) {
        let Ok(lock) = File::create(room.join("lock")) else { continue };
        if !matches!(lock.try_lock(), Err(TryLockError::WouldBlock)) {
            // A server that is just ending may still write; the next sweep gets what this one did not.
            let _ = fs::remove_dir_all(&room);
        }
    }
}
