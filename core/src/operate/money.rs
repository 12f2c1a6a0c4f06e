//! What operations say about money.

use crate::model::{BuyerId, Date, DecisionId, Money, Party};
use serde::{Deserialize, Serialize};

/// Moves money into or out of a buyer's funds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Funds {
    /// The buyer.
    pub buyer: BuyerId,
    /// How much, in the currency of the plan; less than zero takes out.
    pub add: Money,
    /// Who says so.
    pub by: String,
    /// Why.
    pub reason: String,
    /// The same key again is the same request: nothing is paid twice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
}

/// Gives a lead back, under the terms by which it was sold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Return {
    /// The decision that sold it.
    pub decision: DecisionId,
    /// Who gives it back.
    pub buyer: BuyerId,
    /// Why: one of the reasons of `returns` in the plan, where it names some.
    pub reason: String,
    /// Whether the lead is offered on: to nobody who was offered it before (rule 91).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub resell: bool,
    /// Who says so.
    pub by: String,
    /// The same key again is the same request: nothing is returned twice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
}

/// Changes what a party owes or is owed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Adjust {
    /// Whose account.
    pub party: Party,
    /// How much more a buyer owes or a supplier is owed; less than zero is less.
    pub add: Money,
    /// Who says so.
    pub by: String,
    /// Why.
    pub reason: String,
    /// The same key again is the same request: nothing is adjusted twice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
}

/// A bill that was paid. For a buyer who pays from funds it is the same as funds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Payment {
    /// The buyer who paid, or the supplier who was paid.
    pub party: Party,
    /// How much: so much less is owed. Less than zero takes a payment back.
    pub amount: Money,
    /// Who says so.
    pub by: String,
    /// Why.
    pub reason: String,
    /// The same key again is the same request: nothing is paid twice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
}

/// Closes the open period of a party. The next one begins with the day after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Close {
    /// Whose statement.
    pub party: Party,
    /// The last day of it, which has to be over in every time zone: after 12:00 UTC of the day after.
    pub to: Date,
    /// Who says so.
    pub by: String,
    /// Why.
    pub reason: String,
    /// The same key again is the same request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
}
