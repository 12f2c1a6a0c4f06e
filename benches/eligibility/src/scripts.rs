//! The peers in other languages: they read the same contracts and leads from a file and print what they measured.

use crate::measure::{Matches, Run};
use crate::say;
use crate::world::World;
use serde_json::{Value, json};
use std::path::Path;
use std::process::Command;

pub fn write(world: &World, leads: usize, path: &Path) {
    let contracts: Vec<Value> = world.contracts.iter().map(say::plain).collect();
    let leads: Vec<Value> = world.leads.iter().take(leads).map(say::lead).collect();
    std::fs::write(path, json!({ "contracts": contracts, "leads": leads }).to_string()).expect("the file is writable");
}

/// Runs a script over the first leads of a file. A peer that is not installed is said, not passed over.
pub fn run(name: &'static str, command: &str, script: &str, data: &Path, leads: usize) -> Result<Run, String> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join(script);
    let output = Command::new(command).arg(&script).arg(data).arg(leads.to_string()).output();
    let output = output.map_err(|error| format!("{command}: {error}"))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        // The last line of Node's is its version, the last of Python's the error.
        let told = said.lines().find(|line| line.contains("Error")).or_else(|| said.lines().last());
        return Err(format!("{name}: {}", told.unwrap_or("it failed")));
    }
    let found: Value = serde_json::from_slice(&output.stdout).map_err(|error| error.to_string())?;
    let number = |key: &str| found[key].as_f64().unwrap_or(f64::NAN);
    let hash = found["hash"].as_str().and_then(|hash| u64::from_str_radix(hash, 16).ok()).unwrap_or_default();
    let matches = Matches { count: number("count") as usize, hash };
    Ok(Run { name, leads: number("leads") as usize, nanos: number("nanos"), build_ms: number("build_ms"), matches })
}
