//! What can be written after `leadwright`.

mod books;
mod deliver;
mod endpoint;
mod errors;
mod events;
mod export;
mod import;
mod learn;
mod list;
mod operate;
mod parity;
mod plan;
mod queue;
#[cfg(feature = "relay")]
mod relay;
mod report;
mod store;
mod submit;
mod what_if;

use crate::packed::is_named;
pub(crate) use books::{StatementForm, Statements, Stating};
use clap::{Parser, Subcommand};
pub(crate) use deliver::{Breakers, Dead, DeadLetters, Deliver, Outbox, Redriving};
pub(crate) use endpoint::{Endpoint, EndpointTest};
pub(crate) use errors::{Erring, Errors};
pub(crate) use events::{Events, Log, OfSubscribers};
pub(crate) use export::{Export, Table};
pub(crate) use import::Import;
use leadwright::schema::Schema;
pub(crate) use learn::Learn;
pub(crate) use list::{List, ListBuild};
pub(crate) use operate::{BreakerTo, Form, On, Operate, Operating, Said, Until, Whom};
pub(crate) use parity::{ExportTest, GateArgs, OfLedger, Parity, ParityForm, Reconcile, RecordPairs, Replay};
pub(crate) use plan::{Check, Init, Lint, PlanCommand};
pub(crate) use queue::{Queue, Queueing};
#[cfg(feature = "relay")]
pub(crate) use relay::Relay;
pub(crate) use report::{Report, ReportForm};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
pub(crate) use store::{Doctor, Forget, Keep, MoveShard, Of, Partition, Prune, StoreCommand};
pub(crate) use submit::Submit;
pub(crate) use what_if::{Looking, Past, WhatIf};

const EXIT_CODES: &str = "Exit codes: 0 done, 1 findings of `check`, `lint` or `store verify`, or problems with --strict, 2 the plan is refused or \
                          the command was not understood, 3 a replay or what was written down differs, or a gate is not \
                          ready, 4 a store or ledger, 5 an input or output could not \
                          be read or written, 70 a mistake of ours, 130 interrupted.";

#[derive(Parser)]
#[command(name = "leadwright", version, about = "Cleans leads, decides who gets them, and says why", after_help = EXIT_CODES)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Make a plan that runs: answer a few questions, or give the answers as options
    #[command(after_help = EXIT_CODES)]
    Init(Init),
    /// Report every mistake of a plan and its buyer files, with line and column, and run its tests
    #[command(after_help = EXIT_CODES)]
    Check(Check),
    /// Say what a plan hardly means: contracts that never buy, gaps, limits that never count; with leads that show it
    #[command(after_help = EXIT_CODES)]
    Lint(Lint),
    /// Lay plan files out in the one way; comments stay, and nothing that a file says changes
    #[command(after_help = EXIT_CODES)]
    Fmt {
        /// Plan files, or folders whose .jsonc files are laid out, also those in folders below
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// Write nothing; exit with 1 when a file would change
        #[arg(long)]
        check: bool,
    },
    /// What changes between plans
    #[command(subcommand, after_help = EXIT_CODES)]
    Plan(PlanCommand),
    /// Decide leads by a plan and record them: raw leads in, one decision a line out
    #[command(after_help = EXIT_CODES)]
    Decide(Decide),
    /// Leads of the past, of another system, into the history of a store: checked, at once, and to be gone on with
    #[command(after_help = EXIT_CODES)]
    Import(Import),
    /// Rows for a warehouse: what was decided, sold, wrong or happened since a cursor
    #[command(after_help = EXIT_CODES)]
    Export(Export),
    /// Change what holds beside the plan: pauses, caps, prices, money, returns, consents that people took back
    #[command(after_help = EXIT_CODES)]
    Operate(Operate),
    /// Place leads while their supplier waits: buyers are asked for bids and posted to; one answer a line out
    #[command(after_help = EXIT_CODES)]
    Submit(Submit),
    /// Leads that wait: list them, decide those whose time has come, release, mend or drop one
    Queue(Queue),
    /// Send what was sold to its buyers, as the plan says, and go on until it is stopped
    #[command(after_help = EXIT_CODES)]
    Deliver(Deliver),
    /// Say how much is still to be delivered, to whom, and for how long it has been
    #[command(after_help = EXIT_CODES)]
    Outbox(Outbox),
    /// Say which buyers are called, which are not because they do not answer, and when that is tried again
    #[command(after_help = EXIT_CODES)]
    Breakers(Breakers),
    /// Deliveries that were given up: list them, look at one, let them be tried again
    #[command(after_help = EXIT_CODES)]
    Dead(Dead),
    /// Where leads are delivered to: list it, see the request that a lead makes, and what answers are taken for
    #[command(subcommand, after_help = EXIT_CODES)]
    Endpoint(Endpoint),
    /// Say what operations have changed beside the plan, and what to fold back into it
    #[command(after_help = EXIT_CODES)]
    Drift {
        #[command(flatten)]
        on: On,
        /// One JSON object a line instead of words
        #[arg(long)]
        json: bool,
    },
    /// Print what happened, one CloudEvent a line: decisions, sales, full caps, operations, plans
    #[command(after_help = EXIT_CODES)]
    Events(Events),
    /// Publish the events to a broker, NATS JetStream or Redis Streams, as they come
    #[cfg(feature = "relay")]
    #[command(after_help = EXIT_CODES)]
    Relay(Relay),
    /// Say for every contract why it did or did not get a lead, what was near, and who came next
    #[command(after_help = EXIT_CODES)]
    Explain(Explain),
    /// The problems that leads had, each once: how often, since when, what is known; decide leads again after a mend
    #[command(after_help = EXIT_CODES)]
    Errors(Errors),
    /// Leads, sales and money by day, hour, source, contract and outcome
    #[command(after_help = EXIT_CODES)]
    Report(Report),
    /// Statements of buyers and suppliers: what is open, line by line; list, show and close them
    #[command(after_help = EXIT_CODES)]
    Statements(Statements),
    /// What every account of the money ledger stands at
    #[command(after_help = EXIT_CODES)]
    Ledger {
        #[command(flatten)]
        on: On,
        /// One JSON object instead of a table
        #[arg(long)]
        json: bool,
    },
    /// Decide again what a store holds, and compare byte for byte
    #[command(after_help = EXIT_CODES)]
    Replay {
        /// The SQLite file
        #[arg(long)]
        store: PathBuf,
        /// One decision, SOURCE/LEAD.N; all of them by default
        id: Option<String>,
        /// Whose leads
        #[arg(long, default_value = "main")]
        tenant: String,
        /// The counts as one JSON object
        #[arg(long)]
        json: bool,
    },
    /// Look after a store: check it, copy it, make it smaller, forget somebody
    #[command(subcommand, after_help = EXIT_CODES)]
    Store(StoreCommand),
    /// What another plan would have made of past leads: sold, money, caps, changed leads; what is known, what is assumed
    #[command(after_help = EXIT_CODES)]
    WhatIf(WhatIf),
    /// Which single check, were it none, would have sold the most leads that nobody got
    #[command(after_help = EXIT_CODES)]
    Unlock(Looking),
    /// When caps fill, what they turn away after that, and what it costs
    #[command(after_help = EXIT_CODES)]
    Pressure(Looking),
    /// A migration from another system: ready or not, what differs and what it costs, replay, tests, what was written down
    #[command(subcommand, after_help = EXIT_CODES)]
    Parity(Parity),
    /// Write a plan from what an older app did: criteria, order, turns and caps from pairs of a lead and what became of it
    #[command(after_help = EXIT_CODES)]
    Learn(Learn),
    /// Clean a file of leads: every field repaired or refused with a reason, one answer a line out
    #[command(after_help = EXIT_CODES)]
    Validate(Validate),
    /// Look at a file of leads: what its columns hold, which schema fits, what would be repaired or refused
    #[command(after_help = EXIT_CODES)]
    Profile(Profile),
    /// Addresses: JSON Lines {"id","raw"} in, components, standard lines and a key out
    #[command(after_help = EXIT_CODES)]
    Address(Address),
    /// Suppression lists: build a compiled file, check one, look values up
    #[command(subcommand, after_help = EXIT_CODES)]
    List(List),
    /// Field values: JSON Lines {"id","field_type","raw","opts"?} in, canonical values and problems out
    #[command(after_help = EXIT_CODES)]
    Field(Stream),
}

#[derive(clap::Args)]
pub(crate) struct Explain {
    /// A decision in the store, SOURCE/LEAD.N, or a lead: then its latest decision
    #[arg(required_unless_present = "lead", conflicts_with = "lead")]
    pub(crate) id: Option<String>,
    /// The SQLite file that the decision is in
    #[arg(long, required_unless_present = "lead", conflicts_with = "lead")]
    pub(crate) store: Option<PathBuf>,
    /// Without a store: the file of a lead, JSON, that is decided as if nothing had been decided before; `-` for standard input
    #[arg(long, requires = "plan")]
    pub(crate) lead: Option<PathBuf>,
    /// With --lead: the plan that it is decided by
    #[arg(long, requires = "lead")]
    pub(crate) plan: Option<PathBuf>,
    /// With --lead: which line of a file of JSON Lines, from 1
    #[arg(long, value_name = "N", requires = "lead")]
    pub(crate) line: Option<usize>,
    /// With --lead: the time of the decision, RFC 3339; now when absent
    #[arg(long, value_name = "TIME", requires = "lead")]
    pub(crate) at: Option<String>,
    /// With --lead: the file of a list that the plan keeps outside, NAME=FILE; may be repeated
    #[arg(long, value_name = "NAME=FILE", requires = "lead")]
    pub(crate) list: Vec<String>,
    /// Only this contract, in full: every condition, its hours, caps and prices
    #[arg(long, value_name = "ID")]
    pub(crate) contract: Option<String>,
    /// Every failing check of each contract, and not only the first
    #[arg(long)]
    pub(crate) all: bool,
    /// Whose leads the store has
    #[arg(long, default_value = "main")]
    pub(crate) tenant: String,
    /// The explanation as one JSON object
    #[arg(long)]
    pub(crate) json: bool,
    /// Write the explanation also as a page that needs nothing else
    #[arg(long, value_name = "FILE")]
    pub(crate) html: Option<PathBuf>,
}

/// The letters of standard lines.
#[derive(Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Casing {
    /// `12 N ELM ST APT 4B`
    #[default]
    Upper,
    /// `12 N Elm St Apt 4B`
    Title,
}

#[derive(clap::Args)]
pub(crate) struct Address {
    #[command(flatten)]
    pub(crate) stream: Stream,
    /// Add what each word was taken for
    #[arg(long)]
    pub(crate) explain: bool,
    /// The letters of the lines: capitals, as the Postal Service prefers them, or `title` for people
    #[arg(long, value_enum, default_value_t)]
    pub(crate) casing: Casing,
    /// Say on standard error what is wrong and what was changed, how often, and with which shapes
    #[arg(long)]
    pub(crate) summary: bool,
    /// That summary as one JSON object instead of words
    #[arg(long)]
    pub(crate) json: bool,
    /// Threads; the machine's when absent
    #[arg(long)]
    pub(crate) threads: Option<usize>,
}

#[derive(clap::Args)]
pub(crate) struct Decide {
    /// The plan
    #[arg(long)]
    pub(crate) plan: PathBuf,
    /// The SQLite file to record in, made when it is not there; or postgres://…
    #[arg(long)]
    pub(crate) store: PathBuf,
    /// A compiled suppression list for a name of the plan, NAME=FILE; those under `compiled` are opened beside the plan
    #[arg(long, value_name = "NAME=FILE")]
    pub(crate) list: Vec<String>,
    /// The time of the decisions, RFC 3339 with a zone; the clock's when absent, taken once
    #[arg(long)]
    pub(crate) now: Option<String>,
    /// Where chance comes from: 0 to 2^53 - 1
    #[arg(long, default_value_t = 0)]
    pub(crate) seed: u64,
    /// Whose leads
    #[arg(long, default_value = "main")]
    pub(crate) tenant: String,
    /// Threads that validate and match; the machine's when absent
    #[arg(long)]
    pub(crate) threads: Option<usize>,
    /// Answer before the disk has it: a power cut may lose the last answers
    #[arg(long)]
    pub(crate) relaxed: bool,
    #[command(flatten)]
    pub(crate) stream: Stream,
}

/// The names that `--schema` takes.
fn of_catalogue(what: &str) -> String {
    format!("{what}: a schema of the catalogue ({})", Schema::catalogue().collect::<Vec<_>>().join(", "))
}

#[derive(clap::Args)]
pub(crate) struct Validate {
    #[arg(long, required_unless_present = "plan", help = of_catalogue("The fields to expect"))]
    pub(crate) schema: Option<String>,
    /// A plan instead: each lead by its vertical, as `decide` would validate it
    #[arg(long, conflicts_with = "schema")]
    pub(crate) plan: Option<PathBuf>,
    /// The good leads, cleaned, under the names of the schema: CSV or JSON Lines by the extension
    #[arg(long, value_name = "FILE")]
    pub(crate) clean: Option<PathBuf>,
    /// What answers and the cleaned file show of values: raw, redacted, or hashed with the key of `--hash-key`
    #[arg(long, value_name = "HOW", default_value = "raw")]
    pub(crate) redact: String,
    /// A file with the key of `--redact hashed`, 16 bytes or more; a line end at its end is no part of it
    #[arg(long, value_name = "FILE")]
    pub(crate) hash_key: Option<PathBuf>,
    /// The day on which the leads are judged, YYYY-MM-DD; today (UTC) when absent
    #[arg(long, value_name = "DATE")]
    pub(crate) as_of: Option<String>,
    /// The summary as one JSON object on standard error instead of words
    #[arg(long)]
    pub(crate) json: bool,
    /// Threads; the machine's when absent
    #[arg(long)]
    pub(crate) threads: Option<usize>,
    #[command(flatten)]
    pub(crate) stream: Stream,
}

#[derive(clap::Args)]
pub(crate) struct Profile {
    #[arg(long, help = of_catalogue("The schema to hold the columns against, by default the one that knows most of them"))]
    pub(crate) schema: Option<String>,
    /// The day on which dates are judged, YYYY-MM-DD; today (UTC) when absent
    #[arg(long, value_name = "DATE")]
    pub(crate) as_of: Option<String>,
    /// So many leads are looked at, from the start of the file
    #[arg(long, default_value_t = 20_000)]
    pub(crate) rows: usize,
    /// One JSON object instead of words
    #[arg(long)]
    pub(crate) json: bool,
    /// Threads; the machine's when absent
    #[arg(long)]
    pub(crate) threads: Option<usize>,
    #[command(flatten)]
    pub(crate) stream: Stream,
}

/// What the commands share that answer line by line.
#[derive(clap::Args)]
pub(crate) struct Stream {
    /// The file to read, packed by gzip or not; `-` or nothing for standard input
    #[arg(default_value = "-")]
    pub(crate) input: PathBuf,
    /// The file to write; `-` for standard output
    #[arg(short, long, default_value = "-")]
    pub(crate) output: PathBuf,
    /// What the input is; by its extension when absent, else JSON Lines
    #[arg(long, value_enum)]
    pub(crate) format: Option<Format>,
    /// Exit with 1 when a line has a problem of severity error
    #[arg(long)]
    pub(crate) strict: bool,
}

/// How an input is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Format {
    /// One JSON object a line.
    Jsonl,
    /// Rows with a header; the columns are the fields.
    Csv,
    /// Groups of rows; the columns are the fields.
    #[cfg(feature = "parquet")]
    Parquet,
}

impl Stream {
    /// The extension, of `leads.csv.gz` the one before the last.
    fn extension(&self) -> Option<&OsStr> {
        match is_named(&self.input) {
            true => Path::new(self.input.file_stem()?).extension(),
            false => self.input.extension(),
        }
    }

    pub(crate) fn is_csv(&self) -> bool {
        self.is(Format::Csv, "csv")
    }

    /// Whether a record is a line.
    pub(crate) fn is_lines(&self) -> bool {
        !self.is_csv() && !self.is_parquet()
    }

    #[cfg(feature = "parquet")]
    pub(crate) fn is_parquet(&self) -> bool {
        self.is(Format::Parquet, "parquet")
    }

    /// Whether it is what this command was not built for.
    #[cfg(not(feature = "parquet"))]
    pub(crate) fn is_parquet(&self) -> bool {
        self.format.is_none() && self.is_called("parquet")
    }

    fn is(&self, format: Format, end: &str) -> bool {
        self.format.map_or_else(|| self.is_called(end), |told| told == format)
    }

    fn is_called(&self, wanted: &str) -> bool {
        self.extension().is_some_and(|end| end.eq_ignore_ascii_case(wanted))
    }
}
