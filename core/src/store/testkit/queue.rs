//! What every store must do with leads that wait.

use super::erasure::{erase, erasure};
use super::{Check, at, decision, id, read, tenant, write};
use crate::model::{Code, Error, LeadId, SourceId, TenantId, Waiting, WaitsFor};
use crate::store::{Effects, Store};

pub(super) const CHECKS: &[(&str, Check)] = &[
    ("leads wait in the order in which they came", leads_wait_in_order),
    ("who is erased does not wait, and a namesake does", the_erased_do_not_wait),
];

fn waiting(lead: &str, n: u32, due: i64) -> Waiting {
    let (why, due) = (WaitsFor::Retry, at(due));
    Waiting { decision: id(lead, n), why, received: at(0), since: at(0), due, until: at(9_000), tries: 0 }
}

fn names(store: &dyn Store, due: Option<i64>, after: u64) -> Vec<String> {
    let rows = store.queue(&tenant(), due.map(at), after, 10).expect("it is read");
    rows.into_iter().map(|(_, row)| row.decision.lead.to_string()).collect()
}

fn leads_wait_in_order(store: &dyn Store) {
    for (lead, due) in [("L2", 50), ("L1", 10), ("L3", 30)] {
        write(store, &Effects { waiting: Some(waiting(lead, 1, due)), ..decision(lead, 1, 0) });
    }
    assert_eq!(names(store, None, 0), ["L2", "L1", "L3"]);
    assert_eq!(names(store, Some(30), 0), ["L1", "L3"], "the rest is not due yet");
    let first = store.queue(&tenant(), None, 0, 1).expect("it is read");
    assert_eq!(names(store, None, first[0].0), ["L1", "L3"], "after a place come the next ones");
    // Waiting on changes the row and not its place; a new decision about the lead takes it out, or to the end.
    let on = Waiting { due: at(70), tries: 1, why: WaitsFor::List, ..waiting("L2", 1, 0) };
    store.write(&tenant(), &mut |transaction| transaction.wait_on(&on)).expect("it is written");
    let (source, lead) = (SourceId::known("web"), LeadId::known("L2"));
    assert_eq!(read(store, &tenant(), |view| view.waiting(&source, &lead)), Some(on));
    assert_eq!(names(store, None, 0), ["L2", "L1", "L3"]);
    write(store, &Effects { ends_wait: true, ..decision("L1", 2, 1) });
    write(store, &Effects { ends_wait: true, waiting: Some(waiting("L2", 2, 80)), ..decision("L2", 2, 2) });
    assert_eq!(names(store, None, 0), ["L3", "L2"]);
    assert!(read(store, &tenant(), |view| view.waiting(&source, &LeadId::known("L1"))).is_none());
    let other = TenantId::new("other").expect("an id");
    assert!(store.queue(&other, None, 0, 10).expect("it is read").is_empty());
    // What fails leaves the queue as it was.
    let failed = store.write(&tenant(), &mut |transaction| {
        transaction.apply(&Effects { ends_wait: true, ..decision("L3", 2, 3) })?;
        Err(Error::new(Code::StoreFull, ""))
    });
    assert!(failed.is_err());
    assert_eq!(names(store, None, 0), ["L3", "L2"]);
}

/// Without its lead nothing can be decided again. A decision of the same lead that does not wait takes nothing with it.
fn the_erased_do_not_wait(store: &dyn Store) {
    write(store, &Effects { waiting: Some(waiting("L1", 1, 90)), ..decision("L1", 1, 0) });
    write(store, &decision("L1", 2, 1));
    for forget in [false, true] {
        erase(store, &erasure(&decision("L1", 2, 1), forget));
        assert_eq!(names(store, None, 0), ["L1"]);
    }
    erase(store, &erasure(&decision("L1", 1, 0), false));
    assert!(names(store, None, 0).is_empty());
}
