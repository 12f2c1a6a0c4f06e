//! Where things are.

use std::env;
use std::path::{Path, PathBuf};

/// The folders that tasks work in.
pub(crate) struct Paths {
    /// The repository.
    pub(crate) root: PathBuf,
    /// Cargo's output; everything that a task makes and git ignores is below it.
    pub(crate) target: PathBuf,
}

impl Paths {
    /// Cargo names the folder of this package when it runs it; the repository is the folder above.
    pub(crate) fn find() -> Self {
        let here = env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| PathBuf::from("xtask"), PathBuf::from);
        let root = here.parent().map_or_else(|| PathBuf::from("."), Path::to_path_buf);
        let target = env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), |dir| root.join(dir));
        Self { root, target }
    }

    /// Whether `dir` holds a Cargo package; says so when it does not, because a task is then left out.
    pub(crate) fn has_package(&self, dir: &str) -> bool {
        let found = self.root.join(dir).join("Cargo.toml").exists();
        if !found {
            eprintln!("SKIPPED: there is no {dir}/Cargo.toml");
        }
        found
    }

    /// The folder of the example that the demo runs.
    pub(crate) fn example(&self) -> PathBuf {
        self.root.join("examples/home-services")
    }

    /// The folder Cargo writes a profile's output to.
    pub(crate) fn profile(&self, profile: &str) -> PathBuf {
        self.target.join(if profile == "dev" { "debug" } else { profile })
    }
}

/// What this platform calls the shared library of the crate `name`.
pub(crate) fn shared_library(name: &str) -> String {
    format!("{}{name}{}", env::consts::DLL_PREFIX, env::consts::DLL_SUFFIX)
}

/// What this platform calls the program `name`.
pub(crate) fn program(name: &str) -> String {
    format!("{name}{}", env::consts::EXE_SUFFIX)
}
