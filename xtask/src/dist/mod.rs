//! The packages as they go out, below `target/dist`; each is tried as somebody would who installs it.

mod crates;
mod npm;
mod place;
mod python;
mod scripts;
mod unpack;

use crate::paths::Paths;
use crate::process;
use place::Place;
use std::process::Command;

/// A package: how it is made, and how it is tried.
type Part = (&'static str, fn(&Place<'_>) -> Result<(), String>, fn(&Place<'_>) -> Result<(), String>);

const PARTS: [Part; 3] =
    [("crates", crates::make, crates::check), ("python", python::make, python::check), ("npm", npm::make, npm::check)];

/// `cargo xtask dist [--check | --make] [--quick] [PART…]`: makes and tries them all, or those that are named. `--check` tries
/// what an earlier run made; `--quick` takes the libraries of the tests, and is not to be published.
pub(crate) fn run(paths: &Paths) -> Result<(), String> {
    let words: Vec<String> = std::env::args().skip(2).collect();
    let (options, named): (Vec<&str>, Vec<&str>) =
        words.iter().map(String::as_str).partition(|word| word.starts_with("--"));
    if let Some(word) = options.iter().find(|word| !["--check", "--make", "--quick"].contains(word)) {
        return Err(format!("`{word}` is not understood; there are --check, --make and --quick"));
    }
    let known: Vec<&str> = PARTS.iter().map(|(name, ..)| *name).collect();
    if let Some(word) = named.iter().find(|word| !known.contains(word)) {
        return Err(format!("`{word}` is none of {}", known.join(", ")));
    }
    let place = Place::new(paths, options.contains(&"--quick"));
    for (name, make, check) in PARTS.iter().filter(|(name, ..)| named.is_empty() || named.contains(name)) {
        if !options.contains(&"--check") {
            eprintln!("\n== make {name}");
            make(&place)?;
        }
        if !options.contains(&"--make") {
            eprintln!("\n== try {name}");
            check(&place)?;
        }
    }
    Ok(())
}

/// What continuous integration does at every change: what needs no build beside that of the tests. The wheel does; it is tried
/// by `cargo xtask dist` and by the workflows.
pub(crate) fn quick(paths: &Paths) -> Result<(), String> {
    let place = Place::new(paths, true);
    crates::make(&place)?;
    python::sdist(&place)?;
    npm::make(&place)?;
    npm::check(&place)
}

/// `cargo xtask licences`: THIRD-PARTY.txt anew.
pub(crate) fn licences(paths: &Paths) -> Result<(), String> {
    process::run(&mut packages(paths, &["licences"]))
}

/// tools/packages, with its words.
pub(crate) fn packages(paths: &Paths, words: &[&str]) -> Command {
    let mut command = process::cargo(paths);
    command.args(["run", "--quiet", "--package", "leadwright-packages", "--"]).args(words);
    command
}
