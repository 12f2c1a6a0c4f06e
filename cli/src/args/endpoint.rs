//! Where leads are delivered to.

use clap::Subcommand;
use std::path::PathBuf;

/// What can be asked about endpoints.
#[derive(Subcommand)]
pub(crate) enum Endpoint {
    /// The endpoints of a plan, and the contracts that they are for
    List {
        /// The plan
        #[arg(long, default_value = "plan.jsonc")]
        plan: PathBuf,
        /// One JSON object a line instead of words
        #[arg(long)]
        json: bool,
    },
    /// Write the request that a lead would make, and say what answers are taken for; nothing is sent
    Test(EndpointTest),
}

#[derive(clap::Args)]
pub(crate) struct EndpointTest {
    /// The endpoint
    pub(crate) name: String,
    /// The plan
    #[arg(long, default_value = "plan.jsonc")]
    pub(crate) plan: PathBuf,
    /// A file with one lead as a supplier sends it; it is shown as the buyer would get it
    #[arg(long)]
    pub(crate) lead: Option<PathBuf>,
    /// The contract; the first that the endpoint is for when absent
    #[arg(long)]
    pub(crate) contract: Option<String>,
    /// An answer: `STATUS BODY`, or a file that holds the same; as often as there are answers
    #[arg(long, value_name = "'STATUS BODY'|FILE")]
    pub(crate) answer: Vec<String>,
    /// The moment of the request, like 2026-11-24T15:30:00Z; now when absent
    #[arg(long)]
    pub(crate) at: Option<String>,
}
