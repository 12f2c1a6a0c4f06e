//! Who asks for it is forgotten.

use super::{Place, all_verify, main, plan, time};
use leadwright::care::{Forgotten, forget, verify};
use leadwright::engine::{Engine, replay, verify_stored};
use leadwright::model::{Code, Error, EventKind, Outcome, Tick};
use leadwright::operate::Person;
use leadwright::store::{MemoryStore, Store};
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};

const NOW: &str = "2026-11-24T15:30:00Z";

/// What is planted, and must be nowhere afterwards.
const PLANTED: [&str; 9] = [
    "Qvenzalia",
    "Brockwunder",
    "867-9417",
    "3128679417",
    "plover.quokka",
    "Yttrius",
    "YTTRIUS",
    "please ring the goat",
    "idemcanary",
];

const LEADS: [&str; 5] = [
    r#"{"id":"P1","source":"web","idempotency_key":"idemcanary","first_name":"Qvenzalia","last_name":"Brockwunder","phone":"(312) 867-9417","email":"plover.quokka@example.com","street":"4417 Wexford Yttrius Ave","zip":"60601","comments":"please ring the goat"}"#,
    // The same phone, by another channel, and refused: there is no canonical lead.
    r#"{"id":"P2","source":"nowhere","first_name":"Qvenzalia","phone":"+1 312-867-9417"}"#,
    // The same address, in other letters.
    r#"{"id":"P3","source":"web","email":"Plover.Quokka@EXAMPLE.com","phone":"312-867-5333","zip":"60601"}"#,
    // Somebody else wrote down the number.
    r#"{"id":"P4","source":"web","phone":"312-867-5334","comments":"call Brockwunder, 312.867.9417","zip":"60601"}"#,
    r#"{"source":"web","phone":"312-867-9417","last_name":"Brockwunder" "#,
];

fn person() -> Person {
    Person { by: Some("ann".into()), reason: Some("letter of Nov 23".into()), ..Person::default() }
}

fn by_phone() -> Person {
    Person { phone: Some("312 867 9417".into()), ..person() }
}

fn run(store: &dyn Store, person: &Person) -> Result<Forgotten, Error> {
    forget(store, &main(), person, time(NOW), &mut |_| {})
}

fn fill(place: &Place) {
    place.fill(time(NOW));
    for lead in LEADS {
        place.decide(lead, time(NOW));
    }
}

/// What stands in the file, its write-ahead log and what lies between.
fn bytes(place: &Place) -> Vec<u8> {
    let files = ["leads.db", "leads.db-wal", "leads.db-shm"].map(|name| fs::read(place.beside(name)));
    files.into_iter().filter_map(Result::ok).flatten().collect()
}

fn stands(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

#[test]
fn no_byte_is_left() {
    let place = Place::new("forget");
    fill(&place);
    let before = bytes(&place);
    for planted in PLANTED {
        // The caller's key is the caller's own.
        let is_hidden = Place::SEALED && planted != "idemcanary";
        assert_eq!(stands(&before, planted), !is_hidden, "{planted}");
    }
    let by = Person { email: Some("plover.quokka@example.com".into()), ..by_phone() };
    assert_eq!(
        run(&*place.store, &by).unwrap(),
        Forgotten { searched: 13, erased: 5, before: 0, ..Forgotten::default() }
    );
    place.store.vacuum().unwrap();
    let after = bytes(&place);
    for planted in PLANTED {
        assert!(!stands(&after, planted), "{planted} is still there");
    }
    let others = place.store.decision(&main(), &"web/L2.1".parse().unwrap()).unwrap().unwrap();
    assert!(stands(&others.record.body, "3128675302"), "others stay");

    assert!(all_verify(&*place.store));
    let verified = verify(&place.store, &mut |_| {}).unwrap();
    assert_eq!((verified.findings.as_slice(), verified.erased, verified.replayed), (&[][..], 5, 8));
    let id = "web/P1.1".parse().unwrap();
    assert_eq!(replay(&*place.store, &main(), &id).unwrap_err().code(), Code::ReplayErased);
    // It was sold, and that stays; nobody delivers it any more, and nothing remembers the phone.
    let stored = place.store.decision(&main(), &id).unwrap().unwrap();
    assert_eq!((stored.record.outcome, stored.record.idempotency_key.is_none()), (Outcome::Assigned, true));
    let waits = place.store.outbox(&main(), 0, 100).unwrap();
    assert_eq!(waits.iter().filter(|(_, entry)| entry.decision == id).count(), 0);
    assert_eq!(place.number("SELECT count(*) FROM claim WHERE lead LIKE 'P%'"), 0);
    assert_ne!(place.number("SELECT count(*) FROM claim"), 0);
}

#[test]
fn it_is_told_once_and_without_the_person() {
    let place = Place::new("forget-told");
    fill(&place);
    run(&*place.store, &by_phone()).unwrap();
    let again = run(&*place.store, &by_phone()).unwrap();
    assert_eq!((again.erased, again.before), (0, 0), "nothing says any more whose they were");
    let events = place.store.events(&main(), 0, 1_000).unwrap();
    let told: Vec<_> = events.iter().filter(|(_, event)| event.kind == EventKind::PersonForgotten).collect();
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].1.data, r#"{"by":"ann","decisions":"4","reason":"letter of Nov 23"}"#);
    assert_eq!(told[0].1.subject.to_string(), "person");
}

/// What says so is in the transaction that did it: whoever is stopped has said what was done.
#[test]
fn half_of_it_is_told_as_half() {
    let place = Place::new("forget-half");
    for n in 0..600 {
        place.decide(&format!(r#"{{"id":"M{n}","source":"web","phone":"312-867-9417","zip":"{n:05}"}}"#), time(NOW));
    }
    let told = || {
        let events = place.store.events(&main(), 0, 10_000).unwrap().into_iter();
        let told = events.filter(|(_, event)| event.kind == EventKind::PersonForgotten).map(|(_, event)| event.data);
        told.map(|data| serde_json::from_str::<serde_json::Value>(&data).unwrap()["decisions"].to_string()).collect()
    };
    let stopped = catch_unwind(AssertUnwindSafe(|| {
        forget(&*place.store, &main(), &by_phone(), time(NOW), &mut |_| panic!("stopped")).unwrap()
    }));
    assert!(stopped.is_err());
    let sums: Vec<String> = told();
    assert_eq!(sums, ["\"256\""]);
    assert_eq!(run(&*place.store, &by_phone()).unwrap().erased, 344);
    let sums: Vec<String> = told();
    assert_eq!(sums, ["\"256\"", "\"256\"", "\"88\""]);
}

#[test]
fn a_lead_names_its_person_and_all_decisions_about_it() {
    let place = Place::new("forget-lead");
    fill(&place);
    // Its first decision says who it is: the phone of L3, too. The second one was refused, for it is somebody else's.
    let by = Person { lead: Some("web/L1".into()), ..person() };
    assert_eq!(
        run(&*place.store, &by).unwrap(),
        Forgotten { searched: 13, erased: 3, before: 0, ..Forgotten::default() }
    );
    assert_eq!(
        run(&*place.store, &by).unwrap(),
        Forgotten { searched: 13, erased: 0, before: 2, ..Forgotten::default() }
    );
    // A lead that came again is answered, and nothing is written.
    let again = br#"{"id":"L3","source":"web","phone":"312-867-5301","roof_age":4,"zip":"60601"}"#;
    assert!(place.engine.decide(again, Tick::at(time(NOW))).unwrap().receipt.replayed);
    assert_eq!(place.findings(), [""; 0]);
}

#[test]
fn nobody_else_is_forgotten() {
    let place = Place::new("forget-others");
    place.fill(time(NOW));
    for lead in [
        r#"{"id":"O1","source":"web","email":"xtwo@example.com","phone":"312-867-5340","zip":"60601"}"#,
        r#"{"id":"O2","source":"web","email":"two@example.com.mx","phone":"312-867-5341","zip":"60601"}"#,
        r#"{"id":"O3","source":"web","comments":"two at example.com","phone":"312-867-5342","zip":"60601"}"#,
        r#"{"id":"O4","source":"web","comments":"to:a.two@example.com","phone":"312-867-5343","zip":"60601"}"#,
    ] {
        place.decide(lead, time(NOW));
    }
    let by = Person { email: Some("TWO@example.com".into()), ..person() };
    assert_eq!(run(&*place.store, &by).unwrap().erased, 1);
    let whole = |id: &str| place.store.decision(&main(), &id.parse().unwrap()).unwrap().unwrap().inner.is_none();
    assert!(!whole("web/L2.1") && ["web/O1.1", "web/O2.1", "web/O3.1", "web/O4.1", "web/L1.1"].into_iter().all(whole));
}

/// However it is written into other texts.
#[test]
fn an_address_is_found_within_a_text() {
    let place = Place::new("forget-within");
    let texts = [
        "https://forms.example.com/?email=Two@example.com&step=2",
        "https://forms.example.com/?email=two%40example.com",
        "'two@example.com'",
        "<two@example.com>, mailto:two@example.com",
        "write to two@example.com.",
    ];
    for (n, text) in texts.iter().enumerate() {
        let lead = serde_json::json!({ "id": format!("E{n}"), "source": "web", "comments": text, "zip": "60601" });
        place.decide(&lead.to_string(), time(NOW));
    }
    let by = Person { email: Some("two@example.com".into()), ..person() };
    assert_eq!(run(&*place.store, &by).unwrap().erased, 5);
}

#[test]
fn who_says_nothing_or_names_the_person_is_refused() {
    let place = Place::new("forget-refused");
    fill(&place);
    let code = |person: &Person| run(&*place.store, person).unwrap_err().code();
    assert_eq!(code(&person()), Code::OperationNoPerson);
    assert_eq!(code(&Person { phone: Some("867".into()), ..person() }), Code::OperationNoPerson);
    assert_eq!(code(&Person { lead: Some("web/none".into()), ..person() }), Code::OperationNoPerson);
    assert_eq!(code(&Person { by: None, ..by_phone() }), Code::OperationMalformed);
    assert_eq!(code(&Person { reason: Some(" ".into()), ..by_phone() }), Code::OperationMalformed);
    let named = Person { reason: Some("asked from (312) 867-9417".into()), ..by_phone() };
    assert_eq!(code(&named), Code::OperationMalformed);
    assert!(!run(&*place.store, &named).unwrap_err().to_string().contains("9417"));
    assert_eq!(place.number("SELECT count(*) FROM decision WHERE inner IS NOT NULL"), 0);
}

/// What is wrong must not be made to look right.
#[test]
fn a_decision_that_was_changed_is_named_and_not_touched() {
    let place = Place::new("forget-changed");
    fill(&place);
    match Place::SEALED {
        true => place.spoil("P1"),
        false => place.damage(
            "UPDATE decision SET body = CAST(replace(CAST(body AS TEXT), '60601', '60602') AS BLOB) WHERE lead = 'P1'",
        ),
    }
    let done = run(&*place.store, &by_phone()).unwrap();
    assert_eq!(done.damaged, ["web/P1.1".parse().unwrap()]);
    assert_eq!((done.searched, done.erased), (13, 3), "the others are forgotten all the same");
    assert_eq!(place.whole("P1"), 1);
    // What cannot be read at all may be theirs.
    place.spoil("L2");
    let done = run(&*place.store, &by_phone()).unwrap();
    assert_eq!(done.damaged, ["web/L2.1".parse().unwrap(), "web/P1.1".parse().unwrap()]);
}

#[test]
fn a_store_in_memory_forgets_too() {
    let engine = Engine::open(plan(), MemoryStore::new()).unwrap();
    for lead in LEADS {
        engine.decide(lead.as_bytes(), Tick::at(time(NOW))).unwrap();
    }
    assert_eq!(run(engine.store(), &by_phone()).unwrap().erased, 4);
    let all = engine.store().decisions(&main(), 0, 100).unwrap();
    assert!(all.iter().all(verify_stored));
    let left =
        |stored: &&leadwright::store::Stored| String::from_utf8_lossy(&stored.record.body).contains("Brockwunder");
    assert_eq!(all.iter().filter(left).count(), 0);
}
