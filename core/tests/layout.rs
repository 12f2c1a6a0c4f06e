//! Which folder may use which: dependencies point inward. Paths are parsed, not searched for as text.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use syn::visit::Visit;

/// The arrows. A folder that is not named here fails the test.
const ARROWS: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("text", &[]),
    ("geo", &["model", "text"]),
    // A field of a schema has a kind, and what its check is told.
    ("schema", &["model", "text", "field"]),
    // An address in one text is a kind of field.
    ("field", &["model", "text", "geo", "address"]),
    ("address", &["model", "text", "geo"]),
    ("redact", &["model", "schema"]),
    ("quality", &["model", "text", "field"]),
    ("validate", &["model", "text", "geo", "schema", "field", "address", "redact", "quality"]),
    ("rules", &["model", "text", "schema", "field", "geo"]),
    ("matching", &["model", "rules"]),
    // An area code is where a phone may be.
    ("limits", &["model", "geo", "field"]),
    // What is sent of a lead is a way into its fields.
    ("deliver", &["model", "text", "schema"]),
    ("dedupe", &["model", "text"]),
    ("lists", &["model", "field"]),
    // What a plan pays, and what a store has of it.
    ("books", &["model", "plan", "store"]),
    ("events", &["model", "text", "store"]),
    // The rows of the error ledger.
    ("store", &["model", "report"]),
    ("report", &["model"]),
    ("profile", &["model", "text", "schema", "field", "validate"]),
    // Whose turn it is lies in the store; the methods take it as plain data.
    ("select", &["model", "store"]),
    // A contract as operations have it.
    ("operate", &["model", "text", "field", "schema", "limits", "plan", "deliver"]),
    (
        "engine",
        &[
            "operate", "model", "text", "validate", "rules", "matching", "dedupe", "limits", "lists", "select",
            "store", "events", "plan", "schema", "redact", "field", "report", "books", "deliver",
        ],
    ),
    ("lint", &["model", "geo", "schema", "field", "rules", "matching", "limits", "select", "plan"]),
    ("whatif", &["model", "limits", "plan", "engine"]),
    // Its ledger is a file as a store is.
    ("parity", &["model", "text", "redact", "store"]),
    // Leads of the past as columns, and a plan that the engine decides them by.
    ("learn", &["model", "geo", "schema", "field", "profile", "validate", "limits", "plan", "engine"]),
    // Looking after a store takes what decides, too: a decision is checked by deciding it again.
    ("care", &["model", "field", "limits", "plan", "operate", "store", "events", "engine", "books"]),
    (
        "plan",
        &[
            "model", "text", "geo", "schema", "field", "validate", "rules", "matching", "dedupe", "limits", "lists",
            "select", "deliver",
        ],
    ),
];

/// The folders of the crate that a file's paths lead into.
struct Uses {
    /// The file's own module, as `["plan", "read"]`.
    module: Vec<String>,
    found: BTreeSet<String>,
}

impl Uses {
    fn path(&mut self, segments: &[String]) {
        let Some(first) = segments.first() else { return };
        let mut at = match first.as_str() {
            "crate" => Vec::new(),
            "super" | "self" => self.module.clone(),
            _ => return,
        };
        for segment in segments {
            match segment.as_str() {
                "super" => drop(at.pop()),
                "crate" | "self" => {}
                name => at.push(name.to_owned()),
            }
        }
        self.found.extend(at.into_iter().next());
    }

    fn tree(&mut self, before: &[String], tree: &syn::UseTree) {
        match tree {
            syn::UseTree::Path(path) => {
                let segments: Vec<String> = before.iter().cloned().chain([path.ident.to_string()]).collect();
                self.tree(&segments, &path.tree);
            }
            syn::UseTree::Name(name) => self.path(&[before, &[name.ident.to_string()]].concat()),
            syn::UseTree::Rename(name) => self.path(&[before, &[name.ident.to_string()]].concat()),
            syn::UseTree::Glob(_) => self.path(before),
            syn::UseTree::Group(group) => group.items.iter().for_each(|item| self.tree(before, item)),
        }
    }
}

impl<'ast> Visit<'ast> for Uses {
    fn visit_path(&mut self, path: &'ast syn::Path) {
        let segments: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        self.path(&segments);
        syn::visit::visit_path(self, path);
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.tree(&[], &item.tree);
    }

    /// `super` inside of `mod tests { … }` is one step nearer.
    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        self.module.push(item.ident.to_string());
        syn::visit::visit_item_mod(self, item);
        self.module.pop();
    }
}

fn rust_files(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("the sources are readable") {
        let path = entry.expect("the sources are readable").path();
        if path.is_dir() {
            rust_files(&path, into);
        } else if path.extension().is_some_and(|end| end == "rs") {
            into.push(path);
        }
    }
}

/// `src/plan/read.rs` is `["plan", "read"]`, `src/plan/mod.rs` is `["plan"]`.
fn module_of(path: &Path) -> Vec<String> {
    let parts = path.with_extension("").iter().map(|part| part.to_string_lossy().into_owned()).collect::<Vec<_>>();
    parts.into_iter().filter(|part| part != "mod" && part != "lib").collect()
}

fn uses(module: Vec<String>, source: &str) -> BTreeSet<String> {
    let mut uses = Uses { module, found: BTreeSet::new() };
    uses.visit_file(&syn::parse_file(source).expect("the sources are Rust"));
    uses.found
}

#[test]
fn arrows_point_inward() {
    let allowed: BTreeMap<&str, &[&str]> = ARROWS.iter().copied().collect();
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    rust_files(&src, &mut files);
    files.sort();
    let mut wrong = Vec::new();
    for file in &files {
        let name = file.strip_prefix(&src).expect("the file is below src");
        let module = module_of(name);
        let Some(folder) = module.first().cloned() else { continue };
        let Some(may) = allowed.get(folder.as_str()) else {
            wrong.push(format!("{}: the folder `{folder}` has no arrows", name.display()));
            continue;
        };
        for other in uses(module, &fs::read_to_string(file).expect("the sources are readable")) {
            let known = allowed.contains_key(other.as_str());
            if known && other != folder && !may.contains(&other.as_str()) {
                wrong.push(format!("{}: `{folder}` may not use `{other}`", name.display()));
            }
        }
    }
    assert!(files.len() > 20, "only {} files were found", files.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_forbidden_arrow_is_seen_however_it_is_written() {
    for source in [
        "use crate::plan::parse;",
        "use crate::{model::Code, plan};",
        "use super::super::plan as p;",
        "fn f() { crate::plan::parse() }",
        "fn f(x: &crate::plan::Parsed) {}",
        "mod tests { use super::super::super::plan::*; }",
    ] {
        let found = uses(vec!["text".into(), "near".into()], source);
        assert!(found.contains("plan"), "{source}: {found:?}");
    }
    let found = uses(vec!["text".into(), "near".into()], "/// crate::plan\nfn f() { let s = \"crate::plan\"; }");
    assert!(!found.contains("plan"), "a comment or a text is no arrow");
}

/// What each crate of the workspace may depend on of ours: bindings → cli → core, and nobody the other way round.
const CRATES: &[(&str, &[&str])] = &[
    ("leadwright", &[]),
    ("leadwright-deliver", &["leadwright"]),
    ("leadwright-http", &["leadwright"]),
    ("leadwright-postgres", &["leadwright"]),
    ("leadwright-relay", &["leadwright"]),
    (
        "leadwright-cli",
        &["leadwright", "leadwright-deliver", "leadwright-http", "leadwright-postgres", "leadwright-relay"],
    ),
    (
        "leadwright-python",
        &["leadwright", "leadwright-cli", "leadwright-deliver", "leadwright-http", "leadwright-postgres"],
    ),
    (
        "leadwright-node",
        &["leadwright", "leadwright-cli", "leadwright-deliver", "leadwright-http", "leadwright-postgres"],
    ),
    // Buyers of a test know nothing of us.
    ("leadwright-buyers", &[]),
    ("leadwright-servers", &[]),
    ("xtask", &["leadwright-servers"]),
];

#[test]
fn crates_point_inward() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let read = |path: PathBuf| -> toml::Table {
        let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        text.parse().unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    };
    let workspace = read(root.join("Cargo.toml"));
    let members = workspace["workspace"]["members"].as_array().expect("a list").iter();
    let manifests: Vec<toml::Table> =
        members.map(|member| read(root.join(member.as_str().expect("a path")).join("Cargo.toml"))).collect();
    let name = |manifest: &toml::Table| manifest["package"]["name"].as_str().expect("a name").to_owned();
    let ours: BTreeSet<String> = manifests.iter().map(name).collect();
    for (package, may) in CRATES {
        assert!(ours.contains(*package), "{package} is no crate of the workspace");
        let manifest = manifests.iter().find(|manifest| name(manifest) == *package).expect("it is there");
        let keys = |table: &str| {
            let table = manifest.get(table).and_then(toml::Value::as_table);
            table.into_iter().flatten().map(|(name, _)| name.clone()).collect::<Vec<_>>()
        };
        for used in [keys("dependencies"), keys("build-dependencies")].concat() {
            let fine = may.contains(&used.as_str()) || !ours.contains(&used);
            assert!(fine, "{package} may not depend on {used}");
        }
    }
    // The front door is built before anything else: it needs what starts servers, and that needs nothing.
    let needs = |package: &str| {
        let manifest = manifests.iter().find(|manifest| name(manifest) == package).expect("it is there");
        let table = manifest.get("dependencies").and_then(toml::Value::as_table);
        table.into_iter().flatten().map(|(name, _)| name.clone()).collect::<Vec<_>>()
    };
    assert_eq!(needs("xtask"), ["leadwright-servers"]);
    assert!(needs("leadwright-servers").is_empty());
}
