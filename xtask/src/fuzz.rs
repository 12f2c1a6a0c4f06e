//! The fuzz targets with libFuzzer and AddressSanitizer, on the stable toolchain.

use crate::paths::Paths;
use crate::process;
use std::env;
use std::fs;

/// `cargo xtask fuzz [SECONDS] [TARGET]`: each target for so long, 60 seconds when nothing is said.
pub(crate) fn run(paths: &Paths) -> Result<(), String> {
    let dir = paths.root.join("fuzz");
    let told: Vec<String> = env::args().skip(2).collect();
    let seconds = told.iter().find_map(|word| word.parse::<u32>().ok()).unwrap_or(60);
    let all = targets(paths)?;
    let chosen: Vec<&String> = all.iter().filter(|name| told.contains(name)).collect();
    if let Some(wrong) = told.iter().find(|word| word.parse::<u32>().is_err() && !all.contains(word)) {
        return Err(format!("there is no target `{wrong}`; there are {}", all.join(", ")));
    }
    if !process::succeeds(process::cargo(paths).args(["fuzz", "--version"])) {
        process::run(process::cargo(paths).args(["install", "cargo-fuzz", "--locked"]))?;
    }
    for name in if chosen.is_empty() { all.iter().collect() } else { chosen } {
        // What is found goes below target, not into the corpus that is committed.
        let found = paths.target.join("fuzz-corpus").join(name);
        fs::create_dir_all(&found).map_err(process::file_error(&found))?;
        let mut fuzz = process::cargo(paths);
        fuzz.current_dir(&dir).env("RUSTC_BOOTSTRAP", "1").args(["fuzz", "run", "--sanitizer", "address", name]);
        fuzz.arg(&found).arg(dir.join("corpus").join(name));
        process::run(fuzz.arg("--").arg(format!("-max_total_time={seconds}")).args(["-timeout=10", "-max_len=4096"]))?;
    }
    Ok(())
}

/// `cargo xtask soak WHAT COUNT [SEED]`: so many inputs by chance in one process, without a fuzzer.
pub(crate) fn soak(paths: &Paths) -> Result<(), String> {
    let mut soak = process::cargo(paths);
    soak.current_dir(paths.root.join("fuzz")).args(["run", "--release", "--bin", "soak", "--"]);
    process::run(soak.args(env::args().skip(2)))
}

/// The names of the files in `fuzz/fuzz_targets`, sorted.
fn targets(paths: &Paths) -> Result<Vec<String>, String> {
    let dir = paths.root.join("fuzz/fuzz_targets");
    let files = fs::read_dir(&dir).map_err(process::file_error(&dir))?;
    let names = files.flatten().filter_map(|file| Some(file.path().file_stem()?.to_string_lossy().into_owned()));
    let mut names: Vec<String> = names.collect();
    names.sort();
    Ok(names)
}
