//! A folder for a torture, gone when it is over; kept when something was found.

use std::fs;
use std::path::{Path, PathBuf};

pub(crate) struct Room(PathBuf);

impl Room {
    /// Below the folder of temporary files; in memory where the disk is not what is looked at.
    pub(crate) fn new(name: &str, in_memory: bool) -> Result<Self, String> {
        let memory = Path::new("/dev/shm");
        let base = if in_memory && memory.is_dir() { memory.to_path_buf() } else { std::env::temp_dir() };
        let folder = base.join(format!("leadwright-torture-{name}-{}", std::process::id()));
        fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        Ok(Self(folder))
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// Takes a store and what lies beside it away.
    pub(crate) fn clear(&self, name: &str) {
        for end in ["", "-wal", "-shm", "-journal"] {
            let _ = fs::remove_file(self.0.join(format!("{name}{end}")));
        }
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            let _ = fs::remove_dir_all(&self.0);
        }
    }
}
