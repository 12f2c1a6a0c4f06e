//! Building the two bindings and putting each library where its language looks for it.

use crate::paths::{Paths, shared_library};
use crate::process;
use std::fs;
use std::path::{Path, PathBuf};

/// Builds and places both.
pub(crate) fn run(paths: &Paths) -> Result<(), String> {
    if paths.has_package("bindings-python") {
        println!("{}", python(paths, "dev")?.display());
    }
    if paths.has_package("bindings-node") {
        println!("{}", node(paths, "dev")?.display());
    }
    Ok(())
}

/// Builds the Python extension in `profile`; returns where it was put.
pub(crate) fn python(paths: &Paths, profile: &str) -> Result<PathBuf, String> {
    let name = if cfg!(windows) { "_leadwright.pyd" } else { "_leadwright.abi3.so" };
    let place = paths.root.join("bindings-python/python/leadwright").join(name);
    build(paths, profile, "leadwright-python", "_leadwright", place)
}

/// Builds the Node addon in `profile`; returns where it was put.
pub(crate) fn node(paths: &Paths, profile: &str) -> Result<PathBuf, String> {
    let place = paths.root.join("bindings-node/leadwright.node");
    build(paths, profile, "leadwright-node", "leadwright_node", place)
}

fn build(paths: &Paths, profile: &str, package: &str, library: &str, place: PathBuf) -> Result<PathBuf, String> {
    process::run(process::cargo(paths).args(["build", "--package", package, "--profile", profile]))?;
    put(&paths.profile(profile).join(shared_library(library)), &place)?;
    Ok(place)
}

/// Copies beside the goal and renames: a process that has the old library loaded keeps its file.
fn put(from: &Path, to: &Path) -> Result<(), String> {
    let beside = to.with_extension("new");
    fs::copy(from, &beside).map_err(process::file_error(from))?;
    fs::rename(&beside, to).map_err(process::file_error(to))
}
