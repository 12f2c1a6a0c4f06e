//! Rows for a warehouse.

use std::path::PathBuf;

#[derive(clap::Args)]
pub(crate) struct Export {
    /// The SQLite file, or postgres://…
    #[arg(long, value_name = "STORE")]
    pub(crate) store: PathBuf,
    #[command(flatten)]
    pub(crate) form: ExportForm,
    #[command(flatten)]
    pub(crate) what: Exported,
    /// Only what came after this cursor, the number that the export before ended with
    #[arg(long, value_name = "CURSOR")]
    pub(crate) after: Option<u64>,
    /// A file that keeps the cursor: read at the start where --after does not say it, written once all rows are
    #[arg(long, value_name = "FILE")]
    pub(crate) cursor_file: Option<PathBuf>,
    /// So many decisions, events or leads of the past at most; all rows of one come together
    #[arg(long, value_name = "N")]
    pub(crate) limit: Option<usize>,
    /// With what is personal: the lead itself, in a column `lead`
    #[arg(long)]
    pub(crate) personal: bool,
    /// Whose
    #[arg(long, default_value = "main")]
    pub(crate) tenant: String,
    /// The file to write; `-` for standard output
    #[arg(short, long, default_value = "-")]
    pub(crate) output: PathBuf,
}

/// How rows are written.
#[derive(Clone, Copy, clap::Args)]
#[group(multiple = false)]
pub(crate) struct ExportForm {
    /// Rows with a header
    #[arg(long)]
    pub(crate) csv: bool,
    /// One JSON object a line, which is the default
    #[arg(long)]
    pub(crate) jsonl: bool,
}

/// What is written: decisions, unless something else is said.
#[derive(Clone, Copy, clap::Args)]
#[group(multiple = false)]
pub(crate) struct Exported {
    /// A row a decision, which is the default
    #[arg(long)]
    pub(crate) decisions: bool,
    /// A row a sale
    #[arg(long)]
    pub(crate) sales: bool,
    /// A row a problem of a lead
    #[arg(long)]
    pub(crate) problems: bool,
    /// A row an event
    #[arg(long)]
    pub(crate) events: bool,
    /// A row a lead of the past and each of its sales
    #[arg(long)]
    pub(crate) history: bool,
}

/// What there is a table of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Table {
    Decisions,
    Sales,
    Problems,
    Events,
    History,
}

impl Exported {
    pub(crate) fn table(self) -> Table {
        match self {
            Self { sales: true, .. } => Table::Sales,
            Self { problems: true, .. } => Table::Problems,
            Self { events: true, .. } => Table::Events,
            Self { history: true, .. } => Table::History,
            _ => Table::Decisions,
        }
    }
}
