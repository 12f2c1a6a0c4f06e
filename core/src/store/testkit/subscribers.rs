//! What every store must do for those who read its events.

use super::{Check, HASH, at, decision, id, read, tenant, write};
use crate::model::{Code, DecisionId, Event, EventKind, Outcome, Subject, SubscriberName, TenantId};
use crate::store::{Begin, Change, Effects, Store, Subscriber, ack, join, leave, seek, subscribers};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

pub(super) const CHECKS: &[(&str, Check)] = &[
    ("events are found by kind, and counted", events_are_found_by_kind),
    ("where a subscriber is, is kept", a_subscriber_is_kept),
    ("a cursor only moves forward", a_cursor_moves_forward),
    ("a cursor is set back when it is told to", a_cursor_is_set_back),
    ("of two under one name the last one reads", the_last_one_reads),
    ("one that was dropped is gone, and does not come back", the_dropped_do_not_come_back),
    ("subscribers are listed with how far they are behind", the_lag_is_told),
];

const DECIDED: &[EventKind] = &[EventKind::LeadDecided];

fn name(name: &str) -> SubscriberName {
    SubscriberName::known(name)
}

fn event(kind: EventKind, lead: &str, n: u32) -> Event {
    let subject = Subject::Decision(id(lead, n));
    Event {
        kind,
        tenant: tenant(),
        subject,
        at: at(0),
        data: format!(r#"{{"outcome":"{}"}}"#, Outcome::Assigned.as_str()),
    }
}

/// A lead that is decided and sold: two events.
fn sold(lead: &str, n: u32) -> Effects {
    let kinds = [EventKind::LeadDecided, EventKind::LeadAssigned];
    Effects { events: kinds.map(|kind| event(kind, lead, n)).into(), ..decision(lead, n, 0) }
}

/// Ten events of five leads.
fn filled(store: &dyn Store) -> Vec<u64> {
    for lead in ["a", "b", "c", "d", "e"] {
        write(store, &sold(lead, 1));
    }
    let positions: Vec<u64> = page(store, &[], 0, 100).iter().map(|(position, _)| *position).collect();
    assert_eq!(positions.len(), 10);
    positions
}

fn page(store: &dyn Store, kinds: &[EventKind], after: u64, limit: usize) -> Vec<(u64, Event)> {
    read(store, &tenant(), |view| view.events(kinds, after, limit))
}

fn cursor(store: &dyn Store, of: &str) -> Option<u64> {
    read(store, &tenant(), |view| view.subscriber(&name(of))).and_then(|subscriber| subscriber.position)
}

fn joined(store: &dyn Store, of: &str, begin: Begin) -> Subscriber {
    join(store, &tenant(), &name(of), &[], begin).expect("it joins")
}

fn events_are_found_by_kind(store: &dyn Store) {
    assert_eq!(read(store, &tenant(), |view| view.last_event()), 0);
    let all = filled(store);
    let decided = page(store, DECIDED, 0, 100);
    assert_eq!(decided.len(), 5);
    assert!(decided.iter().all(|(_, event)| event.kind == EventKind::LeadDecided));
    assert_eq!(page(store, DECIDED, all[1], 2).iter().map(|(at, _)| *at).collect::<Vec<_>>(), [all[2], all[4]]);
    let both = [EventKind::LeadAssigned, EventKind::LeadDecided];
    assert_eq!(page(store, &both, all[6], 100), page(store, &[], all[6], 100));
    assert_eq!(page(store, &[EventKind::FundsChanged], 0, 100), []);
    let count = |kinds: &[EventKind], after| read(store, &tenant(), |view| view.count_events(kinds, after));
    assert_eq!((count(&[], 0), count(DECIDED, 0), count(DECIDED, all[0]), count(&[], all[9])), (10, 5, 4, 0));
    let last = read(store, &tenant(), |view| view.last_event());
    assert_eq!(last, all[9]);
    write(store, &sold("f", 1));
    assert!(page(store, &[], last, 100).len() == 2, "what comes later is after the last of then");
    let other = TenantId::known("other");
    assert_eq!(read(store, &other, |view| view.events(&[], 0, 10)), []);
    assert_eq!(read(store, &other, |view| view.count_events(&[], 0)), 0);
}

fn a_subscriber_is_kept(store: &dyn Store) {
    let put = |position, fail: bool| {
        let kinds = vec![EventKind::LeadDecided, EventKind::FundsChanged];
        let crm = Subscriber { name: name("crm"), kinds, position, fence: 7, updated_at: Some(at(5)) };
        let wrote = store.write(&tenant(), &mut |transaction| {
            transaction.put_subscriber(&crm)?;
            assert_eq!(transaction.subscriber(&crm.name)?.as_ref(), Some(&crm));
            if fail { Err(crate::model::Error::new(Code::InternalError, "given up")) } else { Ok(()) }
        });
        assert_eq!(wrote.is_err(), fail);
        crm
    };
    put(Some(3), true);
    assert_eq!(read(store, &tenant(), |view| view.subscriber(&name("crm"))), None, "nothing of it is left");
    for position in [Some(3), Some(9), None] {
        let crm = put(position, false);
        assert_eq!(read(store, &tenant(), |view| view.subscribers()), [crm]);
    }
    put(Some(1), true);
    assert_eq!(cursor(store, "crm"), None);
    assert_eq!(read(store, &TenantId::known("other"), |view| view.subscribers()), []);
}

fn a_cursor_moves_forward(store: &dyn Store) {
    let all = filled(store);
    let fence = joined(store, "crm", Begin::Start).fence;
    let say = |position| ack(store, &tenant(), &name("crm"), fence, position).map_err(|error| error.code());
    for (position, want) in [(all[4], all[4]), (all[2], all[4]), (all[4], all[4]), (all[9], all[9]), (0, all[9])] {
        assert_eq!(say(position), Ok(()));
        assert_eq!(cursor(store, "crm"), Some(want));
    }
    assert_eq!(say(all[9] + 1), Err(Code::InputBadOption), "what has not happened cannot be worked off");
    assert_eq!(cursor(store, "crm"), Some(all[9]));
    assert_eq!(joined(store, "crm", Begin::Start).position, Some(all[9]), "only a new name begins anew");
}

fn a_cursor_is_set_back(store: &dyn Store) {
    let all = filled(store);
    let fence = joined(store, "crm", Begin::Now).fence;
    assert_eq!(cursor(store, "crm"), Some(all[9]));
    for (begin, first) in [(Begin::Start, Some(all[0])), (Begin::Now, None), (Begin::At(1 << 40), None)] {
        let from = seek(store, &tenant(), &name("crm"), fence, begin).expect("it is set");
        assert_eq!(cursor(store, "crm"), Some(from));
        assert_eq!(page(store, &[], from, 1).first().map(|(position, _)| *position), first);
    }
    // From every position on it is the same log as from the beginning.
    let whole = page(store, &[], 0, 100);
    for (n, position) in all.iter().enumerate() {
        let from = seek(store, &tenant(), &name("crm"), fence, Begin::At(*position)).expect("it is set");
        assert_eq!(page(store, &[], from, 100), whole[n..]);
    }
}

fn the_last_one_reads(store: &dyn Store) {
    let all = filled(store);
    let first = joined(store, "crm", Begin::Start).fence;
    ack(store, &tenant(), &name("crm"), first, all[1]).expect("it is said");
    let second = joined(store, "crm", Begin::Start);
    assert_eq!(second.position, Some(all[1]), "it reads on");
    let fenced =
        |result: Result<(), crate::model::Error>| result.map_err(|error| error.code()) == Err(Code::EventsFenced);
    assert!(fenced(ack(store, &tenant(), &name("crm"), first, all[8])));
    assert!(fenced(seek(store, &tenant(), &name("crm"), first, Begin::Start).map(drop)));
    assert!(fenced(ack(store, &tenant(), &name("none"), first, all[8])));
    assert!(fenced(ack(store, &TenantId::known("other"), &name("crm"), second.fence, all[8])));
    assert_eq!(cursor(store, "crm"), Some(all[1]));
    ack(store, &tenant(), &name("crm"), second.fence, all[3]).expect("it is said");
    assert_eq!(cursor(store, "crm"), Some(all[3]));
    assert_eq!(joined(store, "other", Begin::Start).position, Some(0), "another name is another cursor");
}

fn the_dropped_do_not_come_back(store: &dyn Store) {
    let all = filled(store);
    let before = joined(store, "crm", Begin::Start).fence;
    assert!(leave(store, &tenant(), &name("crm")).expect("it goes"));
    assert!(!leave(store, &tenant(), &name("crm")).expect("it is gone"));
    assert!(!leave(store, &tenant(), &name("none")).expect("it never was"));
    assert_eq!(subscribers(store, &tenant()).expect("read"), []);
    let late = |store| ack(store, &tenant(), &name("crm"), before, all[5]).map_err(|error| error.code());
    assert_eq!(late(store), Err(Code::EventsFenced));
    let anew = joined(store, "crm", Begin::Now);
    assert_eq!(anew.position, Some(all[9]), "it is new again");
    assert_eq!(late(store), Err(Code::EventsFenced), "whoever read then is not whoever reads now");
}

fn the_lag_is_told(store: &dyn Store) {
    let all = filled(store);
    let decided = join(store, &tenant(), &name("b-decided"), DECIDED, Begin::Start).expect("it joins");
    joined(store, "a-all", Begin::Now);
    ack(store, &tenant(), &name("b-decided"), decided.fence, all[2]).expect("it is said");
    let told = subscribers(store, &tenant()).expect("read");
    let told: Vec<_> =
        told.iter().map(|each| (each.name.as_str(), each.types.as_slice(), each.position, each.behind)).collect();
    assert_eq!(told, [("a-all", &[][..], all[9], 0), ("b-decided", DECIDED, all[2], 3)]);
    write(store, &sold("f", 1));
    let told = subscribers(store, &tenant()).expect("read");
    assert_eq!(told.iter().map(|each| each.behind).collect::<Vec<_>>(), [2, 4]);
    assert_eq!(told[0].updated_at, Some(at(0)));
}

/// Writers that commit, and one that gives up, while somebody reads page by page.
pub(super) fn a_reader_beside_writers_sees_no_gap(store: &Arc<dyn Store>) {
    const WRITERS: u32 = 4;
    const LEADS: u32 = 40;
    store.put_plan(HASH, "{}").expect("the plan is kept");
    let writing = AtomicU32::new(WRITERS);
    let seen = std::thread::scope(|scope| {
        for writer in 0..WRITERS {
            let writing = &writing;
            scope.spawn(move || {
                for n in 1..=LEADS {
                    write_or_give_up(&**store, writer, n);
                }
                writing.fetch_sub(1, Ordering::SeqCst);
            });
        }
        let reader = scope.spawn(|| {
            let mut seen: Vec<(u64, Event)> = Vec::new();
            loop {
                let over = writing.load(Ordering::SeqCst) == 0;
                let after = seen.last().map_or(0, |(position, _)| *position);
                let more = page(&**store, &[], after, 7);
                if more.is_empty() && over {
                    return seen;
                }
                seen.extend(more);
            }
        });
        reader.join().expect("it reads")
    });
    assert_eq!(seen, page(&**store, &[], 0, usize::MAX), "no gap");
    assert!(seen.windows(2).all(|pair| pair[0].0 < pair[1].0));
    let mut next: BTreeMap<&str, u32> = BTreeMap::new();
    let decisions = seen.iter().filter(|(_, event)| event.kind == EventKind::LeadDecided);
    for DecisionId { lead, n, .. } in decisions.filter_map(|(_, event)| event.subject.decision()) {
        let last = next.insert(lead.as_str(), *n).unwrap_or(0);
        assert_eq!(*n, last + 1, "the decisions of {lead} come in their order");
    }
    assert_eq!(next.values().sum::<u32>(), WRITERS * LEADS);
}

fn write_or_give_up(store: &dyn Store, writer: u32, n: u32) {
    write(store, &sold(&format!("w{writer}"), n));
    let gone = event(EventKind::OverrideSet, "gone", 1);
    let change = Change { events: vec![gone], ..Change::at(at(0)) };
    let given_up = store.write(&tenant(), &mut |transaction| {
        transaction.change(&change)?;
        Err(crate::model::Error::new(Code::InternalError, "given up"))
    });
    assert!(given_up.is_err());
}
