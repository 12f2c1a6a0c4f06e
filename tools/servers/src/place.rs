//! Where servers live: below Cargo's target folder, or in the temporary one when their user could not get there.

use crate::{Missing, user};
use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};

/// The folder of all servers of this repository; it is there.
pub(crate) fn servers() -> Result<PathBuf, Missing> {
    let here = target().map(|target| target.join("servers"));
    if let Some(here) = &here {
        made(here)?;
        if user::can_reach(here) {
            return Ok(here.clone());
        }
    }
    let mut hasher = DefaultHasher::new();
    here.hash(&mut hasher);
    let there = std::env::temp_dir().join(format!("leadwright-servers-{:016x}", hasher.finish()));
    made(&there)?;
    if user::is_ours(&there) { Ok(there) } else { Err(Missing::new(format!("{} is somebody else's", there.display()))) }
}

/// A folder that whoever runs the servers can go through.
pub(crate) fn made(folder: &Path) -> Result<(), Missing> {
    if folder.is_dir() {
        return Ok(());
    }
    fs::create_dir_all(folder).map_err(Missing::from(folder.display()))?;
    user::open(folder)
}

/// Cargo marks its target folder as a cache; tests, examples and tasks are programs below it.
fn target() -> Option<PathBuf> {
    let program = std::env::current_exe().ok()?;
    program.ancestors().find(|folder| folder.join("CACHEDIR.TAG").exists()).map(Path::to_path_buf)
}
