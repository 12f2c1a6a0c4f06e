//! `bench-import [LEADS] [--validate] [--postgres URL]`: what a lead of the past costs until it is on disk.
//! `bench-import [LEADS] --decide`: a job of so many decisions, and its memory.
//!
//! Beside `leadwright import`, with the reading of its file, stand in the same run: the same bytes by COPY into a table
//! without an index (encoded beforehand), one INSERT a lead in one transaction, and the validation alone in two threads.

mod decide;
mod leads;
mod postgres;
mod sqlite;

use leadwright_cli::{Streams, run};
use std::path::Path;
use std::time::{Duration, Instant};

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let count = args.first().and_then(|text| text.parse().ok()).unwrap_or(100_000);
    // `TMPDIR` says on which disk.
    let place = tempfile::tempdir().expect("a folder");
    if args.iter().any(|arg| arg == "--decide") {
        let raw = place.path().join("raw.jsonl");
        leads::write_raw(&raw, count);
        return decide::of(place.path(), &raw, count);
    }
    let url = args.iter().position(|arg| arg == "--postgres").and_then(|at| args.get(at + 1));
    let url = url.cloned().or_else(|| std::env::var("LEADWRIGHT_TEST_POSTGRES").ok());
    let canonical = place.path().join("canonical.jsonl");
    let bytes = leads::write_canonical(&canonical, count);
    println!("{count} canonical leads, {} bytes each", bytes / count as u64);
    sqlite::run(place.path(), &canonical, count);
    match &url {
        Some(url) => postgres::run(url, &canonical, count),
        None => println!("SKIPPED: no PostgreSQL; name one with --postgres URL"),
    }
    if args.iter().any(|arg| arg == "--validate") {
        let raw = place.path().join("raw.jsonl");
        leads::write_raw(&raw, count);
        let alone = leads::validated(&raw);
        told("validation alone, two threads", alone, count);
        sqlite::raw(place.path(), &raw, count);
        if let Some(url) = &url {
            postgres::raw(url, &raw, count, alone);
        }
    }
}

/// Runs the command as somebody types it.
fn import(store: &str, file: &Path, more: &[&str]) -> Duration {
    let started = Instant::now();
    let file = file.to_str().expect("UTF-8");
    let args = [&["leadwright", "import", file, "--store", store, "--now", leads::NOW][..], more].concat();
    let (mut out, mut err, mut input) = (Vec::new(), Vec::new(), &b""[..]);
    let streams = &mut Streams { input: &mut input, out: &mut out, err: &mut err, is_terminal: false };
    let code = run(args, streams);
    assert_eq!(code, 0, "{}", String::from_utf8_lossy(&err));
    started.elapsed()
}

fn told(what: &str, took: Duration, count: usize) {
    let each = took.as_secs_f64() * 1e6 / count as f64;
    println!("{what:<44} {each:>9.2} µs a lead  {:>9.0} a second", 1e6 / each);
}

fn ratio(what: &str, ours: Duration, theirs: Duration, scale: f64) {
    println!("{what:<44} {:>9.2}", theirs.as_secs_f64() * scale / ours.as_secs_f64());
}
