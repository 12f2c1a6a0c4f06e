//! The npm packages: `leadwright`, and the one of this machine's platform, with the addon.

use super::packages;
use super::place::{Place, host, without_cargo};
use super::python::with_tools;
use super::scripts::Scripts;
use crate::paths::shared_library;
use crate::{bindings, process};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What looks at the packages, and compiles the script in TypeScript.
const TOOLS: [&str; 4] = ["publint@0.3", "@arethetypeswrong/cli@0.18", "typescript@5", "@types/node@20"];

pub(super) fn make(place: &Place<'_>) -> Result<(), String> {
    let target = host()?;
    let listed = process::output(&mut packages(place.paths, &["platforms"]))?;
    let platform = listed.lines().find_map(|line| line.split_once(' ').filter(|(_, of)| *of == target));
    let (platform, _) = platform.ok_or_else(|| format!("there is no npm package for {target}"))?;
    let addon = if place.quick { bindings::node(place.paths, "dev")? } else { addon(place, &target)? };
    place.tells_no_folder(&addon)?;
    let (out, laid) = (place.empty("npm")?, place.empty("npm-packages")?);
    let text = |path: &Path| path.to_string_lossy().into_owned();
    let (main, native) = (laid.join("leadwright"), laid.join(platform));
    process::run(&mut packages(place.paths, &["npm-main", &text(&main)]))?;
    process::run(&mut packages(place.paths, &["npm-platform", platform, &text(&addon), &text(&native)]))?;
    for folder in [main, native] {
        let mut pack = npm(&folder);
        process::run(pack.args(["pack", "--silent", "--pack-destination"]).arg(&out))?;
    }
    for file in place.made("npm", ".tgz")? {
        let size = file.metadata().map_err(process::file_error(&file))?.len();
        println!("{}: {size} bytes", file.file_name().unwrap_or_default().to_string_lossy());
    }
    Ok(())
}

/// Builds the addon for release; on Linux with the glibc of 2014.
fn addon(place: &Place<'_>, target: &str) -> Result<PathBuf, String> {
    let flags = place.remapped()?;
    let zig = target.ends_with("-linux-gnu");
    let mut cargo = process::cargo(place.paths);
    if zig {
        let (bin, path) = with_tools(place)?;
        cargo = Command::new(bin.join("cargo-zigbuild"));
        cargo.current_dir(&place.paths.root).env("PATH", path).arg("zigbuild");
        cargo.args(["--target", &format!("{target}.2.17")]);
    } else {
        cargo.args(["build", "--target", target]);
    }
    cargo.args(["--release", "--package", "leadwright-node"]);
    process::run(cargo.env("RUSTFLAGS", flags).env("CARGO_TARGET_DIR", &place.paths.target))?;
    Ok(place.paths.target.join(target).join("release").join(shared_library("leadwright_node")))
}

pub(super) fn check(place: &Place<'_>) -> Result<(), String> {
    let tools = tools(place)?;
    let packed = place.made("npm", ".tgz")?;
    let main = place.out.join("npm").join(format!("leadwright-{}.tgz", env!("CARGO_PKG_VERSION")));
    process::run(Command::new("node").arg(tools.join("publint/src/cli.js")).args(["run", "--strict"]).arg(&main))?;
    process::run(Command::new("node").arg(tools.join("@arethetypeswrong/cli/dist/index.js")).arg(&main))?;
    installed(place, &tools, &packed)
}

/// In a clean project, without Rust: the first lead, the command, and the first decision three times: imported, required,
/// and from TypeScript.
fn installed(place: &Place<'_>, tools: &Path, packed: &[PathBuf]) -> Result<(), String> {
    let home = place.empty("tries/npm")?;
    let scripts = Scripts::put(place.paths, &home)?;
    let write = |name: &str, text: &str| {
        let path = home.join(name);
        fs::write(&path, text).map_err(process::file_error(&path))
    };
    write("package.json", "{ \"name\": \"consumer\", \"private\": true }\n")?;
    let bin = home.join("node_modules/.bin");
    let mut install = npm(&home);
    without_cargo(install.args(["install", "--no-audit", "--no-fund", "--silent"]).args(packed), &bin)?;
    process::run(&mut install)?;
    let run = |program: &Path, words: &[&str]| -> Result<Command, String> {
        let mut command = Command::new(program);
        without_cargo(command.args(words).current_dir(&home), &bin)?;
        Ok(command)
    };
    let node = |words: &[&str]| run(Path::new("node"), words);
    scripts.first_lead("first_lead.mjs", &mut node(&["first_lead.mjs"])?)?;
    let command = bin.join(if cfg!(windows) { "leadwright.cmd" } else { "leadwright" });
    let printed = process::output(&mut run(&command, &["--version"])?)?;
    if printed.trim() != format!("leadwright {}", env!("CARGO_PKG_VERSION")) {
        return Err(format!("the command says it is `{}`", printed.trim()));
    }
    process::run(&mut run(&command, &["init", "shop", "--yes"])?)?;
    scripts.first_decision("first_decision.mjs", &mut node(&["first_decision.mjs"])?)?;
    scripts.first_decision("first_decision.cjs", &mut node(&["first_decision.cjs"])?)?;
    let roots = tools.join("@types");
    let tsc = tools.join("typescript/bin/tsc");
    let words =
        ["--strict", "--module", "nodenext", "--target", "es2022", "--skipLibCheck", "false", "--types", "node"];
    let mut compile = node(&[])?;
    compile.arg(tsc).args(words).arg("--typeRoots").arg(roots).args(["--outDir", "compiled", "first_decision.mts"]);
    process::run(&mut compile)?;
    scripts.first_decision("first_decision.mts", &mut node(&["compiled/first_decision.mjs"])?)
}

/// Installs the tools; their folder of modules.
fn tools(place: &Place<'_>) -> Result<PathBuf, String> {
    let folder = place.paths.target.join("dist-tools/node");
    fs::create_dir_all(&folder).map_err(process::file_error(&folder))?;
    process::run(npm(&folder).args(["install", "--no-audit", "--no-fund", "--silent", "--prefix", "."]).args(TOOLS))?;
    Ok(folder.join("node_modules"))
}

fn npm(folder: &Path) -> Command {
    let mut command = Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" });
    command.current_dir(folder);
    command
}
