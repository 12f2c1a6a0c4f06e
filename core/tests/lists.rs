//! Suppression lists on an engine: what blocks, what flags, and that nothing passes where nobody looked (rules 74, 75).

use leadwright::engine::{Decided, Engine, replay};
use leadwright::lists::{Entries, Form, ListAbout, ListHash, ListOf, MemoryList, SuppressionList};
use leadwright::model::{Code, Error, Outcome, TenantId, Tick, Timestamp};
use leadwright::plan::{MemoryResolver, Plan};
use leadwright::store::MemoryStore;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

fn checked(lists: &str, intake: &str, files: &[(&str, String)]) -> leadwright::plan::Checked {
    let text = format!(
        r#"{{
        "format": 1, "plan": "lists", "currency": "USD", "timezone": "America/Chicago",
        "verticals": {{ "roofing": {{ "extends": "us/home-services@1" }} }},
        "sources": {{ "web": {{ "verticals": ["roofing"] }} }},
        "lists": {{ {lists} }}, "intake": {{ {intake} }},
        "routes": {{ "roofing": {{ "groups": [ {{ "id": "all", "select": "price" }} ], "on_unsold": {{ "then": "store" }} }} }},
        "buyers": {{ "acme": {{ "contracts": {{
            "acme-all": {{ "in": {{ "roofing/all": {{}} }}, "sell": {{ "exclusive": {{ "price": "40.00" }} }} }} }} }} }} }}"#
    );
    let mut all = MemoryResolver::new([("plan.jsonc", text)]);
    files.iter().for_each(|(name, text)| all.insert(*name, text.as_bytes()));
    Plan::check(&all, "plan.jsonc")
}

const SUPPRESS: &str = r#""suppress": ["a"]"#;

fn engine(list: &str, files: &[(&str, String)]) -> (Engine, Arc<MemoryStore>) {
    let checked = checked(&format!(r#""a": {list}"#), SUPPRESS, files);
    let store = Arc::new(MemoryStore::new());
    let plan = checked.plan.unwrap_or_else(|| panic!("{:?}", checked.issues));
    (Engine::with_options(plan, store.clone(), Default::default()).expect("an engine"), store)
}

/// Decides a lead with these fields, which nobody has decided before.
fn decided(engine: &Engine, fields: &str) -> serde_json::Value {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let id = NEXT.fetch_add(1, Ordering::Relaxed);
    let lead = format!(r#"{{"id":"L{id}","source":"web","comments":"{id}",{fields}}}"#);
    let tick = Tick::at("2026-11-24T15:30:00Z".parse().expect("a time"));
    let decided = engine.decide(lead.as_bytes(), tick).expect("it decides");
    serde_json::from_slice(&decided.body).expect("JSON")
}

fn outcome(engine: &Engine, fields: &str) -> String {
    decided(engine, fields)["outcome"].as_str().expect("an outcome").to_owned()
}

const PHONE: &str = r#""phone":"312-867-5309""#;

#[test]
fn rule_075_an_empty_list_does_not_suppress_nobody_in_silence() {
    for empty in ["", "# only a remark\n\n", "not a phone\n"] {
        let found = checked(r#""a": { "file": "a.txt", "of": "phone" }"#, SUPPRESS, &[("a.txt", empty.to_owned())]);
        assert!(found.plan.is_none(), "{empty:?}");
        assert!(found.issues.iter().any(|issue| issue.code == Code::PlanListEmpty), "{empty:?}: {:?}", found.issues);
    }
    let list = r#"{ "file": "a.txt", "of": "phone", "may_be_empty": true }"#;
    assert_eq!(outcome(&engine(list, &[("a.txt", String::new())]).0, PHONE), "assigned");
}

#[test]
fn rule_075_a_list_of_phones_looks_at_every_phone() {
    let (engine, _) = engine(r#"{ "file": "a.txt", "of": "phone" }"#, &[("a.txt", "+13128675300".to_owned())]);
    assert_eq!(outcome(&engine, PHONE), "assigned");
    assert_eq!(outcome(&engine, r#""phone":"312-867-5309","phone2":"312-867-5300""#), "suppressed");
    assert_eq!(outcome(&engine, r#""phone":"312-867-5300","phone2":"312-867-5309""#), "suppressed");
}

#[test]
fn rule_074_hashed_entries_are_found_in_the_form_that_was_hashed() {
    let forms = [("e164", "+13128675309"), ("digits", "13128675309"), ("national", "3128675309")];
    for hash in [ListHash::Md5, ListHash::Sha1, ListHash::Sha256] {
        for (name, text) in forms {
            let file = [("a.txt", hash.of(text).to_string().to_uppercase())];
            let word = hash.as_str();
            let any = engine(&format!(r#"{{ "file": "a.txt", "of": "phone", "hash": "{word}" }}"#), &file).0;
            assert_eq!(outcome(&any, PHONE), "suppressed", "{word} {name}, looked for in every form");
            for (declared, _) in forms {
                let list = format!(r#"{{ "file": "a.txt", "of": "phone", "hash": "{word}", "form": "{declared}" }}"#);
                let want = if declared == name { "suppressed" } else { "assigned" };
                assert_eq!(outcome(&engine(&list, &file).0, PHONE), want, "{word} {name} looked for as {declared}");
            }
        }
    }
    let email = [("a.txt", ListHash::Sha256.of("janedoe@gmail.com").to_string())];
    let (engine, _) = engine(r#"{ "file": "a.txt", "of": "email", "hash": "sha256", "form": "gmail" }"#, &email);
    assert_eq!(outcome(&engine, r#""phone":"312-867-5309","email":"Jane.Doe+roof@Gmail.com""#), "suppressed");
}

/// A list of the host's that says what it is told to.
struct Host {
    about: ListAbout,
    answer: Result<bool, Error>,
}

impl SuppressionList for Host {
    fn about(&self) -> ListAbout {
        self.about.clone()
    }

    fn holds(&self, value: &str) -> Result<bool, Error> {
        assert_eq!(value, "+13128675309");
        self.answer.clone()
    }
}

fn host(count: Option<u64>, made_at: Option<&str>, answer: Result<bool, Error>) -> Arc<Host> {
    let made_at = made_at.map(|text| text.parse::<Timestamp>().expect("a time"));
    Arc::new(Host { about: ListAbout { version: "v7".into(), count, made_at, of: None }, answer })
}

#[test]
fn rule_075_a_list_that_cannot_be_asked_passes_nobody() {
    let list = r#"{ "host": true, "of": "phone", "max_age": "31d" }"#;
    let fresh = Some("2026-11-01T00:00:00Z");
    let cases = [
        (host(Some(9), fresh, Ok(false)), "assigned", None),
        (host(None, fresh, Ok(false)), "assigned", None),
        (host(Some(9), fresh, Ok(true)), "suppressed", None),
        (host(Some(0), fresh, Ok(false)), "suppressed", Some("empty")),
        (host(Some(9), Some("2026-10-24T15:29:59Z"), Ok(false)), "suppressed", Some("stale")),
        (host(Some(9), None, Ok(false)), "suppressed", Some("stale")),
        (host(Some(9), fresh, Err(Error::new(Code::ListIo, "gone"))), "suppressed", Some("failed")),
    ];
    let (engine, store) = engine(list, &[]);
    let missing = decided(&engine, PHONE);
    assert_eq!((&missing["outcome"], &missing["lists"]["a"]["why"]), (&"suppressed".into(), &"missing".into()));
    for (given, want, why) in cases {
        engine.set_list("a", given.clone()).expect("it fits");
        let decision = decided(&engine, PHONE);
        assert_eq!(decision["outcome"], want, "{why:?}");
        let read = &decision["lists"]["a"];
        assert_eq!((read["version"].as_str(), read["why"].as_str()), (Some("v7"), why));
        assert_eq!(read["count"].as_u64(), given.about.count);
        let problem = decision["problems"].as_array().and_then(|all| all.last()).map(|problem| problem["code"].clone());
        let code = if why.is_some() { "lead.suppression_unavailable" } else { "lead.suppressed" };
        assert_eq!(problem.is_some_and(|problem| problem == code), want == "suppressed", "{decision}");
        // What the list says now is nothing to a replay.
        engine.set_list("a", host(Some(1), fresh, Ok(true))).expect("it fits");
        let id = decision["id"].as_str().and_then(|id| id.parse().ok()).expect("an id");
        assert!(replay(&*store, &TenantId::default(), &id).expect("it replays").same);
    }
}

/// Knows one address, in the letters that lists are promised.
struct OneEmail;

impl SuppressionList for OneEmail {
    fn about(&self) -> ListAbout {
        ListAbout { version: "v1".into(), count: Some(1), made_at: None, of: None }
    }

    fn holds(&self, value: &str) -> Result<bool, Error> {
        Ok(value == "jane.doe@example.com")
    }
}

#[test]
fn rule_073_a_list_of_the_host_is_asked_in_small_letters() {
    let (engine, _) = engine(r#"{ "host": true, "of": "email" }"#, &[]);
    engine.set_list("a", Arc::new(OneEmail)).expect("it fits");
    assert_eq!(outcome(&engine, r#""phone":"312-867-5309","email":"Jane.Doe@Example.com""#), "suppressed");
}

#[test]
fn a_lead_without_a_value_for_it_is_nothing_to_a_list() {
    let (engine, _) = engine(r#"{ "host": true, "of": "email" }"#, &[]);
    assert_eq!(outcome(&engine, PHONE), "assigned");
    assert!(decided(&engine, PHONE).get("lists").is_none());
}

#[test]
fn rule_075_a_held_lead_is_decided_anew_once_when_the_list_answers() {
    let (engine, store) = engine(r#"{ "host": true, "of": "phone" }"#, &[]);
    let keyed = r#"{"id":"L-held","idempotency_key":"k1","source":"web","phone":"312-867-5309"}"#;
    let plain = r#"{"id":"L-plain","source":"web","phone":"312-867-5309","x_note":"another request"}"#;
    for lead in [keyed, plain] {
        let send = || {
            engine.decide(lead.as_bytes(), Tick::at("2026-11-24T15:30:00Z".parse().expect("a time"))).expect("decided")
        };
        let said = |decided: &Decided| (decided.id.n, decided.outcome, decided.receipt.replayed);
        engine.set_list("a", host(Some(0), None, Ok(false))).expect("it fits");
        assert_eq!(said(&send()), (1, Outcome::Suppressed, false));
        assert_eq!(said(&send()), (1, Outcome::Suppressed, true), "the list is still empty");
        engine.set_list("a", host(Some(9), None, Ok(false))).expect("it fits");
        let anew = send();
        assert_eq!(said(&anew), (2, Outcome::Assigned, false));
        for _ in 0..3 {
            assert_eq!(said(&send()), (2, Outcome::Assigned, true), "it is sold once");
        }
        assert!(replay(&*store, &TenantId::default(), &anew.id).expect("it replays").same);
    }
}

#[test]
fn a_list_is_swapped_while_leads_are_decided() {
    let (engine, _) = engine(r#"{ "host": true, "of": "phone" }"#, &[]);
    let entries = Entries::hashed(ListOf::Phone, ListHash::Md5, Some(Form::National));
    let list = |phones: &[&str]| {
        let digests = phones.iter().flat_map(|phone| entries.digests(phone));
        Arc::new(MemoryList::new(entries.clone(), phones.len().to_string(), digests))
    };
    engine.set_list("a", list(&["+13128675309"])).expect("it fits");
    std::thread::scope(|scope| {
        let swapping = scope.spawn(|| {
            for n in 0..200 {
                let both = ["+13128675309", "+13125550100"];
                engine.set_list("a", list(&both[..1 + n % 2])).expect("it fits");
            }
        });
        while !swapping.is_finished() {
            let decision = decided(&engine, PHONE);
            let read = &decision["lists"]["a"];
            assert_eq!(decision["outcome"], "suppressed");
            assert_eq!(read["version"].as_str(), read["count"].as_u64().map(|n| n.to_string()).as_deref());
        }
    });
}

#[test]
fn a_list_of_something_else_is_refused() {
    let (engine, _) = engine(r#"{ "host": true, "of": "phone" }"#, &[]);
    let emails = MemoryList::new(Entries::plain(ListOf::Email), "1", []);
    assert_eq!(engine.set_list("a", Arc::new(emails)).unwrap_err().code(), Code::ListUnfit);
    assert_eq!(Outcome::Suppressed.as_str(), outcome(&engine, PHONE));
}

#[test]
fn a_plan_keeps_what_is_outside_of_it_outside_of_its_hash() {
    let (engine, _) = engine(r#"{ "compiled": "a.lwlist", "of": "phone" }"#, &[]);
    let plan = engine.plan();
    assert_eq!(plan.outside_lists().collect::<Vec<_>>(), [("a", Some("a.lwlist"))]);
    assert_eq!(Plan::from_bundle(&plan.bundle(true)).expect("it is read").hash(), plan.hash());
}

/// A stored plan holds digests, also of entries that came in clear.
#[test]
fn no_bundle_holds_a_phone() {
    let (engine, _) = engine(r#"{ "file": "a.txt", "of": "phone" }"#, &[("a.txt", "312-867-5300".to_owned())]);
    let bundle = engine.plan().bundle(true);
    assert!(!bundle.contains("8675300"));
    let again = Engine::open(Plan::from_bundle(&bundle).expect("it is read"), MemoryStore::new()).expect("an engine");
    assert_eq!(outcome(&again, r#""phone":"312-867-5300""#), "suppressed");
    assert_eq!(outcome(&again, PHONE), "assigned");
}
