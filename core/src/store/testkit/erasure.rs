//! What every store must do when a lead is erased.

use super::{Check, at, claim, decision, delivery, find_claim, id, read, tenant, write};
use crate::model::{Code, Error, SourceId};
use crate::store::{Effects, Erasure, Record, Store};

pub(super) const CHECKS: &[(&str, Check)] = &[
    ("a lead is erased, and the decision stays", a_lead_is_erased),
    ("who is forgotten cannot be found by keys and hashes", who_is_forgotten_is_not_found),
];

pub(super) fn erasure(effects: &Effects, forget: bool) -> Erasure {
    let Record { id, at, .. } = effects.record.clone();
    let deliveries = effects.outbox.iter().map(|entry| entry.key.clone()).collect();
    Erasure { id, at, body: b"what is left".to_vec(), inner: [3; 32], forget, deliveries }
}

pub(super) fn erase(store: &dyn Store, erasure: &Erasure) {
    store.write(&tenant(), &mut |transaction| transaction.erase(erasure)).expect("it is erased");
}

fn a_lead_is_erased(store: &dyn Store) {
    let effects = claim("a", 100);
    let seq = write(store, &effects);
    write(store, &decision("bb", 1, 200));
    let failed = store.write(&tenant(), &mut |transaction| {
        transaction.erase(&erasure(&effects, true))?;
        let body = transaction.body(&id("a", 1))?;
        assert_eq!(body, Some((seq, b"what is left".to_vec())), "it sees its own writes");
        Err(Error::new(Code::InternalError, "given up"))
    });
    assert!(failed.is_err());
    let stored = |lead: &str| store.decision(&tenant(), &id(lead, 1)).expect("read").expect("it is there");
    assert_eq!((stored("a").record, stored("a").inner), (effects.record.clone(), None));
    for _ in 0..2 {
        erase(store, &erasure(&effects, false));
    }
    let left = Record { input: Vec::new(), reads: String::new(), body: b"what is left".to_vec(), ..effects.record };
    assert_eq!((stored("a").seq, stored("a").record, stored("a").inner), (seq, left, Some([3; 32])));
    assert_eq!(stored("bb").record, decision("bb", 1, 200).record);
    // The same request again is still known, and so is the value to dedupe by.
    let source = SourceId::known("web");
    assert!(read(store, &tenant(), |view| view.by_idempotency_key(&source, "key-a-1")).is_some());
    assert!(read(store, &tenant(), |view| view.by_payload(&source, &[1; 32], at(0))).is_some());
    assert_eq!(find_claim(store, 0), Some(id("a", 1)));
    // A decision that is not there is none to erase.
    erase(store, &erasure(&decision("c", 1, 0), true));
}

fn who_is_forgotten_is_not_found(store: &dyn Store) {
    let made = claim("a", 0).claims;
    let effects = Effects { claims: made, ..delivery("a", "k") };
    write(store, &effects);
    write(store, &delivery("bb", "l"));
    erase(store, &erasure(&effects, true));
    let stored = store.decision(&tenant(), &id("a", 1)).expect("read").expect("it is there");
    assert_eq!(stored.record.idempotency_key, None);
    let source = SourceId::known("web");
    assert_eq!(read(store, &tenant(), |view| view.by_idempotency_key(&source, "key-a-1")), None);
    assert!(read(store, &tenant(), |view| view.by_idempotency_key(&source, "key-bb-1")).is_some());
    assert_eq!(find_claim(store, -1), None);
    let waits = store.outbox(&tenant(), 0, 10).expect("read");
    assert_eq!(waits.iter().map(|(_, entry)| entry.key.as_str()).collect::<Vec<_>>(), ["l"]);
    let twice = store.write(&tenant(), &mut |transaction| transaction.apply(&delivery("c", "k")).map(drop));
    assert!(twice.is_err(), "its delivery key is not given anew");
}
