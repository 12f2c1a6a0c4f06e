//! How often a commit syncs, counted between the process and its disk by the shim of tools/torture.

use crate::{example, fresh};
use bench_common::measure::{Verdict, at_most, heading};
use leadwright::model::Durability;
use std::path::Path;
use std::process::Command;

const COMMITS: usize = 1_000;
const SHIM: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tools/torture/shim.c");

pub fn run(folder: &Path) -> Verdict {
    let (path, shim, log) = (fresh(folder, "syncs.db"), folder.join("shim.so"), folder.join("shim.log"));
    let built = Command::new("cc").args(["-O2", "-shared", "-fPIC", "-o"]).arg(&shim).arg(SHIM).arg("-ldl").status();
    if !built.is_ok_and(|status| status.success()) {
        println!("\nSKIPPED: syncs a commit: the shim cannot be built here");
        return Verdict::Right;
    }
    let mut process = Command::new(std::env::current_exe().expect("this program"));
    process.arg("commits").arg(&path).env("LD_PRELOAD", &shim);
    process.env("LEADWRIGHT_SHIM_MATCH", &path).env("LEADWRIGHT_SHIM_LOG", &log);
    assert!(process.status().expect("it starts").success(), "the process with the shim failed");
    let syncs = synced(&std::fs::read(&log).expect("the shim wrote a log"));
    heading("Syncs");
    println!("| transactions of one lead | {COMMITS} | | |");
    at_most("syncs a commit, those that bring the log into the file included", syncs as f64 / COMMITS as f64, 1.05)
}

/// The process that is counted: from the first acknowledgement to the second.
pub fn commits(words: &[String]) -> Verdict {
    let engine = example::engine(Path::new(&words[0]), Durability::Full);
    let leads = example::leads(COMMITS);
    let _ = std::fs::remove_file("/leadwright/ack/from here");
    for lead in &leads {
        engine.decide(lead, example::tick()).expect("it decides");
    }
    let _ = std::fs::remove_file("/leadwright/ack/to here");
    Verdict::Right
}

/// Syncs between the two acknowledgements. The log: 32 bytes (operation, …, length of the data), then the data.
fn synced(log: &[u8]) -> usize {
    let (mut rest, mut inside, mut count) = (log, false, 0);
    while let Some((head, after)) = rest.split_at_checked(32) {
        let data = u64::from_le_bytes(head[24..32].try_into().expect("eight bytes"));
        rest = &after[usize::try_from(data).expect("a length")..];
        match head[0] {
            b'A' => inside = !inside,
            b'S' if inside => count += 1,
            _ => {}
        }
    }
    count
}
