//! What whoever submits a lead, or asks for a price, is answered.

use crate::model::{BuyerId, Code, ContractId, Currency, DecisionId, Money, Outcome, Sale, Timestamp};
use serde::{Deserialize, Serialize};

/// How a submitted lead ended, for its supplier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum SubmitEnd {
    /// Somebody has it.
    Sold,
    /// It is kept safe, and was not placed in time: it is delivered all the same, and what becomes of it is told later.
    Pending,
    /// It waits, as the plan says.
    Queued,
    /// Nobody took it.
    Unsold,
    /// Nobody wants such leads.
    Unmatched,
    /// The person was here before.
    Duplicate,
    /// The person is not sold.
    Suppressed,
    /// Something is wrong with it.
    Rejected,
    /// It was a test.
    Test,
}

impl SubmitEnd {
    /// Its word.
    ///
    /// ```
    /// assert_eq!(leadwright::operate::SubmitEnd::Pending.as_str(), "pending");
    /// ```
    pub fn as_str(self) -> &'static str {
        match self {
            SubmitEnd::Sold => "sold",
            SubmitEnd::Pending => "pending",
            SubmitEnd::Queued => "queued",
            SubmitEnd::Unsold => "unsold",
            SubmitEnd::Unmatched => "unmatched",
            SubmitEnd::Duplicate => "duplicate",
            SubmitEnd::Suppressed => "suppressed",
            SubmitEnd::Rejected => "rejected",
            SubmitEnd::Test => "test",
        }
    }

    /// How a decision ends that sells to nobody.
    pub(crate) fn of(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Queued => SubmitEnd::Queued,
            Outcome::Unmatched => SubmitEnd::Unmatched,
            Outcome::Duplicate => SubmitEnd::Duplicate,
            Outcome::Suppressed => SubmitEnd::Suppressed,
            Outcome::Rejected => SubmitEnd::Rejected,
            Outcome::Test => SubmitEnd::Test,
            _ => SubmitEnd::Unsold,
        }
    }
}

/// What became of a submitted lead.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Submitted {
    /// The format, 1.
    pub v: u8,
    /// The last decision about it.
    pub decision: DecisionId,
    /// What that decision came to.
    pub outcome: Outcome,
    /// How it ended for its supplier.
    pub ended: SubmitEnd,
    /// Who has it, or may have it.
    pub sales: Vec<SubmittedSale>,
    /// What its supplier gets for the sales.
    pub payout: Money,
    /// The currency of amounts.
    pub currency: Currency,
    /// Why it was refused, where it was.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", schemars(with = "Vec<String>"))]
    pub because: Vec<Code>,
    /// What its ping was good for, where it names one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ping: Option<PingUse>,
    /// What the supplier is answered with, where the plan says it in `answers` of the source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response: Option<String>,
}

/// What the ping of a posted lead was good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum PingUse {
    /// The supplier gets what was bid, or more.
    Honoured,
    /// What was bid cannot be paid any more: a cap is used up, a buyer refuses, a bid ran out.
    NotHonoured,
    /// Nothing was bid; the lead was decided all the same.
    NoBid,
    /// The lead says something else than its ping: the bid is void, and it was decided anew (rule 61).
    Changed,
    /// The bid ran out before, and it was decided anew.
    Expired,
    /// There is no such ping of this source, and it was decided as if it named none.
    Unknown,
    /// The ping was posted before: this is what came of it then (rule 64).
    Again,
}

/// A sale of a submitted lead.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SubmittedSale {
    /// Who has it, or may have it.
    pub buyer: BuyerId,
    /// Under which contract.
    pub contract: ContractId,
    /// Alone or with others.
    pub sale: Sale,
    /// What the buyer pays.
    pub price: Money,
    /// The delivery key.
    pub key: String,
    /// Whether the buyer said that it has it, or the host delivers it; else that is not known yet.
    pub accepted: bool,
}

/// Our answer to a supplier that asks what we would pay for a lead.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Pinged {
    /// The format, 1.
    pub v: u8,
    /// What the post of the lead names.
    pub ping_id: String,
    /// What the supplier gets at least, where the lead is posted with the same data and in time; none: we do not want it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bid: Option<Money>,
    /// The currency of the bid.
    pub currency: Currency,
    /// Until when the bid holds.
    pub expires: Timestamp,
    /// Why there is no bid.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", schemars(with = "Vec<String>"))]
    pub because: Vec<Code>,
    /// What the supplier is answered with, where the plan says it in `answers` of the source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response: Option<String>,
}
