//! What operations can say.

use clap::Subcommand;
use std::path::PathBuf;

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

/// Whoever changes what others rely on says who they are, and why.
#[derive(clap::Args)]
pub(crate) struct Said {
    /// Who says so
    #[arg(long, global = true, value_name = "NAME")]
    pub(crate) by: Option<String>,
    /// Why, without personal data
    #[arg(long, global = true, value_name = "TEXT")]
    pub(crate) reason: Option<String>,
}

#[derive(clap::Args)]
pub(crate) struct Operate {
    #[command(subcommand)]
    pub(crate) what: Operating,
    #[command(flatten)]
    pub(crate) on: On,
    #[command(flatten)]
    pub(crate) said: Said,
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
        #[command(flatten)]
        until: Until,
    },
    /// It buys again
    Resume {
        /// The contract
        contract: String,
        #[command(flatten)]
        until: Until,
    },
    /// Another cap of a contract
    Cap {
        /// The contract
        contract: String,
        /// hour, day, week, month or total
        window: String,
        /// How many leads at most
        leads: u32,
        #[command(flatten)]
        until: Until,
    },
    /// Another price of a contract
    Price {
        /// The contract
        contract: String,
        /// exclusive or shared
        form: Form,
        /// The amount, as 45.00
        price: String,
        #[command(flatten)]
        until: Until,
    },
    /// The plan holds again
    Clear {
        /// The contract
        contract: String,
        /// Which: status, caps.day, price.exclusive …; all of them when there is none
        what: Vec<String>,
    },
    /// Whether a buyer is called, and sold to
    Breaker {
        /// The buyer
        buyer: String,
        /// Where its breaker stands from now on
        to: BreakerTo,
    },
    /// Money paid in for a buyer; less than zero takes out
    Funds {
        /// The buyer
        buyer: String,
        /// The amount, as 500.00
        #[arg(allow_hyphen_values = true)]
        add: String,
    },
    /// A buyer gives a lead back, for the reason that --reason says
    Return {
        /// The decision that sold it, SOURCE/LEAD.N
        decision: String,
        /// The buyer
        buyer: String,
        /// Offer the lead on, to nobody who was offered it before
        #[arg(long)]
        resell: bool,
    },
    /// A buyer owes more, or a supplier is owed more; less than zero is less
    Adjust {
        /// buyer:ID or supplier:ID
        party: String,
        /// The amount, as 12.50
        #[arg(allow_hyphen_values = true)]
        add: String,
    },
    /// A buyer paid a bill, or a supplier was paid: so much less is owed
    Payment {
        /// buyer:ID or supplier:ID
        party: String,
        /// The amount, as 500.00
        #[arg(allow_hyphen_values = true)]
        amount: String,
    },
    /// Somebody took their consent back: no lead of theirs is sold any more
    Revoke(Whom),
    /// They gave it anew
    Restore(Whom),
    /// Any operation as JSON, one a line on standard input
    Lines,
}

/// Where a breaker can be put.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum BreakerTo {
    /// The buyer is not called until somebody says otherwise
    Open,
    /// As if it were new; it goes by itself from there
    Closed,
    /// It is called whatever happens, and nothing is counted
    Disabled,
    /// It is called whatever happens, and calls are counted
    MetricsOnly,
}

/// How long it holds.
#[derive(clap::Args)]
pub(crate) struct Until {
    /// Until when it holds, RFC 3339 with a zone; for ever when absent
    #[arg(long = "until", value_name = "TIME")]
    pub(crate) time: Option<String>,
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
