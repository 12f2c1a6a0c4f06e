//! How long the validation of a lead of 26 fields takes: a line of JSON to a result from Rust, and a dict to an answer
//! from Python, beside the usual Python stack (pydantic, phonenumbers, email-validator, nameparser, usaddress, dateutil)
//! on the same leads in the same run. They take turns; a time is the CPU time of one core.
//!
//! `cargo xtask bench validate [leads] [--rounds N] [--ours-only]`
//!
//! `--passes N` validates all leads so often and prints nothing else, for a profiler.

mod leads;
mod peers;

use bench_common::library;
use cpu_time::ThreadTime;
use leadwright::schema::Schema;
use leadwright::validate::{ValidateOptions, validate_json, validate_line};
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The allocator of our command, and of the Python extension.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Of a thousand values that people type so many are messy.
const MESSY: u64 = 50;

/// A pass of ours that takes less is made again, so that what others left in the caches weighs little.
const LEAST: Duration = Duration::from_millis(200);

/// What is measured: its words, and one pass in nanoseconds of CPU time.
type Row = (&'static str, Box<dyn FnMut() -> f64>);

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let has = |flag: &str| arguments.iter().any(|argument| argument == flag);
    let after = |flag: &str| {
        let at = arguments.iter().position(|argument| argument == flag)?;
        arguments.get(at + 1)?.parse::<usize>().ok()
    };
    let count = arguments.first().and_then(|argument| argument.parse().ok()).unwrap_or(2_000_usize).max(1);
    let mixed = leads::leads(count, MESSY);
    if let Some(passes) = after("--passes") {
        let bare = has("--without-address").then(|| leads::without_address(&mixed));
        return profiled(bare.as_ref().unwrap_or(&mixed), passes);
    }
    let mut rows: Vec<Row> = vec![
        ("Rust: JSON to result", rust(mixed.clone())),
        ("Rust: JSON to result, without the address", rust(leads::without_address(&mixed))),
        ("Rust: JSON to result, clean leads", rust(leads::leads(count, 0))),
        ("Rust: JSON to JSON", rust_to_json(mixed.clone())),
    ];
    let mut missing = Vec::new();
    if !has("--ours-only") {
        let file = write(&mixed);
        match peers::python() {
            Ok(python) => add_peers(&python, &file, &mut rows, &mut missing),
            Err(why) => missing.push(why),
        }
    }
    let times = measured(&mut rows, after("--rounds").unwrap_or(7).max(1));
    report(&rows, &times, count);
    missing.iter().for_each(|why| println!("NOT RUN: {why}"));
}

fn schema() -> Schema {
    Schema::named("us/solar@1").expect("it is in the catalogue")
}

fn options() -> ValidateOptions {
    ValidateOptions { as_of: "2026-11-24".parse().ok(), ..ValidateOptions::default() }
}

fn profiled(lines: &[String], passes: usize) {
    let (schema, options) = (schema(), options());
    for _ in 0..passes {
        lines.iter().for_each(|line| drop(black_box(validate_json(line.as_bytes(), &schema, &options))));
    }
}

fn rust(lines: Vec<String>) -> Box<dyn FnMut() -> f64> {
    let (schema, options) = (schema(), options());
    repeated(move || {
        lines.iter().for_each(|line| drop(black_box(validate_json(line.as_bytes(), &schema, &options))));
    })
}

fn rust_to_json(lines: Vec<String>) -> Box<dyn FnMut() -> f64> {
    let (schema, options) = (schema(), options());
    repeated(move || {
        lines.iter().for_each(|line| drop(black_box(validate_line(line.as_bytes(), 1, &schema, &options).answer())));
    })
}

fn repeated(mut pass: impl FnMut() + 'static) -> Box<dyn FnMut() -> f64> {
    Box::new(move || {
        let (start, mut times) = (ThreadTime::now(), 0);
        while times == 0 || start.elapsed() < LEAST {
            pass();
            times += 1;
        }
        start.elapsed().as_nanos() as f64 / f64::from(times)
    })
}

/// The stack comes last: the others are compared with it.
fn add_peers(python: &Path, file: &Path, rows: &mut Vec<Row>, missing: &mut Vec<String>) {
    let ours = [
        ("Python: validate(dict)", "one"),
        ("Python: validate(dict), and its members are read", "read"),
        ("Python: validate_many(dicts)", "many"),
    ];
    let built = library::python(&peers::here("../target"));
    let mut all = match &built {
        Ok(_) => ours.to_vec(),
        Err(why) => {
            missing.push(why.clone());
            Vec::new()
        }
    };
    all.push((STACK, "stack"));
    for (words, what) in all {
        match peers::start(python, built.as_deref().ok(), what, file) {
            Ok(mut peer) => rows.push((words, Box::new(move || peer.pass().expect("what ran once runs again")))),
            Err(why) => missing.push(why),
        }
    }
}

const STACK: &str = "the Python stack";

fn write(lines: &[String]) -> PathBuf {
    let path = std::env::temp_dir().join(format!("leadwright-bench-validate-{}.jsonl", std::process::id()));
    std::fs::write(&path, lines.join("\n")).expect("a place for the leads");
    path
}

/// Each in turn, so that what slows the machine down for a while slows them all; the first round is not counted.
fn measured(rows: &mut [Row], rounds: usize) -> Vec<Vec<f64>> {
    let mut times = vec![Vec::with_capacity(rounds); rows.len()];
    for round in 0..=rounds {
        for ((_, pass), times) in rows.iter_mut().zip(&mut times) {
            let nanos = pass();
            if round > 0 {
                times.push(nanos);
            }
        }
    }
    times
}

fn report(rows: &[Row], times: &[Vec<f64>], count: usize) {
    let micros = |times: &Vec<f64>| {
        let mut sorted = times.clone();
        sorted.sort_by(f64::total_cmp);
        (sorted[sorted.len() / 2] / count as f64 / 1_000.0, sorted[0] / count as f64 / 1_000.0)
    };
    let stack = rows.iter().position(|(words, _)| *words == STACK).map(|at| micros(&times[at]));
    let percent = MESSY / 10;
    println!("{count} leads of {} fields; {percent} of 100 values that people type are messy", leads::FIELDS);
    println!("| | µs a lead, median | least | times as fast as the stack |\n|---|---|---|---|");
    for ((words, _), times) in rows.iter().zip(times) {
        let (median, least) = micros(times);
        let ratio = stack.map_or("-".into(), |(of_stack, _)| format!("{:.1}", of_stack / median));
        println!("| {words} | {median:.2} | {least:.2} | {ratio} |");
    }
}
