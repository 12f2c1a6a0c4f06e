//! A process that stays, and does its pass over all leads whenever it is told to.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// Such a process.
pub struct Caller {
    child: Child,
    told: ChildStdin,
    says: BufReader<ChildStdout>,
    name: String,
}

impl Caller {
    /// Starts it.
    pub fn start(command: &mut Command) -> Result<Self, String> {
        let name = command.get_program().to_string_lossy().into_owned();
        let spawned = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
        let mut child = spawned.map_err(|error| format!("{name}: {error}"))?;
        let (Some(told), Some(says)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(format!("{name}: no pipes"));
        };
        Ok(Self { child, told, says: BufReader::new(says), name })
    }

    /// One pass, in nanoseconds of the process's CPU time.
    pub fn pass(&mut self) -> Result<f64, String> {
        let mut answer = String::new();
        let asked = writeln!(self.told, "go").and_then(|()| self.told.flush());
        asked.and_then(|()| self.says.read_line(&mut answer)).map_err(|error| format!("{}: {error}", self.name))?;
        answer.trim().parse().map_err(|_| format!("{} did not run", self.name))
    }
}

impl Drop for Caller {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
