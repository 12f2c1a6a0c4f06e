//! The sdist, and the wheel that is built from it: so it is seen that the sdist has all that it needs.

use super::place::{Place, host, without_cargo};
use super::scripts::Scripts;
use super::{packages, unpack};
use crate::{process, tools};
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What builds the packages and looks at them.
const TOOLS: [&str; 4] = ["maturin>=1.16,<2", "twine", "auditwheel", "abi3audit"];
/// What brings the C library of 2014.
const ZIG: [&str; 2] = ["ziglang", "cargo-zigbuild"];

/// The bill of materials as it is called in the wheel.
const BILL: &str = "leadwright.cdx.json";

/// The list of what is in the wheel.
const LISTED: &str = "bindings-python/wheel-contents.txt";

/// Ends well where there is a Cargo.
const HAS_CARGO: &str = "import shutil, sys; sys.exit(not shutil.which('cargo'))";

/// The folder of the programs of a virtual environment.
fn programs(venv: &Path) -> PathBuf {
    venv.join(if cfg!(windows) { "Scripts" } else { "bin" })
}

/// The environment of the tools; a `PATH` on which they come first.
pub(super) fn with_tools(place: &Place<'_>) -> Result<(PathBuf, OsString), String> {
    let venv = place.paths.target.join("dist-tools");
    let bin = programs(&venv);
    let python = bin.join("python");
    let wanted = TOOLS.into_iter().chain(ZIG.into_iter().filter(|_| !place.quick));
    if !process::succeeds(Command::new(&python).arg("--version")) {
        process::run(Command::new(tools::system_python()?).args(["-m", "venv"]).arg(&venv))?;
    }
    process::run(Command::new(&python).args(["-m", "pip", "install", "--quiet"]).args(wanted))?;
    let path = std::env::var_os("PATH").unwrap_or_default();
    let path = std::env::join_paths(std::iter::once(bin.clone()).chain(std::env::split_paths(&path)));
    Ok((bin, path.map_err(|error| format!("PATH: {error}"))?))
}

/// maturin, in a folder.
fn maturin(place: &Place<'_>, (bin, path): &(PathBuf, OsString), folder: &Path) -> Command {
    let mut maturin = Command::new(bin.join("maturin"));
    maturin.current_dir(folder).env("PATH", path).env("CARGO_TARGET_DIR", &place.paths.target);
    maturin
}

/// Makes the sdist, and looks at how a registry would show it.
pub(super) fn sdist(place: &Place<'_>) -> Result<PathBuf, String> {
    let tools = with_tools(place)?;
    let out = place.empty("python")?;
    process::run(maturin(place, &tools, &place.paths.root.join("bindings-python")).args(["sdist", "--out"]).arg(&out))?;
    let sdist = place.one("python", ".tar.gz")?;
    process::run(Command::new(tools.0.join("twine")).args(["check", "--strict"]).arg(&sdist))?;
    Ok(sdist)
}

pub(super) fn make(place: &Place<'_>) -> Result<(), String> {
    let sdist = sdist(place)?;
    let tools = with_tools(place)?;
    let out = place.out.join("python");
    unpack::tar(place, &sdist, "sdist")?;
    let folder = if place.quick { place.paths.root.join("bindings-python") } else { place.sources() };
    // It has to be below the project. That of maturin names folders of this machine.
    let bill = folder.join(BILL);
    process::run(packages(place.paths, &["bill", "leadwright-python", &host()?]).arg(&bill))?;
    let mut build = maturin(place, &tools, &folder);
    build.arg("build").args(["--sbom-include", BILL]).arg("--out").arg(&out);
    if place.quick {
        build.args(["--profile", "dev"]);
        if cfg!(target_os = "linux") {
            build.args(["--compatibility", "linux"]);
        }
        return process::run(&mut build);
    }
    build.arg("--release").env("RUSTFLAGS", place.remapped()?);
    if host()?.ends_with("-linux-gnu") {
        // Zig brings the glibc of 2014, so that the wheel runs where nothing is newer.
        build.args(["--zig", "--compatibility", "manylinux2014"]);
    }
    process::run(&mut build)?;
    for file in [sdist, place.one("python", ".whl")?] {
        let size = file.metadata().map_err(process::file_error(&file))?.len();
        println!("{}: {size} bytes", file.file_name().unwrap_or_default().to_string_lossy());
    }
    Ok(())
}

pub(super) fn check(place: &Place<'_>) -> Result<(), String> {
    let (bin, _) = with_tools(place)?;
    let wheel = place.one("python", ".whl")?;
    process::run(Command::new(bin.join("twine")).args(["check", "--strict"]).arg(&wheel))?;
    process::run(Command::new(bin.join("abi3audit")).args(["--strict", "--summary"]).arg(&wheel))?;
    if cfg!(target_os = "linux") && !place.quick {
        let shown = process::output(Command::new(bin.join("auditwheel")).arg("show").arg(&wheel))?;
        println!("{}", shown.trim());
        if cfg!(target_env = "gnu") && !shown.contains("manylinux_2_17") {
            return Err("the wheel wants more than manylinux2014 has".into());
        }
    }
    contents(place, &bin, &wheel)?;
    installed(place, &wheel)
}

/// What is in the wheel is what is listed, and none of it names a folder of this machine.
fn contents(place: &Place<'_>, bin: &Path, wheel: &Path) -> Result<(), String> {
    let unpacked = place.empty("tries/wheel")?;
    process::run(Command::new(bin.join("python")).args(["-m", "zipfile", "-e"]).arg(wheel).arg(&unpacked))?;
    let mut names = Vec::new();
    for file in unpack::files(&unpacked)? {
        place.tells_no_folder(&unpacked.join(&file))?;
        let name = file.to_string_lossy().replace('\\', "/");
        names.push(name.replace(env!("CARGO_PKG_VERSION"), "VERSION").replace(".pyd", ".abi3.so"));
    }
    names.sort();
    let (made, list) = (names.join("\n") + "\n", place.paths.root.join(LISTED));
    if std::env::var_os("LEADWRIGHT_BLESS").is_some() {
        fs::write(&list, &made).map_err(process::file_error(&list))?;
    }
    let kept = fs::read_to_string(&list).map_err(process::file_error(&list))?;
    if made == kept {
        return Ok(());
    }
    let only = |one: &str, other: &str| {
        let lines = one.lines().filter(|line| !other.lines().any(|each| each == *line));
        lines.collect::<Vec<_>>().join(", ")
    };
    let (new, gone) = (only(&made, &kept), only(&kept, &made));
    Err(format!("the wheel is not what {LISTED} lists; new: [{new}], gone: [{gone}]; LEADWRIGHT_BLESS=1 lists it anew"))
}

/// In a clean environment, without Rust: the first lead, the command, the first decision.
fn installed(place: &Place<'_>, wheel: &Path) -> Result<(), String> {
    let home = place.empty("tries/python")?;
    let venv = home.join("venv");
    let bin = programs(&venv);
    let run = |program: &Path, words: &[&str]| -> Result<Command, String> {
        let mut command = Command::new(program);
        without_cargo(command.args(words).current_dir(&home), &bin)?;
        Ok(command)
    };
    let python = bin.join("python");
    process::run(run(Path::new(tools::system_python()?), &["-m", "venv", "venv"])?.env_remove("VIRTUAL_ENV"))?;
    let scripts = Scripts::put(place.paths, &home)?;
    let words = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-index"];
    process::run(run(&python, &words)?.arg(wheel))?;
    if process::succeeds(&mut run(&python, &["-c", HAS_CARGO])?) {
        return Err("there is a Cargo on the path".into());
    }
    scripts.first_lead("first_lead.py", &mut run(&python, &["first_lead.py"])?)?;
    let version = format!("leadwright {}", env!("CARGO_PKG_VERSION"));
    for mut command in
        [run(&bin.join("leadwright"), &["--version"])?, run(&python, &["-m", "leadwright", "--version"])?]
    {
        let printed = process::output(&mut command)?;
        if printed.trim() != version {
            return Err(format!("the command says it is `{}`, and not `{version}`", printed.trim()));
        }
    }
    process::run(&mut run(&bin.join("leadwright"), &["init", "shop", "--yes"])?)?;
    scripts.first_decision("first_decision.py", &mut run(&python, &["first_decision.py"])?)
}
