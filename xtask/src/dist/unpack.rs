//! Unpacking what was packed. All files of an archive have the same old time, and Cargo looks at times alone: what is unpacked
//! over an earlier state gets the time of now where it is new or different, and keeps its own where it is not. So the next build
//! builds what changed, and only that.

use super::place::Place;
use crate::{process, tools};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Unpacks a tar file into a folder below `target/dist`; what was there and is not in the archive is gone.
pub(super) fn tar(place: &Place<'_>, archive: &Path, folder: &str) -> Result<(), String> {
    let fresh = place.empty("unpacked")?;
    let python = tools::system_python()?;
    process::run(Command::new(python).args(["-m", "tarfile", "-e"]).arg(archive).arg(&fresh))?;
    for entry in fs::read_dir(&fresh).map_err(process::file_error(&fresh))?.flatten() {
        renewed(&entry.path(), &place.out.join(folder).join(entry.file_name()))?;
    }
    fs::remove_dir_all(&fresh).map_err(process::file_error(&fresh))
}

/// Makes a folder what another one is.
fn renewed(fresh: &Path, folder: &Path) -> Result<(), String> {
    let wanted = files(fresh)?;
    for name in &wanted {
        let (from, to) = (fresh.join(name), folder.join(name));
        let bytes = fs::read(&from).map_err(process::file_error(&from))?;
        if fs::read(&to).is_ok_and(|there| there == bytes) {
            continue;
        }
        if let Some(parent) = to.parent() {
            fs::create_dir_all(parent).map_err(process::file_error(parent))?;
        }
        fs::write(&to, bytes).map_err(process::file_error(&to))?;
    }
    for gone in files(folder)?.difference(&wanted) {
        let path = folder.join(gone);
        fs::remove_file(&path).map_err(process::file_error(&path))?;
    }
    Ok(())
}

/// All files of a folder, also of those in it, from there.
pub(super) fn files(folder: &Path) -> Result<BTreeSet<PathBuf>, String> {
    let mut found = BTreeSet::new();
    below(folder, folder, &mut found)?;
    Ok(found)
}

fn below(top: &Path, folder: &Path, found: &mut BTreeSet<PathBuf>) -> Result<(), String> {
    for entry in fs::read_dir(folder).map_err(process::file_error(folder))?.flatten() {
        let path = entry.path();
        if path.is_dir() {
            below(top, &path, found)?;
        } else {
            found.insert(path.strip_prefix(top).unwrap_or(&path).to_path_buf());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::{Duration, SystemTime};

    #[test]
    fn only_what_changed_is_new() {
        let top = std::env::temp_dir().join(format!("leadwright-unpack-{}", std::process::id()));
        let (fresh, folder) = (top.join("fresh"), top.join("folder"));
        let put = |folder: &Path, files: &[(&str, &str)]| {
            let _ = fs::remove_dir_all(folder);
            for (name, text) in files {
                let path = folder.join(name);
                fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
                fs::write(&path, text).expect("a file");
                let old = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
                fs::File::options().write(true).open(&path).and_then(|file| file.set_modified(old)).expect("a time");
            }
        };
        put(&folder, &[("same", "1"), ("in/changed", "2"), ("gone", "3")]);
        put(&fresh, &[("same", "1"), ("in/changed", "two"), ("in/new", "4")]);
        renewed(&fresh, &folder).expect("it is renewed");
        let is_new = |name: &str| {
            let modified = fs::metadata(folder.join(name)).and_then(|found| found.modified()).expect("a time");
            modified.elapsed().expect("it is past") < Duration::from_secs(3600)
        };
        let names = ["in/changed", "in/new", "same"];
        assert_eq!(files(&folder).expect("they are listed"), names.map(PathBuf::from).into());
        assert_eq!(names.map(is_new), [true, true, false]);
        fs::remove_dir_all(&top).expect("it is removed");
    }
}
