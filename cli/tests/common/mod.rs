//! What the tests of the command share.
#![allow(dead_code, reason = "no test uses all of it")]

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// Runs the command as somebody would type it. The input is written while the output is read: neither waits for a
/// full pipe.
pub(crate) fn leadwright(args: &[&str], input: &[u8]) -> Output {
    leadwright_with(&[], args, input)
}

/// The same with names and values of the environment.
pub(crate) fn leadwright_with(environment: &[(&str, &str)], args: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_leadwright"))
        .args(args)
        .envs(environment.iter().copied())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the command was built");
    let mut stdin = child.stdin.take().expect("piped");
    std::thread::scope(|scope| {
        let writer = scope.spawn(move || stdin.write_all(input));
        let output = child.wait_with_output().expect("the command ends");
        let written = writer.join().expect("no panic");
        // A command that is refused need not read to the end.
        let is_refused = !output.status.success();
        assert!(is_refused || written.is_ok(), "the command reads its input: {written:?}");
        output
    })
}

pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("the command writes UTF-8")
}

/// Copies a folder with all that is in it.
pub(crate) fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("writable");
    for entry in std::fs::read_dir(from).expect("readable") {
        let entry = entry.expect("readable").path();
        let goal = to.join(entry.file_name().expect("an entry has a name"));
        if entry.is_dir() {
            copy(&entry, &goal);
        } else {
            std::fs::copy(&entry, &goal).expect("writable");
        }
    }
}
