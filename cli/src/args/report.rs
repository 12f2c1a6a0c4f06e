//! What is asked of a report.

use clap::ValueEnum;
use std::path::PathBuf;

#[derive(clap::Args)]
pub(crate) struct Report {
    /// The SQLite file
    #[arg(long, value_name = "FILE")]
    pub(crate) store: PathBuf,
    /// The first day, YYYY-MM-DD in the plan's zone
    #[arg(long, value_name = "DATE")]
    pub(crate) from: Option<String>,
    /// The last day
    #[arg(long, value_name = "DATE")]
    pub(crate) to: Option<String>,
    /// What there is a row for, with commas between: day, hour, source, contract, outcome
    #[arg(long, value_delimiter = ',', default_value = "day")]
    pub(crate) by: Vec<String>,
    /// Only this source
    #[arg(long, value_name = "ID")]
    pub(crate) source: Option<String>,
    /// Only sales of this contract
    #[arg(long, value_name = "ID")]
    pub(crate) contract: Option<String>,
    /// Only leads with this outcome
    #[arg(long)]
    pub(crate) outcome: Option<String>,
    /// How it is written
    #[arg(long, value_enum, default_value_t = ReportForm::Text)]
    pub(crate) form: ReportForm,
    /// Whose leads
    #[arg(long, default_value = "main")]
    pub(crate) tenant: String,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ReportForm {
    /// A table to read, with a line of totals
    Text,
    /// A header and a row a line
    Csv,
    /// One JSON object a line
    Jsonl,
}
