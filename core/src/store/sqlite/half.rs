//! A file that gets its name once it is whole and on disk: until then it lies beside it under another.

use crate::model::{Code, Error};
use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

/// So many halves of one process may lie beside a copy, left by others that came to nothing.
const HALVES: u32 = 1_000;

/// Makes a file of this name, which nothing has, and which nobody may read who may not read the other one. `write` is given
/// the half; when it fails there is nothing of the name.
pub(super) fn whole(to: &Path, like: &Path, write: impl FnOnce(&Path) -> Result<(), Error>) -> Result<(), Error> {
    if to.symlink_metadata().is_ok() {
        return Err(exists(to));
    }
    let half = begin_half(to, like)?;
    let done = write(&half).and_then(|()| name(&half, to));
    remove(&half);
    done
}

/// An empty file that nobody may read who may not read the other one.
pub(super) fn empty(path: &Path, like: &Path) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    if let Ok(found) = fs::metadata(like) {
        use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
        options.mode(found.permissions().mode() & 0o777);
    }
    options.open(path).map(drop)
}

/// An error about a file that was to be made.
pub(super) fn failed(to: &Path, error: &io::Error) -> Error {
    match error.kind() {
        ErrorKind::AlreadyExists => exists(to),
        ErrorKind::StorageFull => Error::new(Code::StoreFull, to.display().to_string()),
        _ => Error::new(Code::StoreIo, format!("{}: {error}", to.display())),
    }
}

/// An empty file beside it that nobody else has.
fn begin_half(to: &Path, like: &Path) -> Result<PathBuf, Error> {
    let half = |n: u32| beside(to, &format!(".{}-{n}.partial", std::process::id()));
    let mut opened = (0..HALVES).map(half).map(|half| empty(&half, like).map(|()| half));
    let is_taken =
        |made: &io::Result<PathBuf>| made.as_ref().is_err_and(|error| error.kind() == ErrorKind::AlreadyExists);
    let made = opened.find(|made| !is_taken(made)).ok_or_else(|| exists(to))?;
    made.map_err(|error| failed(to, &error))
}

/// Gives the copy its name, once it is on disk. A link never takes the place of another file.
fn name(half: &Path, to: &Path) -> Result<(), Error> {
    let failed = |error: io::Error| failed(to, &error);
    File::open(half).and_then(|file| file.sync_all()).map_err(failed)?;
    let linked = fs::hard_link(half, to);
    match linked {
        // Where a disk has no links, the name is at least not taken now.
        Err(error) if error.kind() == ErrorKind::Unsupported && to.symlink_metadata().is_err() => {
            fs::rename(half, to).map_err(failed)?;
        }
        linked => linked.map_err(failed)?,
    }
    sync_folder(to);
    Ok(())
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
