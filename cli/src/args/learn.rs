//! A plan from what an older app did.

use super::of_catalogue;
use std::path::PathBuf;

#[derive(clap::Args)]
pub(crate) struct Learn {
    /// The pairs, JSON Lines {"lead","at","outcome","contract"?,"buyer"?,"price"?,"caps"?}; `-` for standard input
    pub(crate) pairs: PathBuf,
    /// A folder for the plan, its buyers and the pairs that it does not explain; nothing that is there is written over
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
    #[arg(long, help = of_catalogue("What the verticals extend; by default the fields are told by their values"))]
    pub(crate) schema: Option<String>,
    /// The zone of the clock that the app read its days and hours from
    #[arg(long, default_value = "UTC")]
    pub(crate) timezone: String,
    /// What prices are in
    #[arg(long, default_value = "USD")]
    pub(crate) currency: String,
    /// The summary as one JSON object instead of words
    #[arg(long)]
    pub(crate) json: bool,
}
