//! What a relay does with a broker that takes some, forgets what it said, or is not the one of before.

mod common;

use common::{cursor, decide, log, name, tenant};
use leadwright::model::EventKind;
use leadwright::store::{Begin, MemoryStore, leave};
use leadwright_relay::{Fault, Mark, Message, Pace, Published, Relay, RelayError, Sink, Step};
use proptest::prelude::*;
use std::sync::{Arc, LazyLock};

/// What happens to a batch.
#[derive(Clone, Copy, Debug)]
enum Fate {
    /// All is taken.
    Taken,
    /// So many are taken and acknowledged.
    Only(usize),
    /// So many are taken, and the acknowledgement is lost.
    Unheard(usize),
    /// Nothing is taken, and of what was acknowledged before so many are lost.
    Loses(usize),
}

/// A broker in memory.
#[derive(Default)]
struct Broker {
    kept: Vec<Message>,
    fates: Vec<Fate>,
    /// Whether it says what it has.
    tells: bool,
    batches: Vec<usize>,
}

impl Sink for Broker {
    fn last(&mut self) -> Result<Option<Mark>, Fault> {
        let last = self.kept.last().filter(|_| self.tells);
        Ok(last.map(|message| Mark::new(message.position, &message.id)))
    }

    fn publish(&mut self, messages: &[Message]) -> Published {
        self.batches.push(messages.len());
        let away = || Fault::Away("it is away".into());
        let fate = self.fates.pop().unwrap_or(Fate::Taken);
        let (taken, counted) = match fate {
            Fate::Taken => (messages.len(), messages.len()),
            Fate::Only(some) => (some.min(messages.len()), some.min(messages.len())),
            Fate::Unheard(some) => (some.min(messages.len()), 0),
            Fate::Loses(some) => {
                self.kept.truncate(self.kept.len().saturating_sub(some));
                (0, 0)
            }
        };
        self.kept.extend_from_slice(&messages[..taken]);
        match fate {
            Fate::Taken => Published::all(messages),
            _ => Published::only(counted, away()),
        }
    }
}

impl Broker {
    fn with(tells: bool, fates: &[Fate]) -> Self {
        Self { tells, fates: fates.iter().rev().copied().collect(), ..Self::default() }
    }

    fn bytes(&self) -> Vec<Vec<u8>> {
        self.kept.iter().map(|message| message.bytes.clone()).collect()
    }
}

fn store(leads: u32) -> Arc<MemoryStore> {
    let store = Arc::new(MemoryStore::new());
    decide(Arc::<MemoryStore>::clone(&store), 0..leads);
    store
}

fn open(store: &MemoryStore, begin: Begin) -> Relay {
    Relay::open(store, &tenant(), &name("broker"), &[], begin).unwrap().with_batch(8)
}

/// Steps until there is nothing to do.
fn all(relay: &mut Relay, store: &MemoryStore, broker: &mut Broker) {
    while relay.step(store, broker).unwrap() != Step::Idle {}
}

#[test]
fn everything_comes_in_order_and_the_cursor_is_at_the_end() {
    let (store, mut broker) = (store(20), Broker::with(false, &[]));
    let mut relay = open(&store, Begin::Start);
    all(&mut relay, &store, &mut broker);
    let log = log(&*store);
    // The plan, and two of each lead.
    assert_eq!((log.len(), broker.bytes() == log), (41, true));
    assert_eq!((cursor(&*store, "broker"), relay.position()), (41, 41));
    assert!(broker.batches.iter().all(|batch| *batch <= 8), "more on the way than was said");
    let keys: Vec<&str> = broker.kept.iter().map(|message| message.key.as_str()).take(5).collect();
    assert_eq!(keys[1..], ["web/L0", "web/L0", "web/L1", "web/L1"]);
}

#[test]
fn the_cursor_moves_for_what_was_acknowledged_alone() {
    let (store, mut broker) = (store(20), Broker::with(false, &[Fate::Only(3), Fate::Unheard(8), Fate::Taken]));
    let mut relay = open(&store, Begin::Start);
    assert!(matches!(relay.step(&*store, &mut broker).unwrap(), Step::Fault { relayed: 3, .. }));
    assert_eq!(cursor(&*store, "broker"), 3);
    assert!(matches!(relay.step(&*store, &mut broker).unwrap(), Step::Fault { relayed: 0, .. }));
    assert_eq!(cursor(&*store, "broker"), 3, "nobody heard that it was taken");
    assert_eq!(relay.step(&*store, &mut broker).unwrap(), Step::Relayed(8));
    assert_eq!(cursor(&*store, "broker"), 11);
}

#[test]
fn a_sink_that_says_nothing_of_the_rest_is_asked_again() {
    struct Half;
    impl Sink for Half {
        fn publish(&mut self, messages: &[Message]) -> Published {
            Published { count: messages.len() / 2, fault: None }
        }
    }
    let store = store(20);
    let step = open(&store, Begin::Start).step(&*store, &mut Half).unwrap();
    assert!(matches!(step, Step::Fault { relayed: 4, .. }), "{step:?}");
}

#[test]
fn whoever_opens_the_name_takes_over() {
    let (store, mut broker) = (store(20), Broker::with(true, &[]));
    let mut first = open(&store, Begin::Start);
    first.step(&*store, &mut broker).unwrap();
    let mut second = open(&store, Begin::Start);
    for _ in 0..2 {
        let ended = first.step(&*store, &mut broker).unwrap_err();
        assert!(matches!(&ended, RelayError::Store(error) if error.code().as_str() == "events.fenced"), "{ended}");
    }
    assert_eq!(broker.kept.len(), 8, "a relay that is out publishes nothing");
    all(&mut second, &store, &mut broker);
    assert_eq!(broker.bytes(), log(&*store));
    leave(&*store, &tenant(), &name("broker")).unwrap();
    assert!(second.step(&*store, &mut broker).is_err(), "the name was dropped");
}

#[test]
fn a_broker_that_is_ahead_of_the_cursor_gets_nothing_twice() {
    let (store, mut broker) = (store(20), Broker::with(true, &[Fate::Taken, Fate::Unheard(5)]));
    let mut relay = open(&store, Begin::Start);
    all(&mut relay, &store, &mut broker);
    assert_eq!(broker.bytes(), log(&*store));
    assert_eq!(cursor(&*store, "broker"), 41);
}

#[test]
fn what_a_broker_lost_after_it_had_acknowledged_it_comes_again() {
    let (store, mut broker) = (store(20), Broker::with(true, &[Fate::Taken, Fate::Taken, Fate::Loses(11)]));
    let mut relay = open(&store, Begin::Start);
    all(&mut relay, &store, &mut broker);
    assert_eq!(broker.bytes(), log(&*store));
    // Also when it was lost while nobody relayed.
    broker.kept.truncate(30);
    all(&mut open(&store, Begin::Start), &store, &mut broker);
    assert_eq!(broker.bytes(), log(&*store));
}

#[test]
fn the_stream_of_another_store_is_left_alone() {
    let (mine, other, mut broker) = (store(20), store(30), Broker::with(true, &[]));
    all(&mut open(&other, Begin::Start), &other, &mut broker);
    // Longer than this log.
    let ended = open(&mine, Begin::Start).step(&*mine, &mut broker).unwrap_err();
    assert!(matches!(ended, RelayError::Conflict(61)), "{ended}");
    // At a position that this log has, with another id.
    broker.kept.truncate(7);
    broker.kept[6].id = "00000000-0000-8000-8000-000000000000".into();
    let ended = open(&mine, Begin::Start).step(&*mine, &mut broker).unwrap_err();
    assert!(matches!(ended, RelayError::Conflict(7)), "{ended}");
    assert_eq!(broker.kept.len(), 7);
}

#[test]
fn only_the_types_that_are_wanted() {
    let (store, mut broker) = (store(20), Broker::with(true, &[Fate::Only(2)]));
    let kinds = [EventKind::LeadAssigned];
    let mut relay = Relay::open(&*store, &tenant(), &name("sales"), &kinds, Begin::Start).unwrap();
    all(&mut relay, &store, &mut broker);
    assert_eq!(broker.kept.len(), 20);
    assert!(broker.kept.iter().all(|message| message.kind == "lead.assigned.v1"));
    assert_eq!(cursor(&*store, "sales"), 41, "what is not wanted is passed over, or it would never be pruned");
}

#[test]
fn a_new_name_begins_where_it_is_told() {
    let (store, mut broker) = (store(20), Broker::with(false, &[]));
    let mut relay = open(&store, Begin::Now);
    all(&mut relay, &store, &mut broker);
    assert!(broker.kept.is_empty());
    relay.seek(&*store, Begin::At(40)).unwrap();
    all(&mut relay, &store, &mut broker);
    assert_eq!(broker.kept.iter().map(|message| message.position).collect::<Vec<_>>(), [40, 41]);
}

#[test]
fn a_loop_waits_tells_and_stops() {
    let (store, mut broker) = (store(20), Broker::with(true, &[Fate::Only(3), Fate::Only(0), Fate::Only(0)]));
    let mut relay = open(&store, Begin::Start);
    let pace =
        Pace { nap: std::time::Duration::from_secs(60), retry: std::time::Duration::from_millis(1), ..Pace::default() };
    let is_done = std::cell::Cell::new(false);
    let mut steps = Vec::new();
    let relayed = relay.run(&*store, &mut broker, pace, &mut || is_done.get(), &mut |step| {
        is_done.set(*step == Step::Idle);
        steps.push(step.clone());
    });
    assert_eq!(relayed.unwrap(), 41);
    assert_eq!(steps.iter().filter(|step| matches!(step, Step::Fault { .. })).count(), 3);
    struct Refuses;
    impl Sink for Refuses {
        fn publish(&mut self, _: &[Message]) -> Published {
            Published::only(0, Fault::Refused("it is too large".into()))
        }
    }
    relay.seek(&*store, Begin::Start).unwrap();
    let ended = relay.run(&*store, &mut Refuses, pace, &mut || false, &mut |_| ()).unwrap_err();
    assert_eq!(ended.to_string(), "the broker refuses: it is too large");
}

static LOG: LazyLock<Arc<MemoryStore>> = LazyLock::new(|| store(60));

fn fate() -> impl Strategy<Value = Fate> {
    prop_oneof![
        Just(Fate::Taken),
        (0..9_usize).prop_map(Fate::Only),
        (0..9_usize).prop_map(Fate::Unheard),
        (0..20_usize).prop_map(Fate::Loses),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Whatever happens to batches, and however often the relay is killed, a broker that tells what it has ends with the log.
    #[test]
    fn a_broker_that_tells_has_the_log(fates in prop::collection::vec(fate(), 0..40), kills in prop::collection::vec(1..6_usize, 0..10)) {
        let (store, mut broker) = (&*LOG, Broker::with(true, &fates));
        let _ = leave(&**store, &tenant(), &name("broker"));
        for steps in kills {
            let mut relay = open(store, Begin::Start);
            for _ in 0..steps {
                relay.step(&**store, &mut broker).unwrap();
            }
        }
        all(&mut open(store, Begin::Start), store, &mut broker);
        // What it lost last, nobody knows before somebody asks.
        all(&mut open(store, Begin::Start), store, &mut broker);
        // One that lost all that it had says nothing, and is told what comes after the cursor.
        let log = log(&**store);
        let from = log.len() - broker.kept.len();
        prop_assert_eq!(broker.bytes(), &log[from..]);
        prop_assert!(from == 0 || fates.iter().any(|fate| matches!(fate, Fate::Loses(_))));
    }

    /// One that does not tell, and loses nothing, has each event at least once, the first of each in the order of the log.
    #[test]
    fn a_broker_that_does_not_tell_has_all_of_it(fates in prop::collection::vec(fate(), 0..40), kills in prop::collection::vec(1..6_usize, 0..10)) {
        let fates: Vec<Fate> = fates.into_iter().filter(|fate| !matches!(fate, Fate::Loses(_))).collect();
        let (store, mut broker) = (&*LOG, Broker::with(false, &fates));
        let _ = leave(&**store, &tenant(), &name("broker"));
        for steps in kills {
            let mut relay = open(store, Begin::Start);
            for _ in 0..steps {
                relay.step(&**store, &mut broker).unwrap();
            }
        }
        all(&mut open(store, Begin::Start), store, &mut broker);
        let mut seen = std::collections::HashSet::new();
        broker.kept.retain(|message| seen.insert(message.id.clone()));
        prop_assert_eq!(broker.bytes(), log(&**store));
    }
}
