//! A store whose commits fail: nobody is told what is not so, and nothing is decided twice.

use super::{Decided, Engine};
use crate::model::{Code, Error, Outcome, TenantId, Tick, Timestamp};
use crate::operate::{Operated, Operation};
use crate::plan::{MemoryResolver, Plan};
use crate::store::testkit::Fault::{AfterCommit, Away, BeforeCommit, None as Well};
use crate::store::testkit::{Fault, FaultyStore};
use crate::store::{MemoryStore, Store, Stored};
use proptest::prelude::*;
use std::sync::Arc;

const CAP: usize = 3;

fn plan() -> Plan {
    let text = r#"{ "format": 1, "plan": "tiny", "currency": "USD", "timezone": "America/Chicago",
        "verticals": { "roofing": { "extends": "us/home-services@1" } },
        "sources": { "web": { "verticals": ["roofing"] } },
        "routes": { "roofing": { "groups": [ { "id": "all", "select": "price" } ], "on_unsold": { "then": "store" } } },
        "buyers": { "acme": { "contracts": { "acme-il": { "in": { "roofing/all": {} }, "caps": { "total": 3 },
            "sell": { "exclusive": { "price": "40.00" } } } } } } }"#;
    Plan::load(&MemoryResolver::new([("plan.jsonc", text)]), "plan.jsonc").unwrap()
}

fn engine(schedule: &[Fault]) -> (Engine, Arc<MemoryStore>) {
    let memory = Arc::new(MemoryStore::new());
    let store = FaultyStore::new(memory.clone(), schedule.iter().copied());
    (Engine::open(plan(), store).unwrap(), memory)
}

fn now() -> Timestamp {
    "2026-11-24T15:30:00Z".parse().unwrap()
}

fn decide(engine: &Engine, lead: usize) -> Result<Decided, Error> {
    let text = format!(r#"{{"id":"L{lead}","source":"web","phone":"312-867-53{lead:02}","zip":"60601"}}"#);
    engine.decide(text.as_bytes(), Tick::at(now()))
}

fn log(store: &dyn Store) -> Vec<Stored> {
    store.decisions(&TenantId::default(), 0, 1_000).unwrap()
}

#[test]
fn what_was_committed_is_answered_with_its_bytes() {
    let (engine, store) = engine(&[Well, AfterCommit]);
    decide(&engine, 1).unwrap();
    let decided = decide(&engine, 2).unwrap();
    assert!(!decided.receipt.replayed);
    let stored = &log(&*store)[1];
    assert_eq!((decided.receipt.seq, &decided.body), (stored.seq, &stored.record.body));
    assert!(decide(&engine, 2).unwrap().receipt.replayed);
    assert_eq!(log(&*store).len(), 2);
}

#[test]
fn what_was_not_committed_is_settled_again_once() {
    let (well, store) = engine(&[BeforeCommit]);
    let decided = decide(&well, 1).unwrap();
    assert!(!decided.receipt.replayed && log(&*store).len() == 1);
    // The second time too, and then it is there or not known.
    let (twice, store) = engine(&[BeforeCommit, Well, AfterCommit]);
    assert!(!decide(&twice, 1).unwrap().receipt.replayed && log(&*store).len() == 1);
    let (never, store) = engine(&[BeforeCommit, Well, BeforeCommit]);
    assert_eq!(decide(&never, 1).unwrap_err().code(), Code::StoreCommitUnknown);
    assert!(log(&*store).is_empty());
}

#[test]
fn nobody_is_told_what_cannot_be_looked_up() {
    for committed in [AfterCommit, BeforeCommit] {
        let (engine, store) = engine(&[committed, Away]);
        assert_eq!(decide(&engine, 1).unwrap_err().code(), Code::StoreCommitUnknown);
        let there = log(&*store).len();
        assert_eq!(there, usize::from(committed == AfterCommit));
        let again = decide(&engine, 1).unwrap();
        assert_eq!(again.receipt.replayed, there == 1);
        assert_eq!(log(&*store).len(), 1);
    }
    // That it cannot be seen yet is no proof while nothing can be written.
    let (engine, _) = engine(&[BeforeCommit, Well, Away]);
    assert_eq!(decide(&engine, 1).unwrap_err().code(), Code::StoreCommitUnknown);
}

#[test]
fn a_failure_before_the_commit_is_what_it_is() {
    let (engine, store) = engine(&[Away]);
    assert_eq!(decide(&engine, 1).unwrap_err().code(), Code::StoreIo);
    assert!(log(&*store).is_empty());
}

fn pay(engine: &Engine, key: &str) -> Result<Operated, Error> {
    let funds = format!(r#"{{"op":"funds","buyer":"acme","add":"5.00","by":"ann","reason":"wire"{key}}}"#);
    engine.operate(&Operation::read(&funds).unwrap(), now())
}

fn payments(store: &dyn Store) -> usize {
    store.events(&TenantId::default(), 0, 100).unwrap().len()
}

#[test]
fn an_operation_is_known_by_its_key() {
    let key = r#","key":"k-1""#;
    for fault in [BeforeCommit, AfterCommit] {
        let (with, store) = engine(&[fault]);
        assert!(!pay(&with, key).unwrap().replayed);
        assert_eq!(payments(&*store), 1);
        assert!(pay(&with, key).unwrap().replayed);
        assert_eq!(payments(&*store), 1);

        let (without, store) = engine(&[fault]);
        assert_eq!(pay(&without, "").unwrap_err().code(), Code::StoreCommitUnknown);
        assert_eq!(payments(&*store), usize::from(fault == AfterCommit));

        let (away, _) = engine(&[fault, Away]);
        assert_eq!(pay(&away, key).unwrap_err().code(), Code::StoreCommitUnknown);
    }
}

fn faults() -> impl Strategy<Value = Vec<Fault>> {
    prop::collection::vec(prop::sample::select(vec![Well, Well, Away, BeforeCommit, AfterCommit]), 0..40)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    /// Whatever fails when: who asks until there is an answer gets the one of a store that never failed, once each.
    #[test]
    fn who_asks_until_there_is_an_answer_gets_the_one_of_a_store_that_never_failed(
        schedule in faults(), sizes in prop::collection::vec(1_usize..4, 1..8)
    ) {
        let ((faulty, store), (well, want)) = (engine(&schedule), engine(&[]));
        let mut next = 0;
        for size in sizes {
            let leads: Vec<String> = (next..next + size)
                .map(|lead| format!(r#"{{"id":"L{lead}","source":"web","phone":"312-867-53{lead:02}","zip":"60601"}}"#))
                .collect();
            next += size;
            let settle = |engine: &Engine| {
                let leads: Vec<_> = leads.iter().map(|lead| engine.prepare(lead.as_bytes(), Tick::at(now()))).collect();
                engine.settle(&leads)
            };
            let mut asked_before = false;
            let answer = loop {
                match settle(&faulty) {
                    Ok(answer) => break answer,
                    Err(error) => {
                        let known = [Code::StoreIo, Code::StoreCommitUnknown];
                        prop_assert!(known.contains(&error.code()), "{error}");
                        asked_before |= error.code() == Code::StoreCommitUnknown;
                    }
                }
            };
            for (answer, want) in answer.iter().zip(settle(&well).unwrap()) {
                prop_assert_eq!(&answer.body, &want.body);
                prop_assert!(asked_before || !answer.receipt.replayed, "only who asks twice gets it again");
                let stored = store.decision(&TenantId::default(), &answer.id).unwrap().unwrap();
                prop_assert_eq!((answer.receipt.seq, &answer.body), (stored.seq, &stored.record.body));
            }
        }
        let records = |log: Vec<Stored>| log.into_iter().map(|stored| stored.record).collect::<Vec<_>>();
        let log_of = records(log(&*store));
        prop_assert_eq!(log_of.iter().filter(|record| record.outcome == Outcome::Assigned).count(), CAP.min(next));
        prop_assert_eq!(log_of, records(log(&*want)));
        prop_assert_eq!(store.rollups(&TenantId::default()).unwrap(), want.rollups(&TenantId::default()).unwrap());
        prop_assert_eq!(store.outbox(&TenantId::default(), 0, 99).unwrap().len(), CAP.min(next));
    }
}
