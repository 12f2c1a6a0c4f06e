//! The command `leadwright`.

use std::io::{BufWriter, Write, stderr, stdin, stdout};
use std::process::ExitCode;

fn main() -> ExitCode {
    let mut out = BufWriter::new(stdout().lock());
    let mut streams = leadwright_cli::Streams { input: &mut stdin().lock(), out: &mut out, err: &mut stderr().lock() };
    let code = leadwright_cli::run(std::env::args_os(), &mut streams);
    // A reader that went away has had what it wanted.
    let _ = out.flush();
    ExitCode::from(code)
}
