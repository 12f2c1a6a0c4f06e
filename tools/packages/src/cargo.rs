//! What Cargo knows of the packages that ours are made of.

use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

/// A package, as `cargo metadata` tells it.
#[derive(Clone, Debug, Deserialize)]
pub struct Package {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    id: String,
    /// The expression of its licence.
    #[serde(default)]
    pub license: Option<String>,
    /// Who made it.
    #[serde(default)]
    pub authors: Vec<String>,
    /// What it is.
    #[serde(default)]
    pub description: Option<String>,
    /// Where it is developed.
    #[serde(default)]
    pub repository: Option<String>,
    /// Where it was got from; nothing for one of ours.
    #[serde(default)]
    pub source: Option<String>,
    manifest_path: PathBuf,
}

impl Package {
    /// The folder that it was unpacked into.
    pub fn folder(&self) -> &Path {
        self.manifest_path.parent().unwrap_or(Path::new("."))
    }

    /// Whether it is of this repository.
    pub fn is_ours(&self) -> bool {
        self.source.is_none()
    }
}

/// What is linked into a package of ours, and what needs what.
#[derive(Debug)]
pub struct Linked {
    /// Those that are linked, by name and version.
    pub packages: BTreeMap<(String, String), Package>,
    /// What each of them needs of the others.
    pub needs: BTreeMap<(String, String), BTreeSet<(String, String)>>,
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    resolve: Resolve,
}

#[derive(Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
}

#[derive(Deserialize)]
struct Node {
    id: String,
    dependencies: Vec<String>,
}

/// What is linked into the packages `names` with `features`, on `target` or on `all`.
///
/// `cargo tree` says which, for it leaves out what only tests, build scripts and macros need, and knows the features of just
/// these packages; `cargo metadata` says what they are.
pub fn linked(root: &Path, names: &[&str], features: &[&str], target: &str) -> Result<Linked, String> {
    let metadata: Metadata =
        serde_json::from_str(&asked(root, &["metadata", "--format-version", "1", "--locked", "--all-features"])?)
            .map_err(|error| format!("cargo metadata: {error}"))?;
    let mut words = vec!["tree", "--locked", "--edges", "normal,no-proc-macro", "--prefix", "none", "--format", "{p}"];
    words.extend(["--target", target]);
    for name in names {
        words.extend(["--package", name]);
    }
    for feature in features {
        words.extend(["--features", feature]);
    }
    let tree = asked(root, &words)?;
    let wanted: BTreeSet<(String, String)> = tree.lines().filter_map(name_and_version).collect();
    let key = |package: &Package| (package.name.clone(), package.version.clone());
    let by_id: BTreeMap<&str, &Package> =
        metadata.packages.iter().map(|package| (package.id.as_str(), package)).collect();
    let packages: BTreeMap<_, _> = metadata.packages.iter().map(|package| (key(package), package.clone())).collect();
    if let Some(stranger) = wanted.iter().find(|key| !packages.contains_key(*key)) {
        return Err(format!("cargo metadata does not know {} {}", stranger.0, stranger.1));
    }
    let mut needs = BTreeMap::new();
    for node in &metadata.resolve.nodes {
        let Some(package) = by_id.get(node.id.as_str()).filter(|package| wanted.contains(&key(package))) else {
            continue;
        };
        let others = node.dependencies.iter().filter_map(|id| by_id.get(id.as_str()));
        needs.insert(key(package), others.map(|other| key(other)).filter(|other| wanted.contains(other)).collect());
    }
    let packages = packages.into_iter().filter(|(key, _)| wanted.contains(key)).collect();
    Ok(Linked { packages, needs })
}

/// A line of the tree: `serde v1.0.219`, and for one of ours its folder behind.
fn name_and_version(line: &str) -> Option<(String, String)> {
    let mut words = line.split_whitespace();
    let name = words.next()?;
    let version = words.next()?.strip_prefix('v')?;
    Some((name.to_owned(), version.to_owned()))
}

fn asked(root: &Path, words: &[&str]) -> Result<String, String> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo).args(words).current_dir(root).output();
    let output = output.map_err(|error| format!("cargo {}: {error}", words[0]))?;
    if !output.status.success() {
        return Err(format!("cargo {}: {}", words[0], String::from_utf8_lossy(&output.stderr).trim()));
    }
    String::from_utf8(output.stdout).map_err(|error| format!("cargo {}: {error}", words[0]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_the_tree_has_a_name_and_a_version() {
        let key = |name: &str, version: &str| Some((name.to_owned(), version.to_owned()));
        assert_eq!(name_and_version("serde v1.0.219"), key("serde", "1.0.219"));
        assert_eq!(name_and_version("leadwright v0.1.0 (/somewhere/core)"), key("leadwright", "0.1.0"));
        assert_eq!(name_and_version(""), None);
    }
}
