//! Counting instructions by valgrind, on whose counts a busy machine has no influence.

use std::process::Command;

/// Whether valgrind is there; says so where it is not.
pub fn can_be_counted() -> bool {
    let is_there = Command::new("valgrind").arg("--version").output().is_ok();
    if !is_there {
        println!("NOT RUN: instructions are counted by valgrind, which is not installed");
    }
    is_there
}

/// The instructions of this program, run with these arguments.
pub fn counted(arguments: &[&str]) -> f64 {
    let program = std::env::current_exe().expect("this program lies somewhere");
    let mut valgrind = Command::new("valgrind");
    valgrind.args(["--tool=callgrind", "--callgrind-out-file=/dev/null"]).arg(&program).args(arguments);
    let output = valgrind.output().expect("valgrind runs");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let collected = said.split("Collected :").nth(1).and_then(|rest| rest.split_whitespace().next());
    collected.and_then(|count| count.parse::<f64>().ok()).unwrap_or_else(|| panic!("valgrind said: {said}"))
}
