//! `leadwright decide` of one file, however long: what it takes of memory, and what the same file costs a second time, when
//! every lead is answered with what was decided then.

use super::{leads, told};
use leadwright_cli::{Streams, run};
use std::path::Path;
use std::time::Instant;

pub fn of(place: &Path, file: &Path, count: usize) {
    let store = place.join("decided.db");
    for what in ["decide", "decide, all of it again"] {
        let paths = [&store, file, &place.join("decisions.jsonl")].map(|path| path.to_str().expect("UTF-8").to_owned());
        let args = ["leadwright", "decide", "--plan", leads::PLAN, "--now", leads::NOW, "--threads", "2", "--store"];
        let args = [&args[..], &[&paths[0], &paths[1], "-o", &paths[2]]].concat();
        let (mut out, mut err, mut input) = (Vec::new(), Vec::new(), &b""[..]);
        let started = Instant::now();
        let streams = &mut Streams { input: &mut input, out: &mut out, err: &mut err, is_terminal: false };
        assert_eq!(run(args, streams), 0, "{}", String::from_utf8_lossy(&err));
        told(what, started.elapsed(), count);
        println!("  the most memory of this process so far: {} MiB", peak());
    }
}

/// In MiB, where the system tells.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or(0) / 1_024
}
