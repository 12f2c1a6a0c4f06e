//! The command line of leadwright as a function, so that the bindings start the same command.

/// The README's Rust is run as a test.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;

/// As is that of docs/observe.md and docs/ping-post.md.
#[cfg(doctest)]
#[doc = include_str!("../../docs/observe.md")]
#[doc = include_str!("../../docs/ping-post.md")]
struct Pages;

mod args;
mod buyers;
mod clock;
mod commands;
mod delivery;
mod ends;
mod exit;
mod files;
mod given_list;
mod given_secrets;
mod guard;
mod lines;
mod mend;
mod packed;
mod parallel;
mod progress;
mod records;
#[cfg(feature = "parquet")]
mod row_groups;
mod rows;
mod stores;
mod tables;
mod validator;

pub use buyers::{Asking, HttpBuyers};
pub use clock::{SystemClock, SystemStopwatch};
pub use delivery::{HttpDelivery, outcome_json, request_json};
pub use exit::Exit;
pub use files::Folder;
pub use given_list::GivenList;
pub use given_secrets::GivenSecrets;
pub use guard::guarded;
pub use mend::mend_plan;
pub use parallel::{canonicalize_addresses, decide_lines, decide_lines_from, prepare_rows, settle_rows};
use std::ffi::OsString;
use std::io::{BufRead, Write};
pub use tables::{TablesBase, check_tables, plan_of_tables};
pub use validator::{GivenLead, Validator, redact_validation};

/// Where a command reads and writes. Answers go to `out`, words for people to `err`.
pub struct Streams<'a> {
    /// What `-` stands for among the inputs.
    pub input: &'a mut dyn BufRead,
    /// Answers.
    pub out: &'a mut dyn Write,
    /// Words for people.
    pub err: &'a mut dyn Write,
    /// Whether somebody looks at `err`: long work then shows how far it is.
    pub is_terminal: bool,
}

/// Runs the command with its arguments, the program's name first, and gives its exit code (see [`Exit`]).
///
/// ```
/// use leadwright_cli::{Streams, run};
/// let (mut out, mut err) = (Vec::new(), Vec::new());
/// let mut input = &b"{\"id\":1,\"raw\":\"PO Box 12, Kalona IA 52247\"}\n"[..];
/// let code = run(["leadwright", "address"], &mut Streams {
///     input: &mut input, out: &mut out, err: &mut err, is_terminal: false,
/// });
/// assert_eq!(code, 0);
/// assert!(out.starts_with(b"{\"id\":1,\"components\":{\"po_box\":\"12\""));
/// ```
pub fn run<I, T>(args: I, streams: &mut Streams<'_>) -> u8
where
    I: IntoIterator<Item = T>,
    T: Into<OsString> + Clone,
{
    use clap::Parser as _;
    let exit = match args::Args::try_parse_from(args) {
        Ok(args) => commands::run(&args, streams),
        Err(error) => usage(&error, streams),
    };
    exit.code()
}

/// Help and version are answers; anything else that clap has to say is a mistake in the usage.
fn usage(error: &clap::Error, streams: &mut Streams<'_>) -> Exit {
    if error.use_stderr() {
        let _ = write!(streams.err, "{error}");
        return Exit::Usage;
    }
    let _ = write!(streams.out, "{error}");
    Exit::Ok
}
