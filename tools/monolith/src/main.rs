//! Writes older apps from a seed, records what they decide, and measures what is learned from it.

mod branch;
mod lead;
mod measure;
mod monolith;

use clap::Parser;
use measure::{Measured, Setting, measure};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

#[derive(Parser)]
#[command(about = "Measures what `leadwright learn` makes of older apps that are written from a seed")]
struct Args {
    /// How many contracts, one app for each number
    #[arg(long, value_delimiter = ',', default_value = "20,100,400")]
    contracts: Vec<usize>,
    /// Pairs to learn from
    #[arg(long, default_value_t = 200_000)]
    pairs: usize,
    /// Leads of the days after that
    #[arg(long, default_value_t = 50_000)]
    unseen: usize,
    /// Where chance comes from
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Pairs without the counters that the app looked at: its caps have to be inferred
    #[arg(long)]
    without_caps: bool,
    /// A folder for the pairs and the plan of each app
    #[arg(long)]
    write: Option<PathBuf>,
}

/// What has to be shown: of ten thousand, and of a hundred true criteria.
const SAME: usize = 9_800;
const CRITERIA: usize = 150;

fn main() -> ExitCode {
    match run(&Args::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(message) => {
            eprintln!("leadwright-monolith: {message}");
            ExitCode::FAILURE
        }
    }
}

fn run(args: &Args) -> Result<bool, String> {
    println!(
        "| contracts | pairs | seconds | same winner | to whoever takes turns | criteria | of the app's | errors | warnings | explained |"
    );
    println!("|---|---|---|---|---|---|---|---|---|---|");
    let mut fine = true;
    for contracts in &args.contracts {
        let setting = Setting {
            seed: args.seed,
            contracts: *contracts,
            pairs: args.pairs,
            unseen: args.unseen,
            record_caps: !args.without_caps,
        };
        let found = measure(setting)?;
        println!("{}", row(&found, args.pairs));
        fine &= is_fine(&found);
        if let Some(folder) = &args.write {
            write(&folder.join(contracts.to_string()), &found)?;
        }
    }
    Ok(fine)
}

fn is_fine(found: &Measured) -> bool {
    (found.same + found.turn) * 10_000 >= found.unseen * SAME
        && found.learned.summary.criteria * 100 <= found.criteria * CRITERIA
        && found.errors == 0
        && found.explained == found.unseen
}

fn row(found: &Measured, pairs: usize) -> String {
    let hundredths = |part: usize, whole: usize| {
        let parts = part * 10_000 / whole.max(1);
        format!("{}.{:02}", parts / 100, parts % 100)
    };
    let criteria = found.learned.summary.criteria;
    format!(
        "| {} | {pairs} | {:.1} | {} % | {} % | {criteria} of {} | {} % | {} | {} | {} |",
        found.contracts,
        found.took.as_secs_f64(),
        hundredths(found.same, found.unseen),
        hundredths(found.same + found.turn, found.unseen),
        found.criteria,
        hundredths(criteria, found.criteria),
        found.errors,
        found.warnings,
        found.explained
    )
}

fn write(folder: &Path, found: &Measured) -> Result<(), String> {
    let failed = |error: std::io::Error| format!("{}: {error}", folder.display());
    fs::create_dir_all(folder.join("plan/buyers")).map_err(failed)?;
    fs::write(folder.join("pairs.jsonl"), found.lines.join("\n") + "\n").map_err(failed)?;
    for (name, text) in &found.learned.files {
        fs::write(folder.join("plan").join(name), text).map_err(failed)?;
    }
    let mut differs: Vec<_> = found.differs.iter().collect();
    differs.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
    let differs = differs.into_iter().map(|((legacy, plan), count)| format!("{count} {legacy} -> {plan}\n"));
    fs::write(folder.join("differs.txt"), differs.collect::<String>()).map_err(failed)?;
    let summary = serde_json::to_string(&found.learned.summary).unwrap_or_default();
    fs::write(folder.join("summary.json"), summary).map_err(failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_app_is_learned() {
        for record_caps in [true, false] {
            let setting = Setting { seed: 7, contracts: 20, pairs: 20_000, unseen: 5_000, record_caps };
            let found = measure(setting).unwrap();
            assert!(is_fine(&found), "{}", row(&found, 20_000));
        }
    }

    #[test]
    fn the_same_pairs_give_the_same_bytes() {
        let setting = Setting { seed: 3, contracts: 20, pairs: 3_000, unseen: 10, record_caps: true };
        let (one, again) = (measure(setting).unwrap(), measure(setting).unwrap());
        assert_eq!(one.learned.files, again.learned.files);
    }
}
