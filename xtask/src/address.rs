//! How well addresses are read: `tools/address-cv` over the labelled addresses beside the repository.

use crate::paths::Paths;
use crate::process;
use std::path::{Path, PathBuf};

/// Where the core keeps the tables that `--write` makes anew.
const TABLES: &str = "core/src/address/calibration.rs";

/// Prints the study, or with `--write` fits the tables of the confidence. Without the data it says so and does nothing.
pub(crate) fn run(paths: &Paths) -> Result<(), String> {
    let Some(data) = data(&paths.root) else {
        eprintln!(
            "SKIPPED: there is no shared/eval/address beside the repository, so there is nothing to measure with"
        );
        return Ok(());
    };
    let mut study = process::cargo(paths);
    study.args(["run", "--quiet", "--package", "leadwright-address-cv", "--", "--data"]).arg(data);
    if !std::env::args().any(|word| word == "--write") {
        return process::run(&mut study);
    }
    process::run(study.arg("--write").arg(paths.root.join(TABLES)))?;
    process::run(process::cargo(paths).args(["fmt", "--package", "leadwright"]))
}

fn data(root: &Path) -> Option<PathBuf> {
    let beside = |folder: &Path| folder.join("shared/eval/address");
    root.ancestors().map(beside).find(|folder| folder.join("data/parse.dev.jsonl").exists())
}
