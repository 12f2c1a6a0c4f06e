//! What a caller of the legacy pays while a step of a migration is off, sampled out and sampled in, for a lead of 40 fields,
//! beside `laboratory` from PyPI and `scientist` from npm in the same run.
//!
//! `cargo xtask bench migrate`

use bench_common::{done, library};
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
    let library = library::python(&here("../target"))?;
    shown(Command::new(&python).arg(here("caller.py")).env("PYTHONPATH", &library))
}

fn node() -> Result<(), String> {
    let library = library::node(&here("../target"))?;
    let peers = here("../target/migrate-peers/node");
    fs::create_dir_all(&peers).map_err(|error| error.to_string())?;
    fs::write(peers.join("package.json"), "{\"private\":true}").map_err(|error| error.to_string())?;
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    let install = ["install", "--silent", "--no-audit", "--no-fund", "scientist@1.1.1"];
    done(Command::new(npm).args(install).current_dir(&peers))?;
    shown(Command::new("node").arg(here("caller.js")).arg(&library).arg(peers.join("node_modules/scientist")))
}

fn shown(command: &mut Command) -> Result<(), String> {
    let program = command.get_program().to_string_lossy().into_owned();
    let status = command.status().map_err(|error| format!("{program}: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("{program} ended with {status}")) }
}

fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}
