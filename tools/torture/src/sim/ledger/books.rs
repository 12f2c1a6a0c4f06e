//! What everybody owes, by our own reckoning: sales and payouts, what came back, what was put right and paid, and statements
//! that are closed.

use super::{Held, broken, must};
use leadwright::model::{DecisionId, Error, Money};
use leadwright::store::{ClosedStatement, PostingQuery, View};
use rustc_hash::{FxHashMap, FxHashSet};
use serde::Deserialize;
use std::collections::{BTreeMap, VecDeque};

/// Of the price that the supplier `web` gets, in 100; no other gets any.
const SHARE: i64 = 70;
const SUPPLIER: &str = "supplier:web";
/// Sales that somebody may give back.
const REMEMBERED: usize = 64;

/// A sale that a buyer may give back.
#[derive(Clone)]
pub(super) struct Given {
    pub(super) contract: String,
    pub(super) price: i64,
    pub(super) at: i64,
    /// What the supplier got for it.
    pub(super) payout: i64,
}

type Sales = FxHashMap<(DecisionId, String), Given>;

#[derive(Default)]
pub(crate) struct Books {
    /// What accounts were debited, by day.
    accounts: BTreeMap<String, BTreeMap<String, i64>>,
    sales: Sales,
    /// The last of them.
    pub(crate) recent: VecDeque<(DecisionId, String)>,
    returned: FxHashSet<(DecisionId, String)>,
    /// The last that came back.
    pub(crate) back: Option<(DecisionId, String)>,
    closed: BTreeMap<String, String>,
    /// What an operation says that is being done, in 1/10,000: how much more is owed.
    pub(crate) said: Option<i64>,
    moved: bool,
}

#[derive(Deserialize)]
struct Closed {
    closing: Money,
}

impl Books {
    pub(super) fn post(&mut self, account: &str, day: &str, debit: i64) {
        *self.accounts.entry(account.to_owned()).or_default().entry(day.to_owned()).or_default() += debit;
    }

    pub(super) fn sale(&mut self, id: &DecisionId, sale: (&str, &str, i64), at: i64, day: &str) {
        let (buyer, contract, price) = sale;
        // Down to the cent.
        let payout = if id.source.as_str() == "web" { price * SHARE / 10_000 * 100 } else { 0 };
        self.post(&account_of(buyer), day, price);
        self.post(SUPPLIER, day, -payout);
        let of = (id.clone(), buyer.to_owned());
        self.sales.insert(of.clone(), Given { contract: contract.to_owned(), price, at, payout });
        if self.recent.len() >= REMEMBERED {
            self.recent.pop_front();
        }
        self.recent.push_back(of);
    }

    /// A buyer gave a lead back, once.
    pub(super) fn returned(&mut self, id: &DecisionId, buyer: &str, day: &str) -> Result<Given, super::Broken> {
        let of = (id.clone(), buyer.to_owned());
        let given = self.sales.get(&of).cloned();
        let given = given.ok_or_else(|| broken("I12", format!("{buyer} gives {id} back, and never had it")))?;
        must(self.returned.insert(of.clone()), "I12", || format!("{buyer} gives {id} back a second time"))?;
        self.back = Some(of);
        self.post(&account_of(buyer), day, -given.price);
        self.post(SUPPLIER, day, given.payout);
        self.moved = true;
        Ok(given)
    }

    /// Another amount is owed, or so much less once it is paid.
    pub(super) fn adjusted(&mut self, account: &str, add: i64, day: &str) -> Held {
        let said = self.said.take();
        must(said == Some(add), "I12", || format!("{account} owes {add} more, and {said:?} was said"))?;
        self.post(account, day, if account.starts_with("supplier:") { -add } else { add });
        self.moved = true;
        Ok(())
    }

    /// A statement is closed: it says what our own reckoning does, and never anything else.
    pub(super) fn closes(&mut self, closed: &ClosedStatement) -> Held {
        let read: Closed = serde_json::from_str(&closed.body)
            .map_err(|error| broken("I12", format!("the statement {}: {error}", closed.id())))?;
        let (party, to) = (closed.party.to_string(), closed.to.to_string());
        let funds = party.strip_prefix("buyer:").map(|buyer| format!("funds:{buyer}"));
        let accounts = [Some(party.clone()), funds].into_iter().flatten();
        let debit: i64 = accounts.filter_map(|account| self.accounts.get(&account)).map(|days| upto(days, &to)).sum();
        let want = if party.starts_with("supplier:") { -debit } else { debit };
        let found = read.closing.units();
        must(found == want, "I12", || format!("the statement {} ends at {found}, and should at {want}", closed.id()))?;
        let before = self.closed.insert(closed.id(), closed.body.clone());
        must(before.is_none(), "I12", || format!("the statement {} is closed a second time", closed.id()))?;
        self.moved = true;
        Ok(())
    }

    pub(super) fn is_moved(&self) -> bool {
        self.moved
    }

    /// Whether the store says the same, and every statement is what it was when it was closed.
    pub(super) fn compare(&mut self, view: &dyn View) -> Result<Held, Error> {
        self.moved = false;
        let mut found: BTreeMap<String, i64> = BTreeMap::new();
        for posting in view.postings(&PostingQuery::default())? {
            *found.entry(posting.account.to_string()).or_default() += posting.debit;
        }
        for account in self.accounts.keys().chain(found.keys()) {
            let want: i64 = self.accounts.get(account).map_or(0, |days| days.values().sum());
            let found = found.get(account).copied().unwrap_or(0);
            if want != found {
                return Ok(Err(broken("I12", format!("{account} is at {found}, and should be at {want}"))));
            }
        }
        // Every posting has another side, so that all accounts amount to nothing.
        let sum: i64 = leadwright::books::balances(view)?.accounts.iter().map(|of| of.balance.units()).sum();
        if sum != 0 {
            return Ok(Err(broken("I12", format!("all accounts make {sum}, and not 0"))));
        }
        let closed = view.statements(None)?;
        let same = closed.len() == self.closed.len()
            && closed.iter().all(|closed| self.closed.get(&closed.id()) == Some(&closed.body));
        Ok(must(same, "I12", || "a closed statement is not what it was".into()))
    }
}

fn upto(days: &BTreeMap<String, i64>, to: &str) -> i64 {
    days.iter().take_while(|(day, _)| day.as_str() <= to).map(|(_, debit)| debit).sum()
}

/// The account that a buyer pays from.
pub(super) fn account_of(buyer: &str) -> String {
    let kind = if buyer == crate::sim::market::PREPAID { "funds" } else { "buyer" };
    format!("{kind}:{buyer}")
}
