//! What whoever delivers asks and reports, and what they are answered.

use super::spoken::one_line;
use super::words::said;
use crate::deliver::{Policy, is_buyers_id, is_reason};
use crate::model::{
    Attempt, AttemptClass, BuyerId, Code, ContractId, Currency, DeadLetter, DeadReason, DecisionId, DeliveryState,
    Error, LeadId, Money, Sale, SourceId, Timestamp,
};
use crate::plan::units::duration_millis;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use std::collections::BTreeMap;

/// So many are claimed at most, and where nothing is said.
const MOST: u32 = 256;
const SOME: u32 = 16;
/// How long a claim lasts where nothing is said, and at most, in milliseconds.
const HOLD: i64 = 60_000;
const LONGEST: i64 = 3_600_000;
/// The longest that a delivery is tried, and how often at most.
const OLDEST: i64 = 30 * 86_400_000;
const TRIES: u32 = 100;
/// So many are redriven at most, and where nothing is said.
const MOST_REDRIVEN: u32 = 1_000;
const SOME_REDRIVEN: u32 = 100;

/// What is done about an attempt of which nobody knows how it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum NoAnswer {
    /// It is kept until somebody finds out.
    Hold,
    /// It is sent again with the same key: the buyer knows what it has by that.
    Retry,
}

/// How often and how long it is tried.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DeliveryTerms {
    /// How often at most, 1 to 100; 12 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tries: Option<u32>,
    /// How long at most since the sale, like `24h`, which it is when absent; at most `30d`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub give_up_after: Option<String>,
    /// By contract, what is done where nobody knows how an attempt ended; `hold` for those that are not named.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[cfg_attr(feature = "schema", schemars(with = "BTreeMap<String, NoAnswer>"))]
    pub no_answer: BTreeMap<ContractId, NoAnswer>,
}

impl DeliveryTerms {
    /// As the rules take it.
    pub(crate) fn policy(&self) -> Result<Policy, Error> {
        let usual = Policy::default();
        let tries = self.tries.unwrap_or(usual.tries);
        if !(1..=TRIES).contains(&tries) {
            return Err(malformed(format!("`tries` is 1 to {TRIES}")));
        }
        let give_up_after = within("give_up_after", self.give_up_after.as_deref(), usual.give_up_after, OLDEST, "30d")?;
        let trusted = self.no_answer.iter().filter(|(_, what)| **what == NoAnswer::Retry);
        Ok(Policy { tries, give_up_after, retry_unknown: trusted.map(|(contract, _)| contract.clone()).collect() })
    }
}

/// Somebody wants to deliver.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ClaimDeliveries {
    /// Who it is: a name of the host's, for people who look at attempts.
    pub worker: String,
    /// How many at most, 1 to 256; 16 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    /// How long they are nobody else's, like `60s`, which it is when absent; at most `1h`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hold: Option<String>,
    /// How many leads of all buyers may be on their way at the same time; without it each buyer's own number counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_once: Option<u32>,
    /// Only what the plan says how to send: of contracts with `post`, and of those that the plan has no more.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub posts: bool,
    /// How often and how long it is tried.
    #[serde(default)]
    pub policy: DeliveryTerms,
}

impl ClaimDeliveries {
    /// Reads what is asked for.
    ///
    /// ```
    /// use leadwright::operate::ClaimDeliveries;
    /// let claim = ClaimDeliveries::read(r#"{"worker":"w1","limit":8,"policy":{"no_answer":{"acme-il":"retry"}}}"#)?;
    /// assert_eq!(claim.limit, Some(8));
    /// # Ok::<(), leadwright::model::Error>(())
    /// ```
    ///
    /// # Errors
    /// `delivery.malformed`.
    pub fn read(json: &str) -> Result<Self, Error> {
        read(json)
    }

    /// How many, and how long in milliseconds.
    pub(crate) fn checked(&self) -> Result<(usize, i64), Error> {
        one_line("worker", &self.worker, true).map_err(malformed)?;
        let limit = at_most("limit", self.limit, SOME, MOST)?;
        Ok((limit, within("hold", self.hold.as_deref(), HOLD, LONGEST, "1h")?))
    }
}

/// How an attempt ended.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DeliveryOutcome {
    /// How; what the status says by itself when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<AttemptClass>,
    /// The HTTP status of the answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// `Retry-After`, in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u32>,
    /// How long the call took, in milliseconds: without it no call counts as slow.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub took_ms: Option<u32>,
    /// What the buyer said that it pays, where it said so: the event of the acceptance has it beside the price of the sale.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<Money>,
    /// In which currency, where it said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<Currency>,
    /// What the buyer calls the lead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub their_id: Option<String>,
    /// Why the buyer does not want it: a word, as what it writes may tell of the lead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// How often and how long it is tried.
    #[serde(default)]
    pub policy: DeliveryTerms,
}

impl DeliveryOutcome {
    /// Reads how it ended.
    ///
    /// ```
    /// use leadwright::operate::DeliveryOutcome;
    /// let ended = DeliveryOutcome::read(r#"{"status":429,"retry_after":30}"#)?;
    /// assert_eq!(ended.retry_after, Some(30));
    /// assert!(DeliveryOutcome::read("{}").is_err(), "it says nothing");
    /// # Ok::<(), leadwright::model::Error>(())
    /// ```
    ///
    /// # Errors
    /// `delivery.malformed`.
    pub fn read(json: &str) -> Result<Self, Error> {
        let read: Self = read(json)?;
        read.ended().map(|_| read)
    }

    /// One that ended in this class.
    ///
    /// ```
    /// use leadwright::{model::AttemptClass, operate::DeliveryOutcome};
    /// assert_eq!(DeliveryOutcome::of(AttemptClass::Accepted), DeliveryOutcome::read(r#"{"class":"accepted"}"#)?);
    /// # Ok::<(), leadwright::model::Error>(())
    /// ```
    pub fn of(class: AttemptClass) -> Self {
        Self { class: Some(class), ..Self::default() }
    }

    /// The class.
    pub(crate) fn ended(&self) -> Result<AttemptClass, Error> {
        let class = self.class.or_else(|| self.status.map(AttemptClass::of_status));
        if self.reason.as_deref().is_some_and(|reason| !is_reason(reason)) {
            return Err(malformed("`reason` is a word of at most 64 letters, digits, `_`, `-`, `.` and `:`"));
        }
        if self.their_id.as_deref().is_some_and(|id| !is_buyers_id(id)) {
            return Err(malformed("`their_id` is one line of at most 128 bytes, and no email"));
        }
        class.ok_or_else(|| malformed("either `class` or `status` says how it ended"))
    }
}

/// A lead to send: by whom it was bought, and what the buyer gets.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Sending {
    /// The version of this.
    pub v: u32,
    /// What to report the outcome under: the key and the fence of this claim.
    pub id: String,
    /// The delivery key, the same for every attempt: send it along, so that the buyer knows a second sending.
    #[cfg_attr(feature = "schema", schemars(extend("pattern" = "^[0-9a-f]{64}$")))]
    pub key: String,
    /// Which attempt it is, the first being 1.
    pub attempt: u32,
    /// The decision that sold it.
    pub decision: DecisionId,
    /// The lead.
    pub lead: LeadId,
    /// Where it came from.
    pub source: SourceId,
    /// Who gets it.
    pub buyer: BuyerId,
    /// Under which contract.
    pub contract: ContractId,
    /// Alone or with others.
    pub sale: Sale,
    /// What the buyer pays.
    pub price: Money,
    /// In which currency.
    pub currency: Currency,
    /// When it was sold, or redriven.
    pub since: Timestamp,
    /// Until when the outcome has to be reported: from then on nobody knows how the attempt ended.
    pub until: Timestamp,
    /// The canonical lead. Personal data.
    #[cfg_attr(feature = "schema", schemars(with = "BTreeMap<String, crate::model::Value>"))]
    pub fields: BTreeMap<String, Json>,
}

impl Sending {
    /// Reads one that was handed out before, in whatever language.
    ///
    /// ```
    /// use leadwright::operate::Sending;
    /// assert_eq!(Sending::read("{}").unwrap_err().code().as_str(), "delivery.malformed");
    /// ```
    ///
    /// # Errors
    /// `delivery.malformed`.
    pub fn read(json: &str) -> Result<Self, Error> {
        read(json)
    }
}

impl std::fmt::Debug for Sending {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Sending({} {} {})", self.id, self.decision, self.contract)
    }
}

/// What became of a delivery after a report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DeliveryReported {
    /// The version of this answer.
    pub v: u32,
    /// The delivery key.
    pub key: String,
    /// Which attempt was reported.
    pub attempt: u32,
    /// How it ended.
    pub class: AttemptClass,
    /// Where the delivery stands.
    pub state: DeliveryState,
    /// When it is tried again, where it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_at: Option<Timestamp>,
    /// Why it was given up, where it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dead: Option<DeadReason>,
    /// What to do about that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remedy: Option<String>,
    /// Whether its sale did not come about by it: what it took is given back.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub fell: bool,
    /// The decision by which the lead was offered to the next one, where it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<DecisionId>,
    /// For an acceptance that came too late to be honoured: the buyer that has the lead, or the check that has no room.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conflict: Option<String>,
    /// Whether the same was reported before.
    pub replayed: bool,
}

/// A delivery, with all that is known of it. Nothing personal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DeliverySeen {
    /// Its place in the outbox.
    pub position: u64,
    /// The delivery key.
    pub key: String,
    /// The decision that sold it.
    pub decision: DecisionId,
    /// Who gets it.
    pub buyer: BuyerId,
    /// Under which contract.
    pub contract: ContractId,
    /// What the buyer pays.
    pub price: Money,
    /// Where it stands.
    pub state: DeliveryState,
    /// When it was sold, or redriven.
    pub since: Timestamp,
    /// When it may be claimed, where it is ready.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Timestamp>,
    /// Who has claimed it, where it is claimed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub worker: Option<String>,
    /// Until when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    /// Why it was given up, where it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dead: Option<DeadReason>,
    /// What to do about that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remedy: Option<String>,
    /// Whether its attempts prove that the buyer does not have the lead: only then may another one get it.
    pub undelivered: bool,
    /// Its attempts.
    pub attempts: Vec<Attempt>,
    /// Its dead letters.
    pub dead_letters: Vec<DeadLetter>,
}

/// Deliveries that were given up, and are to be tried again: to the same buyers, under the same keys.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Redrive {
    /// Only the one of this key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// Only those to this buyer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub buyer: Option<BuyerId>,
    /// Only those under this contract.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contract: Option<ContractId>,
    /// Only those that were given up for this reason.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<DeadReason>,
    /// In place of those that were given up, those of which nobody knows whether the buyer has them: it must know a second
    /// sending by its key.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unknown: bool,
    /// How many at most, 1 to 1,000; 100 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    /// Only say which.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub dry_run: bool,
    /// Who says so.
    pub by: String,
    /// Why.
    pub reason: String,
}

impl Redrive {
    /// Reads what is to be redriven.
    ///
    /// ```
    /// use leadwright::operate::Redrive;
    /// let said = r#"{"buyer":"acme","why":"auth","dry_run":true,"by":"ann","reason":"a new password"}"#;
    /// assert!(Redrive::read(said)?.dry_run);
    /// # Ok::<(), leadwright::model::Error>(())
    /// ```
    ///
    /// # Errors
    /// `delivery.malformed`.
    pub fn read(json: &str) -> Result<Self, Error> {
        read(json)
    }

    /// How many.
    pub(crate) fn checked(&self) -> Result<usize, Error> {
        one_line("by", &self.by, true).and_then(|()| one_line("reason", &self.reason, true)).map_err(malformed)?;
        if self.unknown && self.why.is_some() {
            return Err(malformed("`why` is said of what was given up, and `unknown` was not"));
        }
        at_most("limit", self.limit, SOME_REDRIVEN, MOST_REDRIVEN)
    }
}

/// What was redriven, or would be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Redriven {
    /// The version of this answer.
    pub v: u32,
    /// Whether nothing was done.
    pub dry_run: bool,
    /// Which.
    pub deliveries: Vec<RedrivenOne>,
    /// Those whose sale fell and cannot be made again, or came back.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left_out: Vec<RedriveLeftOut>,
    /// Whether there are more of them.
    pub more: bool,
}

/// A delivery that is tried again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RedrivenOne {
    /// The delivery key: as before.
    pub key: String,
    /// The decision that sold it.
    pub decision: DecisionId,
    /// Who gets it: as before.
    pub buyer: BuyerId,
    /// Under which contract.
    pub contract: ContractId,
    /// Why it had been given up; absent where nobody knew.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<DeadReason>,
}

/// A delivery whose sale fell or came back, and that is not tried again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RedriveLeftOut {
    /// The delivery key.
    pub key: String,
    /// The decision that sold it.
    pub decision: DecisionId,
    /// To whom.
    pub buyer: BuyerId,
    /// Under which contract.
    pub contract: ContractId,
    /// The buyer that has the lead, the check that has no room, `returned` for a sale that its buyer gave back, or `no_lead`.
    pub conflict: String,
}

/// A state of deliveries by its word.
///
/// ```
/// use leadwright::{model::DeliveryState, operate::state_of};
/// assert_eq!(state_of("dead")?, DeliveryState::Dead);
/// assert!(state_of("lost").is_err());
/// # Ok::<(), leadwright::model::Error>(())
/// ```
///
/// # Errors
/// `delivery.malformed`.
pub fn state_of(word: &str) -> Result<DeliveryState, Error> {
    let known = DeliveryState::ALL.map(|state| format!("`{}`", state.as_str())).join(", ");
    word.parse().map_err(|()| malformed(format!("a state is one of {known}")))
}

fn read<T: DeserializeOwned>(json: &str) -> Result<T, Error> {
    serde_json::from_str(json).map_err(|error| malformed(said(&error)))
}

fn at_most(name: &str, given: Option<u32>, usual: u32, most: u32) -> Result<usize, Error> {
    let given = given.unwrap_or(usual);
    let right = usize::try_from(given).ok().filter(|_| (1..=most).contains(&given));
    right.ok_or_else(|| malformed(format!("`{name}` is 1 to {most}")))
}

fn within(name: &str, given: Option<&str>, usual: i64, longest: i64, named: &str) -> Result<i64, Error> {
    let Some(text) = given else { return Ok(usual) };
    let millis = duration_millis(text).ok().filter(|millis| (1..=longest).contains(millis));
    millis.ok_or_else(|| malformed(format!("`{name}` is a time like `60s`, and at most `{named}`")))
}

fn malformed(why: impl Into<String>) -> Error {
    Error::new(Code::DeliveryMalformed, why)
}
