//! Reading and writing with the name of the file in the error.

use std::fs;
use std::path::Path;

/// The text of a file.
pub fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}

/// Writes a file, and the folders above it.
pub fn write(path: &Path, text: &str) -> Result<(), String> {
    above(path)?;
    fs::write(path, text).map_err(|error| format!("{}: {error}", path.display()))
}

/// Copies a file, what a link leads to included, or a folder with all that is in it.
pub fn copy(from: &Path, to: &Path) -> Result<(), String> {
    let error = |error: std::io::Error| format!("{}: {error}", from.display());
    if !from.is_dir() {
        above(to)?;
        return fs::copy(from, to).map(|_| ()).map_err(error);
    }
    for entry in fs::read_dir(from).map_err(error)? {
        let entry = entry.map_err(error)?;
        copy(&entry.path(), &to.join(entry.file_name()))?;
    }
    Ok(())
}

fn above(path: &Path) -> Result<(), String> {
    let Some(folder) = path.parent() else { return Ok(()) };
    fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))
}
