//! Mending plans for the bindings.

use crate::files::Folder;
use leadwright::model::Issue;
use leadwright::plan::{Fixed, fix};
use serde::Serialize;
use std::collections::BTreeMap;
use std::io;
use std::path::Path;

#[derive(Serialize)]
struct Mended<'a> {
    applied: usize,
    /// The files that change, with their new text.
    files: &'a BTreeMap<String, String>,
    issues: &'a [Issue],
}

/// Mends the plan at a path as [`fix`] does, and writes the files that change where `write` is set: each as a whole or
/// not at all. The answer is JSON: `{"applied","files","issues"}`.
///
/// # Errors
/// When a file cannot be written, by its name.
pub fn mend_plan(path: &Path, guesses: bool, write: bool) -> io::Result<String> {
    let (folder, name) = Folder::of(path);
    let Fixed { files, applied, checked } = fix(&folder, &name, guesses);
    if write {
        for (file, text) in &files {
            folder.write(file, text).map_err(|error| io::Error::new(error.kind(), format!("{file}: {error}")))?;
        }
    }
    let mended = Mended { applied, files: &files, issues: &checked.issues };
    Ok(serde_json::to_string(&mended).unwrap_or_default())
}
