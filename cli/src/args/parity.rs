//! What is asked of a ledger of parity.

use clap::{Subcommand, ValueEnum};
use std::path::PathBuf;

#[derive(Subcommand)]
pub(crate) enum Parity {
    /// Ready or not: exits with 0 when every condition holds for every step, and with 3 when one does not
    Check {
        #[command(flatten)]
        of: OfLedger,
        #[command(flatten)]
        gate: GateArgs,
        /// One JSON object instead of words
        #[arg(long)]
        json: bool,
    },
    /// What differs, how often, and what it costs: by step, class and place
    Report {
        #[command(flatten)]
        of: OfLedger,
        #[command(flatten)]
        gate: GateArgs,
        /// How it is written
        #[arg(long, value_enum, default_value_t = ParityForm::Text)]
        format: ParityForm,
        /// The file to write; `-` for standard output
        #[arg(short, long, default_value = "-")]
        output: PathBuf,
    },
    /// Write observations of both sides into a ledger, for whoever has no wrapper: JSON Lines in, a verdict a line out
    Record(RecordPairs),
    /// Decide recorded pairs again by a plan, and compare with what the legacy did; nothing is recorded
    Replay(Replay),
    /// Write a test of pytest with the smallest example of a class
    ExportTest(ExportTest),
    /// Compare what became of leads in the legacy's table and in a store: buyer, price, status, and money by buyer and day
    Reconcile(Reconcile),
    /// Let go of what is old, or of what is about a lead
    Prune {
        /// The ledger
        ledger: PathBuf,
        /// All from before this time, RFC 3339 or YYYY-MM-DD
        #[arg(long, value_name = "TIME", required_unless_present = "lead")]
        before: Option<String>,
        /// The pairs and examples of the lead with this key
        #[arg(long, value_name = "KEY", conflicts_with = "before")]
        lead: Option<String>,
    },
}

/// Which part of a ledger.
#[derive(clap::Args)]
pub(crate) struct OfLedger {
    /// The ledger
    pub(crate) ledger: PathBuf,
    /// Which migration; needed where the ledger has several
    #[arg(long, value_name = "NAME")]
    pub(crate) migration: Option<String>,
    /// Only this step; may be repeated
    #[arg(long, value_name = "NAME")]
    pub(crate) step: Vec<String>,
    /// Only what was seen since then, RFC 3339 or YYYY-MM-DD, to the hour
    #[arg(long, value_name = "TIME")]
    pub(crate) since: Option<String>,
}

/// What has to hold.
#[derive(clap::Args)]
pub(crate) struct GateArgs {
    /// So many pairs were compared at least
    #[arg(long, value_name = "N", default_value = "10000")]
    pub(crate) min_samples: String,
    /// The most mismatches, sure at 95 %; above the noise of the legacy where that was measured
    #[arg(long, value_name = "SHARE", default_value = "0.25%")]
    pub(crate) max_mismatch: String,
    /// The most declared differences
    #[arg(long, value_name = "SHARE", default_value = "5%")]
    pub(crate) max_known: String,
    /// The most calls that were to be compared and were not: dropped, unreadable, or kept from a candidate that failed
    #[arg(long, value_name = "SHARE", default_value = "5%")]
    pub(crate) max_unseen: String,
    /// The candidate's p99 is at most so many times the legacy's
    #[arg(long, value_name = "RATIO")]
    pub(crate) max_p99_ratio: Option<String>,
    /// What nobody declared moves at most so much money in any class
    #[arg(long, value_name = "AMOUNT")]
    pub(crate) max_unexplained_money: Option<String>,
    /// The day on which declared differences are judged, RFC 3339 or YYYY-MM-DD; today when absent
    #[arg(long, value_name = "TIME")]
    pub(crate) as_of: Option<String>,
}

/// How a report is written.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ParityForm {
    /// Words for people
    Text,
    /// One JSON object
    Json,
    /// JUnit XML: a test for each condition of each step
    Junit,
    /// A page that needs nothing else
    Html,
}

#[derive(clap::Args)]
pub(crate) struct RecordPairs {
    /// The observations; `-` or nothing for standard input
    #[arg(default_value = "-")]
    pub(crate) observations: PathBuf,
    /// The ledger; made when it is not there
    #[arg(long, value_name = "FILE")]
    pub(crate) ledger: PathBuf,
    /// Which migration
    #[arg(long, value_name = "NAME")]
    pub(crate) migration: String,
    /// A file with the options of the migration: its steps and their rules
    #[arg(long, value_name = "FILE")]
    pub(crate) options: Option<PathBuf>,
    /// The file for the verdicts; `-` for standard output
    #[arg(short, long, default_value = "-")]
    pub(crate) output: PathBuf,
}

#[derive(clap::Args)]
pub(crate) struct Replay {
    /// Pairs as JSON Lines, `{"key","at","input","legacy"}`, in the order they came; or a ledger that kept values
    pub(crate) pairs: PathBuf,
    /// The plan
    #[arg(long)]
    pub(crate) plan: PathBuf,
    /// The step whose pairs are decisions
    #[arg(long, default_value = "decide")]
    pub(crate) step: String,
    /// Of a ledger: which migration
    #[arg(long, value_name = "NAME")]
    pub(crate) migration: Option<String>,
    /// A file with the rules of the step, as the wrapper has them; by default only `"decision": true`
    #[arg(long, value_name = "FILE")]
    pub(crate) rules: Option<PathBuf>,
    /// A compiled suppression list for a name of the plan, NAME=FILE
    #[arg(long, value_name = "NAME=FILE")]
    pub(crate) list: Vec<String>,
    /// A file for every pair that is no match, a line of JSON each; it has the keys of leads
    #[arg(long, value_name = "FILE")]
    pub(crate) differences: Option<PathBuf>,
    /// The counts as one JSON object
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(clap::Args)]
pub(crate) struct ExportTest {
    /// The class, as the report names it
    pub(crate) class: String,
    /// A ledger that kept values
    #[arg(long, value_name = "FILE")]
    pub(crate) ledger: PathBuf,
    /// Which migration; needed where the ledger has several
    #[arg(long, value_name = "NAME")]
    pub(crate) migration: Option<String>,
    /// Only of this step
    #[arg(long, value_name = "NAME")]
    pub(crate) step: Option<String>,
    /// Only at this place
    #[arg(long, value_name = "POINTER")]
    pub(crate) path: Option<String>,
    /// What the test calls with the lead, MODULE:FUNCTION
    #[arg(long, value_name = "MODULE:FUNCTION")]
    pub(crate) call: String,
    /// Of a step that decides: the plan, by which fields of the lead are left out while the class stays
    #[arg(long)]
    pub(crate) plan: Option<PathBuf>,
    /// A file with the rules of the step, as the wrapper has them
    #[arg(long, value_name = "FILE")]
    pub(crate) rules: Option<PathBuf>,
    /// The file to write; `-` for standard output. It holds the data of a lead
    #[arg(short, long, default_value = "-")]
    pub(crate) output: PathBuf,
}

#[derive(clap::Args)]
pub(crate) struct Reconcile {
    /// What became of leads, CSV or JSON Lines: lead, status, buyer, price, at
    pub(crate) legacy: PathBuf,
    /// The SQLite file with the decisions
    #[arg(long, value_name = "FILE")]
    pub(crate) store: PathBuf,
    /// Leads younger than this are left out: what becomes of them may still be written. `30m`, `6h`, `2d`
    #[arg(long, value_name = "TIME", default_value = "1h")]
    pub(crate) settle: String,
    /// The time now, RFC 3339; the clock's when absent
    #[arg(long, value_name = "TIME")]
    pub(crate) now: Option<String>,
    /// Only leads since then, RFC 3339 or YYYY-MM-DD
    #[arg(long, value_name = "TIME")]
    pub(crate) since: Option<String>,
    /// What the legacy's table is written in; by the extension when absent, else JSON Lines
    #[arg(long, value_enum)]
    pub(crate) format: Option<super::Format>,
    /// Whose leads
    #[arg(long, default_value = "main")]
    pub(crate) tenant: String,
    /// One JSON object instead of words
    #[arg(long)]
    pub(crate) json: bool,
}
