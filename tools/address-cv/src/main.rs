//! `cargo xtask address-cv`: how well addresses are read, by source; how true the confidence is, on addresses that it was
//! not fitted on; what each means of reading is worth; and the matching tasks. With `--write` the tables of the
//! confidence are written anew.
//!
//! Everything is seeded: the same data give the same output.

mod fit;
mod matching;
mod norm;
mod own;
mod reliability;
mod rows;
mod sources;

use clap::Parser;
use fit::Tables;
use norm::Normalizer;
use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Parser)]
#[command(about = "Measures how addresses are read, and fits the tables of their confidence")]
struct Args {
    /// The folder of the labelled addresses
    #[arg(long)]
    data: PathBuf,
    /// Write the tables of the confidence to this file
    #[arg(long)]
    write: Option<PathBuf>,
}

fn main() -> ExitCode {
    match run(&Args::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("address-cv: {message}");
            ExitCode::FAILURE
        }
    }
}

fn run(args: &Args) -> Result<(), String> {
    let pub28 = args.data.join("pub28.json");
    let pub28 = fs::read_to_string(&pub28).map_err(|error| format!("{}: {error}", pub28.display()))?;
    let norm = Normalizer::new(&pub28)?;
    let rows = rows::read_rows(&args.data)?;
    let judged = rows::judge(&rows, &norm, str::to_owned);
    if let Some(path) = &args.write {
        let all: Vec<_> = judged.iter().collect();
        fs::write(path, Tables::fit(&all).source()).map_err(|error| format!("{}: {error}", path.display()))?;
        println!("wrote {}", path.display());
        return Ok(());
    }
    sources::print(&judged);
    reliability::print(&judged);
    let pairs = matching::Task::read(&args.data)?;
    println!("\n## Matching\n\n{}", pairs.run());
    own::print(&args.data)?;
    sources::print_ablation(&rows, &norm, &pairs);
    Ok(())
}
