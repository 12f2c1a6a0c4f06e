//! The scripts of examples/install: what docs/install.md shows, and what is run on each package.

use crate::paths::Paths;
use crate::process;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

/// A script is no longer than this: somebody types it.
const LINES: usize = 15;
/// How long after the first key somebody has a lead validated at the latest.
const FIRST_LEAD: Duration = Duration::from_secs(60);

pub(super) struct Scripts {
    folder: PathBuf,
    begun: Instant,
}

impl Scripts {
    /// Copies them into `to`; the clock of who installs starts now.
    pub(super) fn put(paths: &Paths, to: &Path) -> Result<Self, String> {
        let from = paths.root.join("examples/install");
        for entry in fs::read_dir(&from).map_err(process::file_error(&from))?.flatten() {
            fs::copy(entry.path(), to.join(entry.file_name())).map_err(process::file_error(&entry.path()))?;
        }
        Ok(Self { folder: to.to_path_buf(), begun: Instant::now() })
    }

    /// Runs `command`, which validates the first lead, and says how long it took to get there.
    pub(super) fn first_lead(&self, script: &str, command: &mut Command) -> Result<(), String> {
        self.printed(script, "first_lead.txt", command)?;
        let took = self.begun.elapsed();
        println!("first validated lead ({script}): {:.1} s after the installation began", took.as_secs_f64());
        if took > FIRST_LEAD { Err(format!("that is more than {} s", FIRST_LEAD.as_secs())) } else { Ok(()) }
    }

    /// Runs `command`, which decides the first lead, over a store of its own.
    pub(super) fn first_decision(&self, script: &str, command: &mut Command) -> Result<(), String> {
        for end in ["", "-wal", "-shm"] {
            let _ = fs::remove_file(self.folder.join(format!("leads.db{end}")));
        }
        self.printed(script, "first_decision.txt", command)?;
        let took = self.begun.elapsed().as_secs_f64();
        println!("first decision ({script}): {took:.1} s after the installation began");
        Ok(())
    }

    fn printed(&self, script: &str, wanted: &str, command: &mut Command) -> Result<(), String> {
        let text = self.read(script)?;
        let lines = text.lines().filter(|line| !line.trim().is_empty()).count();
        if lines > LINES {
            return Err(format!("examples/install/{script} has {lines} lines, and {LINES} is the most"));
        }
        let printed = process::output(command.current_dir(&self.folder))?;
        let wanted = self.read(wanted)?;
        // Python writes `True`.
        if printed.to_lowercase() == wanted.to_lowercase() {
            return Ok(());
        }
        Err(format!("{script} printed\n{printed}and not\n{wanted}"))
    }

    fn read(&self, name: &str) -> Result<String, String> {
        let path = self.folder.join(name);
        fs::read_to_string(&path).map_err(process::file_error(&path))
    }
}
