//! One file for each command.

mod address;
mod check;
mod stream;

use crate::args::{Args, Command};
use crate::{Exit, Streams};

pub(crate) fn run(args: &Args, streams: &mut Streams<'_>) -> Exit {
    match &args.command {
        Command::Check { plan, json } => check::run(plan, *json, streams),
        Command::Address { input, output, strict } => address::run(input, output, *strict, streams),
    }
}
