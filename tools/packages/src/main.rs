//! `leadwright-packages` makes what `cargo xtask dist` and the workflows of a release ask of it.
#![forbid(unsafe_code)]

use leadwright_packages::platform::{PLATFORMS, Platform};
use leadwright_packages::{bill, files, npm, third_party};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

const USAGE: &str = "Usage: leadwright-packages <what>

  licences [--check]                 THIRD-PARTY.txt, written, or only compared
  bill PACKAGE TARGET FILE [FEATURE…]   a bill of materials (CycloneDX)
  npm-main FOLDER                    the npm package `leadwright`
  npm-platform NAME ADDON FOLDER     the npm package of a platform
  platforms                          their names and targets
  version                            the version of all packages";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match run(&words) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("leadwright-packages: {message}");
            ExitCode::FAILURE
        }
    }
}

fn run(words: &[&str]) -> Result<(), String> {
    let root = root();
    match words {
        ["licences"] => files::write(&root.join(third_party::FILE), &third_party::text(&root)?),
        ["licences", "--check"] => licences_are_fresh(&root),
        ["bill", package, target, file, features @ ..] => {
            files::write(Path::new(file), &bill::of(&root, package, features, target)?)
        }
        ["npm-main", folder] => npm::main_package(&root, Path::new(folder)),
        ["npm-platform", name, addon, folder] => {
            let known = || PLATFORMS.iter().map(|platform| platform.npm).collect::<Vec<_>>().join(", ");
            let platform = Platform::named(name).ok_or_else(|| format!("`{name}` is none of {}", known()))?;
            npm::platform_package(&root, platform, Path::new(addon), Path::new(folder))
        }
        ["version"] => {
            println!("{}", env!("CARGO_PKG_VERSION"));
            Ok(())
        }
        ["platforms"] => {
            PLATFORMS.iter().for_each(|platform| println!("{} {}", platform.npm, platform.target));
            Ok(())
        }
        _ => Err(format!("this is not understood\n\n{USAGE}")),
    }
}

fn licences_are_fresh(root: &Path) -> Result<(), String> {
    if third_party::text(root)? == files::read(&root.join(third_party::FILE))? {
        return Ok(());
    }
    Err(format!("{} is not what the packages are linked with; `cargo xtask licences` makes it anew", third_party::FILE))
}

/// The repository: this crate is two folders below it.
fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_path_buf()
}
