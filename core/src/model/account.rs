//! The accounts of the money ledger, and what is posted to them.

use super::ids::{BuyerId, IdError, SupplierId};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// An account of the ledger.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Account {
    /// What a buyer owes for leads: `buyer:acme`.
    Buyer(BuyerId),
    /// What a buyer has paid in and not spent: `funds:acme`.
    Funds(BuyerId),
    /// What a supplier is owed for leads: `supplier:web`.
    Supplier(SupplierId),
    /// What buyers were charged: `revenue`.
    Revenue,
    /// What suppliers were granted: `cost`.
    Cost,
    /// What changed hands: `cash`.
    Cash,
}

/// Whose statement it is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Party {
    /// `buyer:acme`.
    Buyer(BuyerId),
    /// `supplier:web`.
    Supplier(SupplierId),
}

/// Why money was posted. A kind says what the account of a party is posted against, so that nobody can post one side only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum PostingKind {
    /// A buyer got a lead.
    Sale,
    /// What the supplier gets for it.
    Payout,
    /// A buyer gave a lead back: the sale the other way round.
    Return,
    /// The payout of such a lead the other way round.
    ClawBack,
    /// A sale did not come about, for the buyer does not have the lead: the sale the other way round.
    Release,
    /// Money paid in for a buyer, or taken out.
    Deposit,
    /// What is owed was changed by somebody, who said why.
    Adjust,
    /// A bill was paid: by a buyer, or to a supplier.
    Payment,
}

impl PostingKind {
    /// All kinds.
    pub const ALL: [PostingKind; 8] = [
        PostingKind::Sale,
        PostingKind::Payout,
        PostingKind::Return,
        PostingKind::ClawBack,
        PostingKind::Release,
        PostingKind::Deposit,
        PostingKind::Adjust,
        PostingKind::Payment,
    ];

    /// The word on the wire.
    ///
    /// ```
    /// assert_eq!(leadwright::model::PostingKind::ClawBack.as_str(), "claw_back");
    /// ```
    pub fn as_str(self) -> &'static str {
        match self {
            PostingKind::Sale => "sale",
            PostingKind::Payout => "payout",
            PostingKind::Return => "return",
            PostingKind::ClawBack => "claw_back",
            PostingKind::Release => "release",
            PostingKind::Deposit => "deposit",
            PostingKind::Adjust => "adjust",
            PostingKind::Payment => "payment",
        }
    }

    /// The account that is posted the other way round, for each posting to the account of a party.
    ///
    /// ```
    /// use leadwright::model::{Account, PostingKind};
    /// let acme: Account = "buyer:acme".parse()?;
    /// assert_eq!(PostingKind::Sale.against(&acme), Account::Revenue);
    /// assert_eq!(PostingKind::Payment.against(&acme), Account::Cash);
    /// # Ok::<(), leadwright::model::IdError>(())
    /// ```
    pub fn against(self, account: &Account) -> Account {
        match self {
            PostingKind::Sale | PostingKind::Return | PostingKind::Release => Account::Revenue,
            PostingKind::Payout | PostingKind::ClawBack => Account::Cost,
            PostingKind::Deposit | PostingKind::Payment => Account::Cash,
            PostingKind::Adjust if matches!(account, Account::Supplier(_)) => Account::Cost,
            PostingKind::Adjust => Account::Revenue,
        }
    }
}

impl FromStr for PostingKind {
    type Err = ();
    fn from_str(word: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word).ok_or(())
    }
}

impl Account {
    /// Whose it is; none for those of the house.
    pub fn party(&self) -> Option<Party> {
        match self {
            Account::Buyer(id) | Account::Funds(id) => Some(Party::Buyer(id.clone())),
            Account::Supplier(id) => Some(Party::Supplier(id.clone())),
            Account::Revenue | Account::Cost | Account::Cash => None,
        }
    }
}

impl Party {
    /// The accounts that a statement of this party is over.
    ///
    /// ```
    /// let party: leadwright::model::Party = "buyer:acme".parse()?;
    /// assert_eq!(party.accounts().map(|account| account.to_string()).collect::<Vec<_>>(), ["buyer:acme", "funds:acme"]);
    /// # Ok::<(), leadwright::model::IdError>(())
    /// ```
    pub fn accounts(&self) -> impl Iterator<Item = Account> + use<> {
        let all = match self {
            Party::Buyer(id) => [Some(Account::Buyer(id.clone())), Some(Account::Funds(id.clone()))],
            Party::Supplier(id) => [Some(Account::Supplier(id.clone())), None],
        };
        all.into_iter().flatten()
    }

    /// An amount as this party reads it: a buyer what it owes, a supplier what it is owed.
    pub(crate) fn balance(&self, debit: i64) -> i64 {
        match self {
            Party::Buyer(_) => debit,
            Party::Supplier(_) => debit.saturating_neg(),
        }
    }
}

impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Account::Buyer(id) => write!(f, "buyer:{id}"),
            Account::Funds(id) => write!(f, "funds:{id}"),
            Account::Supplier(id) => write!(f, "supplier:{id}"),
            Account::Revenue => f.write_str("revenue"),
            Account::Cost => f.write_str("cost"),
            Account::Cash => f.write_str("cash"),
        }
    }
}

impl FromStr for Account {
    type Err = IdError;
    fn from_str(text: &str) -> Result<Self, IdError> {
        match text.split_once(':') {
            Some(("buyer", id)) => BuyerId::new(id).map(Account::Buyer),
            Some(("funds", id)) => BuyerId::new(id).map(Account::Funds),
            Some(("supplier", id)) => SupplierId::new(id).map(Account::Supplier),
            None if text == "revenue" => Ok(Account::Revenue),
            None if text == "cost" => Ok(Account::Cost),
            None if text == "cash" => Ok(Account::Cash),
            _ => Err(IdError),
        }
    }
}

impl fmt::Display for Party {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Party::Buyer(id) => write!(f, "buyer:{id}"),
            Party::Supplier(id) => write!(f, "supplier:{id}"),
        }
    }
}

impl FromStr for Party {
    type Err = IdError;
    fn from_str(text: &str) -> Result<Self, IdError> {
        match text.split_once(':') {
            Some(("buyer", id)) => BuyerId::new(id).map(Party::Buyer),
            Some(("supplier", id)) => SupplierId::new(id).map(Party::Supplier),
            _ => Err(IdError),
        }
    }
}

macro_rules! written_as_text {
    ($name:ident, $says:literal, $pattern:literal) => {
        impl TryFrom<String> for $name {
            type Error = IdError;
            fn try_from(text: String) -> Result<Self, IdError> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(it: $name) -> String {
                it.to_string()
            }
        }

        #[cfg(feature = "schema")]
        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "description": $says, "type": "string", "pattern": $pattern })
            }
        }
    };
}

written_as_text!(
    Account,
    "An account of the ledger: `buyer:…`, `funds:…`, `supplier:…`, `revenue`, `cost` or `cash`.",
    r"^((buyer|funds|supplier):[A-Za-z0-9._:-]{1,64}|revenue|cost|cash)$"
);
written_as_text!(
    Party,
    "Whose statement it is: `buyer:…` or `supplier:…`.",
    r"^(buyer|supplier):[A-Za-z0-9._:-]{1,64}$"
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accounts_and_parties_read_what_they_write() {
        for text in ["buyer:acme", "funds:a:b", "supplier:web", "revenue", "cost", "cash"] {
            assert_eq!(text.parse::<Account>().unwrap().to_string(), text);
        }
        for text in ["", "buyer", "buyer:", "owner:acme", "revenue:x", "funds:a b"] {
            assert!(text.parse::<Account>().is_err(), "{text}");
        }
        assert!("funds:acme".parse::<Party>().is_err(), "an account of a party is none");
        for kind in PostingKind::ALL {
            assert_eq!(kind.as_str().parse(), Ok(kind));
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.as_str());
        }
    }
}
