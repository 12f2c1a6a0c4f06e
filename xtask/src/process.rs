//! Running other programs: with their output shown, read line by line, or kept.

use crate::paths::Paths;
use std::ffi::OsString;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::sync::Mutex;
use std::{env, io};

/// The Cargo that runs this task.
pub(crate) fn cargo(paths: &Paths) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo")));
    command.current_dir(&paths.root);
    command
}

/// Runs `command` with its output shown; an error unless it ends well.
pub(crate) fn run(command: &mut Command) -> Result<(), String> {
    announce(command);
    let status = command.status().map_err(|error| cannot_start(command, &error))?;
    ended_well(command, status)
}

/// Runs `command`, shows every line it prints and hands it to `on_line` as well.
pub(crate) fn watch(command: &mut Command, on_line: &mut (dyn FnMut(&str) + Send)) -> Result<(), String> {
    announce(command);
    let spawned = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let mut child = spawned.map_err(|error| cannot_start(command, &error))?;
    let (out, err) = (child.stdout.take(), child.stderr.take());
    let shared = Mutex::new(on_line);
    std::thread::scope(|scope| {
        scope.spawn(|| pass_through(out, io::stdout(), &shared));
        scope.spawn(|| pass_through(err, io::stderr(), &shared));
    });
    let status = child.wait().map_err(|error| cannot_start(command, &error))?;
    ended_well(command, status)
}

/// What `command` prints; an error, with what it complained of, unless it ends well.
pub(crate) fn output(command: &mut Command) -> Result<String, String> {
    announce(command);
    let output = command.output().map_err(|error| cannot_start(command, &error))?;
    ended_well(command, output.status)
        .map_err(|message| format!("{message}\n{}", String::from_utf8_lossy(&output.stderr).trim_end()))?;
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Whether `command` starts and ends well; shows nothing.
pub(crate) fn succeeds(command: &mut Command) -> bool {
    command.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}

/// Whether the program `name` answers to `--version`.
pub(crate) fn exists(name: &str) -> bool {
    succeeds(Command::new(name).arg("--version"))
}

/// Turns a file error into a sentence with the file's name.
pub(crate) fn file_error(path: &Path) -> impl Fn(io::Error) -> String + '_ {
    move |error| format!("{}: {error}", path.display())
}

fn pass_through(from: Option<impl Read>, mut to: impl Write, on_line: &Mutex<&mut (dyn FnMut(&str) + Send)>) {
    let Some(from) = from else { return };
    let mut reader = BufReader::new(from);
    let mut line = Vec::new();
    while reader.read_until(b'\n', &mut line).is_ok_and(|read| read > 0) {
        // A closed pipe on our side must not stop the counting.
        let _ = to.write_all(&line).and_then(|()| to.flush());
        if let Ok(mut on_line) = on_line.lock() {
            on_line(String::from_utf8_lossy(&line).trim_end());
        }
        line.clear();
    }
}

fn announce(command: &Command) {
    eprintln!("$ {}", sentence(command));
}

fn ended_well(command: &Command, status: ExitStatus) -> Result<(), String> {
    if status.success() { Ok(()) } else { Err(format!("`{}` ended with {status}", sentence(command))) }
}

fn cannot_start(command: &Command, error: &io::Error) -> String {
    format!("`{}` could not run: {error}", sentence(command))
}

/// The command as one would type it; for people, so nothing is quoted.
fn sentence(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or_default().to_string_lossy().into_owned();
    let args = command.get_args().map(|arg| arg.to_string_lossy().into_owned());
    std::iter::once(program).chain(args).collect::<Vec<_>>().join(" ")
}
