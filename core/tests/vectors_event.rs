//! The golden vectors of events: what a subscriber is handed out, byte for byte.
//!
//! `{"why","event":{"now","plan","types","steps":[…]},"want":[CloudEvents]}`. Plans are those of `vectors/decide`. A step is a
//! lead, `{"now","lead"}` for one that comes at another time, `{"now"?,"do"}` for an operation, `{"now"?,"release"}` and
//! `{"now","work"}` for leads that wait, `{"now"?,"lead","observe"}` for what another system did, `{"now"?,"reserve"}`,
//! `{"now"?,"confirm"}` and `{"now"?,"return"}` for room that it takes, `{"now","claim","ended"}` for deliveries and how each
//! ended (null where nobody told), `{"now","redrive"}`, `{"now","forget"}` for a person, or `{"swap"}` for another plan.

mod support;

use leadwright::care::forget;
use leadwright::engine::Engine;
use leadwright::events::kinds_of;
use leadwright::model::{EventKind, SubscriberName, Tick, Timestamp};
use leadwright::operate::{
    ClaimDeliveries, DeliveryOutcome, Observation, Operation, Person, Redrive, Release, Reserve,
};
use leadwright::plan::{MemoryResolver, Plan};
use leadwright::store::{Begin, MemoryStore};
use serde_json::value::RawValue;
use std::collections::BTreeSet;

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Given {
    now: Timestamp,
    plan: String,
    types: Vec<String>,
    steps: Vec<Box<RawValue>>,
}

#[derive(serde::Deserialize)]
#[serde(untagged, deny_unknown_fields)]
enum Step {
    Operation {
        now: Option<Timestamp>,
        r#do: Box<serde_json::Value>,
    },
    Swap {
        swap: String,
    },
    Forget {
        now: Timestamp,
        forget: Box<serde_json::Value>,
    },
    Release {
        now: Option<Timestamp>,
        release: Box<serde_json::Value>,
    },
    Work {
        now: Timestamp,
        work: usize,
    },
    Observe {
        now: Option<Timestamp>,
        lead: Box<serde_json::Value>,
        observe: Box<serde_json::Value>,
    },
    Reserve {
        now: Option<Timestamp>,
        reserve: Box<serde_json::Value>,
    },
    Confirm {
        now: Option<Timestamp>,
        confirm: String,
    },
    Return {
        now: Option<Timestamp>,
        r#return: String,
    },
    Claim {
        now: Timestamp,
        claim: Box<serde_json::Value>,
        ended: Vec<Option<serde_json::Value>>,
    },
    /// The end of a sending that was handed out before, by its place among all of them.
    Told {
        now: Timestamp,
        told: usize,
        ended: serde_json::Value,
    },
    Redrive {
        now: Timestamp,
        redrive: Box<serde_json::Value>,
    },
    Later {
        now: Timestamp,
        lead: Box<serde_json::Value>,
    },
}

fn plan(name: &str) -> Plan {
    let file =
        |name: &str| (name.to_owned(), std::fs::read(support::folder("decide").join(name)).expect("it is there"));
    Plan::load(&MemoryResolver::new([name, "opt-outs.txt", "metro.txt"].map(file)), name).expect("the plan is right")
}

fn answer(given: &RawValue) -> String {
    let given: Given = serde_json::from_str(given.get()).expect("the vector is well formed");
    let engine = Engine::open(plan(&given.plan), MemoryStore::new()).expect("an engine");
    let decide = |lead: &str, now| drop(engine.decide(lead.as_bytes(), Tick::at(now)).expect("it decides"));
    let mut sent = Vec::new();
    for step in &given.steps {
        match serde_json::from_str(step.get()) {
            Ok(Step::Operation { now, r#do }) => {
                let operation = Operation::read(&r#do.to_string()).expect("an operation");
                engine.operate(&operation, now.unwrap_or(given.now)).expect("it is done");
            }
            Ok(Step::Forget { now, forget: person }) => {
                let person = Person::read(&person.to_string()).expect("it is read");
                forget(engine.store(), engine.tenant(), &person, now, &mut |_| {}).expect("it is done");
            }
            Ok(Step::Release { now, release }) => {
                let said = Release::read(&release.to_string()).expect("it is read");
                engine.release(&said, Tick::at(now.unwrap_or(given.now))).expect("it is decided");
            }
            Ok(Step::Observe { now, lead, observe }) => {
                let seen = Observation::read(&observe.to_string()).expect("it is read");
                let tick = Tick::at(now.unwrap_or(given.now));
                engine.observe(lead.to_string().as_bytes(), &seen, tick).expect("it is taken down");
            }
            Ok(Step::Reserve { now, reserve }) => {
                let reserve = Reserve::read(&reserve.to_string()).expect("it is read");
                engine.reserve_external(&reserve, now.unwrap_or(given.now)).expect("an answer");
            }
            Ok(Step::Confirm { now, confirm }) => {
                engine.confirm_external(&confirm, now.unwrap_or(given.now)).expect("an answer");
            }
            Ok(Step::Return { now, r#return: key }) => {
                engine.release_external(&key, now.unwrap_or(given.now)).expect("an answer");
            }
            Ok(Step::Work { now, work }) => drop(engine.work_queue(Tick::at(now), work).expect("it works")),
            Ok(Step::Claim { now, claim, ended }) => {
                let claim = ClaimDeliveries::read(&claim.to_string()).expect("it is read");
                let sendings = engine.claim(&claim, now).expect("a claim");
                assert_eq!(sendings.len(), ended.len(), "each is told of");
                sent.extend(sendings.iter().map(|sending| sending.id.clone()));
                for (sending, ended) in sendings.iter().zip(ended) {
                    let ended = ended.map(|ended| DeliveryOutcome::read(&ended.to_string()).expect("it is read"));
                    ended.iter().for_each(|ended| drop(engine.delivered(&sending.id, ended, now).expect("told")));
                }
            }
            Ok(Step::Told { now, told, ended }) => {
                let ended = DeliveryOutcome::read(&ended.to_string()).expect("it is read");
                engine.delivered(&sent[told], &ended, now).expect("told");
            }
            Ok(Step::Redrive { now, redrive }) => {
                engine.redrive(&Redrive::read(&redrive.to_string()).expect("it is read"), now).expect("done");
            }
            Ok(Step::Swap { swap }) => drop(engine.swap(plan(&swap)).expect("a plan")),
            Ok(Step::Later { now, lead }) => decide(&lead.to_string(), now),
            Err(_) => decide(step.get(), given.now),
        }
    }
    let kinds = kinds_of(given.types.iter().map(String::as_str)).expect("types");
    let reader =
        engine.subscribe(&SubscriberName::new("vectors").expect("a name"), &kinds, Begin::Start).expect("it reads");
    let events = reader.poll(1_000).expect("events");
    let texts: Vec<String> = events.into_iter().map(|event| String::from_utf8(event.bytes).expect("UTF-8")).collect();
    format!("[{}]", texts.join(","))
}

#[test]
fn every_vector_of_an_event_comes_out_byte_for_byte() {
    support::run("event", answer);
}

#[test]
fn every_kind_of_event_has_a_vector() {
    let mut seen = BTreeSet::new();
    for path in support::files(&support::folder("event")) {
        let vector: serde_json::Value = serde_json::from_slice(&std::fs::read(&path).expect("readable")).expect("JSON");
        let events = vector["want"].as_array().expect("events");
        assert!(!events.is_empty(), "{}", path.display());
        seen.extend(events.iter().map(|event| event["type"].as_str().expect("a type").to_owned()));
    }
    assert_eq!(seen, EventKind::ALL.iter().map(|kind| kind.as_str().to_owned()).collect());
}
