//! What an explanation says.

use crate::lists::SuppressionList;
use crate::model::{BuyerId, Code, ContractId, Decision, Money, Sale, Timestamp, TraceEntry};
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::Arc;

/// How much is explained.
#[derive(Clone, Default)]
pub struct ExplainOptions {
    /// Every failing check of each contract, and not only the first one. The decision stays the same.
    pub all: bool,
    /// Only this contract, and that one in full.
    pub contract: Option<String>,
    /// For a lead that is explained without a store: the lists that its plan keeps outside, by name. One that is not
    /// given counts as missing.
    pub lists: BTreeMap<String, Arc<dyn SuppressionList>>,
}

impl std::fmt::Debug for ExplainOptions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ExplainOptions(all: {}, contract: {:?}, {} lists)", self.all, self.contract, self.lists.len())
    }
}

/// A decision with an entry for every contract of its route, and what was near.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Explanation {
    /// Version of this format: 1.
    #[cfg_attr(feature = "schema", schemars(extend("const" = 1)))]
    pub v: u32,
    /// On which state it was decided.
    pub state: ExplainedState,
    /// The decision, as it was answered.
    pub decision: Decision,
    /// Every contract of the route, in the order they were asked.
    pub entries: Vec<Explained>,
    /// Contracts of which a criterion or two were not met, the nearest first.
    pub near: Vec<NearMiss>,
    /// Each sale, with who would have had the lead otherwise.
    pub sales: Vec<ExplainedSale>,
    /// Limits without which a contract would have had the lead.
    pub decisive: Vec<Decisive>,
    /// Sales that were given back later.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub returned: Vec<ExplainedReturn>,
}

/// On which state a lead was decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum ExplainedState {
    /// On that of then: the decision was recorded.
    Recorded,
    /// On that of the store as it is now; nothing was recorded.
    Current,
    /// On none: no cap is used, nobody was here before; nothing was recorded.
    Empty,
}

impl ExplainedState {
    /// The word on the wire.
    ///
    /// ```
    /// assert_eq!(leadwright::engine::ExplainedState::Empty.as_str(), "empty");
    /// ```
    pub fn as_str(self) -> &'static str {
        match self {
            ExplainedState::Recorded => "recorded",
            ExplainedState::Current => "current",
            ExplainedState::Empty => "empty",
        }
    }
}

/// What an entry says, with the words for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Explained {
    /// The entry.
    #[serde(flatten)]
    pub entry: TraceEntry,
    /// The criteria of the contract in words; none for one that buys every lead.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub criteria: Option<String>,
    /// Everything that was in its way, where all of it was asked for; the first is what the entry says.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub failing: Vec<FailingCheck>,
    /// The contract with all that was looked at, where it was asked for by name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub full: Option<InFull>,
}

/// A check that a contract does not pass.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FailingCheck {
    /// What it means for the contract.
    #[cfg_attr(feature = "schema", schemars(with = "crate::model::schema_of::ReasonCode"))]
    pub code: Code,
    /// Which check: `where.homeowner`, `hours`, `caps.contract.day`, …
    #[serde(skip_serializing_if = "Option::is_none")]
    pub check: Option<String>,
    /// What was found; for a field of the lead its shape only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub found: Option<String>,
    /// What was wanted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wanted: Option<String>,
}

/// One contract with all that was looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct InFull {
    /// Whose it is.
    pub buyer: BuyerId,
    /// Every condition, met or not.
    pub conditions: Vec<ConditionSaid>,
    /// Whether it is open at the time of the decision.
    pub open: bool,
    /// The caps that a sale would count on, those of its buyer, group and source among them.
    pub caps: Vec<CapSaid>,
    /// Its price for having the lead alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exclusive: Option<Money>,
    /// Its price for sharing the lead.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shared: Option<Money>,
}

/// A condition of criteria beside the lead.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ConditionSaid {
    /// `where.homeowner`.
    pub check: String,
    /// Whether it is met: absent where that cannot be said, as something is missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub met: Option<bool>,
    /// The shape of what was found.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub found: Option<String>,
    /// What is wanted.
    pub wanted: String,
}

/// A cap, and how much of it is used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CapSaid {
    /// `caps.contract.day`, `caps.buyer.month.spend`.
    pub check: String,
    /// How much was used before this lead; absent where nobody looked at it when the lead was decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub used: Option<String>,
    /// How much there is.
    pub limit: String,
}

/// A contract that the lead nearly met.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NearMiss {
    /// The contract.
    pub contract: ContractId,
    /// The first group that it is in, `route/group`.
    pub group: String,
    /// How many of its criteria are not met.
    pub failing: u32,
    /// Which: `where.credit_score`.
    pub checks: Vec<String>,
    /// What else was in its way: `hours`, `caps.contract.day`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<String>,
    /// `one criterion away: credit_score < 620`.
    pub text: String,
    /// `would be eligible if credit_score >= 620`.
    pub would: String,
}

/// A sale, and who would have had the lead without it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ExplainedSale {
    /// Who got it.
    pub contract: ContractId,
    /// For how much.
    pub price: Money,
    /// Who would have got it in its place; none where nobody would.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub runner_up: Option<RunnerUp>,
    /// The same as a sentence.
    pub text: String,
}

/// What became of a sale after its decision: it fell, came about after all, or was given back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ExplainedReturn {
    /// Who had it, or was to have it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contract: Option<ContractId>,
    /// When.
    pub at: Timestamp,
    /// The same as a sentence, with who said so and why.
    pub text: String,
}

/// Who would have had the lead.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RunnerUp {
    /// Which contract.
    pub contract: ContractId,
    /// Through which group.
    pub group: String,
    /// Alone or with others.
    pub sale: Sale,
    /// For how much.
    pub price: Money,
    /// How much less that is; below zero where it is more.
    pub less: Money,
}

/// Limits without which a contract would have had the lead.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Decisive {
    /// Which contract.
    pub contract: ContractId,
    /// Through which group.
    pub group: String,
    /// Its limits: `hours`, `caps.contract.day`.
    pub checks: Vec<String>,
    /// For how much it would have had the lead.
    pub price: Money,
    /// Who had it in its place.
    pub instead: Vec<ContractId>,
    /// Whether something of the state is not known, as nobody looked at it when the lead was decided.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub perhaps: bool,
    /// The same as a sentence.
    pub text: String,
}
