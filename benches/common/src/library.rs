//! Our packages for Python and Node, built for release below `benches/target`: those of the checkout stay as they are.

use crate::done;
use std::env::consts::{DLL_PREFIX, DLL_SUFFIX};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The folder to put on Python's path.
pub fn python(target: &Path) -> Result<PathBuf, String> {
    let library = target.join("bindings-library/python");
    let package = library.join("leadwright");
    copied(&root().join("bindings-python/python/leadwright"), &package, &["py"])?;
    let name = if cfg!(windows) { "_leadwright.pyd" } else { "_leadwright.abi3.so" };
    built("leadwright-python", "_leadwright", target, &package.join(name))?;
    Ok(library)
}

/// The folder to require.
pub fn node(target: &Path) -> Result<PathBuf, String> {
    let (from, library) = (root().join("bindings-node"), target.join("bindings-library/node"));
    copied(&from, &library, &["js", "json"])?;
    for folder in ["lib", "lib/migrate"] {
        copied(&from.join(folder), &library.join(folder), &["js"])?;
    }
    built("leadwright-node", "leadwright_node", target, &library.join("leadwright.node"))?;
    Ok(library)
}

fn built(package: &str, name: &str, target: &Path, place: &Path) -> Result<(), String> {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    let build = ["build", "--quiet", "--release", "--package", package, "--target-dir"];
    done(cargo.args(build).arg(target).current_dir(root()))?;
    let library = target.join("release").join(format!("{DLL_PREFIX}{name}{DLL_SUFFIX}"));
    // Beside the goal, and renamed: whoever has the old one loaded keeps its file, and would die of a file that changes.
    let beside = place.with_extension("new");
    let put = fs::copy(library, &beside).and_then(|_| fs::rename(&beside, place));
    put.map_err(|error| format!("{}: {error}", place.display()))
}

/// Copies the files with these endings, and folders below for Python's packages.
fn copied(from: &Path, to: &Path, ends: &[&str]) -> Result<(), String> {
    let failed = |error: std::io::Error| format!("{}: {error}", from.display());
    fs::create_dir_all(to).map_err(failed)?;
    for file in fs::read_dir(from).map_err(failed)?.flatten() {
        let path = file.path();
        if path.extension().is_some_and(|end| ends.iter().any(|wanted| end == *wanted)) {
            fs::copy(&path, to.join(file.file_name())).map_err(failed)?;
        } else if path.is_dir() && path.join("__init__.py").exists() {
            copied(&path, &to.join(file.file_name()), ends)?;
        }
    }
    Ok(())
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}
