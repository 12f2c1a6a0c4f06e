//! The money ledger as a store keeps it: what accounts moved by day, what operations posted, and closed statements.

use crate::model::{Account, ContractId, Date, DecisionId, Party, PostingKind, SourceId, Timestamp};
use std::collections::BTreeMap;

/// What was posted to the account of a party, and the other way round to the one that its kind is posted against.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PostingSum {
    /// The account of a party.
    pub account: Account,
    /// Why.
    pub kind: PostingKind,
    /// Under which contract; none where it is about no lead.
    pub contract: Option<ContractId>,
    /// Through which source; none where it is about no lead.
    pub source: Option<SourceId>,
    /// How many.
    pub count: i64,
    /// How much the account was debited, in 1/10,000 of the unit; less than zero was credited.
    pub debit: i64,
}

/// A posting of one day.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Posting {
    /// The civil date in the plan's zone.
    pub date: Date,
    /// What.
    pub sum: PostingSum,
}

/// Which postings are asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PostingQuery {
    /// Of which accounts; none for all.
    pub accounts: Vec<Account>,
    /// The first day.
    pub from: Option<Date>,
    /// The last day.
    pub to: Option<Date>,
}

impl PostingQuery {
    /// Whether a posting is asked for.
    pub(crate) fn wants(&self, account: &Account, date: Date) -> bool {
        (self.accounts.is_empty() || self.accounts.contains(account))
            && self.from.is_none_or(|from| from <= date)
            && self.to.is_none_or(|to| date <= to)
    }
}

/// Which sale an entry is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntrySale {
    /// The decision.
    pub decision: DecisionId,
    /// The delivery key of the sale.
    pub key: String,
    /// The day it was posted on.
    pub sold: Date,
}

/// Money that somebody moved, and no decision. Never changed once it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// When.
    pub at: Timestamp,
    /// What.
    pub posting: Posting,
    /// The sale that it is about, if it is about one.
    pub sale: Option<EntrySale>,
    /// The closed statement that has that sale.
    pub refers_to: Option<String>,
    /// What was given back to the counters of caps.
    pub counters: BTreeMap<String, i64>,
    /// Who said so.
    pub by: String,
    /// Why.
    pub reason: String,
}

/// Which entries are asked for; all that is named must be so.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EntryQuery {
    /// Of which accounts, on which days.
    pub postings: PostingQuery,
    /// Of which kind.
    pub kind: Option<PostingKind>,
    /// About a sale of which decision.
    pub decision: Option<DecisionId>,
    /// About a sale of this day or later.
    pub sold_from: Option<Date>,
    /// About a sale of this day or earlier.
    pub sold_to: Option<Date>,
}

impl EntryQuery {
    /// Whether an entry is asked for.
    pub(crate) fn wants(&self, entry: &Entry) -> bool {
        let (posting, sale) = (&entry.posting, entry.sale.as_ref());
        self.postings.wants(&posting.sum.account, posting.date)
            && self.kind.is_none_or(|kind| kind == posting.sum.kind)
            && self.decision.as_ref().is_none_or(|id| sale.is_some_and(|sale| sale.decision == *id))
            && self.sold_from.is_none_or(|from| sale.is_some_and(|sale| from <= sale.sold))
            && self.sold_to.is_none_or(|to| sale.is_some_and(|sale| sale.sold <= to))
    }
}

/// A statement that was closed. Never changed once it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClosedStatement {
    /// Whose.
    pub party: Party,
    /// The first is 1.
    pub n: u32,
    /// The first day; none for the first one, which has all that was before.
    pub from: Option<Date>,
    /// The last day.
    pub to: Date,
    /// All of it, as JSON.
    pub body: String,
}

impl ClosedStatement {
    /// `buyer:acme.1`.
    pub fn id(&self) -> String {
        format!("{}.{}", self.party, self.n)
    }

    /// Whether it has this day.
    pub fn has(&self, date: Date) -> bool {
        self.from.is_none_or(|from| from <= date) && date <= self.to
    }
}
