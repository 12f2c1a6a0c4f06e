//! Operations that move money.

use super::doing::{Doing, unknown};
use super::malformed;
use crate::books::{Sold, close, cycle, refers_to};
use crate::engine::deliver::taken_off;
use crate::engine::fall::{RETURNED, given_back};
use crate::events::{FundsChanged, LeadReturned, MoneyAdjusted, StatementWasClosed, written};
use crate::limits::Measure;
use crate::model::{Account, Code, Error, EventKind, Money, Party, PostingKind, Subject};
use crate::operate::{Adjust, Close, Funds, Payment, Return, funds_counter};
use crate::plan::compiled::{Calendar, Returns};
use crate::store::{CounterAdd, Entry, EntryQuery, EntrySale, Posting, PostingQuery, PostingSum};
use std::collections::{BTreeMap, BTreeSet};

/// Who says so, and why.
type Said<'a> = (&'a str, &'a str);

fn refused(why: impl Into<String>) -> Error {
    Error::new(Code::OperationReturnRefused, why)
}

fn beyond(name: &str) -> Error {
    malformed(format!("`{name}` is more than can be counted"))
}

impl Doing<'_> {
    pub(super) fn funds(&mut self, funds: &Funds) -> Result<(), Error> {
        if !self.plan.buyers.contains_key(&funds.buyer) {
            let known = self.plan.buyers.keys().map(|buyer| buyer.as_str());
            return Err(unknown("buyer", funds.buyer.as_str(), known));
        }
        let balance = self.transaction.counter(&funds_counter(&funds.buyer))?.checked_add(funds.add.units());
        let balance = balance.and_then(Money::from_units).ok_or_else(|| beyond("add"))?;
        let (by, reason) = (funds.by.clone(), funds.reason.clone());
        let data = written(&FundsChanged { add: funds.add, balance, by, reason });
        let account = Account::Funds(funds.buyer.clone());
        let debit = funds.add.units().saturating_neg();
        self.post(account, PostingKind::Deposit, debit, (&funds.by, &funds.reason));
        self.tell(EventKind::FundsChanged, Subject::Buyer(funds.buyer.clone()), data);
        Ok(())
    }

    /// Another amount is owed, for a reason that no lead gives.
    pub(super) fn adjust(&mut self, adjust: &Adjust) -> Result<(), Error> {
        let Adjust { party, add, by, reason, .. } = adjust;
        self.owed(party, PostingKind::Adjust, *add, (by, reason))
    }

    /// A bill was paid: so much less is owed.
    pub(super) fn payment(&mut self, payment: &Payment) -> Result<(), Error> {
        let Payment { party, amount, by, reason, .. } = payment;
        let add = Money::from_units(amount.units().saturating_neg()).ok_or_else(|| beyond("amount"))?;
        self.owed(party, PostingKind::Payment, add, (by, reason))
    }

    fn owed(&mut self, party: &Party, kind: PostingKind, add: Money, (by, reason): Said<'_>) -> Result<(), Error> {
        self.known(party)?;
        let mut balance = self.balance(party)?;
        for (account, add) in self.parts(party, add)? {
            balance = balance.checked_add(add.units()).ok_or_else(|| beyond("the amount"))?;
            let shown = Money::from_units(balance).ok_or_else(|| beyond("the amount"))?;
            self.post(account.clone(), kind, party.balance(add.units()), (by, reason));
            let (by, reason) = (by.to_owned(), reason.to_owned());
            let data = written(&MoneyAdjusted { account, add, balance: shown, by, kind, reason });
            self.tell(EventKind::MoneyAdjusted, subject(party), data);
        }
        Ok(())
    }

    /// To which accounts of the party an amount goes. What a buyer owed by bill before it came to pay from funds is settled
    /// first: else an old bill that is paid would be money to buy with.
    fn parts(&self, party: &Party, add: Money) -> Result<Vec<(Account, Money)>, Error> {
        let account = match party {
            Party::Buyer(buyer) => self.plan.pays_from(buyer),
            Party::Supplier(supplier) => Account::Supplier(supplier.clone()),
        };
        let Account::Funds(buyer) = &account else { return Ok(vec![(account, add)]) };
        let billed = Account::Buyer(buyer.clone());
        let query = PostingQuery { accounts: vec![billed.clone()], ..PostingQuery::default() };
        let owed = self.transaction.postings(&query)?;
        let owed = owed.iter().fold(0, |sum: i64, posting| sum.saturating_add(party.balance(posting.debit)));
        let settled = add.units().saturating_neg().clamp(0, owed.max(0));
        if settled == 0 {
            return Ok(vec![(account, add)]);
        }
        let parts = [(billed, settled.saturating_neg()), (account, add.units().saturating_add(settled))];
        let parts = parts.into_iter().filter(|(_, add)| *add != 0);
        let parts: Vec<_> = parts.filter_map(|(account, add)| Some((account, Money::from_units(add)?))).collect();
        Ok(parts)
    }

    /// Whether the plan has such a party, or the ledger has.
    fn known(&self, party: &Party) -> Result<(), Error> {
        let suppliers = || self.plan.sources.values().map(|source| &source.supplier);
        let there = match party {
            Party::Buyer(buyer) => self.plan.buyers.contains_key(buyer),
            Party::Supplier(supplier) => suppliers().any(|known| known == supplier),
        };
        let posted = || {
            let accounts = party.accounts().collect();
            self.transaction.postings(&PostingQuery { accounts, ..PostingQuery::default() })
        };
        if there || !posted()?.is_empty() {
            return Ok(());
        }
        Err(match party {
            Party::Buyer(id) => unknown("buyer", id.as_str(), self.plan.buyers.keys().map(|id| id.as_str())),
            Party::Supplier(id) => unknown("supplier", id.as_str(), suppliers().map(|id| id.as_str())),
        })
    }

    /// What the party owes or is owed now.
    fn balance(&self, party: &Party) -> Result<i64, Error> {
        let accounts = party.accounts().collect();
        let all = self.transaction.postings(&PostingQuery { accounts, ..PostingQuery::default() })?;
        Ok(all.iter().fold(0, |sum: i64, posting| sum.saturating_add(party.balance(posting.debit))))
    }

    /// A buyer gives a lead back.
    pub(super) fn returned(&mut self, said: &Return, sold: &Sold) -> Result<(), Error> {
        let terms = sold.plan.buyers.get(&said.buyer).and_then(|buyer| buyer.returns.as_ref());
        let terms = terms.ok_or_else(|| refused(format!("`{}` has no `returns` in the plan", said.buyer)))?;
        let back = given_back(&*self.transaction, &sold.decision)?;
        let returned: BTreeSet<String> = back.keys().cloned().collect();
        if back.get(&sold.assignment.key).is_some_and(|why| why != RETURNED) {
            return Err(refused("the buyer did not take it: there is nothing to give back"));
        }
        self.may_return(said, sold, terms, &returned)?;
        let assignment = &sold.assignment;
        let paid_from = sold.plan.pays_from(&said.buyer);
        let mut counters = if terms.refunds_cap { self.given_back(sold) } else { BTreeMap::new() };
        // What it pays is what it gets back.
        let off = taken_off(&*self.transaction, &sold.decision, &assignment.key)?;
        let paid = assignment.price.units().saturating_add(off);
        let debit = paid.saturating_neg();
        let claw_back = sold.claw_back(&returned);
        let refers = refers_to(&*self.transaction, &paid_from, sold.date)?;
        self.reverse(sold, (paid_from.clone(), PostingKind::Return, debit), counters.clone(), said)?;
        if let Some((account, due)) = &claw_back {
            self.reverse(sold, (account.clone(), PostingKind::ClawBack, due.units()), BTreeMap::new(), said)?;
        }
        if matches!(paid_from, Account::Funds(_)) && paid != 0 {
            counters.insert(funds_counter(&said.buyer), paid);
        }
        let data = written(&LeadReturned {
            buyer: said.buyer.clone(),
            by: said.by.clone(),
            claw_back: claw_back.as_ref().map(|(_, due)| *due),
            contract: assignment.contract.clone(),
            counters,
            key: assignment.key.clone(),
            price: Money::from_units(paid).unwrap_or(assignment.price),
            reason: said.reason.clone(),
            refers_to: refers,
            supplier: claw_back.map(|(account, _)| account),
        });
        self.tell(EventKind::LeadReturned, Subject::Decision(sold.decision.clone()), data);
        Ok(())
    }

    /// Whether the terms under which the lead was sold let the buyer give it back (rule 93).
    fn may_return(
        &self,
        said: &Return,
        sold: &Sold,
        terms: &Returns,
        returned: &BTreeSet<String>,
    ) -> Result<(), Error> {
        if returned.contains(&sold.assignment.key) {
            return Err(refused("it was returned before"));
        }
        let age = self.change.at.millis().saturating_sub(sold.at.millis());
        if age > terms.within {
            let hours = |millis: i64| millis / 3_600_000;
            let why = format!("it was sold {} hours ago, and `within` is {}", hours(age), hours(terms.within));
            return Err(refused(why));
        }
        if !terms.reasons.is_empty() && !terms.reasons.contains(&said.reason) {
            return Err(refused(format!("the reason is none of {}", terms.reasons.join(", "))));
        }
        let Some(max_rate) = terms.max_rate else { return Ok(()) };
        let party = Party::Buyer(said.buyer.clone());
        let (from, to) = cycle(&*self.transaction, &party, sold.date)?;
        let accounts: Vec<Account> = party.accounts().collect();
        let all = self.transaction.postings(&PostingQuery { accounts: accounts.clone(), from, to })?;
        let counted = |sum: i64, posting: &PostingSum| match posting.kind {
            PostingKind::Sale => sum.saturating_add(posting.count),
            PostingKind::Release => sum.saturating_sub(posting.count),
            _ => sum,
        };
        let sales = all.iter().fold(0, counted);
        let postings = PostingQuery { accounts, ..PostingQuery::default() };
        let kind = Some(PostingKind::Return);
        let query = EntryQuery { postings, kind, sold_from: from, sold_to: to, ..EntryQuery::default() };
        let back = i64::try_from(self.transaction.entries(&query)?.len()).unwrap_or(i64::MAX).saturating_add(1);
        if back.saturating_mul(100) > sales.saturating_mul(i64::from(max_rate)) {
            return Err(refused(format!("it would be {back} of {sales} leads, and `max_rate` is {max_rate} in 100")));
        }
        Ok(())
    }

    /// The places under caps of the contract and of the buyer that a return gives back: of windows that are still those of
    /// the sale. Caps of money stay as they are (rule 18).
    fn given_back(&self, sold: &Sold) -> BTreeMap<String, i64> {
        let mut counters = BTreeMap::new();
        let mut of = |calendar: &Calendar| {
            let counts = calendar.caps.iter().filter(|cap| cap.measure == Measure::Count);
            for cap in counts.filter(|cap| cap.window.rolling_millis().is_none()) {
                let window = |at| cap.window.key(&calendar.zone, at, calendar.starts);
                let then = window(sold.at);
                if then == window(self.change.at) {
                    counters.insert(cap.counter(&then), -1);
                }
            }
        };
        let contract = sold.plan.contracts.iter().find(|contract| contract.id == sold.assignment.contract);
        contract.into_iter().for_each(|contract| of(&contract.caps));
        sold.plan.buyers.get(&sold.assignment.buyer).into_iter().for_each(|buyer| of(&buyer.caps));
        counters
    }

    /// Posts a part of a sale the other way round, today.
    fn reverse(
        &mut self,
        sold: &Sold,
        (account, kind, debit): (Account, PostingKind, i64),
        counters: BTreeMap<String, i64>,
        said: &Return,
    ) -> Result<(), Error> {
        let refers_to = refers_to(&*self.transaction, &account, sold.date)?;
        self.post(account, kind, debit, (&said.by, &said.reason));
        let Some(entry) = self.change.entries.last_mut() else { return Ok(()) };
        entry.posting.sum.contract = Some(sold.assignment.contract.clone());
        entry.posting.sum.source = Some(sold.decision.source.clone());
        let (decision, key) = (sold.decision.clone(), sold.assignment.key.clone());
        entry.sale = Some(EntrySale { decision, key, sold: sold.date });
        entry.refers_to = refers_to;
        entry.counters.clone_from(&counters);
        self.change.counters.extend(counters.into_iter().map(|(key, add)| CounterAdd { key, add }));
        Ok(())
    }

    /// Posts to the account of a party; what moves funds moves their counter, by which sales are held back.
    fn post(&mut self, account: Account, kind: PostingKind, debit: i64, (by, reason): Said<'_>) {
        if let Account::Funds(buyer) = &account {
            self.change.counters.push(CounterAdd { key: funds_counter(buyer), add: debit.saturating_neg() });
        }
        let sum = PostingSum { account, kind, contract: None, source: None, count: 1, debit };
        self.change.entries.push(Entry {
            at: self.change.at,
            posting: Posting { date: self.plan.zone.date(self.change.at), sum },
            sale: None,
            refers_to: None,
            counters: BTreeMap::new(),
            by: by.to_owned(),
            reason: reason.to_owned(),
        });
    }

    /// Closes the open period of a party.
    pub(super) fn close(&mut self, said: &Close) -> Result<(), Error> {
        let Close { party, to, by, reason, .. } = said;
        self.known(party)?;
        let what = (party, *to);
        let (statement, closed) = close(&*self.transaction, self.plan.currency, what, (self.change.at, by, reason))?;
        let Some(of) = statement.closed else { return Ok(()) };
        let data = written(&StatementWasClosed {
            by: of.by,
            closing: statement.closing,
            from: closed.from,
            hash: of.hash,
            id: of.id,
            opening: statement.opening,
            reason: of.reason,
            to: closed.to,
        });
        self.change.statement = Some(closed);
        self.tell(EventKind::StatementClosed, subject(party), data);
        Ok(())
    }
}

fn subject(party: &Party) -> Subject {
    match party {
        Party::Buyer(id) => Subject::Buyer(id.clone()),
        Party::Supplier(id) => Subject::Supplier(id.clone()),
    }
}
