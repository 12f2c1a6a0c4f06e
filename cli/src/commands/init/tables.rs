//! `--from-csv`: the buyers and contracts of two CSV files as the files of a plan.

use super::super::Failure;
use super::Files;
use crate::Streams;
use crate::tables::{TablesBase, check, is_error};
use leadwright::model::{Issue, RawMap, RawValue};
use leadwright::plan::{CheckedRows, Rows};
use std::path::{Path, PathBuf};

/// A CSV file: its rows, and the line that each begins on.
struct Csv {
    rows: Vec<RawMap>,
    lines: Vec<u64>,
}

/// The files of a plan; what is wrong is said with the line of the CSV file.
pub(super) fn of(base: TablesBase<'_>, csv: &[PathBuf], streams: &mut Streams<'_>) -> Result<Files, Failure> {
    let [buyers_file, contracts_file] = csv else {
        return Err(Failure::usage("--from-csv takes two files, of buyers and of contracts"));
    };
    let (buyers, contracts) = (read(buyers_file)?, read(contracts_file)?);
    let rows = Rows { buyers: buyers.rows, contracts: contracts.rows, ..Rows::default() };
    let CheckedRows { issues, files, .. } = check(base, &rows);
    for issue in &issues {
        let told = match issue.file.as_str() {
            "buyers" => placed(issue, buyers_file, &buyers.lines),
            "contracts" => placed(issue, contracts_file, &contracts.lines),
            _ => issue.clone(),
        };
        let _ = writeln!(streams.err, "{told}");
    }
    match issues.iter().filter(|issue| is_error(issue)).count() {
        0 => Ok(files),
        1 => Err(Failure::usage("nothing was written: there is a mistake in the tables")),
        n => Err(Failure::usage(format!("nothing was written: there are {n} mistakes in the tables"))),
    }
}

fn placed(issue: &Issue, file: &Path, lines: &[u64]) -> Issue {
    let row = usize::try_from(issue.line).unwrap_or(usize::MAX);
    let line = lines.get(row.saturating_sub(1)).copied().unwrap_or_default();
    let line = u32::try_from(line).unwrap_or(u32::MAX);
    Issue { file: file.display().to_string(), line, ..issue.clone() }
}

fn read(file: &Path) -> Result<Csv, Failure> {
    let failed = |error: csv::Error| Failure::input(format!("{}: {error}", file.display()));
    let mut reader = csv::ReaderBuilder::new().from_path(file).map_err(failed)?;
    let header = reader.headers().map_err(failed)?;
    let header: Vec<String> = header.iter().map(|name| name.trim().trim_start_matches('\u{feff}').to_owned()).collect();
    let mut table = Csv { rows: Vec::new(), lines: Vec::new() };
    for row in reader.records() {
        let row = row.map_err(failed)?;
        let cells = header.iter().cloned().zip(row.iter().map(RawValue::text));
        table.rows.push(RawMap(cells.collect()));
        table.lines.push(row.position().map_or(0, csv::Position::line));
    }
    Ok(table)
}
