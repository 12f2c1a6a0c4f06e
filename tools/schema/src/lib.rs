//! What is made from the core: JSON Schemas, the types of TypeScript and Python, and the pages of codes and fields.
//!
//! The serde types of the core are the wire format. Nothing here is written by hand but the way of writing it.
#![forbid(unsafe_code)]

mod codes;
mod definitions;
mod events;
mod fields;
mod python;
mod shape;
mod tidy;
mod typescript;
mod wire;

use definitions::definitions;
use std::path::{Path, PathBuf};

/// A file that is made: where, and what it holds.
#[derive(Debug, PartialEq, Eq)]
pub struct Made {
    /// The path below the repository.
    pub path: PathBuf,
    /// Its text.
    pub text: String,
}

/// The repository that this was built from.
pub fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Every file, in the order of their paths.
///
/// # Errors
/// When a schema says something that the types of the languages cannot.
pub fn files() -> Result<Vec<Made>, String> {
    let roots = wire::roots();
    let mut definitions = definitions(&roots)?;
    definitions.push(fields::kind());
    let mut files = vec![
        made("bindings-node/wire.d.ts", typescript::module(&definitions)),
        made("bindings-python/python/leadwright/wire.py", python::module(&definitions)),
        made("docs/reference/codes.md", codes::page()),
        made("docs/reference/fields.md", fields::page()),
    ];
    for root in &roots {
        let text = serde_json::to_string_pretty(&root.schema).map_err(|error| error.to_string())?;
        files.push(made(&format!("docs/reference/schema/{}.json", root.file), text + "\n"));
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

fn made(path: &str, text: String) -> Made {
    Made { path: path.into(), text }
}

/// The files that are not as they would be made now, and the schemas that nothing makes any more.
///
/// # Errors
/// As [`files`].
pub fn drifted(repository: &Path) -> Result<Vec<PathBuf>, String> {
    let files = files()?;
    let is_kept =
        |file: &&Made| std::fs::read_to_string(repository.join(&file.path)).is_ok_and(|kept| kept == file.text);
    let mut drifted: Vec<PathBuf> = files.iter().filter(|file| !is_kept(file)).map(|file| file.path.clone()).collect();
    let folder = Path::new("docs/reference/schema");
    for entry in std::fs::read_dir(repository.join(folder)).into_iter().flatten().flatten() {
        let path = folder.join(entry.file_name());
        if !files.iter().any(|file| file.path == path) {
            drifted.push(path);
        }
    }
    drifted.sort();
    Ok(drifted)
}

/// Writes every file that has drifted, removes what nothing makes any more, and says which they were.
///
/// # Errors
/// As [`files`], and when a file cannot be written.
pub fn write(repository: &Path) -> Result<Vec<PathBuf>, String> {
    let files = files()?;
    let drifted = drifted(repository)?;
    for path in &drifted {
        let place = repository.join(path);
        let failed = |error: std::io::Error| format!("{}: {error}", path.display());
        match files.iter().find(|file| file.path == *path) {
            Some(file) => {
                place.parent().map_or(Ok(()), std::fs::create_dir_all).map_err(failed)?;
                std::fs::write(&place, &file.text).map_err(failed)?;
            }
            None => std::fs::remove_file(&place).map_err(failed)?,
        }
    }
    Ok(drifted)
}
