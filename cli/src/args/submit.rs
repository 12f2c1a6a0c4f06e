//! Leads that are placed while somebody waits.

use super::Stream;
use std::path::PathBuf;

#[derive(clap::Args)]
pub(crate) struct Submit {
    /// The plan
    #[arg(long)]
    pub(crate) plan: PathBuf,
    /// The SQLite file to record in, made when it is not there; or postgres://…
    #[arg(long)]
    pub(crate) store: PathBuf,
    /// Only ask what would be paid: nothing is sold, and the answers have a `ping_id` for the lead to name
    #[arg(long)]
    pub(crate) ping: bool,
    /// How long an answer may take, like 800ms or 2s
    #[arg(long, default_value = "2s", value_name = "TIME")]
    pub(crate) within: String,
    /// A compiled suppression list for a name of the plan, NAME=FILE; those under `compiled` are opened beside the plan
    #[arg(long, value_name = "NAME=FILE")]
    pub(crate) list: Vec<String>,
    /// What may be reached beside the public internet, like 10.20.0.0/16 or http://crm.internal:8080; may be repeated
    #[arg(long, value_name = "NET")]
    pub(crate) allow: Vec<String>,
    /// A JSON object of the plan's secrets by name; without it, and beside it, LEADWRIGHT_SECRET_<NAME> of the environment
    #[arg(long, value_name = "FILE")]
    pub(crate) secrets: Option<PathBuf>,
    /// The time from which the clock goes on, RFC 3339; the clock's when absent
    #[arg(long)]
    pub(crate) now: Option<String>,
    /// Where chance comes from: 0 to 2^53 - 1
    #[arg(long, default_value_t = 0)]
    pub(crate) seed: u64,
    /// Whose leads
    #[arg(long, default_value = "main")]
    pub(crate) tenant: String,
    #[command(flatten)]
    pub(crate) stream: Stream,
}
