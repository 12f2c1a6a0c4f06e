//! The benches: a workspace of their own, so that peers stay out of ours.

use crate::paths::Paths;
use crate::process;
use std::env;

/// `cargo xtask bench NAME [its arguments]`.
pub(crate) fn run(paths: &Paths) -> Result<(), String> {
    let told: Vec<String> = env::args().skip(2).collect();
    let Some((name, rest)) = told.split_first() else {
        return Err("which? benches/README.md lists them: `cargo xtask bench decide`".into());
    };
    let mut bench = process::cargo(paths);
    bench.current_dir(paths.root.join("benches"));
    process::run(bench.args(["run", "--release", "--package", &format!("bench-{name}"), "--"]).args(rest))
}
