//! Events: what happened to a lead, in order. Stored compact, shown as CloudEvents when read.

use super::fingerprint::Fingerprint;
use super::ids::{BuyerId, ContractId, DecisionId, IdError, SupplierId, TenantId};
use super::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum EventKind {
    /// A decision was made and recorded.
    #[serde(rename = "lead.decided.v1")]
    LeadDecided,
    /// A contract got the lead.
    #[serde(rename = "lead.assigned.v1")]
    LeadAssigned,
    /// The lead waits: for a person, a list, an hour to call, or room.
    #[serde(rename = "lead.held.v1")]
    LeadHeld,
    /// Somebody released, mended or dropped a lead that waited.
    #[serde(rename = "lead.released.v1")]
    LeadReleased,
    /// A cap has no room for another sale like this one.
    #[serde(rename = "cap.exhausted.v1")]
    CapExhausted,
    /// Another system took room from the limits of a contract before it sells.
    #[serde(rename = "cap.reserved.v1")]
    CapReserved,
    /// What it reserved is sold.
    #[serde(rename = "cap.confirmed.v1")]
    CapConfirmed,
    /// What it reserved was given back.
    #[serde(rename = "cap.released.v1")]
    CapReleased,
    /// Somebody took their consent back.
    #[serde(rename = "consent.revoked.v1")]
    ConsentRevoked,
    /// Somebody who had taken it back gave it anew.
    #[serde(rename = "consent.restored.v1")]
    ConsentRestored,
    /// Operations changed what holds for a contract, beside the plan.
    #[serde(rename = "override.set.v1")]
    OverrideSet,
    /// Operations took such a change back.
    #[serde(rename = "override.cleared.v1")]
    OverrideCleared,
    /// Money was paid in for a buyer, or taken out.
    #[serde(rename = "funds.changed.v1")]
    FundsChanged,
    /// A buyer gave a lead back.
    #[serde(rename = "lead.returned.v1")]
    LeadReturned,
    /// A sale did not come about: the buyer does not have the lead.
    #[serde(rename = "sale.fell.v1")]
    SaleFell,
    /// A sale that fell came about after all: its buyer told late that it has the lead.
    #[serde(rename = "sale.honored.v1")]
    SaleHonored,
    /// Another amount is owed, for a reason that no lead gives.
    #[serde(rename = "money.adjusted.v1")]
    MoneyAdjusted,
    /// A statement was closed: what it says does not change any more.
    #[serde(rename = "statement.closed.v1")]
    StatementClosed,
    /// The leads of somebody were erased, for they asked for it.
    #[serde(rename = "person.forgotten.v1")]
    PersonForgotten,
    /// An engine began to decide by another plan than the one before.
    #[serde(rename = "plan.activated.v1")]
    PlanActivated,
    /// A problem that the error ledger did not have.
    #[serde(rename = "problem.new.v1")]
    ProblemNew,
    /// A problem came again after somebody had resolved it.
    #[serde(rename = "problem.regressed.v1")]
    ProblemRegressed,
    /// Somebody knows a problem, and it stays as it is.
    #[serde(rename = "problem.acknowledged.v1")]
    ProblemAcknowledged,
    /// Somebody says that a problem will not come again.
    #[serde(rename = "problem.resolved.v1")]
    ProblemResolved,
    /// Somebody is about to send a lead to its buyer.
    #[serde(rename = "delivery.attempted.v1")]
    DeliveryAttempted,
    /// The buyer has the lead.
    #[serde(rename = "delivery.accepted.v1")]
    DeliveryAccepted,
    /// An attempt ended, and the buyer did not get the lead by it.
    #[serde(rename = "delivery.rejected.v1")]
    DeliveryRejected,
    /// Nobody knows how an attempt ended.
    #[serde(rename = "delivery.unknown.v1")]
    DeliveryUnknown,
    /// A delivery was given up.
    #[serde(rename = "delivery.dead_lettered.v1")]
    DeliveryDeadLettered,
    /// Somebody lets a delivery be tried again.
    #[serde(rename = "delivery.redriven.v1")]
    DeliveryRedriven,
    /// The breaker of a buyer opened, tries again, or closed; or somebody said so.
    #[serde(rename = "breaker.changed.v1")]
    BreakerChanged,
}

impl EventKind {
    /// All kinds.
    pub const ALL: [EventKind; 31] = [
        EventKind::LeadDecided,
        EventKind::LeadAssigned,
        EventKind::LeadHeld,
        EventKind::LeadReleased,
        EventKind::CapExhausted,
        EventKind::CapReserved,
        EventKind::CapConfirmed,
        EventKind::CapReleased,
        EventKind::ConsentRevoked,
        EventKind::ConsentRestored,
        EventKind::OverrideSet,
        EventKind::OverrideCleared,
        EventKind::FundsChanged,
        EventKind::LeadReturned,
        EventKind::SaleFell,
        EventKind::SaleHonored,
        EventKind::MoneyAdjusted,
        EventKind::StatementClosed,
        EventKind::PersonForgotten,
        EventKind::PlanActivated,
        EventKind::ProblemNew,
        EventKind::ProblemRegressed,
        EventKind::ProblemAcknowledged,
        EventKind::ProblemResolved,
        EventKind::DeliveryAttempted,
        EventKind::DeliveryAccepted,
        EventKind::DeliveryRejected,
        EventKind::DeliveryUnknown,
        EventKind::DeliveryDeadLettered,
        EventKind::DeliveryRedriven,
        EventKind::BreakerChanged,
    ];

    /// The type on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            EventKind::LeadDecided => "lead.decided.v1",
            EventKind::LeadAssigned => "lead.assigned.v1",
            EventKind::LeadHeld => "lead.held.v1",
            EventKind::LeadReleased => "lead.released.v1",
            EventKind::CapExhausted => "cap.exhausted.v1",
            EventKind::CapReserved => "cap.reserved.v1",
            EventKind::CapConfirmed => "cap.confirmed.v1",
            EventKind::CapReleased => "cap.released.v1",
            EventKind::ConsentRevoked => "consent.revoked.v1",
            EventKind::ConsentRestored => "consent.restored.v1",
            EventKind::OverrideSet => "override.set.v1",
            EventKind::OverrideCleared => "override.cleared.v1",
            EventKind::FundsChanged => "funds.changed.v1",
            EventKind::LeadReturned => "lead.returned.v1",
            EventKind::SaleFell => "sale.fell.v1",
            EventKind::SaleHonored => "sale.honored.v1",
            EventKind::MoneyAdjusted => "money.adjusted.v1",
            EventKind::StatementClosed => "statement.closed.v1",
            EventKind::PersonForgotten => "person.forgotten.v1",
            EventKind::PlanActivated => "plan.activated.v1",
            EventKind::ProblemNew => "problem.new.v1",
            EventKind::ProblemRegressed => "problem.regressed.v1",
            EventKind::ProblemAcknowledged => "problem.acknowledged.v1",
            EventKind::ProblemResolved => "problem.resolved.v1",
            EventKind::DeliveryAttempted => "delivery.attempted.v1",
            EventKind::DeliveryAccepted => "delivery.accepted.v1",
            EventKind::DeliveryRejected => "delivery.rejected.v1",
            EventKind::DeliveryUnknown => "delivery.unknown.v1",
            EventKind::DeliveryDeadLettered => "delivery.dead_lettered.v1",
            EventKind::DeliveryRedriven => "delivery.redriven.v1",
            EventKind::BreakerChanged => "breaker.changed.v1",
        }
    }
}

/// What an event is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Subject {
    /// A decision: `web/L1.1`.
    Decision(DecisionId),
    /// A contract: `contract:acme-il`.
    Contract(ContractId),
    /// A buyer: `buyer:acme`.
    Buyer(BuyerId),
    /// A supplier: `supplier:web`.
    Supplier(SupplierId),
    /// A plan, by its hash: `plan:sha256:…`.
    Plan(String),
    /// A problem of the error ledger: `problem:lwp1:…`.
    Problem(Fingerprint),
    /// Somebody, who is not named: `person`.
    Person,
}

impl Subject {
    /// The decision, if it is one.
    pub fn decision(&self) -> Option<&DecisionId> {
        match self {
            Subject::Decision(id) => Some(id),
            _ => None,
        }
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Subject::Decision(id) => write!(f, "{id}"),
            Subject::Contract(id) => write!(f, "contract:{id}"),
            Subject::Buyer(id) => write!(f, "buyer:{id}"),
            Subject::Supplier(id) => write!(f, "supplier:{id}"),
            Subject::Plan(hash) => write!(f, "plan:{hash}"),
            Subject::Problem(id) => write!(f, "problem:{id}"),
            Subject::Person => f.write_str("person"),
        }
    }
}

impl FromStr for Subject {
    type Err = IdError;

    /// Reads what `Display` writes.
    ///
    /// ```
    /// use leadwright::model::Subject;
    /// let problem = "problem:lwp1:00000000000000000000000000000001";
    /// for text in ["web/L1.1", "contract:acme-il", "buyer:acme", "supplier:web", "plan:sha256:9d0e", problem, "person"] {
    ///     assert_eq!(text.parse::<Subject>()?.to_string(), text);
    /// }
    /// # Ok::<(), leadwright::model::IdError>(())
    /// ```
    fn from_str(text: &str) -> Result<Self, IdError> {
        // Ids may hold colons, and no slash: only a decision has one.
        if text.contains('/') {
            return text.parse().map(Subject::Decision);
        }
        match text.split_once(':') {
            Some(("contract", id)) => ContractId::new(id).map(Subject::Contract),
            Some(("buyer", id)) => BuyerId::new(id).map(Subject::Buyer),
            Some(("supplier", id)) => SupplierId::new(id).map(Subject::Supplier),
            Some(("plan", hash)) => Ok(Subject::Plan(hash.to_owned())),
            Some(("problem", id)) => id.parse().map(Subject::Problem),
            _ if text == "person" => Ok(Subject::Person),
            _ => Err(IdError),
        }
    }
}

impl TryFrom<String> for Subject {
    type Error = IdError;
    fn try_from(text: String) -> Result<Self, IdError> {
        text.parse()
    }
}

impl From<Subject> for String {
    fn from(subject: Subject) -> String {
        subject.to_string()
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Subject {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Subject".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "description": "What an event is about: a decision, `contract:…`, `buyer:…`, `supplier:…`, `plan:…`, `problem:…`, or `person`.",
            "type": "string",
        })
    }
}

/// One thing that happened. `data` holds no personal data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Event {
    /// What.
    pub kind: EventKind,
    /// Whose.
    pub tenant: TenantId,
    /// About what.
    pub subject: Subject,
    /// When.
    pub at: Timestamp,
    /// The rest, as canonical JSON text.
    pub data: String,
}

impl FromStr for EventKind {
    type Err = ();
    fn from_str(word: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word).ok_or(())
    }
}
