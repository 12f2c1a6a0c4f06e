//! What can be asked about deliveries.

use super::{On, Said};
use clap::Subcommand;
use std::path::PathBuf;

#[derive(clap::Args)]
pub(crate) struct Deliver {
    #[command(flatten)]
    pub(crate) on: On,
    /// How many leads are sent at the same time
    #[arg(long, default_value_t = 16)]
    pub(crate) workers: usize,
    /// End when nothing is due any more; what is tried again later is not waited for
    #[arg(long)]
    pub(crate) until_empty: bool,
    /// What may be reached beside the public internet, like 10.20.0.0/16 or http://crm.internal:8080; may be repeated
    #[arg(long, value_name = "NET")]
    pub(crate) allow: Vec<String>,
    /// A JSON object of the plan's secrets by name; without it, and beside it, LEADWRIGHT_SECRET_<NAME> of the environment
    #[arg(long, value_name = "FILE")]
    pub(crate) secrets: Option<PathBuf>,
    /// Who delivers, for people who look at attempts
    #[arg(long, default_value = "leadwright", value_name = "NAME")]
    pub(crate) worker: String,
    /// How long nobody else gets what a worker of it claimed, and so how long the leads of one that was killed rest, like 10s;
    /// the longest `wait` of the plan and a minute when absent
    #[arg(long, value_name = "DURATION")]
    pub(crate) hold: Option<String>,
    /// The counts as one JSON object
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(clap::Args)]
pub(crate) struct Outbox {
    #[command(flatten)]
    pub(crate) on: On,
    /// One JSON object a line, instead of words
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(clap::Args)]
pub(crate) struct Breakers {
    #[command(flatten)]
    pub(crate) on: On,
    /// One JSON object a line, instead of words
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(clap::Args)]
pub(crate) struct Dead {
    #[command(subcommand)]
    pub(crate) what: DeadLetters,
    #[command(flatten)]
    pub(crate) on: On,
    #[command(flatten)]
    pub(crate) said: Said,
    /// One JSON object a line, instead of words
    #[arg(long, global = true)]
    pub(crate) json: bool,
}

/// What can be done.
#[derive(Subcommand)]
pub(crate) enum DeadLetters {
    /// The deliveries that were given up, why, and what to do about each
    List {
        /// Those of which nobody knows whether the buyer has them, in their place
        #[arg(long)]
        unknown: bool,
    },
    /// One delivery with all its attempts
    Show {
        /// The delivery key
        key: String,
    },
    /// Let them be tried again, to the same buyers under the same keys
    Redrive(Redriving),
}

#[derive(clap::Args)]
pub(crate) struct Redriving {
    /// Only the one of this delivery key
    pub(crate) key: Option<String>,
    /// Only those to this buyer
    #[arg(long)]
    pub(crate) buyer: Option<String>,
    /// Only those under this contract
    #[arg(long)]
    pub(crate) contract: Option<String>,
    /// Only those that were given up for this reason, like `auth`
    #[arg(long, conflicts_with = "unknown")]
    pub(crate) why: Option<String>,
    /// Those of which nobody knows whether the buyer has them: it must know a second sending by its key
    #[arg(long)]
    pub(crate) unknown: bool,
    /// How many at most
    #[arg(long, default_value_t = 100)]
    pub(crate) limit: u32,
    /// Only say which
    #[arg(long)]
    pub(crate) dry_run: bool,
}
