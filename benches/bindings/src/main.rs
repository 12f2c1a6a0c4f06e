//! What a decision costs from Python and Node beside the core, which takes JSON and gives JSON, on the leads of the example in
//! memory. They take turns; a time is the CPU time of the process.
//!
//! `cargo xtask bench bindings [leads] [rounds]`

use bench_bindings::{Pass, batch, one_by_one};
use bench_common::caller::Caller;
use bench_common::measure::{Verdict, at_most, heading, median, still};
use bench_common::{done, example, library};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

/// What is measured, and how.
type Row = (&'static str, Pass);

const ONE: &str = "core: JSON to JSON, one by one";
const BATCH: &str = "core: JSON Lines to JSON Lines";
/// The Python extension brings its allocator along; the core has that of its host, which in the rows above is the system's.
const SAME: &str = "core with mimalloc: JSON to JSON, one by one";

/// What a language does, its word for the caller, the yardstick, and how much of it that may be.
type Promise = (&'static str, &'static str, &'static str, Option<f64>);

const PYTHON: [Promise; 3] = [
    ("Python: dict to Decision", "dict", ONE, Some(0.9)),
    ("Python: JSON to Decision", "json", ONE, None),
    ("Python: JSON Lines to Decisions", "batch", BATCH, Some(1.2)),
];
const NODE: [Promise; 4] = [
    ("Node: Buffer to Buffer", "buffer", ONE, Some(1.5)),
    ("Node: object to Decision", "object", ONE, None),
    ("Node: Buffer to Buffer, awaited by hundreds", "awaited", ONE, None),
    ("Node: JSON Lines to Decisions", "batch", BATCH, None),
];

fn main() -> ExitCode {
    let mut told = std::env::args().skip(1).filter_map(|argument| argument.parse::<usize>().ok());
    let (count, rounds) = (told.next().unwrap_or(4_000).max(1), told.next().unwrap_or(9).max(1));
    match run(count, rounds) {
        Ok(Verdict::Right) => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(why) => {
            println!("NOT RUN: {why}");
            ExitCode::FAILURE
        }
    }
}

fn run(count: usize, rounds: usize) -> Result<Verdict, String> {
    let leads = example::leads(count);
    let target = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target");
    let file = target.join(format!("bindings-leads-{}.jsonl", std::process::id()));
    std::fs::write(&file, leads.join(&b'\n')).map_err(|error| format!("{}: {error}", file.display()))?;
    let result = measured(&target, &file, leads, rounds);
    let _ = std::fs::remove_file(&file);
    result
}

fn measured(target: &Path, file: &Path, leads: Vec<Vec<u8>>, rounds: usize) -> Result<Verdict, String> {
    let count = leads.len();
    // Built before anybody has one loaded.
    let (python, node) = (library::python(target)?, library::node(target)?);
    let mut rows: Vec<Row> = vec![(ONE, one_by_one(leads.clone())), (BATCH, batch(leads.join(&b'\n')))];
    rows.push((SAME, called(Command::new(with_mimalloc(target)?).arg(file))?));
    for (words, what, _, _) in PYTHON {
        let mut command = Command::new(if cfg!(windows) { "python" } else { "python3" });
        command.arg(here("caller.py")).env("PYTHONPATH", &python);
        rows.push((words, called(command.arg(what).arg(plan()).arg(file))?));
    }
    for (words, what, _, _) in NODE {
        let mut command = Command::new("node");
        command.arg(here("caller.js")).arg(&node);
        rows.push((words, called(command.arg(what).arg(plan()).arg(file))?));
    }
    let mut times = vec![Vec::with_capacity(rounds); rows.len()];
    // The first round is not counted: caches, and the compiler of Node.
    for round in 0..=rounds {
        for ((_, pass), times) in rows.iter_mut().zip(&mut times) {
            let nanos = pass()? / count as f64;
            if round > 0 {
                times.push(nanos);
            }
        }
    }
    Ok(report(&rows, &times, count))
}

fn report(rows: &[Row], times: &[Vec<f64>], count: usize) -> Verdict {
    println!(
        "{count} leads of the example, ns of CPU a lead: medians of {} rounds\n\n| what | ns |\n|---|---|",
        times[0].len()
    );
    for ((words, _), times) in rows.iter().zip(times) {
        println!("| {words} | {:.0} |", median(times.clone()));
    }
    let of = |words: &str| rows.iter().position(|row| row.0 == words).map_or(&times[0], |at| &times[at]);
    heading("beside the core, round by round");
    let mut verdicts = vec![still(ONE, of(ONE)), still(BATCH, of(BATCH))];
    for (words, _, yardstick, most) in PYTHON.into_iter().chain(NODE) {
        let ratio = median(of(words).iter().zip(of(yardstick)).map(|(ours, core)| ours / core).collect());
        match most {
            Some(most) => verdicts.push(at_most(words, ratio, most)),
            None => println!("| {words} | {ratio:.2} | | |"),
        }
    }
    for words in [SAME, PYTHON[0].0, PYTHON[1].0] {
        let (against, yardstick) = if words == SAME { ("core", ONE) } else { ("core with mimalloc", SAME) };
        let ratio = median(of(words).iter().zip(of(yardstick)).map(|(one, other)| one / other).collect());
        println!("| {words}, beside the {against} | {ratio:.2} | | |");
    }
    verdicts.into_iter().max().unwrap_or(Verdict::Right)
}

fn called(command: &mut Command) -> Result<Pass, String> {
    let mut caller = Caller::start(command)?;
    Ok(Box::new(move || caller.pass()))
}

fn with_mimalloc(target: &Path) -> Result<PathBuf, String> {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    let words =
        ["build", "--quiet", "--release", "--package", "bench-bindings", "--bin", "with-mimalloc", "--target-dir"];
    done(cargo.args(words).arg(target).current_dir(here("..")))?;
    Ok(target.join("release").join(format!("with-mimalloc{}", std::env::consts::EXE_SUFFIX)))
}

fn plan() -> PathBuf {
    here("../../examples/home-services/plan.jsonc")
}

fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}
