//! The front door of the repository: every task that spans more than one tool, without a dependency from outside.
#![forbid(unsafe_code)]
// A task runner measures how long its tasks take; the ban on clocks is for the core.
#![allow(clippy::disallowed_methods)]

mod addon;
mod address;
mod bench;
mod bindings;
mod ci;
mod count;
mod demo;
mod dist;
mod fuzz;
mod gzip;
mod leads;
mod learn;
mod paths;
mod process;
mod servers;
mod test;
mod tools;
mod torture;
mod vectors;
mod wheel;

use paths::Paths;
use std::process::ExitCode;

/// What a task answers: nothing, or one sentence about what went wrong.
type Outcome = Result<(), String>;

/// A task by name, with the line that `help` prints.
struct Task {
    name: &'static str,
    about: &'static str,
    run: fn(&Paths) -> Outcome,
}

const TASKS: &[Task] = &[
    Task { name: "demo", about: "build the command and decide the home-services example with it", run: demo::run },
    Task { name: "test", about: "run every test: Rust, Python and Node; one closing line counts them", run: test::run },
    Task {
        name: "suites",
        about: "the same on the servers that the environment names; starts none",
        run: test::suites,
    },
    Task {
        name: "servers",
        about: "start PostgreSQL, NATS and Redis for tests, print how to name them, and wait",
        run: servers::run,
    },
    Task { name: "ci", about: "run the checks: format, lints, docs, schema drift, stubs and types", run: ci::run },
    Task { name: "bindings", about: "build the Python and Node libraries and put them in place", run: bindings::run },
    Task { name: "wheel", about: "build the Python wheel for release and print its size", run: wheel::run },
    Task { name: "addon", about: "build the Node addon for release and print its size", run: addon::run },
    Task {
        name: "dist",
        about: "make the packages and try each: crates, python, npm; `--check` only tries, `--make` only makes",
        run: dist::run,
    },
    Task { name: "licences", about: "write THIRD-PARTY.txt anew", run: dist::licences },
    Task { name: "bench", about: "run a bench of benches/: its name, then its arguments", run: bench::run },
    Task {
        name: "address-cv",
        about: "measure how addresses are read; `--write` fits their confidence",
        run: address::run,
    },
    Task { name: "fuzz", about: "fuzz every target, or the one named, for so many seconds", run: fuzz::run },
    Task { name: "soak", about: "millions of addresses, fields or leads by chance, in one process", run: fuzz::soak },
    Task {
        name: "torture",
        about: "kill, oversell, share, shadow, io, power, replay, sim, cluster, isolation, deliveries, drill: what fails; `--long`",
        run: torture::run,
    },
    Task {
        name: "learn",
        about: "write apps of 20, 100 and 400 contracts, learn their plans and measure them; `--contracts`, `--seed`",
        run: learn::run,
    },
    Task { name: "leads", about: "write examples/home-services/leads.jsonl.gz anew", run: leads::run },
    Task { name: "vectors", about: "make schemas, types and code pages anew from the core", run: vectors::run },
    Task { name: "generate", about: "the same as vectors", run: vectors::run },
];

fn main() -> ExitCode {
    let name = std::env::args().nth(1).unwrap_or_else(|| "help".into());
    if matches!(name.as_str(), "help" | "--help" | "-h") {
        print!("{}", help());
        return ExitCode::SUCCESS;
    }
    let Some(task) = TASKS.iter().find(|task| task.name == name) else {
        eprint!("There is no task `{name}`.\n\n{}", help());
        return ExitCode::from(2);
    };
    match (task.run)(&Paths::find()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("xtask {name}: {message}");
            ExitCode::FAILURE
        }
    }
}

fn help() -> String {
    let mut text = String::from("Usage: cargo xtask <task>\n\n");
    for task in TASKS {
        text.push_str(&format!("  {:<12}{}\n", task.name, task.about));
    }
    text.push_str("  help        print this\n");
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_task_is_in_the_help_once() {
        let text = help();
        for task in TASKS {
            assert_eq!(text.matches(&format!("\n  {} ", task.name)).count(), 1, "{}", task.name);
        }
    }
}
