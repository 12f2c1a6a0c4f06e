//! A server as a process: started, waited for, told to end, and never left behind.

use crate::{Missing, user};
use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// How long a server may take until it is there, also after it was killed with much to recover, and until it has ended.
const PATIENCE: Duration = Duration::from_secs(60);

/// The shell becomes the server. Before that it leaves a watcher behind, which passes on signals by name and ends the server
/// when the pipe from us is closed, however we ended; `$0` is the signal for that. It is nobody's child, because
/// PostgreSQL looks after all that it has.
const SCRIPT: &str = r#"
exec 3<&0 </dev/null
( ( while read -r word; do
      if [ "$word" = end ]; then exit 0; fi
      kill -s "$word" $$
    done
    kill -s "$0" $$ ) <&3 3<&- >/dev/null 2>&1 & )
exec 3<&-
exec "$@"
"#;

/// How a server is started and known to be there.
pub(crate) struct Launch<'a> {
    pub(crate) program: &'a Path,
    pub(crate) args: Vec<String>,
    /// Where it runs; its output is added to the log.
    pub(crate) folder: &'a Path,
    pub(crate) log: PathBuf,
    /// What its log says when it answers.
    pub(crate) ready: &'static str,
    /// What ends it at once when we are gone.
    pub(crate) last_signal: &'static str,
}

/// A running server.
pub(crate) struct Process {
    child: Child,
    orders: ChildStdin,
}

/// Why a server did not come up.
pub(crate) enum Failure {
    /// Another one was faster.
    PortTaken,
    Other(Missing),
}

impl From<Missing> for Failure {
    fn from(missing: Missing) -> Self {
        Self::Other(missing)
    }
}

impl Process {
    /// Starts it, and answers when its log says that it is ready.
    pub(crate) fn start(launch: &Launch<'_>) -> Result<Self, Failure> {
        let failed = Missing::from(launch.program.display());
        let log = File::options().create(true).append(true).open(&launch.log).map_err(&failed)?;
        let before = log.metadata().map_err(&failed)?.len();
        let errors = log.try_clone().map_err(&failed)?;
        let mut command = Command::new("sh");
        command.arg("-c").arg(SCRIPT).arg(launch.last_signal).arg(launch.program).args(&launch.args);
        command.current_dir(launch.folder).stdin(Stdio::piped()).stdout(log).stderr(errors);
        // Ctrl-C is for us; what becomes of the servers then, the watcher sees to.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let mut child = user::as_server(&mut command)?.spawn().map_err(&failed)?;
        let orders = child.stdin.take().ok_or_else(|| Missing::new("the server has no standard input"))?;
        let mut process = Self { child, orders };
        process.wait_ready(launch, before)?;
        Ok(process)
    }

    fn wait_ready(&mut self, launch: &Launch<'_>, before: u64) -> Result<(), Failure> {
        let until = Instant::now() + PATIENCE;
        loop {
            let ended = matches!(self.child.try_wait(), Ok(Some(_)) | Err(_));
            let said = fs::read(&launch.log).unwrap_or_default();
            let said = said.get(usize::try_from(before).unwrap_or(usize::MAX)..).unwrap_or_default();
            let said = String::from_utf8_lossy(said);
            if ended {
                return Err(failure(launch, &said));
            }
            if said.contains(launch.ready) {
                return Ok(());
            }
            if Instant::now() > until {
                return Err(Missing::new(format!("{} does not get ready", name(launch.program))).into());
            }
            sleep(Duration::from_millis(5));
        }
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Sends a signal by its name.
    pub(crate) fn signal(&mut self, name: &str) -> Result<(), Missing> {
        writeln!(self.orders, "{name}").map_err(Missing::from("the server cannot be signalled"))
    }

    /// Sends a signal that ends it, and waits for that.
    pub(crate) fn end(mut self, signal: &str) -> Result<(), Missing> {
        self.signal(signal)?;
        let until = Instant::now() + PATIENCE;
        while matches!(self.child.try_wait(), Ok(None)) {
            if Instant::now() > until {
                // Dropping it kills it.
                return Err(Missing::new(format!("the server does not end by {signal}")));
            }
            sleep(Duration::from_millis(2));
        }
        Ok(())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // One that has ended says so with an error.
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = writeln!(self.orders, "end");
    }
}

/// Runs a tool of a server to its end.
pub(crate) fn run(program: &Path, folder: &Path, args: &[impl AsRef<OsStr>]) -> Result<(), Missing> {
    let mut command = Command::new(program);
    command.args(args).current_dir(folder).stdin(Stdio::null());
    let failed = Missing::from(program.display());
    let answer = user::as_server(&mut command)?.output().map_err(failed)?;
    if answer.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&answer.stderr);
    Err(Missing::new(format!("{} ended with {}: {}", name(program), answer.status, last_line(&said))))
}

fn failure(launch: &Launch<'_>, said: &str) -> Failure {
    if said.to_lowercase().contains("address already in use") {
        return Failure::PortTaken;
    }
    Missing::new(format!("{} ended at once: {}", name(launch.program), last_line(said))).into()
}

fn last_line(said: &str) -> &str {
    said.trim_end().lines().next_back().unwrap_or("it said nothing")
}

fn name(program: &Path) -> String {
    program.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
