//! What a caller of the legacy pays while a step of a migration is off, sampled out and sampled in, for a lead of 40 fields,
//! beside `laboratory` from PyPI and `scientist` from npm in the same run.
//!
//! `cargo xtask bench migrate`

use bench_common::done;
use std::env::consts::{DLL_PREFIX, DLL_SUFFIX};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn main() {
    let mut missing = Vec::new();
    for (language, run) in [("Python", python as fn() -> Result<(), String>), ("Node", node)] {
        if let Err(why) = run() {
            missing.push(format!("NOT RUN: {language}: {why}"));
        }
    }
    missing.iter().for_each(|why| println!("{why}"));
    if !missing.is_empty() {
        std::process::exit(1);
    }
}

fn python() -> Result<(), String> {
    let environment = here("../target/migrate-peers");
    let python = environment.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    if !python.exists() {
        done(Command::new("python3").args(["-m", "venv"]).arg(&environment))?;
    }
    let install = ["-m", "pip", "install", "--quiet", "--requirement"];
    done(Command::new(&python).args(install).arg(here("requirements.txt")))?;
    let library = here("../target/migrate-library");
    let package = library.join("leadwright");
    copied(&here("../../bindings-python/python/leadwright"), &package, &["py"])?;
    let name = if cfg!(windows) { "_leadwright.pyd" } else { "_leadwright.abi3.so" };
    built("leadwright-python", "_leadwright", &package.join(name))?;
    shown(Command::new(&python).arg(here("caller.py")).env("PYTHONPATH", &library))
}

fn node() -> Result<(), String> {
    let library = here("../target/migrate-library/node");
    copied(&here("../../bindings-node"), &library, &["js", "json"])?;
    copied(&here("../../bindings-node/lib"), &library.join("lib"), &["js"])?;
    copied(&here("../../bindings-node/lib/migrate"), &library.join("lib/migrate"), &["js"])?;
    built("leadwright-node", "leadwright_node", &library.join("leadwright.node"))?;
    let peers = here("../target/migrate-library/peers");
    fs::create_dir_all(&peers).map_err(|error| error.to_string())?;
    fs::write(peers.join("package.json"), "{\"private\":true}").map_err(|error| error.to_string())?;
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    let install = ["install", "--silent", "--no-audit", "--no-fund", "scientist@1.1.1"];
    done(Command::new(npm).args(install).current_dir(&peers))?;
    shown(Command::new("node").arg(here("caller.js")).arg(&library).arg(peers.join("node_modules/scientist")))
}

/// Builds a binding for release; the one of the checkout stays as it is.
fn built(package: &str, name: &str, place: &Path) -> Result<(), String> {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    let target = here("../target");
    let build = ["build", "--quiet", "--release", "--package", package, "--target-dir"];
    done(cargo.args(build).arg(&target).current_dir(here("../..")))?;
    let library = target.join("release").join(format!("{DLL_PREFIX}{name}{DLL_SUFFIX}"));
    fs::copy(library, place).map(drop).map_err(|error| format!("{}: {error}", place.display()))
}

/// Copies the files with these endings, and folders below for Python's packages.
fn copied(from: &Path, to: &Path, ends: &[&str]) -> Result<(), String> {
    let failed = |error: std::io::Error| format!("{}: {error}", from.display());
    fs::create_dir_all(to).map_err(failed)?;
    for file in fs::read_dir(from).map_err(failed)?.flatten() {
        let path = file.path();
        if path.extension().is_some_and(|end| ends.iter().any(|wanted| end == *wanted)) {
            fs::copy(&path, to.join(file.file_name())).map_err(failed)?;
        } else if path.is_dir() && path.join("__init__.py").exists() {
            copied(&path, &to.join(file.file_name()), ends)?;
        }
    }
    Ok(())
}

fn shown(command: &mut Command) -> Result<(), String> {
    let program = command.get_program().to_string_lossy().into_owned();
    let status = command.status().map_err(|error| format!("{program}: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("{program} ended with {status}")) }
}

fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}
