//! What a run does when something goes wrong: over a transport that does what a test says.

#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "a test waits by the clock of the host")]

mod common;

use common::{ANSWERS, Fast, Known, plan, sell, states};
use leadwright::deliver::{Exchanged, Lost, Request, Response, Transport};
use leadwright::engine::{Engine, EngineOptions, NoRequest};
use leadwright::model::{AttemptClass, DeliveryState, Error};
use leadwright::operate::Sending;
use leadwright::store::MemoryStore;
use leadwright::store::testkit::{Fault, FaultyStore};
use leadwright_deliver::{Delivery, DeliveryOptions, Told};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// A transport of one function, which is told the how manieth request it is.
struct Does<F>(F, AtomicUsize);

fn does<F: Fn(usize, &Request) -> Exchanged + Send + Sync>(each: F) -> Does<F> {
    Does(each, AtomicUsize::new(0))
}

impl<F: Fn(usize, &Request) -> Exchanged + Send + Sync> Transport for Does<F> {
    fn send(&self, request: &Request, _: Duration) -> Exchanged {
        (self.0)(self.1.fetch_add(1, Ordering::SeqCst), request)
    }
}

fn says(status: u16, body: &str) -> Exchanged {
    Exchanged::Answered(Response { status, headers: Vec::new(), body: body.into() })
}

fn taken(_: usize, _: &Request) -> Exchanged {
    says(200, r#"{"status":"accepted"}"#)
}

fn hub() -> String {
    format!(r#""hub": {{ "url": "https://hub.example/leads", {ANSWERS} }}"#)
}

fn one_buyer() -> Engine {
    let plan = plan(&hub(), &[("acme", "IL", 40, r#""post": { "to": "hub" },"#)]);
    Engine::open(plan, MemoryStore::new()).expect("an engine")
}

fn until_empty() -> DeliveryOptions {
    DeliveryOptions { workers: 2, until_empty: true, ..DeliveryOptions::default() }
}

/// What a run tells.
#[derive(Default)]
struct Heard(Mutex<Vec<String>>);

impl Heard {
    fn put(&self, text: String) {
        self.0.lock().expect("nobody panics").push(text);
    }

    fn all(&self) -> Vec<String> {
        self.0.lock().expect("nobody panics").clone()
    }
}

impl Told for Heard {
    fn no_request(&self, _: &Sending, why: &NoRequest) {
        self.put(format!("{}: {why}", why.class.as_str()));
    }

    fn store_failed(&self, error: &Error, _: Duration) {
        self.put(error.code().as_str().to_owned());
    }

    fn unreported(&self, _: &Sending, error: &Error) {
        self.put(format!("unreported: {}", error.code().as_str()));
        panic!("whoever hears it may panic");
    }
}

#[test]
fn what_is_due_is_sent_once_and_only_where_the_plan_says_how() {
    let buyers = [("acme", "IL", 40, r#""post": { "to": "hub" },"#), ("host", "TX", 40, "")];
    let engine = Engine::open(plan(&hub(), &buyers), MemoryStore::new()).expect("an engine");
    for n in 0..100 {
        sell(&engine, n, if n % 4 == 0 { "75201" } else { "60601" });
    }
    let keys = Mutex::new(Vec::new());
    let transport = does(|_, request| {
        let (_, key) = request.headers.iter().find(|(name, _)| name == "Idempotency-Key").expect("a key");
        keys.lock().expect("nobody panics").push(key.clone());
        says(200, r#"{"status":"accepted"}"#)
    });
    let delivery = Delivery::of(&engine, &transport, &Known(None));
    let clock = Fast::times(1);
    let done = delivery.at(&clock).run(&until_empty(), &mut || false).expect("it runs");
    assert_eq!((done.sent(), done.of(AttemptClass::Accepted), done.unreported), (75, 75, 0));
    let mut keys = keys.into_inner().expect("nobody panics");
    keys.sort();
    keys.dedup();
    assert_eq!(keys.len(), 75, "each once");
    let left = states(&engine);
    assert_eq!(left.len(), 25);
    assert!(left.iter().all(|(contract, state, tries)| {
        (contract.as_str(), *state, tries.len()) == ("host-1", DeliveryState::Ready, 0)
    }));
}

#[test]
fn a_panic_loses_nothing() {
    let engine = one_buyer();
    (0..10).for_each(|n| sell(&engine, n, "60601"));
    let transport = does(|nth, request| if nth == 3 { panic!("of somebody's lead") } else { taken(nth, request) });
    let clock = Fast::times(1);
    let done = Delivery::of(&engine, &transport, &Known(None)).at(&clock).run(&until_empty(), &mut || false);
    let done = done.expect("it goes on");
    assert_eq!((done.of(AttemptClass::Accepted), done.of(AttemptClass::Unknown)), (9, 1));
    assert_eq!(states(&engine), [("acme-1".to_owned(), DeliveryState::Unknown, vec!["unknown".to_owned()])]);
}

#[test]
fn what_is_on_its_way_is_waited_for_and_the_rest_is_left() {
    let engine = one_buyer();
    (0..20).for_each(|n| sell(&engine, n, "60601"));
    let transport = does(|nth, request| {
        std::thread::sleep(Duration::from_millis(300));
        taken(nth, request)
    });
    let (begun, clock) = (Instant::now(), Fast::times(1));
    let options = DeliveryOptions { workers: 3, ..DeliveryOptions::default() };
    let stop = &mut || begun.elapsed() > Duration::from_millis(100);
    let done = Delivery::of(&engine, &transport, &Known(None)).at(&clock).run(&options, stop).expect("it runs");
    assert_eq!(done.of(AttemptClass::Accepted), 3);
    assert!(states(&engine).iter().all(|(_, state, _)| *state == DeliveryState::Ready));
}

#[test]
fn a_store_that_fails_is_asked_again() {
    use Fault::{AfterCommit, Away, BeforeCommit};
    let plan = || plan(&hub(), &[("acme", "IL", 40, r#""post": { "to": "hub" },"#)]);
    let store = Arc::new(MemoryStore::new());
    let well = Engine::with_options(plan(), store.clone(), EngineOptions::default()).expect("an engine");
    (0..3).for_each(|n| sell(&well, n, "60601"));
    let faulty = FaultyStore::new(store, [Away, Away, AfterCommit, Away, BeforeCommit, Away, AfterCommit]);
    let engine = Engine::open(plan(), faulty).expect("an engine");
    let (heard, clock) = (Heard::default(), Fast::times(1));
    let transport = does(taken);
    let done = Delivery::of(&engine, &transport, &Known(None)).at(&clock).told(&heard);
    let done = done.run(&until_empty(), &mut || false).expect("it goes on");
    assert_eq!((done.of(AttemptClass::Accepted), done.unreported), (3, 0), "{:?}", heard.all());
    assert!(heard.all().len() >= 2, "{:?}", heard.all());
    assert!(states(&engine).is_empty());
}

#[test]
fn without_its_secrets_nothing_is_sent() {
    let endpoint = format!(
        r#""hub": {{ "url": "https://hub.example/leads", "auth": {{ "bearer": "secret://acme" }}, {ANSWERS} }}"#
    );
    let engine =
        Engine::open(plan(&endpoint, &[("acme", "IL", 40, r#""post": { "to": "hub" },"#)]), MemoryStore::new())
            .expect("an engine");
    sell(&engine, 1, "60601");
    let transport = does(taken);
    let none = Known(None);
    let refused = Delivery::of(&engine, &transport, &none).run(&until_empty(), &mut || false).expect_err("no secret");
    assert_eq!(refused.code().as_str(), "input.bad_option");
    assert!(refused.to_string().contains("there is no `acme`"), "{refused}");
    let clock = Fast::times(1);
    let known = Known(Some("t0ken"));
    let done =
        Delivery::of(&engine, &transport, &known).at(&clock).run(&until_empty(), &mut || false).expect("it runs");
    assert_eq!(done.of(AttemptClass::Accepted), 1);
}

#[test]
fn a_lead_of_which_no_request_can_be_made_is_a_dead_letter_and_goes_on() {
    let bad = r#""bad": { "url": "https://hub.example/leads", "with": { "age": "{{ lead.roof_age }}" } }"#;
    let endpoints = format!("{}, {bad}", hub());
    let buyers = [("acme", "IL", 40, r#""post": { "to": "hub" },"#), ("bolt", "IL", 50, r#""post": { "to": "bad" },"#)];
    let engine = Engine::open(plan(&endpoints, &buyers), MemoryStore::new()).expect("an engine");
    sell(&engine, 1, "60601");
    let (heard, clock, transport) = (Heard::default(), Fast::times(1), does(taken));
    let done = Delivery::of(&engine, &transport, &Known(None)).at(&clock).told(&heard);
    let done = done.run(&until_empty(), &mut || false).expect("it runs");
    assert_eq!((done.of(AttemptClass::Unsendable), done.of(AttemptClass::Accepted), done.fell), (1, 1, 1));
    assert!(heard.all()[0].starts_with("unsendable: `bad`: the template of"), "{:?}", heard.all());
}

#[test]
fn rule_087_a_contract_that_the_plan_has_no_more_is_still_delivered() {
    let engine = one_buyer();
    sell(&engine, 1, "60601");
    let other = plan(&hub(), &[("bolt", "TX", 40, r#""post": { "to": "hub" },"#)]);
    engine.swap(other).expect("another plan");
    let (clock, transport) = (Fast::times(1), does(taken));
    let done = Delivery::of(&engine, &transport, &Known(None)).at(&clock).run(&until_empty(), &mut || false);
    assert_eq!(done.expect("it runs").of(AttemptClass::Accepted), 1);
}

/// A buyer that loses its answers, and says what it has when it is asked: what `told` is for the nth question.
fn asked(
    first: &Exchanged,
    told: impl Fn(usize) -> Exchanged + Send + Sync,
    minutes: u64,
) -> (Engine, leadwright_deliver::Delivered, usize) {
    let status = r#""status": { "url": "https://hub.example/leads/{{ key }}", "method": "GET", "answers": [
        { "if": { "/has": true }, "is": "accepted" }, { "if": { "/has": false }, "is": "rejected" } ] }"#;
    let post = r#""post": { "to": "hub", "tries": 1 }, "no_answer": { "hold_at_most": "5m", "then": "ask", "ask": "status" },"#;
    let buyers = [("acme", "IL", 40, r#""post": { "to": "hub" },"#), ("lost", "IL", 50, post)];
    let engine = Engine::open(plan(&format!("{}, {status}", hub()), &buyers), MemoryStore::new()).expect("an engine");
    sell(&engine, 1, "60601");
    let questions = AtomicUsize::new(0);
    let posts = AtomicUsize::new(0);
    let transport = does(|nth, request| {
        if request.method == "GET" {
            assert!(request.url.starts_with("https://hub.example/leads/") && request.body.is_empty());
            return told(questions.fetch_add(1, Ordering::SeqCst));
        }
        match posts.fetch_add(1, Ordering::SeqCst) {
            0 => first.clone(),
            _ => taken(nth, request),
        }
    });
    // A minute in 20 ms.
    let (begun, clock) = (Instant::now(), Fast::times(3_000));
    let hold = Some(Duration::from_secs(3_600));
    let options = DeliveryOptions { workers: 2, hold, idle: Duration::from_millis(20), ..DeliveryOptions::default() };
    let stop = &mut || states(&engine).is_empty() || begun.elapsed() > Duration::from_millis(20 * minutes);
    let done = Delivery::of(&engine, &transport, &Known(None)).at(&clock).run(&options, stop).expect("it runs");
    (engine, done, questions.into_inner())
}

#[test]
fn a_buyer_that_can_be_asked_is_asked_until_it_says_so() {
    let (engine, done, questions) = asked(
        &Exchanged::Lost(Lost::Timeout),
        |nth| if nth < 2 { says(404, "") } else { says(200, r#"{"has":true}"#) },
        750,
    );
    assert_eq!((done.found_out, done.of(AttemptClass::Accepted), done.fell, questions), (1, 1, 0, 3));
    assert!(states(&engine).is_empty(), "it is done");
}

#[test]
fn a_buyer_that_says_that_it_has_nothing_loses_the_lead_to_the_next() {
    // Nobody knows either where it failed in the middle.
    for first in [Exchanged::Lost(Lost::Timeout), says(503, "")] {
        let (engine, done, questions) = asked(&first, |_| says(200, r#"{"has":false}"#), 500);
        assert_eq!((done.found_out, done.of(AttemptClass::Rejected), done.fell, questions), (1, 1, 1, 1), "{done:?}");
        assert_eq!(done.of(AttemptClass::Accepted), 1, "the next one took it");
        assert!(states(&engine).is_empty());
    }
}

#[test]
fn rule_044_what_a_buyer_does_not_say_in_so_many_words_stays_unknown() {
    let (engine, done, questions) = asked(
        &Exchanged::Lost(Lost::Timeout),
        |nth| [says(404, ""), says(401, ""), Exchanged::Lost(Lost::Broken)][nth % 3].clone(),
        200,
    );
    assert!(questions >= 2, "{questions}");
    assert_eq!((done.found_out, done.fell), (0, 0));
    assert_eq!(states(&engine), [("lost-1".to_owned(), DeliveryState::Unknown, vec!["unknown".to_owned()])]);
}

#[test]
fn workers_are_some() {
    let engine = one_buyer();
    let options = DeliveryOptions { workers: 0, ..DeliveryOptions::default() };
    let refused = Delivery::of(&engine, &does(taken), &Known(None)).run(&options, &mut || true).expect_err("nobody");
    assert_eq!(refused.code().as_str(), "input.bad_option");
}
