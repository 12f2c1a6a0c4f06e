//! `leadwright fmt`

use super::Failure;
use crate::files::Folder;
use crate::{Exit, Streams};
use leadwright::plan::format;
use std::fs;
use std::io::Error;
use std::path::{Path, PathBuf};

pub(crate) fn run(names: &[PathBuf], check: bool, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
    let mut files = Vec::new();
    for name in names {
        collect(name, true, &mut files).map_err(|error| failed(name, &error))?;
    }
    let (mut changed, mut refused) = (0, 0);
    for file in &files {
        let before = fs::read_to_string(file).map_err(|error| failed(file, &error))?;
        let Some(after) = format(&before) else {
            refused += 1;
            let _ = writeln!(streams.err, "{}: not JSON with comments; see `leadwright check`", file.display());
            continue;
        };
        if after == before {
            continue;
        }
        changed += 1;
        let _ = writeln!(streams.out, "{}", file.display());
        if !check {
            let (folder, name) = Folder::of(file);
            folder.write(&name, &after).map_err(|error| failed(file, &error))?;
        }
    }
    let done = if check { "would change" } else { "changed" };
    let of = if files.len() == 1 { "1 file" } else { &format!("{} files", files.len()) };
    let _ = writeln!(streams.err, "{changed} of {of} {done}");
    Ok(match (refused, changed) {
        (0, 0) => Exit::Ok,
        (0, _) if check => Exit::Findings,
        (0, _) => Exit::Ok,
        _ => Exit::Usage,
    })
}

/// Whether a folder holds what was installed, or is hidden: nothing of it is anybody's plan.
fn is_of_others(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    name == "node_modules" || name.starts_with('.')
}

/// A file that was named, or what a folder holds.
fn collect(path: &Path, named: bool, files: &mut Vec<PathBuf>) -> Result<(), Error> {
    if path.is_dir() {
        let mut inside = fs::read_dir(path)?.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>, Error>>()?;
        inside.sort();
        inside.retain(|path| !is_of_others(path));
        return inside.iter().try_for_each(|path| collect(path, false, files));
    }
    if named || path.extension().is_some_and(|end| end == "jsonc") {
        files.push(path.to_owned());
    }
    Ok(())
}

fn failed(path: &Path, error: &Error) -> Failure {
    Failure::input(format!("{}: {error}", path.display()))
}
