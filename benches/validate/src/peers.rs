//! Python: the usual stack, and leadwright as Python calls it. Each is a process that stays, and validates all leads
//! whenever it is told to.

use bench_common::done;
use std::env::consts::{DLL_PREFIX, DLL_SUFFIX};
use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// A process that validates the leads of one file.
pub struct Peer {
    child: Child,
    told: ChildStdin,
    says: BufReader<ChildStdout>,
}

impl Peer {
    /// Starts it and lets it run once.
    pub fn start(python: &Path, what: &str, leads: &Path) -> Result<Self, String> {
        let mut command = Command::new(python);
        command.arg(here("peers.py")).arg(what).arg(leads).env("PYTHONPATH", library());
        let spawned = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
        let mut child = spawned.map_err(|error| format!("{what}: {error}"))?;
        let (Some(told), Some(says)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(format!("{what}: no pipes"));
        };
        let mut peer = Self { child, told, says: BufReader::new(says) };
        peer.pass().map(|_| peer).map_err(|error| format!("{what}: {error}"))
    }

    /// One pass over all leads, in nanoseconds of CPU time.
    pub fn pass(&mut self) -> Result<f64, String> {
        let mut answer = String::new();
        let asked = writeln!(self.told, "go").and_then(|()| self.told.flush());
        asked.and_then(|()| self.says.read_line(&mut answer)).map_err(|error| error.to_string())?;
        answer.trim().parse().map_err(|_| "it did not run".into())
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
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

/// Builds our Python package for release beside the peers: the one of the checkout stays as it is.
pub fn build_library() -> Result<(), String> {
    let root = here("../..");
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    let target = here("../target");
    let build = ["build", "--quiet", "--release", "--package", "leadwright-python", "--target-dir"];
    done(cargo.args(build).arg(&target).current_dir(&root))?;
    let package = library().join("leadwright");
    let failed = |error: std::io::Error| format!("the Python package could not be put in place: {error}");
    fs::create_dir_all(&package).map_err(failed)?;
    for file in fs::read_dir(root.join("bindings-python/python/leadwright")).map_err(failed)?.flatten() {
        if file.path().extension().is_some_and(|end| end == "py") {
            fs::copy(file.path(), package.join(file.file_name())).map_err(failed)?;
        }
    }
    let built = target.join("release").join(format!("{DLL_PREFIX}_leadwright{DLL_SUFFIX}"));
    let name = if cfg!(windows) { "_leadwright.pyd" } else { "_leadwright.abi3.so" };
    fs::copy(built, package.join(name)).map(drop).map_err(failed)
}

fn library() -> PathBuf {
    here("../target/validate-library")
}

fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}
