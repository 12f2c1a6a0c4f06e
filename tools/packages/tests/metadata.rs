//! What a registry shows of our packages, and that they go together.

use leadwright_packages::npm;
use leadwright_packages::platform::PLATFORMS;
use std::fs;
use std::path::{Path, PathBuf};
use toml::{Table, Value};

/// What goes to the registry of crates.
const CRATES: &[&str] = &["core", "adapters/deliver", "adapters/http", "adapters/postgres", "adapters/relay", "cli"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn manifest(folder: &str) -> Table {
    read(&format!("{folder}/Cargo.toml")).parse().unwrap_or_else(|error| panic!("{folder}: {error}"))
}

fn workspace() -> Table {
    let whole: Table = read("Cargo.toml").parse().expect("TOML");
    whole["workspace"].as_table().expect("a table").clone()
}

fn version() -> String {
    workspace()["package"]["version"].as_str().expect("a text").to_owned()
}

#[test]
fn every_package_has_the_version_of_the_workspace() {
    let version = version();
    for (name, needed) in workspace()["dependencies"].as_table().expect("a table") {
        if let Some(of_ours) = needed.get("path").and(needed.get("version")).and_then(Value::as_str) {
            assert_eq!(of_ours, version, "[workspace.dependencies] {name}");
        }
    }
    for folder in CRATES.iter().chain(&["bindings-node", "bindings-python"]) {
        let own = &manifest(folder)["package"]["version"];
        assert_eq!(own.get("workspace"), Some(&Value::Boolean(true)), "{folder} has a version of its own");
    }
    let of = |value: Option<serde_json::Value>| value.and_then(|value| value.as_str().map(str::to_owned));
    let package = npm::package_json(&root()).expect("package.json");
    assert_eq!(of(package.get("version")), Some(version.clone()), "bindings-node/package.json");
    let lock: serde_json::Value = serde_json::from_str(&read("bindings-node/package-lock.json")).expect("JSON");
    assert_eq!(lock["version"], version.as_str(), "bindings-node/package-lock.json");
    assert_eq!(lock["packages"][""]["version"], version.as_str(), "bindings-node/package-lock.json");
    // maturin takes that of Cargo.
    let python: Table = read("bindings-python/pyproject.toml").parse().expect("TOML");
    let dynamic = python["project"]["dynamic"].as_array().expect("a list");
    assert!(
        dynamic.contains(&Value::from("version"))
            && !python["project"].as_table().expect("a table").contains_key("version")
    );
}

#[test]
fn the_changelog_tells_of_the_version() {
    let changelog = read("CHANGELOG.md");
    let first = changelog.lines().find_map(|line| line.strip_prefix("## ")).expect("a section");
    assert!(first == "Unreleased" || first.split_whitespace().next() == Some(&version()), "it begins with {first}");
}

#[test]
fn a_crate_says_what_a_registry_asks_for() {
    for folder in CRATES {
        let manifest = manifest(folder);
        let package = manifest["package"].as_table().expect("a table");
        assert!(package.get("publish").is_none(), "{folder} is published");
        for key in
            ["description", "readme", "keywords", "categories", "include", "license", "repository", "rust-version"]
        {
            assert!(package.contains_key(key), "{folder} has no {key}");
        }
        let keywords = package["keywords"].as_array().expect("a list");
        assert!(keywords.len() <= 5, "{folder}: five keywords are the most");
        assert!(keywords.iter().all(|word| word.as_str().is_some_and(|word| word.len() <= 20)), "{folder}");
        let readme = package["readme"].as_str().expect("a text");
        assert!(root().join(folder).join(readme).is_file(), "{folder}: {readme}");
        // What it needs of ours comes from the registry too.
        for name in manifest["dependencies"].as_table().expect("a table").keys() {
            let ours = workspace()["dependencies"][name].get("path").is_some();
            let published = !ours || workspace()["dependencies"][name].get("version").is_some();
            assert!(published, "{folder} needs {name}, which is not published");
        }
    }
}

#[test]
fn every_package_brings_its_licences() {
    for folder in CRATES.iter().chain(&["bindings-python"]) {
        for file in ["LICENSE-APACHE", "LICENSE-MIT", "NOTICE"] {
            assert_eq!(read(&format!("{folder}/{file}")), read(file), "{folder}/{file}");
        }
    }
    let include = |folder: &str| manifest(folder)["package"]["include"].as_array().expect("a list").clone();
    for folder in CRATES {
        for file in ["/LICENSE-*", "/NOTICE"] {
            assert!(include(folder).contains(&Value::from(file)), "{folder} leaves {file} out");
        }
    }
    assert_eq!(read("bindings-python/THIRD-PARTY.txt"), read("THIRD-PARTY.txt"));
}

#[test]
fn nothing_of_a_package_names_a_registry() {
    let places = ["Cargo.toml", "bindings-python/pyproject.toml", "bindings-node/package.json", "bindings-node/.npmrc"];
    let workflows = [".github/workflows/ci.yml", ".github/workflows/release.yml", ".github/try.sh"];
    for path in places.iter().chain(&workflows).chain(&["docs/install.md", "docs/releasing.md"]) {
        let text = read(path);
        for address in ["://registry.", "://index.", "://static.", "://crates.io", "://pypi.org", "://www.npmjs.com"] {
            assert!(!text.contains(address), "{path} names {address}");
        }
    }
}

#[test]
fn the_main_package_names_every_platform() {
    let place = Path::new(env!("CARGO_TARGET_TMPDIR")).join("npm-main");
    let _ = fs::remove_dir_all(&place);
    npm::main_package(&root(), &place).expect("it is laid out");
    let text = fs::read_to_string(place.join("package.json")).expect("readable");
    let package: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let named = package["optionalDependencies"].as_object().expect("an object");
    assert_eq!(named.len(), PLATFORMS.len());
    for platform in PLATFORMS {
        assert_eq!(named[&platform.package()], version().as_str());
    }
    assert!(!place.join("leadwright.node").exists() && !place.join("test").exists());
    for gone in ["scripts", "devDependencies"] {
        assert!(package.get(gone).is_none(), "{gone} is for who works on it");
    }
    for file in ["index.js", "README.md", "LICENSE-MIT", "NOTICE", "THIRD-PARTY.txt"] {
        assert!(place.join(file).is_file(), "{file}");
    }
    // A condition that stands before `types` would hide them.
    assert!(text.find("\"types\": \"./index.d.mts\"") < text.find("\"default\": \"./index.mjs\""));
}

#[test]
fn a_platform_package_says_where_it_fits() {
    let addon = Path::new(env!("CARGO_TARGET_TMPDIR")).join("leadwright.node");
    fs::write(&addon, "an addon").expect("writable");
    let made = |name: &str| {
        let place = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let platform = PLATFORMS.iter().find(|platform| platform.npm == name).expect("a platform");
        npm::platform_package(&root(), platform, &addon, &place).expect("it is laid out");
        let read = |file: &str| fs::read_to_string(place.join(file)).expect("readable");
        let json = |file: &str| serde_json::from_str::<serde_json::Value>(&read(file)).expect("JSON");
        (json("package.json"), json("sbom.cdx.json"))
    };
    let (linux, bill) = made("linux-arm64-musl");
    assert_eq!(linux["name"], "@leadwright/linux-arm64-musl");
    assert_eq!(
        (&linux["os"][0], &linux["cpu"][0], &linux["libc"][0]),
        (&"linux".into(), &"arm64".into(), &"musl".into())
    );
    assert_eq!(bill["metadata"]["component"]["name"], "leadwright-node");
    let components = bill["components"].as_array().expect("a list");
    let has = |name: &str| components.iter().any(|component| component["name"] == name);
    assert!(has("leadwright") && has("libsqlite3-sys") && has("napi") && !has("pyo3") && !has("proptest"));
    let (windows, bill) = made("win32-x64");
    assert!(windows.get("libc").is_none());
    let components = bill["components"].as_array().expect("a list");
    assert!(
        components.iter().any(|component| component["name"].as_str().is_some_and(|name| name.starts_with("windows")))
    );
}
