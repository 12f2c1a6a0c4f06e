//! Packing and unpacking with the gzip of the system, or with Python's.

use crate::{process, tools};
use std::fs::File;
use std::path::Path;
use std::process::{Command, Stdio};

/// Unpacks `from` into `to`.
pub(crate) fn unpack(from: &Path, to: &Path) -> Result<(), String> {
    let out = File::create(to).map_err(process::file_error(to))?;
    process::run(unpacker()?.arg(from).stdout(Stdio::from(out)))
}

/// A command that takes the path of a packed file and prints its content.
fn unpacker() -> Result<Command, String> {
    if process::exists("gzip") {
        let mut gzip = Command::new("gzip");
        gzip.arg("-dc");
        return Ok(gzip);
    }
    let python = tools::system_python().map_err(|_| "unpacking needs `gzip` or `python3`; neither is on the path")?;
    let mut command = Command::new(python);
    let script = "import gzip, shutil, sys; shutil.copyfileobj(gzip.open(sys.argv[1]), sys.stdout.buffer)";
    command.args(["-c", script]);
    Ok(command)
}

/// Packs `from` into `to` without name or time, so that the same content gives the same file.
pub(crate) fn pack(from: &Path, to: &Path) -> Result<(), String> {
    if !process::exists("gzip") {
        return Err("packing needs `gzip`, and it is not on the path".into());
    }
    let out = File::create(to).map_err(process::file_error(to))?;
    process::run(Command::new("gzip").args(["-n", "-9", "-c"]).arg(from).stdout(Stdio::from(out)))
}
