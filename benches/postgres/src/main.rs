//! Decisions in PostgreSQL: in batches, beside what a router does that commits each lead by itself on the same server, with
//! one hot cap and without, and the curve of rows a statement beside raw COPY; a month of decisions that is reported on and
//! retired; and the outbox under a snapshot that is held. All in turns, medians compared.
//!
//! `cargo run --release -p bench-postgres [--url postgres://…] [--leads N] [--rounds N] [durable|hot|rows|retention|churn]…`; without a URL the
//! one of `LEADWRIGHT_TEST_POSTGRES`.

// A bench measures time; the ban on clocks is for the core.
#![allow(clippy::disallowed_methods)]

mod churn;
mod durable;
mod hot;
mod naive;
mod retention;
mod rows;

use bench_common::measure::Verdict;
use std::process::ExitCode;

/// What is told on the command line.
pub struct Told {
    pub url: String,
    pub leads: usize,
    pub rounds: usize,
}

type Part = (&'static str, fn(&Told) -> Verdict);

const ALL: &[Part] = &[
    ("durable", durable::run),
    ("hot", hot::run),
    ("rows", rows::run),
    ("retention", retention::run),
    ("churn", churn::run),
];

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let of = |name: &str| words.iter().position(|word| word == name).and_then(|at| words.get(at + 1)).cloned();
    let number = |name: &str, default: usize| of(name).and_then(|word| word.parse().ok()).unwrap_or(default);
    let url = of("--url").or_else(|| std::env::var("LEADWRIGHT_TEST_POSTGRES").ok());
    let Some(url) = url else {
        eprintln!("which server? --url postgres://user@host/database, or `cargo xtask servers`");
        return ExitCode::from(2);
    };
    let told = Told { url, leads: number("--leads", 10_000), rounds: number("--rounds", 5) };
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    println!("{} leads of the example, {} rounds, load {}", told.leads, told.rounds, load.trim());
    let named = |name: &str| words.iter().any(|word| word == name);
    let all = !ALL.iter().any(|(name, _)| named(name));
    let worst = ALL.iter().filter(|(name, _)| all || named(name)).map(|(_, part)| part(&told)).max();
    ExitCode::from(match worst.unwrap_or(Verdict::TooNoisy) {
        Verdict::Right => 0,
        Verdict::Missed => 1,
        Verdict::TooNoisy => 3,
    })
}
