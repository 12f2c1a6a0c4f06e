//! The decision: the complete answer about one lead, with its trace.

use super::code::Code;
use super::ids::{BuyerId, ContractId, DecisionId, LeadId, SourceId, TenantId};
use super::money::{Currency, Money};
use super::problem::{Correction, Problem};
use super::quality::Quality;
use super::standing::Standings;
use super::time::{Seed, Timestamp};
use super::value::Value;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What became of a lead in one decision; closed and never changed afterwards.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Outcome {
    /// The lead itself is no good: a required field is missing or wrong.
    Rejected,
    /// The same person was here within the window.
    Duplicate,
    /// The person is on a list of those who must not be sold, or such a list could not be asked.
    Suppressed,
    /// One or more contracts got it.
    Assigned,
    /// No contract's criteria were met.
    Unmatched,
    /// Some contracts' criteria were met, but none could take it.
    Unsold,
    /// It waits for a later try.
    Queued,
    /// A test lead: decided in full, nothing counted.
    Test,
}

impl Outcome {
    /// All outcomes.
    pub const ALL: [Outcome; 8] = [
        Outcome::Rejected,
        Outcome::Duplicate,
        Outcome::Suppressed,
        Outcome::Assigned,
        Outcome::Unmatched,
        Outcome::Unsold,
        Outcome::Queued,
        Outcome::Test,
    ];

    /// The word on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Outcome::Rejected => "rejected",
            Outcome::Duplicate => "duplicate",
            Outcome::Suppressed => "suppressed",
            Outcome::Assigned => "assigned",
            Outcome::Unmatched => "unmatched",
            Outcome::Unsold => "unsold",
            Outcome::Queued => "queued",
            Outcome::Test => "test",
        }
    }
}

/// One buyer alone, or several.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Sale {
    /// One buyer only.
    Exclusive,
    /// Several buyers.
    Shared,
}

impl Sale {
    /// The word on the wire.
    ///
    /// ```
    /// assert_eq!(leadwright::model::Sale::Shared.as_str(), "shared");
    /// ```
    pub fn as_str(self) -> &'static str {
        match self {
            Sale::Exclusive => "exclusive",
            Sale::Shared => "shared",
        }
    }
}

/// Where an assignment stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum AssignmentState {
    /// Cap and funds are held.
    Reserved,
    /// It is being sent.
    Posting,
    /// The buyer has it; a contract that the host delivers is here at once.
    Accepted,
    /// The buyer refused it.
    Rejected,
    /// The buyer did not answer.
    NoAnswer,
    /// The hold ran out.
    Expired,
    /// It came back.
    Returned,
    /// Its price was changed later.
    Adjusted,
}

/// This lead to this contract at this price.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Assignment {
    /// Who gets it.
    pub buyer: BuyerId,
    /// Under which contract.
    pub contract: ContractId,
    /// Through which group, `route/group`.
    pub group: String,
    /// Alone or with others.
    pub sale: Sale,
    /// What the buyer pays.
    pub price: Money,
    /// Where it stands.
    pub state: AssignmentState,
    /// The delivery key, the same for every attempt: 64 hex digits.
    #[cfg_attr(feature = "schema", schemars(extend("pattern" = "^[0-9a-f]{64}$")))]
    pub key: String,
}

/// The money of a decision; margin = revenue − payout.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DecisionMoney {
    /// The plan's currency.
    pub currency: Currency,
    /// What buyers pay.
    pub revenue: Money,
    /// What the source gets.
    pub payout: Money,
    /// What stays.
    pub margin: Money,
}

/// How many contracts were left after each step.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Funnel {
    /// Contracts of the route.
    pub considered: u32,
    /// … whose criteria are met.
    pub matched: u32,
    /// … that are open and may take this lead (hours, sale, duplicates).
    pub open: u32,
    /// … with cap, funds and margin for it.
    pub eligible: u32,
    /// … that got it.
    pub sold: u32,
}

/// Why one contract did or did not get the lead.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TraceEntry {
    /// The contract.
    pub contract: ContractId,
    /// Its group, `route/group`.
    pub group: String,
    /// Why; `contract.sold` for one that got it.
    #[cfg_attr(feature = "schema", schemars(with = "super::schema_of::ReasonCode"))]
    pub code: Code,
    /// Which check decided: `where.homeowner`, `caps.contract.day`, …
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub check: Option<String>,
    /// What was found; for a field of the lead its shape only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub found: Option<String>,
    /// What was wanted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wanted: Option<String>,
}

/// What a group did with the lead.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TraceGroup {
    /// `route/group`.
    pub group: String,
    /// The selection method.
    pub select: String,
    /// How many of its contracts could take the lead.
    pub eligible: u32,
    /// Who got it, in order.
    pub took: Vec<ContractId>,
    /// `greedy` when there were too many ways to sell it to look at all of them (rule 35).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub search: Option<String>,
    /// By revenue: the most for having it alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exclusive: Option<Money>,
    /// By revenue: the most for sharing it, all together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shared: Option<Money>,
    /// What was heard of its contracts that were asked for bids.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub auction: Vec<TraceBid>,
}

/// What was heard of a contract that was asked for a bid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TraceBid {
    /// The contract.
    pub contract: ContractId,
    /// To have the lead alone, or to share it.
    pub sale: Sale,
    /// `bid`, `no_bid`, `late`, `timeout`, `error`, `not_sent`, `expired`, or `bad_bid.` and why.
    pub is: String,
    /// The price; of what is no bid what it said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<Money>,
    /// Until when a bid holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    /// What the buyer calls it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// How long it took, in milliseconds.
    pub took_ms: i64,
}

/// Why the decision came out as it did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Trace {
    /// How many contracts were left after each step.
    pub funnel: Funnel,
    /// Contracts whose criteria were met; `explain` adds all the others.
    pub entries: Vec<TraceEntry>,
    /// The groups that were asked, in order.
    pub groups: Vec<TraceGroup>,
}

/// Why a list gave no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum ListUnavailable {
    /// The engine was not given it.
    Missing,
    /// It has no entries, and the plan does not say that this is right.
    Empty,
    /// It is older than the plan allows.
    Stale,
    /// It holds something else than the plan says.
    Unfit,
    /// Reading it failed.
    Failed,
}

/// What a list said about the lead (rule 75).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ListRead {
    /// Which state of the list was asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// How many entries it had, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<u64>,
    /// Whether the lead is on it; none when it gave no answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hit: Option<bool>,
    /// Why it gave no answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<ListUnavailable>,
}

/// What happens next to a lead that nobody took, or that waits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Next {
    /// `retry`: it is decided again by itself. `hold`: somebody has to release it. `store`: it is kept, and that is all.
    #[cfg_attr(feature = "schema", schemars(extend("enum" = ["hold", "retry", "store"])))]
    pub action: String,
    /// When it is decided again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Timestamp>,
    /// Until when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
}

/// Which engine decided: the same bytes need the same engine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct EngineVersion {
    /// The version of the library.
    pub version: String,
    /// The version of its embedded data (ZIP codes, zones, phone metadata).
    pub data: String,
}

impl EngineVersion {
    /// The engine this library is.
    ///
    /// ```
    /// assert!(!leadwright::model::EngineVersion::current().version.is_empty());
    /// ```
    pub fn current() -> Self {
        Self { version: env!("CARGO_PKG_VERSION").into(), data: "2026.11".into() }
    }
}

/// The complete answer about one lead. Members are written in this order.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Decision {
    /// Version of this format.
    #[cfg_attr(feature = "schema", schemars(extend("const" = 1)))]
    pub v: u32,
    /// `<source>/<lead>.<n>`.
    pub id: DecisionId,
    /// The lead.
    pub lead: LeadId,
    /// The channel it came through.
    pub source: SourceId,
    /// Whose it is.
    pub tenant: TenantId,
    /// The plan's hash, `sha256:` and 64 hex digits.
    #[cfg_attr(feature = "schema", schemars(extend("pattern" = "^sha256:[0-9a-f]{64}$")))]
    pub plan: String,
    /// Which engine decided.
    pub engine: EngineVersion,
    /// When: the effective time of the decision.
    pub at: Timestamp,
    /// The seed.
    pub seed: Seed,
    /// What became of the lead.
    pub outcome: Outcome,
    /// Whether another system decided, and this is what it did; absent where we decided.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub observed: bool,
    /// The decision that this one follows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent: Option<DecisionId>,
    /// The canonical lead. Personal data.
    pub canonical: BTreeMap<String, Value>,
    /// What was wrong with the lead.
    pub problems: Vec<Problem>,
    /// What was changed. Personal data.
    pub corrections: Vec<Correction>,
    /// How good the lead looks; absent where nothing speaks against it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quality: Option<Quality>,
    /// Who got it.
    pub assignments: Vec<Assignment>,
    /// The money.
    pub money: DecisionMoney,
    /// What the lists of the plan said, by name; those that could hold no value of the lead are left out.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub lists: BTreeMap<String, ListRead>,
    /// What operations had changed about contracts whose criteria were met, by contract and by what they set.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    #[cfg_attr(feature = "schema", schemars(with = "BTreeMap<String, Standings>"))]
    pub overrides: BTreeMap<ContractId, Standings>,
    /// Why.
    pub trace: Trace,
    /// What happens next, when nobody took it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<Next>,
    /// SHA-256 over the members; 64 hex digits.
    #[cfg_attr(feature = "schema", schemars(extend("pattern" = "^[0-9a-f]{64}$")))]
    pub digest: String,
}

impl std::fmt::Debug for Decision {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Decision({} {} {})", self.id, self.outcome.as_str(), self.digest)
    }
}

/// How safe an acknowledged decision is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Durability {
    /// On disk before the answer.
    Full,
    /// Committed, but a power cut may lose it.
    Relaxed,
    /// Held in memory only.
    Memory,
    /// Not recorded: a dry run.
    None,
}

/// What the store says about a decision; not part of its bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Receipt {
    /// Position in the store's log; 0 when not recorded.
    pub seq: u64,
    /// How safe it is.
    pub durability: Durability,
    /// The lead had been decided before: these are the bytes of then.
    pub replayed: bool,
}
