//! One file for each command.

mod check;
mod stream;

use crate::args::{Args, Command};
use crate::{Exit, Streams};

pub(crate) fn run(args: &Args, streams: &mut Streams<'_>) -> Exit {
    match &args.command {
        Command::Check { plan, json } => check::run(plan, *json, streams),
        Command::Address(args) => stream::run(args, streams, "addresses", &leadwright::address::canonicalize_line),
        Command::Field(args) => stream::run(args, streams, "values", &leadwright::field::check_line),
    }
}
