//! The packages for npm: `leadwright`, which is JavaScript, and one for each platform, which is the addon.
//!
//! npm installs the one of its platform because `leadwright` names all of them under `optionalDependencies`, and each says
//! which `os`, `cpu` and `libc` it is for.

use crate::bill;
use crate::files::{copy, read, write};
use crate::platform::{PLATFORMS, Platform};
use crate::third_party;
use serde_json::{Map, Value, json};
use std::path::Path;

const FOLDER: &str = "bindings-node";
/// What the addon is called wherever it lies.
const ADDON: &str = "leadwright.node";
const LEGAL: &[&str] = &["LICENSE-APACHE", "LICENSE-MIT", "NOTICE", third_party::FILE];

/// Lays `leadwright` out in `place`: the files that its package.json lists, without the addon.
pub fn main_package(root: &Path, place: &Path) -> Result<(), String> {
    let from = root.join(FOLDER);
    let mut package = package_json(root)?;
    let listed: Vec<String> = strings(&package, "files")?.into_iter().filter(|file| file != ADDON).collect();
    for file in listed.iter().map(String::as_str).chain(["README.md"]) {
        copy(&from.join(file), &place.join(file))?;
    }
    legal(root, place)?;
    let version = text(&package, "version")?.to_owned();
    let platforms: Map<String, Value> = PLATFORMS.iter().map(|platform| (platform.package(), json!(version))).collect();
    package.insert(
        "files".into(),
        json!(listed.iter().map(String::as_str).chain(LEGAL.iter().copied()).collect::<Vec<_>>()),
    );
    package.insert("optionalDependencies".into(), Value::Object(platforms));
    // They are for who works on it; a script would run at whoever installs it.
    package.remove("devDependencies");
    package.remove("scripts");
    write(&place.join("package.json"), &pretty(&Value::Object(package))?)
}

/// Lays the package of a platform out in `place`, with the addon that was built for it.
pub fn platform_package(root: &Path, platform: &Platform, addon: &Path, place: &Path) -> Result<(), String> {
    let package = package_json(root)?;
    copy(addon, &place.join(ADDON))?;
    legal(root, place)?;
    write(&place.join("sbom.cdx.json"), &bill::of(root, "leadwright-node", &[], platform.target)?)?;
    let name = platform.package();
    let words = format!(
        "# {name}\n\nThe native half of leadwright for {}. Install `leadwright`; it brings this.\n",
        platform.npm
    );
    write(&place.join("README.md"), &words)?;
    let mut made = json!({
        "name": name,
        "version": text(&package, "version")?,
        "description": format!("The native half of leadwright for {}", platform.npm),
        "license": text(&package, "license")?,
        "repository": package.get("repository"),
        "main": ADDON,
        "files": LEGAL.iter().copied().chain([ADDON, "sbom.cdx.json"]).collect::<Vec<_>>(),
        "os": [platform.os],
        "cpu": [platform.cpu],
        "engines": package.get("engines"),
        "publishConfig": { "access": "public" },
    });
    if let Some(libc) = platform.libc {
        made["libc"] = json!([libc]);
    }
    write(&place.join("package.json"), &pretty(&made)?)
}

/// The package.json of the bindings.
pub fn package_json(root: &Path) -> Result<Map<String, Value>, String> {
    let path = root.join(FOLDER).join("package.json");
    serde_json::from_str(&read(&path)?).map_err(|error| format!("{}: {error}", path.display()))
}

fn legal(root: &Path, place: &Path) -> Result<(), String> {
    LEGAL.iter().try_for_each(|file| copy(&root.join(file), &place.join(file)))
}

fn text<'p>(package: &'p Map<String, Value>, key: &str) -> Result<&'p str, String> {
    package.get(key).and_then(Value::as_str).ok_or_else(|| format!("package.json has no {key}"))
}

fn strings(package: &Map<String, Value>, key: &str) -> Result<Vec<String>, String> {
    let list = package.get(key).and_then(Value::as_array).ok_or_else(|| format!("package.json has no {key}"))?;
    Ok(list.iter().filter_map(Value::as_str).map(str::to_owned).collect())
}

fn pretty(value: &Value) -> Result<String, String> {
    Ok(serde_json::to_string_pretty(value).map_err(|error| format!("package.json: {error}"))? + "\n")
}
