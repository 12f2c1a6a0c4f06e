//! What a decision costs from Python and Node beside the core, which takes JSON and gives JSON, on the leads of the example in
//! memory. They take turns; a time is the CPU time of the process.
//!
//! `cargo xtask bench bindings [leads] [rounds]`

mod caller;

use bench_common::measure::{Verdict, at_most, heading, median, still};
use bench_common::{example, library};
use caller::Caller;
use cpu_time::ProcessTime;
use leadwright::engine::Engine;
use leadwright::plan::Plan;
use leadwright::store::MemoryStore;
use leadwright_cli::SystemStopwatch;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::sync::Arc;

/// What is measured: its words, and one pass over all leads in nanoseconds of CPU time.
type Row = (&'static str, Box<dyn FnMut() -> Result<f64, String>>);

const ONE: &str = "core: JSON to JSON, one by one";
const BATCH: &str = "core: JSON Lines to JSON Lines";

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
    verdicts.into_iter().max().unwrap_or(Verdict::Right)
}

/// The engine of the bindings: it counts, and knows the time.
fn engine(plan: &Plan) -> Engine {
    let engine = Engine::open(plan.clone(), MemoryStore::new()).expect("an engine");
    engine.timed_by(Arc::new(SystemStopwatch::default())).counted()
}

fn one_by_one(leads: Vec<Vec<u8>>) -> Box<dyn FnMut() -> Result<f64, String>> {
    let (plan, tick) = (example::plan(), example::tick());
    Box::new(move || {
        let engine = engine(&plan);
        let start = ProcessTime::now();
        for lead in &leads {
            black_box(engine.decide(lead, tick).map_err(|error| error.to_string())?.body);
        }
        Ok(start.elapsed().as_nanos() as f64)
    })
}

fn batch(leads: Vec<u8>) -> Box<dyn FnMut() -> Result<f64, String>> {
    let (plan, tick) = (example::plan(), example::tick());
    Box::new(move || {
        let engine = engine(&plan);
        let start = ProcessTime::now();
        black_box(engine.decide_batch(&leads, tick).map_err(|error| error.to_string())?);
        Ok(start.elapsed().as_nanos() as f64)
    })
}

fn called(command: &mut Command) -> Result<Box<dyn FnMut() -> Result<f64, String>>, String> {
    let mut caller = Caller::start(command)?;
    Ok(Box::new(move || caller.pass()))
}

fn plan() -> PathBuf {
    here("../../examples/home-services/plan.jsonc")
}

fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}
