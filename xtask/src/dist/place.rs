//! Where packages are made and tried, and how a command is run there as on a machine without Rust.

use crate::paths::Paths;
use crate::process;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

pub(super) struct Place<'p> {
    pub(super) paths: &'p Paths,
    /// `target/dist`, or `target/dist-quick`.
    pub(super) out: PathBuf,
    /// The libraries are those that the tests are run with: what is tried is the packages alone.
    pub(super) quick: bool,
}

impl<'p> Place<'p> {
    pub(super) fn new(paths: &'p Paths, quick: bool) -> Self {
        Self { paths, out: paths.target.join(if quick { "dist-quick" } else { "dist" }), quick }
    }

    /// A folder below `target/dist` that is empty.
    pub(super) fn empty(&self, name: &str) -> Result<PathBuf, String> {
        let folder = self.out.join(name);
        if folder.exists() {
            fs::remove_dir_all(&folder).map_err(process::file_error(&folder))?;
        }
        fs::create_dir_all(&folder).map_err(process::file_error(&folder))?;
        Ok(folder)
    }

    /// The files of a folder below `target/dist` that end so.
    pub(super) fn made(&self, folder: &str, end: &str) -> Result<Vec<PathBuf>, String> {
        let folder = self.out.join(folder);
        let mut found = Vec::new();
        for entry in fs::read_dir(&folder).map_err(process::file_error(&folder))?.flatten() {
            if entry.path().to_string_lossy().ends_with(end) {
                found.push(entry.path());
            }
        }
        found.sort();
        Ok(found)
    }

    /// The one file of a folder that ends so.
    pub(super) fn one(&self, folder: &str, end: &str) -> Result<PathBuf, String> {
        let mut found = self.made(folder, end)?;
        match (found.pop(), found.is_empty()) {
            (Some(file), true) => Ok(file),
            _ => Err(format!("target/dist/{folder} should hold one file that ends in {end}")),
        }
    }

    /// Where the sdist is unpacked, and the wheel built.
    pub(super) fn sources(&self) -> PathBuf {
        self.out.join("sdist").join(format!("leadwright-{}", env!("CARGO_PKG_VERSION")))
    }

    /// What a build says of the folders of this machine, and what it is to say in their place: a package tells nobody where it
    /// was built, and is the same wherever that was. It is the same for all builds: what they share is built once.
    pub(super) fn remapped(&self) -> Result<OsString, String> {
        let home = env::var_os("CARGO_HOME").map(PathBuf::from).or_else(|| Some(env::home_dir()?.join(".cargo")));
        let registries = home.ok_or("there is no home folder")?.join("registry/src");
        let mut flags = env::var_os("RUSTFLAGS").unwrap_or_default();
        let mut put = |from: &Path, to: &str| {
            flags.push(if flags.is_empty() { "" } else { " " });
            flags.push("--remap-path-prefix=");
            flags.push(from);
            flags.push(format!("={to}"));
        };
        for registry in fs::read_dir(&registries).map_err(process::file_error(&registries))?.flatten() {
            put(&registry.path(), "crates");
        }
        // The last that fits counts, and the sources may be below the target, and that below the repository.
        put(&self.paths.root, "leadwright");
        put(&self.paths.target, "target");
        put(&self.sources(), "leadwright");
        Ok(flags)
    }

    /// Neither the file nor anything in it says where it was built.
    pub(super) fn tells_no_folder(&self, file: &Path) -> Result<(), String> {
        if self.quick {
            return Ok(());
        }
        let bytes = fs::read(file).map_err(process::file_error(file))?;
        let folders = [Some(self.paths.root.clone()), Some(self.paths.target.clone()), env::home_dir()];
        for folder in folders.iter().flatten().filter(|folder| folder.as_os_str().len() > 1) {
            // With the slash: `/root` is also the end of other words.
            let needle = format!("{}/", folder.display());
            if bytes.windows(needle.len()).any(|window| window == needle.as_bytes()) {
                return Err(format!("{} names the folder {} of this machine", file.display(), folder.display()));
            }
        }
        Ok(())
    }
}

/// `command`, on a machine that has no Cargo, with `first` before the rest of the path.
pub(super) fn without_cargo<'c>(command: &'c mut Command, first: &Path) -> Result<&'c mut Command, String> {
    let path = env::var_os("PATH").unwrap_or_default();
    let has_cargo = |folder: &PathBuf| ["cargo", "cargo.exe"].iter().any(|name| folder.join(name).exists());
    let kept = env::split_paths(&path).filter(|folder| !has_cargo(folder));
    let kept: Vec<PathBuf> = std::iter::once(first.to_path_buf()).chain(kept).collect();
    let path = env::join_paths(kept).map_err(|error| format!("PATH: {error}"))?;
    for name in ["CARGO", "CARGO_HOME", "PYTHONPATH", "NODE_PATH", "RUSTUP_HOME", "LEADWRIGHT_NATIVE_PATH"] {
        command.env_remove(name);
    }
    Ok(command.env("PATH", path))
}

/// The platform of this machine, as Rust calls it.
pub(super) fn host() -> Result<String, String> {
    let text = process::output(Command::new("rustc").arg("-vV"))?;
    let host = text.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned).ok_or_else(|| "`rustc -vV` names no host".into())
}
