//! Python: the usual stack, and leadwright as Python calls it. Each is a process that stays, and validates all leads
//! whenever it is told to.

use bench_common::caller::Caller;
use bench_common::done;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Starts one that validates the leads of a file, with what is on its path, and lets it run once.
pub fn start(python: &Path, library: Option<&Path>, what: &str, leads: &Path) -> Result<Caller, String> {
    let mut command = Command::new(python);
    command.arg(here("peers.py")).arg(what).arg(leads);
    if let Some(library) = library {
        command.env("PYTHONPATH", library);
    }
    let failed = |error| format!("{what}: {error}");
    let mut peer = Caller::start(&mut command).map_err(failed)?;
    peer.pass().map(|_| peer).map_err(failed)
}

/// A Python with the stack in it, in an environment of its own.
pub fn python() -> Result<PathBuf, String> {
    let environment = here("../target/validate-peers");
    let python = environment.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    if !python.exists() {
        done(Command::new("python3").args(["-m", "venv"]).arg(&environment))?;
    }
    let install = ["-m", "pip", "install", "--quiet", "--requirement"];
    done(Command::new(&python).args(install).arg(here("requirements.txt")))?;
    Ok(python)
}

pub fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}
