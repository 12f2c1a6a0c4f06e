//! What can be done about the error ledger.

use super::{On, Said};
use clap::Subcommand;

#[derive(clap::Args)]
pub(crate) struct Errors {
    #[command(subcommand)]
    pub(crate) what: Erring,
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
pub(crate) enum Erring {
    /// Every problem that leads had, once: the worst and most frequent first
    List {
        /// Only those that are new, known, resolved or regressed; may be repeated
        #[arg(long)]
        state: Vec<String>,
    },
    /// One problem: what it means, what to do, when it was met, what was done about it
    Show {
        /// The problem, as `list` names it; its first digits are enough
        problem: String,
    },
    /// It is known, and stays as it is
    Acknowledge {
        /// The problem
        problem: String,
    },
    /// It will not come again; if it does, it has regressed
    Resolve {
        /// The problem
        problem: String,
    },
    /// Decide the leads again that had it and were not sold; only says what would come out, without --yes
    Retry {
        /// The problem
        problem: String,
        /// Record the new decisions
        #[arg(long)]
        yes: bool,
    },
}
