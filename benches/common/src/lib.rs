//! What benches share.

pub mod caller;
mod dice;
#[cfg(feature = "example")]
pub mod example;
pub mod instructions;
pub mod library;
pub mod measure;

pub use dice::Dice;
use std::process::{Command, Stdio};

/// Runs a command that sets a peer up; what it prints is nobody's concern.
pub fn done(command: &mut Command) -> Result<(), String> {
    let program = command.get_program().to_string_lossy().into_owned();
    let status = command.stdout(Stdio::null()).status().map_err(|error| format!("{program}: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("{program} could not set a peer up: {status}")) }
}
