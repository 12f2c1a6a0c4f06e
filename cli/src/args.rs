//! What can be written after `leadwright`.

use clap::{Parser, Subcommand};
use std::path::PathBuf;

const EXIT_CODES: &str = "Exit codes: 0 done, 1 findings of `check` or problems with --strict, 2 the plan is refused or \
                          the command was not understood, 5 an input or output could not be read or written.";

#[derive(Parser)]
#[command(name = "leadwright", version, about = "Cleans leads and checks lead-distribution plans", after_help = EXIT_CODES)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Report every mistake of a plan and its buyer files, with line and column
    #[command(after_help = EXIT_CODES)]
    Check {
        /// The plan, usually plan.jsonc; its includes and lists are looked up beside it
        plan: PathBuf,
        /// One JSON object on standard output instead of words
        #[arg(long)]
        json: bool,
    },
    /// Field values: JSON Lines {"id","field_type","raw","opts"?} in, canonical values and problems out
    #[command(after_help = EXIT_CODES)]
    Field(Stream),
    /// US addresses: JSON Lines {"id","raw"} in, components, standard lines and a key out
    #[command(after_help = EXIT_CODES)]
    Address(Stream),
}

/// What the commands share that answer line by line.
#[derive(clap::Args)]
pub(crate) struct Stream {
    /// The file to read; `-` or nothing for standard input
    #[arg(default_value = "-")]
    pub(crate) input: PathBuf,
    /// The file to write; `-` for standard output
    #[arg(short, long, default_value = "-")]
    pub(crate) output: PathBuf,
    /// Exit with 1 when a line has a problem of severity error
    #[arg(long)]
    pub(crate) strict: bool,
}
