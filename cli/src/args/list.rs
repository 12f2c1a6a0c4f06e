//! Suppression lists.

use clap::Subcommand;
use std::path::PathBuf;

/// What can be done with a suppression list.
#[derive(Subcommand)]
pub(crate) enum List {
    /// Write a compiled list from a text file with one entry a line, or a column of a CSV file
    Build(ListBuild),
    /// Say what a compiled list is, after reading all of it
    Check {
        /// The compiled list
        list: PathBuf,
        /// One JSON object on standard output instead of words
        #[arg(long)]
        json: bool,
    },
    /// Look values up, one a line; answers one JSON object a line, which names the line and not the value
    Lookup {
        /// The compiled list
        list: PathBuf,
        /// The file with the values; `-` or nothing for standard input
        #[arg(default_value = "-")]
        input: PathBuf,
    },
}

#[derive(clap::Args)]
pub(crate) struct ListBuild {
    /// The file to read; `-` for standard input
    pub(crate) input: PathBuf,
    /// The compiled list to write; it replaces another one when it is complete
    #[arg(short, long)]
    pub(crate) output: PathBuf,
    /// The name of the list
    #[arg(long)]
    pub(crate) id: String,
    /// What the entries are: phone, email or other
    #[arg(long)]
    pub(crate) of: String,
    /// How the entries are hashed, if they are: md5, sha1 or sha256
    #[arg(long)]
    pub(crate) hash: Option<String>,
    /// What was hashed: e164, digits or national of phones, lower or gmail of emails; every one of them when absent
    #[arg(long, requires = "hash")]
    pub(crate) form: Option<String>,
    /// The column of a CSV file that holds the entries
    #[arg(long)]
    pub(crate) column: Option<String>,
    /// A label for this state of the list; its checksum when absent
    #[arg(long)]
    pub(crate) label: Option<String>,
    /// When the list was made, RFC 3339 with a zone; now when absent
    #[arg(long, value_name = "TIME")]
    pub(crate) made_at: Option<String>,
    /// How many entries are sorted in memory at once; the rest waits on disk
    #[arg(long, default_value_t = 1 << 20)]
    pub(crate) chunk: usize,
    /// Exit with 1 when a line was refused
    #[arg(long)]
    pub(crate) strict: bool,
}
