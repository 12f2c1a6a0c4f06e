//! The command `leadwright`.

use std::io::{BufWriter, IsTerminal as _, Write as _, stderr, stdin, stdout};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;

/// Leads are many small pieces, made in one thread and given back in another: an allocator that is made for it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let mut out = BufWriter::new(stdout().lock());
    let is_terminal = stderr().is_terminal();
    let (mut input, mut err) = (stdin().lock(), stderr());
    let mut streams = leadwright_cli::Streams { input: &mut input, out: &mut out, err: &mut err, is_terminal };
    let ran = catch_unwind(AssertUnwindSafe(|| leadwright_cli::run(std::env::args_os(), &mut streams)));
    // A reader that went away has had what it wanted.
    let _ = out.flush();
    ExitCode::from(ran.unwrap_or(leadwright_cli::Exit::Internal.code()))
}
