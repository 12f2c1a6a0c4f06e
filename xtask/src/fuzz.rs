//! The fuzz targets with libFuzzer and AddressSanitizer, on the stable toolchain.

use crate::paths::Paths;
use crate::process;
use std::env;
use std::fs;
use std::path::Path;
use std::process::Command;

/// `cargo xtask fuzz [SECONDS] [TARGET]`: each target for so long, 60 seconds when nothing is said. `cargo xtask fuzz
/// SECONDS kinds` gives each kind of field so long.
pub(crate) fn run(paths: &Paths) -> Result<(), String> {
    let dir = paths.root.join("fuzz");
    let told: Vec<String> = env::args().skip(2).collect();
    let seconds = told.iter().find_map(|word| word.parse::<u32>().ok()).unwrap_or(60);
    let all = targets(paths)?;
    if told.iter().any(|word| word == "kinds") {
        return each_kind(paths, &dir, seconds);
    }
    let chosen: Vec<&String> = all.iter().filter(|name| told.contains(name)).collect();
    if let Some(wrong) = told.iter().find(|word| word.parse::<u32>().is_err() && !all.contains(word)) {
        return Err(format!("there is no target `{wrong}`; there are {}", all.join(", ")));
    }
    if !process::succeeds(process::cargo(paths).args(["fuzz", "--version"])) {
        process::run(process::cargo(paths).args(["install", "cargo-fuzz", "--locked"]))?;
    }
    for name in if chosen.is_empty() { all.iter().collect() } else { chosen } {
        process::run(&mut one(paths, &dir, name, name, seconds)?)?;
    }
    Ok(())
}

/// A target for so long. What is found goes below target, not into the corpus that is committed.
fn one(paths: &Paths, dir: &Path, name: &str, corpus: &str, seconds: u32) -> Result<Command, String> {
    let found = paths.target.join("fuzz-corpus").join(corpus);
    fs::create_dir_all(&found).map_err(process::file_error(&found))?;
    let mut fuzz = process::cargo(paths);
    fuzz.current_dir(dir).env("RUSTC_BOOTSTRAP", "1").args(["fuzz", "run", "--sanitizer", "address", name]);
    fuzz.arg(&found).arg(dir.join("corpus").join(name));
    fuzz.arg("--").arg(format!("-max_total_time={seconds}")).args(["-timeout=10", "-max_len=4096"]);
    Ok(fuzz)
}

/// The target of values once for each kind of field, which the page of the fields lists.
fn each_kind(paths: &Paths, dir: &Path, seconds: u32) -> Result<(), String> {
    let page = paths.root.join("docs/reference/fields.md");
    let text = fs::read_to_string(&page).map_err(process::file_error(&page))?;
    let table = text.split("\n## ").find(|part| part.starts_with("Kinds")).unwrap_or_default();
    let kinds = table.lines().filter_map(|line| Some(line.strip_prefix("| `")?.split_once('`')?.0));
    let kinds: Vec<&str> = kinds.collect();
    if kinds.len() < 30 {
        return Err(format!("{} names only {} kinds", page.display(), kinds.len()));
    }
    for kind in kinds {
        println!("== {kind}");
        let mut fuzz = one(paths, dir, "kind", &format!("kind-{kind}"), seconds)?;
        process::run(fuzz.env("LEADWRIGHT_KIND", kind))?;
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
