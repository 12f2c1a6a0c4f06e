//! The checks beside the tests. All of them run, also after one has failed.

use crate::paths::Paths;
use crate::{bindings, process, tools};
use std::process::Command;
use std::time::Instant;

/// A check by name. It answers whether there was anything to check.
type Check = (&'static str, fn(&Paths) -> Result<bool, String>);

const CHECKS: [Check; 6] = [
    ("format", format),
    ("lints", lints),
    ("documentation", documentation),
    ("generated files", generated),
    ("Python types", python_types),
    ("TypeScript types", typescript_types),
];

/// Runs them, each with its time, and closes with a summary.
pub(crate) fn run(paths: &Paths) -> Result<(), String> {
    let mut summary = String::new();
    let mut failed = 0;
    for (name, check) in CHECKS {
        eprintln!("\n== {name}");
        let started = Instant::now();
        let result = check(paths);
        let seconds = started.elapsed().as_secs_f64();
        let word = match result {
            Ok(true) => "ok",
            Ok(false) => "skipped",
            Err(_) => "FAILED",
        };
        eprintln!("{name}: {word} in {seconds:.1} s");
        summary.push_str(&format!("  {name:<18}{word:<8}{seconds:>7.1} s\n"));
        if let Err(message) = result {
            summary.push_str(&format!("    {message}\n"));
            failed += 1;
        }
    }
    println!("\n{summary}");
    if failed == 0 { Ok(()) } else { Err(format!("{failed} of {} checks failed", CHECKS.len())) }
}

/// The benches and fuzz targets are workspaces of their own, so that their dependencies stay out of ours.
fn format(paths: &Paths) -> Result<bool, String> {
    let mut result = process::run(process::cargo(paths).args(["fmt", "--all", "--check"]));
    for dir in ["benches", "fuzz"] {
        if paths.has_package(dir) {
            let mut fmt = process::cargo(paths);
            fmt.args(["fmt", "--all", "--check"]).current_dir(paths.root.join(dir));
            result = result.and(process::run(&mut fmt));
        }
    }
    result.map(|()| true)
}

fn lints(paths: &Paths) -> Result<bool, String> {
    process::run(process::cargo(paths).args(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]))?;
    Ok(true)
}

fn documentation(paths: &Paths) -> Result<bool, String> {
    let mut doc = process::cargo(paths);
    process::run(doc.args(["doc", "--workspace", "--no-deps"]).env("RUSTDOCFLAGS", "-D warnings"))?;
    Ok(true)
}

fn generated(paths: &Paths) -> Result<bool, String> {
    if !paths.has_package("tools/schema") {
        return Ok(false);
    }
    process::run(process::cargo(paths).args(["run", "--quiet", "--package", "leadwright-schema", "--", "--check"]))?;
    Ok(true)
}

/// The package is typed strictly, and its stubs say what the built module does.
fn python_types(paths: &Paths) -> Result<bool, String> {
    if !paths.has_package("bindings-python") {
        return Ok(false);
    }
    let python = tools::python(paths)?;
    bindings::python(paths, "dev")?;
    // Helpers for frameworks are typed by what is there of them.
    tools::python_requirements(&python, &paths.root.join("bindings-python/tests/requirements.txt"))?;
    let mut mypy = Command::new(&python);
    tools::with_package(mypy.args(["-m", "mypy", "--strict", "--package", "leadwright"]), paths);
    let strict = process::run(&mut mypy);
    let mut stubtest = Command::new(&python);
    tools::with_package(stubtest.args(["-m", "mypy.stubtest", "leadwright"]), paths);
    if paths.root.join("bindings-python/stubtest-allowlist.txt").exists() {
        stubtest.args(["--allowlist", "stubtest-allowlist.txt"]);
    }
    strict.and(process::run(&mut stubtest))?;
    Ok(true)
}

fn typescript_types(paths: &Paths) -> Result<bool, String> {
    if !paths.has_package("bindings-node") {
        return Ok(false);
    }
    tools::node_packages(paths, tools::BINDINGS)?;
    tools::node_packages(paths, tools::ELEMENTS)?;
    // Those of the elements are checked as their hosts see them, too.
    tools::elements(paths)?;
    let check = |folder| process::run(tools::npm(paths, folder).args(["run", "--silent", "types"]));
    check(tools::BINDINGS).and(check(tools::ELEMENTS))?;
    Ok(true)
}
