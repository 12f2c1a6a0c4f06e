//! What can be done about leads that wait.

use super::{On, Said};
use clap::Subcommand;

#[derive(clap::Args)]
pub(crate) struct Queue {
    #[command(subcommand)]
    pub(crate) what: Queueing,
    #[command(flatten)]
    pub(crate) on: On,
    #[command(flatten)]
    pub(crate) said: Said,
    /// The seed, for `work`, `release`, `fix` and `drop`
    #[arg(long, global = true, default_value_t = 0)]
    pub(crate) seed: u64,
    /// One JSON object a line, instead of words; decisions hold personal data
    #[arg(long, global = true)]
    pub(crate) json: bool,
}

/// What can be done.
#[derive(Subcommand)]
pub(crate) enum Queueing {
    /// The leads that wait, in the order in which they came
    List,
    /// Decide those whose time has come, the oldest first
    Work {
        /// How many are looked at at most
        #[arg(long, default_value_t = 10_000)]
        most: usize,
    },
    /// Decide one now, as it is, whatever held it
    Release {
        /// SOURCE/LEAD
        lead: String,
    },
    /// Replace some of its values, and decide it now
    Fix {
        /// SOURCE/LEAD
        lead: String,
        /// NAME=VALUE; an empty value takes one out. `-` reads all of them from standard input, as a JSON object
        #[arg(required = true, value_name = "NAME=VALUE")]
        with: Vec<String>,
    },
    /// Take one out: it is sold to nobody
    Drop {
        /// SOURCE/LEAD
        lead: String,
    },
}
