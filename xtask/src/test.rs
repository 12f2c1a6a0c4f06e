//! Every test of the repository, in three languages, with one closing line.

use crate::count::{Runner, Tally};
use crate::paths::{Paths, program};
use crate::{bindings, process, servers, tools, torture};
use std::path::PathBuf;
use std::process::Command;
use std::time::Instant;
use tools::{BINDINGS, ELEMENTS};

/// A language's tests: counts into the tally, fails when a tool fails or cannot run.
type Suite = fn(&Paths, &mut Tally) -> Result<(), String>;

/// Starts servers for them, and runs them all.
pub(crate) fn run(_: &Paths) -> Result<(), String> {
    servers::with("suites")
}

/// Runs them all, whatever fails on the way; `Err` unless everything passed.
pub(crate) fn suites(paths: &Paths) -> Result<(), String> {
    let suites: [(&str, Suite); 6] = [
        ("Rust", rust),
        ("Python", python),
        ("Node", node),
        ("Elements", elements),
        ("Examples", examples),
        ("Torture", torture::suite),
    ];
    let mut total = Tally::default();
    let mut complaints = Vec::new();
    for (name, suite) in suites {
        eprintln!("\n== {name}");
        let (started, mut tally) = (Instant::now(), Tally::default());
        if let Err(message) = suite(paths, &mut tally) {
            // Something that could not run at all has no failures to count, and must not look like a pass.
            tally.failed = tally.failed.max(1);
            complaints.push(format!("{name}: {message}"));
        }
        eprintln!("{name} took {:.0} s", started.elapsed().as_secs_f64());
        total.add(tally);
    }
    complaints.iter().for_each(|complaint| eprintln!("{complaint}"));
    println!("{} passed, {} failed", total.passed, total.failed);
    if total.failed == 0 { Ok(()) } else { Err("not every test passed".into()) }
}

/// What is tested although it is not built by default.
const OFF_BY_DEFAULT: &str = "leadwright-cli/relay,leadwright-cli/parquet";

fn rust(paths: &Paths, tally: &mut Tally) -> Result<(), String> {
    let mut cargo = process::cargo(paths);
    if !process::succeeds(process::cargo(paths).args(["nextest", "--version"])) {
        cargo.args(["test", "--workspace", "--no-fail-fast", "--features", OFF_BY_DEFAULT]);
        return count(&mut cargo, Runner::Libtest, tally);
    }
    cargo.args(["nextest", "run", "--workspace", "--no-fail-fast", "--no-tests=pass", "--features", OFF_BY_DEFAULT]);
    let tests = count(&mut cargo, Runner::Nextest, tally);
    let mut doc = process::cargo(paths);
    doc.args(["test", "--workspace", "--doc", "--no-fail-fast", "--features", OFF_BY_DEFAULT]);
    // Both run, then the first complaint counts.
    let docs = count(&mut doc, Runner::Libtest, tally);
    tests.and(docs)
}

fn python(paths: &Paths, tally: &mut Tally) -> Result<(), String> {
    if !paths.has_package("bindings-python") {
        return Ok(());
    }
    let python = tools::python(paths)?;
    bindings::python(paths, "dev")?;
    // Frameworks, frames and a peer that the package is tried with.
    if let Err(message) =
        tools::python_requirements(&python, &paths.root.join("bindings-python/tests/requirements.txt"))
    {
        eprintln!("SKIPPED: tests of bindings-python that need more than Python: {message}");
    }
    let mut pytest = Command::new(python);
    tools::with_package(pytest.args(["-m", "pytest", "-q", "--color=no"]), paths);
    pytest.env("LEADWRIGHT_COMMAND", command(paths)?);
    count(&mut pytest, Runner::Pytest, tally)
}

fn node(paths: &Paths, tally: &mut Tally) -> Result<(), String> {
    if !paths.has_package("bindings-node") {
        return Ok(());
    }
    tools::node_packages(paths, BINDINGS)?;
    bindings::node(paths, "dev")?;
    let mut node = Command::new("node");
    node.env("LEADWRIGHT_COMMAND", command(paths)?);
    node.args(["--test", "--test-reporter=tap"]).current_dir(paths.root.join("bindings-node"));
    count(&mut node, Runner::Tap, tally)
}

/// The custom elements, in a real browser where there is one: the tests say so where there is none.
fn elements(paths: &Paths, tally: &mut Tally) -> Result<(), String> {
    if !paths.has_package("bindings-node") {
        return Ok(());
    }
    if let Err(message) = tools::node_packages(paths, ELEMENTS) {
        eprintln!("SKIPPED: {ELEMENTS}: {message}");
        return Ok(());
    }
    tools::elements(paths)?;
    node_tests(paths, tally, ELEMENTS)
}

/// The apps of `examples`, over the bindings that were built before. What they are built with comes from outside:
/// where it cannot be installed they are left out, loudly.
fn examples(paths: &Paths, tally: &mut Tally) -> Result<(), String> {
    let fastapi = python_example(paths, tally, "fastapi", &["fastapi"]);
    let legacy = python_example(paths, tally, "legacy-python", &["flask", "requests"]);
    let public = python_example(paths, tally, "public-app", &[]);
    let express = node_example(paths, tally, "express");
    let pages = if paths.root.join(ELEMENTS).join("dist").exists() {
        node_example(paths, tally, "explain-page").and(node_example(paths, tally, "nextjs"))
    } else {
        eprintln!("SKIPPED: examples/explain-page, examples/nextjs: {ELEMENTS} was not built");
        Ok(())
    };
    let python = fastapi.and(legacy).and(public).and(spark(paths, tally));
    python.and(express).and(pages).and(processes(paths, tally))
}

/// Those that start processes of ours: the command, and the scripted buyers.
fn processes(paths: &Paths, tally: &mut Tally) -> Result<(), String> {
    let gateway = listed_example(paths, tally, "gateway");
    let express = node_example(paths, tally, "gateway/express");
    // Those in Python start one in Node, too: it has to be installed.
    let report = node_example(paths, tally, "services");
    gateway.and(express).and(report).and(listed_example(paths, tally, "services"))
}

/// An example in Python that lists what it needs.
fn listed_example(paths: &Paths, tally: &mut Tally, folder: &str) -> Result<(), String> {
    let python = tools::python(paths)?;
    let list = paths.root.join("examples").join(folder).join("requirements.txt");
    if let Err(message) = tools::python_requirements(&python, &list) {
        eprintln!("SKIPPED: examples/{folder}: {message}");
        return Ok(());
    }
    python_example(paths, tally, folder, &[])
}

/// Spark runs in Java; its packages are asked for only where that is.
fn spark(paths: &Paths, tally: &mut Tally) -> Result<(), String> {
    if !process::exists("java") {
        eprintln!("SKIPPED: examples/spark: there is no Java on the path");
        return Ok(());
    }
    listed_example(paths, tally, "spark")
}

fn python_example(paths: &Paths, tally: &mut Tally, folder: &str, packages: &[&str]) -> Result<(), String> {
    if !paths.has_package("bindings-python") {
        return Ok(());
    }
    let python = tools::python(paths)?;
    if let Err(message) = packages.iter().try_for_each(|package| tools::python_package(&python, package)) {
        eprintln!("SKIPPED: examples/{folder}: {message}");
        return Ok(());
    }
    let mut pytest = Command::new(python);
    tools::with_package(pytest.args(["-m", "pytest", "-q", "--color=no", "-p", "no:cacheprovider"]), paths);
    pytest.env("LEADWRIGHT_COMMAND", command(paths)?).env("LEADWRIGHT_BUYERS", buyers(paths)?);
    count(pytest.current_dir(paths.root.join("examples").join(folder)), Runner::Pytest, tally)
}

fn node_example(paths: &Paths, tally: &mut Tally, name: &str) -> Result<(), String> {
    if !paths.has_package("bindings-node") {
        return Ok(());
    }
    let folder = format!("examples/{name}");
    if let Err(message) = tools::node_packages(paths, &folder) {
        eprintln!("SKIPPED: {folder}: {message}");
        return Ok(());
    }
    node_tests(paths, tally, &folder)
}

fn node_tests(paths: &Paths, tally: &mut Tally, folder: &str) -> Result<(), String> {
    let mut node = Command::new("node");
    // Pictures of pages go below the target folder.
    node.env("CARGO_TARGET_DIR", &paths.target);
    node.args(["--test", "--test-reporter=tap"]).current_dir(paths.root.join(folder));
    count(&mut node, Runner::Tap, tally)
}

/// The command line, built like the bindings: their tests compare its answers with theirs. It has all features, as the tests
/// of Rust have built it.
fn command(paths: &Paths) -> Result<PathBuf, String> {
    built(paths, "leadwright")
}

/// The scripted buyers of `examples/buyers`.
fn buyers(paths: &Paths) -> Result<PathBuf, String> {
    built(paths, "leadwright-buyers")
}

/// A program of the workspace. All of it is named, so that what it is built with is what the tests of Rust were built with.
fn built(paths: &Paths, name: &str) -> Result<PathBuf, String> {
    let words = ["build", "--workspace", "--bin", name, "--features", OFF_BY_DEFAULT];
    process::run(process::cargo(paths).args(words))?;
    Ok(paths.profile("dev").join(program(name)))
}

fn count(command: &mut Command, runner: Runner, tally: &mut Tally) -> Result<(), String> {
    process::watch(command, &mut |line| tally.read(runner, line))
}
