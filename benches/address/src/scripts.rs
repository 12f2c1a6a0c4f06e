//! The peers in other languages. Each is a process that stays, and reads all addresses whenever it is told to.

use crate::engines::Engine;
use bench_common::done;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// usaddress of Python, in an environment of its own.
pub fn usaddress(texts: &[String]) -> Result<Engine, String> {
    let environment = here("../target/address-peers");
    let python = environment.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    if !python.exists() {
        done(Command::new("python3").args(["-m", "venv"]).arg(&environment))?;
    }
    let install = ["-m", "pip", "install", "--quiet", "--requirement"];
    done(Command::new(&python).args(install).arg(here("requirements.txt")))?;
    Ok(peer("usaddress 0.5.16 (Python)", Command::new(python).arg(here("peers.py")), texts)?.engine())
}

/// parse-address of npm.
pub fn parse_address(texts: &[String]) -> Result<Engine, String> {
    if !here("node_modules/parse-address").exists() {
        let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
        let install = ["install", "--no-audit", "--no-fund", "--no-package-lock", "--silent"];
        done(Command::new(npm).args(install).current_dir(here("")))?;
    }
    Ok(peer("parse-address 1.1.2 (Node)", Command::new("node").arg(here("peers.mjs")), texts)?.engine())
}

fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

struct Peer {
    name: &'static str,
    child: Child,
    told: ChildStdin,
    says: BufReader<ChildStdout>,
    data: PathBuf,
}

fn peer(name: &'static str, command: &mut Command, texts: &[String]) -> Result<Peer, String> {
    let kind = name.split(' ').next().unwrap_or_default();
    let data = std::env::temp_dir().join(format!("leadwright-bench-{}-{kind}.json", std::process::id()));
    let json = serde_json::to_string(texts).map_err(|error| error.to_string())?;
    std::fs::write(&data, json).map_err(|error| error.to_string())?;
    let spawned = command.arg(&data).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    let mut child = spawned.map_err(|error| format!("{name}: {error}"))?;
    let (Some(told), Some(says)) = (child.stdin.take(), child.stdout.take()) else {
        return Err(format!("{name}: no pipes"));
    };
    let mut peer = Peer { name, child, told, says: BufReader::new(says), data };
    peer.pass().map(|_| peer)
}

impl Peer {
    fn pass(&mut self) -> Result<f64, String> {
        let mut answer = String::new();
        let asked = writeln!(self.told, "go").and_then(|()| self.told.flush());
        asked.and_then(|()| self.says.read_line(&mut answer)).map_err(|error| format!("{}: {error}", self.name))?;
        answer.trim().parse().map_err(|_| format!("{} did not run", self.name))
    }

    fn engine(mut self) -> Engine {
        let name = self.name;
        Engine { name, pass: Box::new(move |_| self.pass().expect("a peer that ran once runs again")) }
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = std::fs::remove_file(&self.data);
    }
}
