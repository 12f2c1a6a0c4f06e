//! Bills of materials in the form of CycloneDX 1.5: what is linked into a package, on one platform.
//!
//! Neither a time nor a random number is in them: the same sources give the same bytes.

use crate::cargo::{Linked, Package, linked};
use serde_json::{Value, json};
use std::path::Path;

/// The bill of one of our packages, as text.
pub fn of(root: &Path, name: &str, features: &[&str], target: &str) -> Result<String, String> {
    let linked = linked(root, &[name], features, target)?;
    let (key, _) = linked
        .packages
        .iter()
        .find(|((found, _), package)| found == name && package.is_ours())
        .ok_or_else(|| format!("{name} is none of our packages"))?;
    let bill = render(&linked, key, target);
    let text = serde_json::to_string_pretty(&bill).map_err(|error| format!("the bill of {name}: {error}"))?;
    Ok(text + "\n")
}

fn render(linked: &Linked, root: &(String, String), target: &str) -> Value {
    let components: Vec<Value> =
        linked.packages.iter().filter(|(key, _)| *key != root).map(|(_, package)| component(package)).collect();
    let dependencies: Vec<Value> = linked
        .needs
        .iter()
        .map(|(key, needs)| json!({ "ref": reference(key), "dependsOn": needs.iter().map(reference).collect::<Vec<_>>() }))
        .collect();
    let mut subject = component(&linked.packages[root]);
    subject["properties"] = json!([{ "name": "cargo:target", "value": target }]);
    json!({
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": { "component": subject },
        "components": components,
        "dependencies": dependencies,
    })
}

fn component(package: &Package) -> Value {
    let key = (package.name.clone(), package.version.clone());
    let mut component = json!({
        "type": "library",
        "bom-ref": reference(&key),
        "name": package.name,
        "version": package.version,
        "purl": reference(&key),
    });
    if let Some(text) = &package.description {
        component["description"] = json!(text.trim());
    }
    if let Some(expression) = &package.license {
        component["licenses"] = json!([{ "expression": expression.replace('/', " OR ") }]);
    }
    if let Some(url) = &package.repository {
        component["externalReferences"] = json!([{ "type": "vcs", "url": url }]);
    }
    component
}

fn reference((name, version): &(String, String)) -> String {
    format!("pkg:cargo/{name}@{}", version.replace('+', "%2B"))
}
