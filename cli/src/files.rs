//! Files: the core opens none, so the plan's are read for it here.

use leadwright::model::{Code, Error};
use leadwright::plan::{Resolver, name_matches};
use std::fs;
use std::path::{Path, PathBuf};

/// The files below the folder of a plan.
#[derive(Clone, Debug)]
pub struct Folder(PathBuf);

impl Folder {
    /// The folder of a plan, and the plan's name within it.
    pub fn of(plan: &Path) -> (Self, String) {
        let name = plan.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        (Self(plan.parent().unwrap_or(Path::new("")).to_owned()), name)
    }

    /// Replaces a file, as a whole or not at all.
    pub(crate) fn write(&self, name: &str, text: &str) -> std::io::Result<()> {
        use std::io::Write as _;
        // What a link points to is replaced, not the link.
        let path = fs::canonicalize(self.0.join(name))?;
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        file.write_all(text.as_bytes())?;
        file.as_file().set_permissions(fs::metadata(&path)?.permissions())?;
        file.as_file().sync_all()?;
        file.persist(&path).map(drop).map_err(|error| error.error)
    }
}

impl Resolver for Folder {
    fn read(&self, name: &str) -> Result<Vec<u8>, Error> {
        fs::read(self.0.join(name)).map_err(|error| Error::new(Code::PlanFileMissing, format!("{name}: {error}")))
    }

    fn expand(&self, pattern: &str) -> Result<Vec<String>, Error> {
        let folder = pattern.rsplit_once('/').map_or("", |(folder, _)| folder);
        let unreadable = |error| Error::new(Code::PlanFileMissing, format!("{folder}: {error}"));
        let mut names = Vec::new();
        for entry in fs::read_dir(self.0.join(folder)).map_err(unreadable)? {
            let file = entry.map_err(unreadable)?.file_name().to_string_lossy().into_owned();
            let name = if folder.is_empty() { file } else { format!("{folder}/{file}") };
            if name_matches(pattern, &name) {
                names.push(name);
            }
        }
        names.sort();
        Ok(names)
    }
}
