//! What every store must do, as checks that a store of your own can run too.
//!
//! A check panics when the store does not do it: this module is for tests.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    reason = "checks fail by panicking"
)]

mod around;
mod deliveries;
mod erasure;
mod faulty;
mod history;
mod ledger;
mod problems;
mod queue;
mod reservations;
mod subscribers;

pub use around::{Around, Between};
pub use faulty::{Fault, Faults, FaultyStore};

use super::{
    Change, Claim, CounterAdd, Effects, GroupTurns, LeadIn, MomentAdd, OutboxEntry, Record, RollupAdd, Setting, Store,
    SumsBy, SumsQuery, Transaction, Turn, TurnRow, View,
};
use crate::model::{
    BuyerId, Code, ContractId, Date, DecisionId, Error, Event, EventKind, LeadId, Money, Outcome, Seed, SourceId,
    Subject, TenantId, Timestamp,
};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Makes an empty store.
pub type Make<'a> = &'a dyn Fn() -> Arc<dyn Store>;

/// Runs every check, each on a store of its own.
pub fn conformance(make: Make<'_>) {
    let more = [
        deliveries::CHECKS,
        erasure::CHECKS,
        history::CHECKS,
        ledger::CHECKS,
        problems::CHECKS,
        queue::CHECKS,
        reservations::CHECKS,
        subscribers::CHECKS,
    ];
    for (name, check) in CHECKS.iter().chain(more.into_iter().flatten()) {
        eprintln!("store: {name}");
        check(&*make());
    }
    concurrent_writers_lose_nothing(&make());
    subscribers::a_reader_beside_writers_sees_no_gap(&make());
}

type Check = fn(&dyn Store);

const CHECKS: &[(&str, Check)] = &[
    ("counters add up, and are 0 before", counters_add_up),
    ("moments are summed from after a time on (rule 12)", moments_are_summed),
    ("a claim made exactly then is not found (rule 66)", claims_have_a_boundary),
    ("the latest claim counts", the_latest_claim_counts),
    ("claims are counted up to a number", claims_are_counted),
    ("tenants are apart", tenants_are_apart),
    ("what fails leaves nothing behind", failure_leaves_nothing),
    ("a transaction sees its own writes", a_transaction_sees_its_writes),
    ("decisions come in the order of the log", decisions_are_in_order),
    ("the latest decision about a lead is found", the_latest_decision_is_found),
    ("requests are found by key and by payload", requests_are_found),
    ("a decision is written once", a_decision_is_written_once),
    ("turns are kept, and leavers forgotten", turns_are_kept),
    ("delivery keys are unique", delivery_keys_are_unique),
    ("events and the outbox keep their order", events_keep_their_order),
    ("rollups add up", rollups_add_up),
    ("a plan is kept once", plans_are_kept),
    ("the clock does not go back", the_clock_stays),
    ("changes that no lead made are kept", changes_are_kept),
];

const HASH: &str = "sha256:plan";

fn at(millis: i64) -> Timestamp {
    Timestamp::EPOCH.plus_millis(1_764_000_000_000 + millis)
}

fn tenant() -> TenantId {
    TenantId::default()
}

fn id(lead: &str, n: u32) -> DecisionId {
    DecisionId { source: SourceId::known("web"), lead: LeadId::known(lead), n }
}

fn decision(lead: &str, n: u32, millis: i64) -> Effects {
    let record = Record {
        id: id(lead, n),
        tenant: tenant(),
        at: at(millis),
        requested_at: at(millis),
        seed: Seed::default(),
        plan: HASH.into(),
        outcome: Outcome::Assigned,
        idempotency_key: Some(format!("key-{lead}-{n}")),
        payload: [u8::try_from(lead.len()).expect("short"); 32],
        input: b"{}".to_vec(),
        reads: "{}".into(),
        body: format!("{lead}.{n}").into_bytes(),
        digest: "d".repeat(64),
    };
    Effects {
        record,
        lead: LeadIn { canonical: 0..lead.len(), corrections: lead.len() + 1..lead.len() + 1, inner: [9; 32] },
        counters: Vec::new(),
        moments: Vec::new(),
        claims: Vec::new(),
        turns: Vec::new(),
        outbox: Vec::new(),
        events: Vec::new(),
        rollups: Vec::new(),
        postings: Vec::new(),
        problems: Vec::new(),
        reservations: Vec::new(),
        ends_wait: false,
        waiting: None,
    }
}

fn write(store: &dyn Store, effects: &Effects) -> u64 {
    store.put_plan(HASH, "{}").expect("the plan is kept");
    let mut seq = 0;
    let wrote = store.write(&effects.record.tenant, &mut |transaction| {
        seq = transaction.apply(effects)?;
        Ok(())
    });
    wrote.expect("it is written");
    seq
}

fn read<T>(store: &dyn Store, tenant: &TenantId, ask: impl Fn(&dyn View) -> Result<T, Error>) -> T {
    let mut answer = None;
    let asked = store.read(tenant, &mut |view| {
        answer = Some(ask(view)?);
        Ok(())
    });
    asked.expect("it is read");
    answer.expect("the work was run")
}

fn last(store: &dyn Store) -> Option<Timestamp> {
    read(store, &tenant(), |view| view.last_decided_at())
}

fn counted(lead: &str, key: &str, add: i64) -> Effects {
    Effects { counters: vec![CounterAdd { key: key.into(), add }], ..decision(lead, 1, 0) }
}

fn claim(lead: &str, millis: i64) -> Effects {
    let made = Claim { scope: "plan|sold|phone".into(), hash: [7; 16], at: at(millis), by: id(lead, 1) };
    Effects { claims: vec![made], ..decision(lead, 1, millis) }
}

fn find_claim(store: &dyn Store, after: i64) -> Option<DecisionId> {
    read(store, &tenant(), |view| view.claim("plan|sold|phone", &[7; 16], at(after), None)).map(|claim| claim.by)
}

fn counters_add_up(store: &dyn Store) {
    assert_eq!(read(store, &tenant(), |view| view.counter("k")), 0);
    write(store, &counted("a", "k", 2));
    write(store, &counted("b", "k", 3));
    assert_eq!(read(store, &tenant(), |view| view.counter("k")), 5);
}

fn moments_are_summed(store: &dyn Store) {
    let since = |key: &str, after: i64| read(store, &tenant(), |view| view.since(key, at(after)));
    let add = |lead: &str, key: &str, millis: i64, add: i64| {
        let moments = vec![MomentAdd { key: key.into(), at: at(millis), add }];
        write(store, &Effects { moments, ..decision(lead, 1, 10_000) });
    };
    assert_eq!(since("k", -1), 0);
    for (lead, millis, much) in [("a", 100, 2), ("b", 100, 3), ("c", 200, 5), ("d", 300, 7)] {
        add(lead, "k", millis, much);
    }
    add("e", "kk", 150, 1_000);
    for (after, want) in [(99, 17), (100, 12), (199, 12), (200, 7), (299, 7), (300, 0), (i64::MAX / 2, 0)] {
        assert_eq!(since("k", after), want, "{after}");
    }
    // What is taken back is taken from where it was; and something may be added to the past.
    add("f", "k", 200, -5);
    add("g", "k", 250, 1);
    for (after, want) in [(99, 13), (100, 8), (200, 8), (249, 8), (250, 7), (300, 0)] {
        assert_eq!(since("k", after), want, "{after}");
    }
    let failed = store.write(&tenant(), &mut |transaction| {
        let moments = vec![MomentAdd { key: "k".into(), at: at(50), add: 100 }];
        transaction.apply(&Effects { moments, ..decision("h", 1, 0) })?;
        assert_eq!(transaction.since("k", at(0))?, 113);
        Err(Error::new(Code::InternalError, "given up"))
    });
    assert!(failed.is_err());
    assert_eq!((since("k", 0), since("k", 100)), (13, 8));
    assert_eq!(since("kk", 0), 1_000);
    assert_eq!(read(store, &TenantId::known("other"), |view| view.since("k", at(0))), 0);
}

fn claims_have_a_boundary(store: &dyn Store) {
    write(store, &claim("a", 1_000));
    assert_eq!(find_claim(store, 999), Some(id("a", 1)));
    assert_eq!(find_claim(store, 1_000), None);
    let other = read(store, &tenant(), |view| view.claim("plan|sold|email", &[7; 16], at(0), None));
    assert_eq!(other, None, "scopes are apart");
    let other = read(store, &tenant(), |view| view.claim("plan|sold|phone", &[8; 16], at(0), None));
    assert_eq!(other, None, "hashes are apart");
}

fn the_latest_claim_counts(store: &dyn Store) {
    // Far enough apart to lie in different buckets.
    for (lead, millis) in [("old", 0), ("mid", 40 * 86_400_000), ("new", 80 * 86_400_000)] {
        write(store, &claim(lead, millis));
    }
    assert_eq!(find_claim(store, -1), Some(id("new", 1)));
    assert_eq!(find_claim(store, 80 * 86_400_000), None);
}

fn claims_are_counted(store: &dyn Store) {
    let count = |after: i64, most: u32| {
        read(store, &tenant(), |view| view.claims("plan|sold|phone", &[7; 16], at(after), None, most))
    };
    assert_eq!(count(-1, 9), 0);
    for (lead, millis) in [("old", 0), ("mid", 40 * 86_400_000), ("new", 80 * 86_400_000)] {
        write(store, &claim(lead, millis));
    }
    assert_eq!((count(-1, 9), count(-1, 2), count(0, 9), count(80 * 86_400_000, 9)), (3, 2, 2, 0));
    // Its own do not count for a lead, and those of others before them do.
    let (web, lead) = (SourceId::known("web"), LeadId::known("new"));
    let others = read(store, &tenant(), |view| {
        let but = Some((&web, &lead));
        let latest = view.claim("plan|sold|phone", &[7; 16], at(-1), but)?;
        Ok((latest.map(|claim| claim.by), view.claims("plan|sold|phone", &[7; 16], at(-1), but, 9)?))
    });
    let all = read(store, &tenant(), |view| view.claims("plan|sold|phone", &[7; 16], at(-1), None, 9));
    assert_eq!(others, (Some(id("mid", 1)), all - 1));
    assert_eq!(read(store, &tenant(), |view| view.claims("plan|sold|phone", &[8; 16], at(-1), None, 9)), 0);
}

fn tenants_are_apart(store: &dyn Store) {
    let mut other = counted("a", "k", 2);
    other.record.tenant = TenantId::known("other");
    write(store, &other);
    write(store, &counted("a", "k", 5));
    assert_eq!(read(store, &tenant(), |view| view.counter("k")), 5);
    assert_eq!(read(store, &TenantId::known("other"), |view| view.counter("k")), 2);
    assert_eq!(store.decisions(&tenant(), 0, 10).expect("read").len(), 1);
}

fn failure_leaves_nothing(store: &dyn Store) {
    write(store, &counted("a", "k", 1));
    let failed = store.write(&tenant(), &mut |transaction| {
        transaction.apply(&claim("b", 5))?;
        transaction.apply(&counted("c", "k", 10))?;
        Err(Error::new(Code::InternalError, "given up"))
    });
    assert_eq!(failed.expect_err("it was given up").code(), Code::InternalError);
    assert_eq!(read(store, &tenant(), |view| view.counter("k")), 1);
    assert_eq!(find_claim(store, -1), None);
    assert_eq!(store.decision(&tenant(), &id("b", 1)).expect("read"), None);
    assert_eq!(store.decisions(&tenant(), 0, 10).expect("read").len(), 1);
    assert_eq!(last(store), Some(at(0)));
    write(store, &counted("b", "k", 1));
}

fn a_transaction_sees_its_writes(store: &dyn Store) {
    store.put_plan(HASH, "{}").expect("the plan is kept");
    let wrote = store.write(&tenant(), &mut |transaction: &mut dyn Transaction| {
        transaction.apply(&counted("a", "k", 1))?;
        assert_eq!(transaction.counter("k")?, 1);
        assert_eq!(
            transaction.decided(&SourceId::known("web"), &LeadId::known("a"))?.map(|known| known.id),
            Some(id("a", 1))
        );
        transaction.apply(&claim("b", 5))?;
        assert!(transaction.claim("plan|sold|phone", &[7; 16], at(0), None)?.is_some());
        assert_eq!(transaction.body(&id("a", 1))?.map(|(_, body)| body), Some(b"a.1".to_vec()));
        Ok(())
    });
    wrote.expect("it is written");
}

fn decisions_are_in_order(store: &dyn Store) {
    let seqs: Vec<u64> = ["c", "a", "b"].iter().map(|lead| write(store, &decision(lead, 1, 0))).collect();
    assert!(seqs.is_sorted() && seqs[0] > 0, "{seqs:?}");
    let all = store.decisions(&tenant(), 0, 10).expect("read");
    assert_eq!(all.iter().map(|stored| stored.seq).collect::<Vec<_>>(), seqs);
    assert_eq!(all[1].record, decision("a", 1, 0).record, "all of it comes back");
    let page = store.decisions(&tenant(), seqs[0], 1).expect("read");
    assert_eq!(page.iter().map(|stored| stored.seq).collect::<Vec<_>>(), [seqs[1]]);
    assert_eq!(store.find(&tenant(), &LeadId::known("b")).expect("read"), [id("b", 1)]);
}

fn the_latest_decision_is_found(store: &dyn Store) {
    for n in 1..=3 {
        write(store, &decision("a", n, i64::from(n)));
    }
    let known = read(store, &tenant(), |view| view.decided(&SourceId::known("web"), &LeadId::known("a")));
    assert_eq!(known.map(|known| (known.id.n, known.at)), Some((3, at(3))));
    let none = read(store, &tenant(), |view| view.decided(&SourceId::known("other"), &LeadId::known("a")));
    assert_eq!(none, None);
}

fn requests_are_found(store: &dyn Store) {
    write(store, &decision("a", 1, 100));
    let source = SourceId::known("web");
    let by_key = |key: &str| read(store, &tenant(), |view| view.by_idempotency_key(&source, key));
    assert_eq!(by_key("key-a-1").map(|known| (known.id, known.payload)), Some((id("a", 1), [1; 32])));
    assert_eq!(by_key("key-b-1"), None);
    let by_payload = |after: i64| read(store, &tenant(), |view| view.by_payload(&source, &[1; 32], at(after)));
    assert_eq!(by_payload(99).map(|known| known.id), Some(id("a", 1)));
    assert_eq!(by_payload(100), None);
    // The same key again, with another lead: the key stands for the first.
    let mut again = decision("bb", 1, 200);
    again.record.idempotency_key = Some("key-a-1".into());
    write(store, &again);
    assert_eq!(by_key("key-a-1").map(|known| known.id), Some(id("a", 1)));
}

fn a_decision_is_written_once(store: &dyn Store) {
    write(store, &decision("a", 1, 0));
    let twice = store.write(&tenant(), &mut |transaction| transaction.apply(&decision("a", 1, 0)).map(drop));
    assert!(twice.is_err());
    assert_eq!(store.decisions(&tenant(), 0, 10).expect("read").len(), 1);
}

fn turns_are_kept(store: &dyn Store) {
    let turns = |n: u64, members: &[(&str, u64)]| GroupTurns {
        n,
        steady: "a=1,".into(),
        members: members
            .iter()
            .map(|(contract, served)| {
                (ContractId::known(*contract), Turn { served: *served, last: n, credit: -5, owed: 7 })
            })
            .collect(),
    };
    assert_eq!(read(store, &tenant(), |view| view.turns("r/g")), GroupTurns::default());
    for (lead, after) in [("a", turns(2, &[("x", 1), ("y", 1)])), ("b", turns(3, &[("x", 2), ("z", 1)]))] {
        let row = TurnRow { group: "r/g".into(), after: after.clone() };
        write(store, &Effects { turns: vec![row], ..decision(lead, 1, 0) });
        assert_eq!(read(store, &tenant(), |view| view.turns("r/g")), after);
    }
}

fn delivery(lead: &str, key: &str) -> Effects {
    let entry = OutboxEntry {
        key: key.into(),
        decision: id(lead, 1),
        buyer: BuyerId::known("acme"),
        contract: ContractId::known("acme-il"),
        price: Money::from_units(400_000).expect("an amount"),
        due_at: at(0),
    };
    Effects { outbox: vec![entry], ..decision(lead, 1, 0) }
}

fn delivery_keys_are_unique(store: &dyn Store) {
    write(store, &delivery("a", "k"));
    let twice = store.write(&tenant(), &mut |transaction| transaction.apply(&delivery("b", "k")).map(drop));
    assert!(twice.is_err());
    assert_eq!(store.decision(&tenant(), &id("b", 1)).expect("read"), None, "nothing of it is left");
}

fn events_keep_their_order(store: &dyn Store) {
    for lead in ["a", "b"] {
        let event = |kind| Event {
            kind,
            tenant: tenant(),
            subject: Subject::Decision(id(lead, 1)),
            at: at(0),
            data: "{}".into(),
        };
        let events = vec![event(EventKind::LeadDecided), event(EventKind::LeadAssigned)];
        write(store, &Effects { events, ..delivery(lead, lead) });
    }
    let events = store.events(&tenant(), 0, 10).expect("read");
    let order: Vec<(&str, &str)> = events
        .iter()
        .map(|(_, event)| (event.subject.decision().expect("a decision").lead.as_str(), event.kind.as_str()))
        .collect();
    assert_eq!(
        order,
        [("a", "lead.decided.v1"), ("a", "lead.assigned.v1"), ("b", "lead.decided.v1"), ("b", "lead.assigned.v1")]
    );
    assert_eq!(store.events(&tenant(), events[1].0, 1).expect("read"), [events[2].clone()]);
    let outbox = store.outbox(&tenant(), 0, 10).expect("read");
    assert_eq!(outbox.iter().map(|(_, entry)| entry.key.as_str()).collect::<Vec<_>>(), ["a", "b"]);
    assert_eq!(outbox[0].1, delivery("a", "a").outbox[0]);
    assert_eq!(store.outbox(&tenant(), outbox[0].0, 10).expect("read").len(), 1);
}

fn rollups_add_up(store: &dyn Store) {
    let add = |contract: Option<&str>| RollupAdd {
        date: Date::new(2026, 11, 24).expect("a date"),
        slot: 38,
        source: SourceId::known("web"),
        contract: contract.map(ContractId::known),
        outcome: Outcome::Assigned,
        leads: 1,
        revenue: Money::from_units(400_000).expect("an amount"),
        payout: Money::ZERO,
    };
    for lead in ["a", "b"] {
        write(store, &Effects { rollups: vec![add(None), add(Some("acme-il"))], ..decision(lead, 1, 0) });
    }
    let sums = store.rollups(&tenant()).expect("read");
    assert_eq!(sums.len(), 2);
    assert!(sums.iter().all(|sum| sum.leads == 2 && sum.revenue.units() == 800_000));
    for by in [BTreeSet::new(), BTreeSet::from(SumsBy::ALL), BTreeSet::from([SumsBy::Day, SumsBy::Source])] {
        let query = SumsQuery { by, ..SumsQuery::default() };
        assert_eq!(store.sums(&tenant(), &query).expect("read"), query.over(&sums));
    }
}

fn plans_are_kept(store: &dyn Store) {
    assert_eq!(store.plan("sha256:x").expect("read"), None);
    store.put_plan("sha256:x", "one").expect("kept");
    store.put_plan("sha256:x", "two").expect("nothing");
    assert_eq!(store.plan("sha256:x").expect("read").as_deref(), Some("one"));
}

fn the_clock_stays(store: &dyn Store) {
    assert_eq!(last(store), None);
    write(store, &decision("a", 1, 500));
    write(store, &decision("b", 1, 100));
    assert_eq!(last(store), Some(at(500)));
}

fn changed(millis: i64, key: &str, value: Option<&str>) -> Change {
    let event = Event {
        kind: EventKind::OverrideSet,
        tenant: tenant(),
        subject: Subject::Contract(ContractId::known("acme-il")),
        at: at(millis),
        data: "{}".into(),
    };
    Change {
        counters: vec![CounterAdd { key: "funds".into(), add: 5 }],
        settings: vec![Setting { key: key.into(), value: value.map(str::to_owned) }],
        events: vec![event],
        ..Change::at(at(millis))
    }
}

fn changes_are_kept(store: &dyn Store) {
    let change = |change: Change| store.write(&tenant(), &mut |transaction| transaction.change(&change));
    let setting = |key: &str| read(store, &tenant(), |view| Ok(view.setting(key)?.unwrap_or_default()));
    assert_eq!(setting("a"), "");
    change(changed(900, "a", Some("1"))).expect("written");
    change(changed(100, "a", Some("2"))).expect("written");
    change(changed(200, "b", Some("3"))).expect("written");
    assert_eq!((setting("a"), setting("b")), ("2".into(), "3".into()));
    for key in ["k|1", "k|2", "k", "kk|3", "l"] {
        change(changed(200, key, Some("4"))).expect("written");
    }
    change(changed(200, "k|2", None)).expect("written");
    let begin = |begin: &str| read(store, &tenant(), |view| Ok(view.settings(begin)?.into_keys().collect::<Vec<_>>()));
    assert_eq!((begin("k|"), begin("x|")), (vec!["k|1".to_owned()], Vec::new()));
    assert_eq!(read(store, &tenant(), |view| view.counter("funds")), 45);
    assert_eq!(last(store), Some(at(900)), "a change keeps to the clock too");
    change(changed(300, "a", None)).expect("written");
    assert_eq!(setting("a"), "");
    let events = store.events(&tenant(), 0, 10).expect("read");
    assert_eq!(events.len(), 10);
    assert_eq!(events[0].1, changed(900, "a", None).events[0], "what it is about comes back");
    let failed = store.write(&tenant(), &mut |transaction| {
        transaction.change(&changed(400, "b", None))?;
        assert_eq!(transaction.setting("b")?, None);
        Err(Error::new(Code::InternalError, "given up"))
    });
    assert!(failed.is_err());
    assert_eq!(setting("b"), "3");
    assert_eq!(store.events(&tenant(), 0, 20).expect("read").len(), 10);
    let other = read(store, &TenantId::known("other"), |view| Ok(view.setting("b")?.unwrap_or_default()));
    assert_eq!(other, "", "tenants are apart");
}

fn concurrent_writers_lose_nothing(store: &Arc<dyn Store>) {
    store.put_plan(HASH, "{}").expect("the plan is kept");
    std::thread::scope(|scope| {
        for writer in 0..8 {
            let store = store.clone();
            scope.spawn(move || {
                for n in 0..50 {
                    // Takes from a cap of 300: check and count in one transaction.
                    let wrote = store.write(&tenant(), &mut |transaction| {
                        if transaction.counter("cap")? < 300 {
                            transaction.apply(&counted(&format!("w{writer}-{n}"), "cap", 1))?;
                        }
                        Ok(())
                    });
                    wrote.expect("it is written");
                }
            });
        }
    });
    assert_eq!(read(&**store, &tenant(), |view| view.counter("cap")), 300);
    assert_eq!(store.decisions(&tenant(), 0, 1_000).expect("read").len(), 300);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::MemoryStore;

    #[test]
    fn memory_conforms() {
        conformance(&|| Arc::new(MemoryStore::new()));
    }

    #[test]
    #[cfg(feature = "sqlite")]
    fn sqlite_conforms() {
        use crate::store::{Keys, SqliteOptions, SqliteStore};
        use std::sync::atomic::{AtomicU32, Ordering};
        let folder = std::env::temp_dir().join(format!("leadwright-conformance-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        let next = AtomicU32::new(0);
        for keys in [None, Some(Keys::new([("k1", [1; 32])]).expect("a key"))] {
            conformance(&|| {
                let file = folder.join(format!("{}.db", next.fetch_add(1, Ordering::Relaxed)));
                let options = SqliteOptions { keys: keys.clone(), ..SqliteOptions::default() };
                Arc::new(SqliteStore::with_options(file, options).expect("a store"))
            });
        }
        std::fs::remove_dir_all(folder).expect("it goes");
    }
}
