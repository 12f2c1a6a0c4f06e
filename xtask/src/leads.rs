//! The leads of the home-services example.

use crate::paths::Paths;
use crate::{gzip, process};
use std::fs;

/// Writes `examples/home-services/leads.jsonl.gz` anew; the generator is seeded, so nothing changes by itself.
pub(crate) fn run(paths: &Paths) -> Result<(), String> {
    let plain = paths.target.join("leads.jsonl");
    let packed = paths.example().join("leads.jsonl.gz");
    process::run(process::cargo(paths).args(["run", "--quiet", "--package", "leadwright-leads", "--"]).arg(&plain))?;
    gzip::pack(&plain, &packed)?;
    let size = fs::metadata(&packed).map_err(process::file_error(&packed))?.len();
    println!("{}: {size} bytes", packed.display());
    Ok(())
}
