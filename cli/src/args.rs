//! What can be written after `leadwright`.

use clap::{Parser, Subcommand};
use leadwright::schema::Schema;
use std::path::PathBuf;

const EXIT_CODES: &str = "Exit codes: 0 done, 1 findings of `check` or problems with --strict, 2 the plan is refused or \
                          the command was not understood, 3 a replay differs, 4 the store, 5 an input or output could not \
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
    /// Change what holds beside the plan: pauses, caps, prices, funds, consents that people took back
    #[command(after_help = EXIT_CODES)]
    Operate(Operate),
    /// Say what operations have changed beside the plan, and what to fold back into it
    #[command(after_help = EXIT_CODES)]
    Drift {
        #[command(flatten)]
        on: On,
        /// One JSON object a line instead of words
        #[arg(long)]
        json: bool,
    },
    /// Say for every contract why it did or did not get a lead, what was near, and who came next
    #[command(after_help = EXIT_CODES)]
    Explain(Explain),
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
    /// What another plan would have made of past leads: sold, money, caps, changed leads; what is known, what is assumed
    #[command(after_help = EXIT_CODES)]
    WhatIf(WhatIf),
    /// Which single check, were it none, would have sold the most leads that nobody got
    #[command(after_help = EXIT_CODES)]
    Unlock(Looking),
    /// When caps fill, what they turn away after that, and what it costs
    #[command(after_help = EXIT_CODES)]
    Pressure(Looking),
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
    /// The SQLite file to record in; made when it is not there
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

/// Which plan, which store, and when.
#[derive(clap::Args)]
pub(crate) struct On {
    /// The plan
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) plan: Option<PathBuf>,
    /// The SQLite file
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) store: Option<PathBuf>,
    /// The time, RFC 3339 with a zone; the clock's when absent
    #[arg(long, global = true)]
    pub(crate) now: Option<String>,
    /// Whose leads
    #[arg(long, global = true, default_value = "main")]
    pub(crate) tenant: String,
}

#[derive(clap::Args)]
pub(crate) struct Operate {
    #[command(subcommand)]
    pub(crate) what: Operating,
    #[command(flatten)]
    pub(crate) on: On,
    /// Who says so
    #[arg(long, global = true, value_name = "NAME")]
    pub(crate) by: Option<String>,
    /// Why, without personal data
    #[arg(long, global = true, value_name = "TEXT")]
    pub(crate) reason: Option<String>,
    /// Until when it holds, RFC 3339 with a zone; for ever when absent
    #[arg(long, global = true, value_name = "TIME")]
    pub(crate) until: Option<String>,
    /// A key: the same key again does nothing twice
    #[arg(long, global = true)]
    pub(crate) key: Option<String>,
    /// What was written into the log as one JSON object, instead of words
    #[arg(long, global = true)]
    pub(crate) json: bool,
}

/// What operations can do.
#[derive(Subcommand)]
pub(crate) enum Operating {
    /// A contract buys nothing for now
    Pause {
        /// The contract
        contract: String,
    },
    /// It buys again
    Resume {
        /// The contract
        contract: String,
    },
    /// Another cap of a contract
    Cap {
        /// The contract
        contract: String,
        /// hour, day, week, month or total
        window: String,
        /// How many leads at most
        leads: u32,
    },
    /// Another price of a contract
    Price {
        /// The contract
        contract: String,
        /// exclusive or shared
        form: Form,
        /// The amount, as 45.00
        price: String,
    },
    /// The plan holds again
    Clear {
        /// The contract
        contract: String,
        /// Which: status, caps.day, price.exclusive …; all of them when there is none
        what: Vec<String>,
    },
    /// Money paid in for a buyer; less than zero takes out
    Funds {
        /// The buyer
        buyer: String,
        /// The amount, as 500.00
        #[arg(allow_hyphen_values = true)]
        add: String,
    },
    /// Somebody took their consent back: no lead of theirs is sold any more
    Revoke(Whom),
    /// They gave it anew
    Restore(Whom),
    /// Any operation as JSON, one a line on standard input
    Lines,
}

/// Alone or with others.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Form {
    /// To have a lead alone
    Exclusive,
    /// To share it
    Shared,
}

/// Whose consent it is; all that is named is meant.
#[derive(clap::Args)]
pub(crate) struct Whom {
    /// A phone
    #[arg(long)]
    pub(crate) phone: Option<String>,
    /// An email address
    #[arg(long)]
    pub(crate) email: Option<String>,
    /// A lead that was decided, SOURCE/LEAD
    #[arg(long)]
    pub(crate) lead: Option<String>,
}

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
    /// The file to read; `-` or nothing for standard input
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
}

impl Stream {
    pub(crate) fn is_csv(&self) -> bool {
        match self.format {
            Some(format) => format == Format::Csv,
            None => self.input.extension().is_some_and(|end| end.eq_ignore_ascii_case("csv")),
        }
    }
}
