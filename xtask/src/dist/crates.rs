//! The crates, and a program over them that knows nothing of this repository.

use super::place::{Place, host};
use super::scripts::Scripts;
use super::{packages, unpack};
use crate::paths::program;
use crate::process;
use std::fs;
use std::path::Path;
use std::process::Command;

/// What is published, in the order in which it has to be: each needs only what stands before it.
const CRATES: [&str; 6] = [
    "leadwright",
    "leadwright-deliver",
    "leadwright-http",
    "leadwright-postgres",
    "leadwright-relay",
    "leadwright-cli",
];

/// More is not taken by the registry.
const LARGEST: u64 = 10 * 1024 * 1024;

pub(super) fn make(place: &Place<'_>) -> Result<(), String> {
    let out = place.empty("crates")?;
    let mut cargo = process::cargo(place.paths);
    // They are built when they are tried.
    cargo.args(["package", "--no-verify", "--allow-dirty", "--quiet"]);
    for name in CRATES {
        cargo.args(["--package", name]);
    }
    process::run(&mut cargo)?;
    for name in CRATES {
        let file = format!("{name}-{}.crate", env!("CARGO_PKG_VERSION"));
        let from = place.paths.target.join("package").join(&file);
        let size = fs::copy(&from, out.join(&file)).map_err(process::file_error(&from))?;
        println!("{file}: {size} bytes");
        if size > LARGEST {
            return Err(format!("{file} is larger than {LARGEST} bytes"));
        }
    }
    bills(place, &out)
}

/// What is linked into the library, and into the command as it is installed, on this platform.
fn bills(place: &Place<'_>, out: &Path) -> Result<(), String> {
    let target = host()?;
    for name in ["leadwright", "leadwright-cli"] {
        let file = out.join(format!("{name}-{}.{target}.cdx.json", env!("CARGO_PKG_VERSION")));
        process::run(packages(place.paths, &["bill", name, &target]).arg(&file))?;
        println!("{}", file.file_name().unwrap_or_default().to_string_lossy());
    }
    Ok(())
}

pub(super) fn check(place: &Place<'_>) -> Result<(), String> {
    let home = place.out.join("tries/crates");
    // Of an earlier try only what the crates were is kept.
    let _ = fs::remove_dir_all(home.join("shop"));
    fs::create_dir_all(&home).map_err(process::file_error(&home))?;
    let scripts = Scripts::put(place.paths, &home)?;
    for file in place.made("crates", ".crate")? {
        unpack::tar(place, &file, "tries/crates/crates")?;
    }
    consumer(place, &home)?;
    let cargo = || {
        let mut cargo = process::cargo(place.paths);
        cargo.current_dir(&home).env("CARGO_TARGET_DIR", &place.paths.target);
        cargo
    };
    process::run(cargo().args(["build", "--quiet", "--package", "consumer", "--package", "leadwright-cli"]))?;
    let built = |name: &str| Command::new(place.paths.profile("dev").join(program(name)));
    process::run(built("leadwright").args(["init", "shop", "--yes"]).current_dir(&home))?;
    scripts.first_decision("first_decision.rs", &mut built("consumer"))
}

/// A workspace of the unpacked crates and of a program that names them as from the registry.
fn consumer(place: &Place<'_>, home: &Path) -> Result<(), String> {
    let write = |name: &str, text: &str| {
        let path = home.join(name);
        fs::create_dir_all(path.parent().unwrap_or(home)).map_err(process::file_error(&path))?;
        fs::write(&path, text).map_err(process::file_error(&path))
    };
    let version = env!("CARGO_PKG_VERSION");
    let mut workspace =
        String::from("[workspace]\nresolver = \"3\"\nmembers = [\"consumer\", \"crates/*\"]\n\n[patch.crates-io]\n");
    let mut needs = String::from("[package]\nname = \"consumer\"\nedition = \"2024\"\n\n[dependencies]\n");
    for name in CRATES {
        workspace += &format!("{name} = {{ path = \"crates/{name}-{version}\" }}\n");
        needs += &format!("{name} = \"={version}\"\n");
    }
    write("Cargo.toml", &workspace)?;
    write("consumer/Cargo.toml", &needs)?;
    // The versions of others that the tests ran with.
    let lock = place.paths.root.join("Cargo.lock");
    fs::copy(&lock, home.join("Cargo.lock")).map_err(process::file_error(&lock))?;
    let program = place.paths.root.join("examples/install/first_decision.rs");
    let text = fs::read_to_string(&program).map_err(process::file_error(&program))?;
    write("consumer/src/main.rs", &text)
}
