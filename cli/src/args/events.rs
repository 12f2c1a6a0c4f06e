//! Reading the events.

use clap::Subcommand;
use std::path::PathBuf;

/// Which log.
#[derive(clap::Args)]
pub(crate) struct Log {
    /// The SQLite file
    #[arg(long, value_name = "FILE")]
    pub(crate) store: PathBuf,
    /// Whose leads
    #[arg(long, default_value = "main")]
    pub(crate) tenant: String,
}

#[derive(clap::Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(crate) struct Events {
    #[command(subcommand)]
    pub(crate) what: Option<OfSubscribers>,
    /// The SQLite file
    #[arg(long, value_name = "FILE", required = true)]
    pub(crate) store: Option<PathBuf>,
    /// Whose leads
    #[arg(long, default_value = "main")]
    pub(crate) tenant: String,
    /// Only events of these types, as lead.decided.v1; separated by commas
    #[arg(long, value_name = "TYPE", value_delimiter = ',')]
    pub(crate) types: Vec<String>,
    /// Read under a name whose cursor the store keeps: what was printed does not come again
    #[arg(long, value_name = "NAME")]
    pub(crate) subscriber: Option<String>,
    /// Begin at the event of this position, at the `start`, or `now`; moves the cursor of a subscriber there
    #[arg(long, value_name = "N")]
    pub(crate) from: Option<String>,
    /// So many events at most
    #[arg(long, value_name = "N")]
    pub(crate) limit: Option<usize>,
    /// Wait for more at the end of the log
    #[arg(long)]
    pub(crate) follow: bool,
}

#[derive(Subcommand)]
pub(crate) enum OfSubscribers {
    /// Who reads the events under a name, and how far each is behind
    Subscribers {
        #[command(flatten)]
        log: Log,
        /// One JSON object a line instead of words
        #[arg(long)]
        json: bool,
    },
    /// Forget a subscriber and its cursor
    Drop {
        /// Its name
        name: String,
        #[command(flatten)]
        log: Log,
    },
}
