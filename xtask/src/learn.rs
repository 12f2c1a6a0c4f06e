//! What `leadwright learn` makes of apps that are written from a seed: tools/monolith.

use crate::paths::{Paths, program};
use crate::process;
use std::env;
use std::process::Command;

/// `cargo xtask learn [--contracts 20,100,400] [--pairs N] [--unseen N] [--seed N] [--without-caps] [--write DIR]`
pub(crate) fn run(paths: &Paths) -> Result<(), String> {
    let build = ["build", "--package", "leadwright-monolith", "--release"];
    process::run(process::cargo(paths).args(build))?;
    let tool = paths.profile("release").join(program("leadwright-monolith"));
    process::run(Command::new(tool).args(env::args().skip(2)))
}
