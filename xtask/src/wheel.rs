//! The Python wheel for release.

use crate::paths::Paths;
use crate::{process, tools};
use std::fs;
use std::process::Command;

/// Builds it with the backend that `pyproject.toml` names, and prints its name and size.
pub(crate) fn run(paths: &Paths) -> Result<(), String> {
    if !paths.has_package("bindings-python") {
        return Err("there is no Python binding to build".into());
    }
    let python = tools::python(paths)?;
    let out = paths.target.join("wheels");
    // Of an earlier build; otherwise its size would be printed, too.
    let _ = fs::remove_dir_all(&out);
    let mut pip = Command::new(python);
    pip.args(["-m", "pip", "wheel", "--no-deps", "--wheel-dir"]).arg(&out).arg(paths.root.join("bindings-python"));
    process::run(&mut pip)?;
    let files = fs::read_dir(&out).map_err(process::file_error(&out))?;
    for file in files.flatten() {
        let size = file.metadata().map_err(process::file_error(&file.path()))?.len();
        println!("{}: {size} bytes", file.path().display());
    }
    Ok(())
}
