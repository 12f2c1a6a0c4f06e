//! What events say, one struct for each kind. Members are in the order of their names, as canonical JSON has them.
//!
//! Only what may be missing may be added: a reader of today reads the events of then (docs/events.md). Nothing personal
//! is in any of them.

use crate::model::{
    Account, AttemptClass, BreakerState, BuyerId, Channel, Code, ContractId, Currency, Date, DeadReason, DecisionId,
    Fingerprint, Money, Outcome, PostingKind, Sale, Timestamp, WaitsFor,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a decision did. With the time and the subject of its event it says everything that the tables of decisions,
/// counters, deliveries and sums hold of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LeadDecided {
    /// Who got it, in the order of the sales; absent for none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub assignments: Vec<Sold>,
    /// What was added to counters, of caps, rates and funds, by their keys.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub counters: BTreeMap<String, i64>,
    /// The currency of all amounts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<Currency>,
    /// The civil date in the plan's zone, under which reports count it; absent for a test, which none counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<Date>,
    /// What was added to rolling caps at the time of the event, by their keys.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub moments: BTreeMap<String, i64>,
    /// `true` where another system decided, and this is what it did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub observed: Option<String>,
    /// What became of the lead.
    pub outcome: Outcome,
    /// The decision that this one follows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<DecisionId>,
    /// The hash of the plan.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan: Option<String>,
    /// The codes of the problems that refused it; absent for none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", schemars(with = "Vec<crate::model::schema_of::ProblemCode>"))]
    pub problems: Vec<Code>,
    /// Which quarter of an hour of the date: 0 to 99.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slot: Option<u8>,
    /// `true` for a test whose answer was fixed by the lead; the others say so by their outcome.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub test: Option<String>,
}

/// One sale of a decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Sold {
    /// Who gets it.
    pub buyer: BuyerId,
    /// Under which contract.
    pub contract: ContractId,
    /// Through which group, `route/group`.
    pub group: String,
    /// The delivery key, the same for every attempt: 64 hex digits.
    #[cfg_attr(feature = "schema", schemars(extend("pattern" = "^[0-9a-f]{64}$")))]
    pub key: String,
    /// What the source gets for it.
    pub payout: Money,
    /// What the buyer pays.
    pub price: Money,
    /// Alone or with others.
    pub sale: Sale,
}

/// One sale by itself, for whoever waits for sales only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LeadAssigned {
    /// Who gets it.
    pub buyer: BuyerId,
    /// Under which contract.
    pub contract: ContractId,
    /// The delivery key; absent in events of before it was told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// What the buyer pays; absent in events of before it was told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<Money>,
}

/// A lead that waits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LeadHeld {
    /// When it is looked at again.
    pub due: Timestamp,
    /// When it does not wait any longer.
    pub until: Timestamp,
    /// What it waits for.
    pub why: WaitsFor,
}

/// A lead that waited, and that somebody decided about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LeadReleased {
    /// Who said so.
    pub by: String,
    /// What was done: `release`, `fix` or `drop`.
    pub r#do: String,
    /// Why.
    pub reason: String,
}

/// A problem that is new, or that came again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ProblemMet {
    /// What is wrong.
    #[cfg_attr(feature = "schema", schemars(with = "crate::model::schema_of::ProblemCode"))]
    pub code: Code,
    /// Where: a JSON Pointer, with `*` for the entries of a list.
    pub path: String,
    /// Which problem of the error ledger.
    pub problem: Fingerprint,
}

/// What somebody said about a problem.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ProblemNoted {
    /// Who said so.
    pub by: String,
    /// Why.
    pub reason: String,
}

/// A cap that has no room for another such sale.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CapExhausted {
    /// Whose cap and which, as `caps.contract.day`.
    pub cap: String,
    /// The counter that it counts with.
    pub counter: String,
    /// How much it lets through.
    pub limit: String,
}

/// Room that another system took before it sells.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CapReserved {
    /// What was added to counters, of caps, rates and funds, by their keys.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub counters: BTreeMap<String, i64>,
    /// The name of the reservation.
    pub key: String,
    /// What was added to rolling caps at the time of the event, by their keys.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub moments: BTreeMap<String, i64>,
    /// How long it is held; absent where it is sold already.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
}

/// A reservation that became a sale.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CapConfirmed {
    /// The name of the reservation.
    pub key: String,
}

/// A reservation that was given back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CapReleased {
    /// When it was made: what rolling caps counted at that time is taken away.
    pub at: Timestamp,
    /// `released`, `expired` where its time was over, or `posted` where the lead of a bid is decided that it was held for.
    pub because: String,
    /// What is taken away from counters, by their keys.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub counters: BTreeMap<String, i64>,
    /// The name of the reservation.
    pub key: String,
    /// What is taken away from rolling caps, by their keys.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub moments: BTreeMap<String, i64>,
}

/// A consent that was taken back or given anew. Whose it is, is not said.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ConsentChanged {
    /// For how many of the phones and email addresses it changed nothing; absent for none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub already: Option<String>,
    /// Who said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// How many phones and email addresses it was said about.
    pub values: String,
}

/// Leads of somebody were erased. Whose they were, is not said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PersonForgotten {
    /// Who said so.
    pub by: String,
    /// From how many decisions, in the transaction of this event; there may be more of them.
    pub decisions: String,
    /// How many leads of the past, where there were any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub history: Option<String>,
    /// Why.
    pub reason: String,
}

/// Something that holds for a contract beside the plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OverrideSet {
    /// Who said so.
    pub by: String,
    /// Why.
    pub reason: String,
    /// Until when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    /// What it is set to.
    pub value: String,
    /// The id by which the contract was first known, where it is another one now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub was: Option<ContractId>,
    /// What is set: `status`, `caps.day`, `price.exclusive`.
    pub what: String,
}

/// Something that the plan says again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OverrideCleared {
    /// Who said so.
    pub by: String,
    /// Why.
    pub reason: String,
    /// The id by which the contract was first known, where it is another one now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub was: Option<ContractId>,
    /// What is no longer set.
    pub what: String,
}

/// Money paid in for a buyer, or taken out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FundsChanged {
    /// How much; less than zero was taken out.
    pub add: Money,
    /// What the buyer has after it.
    pub balance: Money,
    /// Who said so.
    pub by: String,
    /// Why.
    pub reason: String,
}

/// A lead that a buyer gave back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LeadReturned {
    /// Who gave it back.
    pub buyer: BuyerId,
    /// Who said so.
    pub by: String,
    /// What the supplier gives back of its payout; absent for nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claw_back: Option<Money>,
    /// Under which contract it was sold.
    pub contract: ContractId,
    /// What was added to counters, of caps and funds, by their keys.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub counters: BTreeMap<String, i64>,
    /// The delivery key of the sale: 64 hex digits.
    #[cfg_attr(feature = "schema", schemars(extend("pattern" = "^[0-9a-f]{64}$")))]
    pub key: String,
    /// What the buyer does not have to pay.
    pub price: Money,
    /// Why.
    pub reason: String,
    /// The closed statement that has the sale; the return is in the next one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refers_to: Option<String>,
    /// The account of the supplier that gives back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supplier: Option<Account>,
}

/// A sale that did not come about: the buyer does not have the lead, and what the sale took is given back. Or one that did after
/// all, and takes it again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SaleFell {
    /// How the attempt ended, as `rejected` or `accepted`; `no_answer` where it was not counted as sold after its time.
    pub because: String,
    /// To whom it was sold.
    pub buyer: BuyerId,
    /// The part of the payout that the supplier gives back, or gets again; absent for nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claw_back: Option<Money>,
    /// Under which contract.
    pub contract: ContractId,
    /// What was added to counters, of caps and funds, by their keys.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub counters: BTreeMap<String, i64>,
    /// The civil date in the plan's zone under which reports have the sale.
    pub date: Date,
    /// The delivery key of the sale: 64 hex digits.
    #[cfg_attr(feature = "schema", schemars(extend("pattern" = "^[0-9a-f]{64}$")))]
    pub key: String,
    /// What was added to rolling caps at the time of the sale, by their keys.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub moments: BTreeMap<String, i64>,
    /// What the buyer does not have to pay, or has to again.
    pub price: Money,
    /// The closed statement that has the sale; this is in the next one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refers_to: Option<String>,
    /// Which quarter of an hour of the date: 0 to 99.
    pub slot: u8,
    /// When it was sold.
    pub sold_at: Timestamp,
    /// The account of the supplier that gives back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supplier: Option<Account>,
}

/// Another amount is owed, for a reason that no lead gives.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MoneyAdjusted {
    /// To which account it was posted.
    pub account: Account,
    /// How much more a buyer owes or a supplier is owed; less than zero is less.
    pub add: Money,
    /// What is owed after it.
    pub balance: Money,
    /// Who said so.
    pub by: String,
    /// `adjust`, or `payment` where a bill was paid.
    pub kind: PostingKind,
    /// Why.
    pub reason: String,
}

/// A statement that does not change any more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct StatementWasClosed {
    /// Who said so.
    pub by: String,
    /// What is owed after it.
    pub closing: Money,
    /// Its first day; absent for the first one, which has all that was before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Date>,
    /// The hash of the statement.
    #[cfg_attr(feature = "schema", schemars(extend("pattern" = "^[0-9a-f]{64}$")))]
    pub hash: String,
    /// `buyer:acme.1`.
    pub id: String,
    /// What was owed before it.
    pub opening: Money,
    /// Why.
    pub reason: String,
    /// Its last day.
    pub to: Date,
}

/// A plan that leads are decided by from now on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PlanActivated {
    /// The hash of the plan of before; absent for the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// The name that the plan gives itself.
    pub name: String,
    /// Its hash.
    pub plan: String,
}

/// Somebody is about to send a lead.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DeliveryAttempted {
    /// Which attempt, the first being 1.
    pub attempt: u32,
    /// To whom.
    pub buyer: BuyerId,
    /// Under which contract.
    pub contract: ContractId,
    /// The delivery key: 64 hex digits.
    #[cfg_attr(feature = "schema", schemars(extend("pattern" = "^[0-9a-f]{64}$")))]
    pub key: String,
    /// Until when its end has to be told.
    pub until: Timestamp,
}

/// The buyer has the lead.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DeliveryAccepted {
    /// By which attempt.
    pub attempt: u32,
    /// Who has it.
    pub buyer: BuyerId,
    /// `accepted`, or `duplicate_of_ours` where it had it already.
    pub class: AttemptClass,
    /// For one that came too late to be honoured: the buyer that has the lead, or the check that has no room.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conflict: Option<String>,
    /// Under which contract.
    pub contract: ContractId,
    /// The currency of `price`, where the buyer said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<Currency>,
    /// The delivery key: 64 hex digits.
    #[cfg_attr(feature = "schema", schemars(extend("pattern" = "^[0-9a-f]{64}$")))]
    pub key: String,
    /// `true` where it was told after something else was done about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub late: Option<String>,
    /// What the buyer says that it pays, where it says so; what it owes is the price of the sale (rule 48).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<Money>,
    /// What the buyer calls the lead, where it says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub their_id: Option<String>,
}

/// An attempt by which the buyer did not get the lead.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DeliveryRejected {
    /// Which attempt.
    pub attempt: u32,
    /// To whom.
    pub buyer: BuyerId,
    /// How it ended.
    pub class: AttemptClass,
    /// Under which contract.
    pub contract: ContractId,
    /// The delivery key: 64 hex digits.
    #[cfg_attr(feature = "schema", schemars(extend("pattern" = "^[0-9a-f]{64}$")))]
    pub key: String,
    /// Why, in a word of the plan or of the buyer, where it said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// When it is tried again; absent where it is not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_at: Option<Timestamp>,
    /// The status of the answer, where there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
}

/// An attempt of which nobody knows how it ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DeliveryUnknown {
    /// Which attempt.
    pub attempt: u32,
    /// `told`; `claim_over` where nothing was told in its time; `too_old` or `no_lead` where it is not tried once more.
    pub because: String,
    /// To whom.
    pub buyer: BuyerId,
    /// Under which contract.
    pub contract: ContractId,
    /// The delivery key: 64 hex digits.
    #[cfg_attr(feature = "schema", schemars(extend("pattern" = "^[0-9a-f]{64}$")))]
    pub key: String,
    /// When it is tried again under the same key; absent where it is kept until somebody finds out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_at: Option<Timestamp>,
    /// The status of the answer, where there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
}

/// A delivery that was given up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DeliveryDeadLettered {
    /// To whom it was to go.
    pub buyer: BuyerId,
    /// Under which contract.
    pub contract: ContractId,
    /// The delivery key: 64 hex digits.
    #[cfg_attr(feature = "schema", schemars(extend("pattern" = "^[0-9a-f]{64}$")))]
    pub key: String,
    /// Why.
    pub reason: DeadReason,
}

/// A delivery that is tried again because somebody says so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DeliveryRedriven {
    /// To whom it goes: as before.
    pub buyer: BuyerId,
    /// Who said so.
    pub by: String,
    /// Under which contract.
    pub contract: ContractId,
    /// The delivery key, as before: 64 hex digits.
    #[cfg_attr(feature = "schema", schemars(extend("pattern" = "^[0-9a-f]{64}$")))]
    pub key: String,
    /// Why.
    pub reason: String,
}

/// A breaker that stands elsewhere now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BreakerChanged {
    /// Who said so; absent where it went by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// Whose.
    pub buyer: BuyerId,
    /// For what the buyer is called.
    pub channel: Channel,
    /// Where it stood.
    pub from: BreakerState,
    /// Why, where somebody said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Where it stands now.
    pub to: BreakerState,
    /// When it tries again, where it is open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
}

/// As the log has it: canonical JSON.
pub(crate) fn written(data: &impl Serialize) -> String {
    serde_json::to_string(data).unwrap_or_default()
}
