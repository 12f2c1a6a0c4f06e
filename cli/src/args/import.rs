//! Importing what another system had.

use super::Format;
use std::path::PathBuf;

#[derive(clap::Args)]
#[command(group(clap::ArgGroup::new("how").required(true).multiple(true).args(["plan", "canonical"])))]
pub(crate) struct Import {
    /// The leads, JSON Lines or CSV, packed by gzip or not; `-` for standard input, which has to be named with --name
    pub(crate) input: PathBuf,
    /// The store to write into, a SQLite file, made when it is not there, or postgres://…
    #[arg(long, value_name = "STORE")]
    pub(crate) store: PathBuf,
    /// The plan that raw leads are validated by, as `decide` would
    #[arg(long, value_name = "FILE")]
    pub(crate) plan: Option<PathBuf>,
    /// The leads are cleaned already, as `validate --clean` writes them: they are taken as they are
    #[arg(long)]
    pub(crate) canonical: bool,
    /// What the leads are written in; by the extension when absent, else JSON Lines
    #[arg(long, value_enum)]
    pub(crate) format: Option<Format>,
    /// The column that says who bought the lead; empty where nobody did
    #[arg(long, value_name = "COLUMN")]
    pub(crate) buyer: Option<String>,
    /// The column that says under which contract; named like the buyer when absent
    #[arg(long, value_name = "COLUMN", requires = "buyer")]
    pub(crate) contract: Option<String>,
    /// The column that says at which price; nothing when absent
    #[arg(long, value_name = "COLUMN", requires = "buyer")]
    pub(crate) price: Option<String>,
    /// Also take down sales of the last so long, like 90d, as `observe` does: later leads are then duplicates of these, and
    /// caps and reports count them. A transaction each, which is slow
    #[arg(long, value_name = "SPAN", requires = "buyer", requires = "plan")]
    pub(crate) observe: Option<String>,
    /// A file for every lead that is refused, a line of JSON a problem: line, code, path and shape, and no value
    #[arg(long, value_name = "FILE")]
    pub(crate) rejects: Option<PathBuf>,
    /// Go on where an import of this input ended, or was stopped
    #[arg(long, conflicts_with = "again")]
    pub(crate) resume: bool,
    /// Import an input of this name although one was imported: its leads are then there twice, if they are the same
    #[arg(long)]
    pub(crate) again: bool,
    /// What the store calls the input; the name of the file when absent
    #[arg(long, value_name = "NAME")]
    pub(crate) name: Option<String>,
    /// The time, RFC 3339 with a zone, after which no lead came; the clock's when absent
    #[arg(long, value_name = "TIME")]
    pub(crate) now: Option<String>,
    /// Whose leads
    #[arg(long, default_value = "main")]
    pub(crate) tenant: String,
    /// Threads that validate; the machine's when absent
    #[arg(long)]
    pub(crate) threads: Option<usize>,
    /// Do not wait for the disk: a power cut may lose the last leads, and --resume brings them
    #[arg(long)]
    pub(crate) relaxed: bool,
    /// Exit with 1 when a lead was refused
    #[arg(long)]
    pub(crate) strict: bool,
    /// The counts as one JSON object on standard output
    #[arg(long)]
    pub(crate) json: bool,
}
