//! What every store must do with reservations.

use super::{Check, at, read, tenant};
use crate::model::{Code, ContractId, DecisionId, Error, LeadId, ReservationState, SourceId, TenantId};
use crate::store::{Change, MomentAdd, Reservation, Store, Took};

pub(super) const CHECKS: &[(&str, Check)] = &[
    ("reservations are kept, and found once their time is over", reservations_are_kept),
    ("what rolling caps counted can be taken back", moments_are_taken_back),
];

fn reservation(key: &str, until: i64) -> Reservation {
    let took = Took { counters: [("cap".to_owned(), 1)].into(), ..Took::default() };
    Reservation {
        key: key.into(),
        contract: ContractId::known("acme-il"),
        state: ReservationState::Held,
        at: at(0),
        until: at(until),
        asked: "{}".into(),
        took,
        by: None,
    }
}

fn put(store: &dyn Store, reservation: &Reservation) {
    let change = Change { reservations: vec![reservation.clone()], ..Change::at(at(0)) };
    store.write(&tenant(), &mut |transaction| transaction.change(&change)).expect("it is written");
}

fn reservations_are_kept(store: &dyn Store) {
    for (key, until) in [("b", 20), ("a", 20), ("c", 10), ("d", 30)] {
        put(store, &reservation(key, until));
    }
    let over = |until: i64, limit: usize| {
        let rows = read(store, &tenant(), |view| view.held_until(at(until), limit));
        rows.into_iter().map(|row| row.key).collect::<Vec<_>>()
    };
    assert_eq!(over(9, 10), [""; 0]);
    assert_eq!(over(20, 10), ["c", "a", "b"], "also those whose time is over exactly then");
    assert_eq!(over(99, 2), ["c", "a"]);
    assert_eq!(read(store, &tenant(), |view| view.reservation("a")), Some(reservation("a", 20)));
    assert_eq!(read(store, &tenant(), |view| view.reservation("x")), None);
    // One that is sold or given back is over no more; one under the same key takes its place.
    let by = DecisionId { source: SourceId::known("web"), lead: LeadId::known("L1"), n: 1 };
    let sold = Reservation { state: ReservationState::Confirmed, by: Some(by), ..reservation("a", 20) };
    put(store, &sold);
    put(store, &Reservation { state: ReservationState::Released, ..reservation("c", 10) });
    put(store, &reservation("b", 40));
    assert_eq!(read(store, &tenant(), |view| view.reservation("a")), Some(sold));
    assert_eq!((over(39, 10), over(40, 10)), (vec!["d".into()], vec!["d".into(), "b".into()]));
    let other = TenantId::new("other").expect("an id");
    assert_eq!(read(store, &other, |view| view.reservation("a")), None);
    // What fails leaves them as they were.
    let change = Change {
        reservations: vec![Reservation { state: ReservationState::Released, ..reservation("d", 30) }],
        ..Change::at(at(0))
    };
    let failed = store.write(&tenant(), &mut |transaction| {
        transaction.change(&change)?;
        assert_eq!(transaction.held_until(at(39), 10)?.len(), 0, "it sees its own writes");
        Err(Error::new(Code::StoreFull, ""))
    });
    assert!(failed.is_err());
    assert_eq!(over(40, 10), ["d", "b"]);
}

fn moments_are_taken_back(store: &dyn Store) {
    let add = |millis: i64, add: i64| {
        let moments = vec![MomentAdd { key: "rolling".into(), at: at(millis), add }];
        let change = Change { moments, ..Change::at(at(100)) };
        store.write(&tenant(), &mut |transaction| transaction.change(&change)).expect("it is written");
    };
    let since = |millis: i64| read(store, &tenant(), |view| view.since("rolling", at(millis)));
    add(10, 1);
    add(20, 1);
    add(30, 1);
    assert_eq!((since(0), since(10), since(20)), (3, 2, 1));
    add(20, -1);
    assert_eq!((since(0), since(10), since(20)), (2, 1, 1));
}
