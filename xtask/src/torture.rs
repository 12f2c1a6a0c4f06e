//! Processes that decide leads are killed, crowded, starved and unplugged: tools/torture.

use crate::count::Tally;
use crate::paths::{Paths, program};
use crate::{bindings, process, tools};
use std::env;
use std::path::PathBuf;
use std::process::Command;

const ALL: [&str; 14] = [
    "kill",
    "oversell",
    "share",
    "shadow",
    "io",
    "power",
    "replay",
    "sim",
    "cluster",
    "leases",
    "isolation",
    "bids",
    "deliveries",
    "drill",
];
/// These need something between a process and its disk.
const BEHIND_A_SHIM: [&str; 2] = ["io", "power"];
/// This one asks the other languages, too.
const IN_EVERY_LANGUAGE: &str = "replay";
/// And this one has an older loop beside it, in Python.
const BESIDE_PYTHON: &str = "drill";
/// So many decisions are replayed as a test.
const REPLAYED: &str = "1000";

/// `cargo xtask torture [kill|oversell|share|shadow|io|power|replay|sim|cluster|leases|isolation|deliveries|drill]… [--long] [--seed N]
/// [--decisions N]`; `io --all` is `io --long`, `sim` takes `--seeds`, `--steps`, `--mutant` too, `deliveries` takes `--seeds`,
/// `--leads`, `--mutant`, `--sockets`, and `cluster` takes `--only` with stops, crowd, readers or circles.
pub(crate) fn run(paths: &Paths) -> Result<(), String> {
    let told: Vec<String> = env::args().skip(2).collect();
    let (names, options): (Vec<String>, Vec<String>) = told.into_iter().partition(|word| ALL.contains(&word.as_str()));
    // What follows these options is their value.
    let has_word = |before: &&String| matches!(before.as_str(), "--mutant" | "--only");
    let values: Vec<&String> =
        options.iter().skip(1).zip(&options).filter(|(_, before)| has_word(before)).map(|(value, _)| value).collect();
    let is_odd = |word: &&String| !word.starts_with("--") && word.parse::<u64>().is_err() && !values.contains(word);
    let wrong = options.iter().find(is_odd);
    if let Some(wrong) = wrong {
        return Err(format!("there is no torture `{wrong}`; there are {}", ALL.join(", ")));
    }
    // What is to run for minutes is built for release, and worlds are, whose speed is a figure.
    let long = options.iter().any(|option| is_long(option) || ["--decisions", "--sockets"].contains(&option.as_str()))
        || names == ["sim"];
    let tool = Tool::build(paths, if long { "release" } else { "dev" })?;
    let names = if names.is_empty() { ALL.map(str::to_owned).to_vec() } else { names };
    names.iter().try_for_each(|name| tool.run(name, &options))
}

/// The short ones, each of which counts as a test.
pub(crate) fn suite(paths: &Paths, tally: &mut Tally) -> Result<(), String> {
    let tool = Tool::build(paths, "dev")?;
    let mut result = Ok(());
    for name in ALL {
        let done = tool.run(name, &[]);
        let count = if done.is_ok() { &mut tally.passed } else { &mut tally.failed };
        *count += 1;
        result = result.and(done);
    }
    result
}

fn is_long(option: &String) -> bool {
    option == "--long" || option == "--all"
}

struct Tool<'a> {
    paths: &'a Paths,
    profile: &'static str,
    program: PathBuf,
    /// None where nothing can be loaded before libc.
    shim: Option<PathBuf>,
}

impl<'a> Tool<'a> {
    fn build(paths: &'a Paths, profile: &'static str) -> Result<Self, String> {
        let build = ["build", "--package", "leadwright-torture", "--profile", profile];
        process::run(process::cargo(paths).args(build))?;
        let program = paths.profile(profile).join(program("leadwright-torture"));
        Ok(Self { paths, profile, program, shim: shim(paths)? })
    }

    fn run(&self, name: &str, options: &[String]) -> Result<(), String> {
        if name == IN_EVERY_LANGUAGE {
            return self.replay(options);
        }
        let mut torture = Command::new(&self.program);
        torture.arg(name).args(options);
        if name == BESIDE_PYTHON {
            torture.args(["--python", tools::system_python()?]);
        }
        match &self.shim {
            _ if !BEHIND_A_SHIM.contains(&name) => &mut torture,
            Some(shim) => torture.arg("--shim").arg(shim),
            None => {
                eprintln!("SKIPPED: torture {name}: it is for Linux only");
                return Ok(());
            }
        };
        process::run(&mut torture)
    }

    fn replay(&self, options: &[String]) -> Result<(), String> {
        let paths = self.paths;
        let mut torture = Command::new(&self.program);
        torture.arg(IN_EVERY_LANGUAGE).args(options.iter().filter(|option| !is_long(option)));
        if !options.iter().any(|option| option == "--decisions") {
            let decisions = if options.iter().any(is_long) { "100000" } else { REPLAYED };
            torture.args(["--decisions", decisions]);
        }
        // The server that all suites share, where there is one.
        match leadwright_servers::postgres_url() {
            Ok(url) => drop(torture.args(["--postgres", &url])),
            Err(missing) => leadwright_servers::skipped("torture replay on PostgreSQL", &missing),
        }
        if paths.has_package("bindings-python") {
            let python = tools::python(paths)?;
            bindings::python(paths, self.profile)?;
            tools::with_package(torture.arg("--python").arg(python), paths);
        }
        if paths.has_package("bindings-node") {
            bindings::node(paths, self.profile)?;
            torture.arg("--node").arg(paths.root.join("bindings-node"));
        }
        process::run(&mut torture)
    }
}

fn shim(paths: &Paths) -> Result<Option<PathBuf>, String> {
    if !cfg!(target_os = "linux") {
        return Ok(None);
    }
    let shim = paths.target.join("torture-shim.so");
    let mut cc = Command::new("cc");
    cc.args(["-Wall", "-Wextra", "-Werror", "-O2", "-shared", "-fPIC", "-o"]).arg(&shim);
    process::run(cc.arg(paths.root.join("tools/torture/shim.c")).arg("-ldl"))?;
    Ok(Some(shim))
}
