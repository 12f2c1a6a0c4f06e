//! What every store must do with the error ledger.

use super::{Check, at, decision, read, tenant, write};
use crate::model::{Code, Error, Fingerprint, Problem, Timestamp};
use crate::report::Group;
use crate::store::{Change, Effects, GroupSaid, GroupState, Store};

pub(super) const CHECKS: &[(&str, Check)] = &[("problems that are the same are one row", problems_are_grouped)];

fn problem(path: &str, millis: i64, shape: &str) -> Group<Timestamp> {
    Group::of(&Problem::new(Code::PhoneTooShort, path).with_shape(shape), Some("web"), at(millis))
}

fn problems_are_grouped(store: &dyn Store) {
    let phone = problem("/phone", 0, "99").fingerprint;
    let state = |of: &Fingerprint| read(store, &tenant(), |view| view.problem(of));
    assert_eq!(state(&phone), None);
    let met = |lead: &str, millis: i64, problems: Vec<Group<Timestamp>>| {
        write(store, &Effects { problems, ..decision(lead, 1, millis) })
    };
    met("a", 10, vec![problem("/phone", 10, "99"), problem("/drivers/0/phone", 10, "9")]);
    let last = met("b", 20, vec![problem("/phone", 20, "999"), problem("/drivers/3/phone", 20, "9")]);
    let rows = store.problems(&tenant()).expect("read");
    assert!(rows.is_sorted_by_key(|row| row.group.fingerprint) && rows.len() == 2);
    let row = |of: &Fingerprint| {
        let mut rows = store.problems(&tenant()).expect("read").into_iter();
        rows.find(|row| row.group.fingerprint == *of).expect("it is there")
    };
    let found = row(&phone);
    assert_eq!((found.group.count, found.group.first, found.group.last), (2, at(10), at(20)));
    assert_eq!((found.group.shape.as_deref(), found.state), (Some("99"), GroupState::New));
    assert_eq!((found.first_seq, found.last_seq), (last - 1, last));
    // What somebody says stays until it comes again; within the transaction it is known at once.
    let said = |state: GroupState, millis: i64| {
        let said = GroupSaid { fingerprint: phone, state, by: "ann".into(), reason: "mended".into() };
        let change = Change { problems: vec![said], ..Change::at(at(millis)) };
        store.write(&tenant(), &mut |transaction| transaction.change(&change)).expect("written");
    };
    said(GroupState::Known, 30);
    met("c", 40, vec![problem("/phone", 40, "9999")]);
    assert_eq!((row(&phone).state, row(&phone).group.count), (GroupState::Known, 3));
    said(GroupState::Resolved, 50);
    assert_eq!(
        (row(&phone).state, row(&phone).since, row(&phone).by.as_deref()),
        (GroupState::Resolved, at(50), Some("ann"))
    );
    let again = Effects { problems: vec![problem("/phone", 60, "9")], ..decision("d", 1, 60) };
    let written = store.write(&tenant(), &mut |transaction| {
        assert_eq!(transaction.problem(&phone)?, Some(GroupState::Resolved));
        transaction.apply(&again)?;
        assert_eq!(transaction.problem(&phone)?, Some(GroupState::Regressed));
        Ok(())
    });
    written.expect("written");
    assert_eq!((row(&phone).state, row(&phone).since, row(&phone).group.count), (GroupState::Regressed, at(60), 4));
    // What fails counts nothing.
    let failed = store.write(&tenant(), &mut |transaction| {
        transaction.apply(&Effects { problems: vec![problem("/phone", 70, "9")], ..decision("e", 1, 70) })?;
        Err(Error::new(Code::StoreFull, ""))
    });
    assert!(failed.is_err());
    assert_eq!(row(&phone).group.count, 4);
}
