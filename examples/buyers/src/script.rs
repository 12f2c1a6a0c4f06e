//! What each buyer does, as data.

use serde::Deserialize;
use std::collections::BTreeMap;

/// Who does what. The name of a buyer is the first part of the path that it answers at; `acme/ping` is for that path alone.
///
/// ```
/// use leadwright_buyers::Script;
/// let script: Script = r#"{ "buyers": { "acme": { "does": "accept" }, "acme/ping": { "does": "bid", "price": "12.50" } } }"#.parse()?;
/// assert_eq!(script.buyers.len(), 2);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Script {
    /// What is by chance is by this.
    #[serde(default)]
    pub seed: u64,
    /// By the first parts of their paths, the longest that fits.
    #[serde(default)]
    pub buyers: BTreeMap<String, Buyer>,
}

impl std::str::FromStr for Script {
    type Err = serde_json::Error;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        serde_json::from_str(text)
    }
}

/// A buyer at a path.
#[derive(Clone, Debug, Deserialize)]
pub struct Buyer {
    /// What it does.
    #[serde(flatten)]
    pub does: Does,
    /// How often of 100 requests; it accepts the others. Which ones follows from the seed, the buyer and the key.
    #[serde(default = "always")]
    pub percent: u8,
    /// Whether it does so at the first request of a lead only, and accepts after that.
    #[serde(default)]
    pub once: bool,
    /// Whether it takes a lead with the same `Idempotency-Key` only once.
    #[serde(default = "yes")]
    pub knows_keys: bool,
}

fn always() -> u8 {
    100
}

fn yes() -> bool {
    true
}

/// One behaviour.
#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "does", rename_all = "snake_case")]
pub enum Does {
    /// Takes the lead.
    Accept {
        /// What it pays, where it says so.
        #[serde(default)]
        price: Option<String>,
    },
    /// Does not want it.
    Reject {
        /// And says why.
        #[serde(default)]
        reason: Option<String>,
    },
    /// Never answers.
    Hang,
    /// Fails.
    Fail {
        /// With this status.
        #[serde(default = "broken")]
        status: u16,
        /// And says when to come again.
        #[serde(default)]
        retry_after: Option<u32>,
    },
    /// Takes so many, fails so many, and again.
    Flap {
        /// How many it takes.
        good: u64,
        /// How many it fails.
        bad: u64,
    },
    /// Waits, then does something else.
    Slow {
        /// For so long.
        ms: u64,
        /// And then this; it accepts where nothing is said.
        #[serde(default)]
        then: Option<Box<Does>>,
    },
    /// Takes the lead and says something else.
    Lie {
        /// What it does instead of saying so.
        #[serde(default)]
        says: Lie,
    },
    /// Says 202, and what became of it later.
    Later {
        /// After so long.
        ms: u64,
        /// A plain `http://` URL; the header `Callback-Url` of the request comes before it.
        #[serde(default)]
        callback: Option<String>,
        /// Whether it takes the lead.
        #[serde(default = "yes")]
        accepts: bool,
    },
    /// Bids: a price, one by chance, or whatever stands there.
    Bid {
        /// As it is: `"12,50"`, `"-1"`, `"NaN"` and `"99999999"` are bids, too.
        #[serde(default)]
        price: Option<String>,
        /// By chance from this many cents …
        #[serde(default)]
        from: u32,
        /// … to this many.
        #[serde(default)]
        to: u32,
        /// In this currency.
        #[serde(default = "dollars")]
        currency: String,
        /// After so long.
        #[serde(default)]
        ms: u64,
    },
    /// Does not bid.
    NoBid,
}

fn broken() -> u16 {
    500
}

fn dollars() -> String {
    "USD".into()
}

/// How it is said that a lead was not taken that was.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lie {
    /// The connection ends.
    #[default]
    Drop,
    /// 500.
    Error,
    /// Nothing, ever.
    Hang,
}
