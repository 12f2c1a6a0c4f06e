//! THIRD-PARTY.txt: under which licences the code of others is that the packages are linked with, and their texts.

use crate::cargo::{Linked, Package, linked};
use crate::files::read;
use crate::licence::{ALLOWED, taken};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The file, from the root of the repository.
pub const FILE: &str = "THIRD-PARTY.txt";

/// What goes out linked: the libraries of the bindings, and the command with all it can do.
const LINKED: &[&str] = &["leadwright-cli", "leadwright-node", "leadwright-python"];
const FEATURES: &[&str] = &["leadwright-cli/parquet", "leadwright-cli/relay"];

/// Code in other languages that a package brings along, with a licence of its own. A version that moves it is noticed.
const WITHIN: &[(&str, &str)] = &[
    ("libmimalloc-sys", "c_src/mimalloc/v2/LICENSE"),
    ("libmimalloc-sys", "c_src/mimalloc/v3/LICENSE"),
    ("ring", "third_party/fiat/LICENSE"),
    ("zstd-sys", "zstd/LICENSE"),
];

/// The words by which the name of a file says which licence is in it.
const MARKS: &[(&str, &str)] = &[
    ("MIT", "MIT"),
    ("APACHE", "Apache-2.0"),
    ("BSD-3", "BSD-3-Clause"),
    ("BSD-2", "BSD-2-Clause"),
    ("ZLIB", "Zlib"),
    ("BOOST", "BSL-1.0"),
    ("BSL", "BSL-1.0"),
    ("UNICODE", "Unicode-3.0"),
    ("UNLICENSE", "Unlicense"),
    ("LGPL", "LGPL"),
    ("0BSD", "0BSD"),
];

/// Makes the text. An error names every package that we may not pass on.
pub fn text(root: &Path) -> Result<String, String> {
    let linked = linked(root, LINKED, FEATURES, "all")?;
    let others = of_others(&linked)?;
    let mut out = String::from(
        "The packages of leadwright are linked with code of others, under the licences below.\n\
         Made by `cargo xtask licences`. Data is in NOTICE. SQLite, which is compiled in, is in the public domain.\n\n",
    );
    for (package, licences) in &others {
        out += &format!("{} {}: {}\n", package.name, package.version, licences.join(" and "));
    }
    for (text, packages) in texts(root, &others)? {
        out += &format!("\n{}\n{}\n\n{text}\n", "=".repeat(80), packages.join(", "));
    }
    Ok(out)
}

type Others<'l> = Vec<(&'l Package, Vec<&'static str>)>;

fn of_others(linked: &Linked) -> Result<Others<'_>, String> {
    let (mut fine, mut refused) = (Vec::new(), Vec::new());
    for package in linked.packages.values().filter(|package| !package.is_ours()) {
        let expression = package.license.as_deref().unwrap_or("no licence");
        match taken(expression) {
            Some(licences) => fine.push((package, licences)),
            None => refused.push(format!("{} {} ({expression})", package.name, package.version)),
        }
    }
    if refused.is_empty() {
        return Ok(fine);
    }
    Err(format!("not under a licence that we may pass on, which are {}: {}", ALLOWED.join(", "), refused.join("; ")))
}

/// Each text once, with the packages that bring it; ordered by the first of them.
fn texts(root: &Path, others: &Others<'_>) -> Result<Vec<(String, Vec<String>)>, String> {
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    let mut all: Vec<(String, Vec<String>)> = Vec::new();
    for (package, licences) in others {
        let mut seen = BTreeSet::new();
        for text in of_one(root, package, licences)? {
            // The same but for the breaks of lines is the same.
            let same: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
            let place = *places.entry(same).or_insert_with(|| {
                all.push((text, Vec::new()));
                all.len() - 1
            });
            if seen.insert(place) {
                all[place].1.push(format!("{} {}", package.name, package.version));
            }
        }
    }
    Ok(all)
}

fn of_one(root: &Path, package: &Package, licences: &[&'static str]) -> Result<Vec<String>, String> {
    let mut texts = Vec::new();
    for licence in licences {
        let found = files(package, licence)?;
        if found.is_empty() {
            texts.push(standard(root, package, licence)?);
        }
        for file in found {
            texts.push(tidy(&read(&file)?));
        }
    }
    for (_, file) in WITHIN.iter().filter(|(name, _)| *name == package.name) {
        texts.push(tidy(&read(&package.folder().join(file))?));
    }
    Ok(texts)
}

/// The files of a package that hold a licence, and its notices.
fn files(package: &Package, licence: &str) -> Result<Vec<PathBuf>, String> {
    let folder = package.folder();
    let error = |error: std::io::Error| format!("{}: {error}", folder.display());
    let (mut marked, mut plain) = (Vec::new(), Vec::new());
    for entry in fs::read_dir(folder).map_err(error)? {
        let path = entry.map_err(error)?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().to_uppercase();
        let is_one = ["LICENSE", "LICENCE", "COPYING", "COPYRIGHT", "NOTICE", "UNLICENSE"];
        if !path.is_file() || !is_one.iter().any(|start| name.starts_with(start)) || name.ends_with(".SPDX") {
            continue;
        }
        match MARKS.iter().find(|(mark, _)| name.contains(mark)) {
            Some((_, of)) if *of == licence => marked.push(path),
            Some(_) => {}
            None => plain.push(path),
        }
    }
    if marked.is_empty() {
        plain.sort();
        return Ok(plain);
    }
    marked.extend(plain.into_iter().filter(|path| path.file_name().is_some_and(|name| name == "NOTICE")));
    marked.sort();
    Ok(marked)
}

/// For a package that brings no text: the words of its licence, with its authors.
fn standard(root: &Path, package: &Package, licence: &str) -> Result<String, String> {
    match licence {
        "MIT" => {
            let ours = read(&root.join("LICENSE-MIT"))?;
            let authors = package.authors.join(", ");
            let whose = if authors.is_empty() { format!("the authors of {}", package.name) } else { authors };
            let lines = ours.lines().map(|line| {
                if line.starts_with("Copyright") { format!("Copyright (c) {whose}") } else { line.to_owned() }
            });
            Ok(lines.collect::<Vec<_>>().join("\n"))
        }
        "Apache-2.0" => Ok(tidy(&read(&root.join("LICENSE-APACHE"))?)),
        _ => Err(format!("{} {} brings no text of its licence, {licence}", package.name, package.version)),
    }
}

fn tidy(text: &str) -> String {
    let lines: Vec<&str> = text.trim_start_matches('\u{feff}').lines().map(str::trim_end).collect();
    lines.join("\n").trim_matches('\n').to_owned()
}
