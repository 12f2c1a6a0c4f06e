//! Processes of this program.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};
use std::thread::JoinHandle;

/// This program again, told to do something else.
pub(crate) fn again(arguments: &[String]) -> Result<Command, String> {
    let mut command = Command::new(std::env::current_exe().map_err(|error| error.to_string())?);
    command.args(arguments);
    Ok(command)
}

/// A process that is ready, and waits to be told to go.
pub(crate) struct Ready {
    child: Child,
    lines: JoinHandle<Vec<String>>,
    errors: JoinHandle<String>,
}

impl Ready {
    pub(crate) fn start(command: &mut Command) -> Result<Self, String> {
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().map_err(|error| error.to_string())?;
        let mut out = BufReader::new(child.stdout.take().ok_or("no output")?);
        let errors = BufReader::new(child.stderr.take().ok_or("no errors")?);
        let errors = std::thread::spawn(move || std::io::read_to_string(errors).unwrap_or_default());
        let mut first = String::new();
        out.read_line(&mut first).map_err(|error| error.to_string())?;
        if first != "ready\n" {
            let _ = child.kill();
            return Err(format!("a process did not start: {}", errors.join().unwrap_or_default()));
        }
        let lines = std::thread::spawn(move || whole_lines(out));
        Ok(Self { child, lines, errors })
    }

    pub(crate) fn go(&mut self) -> Result<(), String> {
        let stdin = self.child.stdin.as_mut().ok_or("no input")?;
        stdin.write_all(b"go\n").map_err(|error| error.to_string())
    }

    /// Kills it, and gives what it had said until then. One that ended by itself is not what was wanted.
    pub(crate) fn kill(mut self) -> Result<Vec<String>, String> {
        let ended = self.child.try_wait().map_err(|error| error.to_string())?;
        self.child.kill().map_err(|error| error.to_string())?;
        self.child.wait().map_err(|error| error.to_string())?;
        let (lines, errors) = (self.lines.join().unwrap_or_default(), self.errors.join().unwrap_or_default());
        match ended {
            Some(status) => Err(format!("a process ended by itself: {status} {errors}")),
            None => Ok(lines),
        }
    }

    /// Waits for its end.
    pub(crate) fn wait(mut self) -> Result<Vec<String>, String> {
        let status = self.child.wait().map_err(|error| error.to_string())?;
        let (lines, errors) = (self.lines.join().unwrap_or_default(), self.errors.join().unwrap_or_default());
        if status.success() { Ok(lines) } else { Err(format!("a process failed: {status} {errors}")) }
    }
}

/// Lines that were written to their end.
fn whole_lines(mut out: impl BufRead) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = Vec::new();
    while out.read_until(b'\n', &mut line).is_ok_and(|read| read > 0) {
        if line.pop() == Some(b'\n') {
            lines.push(String::from_utf8_lossy(&line).into_owned());
        }
        line.clear();
    }
    lines
}
