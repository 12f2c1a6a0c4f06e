//! The packages for npm: `leadwright`, which is JavaScript, and one for each platform, which is the addon.
//!
//! npm installs the one of its platform because `leadwright` names all of them under `optionalDependencies`, and each says
//! which `os`, `cpu` and `libc` it is for.

use crate::bill;
use crate::files::{copy, read, write};
use crate::ordered::Ordered;
use crate::platform::{PLATFORMS, Platform};
use crate::third_party;
use serde_json::{Value, json};
use std::collections::BTreeMap;
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
    let version = text(&package, "version")?;
    let platforms: BTreeMap<String, &str> =
        PLATFORMS.iter().map(|platform| (platform.package(), version.as_str())).collect();
    let files: Vec<&str> = listed.iter().map(String::as_str).chain(LEGAL.iter().copied()).collect();
    package.put("files", &json!(files))?;
    package.put("optionalDependencies", &json!(platforms))?;
    // They are for who works on it; a script would run at whoever installs it.
    package.remove("devDependencies");
    package.remove("scripts");
    write(&place.join("package.json"), &package.text())
}

/// Lays the package of a platform out in `place`, with the addon that was built for it.
pub fn platform_package(root: &Path, platform: &Platform, addon: &Path, place: &Path) -> Result<(), String> {
    let package = package_json(root)?;
    copy(addon, &place.join(ADDON))?;
    legal(root, place)?;
    write(&place.join("sbom.cdx.json"), &bill::of(root, "leadwright-node", &[], platform.target)?)?;
    let name = platform.package();
    let about = format!("The native half of leadwright for {}", platform.npm);
    write(&place.join("README.md"), &format!("# {name}\n\n{about}. Install `leadwright`; it brings this.\n"))?;
    let mut made = Ordered::of("{}")?;
    made.put("name", &json!(name))?;
    made.put("version", &json!(text(&package, "version")?))?;
    made.put("description", &json!(about))?;
    for same in ["license", "repository", "engines"] {
        made.put(same, &package.get(same).ok_or_else(|| format!("package.json has no {same}"))?)?;
    }
    made.put("main", &json!(ADDON))?;
    made.put("files", &json!(LEGAL.iter().copied().chain([ADDON, "sbom.cdx.json"]).collect::<Vec<_>>()))?;
    made.put("os", &json!([platform.os]))?;
    made.put("cpu", &json!([platform.cpu]))?;
    if let Some(libc) = platform.libc {
        made.put("libc", &json!([libc]))?;
    }
    // The name has a scope, and such packages are private otherwise.
    made.put("publishConfig", &json!({ "access": "public" }))?;
    write(&place.join("package.json"), &made.text())
}

/// The package.json of the bindings.
pub fn package_json(root: &Path) -> Result<Ordered, String> {
    let path = root.join(FOLDER).join("package.json");
    Ordered::of(&read(&path)?).map_err(|error| format!("{}: {error}", path.display()))
}

fn legal(root: &Path, place: &Path) -> Result<(), String> {
    LEGAL.iter().try_for_each(|file| copy(&root.join(file), &place.join(file)))
}

fn text(package: &Ordered, key: &str) -> Result<String, String> {
    let text = package.get(key).and_then(|value| value.as_str().map(str::to_owned));
    text.ok_or_else(|| format!("package.json has no {key}"))
}

fn strings(package: &Ordered, key: &str) -> Result<Vec<String>, String> {
    let list = package.get(key).and_then(|value| value.as_array().cloned());
    let list = list.ok_or_else(|| format!("package.json has no {key}"))?;
    Ok(list.iter().filter_map(Value::as_str).map(str::to_owned).collect())
}
