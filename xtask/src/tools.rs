//! Setting up what the Python and Node tests need, below `target/` and `node_modules/` only.

use crate::paths::Paths;
use crate::process;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The virtual environment's interpreter; makes the environment the first time.
pub(crate) fn python(paths: &Paths) -> Result<PathBuf, String> {
    let venv = paths.target.join("venv");
    let python = if cfg!(windows) { venv.join("Scripts/python.exe") } else { venv.join("bin/python") };
    if !python.exists() {
        process::run(Command::new(system_python()?).args(["-m", "venv"]).arg(&venv))?;
    }
    if !process::succeeds(Command::new(&python).args(["-c", "import hypothesis, mypy, prometheus_client, pytest"])) {
        let packages = ["pytest", "mypy", "hypothesis", "prometheus_client"];
        process::run(Command::new(&python).args(["-m", "pip", "install", "--quiet"]).args(packages))?;
    }
    Ok(python)
}

/// Installs one more package into the environment, where it is not there.
pub(crate) fn python_package(python: &Path, name: &str) -> Result<(), String> {
    if process::succeeds(Command::new(python).args(["-c", &format!("import {name}")])) {
        return Ok(());
    }
    process::run(Command::new(python).args(["-m", "pip", "install", "--quiet", name]))
}

/// Installs what a file of requirements lists. A package that is there and fits is left as it is.
pub(crate) fn python_requirements(python: &Path, list: &Path) -> Result<(), String> {
    process::run(Command::new(python).args(["-m", "pip", "install", "--quiet", "--requirement"]).arg(list))
}

/// The interpreter on the path.
pub(crate) fn system_python() -> Result<&'static str, String> {
    let found = ["python3", "python"].into_iter().find(|name| process::exists(name));
    found.ok_or_else(|| "Python 3 is needed, and neither `python3` nor `python` is on the path".into())
}

/// `command` with the package in `bindings-python/python` importable and visible to mypy.
pub(crate) fn with_package<'c>(command: &'c mut Command, paths: &Paths) -> &'c mut Command {
    let dir = paths.root.join("bindings-python");
    command.env("PYTHONPATH", dir.join("python")).env("MYPYPATH", dir.join("python")).current_dir(dir)
}

/// The folder of the Node package.
pub(crate) const BINDINGS: &str = "bindings-node";

/// The folder of the custom elements.
pub(crate) const ELEMENTS: &str = "ui";

/// Builds the custom elements, and checks their types on the way. Their packages are there.
pub(crate) fn elements(paths: &Paths) -> Result<(), String> {
    process::run(npm(paths, ELEMENTS).args(["run", "--silent", "build"]))
}

/// npm in a folder.
pub(crate) fn npm(paths: &Paths, folder: &str) -> Command {
    let mut command = Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" });
    command.current_dir(paths.root.join(folder));
    command
}

/// Installs the Node packages of a folder, unless they are newer than the file that lists them.
pub(crate) fn node_packages(paths: &Paths, folder: &str) -> Result<(), String> {
    let dir = paths.root.join(folder);
    let lock = dir.join("package-lock.json");
    let list = if lock.exists() { lock } else { dir.join("package.json") };
    if is_newer(&dir.join("node_modules/.package-lock.json"), &list) {
        return Ok(());
    }
    let verb = if list.ends_with("package-lock.json") { "ci" } else { "install" };
    process::run(npm(paths, folder).args([verb, "--no-audit", "--no-fund"]))
}

fn is_newer(made: &Path, from: &Path) -> bool {
    let time = |path: &Path| path.metadata().and_then(|meta| meta.modified()).ok();
    matches!((time(made), time(from)), (Some(made), Some(from)) if made >= from)
}
