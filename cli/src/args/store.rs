//! What can be done for a store.

use super::Whom;
use clap::Subcommand;
use std::path::PathBuf;

#[derive(Subcommand)]
pub(crate) enum StoreCommand {
    /// Look at everything: the file, every digest, and whether counters, sums, events and outbox are those of the decisions
    Verify {
        /// The SQLite file
        file: PathBuf,
        /// One JSON object instead of words
        #[arg(long)]
        json: bool,
    },
    /// Copy the file as it is at one moment, while others write
    Backup {
        /// The SQLite file
        file: PathBuf,
        /// Where to; no file is overwritten
        to: PathBuf,
    },
    /// Copy the file of the keys of a store whose leads are encrypted; keep the newest copy alone
    BackupKeys {
        /// The SQLite file of the store
        file: PathBuf,
        /// Where to; no file is overwritten
        to: PathBuf,
    },
    /// Lock the keys of all leads with the first key of the file that LEADWRIGHT_KEYS names
    Rekey {
        /// The SQLite file
        file: PathBuf,
    },
    /// Encrypt the leads that were written before there were keys, with those of the file that LEADWRIGHT_KEYS names, and take
    /// what lay in clear out of the file
    Seal {
        /// The SQLite file
        file: PathBuf,
    },
    /// Give room back: write the file anew without what nothing lies on, and empty its write-ahead log
    Vacuum {
        /// The SQLite file
        file: PathBuf,
    },
    /// What takes the room: bytes and rows of each table, bytes for each decision, free pages
    Size {
        /// The SQLite file
        file: PathBuf,
        /// One JSON object instead of words
        #[arg(long)]
        json: bool,
    },
    /// Say where the store stands: what is full, what waits, what takes the time, and when to leave SQLite; of PostgreSQL also
    /// what the server promises, partitions, replicas, connections and what autovacuum leaves
    Doctor(Doctor),
    /// Let go of what is old: leads of old decisions, and what nothing looks back to; shows it, and does it with --yes
    Prune(Prune),
    /// Erase the leads of a person who asked for it; digests still verify
    Forget(Forget),
    /// Look after the tables in PostgreSQL: make the partitions of the next days, and let go of what is older than --days
    Keep(Keep),
    /// Move a tenant, or all of a slot, from one PostgreSQL database to another, and say so in the map of the shards
    MoveShard(MoveShard),
    /// Print the SQL of the roles in PostgreSQL: who owns, who writes, who reads
    Roles,
}

#[derive(clap::Args)]
pub(crate) struct Doctor {
    /// The SQLite file or the URL of the database, which is only read
    pub(crate) file: PathBuf,
    /// The plan to look by, with its lists; the one that decided last when absent, of which the store has no lists
    #[arg(long, value_name = "FILE")]
    pub(crate) plan: Option<PathBuf>,
    /// Measure nothing: neither the disk nor how quickly the last leads are decided, in a store (in PostgreSQL, a schema) beside it
    /// that goes again
    #[arg(long)]
    pub(crate) no_probe: bool,
    #[command(flatten)]
    pub(crate) of: Of,
}

#[derive(clap::Args)]
pub(crate) struct Prune {
    /// The SQLite file
    pub(crate) file: PathBuf,
    /// How old a decision has to be: 90d, 52w
    #[arg(long, value_name = "SPAN")]
    pub(crate) older_than: String,
    /// Do it
    #[arg(long)]
    pub(crate) yes: bool,
    #[command(flatten)]
    pub(crate) of: Of,
}

#[derive(clap::Args)]
pub(crate) struct Keep {
    /// The URL of the database: postgres://leadwright_owner@host/database
    #[arg(long, value_name = "URL")]
    pub(crate) store: PathBuf,
    /// What is older than so many days goes; without it all is kept
    #[arg(long, value_name = "N")]
    pub(crate) days: Option<u32>,
    /// What a partition of decisions, events and attempts holds
    #[arg(long, value_name = "TIME", value_enum, default_value_t = Partition::Day)]
    pub(crate) partition: Partition,
    /// Only say what would be done
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// One JSON object instead of words
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(clap::Args)]
#[command(group(clap::ArgGroup::new("what").required(true).args(["name", "slot"])))]
pub(crate) struct MoveShard {
    /// The file of the map of the shards, which is written anew when all is there
    #[arg(long, value_name = "FILE")]
    pub(crate) map: PathBuf,
    /// The tenant; the vertical or the source, where leads are divided by that
    #[arg(long, value_name = "TENANT")]
    pub(crate) name: Option<String>,
    /// All tenants of one of the 256 slots that have no shard of their own by name
    #[arg(long, value_name = "N")]
    pub(crate) slot: Option<u8>,
    /// The shard to move them to
    #[arg(long, value_name = "SHARD")]
    pub(crate) to: String,
    /// Only say what would be done
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Move although others write; they are told store.moved, and go on with the new map
    #[arg(long)]
    pub(crate) while_others_write: bool,
    /// One JSON object instead of words
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Clone, Copy, clap::ValueEnum)]
pub(crate) enum Partition {
    Day,
    Month,
}

#[derive(clap::Args)]
pub(crate) struct Forget {
    /// The SQLite file
    pub(crate) file: PathBuf,
    #[command(flatten)]
    pub(crate) whom: Whom,
    /// Who says so
    #[arg(long, value_name = "NAME")]
    pub(crate) by: String,
    /// Why, without personal data
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: String,
    #[command(flatten)]
    pub(crate) of: Of,
}

/// Whose, and when.
#[derive(clap::Args)]
pub(crate) struct Of {
    /// Whose leads
    #[arg(long, default_value = "main")]
    pub(crate) tenant: String,
    /// The time, RFC 3339 with a zone; the clock's when absent
    #[arg(long, value_name = "TIME")]
    pub(crate) now: Option<String>,
    /// One JSON object instead of words
    #[arg(long)]
    pub(crate) json: bool,
}
