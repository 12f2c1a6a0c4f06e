//! What operations say beside the plan, as JSON that every language writes the same.

use super::breaker::SetBreaker;
use super::money::{Adjust, Close, Funds, Payment, Return};
use crate::model::{Code, ContractId, DecisionId, Error, Event, Fingerprint, Money, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// Something that operations say: one change of the state that no lead makes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "op", rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Operation {
    /// Somebody took their consent back: no lead of theirs is sold any more.
    Revoke(Person),
    /// Somebody who had taken it back gave it anew.
    Restore(Person),
    /// Another status, cap or price of a contract, within what the plan lets operations change.
    Override(Override),
    /// The plan holds again.
    Clear(Clear),
    /// Money paid in for a buyer, or taken out.
    Funds(Funds),
    /// A buyer gives a lead back.
    Return(Return),
    /// Another amount is owed, for a reason that no lead gives.
    Adjust(Adjust),
    /// A bill was paid: by a buyer, or to a supplier.
    Payment(Payment),
    /// A statement is closed: what it says does not change any more.
    Close(Close),
    /// A problem of the error ledger is known, and stays as it is.
    Acknowledge(Noted),
    /// A problem of the error ledger will not come again; if it does, it has regressed.
    Resolve(Noted),
    /// Whether a buyer is called at all, and sold to.
    Breaker(SetBreaker),
}

/// Whose consent it is. All that is named is meant: the phone, the email address, and those of the lead.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Person {
    /// A phone, as people write it. Personal data.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// An email address. Personal data.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// A lead that was decided, as `SOURCE/LEAD`, or a decision about it, as `SOURCE/LEAD.N`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lead: Option<String>,
    /// Who says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// How it came in, without personal data: `text STOP`, `call`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The same key again is the same request: nothing is done twice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
}

impl Person {
    /// Reads who is meant.
    ///
    /// ```
    /// use leadwright::operate::Person;
    /// let person = Person::read(r#"{"phone":"312-867-5309","by":"ann","reason":"letter of Nov 23"}"#)?;
    /// assert_eq!(person.by.as_deref(), Some("ann"));
    /// # Ok::<(), leadwright::model::Error>(())
    /// ```
    ///
    /// # Errors
    /// `operation.malformed`; the message names fields, never values.
    pub fn read(json: &str) -> Result<Self, Error> {
        serde_json::from_str(json).map_err(|error| Error::new(Code::OperationMalformed, said(&error)))
    }
}

impl fmt::Debug for Person {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let has = |name: &'static str, it: &Option<String>| it.as_ref().map(|_| name);
        let named = [has("phone", &self.phone), has("email", &self.email), has("lead", &self.lead)];
        write!(f, "Person({})", named.into_iter().flatten().collect::<Vec<_>>().join(", "))
    }
}

/// What holds for a contract instead of the plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Override {
    /// The contract.
    pub contract: ContractId,
    /// What.
    pub set: Set,
    /// Who says so.
    pub by: String,
    /// Why.
    pub reason: String,
    /// Until when; for ever when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    /// The same key again is the same request: nothing is done twice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
}

/// What an override sets; at least one thing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Set {
    /// Whether it buys.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
    /// How many leads it takes, by window: `hour`, `day`, `week`, `month`, `total`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub caps: BTreeMap<String, u32>,
    /// What it pays.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<Prices>,
}

/// Whether a contract buys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Status {
    /// It buys.
    Active,
    /// It does not.
    Paused,
}

impl Status {
    /// The word on the wire and in the plan.
    pub fn as_str(self) -> &'static str {
        match self {
            Status::Active => "active",
            Status::Paused => "paused",
        }
    }
}

/// What a contract pays.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Prices {
    /// To have a lead alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exclusive: Option<Money>,
    /// To share it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shared: Option<Money>,
}

/// Takes overrides of a contract back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Clear {
    /// The contract.
    pub contract: ContractId,
    /// Which: `status`, `caps.day`, `price.exclusive`; all of them when there is none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub what: Vec<String>,
    /// Who says so.
    pub by: String,
    /// Why.
    pub reason: String,
    /// The same key again is the same request: nothing is taken back that was set after it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
}

/// What somebody says about a problem of the error ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Noted {
    /// Which problem.
    pub problem: Fingerprint,
    /// Who says so.
    pub by: String,
    /// Why.
    pub reason: String,
    /// The same key again is the same request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
}

/// What became of an operation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Operated {
    /// Version of this format: 1.
    #[cfg_attr(feature = "schema", schemars(extend("const" = 1)))]
    pub v: u32,
    /// When it began to hold.
    pub at: Timestamp,
    /// What was written into the log.
    pub events: Vec<Event>,
    /// The next decision about the lead, for a return that offers it on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<DecisionId>,
    /// Whether the same key was used before: these are the events of then.
    pub replayed: bool,
}

impl Operation {
    /// Reads an operation.
    ///
    /// ```
    /// use leadwright::operate::Operation;
    /// let pause = r#"{"op":"override","contract":"acme-il","set":{"status":"paused"},"by":"ann","reason":"holiday"}"#;
    /// assert!(matches!(Operation::read(pause)?, Operation::Override(_)));
    /// # Ok::<(), leadwright::model::Error>(())
    /// ```
    ///
    /// # Errors
    /// `operation.malformed`; the message names fields, never values.
    pub fn read(json: &str) -> Result<Self, Error> {
        serde_json::from_str(json).map_err(|error| Error::new(Code::OperationMalformed, said(&error)))
    }
}

/// Who says something, why, and under which name it is the same request.
#[derive(Clone, Copy)]
pub(crate) struct Spoken<'a> {
    pub(crate) by: Option<&'a str>,
    pub(crate) reason: Option<&'a str>,
    pub(crate) key: Option<&'a str>,
    /// Whether author and reason may not be empty.
    pub(crate) needed: bool,
}

impl Operation {
    pub(crate) fn said(&self) -> Spoken<'_> {
        let (by, reason, key) = match self {
            Operation::Revoke(Person { by, reason, key, .. }) | Operation::Restore(Person { by, reason, key, .. }) => {
                let (by, reason, key) = (by.as_deref(), reason.as_deref(), key.as_deref());
                return Spoken { by, reason, key, needed: false };
            }
            Operation::Override(Override { by, reason, key, .. })
            | Operation::Clear(Clear { by, reason, key, .. })
            | Operation::Funds(Funds { by, reason, key, .. })
            | Operation::Return(Return { by, reason, key, .. })
            | Operation::Adjust(Adjust { by, reason, key, .. })
            | Operation::Payment(Payment { by, reason, key, .. })
            | Operation::Close(Close { by, reason, key, .. })
            | Operation::Acknowledge(Noted { by, reason, key, .. })
            | Operation::Resolve(Noted { by, reason, key, .. })
            | Operation::Breaker(SetBreaker { by, reason, key, .. }) => (by, reason, key),
        };
        Spoken { by: Some(by), reason: Some(reason), key: key.as_deref(), needed: true }
    }
}

/// What a field is called may be told, what stood in it may not: it can be somebody's phone.
pub(super) fn said(error: &serde_json::Error) -> String {
    let said = error.to_string();
    let safe = ["unknown field", "missing field", "duplicate field"];
    match said.split_once(", expected ") {
        _ if safe.iter().any(|start| said.starts_with(start)) => said,
        // The word that is none is a value too.
        Some((start, expected)) if start.starts_with("unknown variant") => format!("expected {expected}"),
        _ => format!("column {}: a value of another type was expected", error.column()),
    }
}
