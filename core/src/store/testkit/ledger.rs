//! What every store must do with the money ledger.

use super::{Check, at, decision, id, read, tenant, write};
use crate::model::{Account, Code, ContractId, Date, Error, Party, PostingKind, SourceId};
use crate::store::{
    Change, ClosedStatement, Effects, Entry, EntryQuery, EntrySale, Posting, PostingQuery, PostingSum, Store,
};
use std::collections::BTreeMap;

pub(super) const CHECKS: &[(&str, Check)] = &[
    ("postings add up, by account, kind, contract and source", postings_add_up),
    ("entries are found by account, day, kind, sale and day of the sale", entries_are_found),
    ("closed statements are kept, and none twice", statements_are_kept),
    ("what fails posts nothing", failure_posts_nothing),
];

fn day(day: u8) -> Date {
    Date::new(2026, 11, day).expect("a date")
}

fn account(text: &str) -> Account {
    text.parse().expect("an account")
}

fn posting(of: &str, on: u8, kind: PostingKind, contract: Option<&str>, debit: i64) -> Posting {
    let (contract, source) = (contract.map(ContractId::known), contract.map(|_| SourceId::known("web")));
    Posting { date: day(on), sum: PostingSum { account: account(of), kind, contract, source, count: 1, debit } }
}

fn entry(posting: Posting, lead: Option<&str>, sold: u8) -> Entry {
    Entry {
        at: at(5),
        posting,
        sale: lead.map(|lead| EntrySale { decision: id(lead, 1), key: format!("key-{lead}"), sold: day(sold) }),
        refers_to: lead.map(|_| "buyer:acme.1".into()),
        counters: BTreeMap::from([("buyer:acme|day:2026-11-24|count|sold".into(), -1)]),
        by: "ann".into(),
        reason: "a test".into(),
    }
}

fn change(store: &dyn Store, change: &Change) {
    store.write(&tenant(), &mut |transaction| transaction.change(change)).expect("written");
}

fn postings_add_up(store: &dyn Store) {
    let sale = |on, debit| posting("buyer:acme", on, PostingKind::Sale, Some("acme-il"), debit);
    let payout = posting("supplier:web", 24, PostingKind::Payout, Some("acme-il"), -280_000);
    write(store, &Effects { postings: vec![sale(24, 400_000), payout.clone()], ..decision("a", 1, 0) });
    write(store, &Effects { postings: vec![sale(24, 100_000), sale(25, 1)], ..decision("b", 1, 1) });
    let deposit = posting("funds:acme", 25, PostingKind::Deposit, None, -7);
    change(store, &Change { entries: vec![entry(deposit.clone(), None, 0)], ..Change::at(at(5)) });
    let of = |accounts: &[&str], from: Option<u8>, to: Option<u8>| {
        let accounts = accounts.iter().map(|text| account(text)).collect();
        let query = PostingQuery { accounts, from: from.map(day), to: to.map(day) };
        read(store, &tenant(), |view| view.postings(&query))
    };
    let sum = |posting: Posting, count: i64, debit: i64| PostingSum { count, debit, ..posting.sum };
    assert_eq!(of(&["buyer:acme"], None, None), [sum(sale(24, 0), 3, 500_001)]);
    assert_eq!(of(&["buyer:acme"], None, Some(24)), [sum(sale(24, 0), 2, 500_000)]);
    assert_eq!(of(&["buyer:acme"], Some(25), None), [sum(sale(24, 0), 1, 1)]);
    assert_eq!(of(&["buyer:acme", "funds:acme"], Some(25), Some(25)), [sum(sale(25, 0), 1, 1), deposit.sum.clone()]);
    assert_eq!(of(&[], None, None), [sum(sale(24, 0), 3, 500_001), deposit.sum, payout.sum]);
    assert_eq!(of(&["buyer:best"], None, None), []);
    assert_eq!(of(&[], Some(26), None), []);
}

fn entries_are_found(store: &dyn Store) {
    let back = |on| posting("buyer:acme", on, PostingKind::Return, Some("acme-il"), -5);
    let claw = posting("supplier:web", 25, PostingKind::ClawBack, Some("acme-il"), 3);
    let paid = posting("buyer:acme", 26, PostingKind::Payment, None, -9);
    let all = vec![
        entry(back(25), Some("a"), 24),
        entry(claw, Some("a"), 24),
        entry(back(26), Some("b"), 25),
        entry(paid, None, 0),
    ];
    change(store, &Change { entries: all.clone(), ..Change::at(at(5)) });
    let of = |query: EntryQuery| read(store, &tenant(), |view| view.entries(&query));
    assert_eq!(of(EntryQuery::default()), all, "as they were written, in their order");
    let postings = PostingQuery { accounts: vec![account("buyer:acme")], from: Some(day(26)), to: None };
    assert_eq!(of(EntryQuery { postings, ..EntryQuery::default() }), all[2..]);
    let kind = Some(PostingKind::Return);
    assert_eq!(of(EntryQuery { kind, decision: Some(id("a", 1)), ..EntryQuery::default() }), all[..1]);
    assert_eq!(of(EntryQuery { decision: Some(id("a", 2)), ..EntryQuery::default() }), []);
    assert_eq!(of(EntryQuery { sold_from: Some(day(25)), ..EntryQuery::default() }), all[2..3]);
    assert_eq!(of(EntryQuery { sold_to: Some(day(24)), ..EntryQuery::default() }), all[..2]);
}

fn statements_are_kept(store: &dyn Store) {
    let closed = |party: &str, n: u32, from: Option<u8>, to: u8| ClosedStatement {
        party: party.parse().expect("a party"),
        n,
        from: from.map(day),
        to: day(to),
        body: format!("{{\"n\":{n}}}"),
    };
    let all =
        [closed("buyer:acme", 1, None, 9), closed("buyer:acme", 2, Some(10), 20), closed("supplier:web", 1, None, 30)];
    for statement in [&all[2], &all[0], &all[1]] {
        change(store, &Change { statement: Some(statement.clone()), ..Change::at(at(5)) });
    }
    let of = |party: Option<&Party>| read(store, &tenant(), |view| view.statements(party));
    assert_eq!(of(None), all);
    assert_eq!(of(Some(&all[0].party)), all[..2]);
    assert_eq!((all[1].id().as_str(), all[1].has(day(10)), all[1].has(day(9))), ("buyer:acme.2", true, false));
    let again =
        Change { statement: Some(ClosedStatement { body: "{}".into(), ..all[0].clone() }), ..Change::at(at(6)) };
    let refused = store.write(&tenant(), &mut |transaction| transaction.change(&again));
    assert_eq!(refused.expect_err("it is closed").code(), Code::StoreCorrupt);
    assert_eq!(of(None), all);
}

fn failure_posts_nothing(store: &dyn Store) {
    let sale = posting("buyer:acme", 24, PostingKind::Sale, Some("acme-il"), 1);
    let failed = store.write(&tenant(), &mut |transaction| {
        transaction.apply(&Effects { postings: vec![sale.clone()], ..decision("a", 1, 0) })?;
        transaction.change(&Change { entries: vec![entry(sale.clone(), Some("a"), 24)], ..Change::at(at(5)) })?;
        Err(Error::new(Code::StoreFull, ""))
    });
    assert!(failed.is_err());
    assert_eq!(read(store, &tenant(), |view| view.postings(&PostingQuery::default())), []);
    assert_eq!(read(store, &tenant(), |view| view.entries(&EntryQuery::default())), []);
}
