//! Makes raw leads as forms and suppliers send them: real addresses, invented people, and every usual kind of mess.
//!
//! The same seed and the same addresses give the same bytes.

mod dice;
mod lead;
mod mess;
mod person;
mod place;

use clap::Parser;
use dice::Dice;
use std::fs;
use std::io::{BufWriter, Write};
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Parser)]
#[command(about = "Makes the raw leads of the home-services example")]
struct Args {
    /// Real addresses, JSON Lines {"address1","address2","city","state","postal_code"}
    #[arg(long)]
    addresses: PathBuf,
    /// How many leads
    #[arg(long, default_value_t = 10_000)]
    count: usize,
    /// Where chance comes from
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The file to write
    output: PathBuf,
}

fn main() -> ExitCode {
    match run(&Args::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("leadwright-leads: {message}");
            ExitCode::FAILURE
        }
    }
}

fn run(args: &Args) -> Result<(), String> {
    let text = fs::read_to_string(&args.addresses).map_err(|error| format!("{}: {error}", args.addresses.display()))?;
    let places = place::read(&text)?;
    let file = fs::File::create(&args.output).map_err(|error| format!("{}: {error}", args.output.display()))?;
    let mut out = BufWriter::new(file);
    for line in lead::leads(&places, args.count, &mut Dice::new(args.seed)) {
        writeln!(out, "{line}").map_err(|error| error.to_string())?;
    }
    out.flush().map_err(|error| error.to_string())
}
