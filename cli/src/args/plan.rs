//! Making plans, and looking at them.

use super::of_catalogue;
use clap::Subcommand;
use std::path::PathBuf;

#[derive(Subcommand)]
pub(crate) enum PlanCommand {
    /// Say what changes from one plan to another, a line for each thing that does
    Diff {
        /// The plan before
        old: PathBuf,
        /// The plan after
        new: PathBuf,
        /// One JSON object instead of words
        #[arg(long)]
        json: bool,
    },
}

#[derive(clap::Args)]
pub(crate) struct Init {
    /// The folder to write into; made when it is not there. No file in it is overwritten
    #[arg(default_value = ".")]
    pub(crate) dir: PathBuf,
    #[arg(long, value_name = "SCHEMA", help = of_catalogue("Which kind of leads"))]
    pub(crate) vertical: Option<String>,
    /// What the plan calls that kind of leads, like roofing
    #[arg(long)]
    pub(crate) name: Option<String>,
    /// The name of the plan; that of the folder when absent
    #[arg(long)]
    pub(crate) plan: Option<String>,
    /// The currency of all amounts, like USD
    #[arg(long)]
    pub(crate) currency: Option<String>,
    /// The time zone, like America/Chicago
    #[arg(long)]
    pub(crate) timezone: Option<String>,
    /// The first source of leads
    #[arg(long)]
    pub(crate) source: Option<String>,
    /// The first buyer
    #[arg(long)]
    pub(crate) buyer: Option<String>,
    /// The states it buys from, like TX,OK, or all
    #[arg(long)]
    pub(crate) states: Option<String>,
    /// What it pays for a lead, like 25.00
    #[arg(long)]
    pub(crate) price: Option<String>,
    /// How many leads a day at most, or none
    #[arg(long)]
    pub(crate) daily_cap: Option<String>,
    /// Buyers and contracts from two CSV files; then nothing is asked about the first buyer
    #[arg(long, value_names = ["BUYERS", "CONTRACTS"], num_args = 2, conflicts_with_all = ["buyer", "states", "price", "daily_cap"])]
    pub(crate) from_csv: Vec<PathBuf>,
    /// With --from-csv: a plan that has all but the buyers, in place of the questions
    #[arg(long, value_name = "PLAN", requires = "from_csv")]
    pub(crate) base: Option<PathBuf>,
    /// Ask nothing: the defaults for whatever is not given
    #[arg(long)]
    pub(crate) yes: bool,
}

#[derive(clap::Args)]
pub(crate) struct Check {
    /// The plan, usually plan.jsonc; its includes, lists and tests are looked up beside it
    pub(crate) plan: PathBuf,
    /// One JSON object on standard output instead of words
    #[arg(long)]
    pub(crate) json: bool,
    /// Show as a diff what would be mended, then what is left; comments and everything else stay as they are
    #[arg(long, conflicts_with = "json")]
    pub(crate) fix: bool,
    /// With --fix: write it into the files
    #[arg(long, requires = "fix")]
    pub(crate) write: bool,
    /// Also say what the plan hardly means, as `lint` does
    #[arg(long, conflicts_with = "fix")]
    pub(crate) lint: bool,
    /// With --lint: the day on which the plan is judged, YYYY-MM-DD; today (UTC) when absent
    #[arg(long, value_name = "DATE", requires = "lint")]
    pub(crate) as_of: Option<String>,
    /// With --fix: also guesses, that take something away or fill something in
    #[arg(long, requires = "fix")]
    pub(crate) guess: bool,
}

#[derive(clap::Args)]
pub(crate) struct Lint {
    /// The plan, usually plan.jsonc; its includes and lists are looked up beside it
    pub(crate) plan: PathBuf,
    /// One JSON object on standard output instead of words
    #[arg(long)]
    pub(crate) json: bool,
    /// The day on which the plan is judged, YYYY-MM-DD; today (UTC) when absent
    #[arg(long, value_name = "DATE")]
    pub(crate) as_of: Option<String>,
}
