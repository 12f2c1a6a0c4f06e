//! Letting go of what is old.

use super::{Place, all_verify, main, time};
use leadwright::care::{Retention, prunable, prune, verify};
use leadwright::engine::{Engine, explain, replay};
use leadwright::model::{Code, DecisionId, Outcome, Tick, Timestamp};
use leadwright::store::{SqliteStore, Store};
use std::panic::{AssertUnwindSafe, catch_unwind};

const OLD: &str = "2026-06-01T15:30:00Z";
const NOW: &str = "2026-11-24T15:30:00Z";

fn retention(days: i64) -> Retention {
    Retention { older_than: days * 86_400_000, now: time(NOW) }
}

fn prune_all(store: &SqliteStore, days: i64) -> leadwright::store::Pruned {
    prune(store, &main(), retention(days), &mut |_| {}).unwrap()
}

#[test]
fn old_leads_are_erased_and_all_that_counts_stays() {
    let place = Place::new("prune");
    place.fill(time(OLD));
    let new = r#"{"id":"N1","source":"web","phone":"312-867-5311","zip":"60601"}"#;
    assert_eq!(place.decide(new, time(NOW)), Outcome::Assigned);
    place.damage("UPDATE outbox SET state = 'done' WHERE lead = 'L1'");
    let rollups = place.store.rollups(&main()).unwrap();

    let would = prunable(&place.store, &main(), retention(90)).unwrap();
    assert_eq!((would.decisions, would.undelivered, would.outbox), (8, 1, 1));
    // One email and two phones; eight decisions, two assignments and four problems that were new; day and month of two
    // contracts' caps.
    assert_eq!((would.claims, would.events, would.counters), (3, 14, 2));
    assert_eq!(place.number("SELECT count(*) FROM decision WHERE inner IS NOT NULL"), 0, "nothing was changed");
    assert_eq!(prune_all(&place.store, 90), would);

    let left = prunable(&place.store, &main(), retention(90)).unwrap();
    assert_eq!(left, leadwright::store::Pruned::default());
    let empty = "SELECT count(*) FROM decision WHERE inner IS NOT NULL AND length(input) = 0 AND reads = ''";
    assert_eq!(place.number(empty), 8);
    assert!(all_verify(&*place.store));
    assert_eq!(place.store.rollups(&main()).unwrap(), rollups);
    assert_eq!(place.number("SELECT used FROM counter WHERE key = 'contract:acme-il|total|count|sold'"), 3);
    assert_eq!(place.number("SELECT used FROM counter WHERE key = 'contract:acme-il|day:2026-11-24|count|sold'"), 1);
    assert_eq!(place.number("SELECT count(*) FROM event WHERE kind = 'funds.changed.v1'"), 1, "operations stay");
    let verified = verify(&place.store, &mut |_| {}).unwrap();
    assert_eq!((verified.findings.as_slice(), verified.erased, verified.replayed), (&[][..], 8, 1));
    assert_eq!(verified.left_out.len(), 2);
}

#[test]
fn what_a_subscriber_has_not_read_stays() {
    let place = Place::new("prune-read");
    place.fill(time(OLD));
    place.decide(r#"{"id":"N1","source":"web","phone":"312-867-5311","zip":"60601"}"#, time(NOW));
    let all = prunable(&place.store, &main(), retention(90)).unwrap().events;
    let name = leadwright::model::SubscriberName::new("crm").unwrap();
    let engine = &place.engine;
    let reader = engine.subscribe(&name, &[], leadwright::store::Begin::Start).unwrap();
    assert_eq!(prunable(&place.store, &main(), retention(90)).unwrap().events, 0);
    let read = reader.poll(1_000).unwrap().pop().unwrap();
    reader.ack(read.position).unwrap();
    assert_eq!(prunable(&place.store, &main(), retention(90)).unwrap().events, all);
}

#[test]
fn a_pruned_decision_is_answered_and_not_replayed() {
    let place = Place::new("prune-replay");
    place.fill(time(OLD));
    assert_eq!(Engine::replay_all(&*place.store, &main(), 0, 3).unwrap().len(), 3);
    let new = r#"{"id":"N1","source":"web","phone":"312-867-5311","zip":"60601"}"#;
    place.decide(new, time(NOW));
    prune_all(&place.store, 90);
    let id: DecisionId = "web/L1.1".parse().unwrap();
    assert_eq!(replay(&*place.store, &main(), &id).unwrap_err().code(), Code::ReplayErased);
    assert_eq!(explain(&*place.store, &main(), &id).unwrap_err().code(), Code::ReplayErased);
    // The page after them is found, however many there are.
    let rest = Engine::replay_all(&*place.store, &main(), 0, 3).unwrap();
    assert!(rest.len() == 1 && rest[0].1.same && rest[0].1.id.to_string() == "web/N1.1");
    // The same request again is answered with what is left, and nothing is sold twice.
    let again = br#"{"id":"L1","source":"web","idempotency_key":"k1","phone":"312-867-5301","zip":"60601"}"#;
    let again = place.engine.decide(again, Tick::at(time(NOW))).unwrap();
    assert!(again.receipt.replayed && again.outcome == Outcome::Assigned);
    assert!(!String::from_utf8(again.body).unwrap().contains("5301"));
}

/// What the next lead asks for is there whatever time was given.
#[test]
fn what_a_plan_looks_back_to_stays() {
    let place = Place::new("prune-back");
    let at = |hours: i64| time(NOW).plus_millis(hours * 3_600_000);
    place.fill(at(0));
    for (n, hours) in [(1, 2), (2, 20), (3, 30)] {
        let lead = format!(r#"{{"id":"N{n}","source":"web","phone":"312-867-54{n:02}","zip":"60601"}}"#);
        assert_eq!(place.decide(&lead, at(hours)), Outcome::Assigned);
    }
    let since = |after: Timestamp| {
        let mut found = 0;
        let read = place.store.read(&main(), &mut |view| {
            found = view.since("contract:acme-il|rolling|count|sold", after)?;
            Ok(())
        });
        read.map(|()| found).unwrap()
    };
    let key = place.number("SELECT count(DISTINCT key) FROM moment WHERE key = 'contract:acme-il|rolling|count|sold'");
    assert_eq!((key, since(at(6))), (1, 2));
    // A year too far, and everything is older than a minute.
    let far = Retention { older_than: 60_000, now: at(24 * 365) };
    let pruned = prune(&place.store, &main(), far, &mut |_| {}).unwrap();
    assert_eq!((pruned.decisions, pruned.claims, pruned.moments), (11, 0, 1));
    assert_eq!(since(at(6)), 2, "the 24 hours before the last sale count as before");
    let repeated = r#"{"id":"N9","source":"web","phone":"312-867-5301","zip":"60601"}"#;
    assert_eq!(place.decide(repeated, at(31)), Outcome::Duplicate);
    assert_eq!(place.findings(), [""; 0]);
    assert_eq!(
        place.number("SELECT used FROM counter WHERE key LIKE '%|day:2026-11-25%'"),
        2,
        "its day is not long over"
    );
}

#[test]
fn it_goes_on_where_it_was_stopped() {
    let place = Place::new("prune-stopped");
    place.fill(time(OLD));
    for n in 0..600 {
        let lead = format!(r#"{{"id":"M{n}","source":"web","phone":"773-867-{n:04}","zip":"73301"}}"#);
        place.decide(&lead, time(OLD));
    }
    // Somebody stops it after the first transaction.
    let stopped = catch_unwind(AssertUnwindSafe(|| {
        prune(&place.store, &main(), retention(90), &mut |_| panic!("stopped")).unwrap()
    }));
    assert!(stopped.is_err());
    let erased = || place.number("SELECT count(*) FROM decision WHERE inner IS NOT NULL");
    assert_eq!(erased(), 256);
    assert_eq!(place.findings(), [""; 0], "half of it is no damage");
    let mut seen = Vec::new();
    let pruned = prune(&place.store, &main(), retention(90), &mut |erased| seen.push(erased)).unwrap();
    assert_eq!((pruned.decisions, seen.as_slice()), (352, &[256, 352][..]));
    assert_eq!((erased(), place.number("SELECT count(*) FROM event WHERE about IS NULL")), (608, 0));
    assert_eq!(place.findings(), [""; 0]);
    assert!(all_verify(&*place.store));
}

#[test]
fn a_damaged_decision_is_named_and_stops_nothing() {
    let place = Place::new("prune-damaged");
    place.fill(time(OLD));
    place.decide(r#"{"id":"N1","source":"web","phone":"312-867-5311","zip":"60601"}"#, time(NOW));
    place.spoil("L2");
    let pruned = prune_all(&place.store, 90);
    assert_eq!((pruned.decisions, pruned.damaged.as_slice()), (7, &["web/L2.1".parse().unwrap()][..]));
    assert_eq!(place.whole("L2"), 1);
    assert_eq!(place.number("SELECT count(*) FROM event WHERE lead = 'L1'"), 0, "the rest goes");
}
