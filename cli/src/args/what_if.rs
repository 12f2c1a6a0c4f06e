//! Questions about leads of the past.

use super::Format;
use std::path::PathBuf;

#[derive(clap::Args)]
pub(crate) struct WhatIf {
    /// The plan before
    pub(crate) old: PathBuf,
    /// The plan after
    pub(crate) new: PathBuf,
    /// A file for every lead of which something else becomes, a line of JSON each, with the reasons of both plans
    #[arg(long, value_name = "FILE")]
    pub(crate) changes: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) past: Past,
}

#[derive(clap::Args)]
pub(crate) struct Looking {
    /// The plan
    pub(crate) plan: PathBuf,
    #[command(flatten)]
    pub(crate) past: Past,
}

/// Leads of the past, and how to tell what came of them.
#[derive(clap::Args)]
pub(crate) struct Past {
    /// The leads, JSON Lines or CSV in the order they came; `-` or nothing for standard input
    #[arg(default_value = "-")]
    pub(crate) leads: PathBuf,
    /// The leads of a decision store instead, at the times they were decided
    #[arg(long, value_name = "FILE", conflicts_with = "leads")]
    pub(crate) store: Option<PathBuf>,
    /// With --store: the leads of the past that were imported into it instead of those that it decided, in the order they
    /// were imported
    #[arg(long, requires = "store")]
    pub(crate) history: bool,
    /// Whose leads
    #[arg(long, default_value = "main")]
    pub(crate) tenant: String,
    /// The time of leads that do not say when they were received, RFC 3339 with a zone, and the latest time of any lead;
    /// the clock's when absent, taken once
    #[arg(long)]
    pub(crate) now: Option<String>,
    /// Where chance comes from: 0 to 2^53 - 1
    #[arg(long, default_value_t = 0)]
    pub(crate) seed: u64,
    /// A compiled suppression list for a name of the plan, NAME=FILE; those under `compiled` are opened beside the plan
    #[arg(long, value_name = "NAME=FILE")]
    pub(crate) list: Vec<String>,
    /// What the leads are written in; by the extension when absent, else JSON Lines
    #[arg(long, value_enum)]
    pub(crate) format: Option<Format>,
    /// Threads; the machine's when absent
    #[arg(long)]
    pub(crate) threads: Option<usize>,
    /// Everything as one JSON object instead of words
    #[arg(long)]
    pub(crate) json: bool,
    /// Also a page to look at, without anything from elsewhere in it
    #[arg(long, value_name = "FILE")]
    pub(crate) html: Option<PathBuf>,
}
