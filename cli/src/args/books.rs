//! What is asked of the money ledger.

use super::{On, Said};
use clap::{Subcommand, ValueEnum};

#[derive(clap::Args)]
pub(crate) struct Statements {
    #[command(subcommand)]
    pub(crate) what: Stating,
    #[command(flatten)]
    pub(crate) on: On,
    #[command(flatten)]
    pub(crate) said: Said,
}

/// What can be done with statements.
#[derive(Subcommand)]
pub(crate) enum Stating {
    /// The closed statements, a line each
    List {
        /// Only those of this party, buyer:ID or supplier:ID
        party: Option<String>,
        /// One JSON object a line instead of words
        #[arg(long)]
        json: bool,
    },
    /// What a buyer owes or a supplier is owed: the open period, or the days that are named
    Show {
        /// buyer:ID or supplier:ID
        party: String,
        /// A closed statement, by its number
        #[arg(conflicts_with_all = ["from", "to"])]
        number: Option<u32>,
        /// The first day, YYYY-MM-DD in the plan's zone; the one after the last closed statement when absent
        #[arg(long, value_name = "DATE")]
        from: Option<String>,
        /// The last day; all there is when absent
        #[arg(long, value_name = "DATE")]
        to: Option<String>,
        /// How it is written
        #[arg(long, value_enum, default_value_t = StatementForm::Text)]
        form: StatementForm,
    },
    /// Close the open period of a party: what it says does not change any more, and the next one begins with the day after
    Close {
        /// buyer:ID or supplier:ID
        party: String,
        /// The last day of it, which has to be over everywhere: 12:00 UTC of the day after
        #[arg(long, value_name = "DATE")]
        to: String,
        /// A key: the same key again does nothing twice
        #[arg(long)]
        key: Option<String>,
        /// What was written into the log as one JSON object, instead of words
        #[arg(long)]
        json: bool,
    },
}

/// How a statement is written.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum StatementForm {
    /// A table to read
    Text,
    /// A header and a line a line; the first is what was open before, the last what is open now
    Csv,
    /// One JSON object
    Json,
}
