//! Decisions that are on disk before the answer: the whole engine on a SQLite file, beside an append-only log that is told the
//! same bytes in the same groups and synced as often. A disk differs from minute to minute, so that everything is taken in
//! turns, and medians are compared; where the log itself differs by more than three times, there is no result (exit 3).
//!
//! `cargo run --release -p bench-durable [sealed] [--leads N] [--rounds N] [--folder PATH]`; `sealed` measures only what
//! encrypted leads cost.

// A bench measures time; the ban on clocks is for the core.
#![allow(clippy::disallowed_methods)]

mod example;
mod groups;
mod latency;
mod raw;
mod sealed;
mod stages;
mod syncs;
mod writers;

use bench_common::measure::Verdict;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// What is told on the command line.
struct Told {
    leads: usize,
    rounds: usize,
    folder: PathBuf,
}

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match words.first().map(String::as_str) {
        Some("writer") => return done(writers::write(&words[1..])),
        Some("commits") => return done(syncs::commits(&words[1..])),
        Some("sealed") => {
            return done(run(&told(&words[1..]), &[|folder, told| sealed::run(folder, told.leads, told.rounds)]));
        }
        _ => {}
    }
    done(run(&told(&words), ALL))
}

type Part = fn(&Path, &Told) -> Verdict;

const ALL: &[Part] = &[
    |folder, told| groups::run(folder, told.leads, told.rounds),
    |folder, told| latency::run(folder, 500, told.rounds),
    |folder, told| sealed::run(folder, told.leads, told.rounds),
    |folder, told| stages::run(folder, told.leads),
    |folder, _| syncs::run(folder),
    |folder, told| writers::run(folder, told.rounds),
];

fn done(verdict: Verdict) -> ExitCode {
    ExitCode::from(match verdict {
        Verdict::Right => 0,
        Verdict::Missed => 1,
        Verdict::TooNoisy => 3,
    })
}

fn told(words: &[String]) -> Told {
    let of = |name: &str| words.iter().position(|word| word == name).and_then(|at| words.get(at + 1));
    let number = |name: &str, default: usize| of(name).and_then(|word| word.parse().ok()).unwrap_or(default);
    let folder = of("--folder").map_or_else(std::env::temp_dir, PathBuf::from);
    Told { leads: number("--leads", 10_000), rounds: number("--rounds", 5), folder }
}

fn run(told: &Told, parts: &[Part]) -> Verdict {
    let folder = told.folder.join(format!("bench-durable-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    println!("{} leads of the example, {} rounds, load {}", told.leads, told.rounds, load.trim());
    let worst = parts.iter().map(|part| part(&folder, told)).max();
    let _ = std::fs::remove_dir_all(&folder);
    worst.unwrap_or(Verdict::TooNoisy)
}

/// A file that is not there yet, nor what lies beside it.
fn fresh(folder: &Path, name: &str) -> PathBuf {
    for end in ["", "-wal", "-shm", ".keys"] {
        let _ = std::fs::remove_file(folder.join(format!("{name}{end}")));
    }
    folder.join(name)
}
