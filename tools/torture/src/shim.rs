//! The shim between a process and its disk: `shim.c`, loaded before libc. It is spoken to by removing files that cannot be
//! there, which needs neither a library nor unsafe code.

use crate::Torture;
use crate::process::again;
use crate::script::Leads;
use std::fs::remove_file;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A torture of the disk.
#[derive(clap::Args)]
pub(crate) struct OnDisk {
    #[command(flatten)]
    pub(crate) torture: Torture,
    /// The shim that stands between a process and its disk
    #[arg(long)]
    shim: Option<PathBuf>,
    /// Only stores that are given keys on the way; both kinds in turn when absent
    #[arg(long)]
    pub(crate) keys: bool,
}

impl OnDisk {
    /// The words that say so again.
    pub(crate) fn again(&self, leads: Leads) -> &'static str {
        if leads == Leads::Sealed { " --keys" } else { "" }
    }
}

/// Something was acknowledged: the shim writes it into its log. False where there is no shim.
pub(crate) fn acknowledge(text: &str) -> bool {
    remove_file(format!("/leadwright/ack/{text}")).is_ok()
}

/// How operations on the disk fail.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Failing {
    /// `eio`, `enospc`, or `short`: a half of it is written, and then the disk is full.
    pub(crate) kind: &'static str,
    /// So many, one after another.
    pub(crate) count: u64,
}

/// From the `k`-th operation on, counted from now, the disk fails.
pub(crate) fn fail(failing: Failing, k: u64) {
    let _ = remove_file(format!("/leadwright/fail/{}/{k}/{}", failing.kind, failing.count));
}

/// The disk is well again. Says whether it had failed at all.
pub(crate) fn mend() -> bool {
    let fired = remove_file("/leadwright/fired").is_ok();
    let _ = remove_file("/leadwright/fail/eio/0/0");
    fired
}

/// This program behind the shim; it minds what lies in `folder`, and writes down what the disk is told into `log`.
pub(crate) fn behind(disk: &OnDisk, folder: &Path, log: Option<&Path>, told: &[String]) -> Result<Command, String> {
    let shim = disk.shim.as_ref().ok_or("this needs --shim: `cargo xtask torture` builds it")?;
    let mut command = again(told)?;
    command.env("LD_PRELOAD", shim).env("LEADWRIGHT_SHIM_MATCH", folder);
    if let Some(log) = log {
        command.env("LEADWRIGHT_SHIM_LOG", log);
    }
    Ok(command)
}
