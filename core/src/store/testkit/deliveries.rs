//! What every store must do with deliveries, attempts and dead letters.

use super::erasure::{erase, erasure};
use super::{Check, at, delivery, read, tenant, write};
use crate::model::{
    Attempt, AttemptClass, Backlog, BuyerId, Code, DeadEnd, DeadLetter, DeadReason, DeliveryState, Error, TenantId,
};
use crate::store::{Change, Delivery, Effects, Store, Transaction};

pub(super) const CHECKS: &[(&str, Check)] = &[
    ("what is due is found by buyer and time", what_is_due_is_found),
    ("deliveries change in their place, with their attempts", deliveries_change),
    ("dead letters are kept, and end", dead_letters_end),
    ("who is forgotten is delivered to nobody", the_forgotten_are_not_delivered),
];

/// A delivery to a buyer, due at a time.
fn sold(lead: &str, buyer: &str, due: i64) -> Effects {
    let mut effects = delivery(lead, &format!("key-{lead}"));
    for entry in &mut effects.outbox {
        (entry.buyer, entry.due_at) = (BuyerId::known(buyer), at(due));
    }
    effects
}

fn found(store: &dyn Store, lead: &str) -> Delivery {
    read(store, &tenant(), |view| view.delivery(&format!("key-{lead}"))).expect("it is there")
}

fn change(store: &dyn Store, change: &Change) {
    store.write(&tenant(), &mut |transaction| transaction.change(change)).expect("it is written");
}

fn attempt(of: &Delivery, n: u32) -> Attempt {
    let (worker, started_at) = ("w1".into(), at(10));
    let (ended_at, class, status, retry_at) = (None, None, None, None);
    Attempt { delivery: of.position, n, fence: u64::from(n), worker, started_at, ended_at, class, status, retry_at }
}

fn claimed(of: Delivery, until: i64) -> Delivery {
    let (state, worker) = (DeliveryState::Claimed, Some("w1".into()));
    Delivery { state, fence: of.fence + 1, attempts: of.attempts + 1, worker, until: Some(at(until)), ..of }
}

fn what_is_due_is_found(store: &dyn Store) {
    for (lead, buyer, due) in [("a", "acme", 30), ("b", "best", 20), ("c", "acme", 10), ("d", "acme", 10)] {
        write(store, &sold(lead, buyer, due));
    }
    let (acme, best) = (BuyerId::known("acme"), BuyerId::known("best"));
    let next = |after: Option<&BuyerId>| read(store, &tenant(), |view| view.next_due(after));
    assert_eq!(next(None), Some((acme.clone(), at(10))));
    assert_eq!(next(Some(&acme)), Some((best.clone(), at(20))));
    assert_eq!(next(Some(&best)), None);
    let due = |buyer: &BuyerId, by: i64, limit: usize| {
        let rows = read(store, &tenant(), |view| view.due(buyer, at(by), limit));
        rows.into_iter().map(|row| row.entry.decision.lead.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(due(&acme, 9, 10), [""; 0]);
    assert_eq!(due(&acme, 10, 10), ["c", "d"], "also what is due exactly then, in the order of its places");
    assert_eq!(due(&acme, 99, 10), ["c", "d", "a"]);
    assert_eq!(due(&acme, 99, 1), ["c"]);
    // Put off, it comes later; claimed, not at all, until the end of its claim.
    let mut later = found(store, "c");
    later.entry.due_at = at(50);
    let taken = claimed(found(store, "d"), 60);
    change(store, &Change { deliveries: vec![later, taken.clone()], ..Change::at(at(10)) });
    assert_eq!(due(&acme, 99, 10), ["a", "c"]);
    let over = |by: i64| read(store, &tenant(), |view| view.claims_over(at(by), 10));
    assert_eq!((over(59), over(60)), (vec![], vec![taken.clone()]));
    let left = Delivery { state: DeliveryState::Unknown, until: None, ..taken };
    change(store, &Change { deliveries: vec![left.clone()], ..Change::at(at(10)) });
    assert_eq!(over(99), []);
    // Kept until a time, it is found then.
    let kept = Delivery { until: Some(at(70)), ..left.clone() };
    change(store, &Change { deliveries: vec![kept.clone()], ..Change::at(at(10)) });
    assert_eq!((over(69), over(70)), (vec![], vec![kept]));
    change(store, &Change { deliveries: vec![left.clone()], ..Change::at(at(10)) });
    let all = |state| read(store, &tenant(), |view| view.deliveries(state, 0, 10));
    assert_eq!(all(Some(DeliveryState::Unknown)), [left]);
    assert_eq!(all(None).len(), 4);
    let backlog = |buyer: &BuyerId, state, count, oldest| Backlog { buyer: buyer.clone(), state, count, oldest };
    let want = [
        backlog(&acme, DeliveryState::Ready, 2, at(10)),
        backlog(&acme, DeliveryState::Unknown, 1, at(10)),
        backlog(&best, DeliveryState::Ready, 1, at(20)),
    ];
    assert_eq!(read(store, &tenant(), |view| view.backlog()), want);
    let other = TenantId::known("other");
    assert_eq!(read(store, &other, |view| view.next_due(None)), None);
    assert!(read(store, &other, |view| view.deliveries(None, 0, 10)).is_empty());
    assert_eq!(read(store, &other, |view| view.delivery("key-a")), None);
}

fn deliveries_change(store: &dyn Store) {
    write(store, &sold("a", "acme", 0));
    let new = found(store, "a");
    assert_eq!(new, Delivery::new(new.position, sold("a", "acme", 0).outbox.remove(0)));
    let (taken, begun) = (claimed(new.clone(), 60), attempt(&new, 1));
    let both = Change { deliveries: vec![taken.clone()], attempts: vec![begun.clone()], ..Change::at(at(1)) };
    let tried = |store: &dyn Store| read(store, &tenant(), |view| view.attempts(new.position));
    // What fails leaves it as it was.
    let failed = store.write(&tenant(), &mut |transaction: &mut dyn Transaction| {
        transaction.change(&both)?;
        assert_eq!(transaction.attempts(new.position)?.len(), 1, "it sees its own writes");
        assert_eq!(transaction.next_due(None)?, None);
        Err(Error::new(Code::StoreFull, ""))
    });
    assert!(failed.is_err());
    assert_eq!((found(store, "a"), tried(store)), (new.clone(), vec![]));
    change(store, &both);
    assert_eq!((found(store, "a"), tried(store)), (taken.clone(), vec![begun.clone()]));
    let class = Some(AttemptClass::RateLimited);
    let ended = Attempt { ended_at: Some(at(5)), class, status: Some(429), retry_at: Some(at(90)), ..begun };
    let mut ready = Delivery { state: DeliveryState::Ready, until: None, ..taken };
    ready.entry.due_at = at(90);
    let attempts = vec![ended.clone(), attempt(&new, 2)];
    change(store, &Change { deliveries: vec![ready.clone()], attempts, ..Change::at(at(5)) });
    assert_eq!((found(store, "a"), tried(store)), (ready.clone(), vec![ended, attempt(&new, 2)]));
    assert_eq!(store.outbox(&tenant(), 0, 10).expect("read").len(), 1);
    for state in [DeliveryState::Dead, DeliveryState::Done] {
        change(store, &Change { deliveries: vec![Delivery { state, ..ready.clone() }], ..Change::at(at(6)) });
        assert!(store.outbox(&tenant(), 0, 10).expect("read").is_empty(), "nobody delivers it any more");
    }
    let gone = Change { deliveries: vec![Delivery { position: 77, ..ready }], ..Change::at(at(6)) };
    let failed = store.write(&tenant(), &mut |transaction| transaction.change(&gone));
    assert_eq!(failed.expect_err("it is not there").code(), Code::StoreCorrupt);
}

fn letter(of: &Delivery, nth: u32) -> DeadLetter {
    let (reason, class) = (DeadReason::Auth, Some(AttemptClass::Auth));
    DeadLetter { delivery: of.position, nth, reason, class, at: at(7), resolved: None, resolved_at: None }
}

fn dead_letters_end(store: &dyn Store) {
    write(store, &sold("a", "acme", 0));
    let of = found(store, "a");
    let put = |letters: Vec<DeadLetter>| change(store, &Change { dead_letters: letters, ..Change::at(at(7)) });
    let all = || read(store, &tenant(), |view| view.dead_letters(of.position));
    put(vec![letter(&of, 1)]);
    assert_eq!(all(), [letter(&of, 1)]);
    let ended = DeadLetter { resolved: Some(DeadEnd::Redriven), resolved_at: Some(at(9)), ..letter(&of, 1) };
    put(vec![ended.clone(), DeadLetter { class: None, reason: DeadReason::TooOld, ..letter(&of, 2) }]);
    assert_eq!(all(), [ended, DeadLetter { class: None, reason: DeadReason::TooOld, ..letter(&of, 2) }]);
}

fn the_forgotten_are_not_delivered(store: &dyn Store) {
    for lead in ["a", "b"] {
        write(store, &sold(lead, "acme", 0));
    }
    let (a, b) = (found(store, "a"), found(store, "b"));
    let dead = Delivery { state: DeliveryState::Dead, ..b.clone() };
    let deliveries = vec![claimed(a, 60), dead];
    change(store, &Change { deliveries, dead_letters: vec![letter(&b, 1)], ..Change::at(at(70)) });
    erase(store, &erasure(&sold("a", "acme", 0), false));
    assert_eq!(found(store, "a").state, DeliveryState::Claimed, "what is only old stays");
    for lead in ["a", "b"] {
        erase(store, &erasure(&sold(lead, "acme", 0), true));
        assert_eq!((found(store, lead).state, found(store, lead).until), (DeliveryState::Done, None));
    }
    assert_eq!(read(store, &tenant(), |view| view.claims_over(at(99), 10)), []);
    let ended = DeadLetter { resolved: Some(DeadEnd::Forgotten), resolved_at: Some(at(70)), ..letter(&b, 1) };
    assert_eq!(read(store, &tenant(), |view| view.dead_letters(b.position)), [ended]);
}
