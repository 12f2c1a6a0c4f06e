//! The ledger of parity: exact counts from many writers, examples that stay few, no personal data, and the gate.

use leadwright::model::{Code, RawMap, RawValue, Timestamp};
use leadwright::parity::ledger::{Ledger, Parity};
use leadwright::parity::{Class, Gate, Observation, ParityOptions, Side, StageName, Word, counts_from_json};
use std::path::{Path, PathBuf};

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("leadwright-parity-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        Self(folder)
    }

    fn parity(&self, options: &str) -> Parity {
        let options = ParityOptions::from_json(options.as_bytes()).expect("the options are right");
        Parity::new(self.0.join("parity.db"), "routing", options)
    }

    /// The bytes of the file and of what lies beside it.
    fn bytes(&self) -> Vec<u8> {
        let files = std::fs::read_dir(&self.0).expect("it is there").map(|file| file.expect("it is there").path());
        let mut files: Vec<PathBuf> = files.collect();
        files.sort();
        files.iter().flat_map(|path| std::fs::read(path).expect("it is read")).collect()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn at(n: u64) -> Timestamp {
    let start: Timestamp = "2026-11-28T12:00:00Z".parse().expect("a time");
    start.plus_millis(i64::try_from(n).expect("small") * 1_000)
}

fn seen(n: u64, legacy: RawValue, candidate: RawValue) -> Observation {
    Observation {
        step: "decide".into(),
        key: format!("L{n}"),
        at: at(n),
        stage: StageName::Shadow,
        candidate_answered: false,
        legacy: Side::Value(legacy),
        candidate: Some(Side::Value(candidate)),
        legacy_ns: Some(1_000_000),
        candidate_ns: Some(50_000),
        input: Some(RawValue::Object(RawMap(vec![("id".into(), RawValue::text(format!("L{n}")))]))),
        noise: false,
    }
}

fn sold(buyer: &str, price: &str) -> RawValue {
    let member = |name: &str, text: &str| (name.to_owned(), RawValue::text(text));
    RawValue::Object(RawMap(vec![member("outcome", "sold"), member("buyer", buyer), member("price", price)]))
}

/// A step that decides.
const DECIDES: &str = r#"{"steps": {"decide": {"decision": true}}}"#;

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

fn noted(class: Class, parity: &Parity) -> (u64, usize) {
    let summary = parity.summary(Some("decide"), None).expect("it is read");
    let found = summary.steps["decide"].classes.iter().find(|one| one.class == class);
    found.map_or((0, 0), |one| (one.count, one.examples.len()))
}

const PERSON: [&str; 6] =
    ["Amelia Canary", "amelia@canary.example", "3125550177", "42 Canary Ln", "4111-77", "L-canary-7"];

/// A lead in every place where a value can come to the ledger.
fn about_a_person(n: u64) -> Vec<Observation> {
    let person = |mark: &str| {
        let mut members: Vec<(String, RawValue)> = PERSON
            .iter()
            .enumerate()
            .map(|(at, text)| (format!("f{at}"), RawValue::text(format!("{text}{mark}"))))
            .collect();
        // Whoever has an object by the address of a person has a person as the name of a member.
        members.push((PERSON[1].into(), RawValue::text(mark)));
        members.push(("list".into(), RawValue::List(vec![RawValue::text(PERSON[2]), RawValue::text(mark)])));
        RawValue::Object(RawMap(members))
    };
    let both = seen(n, person("x"), person("y"));
    let raised = Observation {
        legacy: Side::Raised(format!("ValueError: {} is no phone", PERSON[2])),
        candidate: Some(Side::Raised("KeyError".into())),
        ..seen(n, RawValue::Null, RawValue::Null)
    };
    [both, raised]
        .into_iter()
        .map(|one| Observation { key: PERSON[5].into(), input: Some(person("")), ..one })
        .collect()
}

#[test]
fn no_personal_data_comes_to_the_file() {
    for options in ["{}", r#"{"key": "000102030405060708090a0b0c0d0e0f"}"#] {
        let folder = Folder::new("person");
        let parity = folder.parity(options);
        (0..20).for_each(|n| drop(parity.record(&about_a_person(n)).expect("it is recorded")));
        let bytes = folder.bytes();
        assert!(holds(&bytes, "other_error") && holds(&bytes, "KeyError"), "something was recorded");
        for text in PERSON {
            assert!(!holds(&bytes, text), "{text} is in the file, with {options}");
        }
        let summary = serde_json::to_string(&parity.summary(None, None).expect("it is read")).expect("JSON");
        assert!(PERSON.iter().all(|text| !summary.contains(text)), "{summary}");
        assert_eq!(summary.contains("h1-"), options != "{}", "values are told apart only with a key");
    }
}

/// The same search finds what is there: with values they are kept, and a lead that is forgotten is gone.
#[test]
fn values_are_kept_where_they_are_wanted_and_go_when_they_must() {
    let folder = Folder::new("values");
    let parity = folder.parity(r#"{"values": true}"#);
    parity.record(&about_a_person(1)).expect("it is recorded");
    let bytes = folder.bytes();
    assert!(PERSON.iter().all(|text| holds(&bytes, text)));
    let pairs = parity.ledger().pairs("routing", "decide", 0, 10).expect("they are read");
    assert_eq!(pairs.len(), 2);
    assert!(pairs[0].input.as_ref().is_some_and(|input| input.get().contains(PERSON[0])));
    let (pair, _) = parity.ledger().smallest_pair("routing", Class::OtherError, None, None).expect("it is there");
    assert_eq!(pair.legacy.get(), r#"{"raised":"?"}"#, "a message of an exception is nobody's to keep");
    parity.ledger().forget(PERSON[5]).expect("it is forgotten");
    let bytes = folder.bytes();
    for text in PERSON {
        assert!(!holds(&bytes, text), "{text} is still in the file");
    }
    assert_eq!(parity.summary(None, None).expect("it is read").steps["decide"].compared, 2, "counts stay");
}

#[test]
fn examples_stay_few_and_counts_are_exact() {
    let folder = Folder::new("few");
    let parity = folder.parity(r#"{"ids": true}"#);
    for start in (0..1_000_u64).step_by(100) {
        let long = |n: u64| RawValue::text("b".repeat(if n == 500 { 1 } else { 20 }));
        let batch: Vec<Observation> = (start..start + 100).map(|n| seen(n, RawValue::text("a"), long(n))).collect();
        parity.record(&batch).expect("it is recorded");
    }
    assert_eq!(noted(Class::Value, &parity), (1_000, 5));
    let summary = parity.summary(None, None).expect("it is read");
    let class = &summary.steps["decide"].classes[0];
    let keys: Vec<_> =
        class.examples.iter().map(|one| (one.which.as_str(), one.key.clone().unwrap_or_default())).collect();
    let keys: Vec<_> = keys.iter().map(|(which, key)| (*which, key.as_str())).collect();
    assert_eq!(keys, [("first", "L0"), ("smallest", "L500"), ("last", "L999"), ("last", "L998"), ("last", "L997")]);
    assert!(std::fs::metadata(folder.0.join("parity.db")).expect("it is there").len() < 1 << 20);
    // Places without end are counted, and are no rows without end.
    for start in (0..3_000_u64).step_by(300) {
        let odd = |n: u64| {
            let name: String = n.to_string().bytes().map(|digit| char::from(digit - b'0' + b'a')).collect();
            RawValue::Object(RawMap(vec![(name, RawValue::Null)]))
        };
        let batch: Vec<Observation> =
            (start..start + 300).map(|n| seen(n, odd(n), RawValue::Object(RawMap(vec![])))).collect();
        parity.record(&batch).expect("it is recorded");
    }
    let summary = parity.summary(None, None).expect("it is read");
    let missing = summary.steps["decide"].classes.iter().filter(|class| class.class == Class::Missing);
    let (rows, count) = missing.fold((0, 0), |(rows, count), class| (rows + 1, count + class.count));
    assert!(rows <= 1_000 && count == 3_000, "{rows} {count}");
}

/// Run by the test below in processes of their own.
#[test]
fn another_process_writes() {
    let Some(folder) = std::env::var_os("LEADWRIGHT_TEST_PARITY") else { return };
    let options = ParityOptions::from_json(DECIDES.as_bytes()).expect("the options are right");
    let parity = Parity::new(Path::new(&folder).join("parity.db"), "routing", options);
    for start in (0..500_u64).step_by(50) {
        let batch: Vec<Observation> = (start..start + 50).map(|n| seen(n, sold("a", "1"), sold("a", "1"))).collect();
        parity.record(&batch).expect("it is recorded");
    }
}

#[test]
fn several_processes_and_threads_write_one_ledger() {
    let folder = Folder::new("many");
    let others: Vec<_> = (0..4)
        .map(|_| {
            let mut other = std::process::Command::new(std::env::current_exe().expect("this test"));
            other.args(["--exact", "another_process_writes", "--nocapture"]);
            other
                .env("LEADWRIGHT_TEST_PARITY", &folder.0)
                .stdout(std::process::Stdio::null())
                .spawn()
                .expect("it starts")
        })
        .collect();
    let parity = folder.parity(DECIDES);
    std::thread::scope(|scope| {
        for thread in 0..4_u64 {
            let parity = &parity;
            scope.spawn(move || {
                for n in 0..20 {
                    let one = seen(thread * 100 + n, sold("a", "1.00"), sold("a", "1.25"));
                    assert_eq!(parity.record(&[one]).expect("it is recorded")[0].verdict, Word::Mismatch);
                }
            });
        }
    });
    for mut other in others {
        assert!(other.wait().expect("it ends").success());
    }
    let step = &parity.summary(None, None).expect("it is read").steps["decide"];
    assert_eq!((step.compared, step.matched, step.mismatched.count), (2_080, 2_000, 80));
    assert_eq!(step.legacy_latency.count, 2_080);
    let class = step.classes.iter().find(|class| class.class == Class::SameBuyerOtherPrice).expect("it was seen");
    assert_eq!((class.money.to_string(), class.unexplained_money.to_string()), ("20.00".into(), "20.00".into()));
}

/// A candidate that differs in so many of 10,000 calls, beside what the legacy differs from itself.
fn candidate(folder: &Folder, differs: impl Fn(u64) -> bool, noise: impl Fn(u64) -> bool) -> Parity {
    let parity = folder.parity(DECIDES);
    for start in (0..10_000_u64).step_by(1_000) {
        let mut batch = Vec::new();
        for n in start..start + 1_000 {
            let other = |is: bool| if is { sold("b", "40.00") } else { sold("a", "40.00") };
            batch.push(seen(n, sold("a", "40.00"), other(differs(n))));
            batch.push(Observation { noise: true, ..seen(n, sold("a", "40.00"), other(noise(n))) });
        }
        parity.record(&batch).expect("it is recorded");
    }
    parity
}

/// Chance out of a number, and the same one every time.
fn chance(n: u64, salt: u64, in_10_000: u64) -> bool {
    let mut x = (n + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ salt.wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 31)).wrapping_mul(0x94d0_49bb_1331_11eb);
    (x ^ (x >> 29)) % 10_000 < in_10_000
}

#[test]
fn the_gate_refuses_half_a_percent_and_passes_the_same() {
    let ready = |name: &str, differs: &dyn Fn(u64) -> bool, noise: &dyn Fn(u64) -> bool, gate: &Gate| {
        let folder = Folder::new(name);
        let parity = candidate(&folder, differs, noise);
        let check = parity.check(gate, at(20_000), None).expect("it is checked");
        let failed: Vec<_> = check.steps["decide"].conditions.iter().filter(|one| !one.met).cloned().collect();
        (check.ready, failed.into_iter().map(|one| one.condition).collect::<Vec<_>>())
    };
    let never = |_: u64| false;
    let gate = Gate::default();
    assert_eq!(gate.min_samples, 10_000);
    assert_eq!(ready("same", &never, &never, &gate), (true, vec![]));
    let planted = |n: u64| n.is_multiple_of(200);
    assert_eq!(ready("planted", &planted, &never, &gate), (false, vec!["max_mismatch".into()]));
    for salt in 0..4 {
        let (own, noise) = (|n| chance(n, salt, 10), |n| chance(n, salt + 100, 10));
        assert_eq!(ready("noisy", &own, &noise, &gate), (true, vec![]), "{salt}");
        let worse = |n: u64| own(n) || planted(n);
        assert_eq!(ready("noisy-planted", &worse, &noise, &gate), (false, vec!["max_mismatch".into()]), "{salt}");
    }
    // It is the regression that is refused, and nothing else of this traffic.
    let blind = Gate { max_mismatch: 1.0, ..Gate::default() };
    assert_eq!(ready("blind", &planted, &never, &blind), (true, vec![]));
    let more = Gate { min_samples: 10_001, ..Gate::default() };
    assert_eq!(ready("few", &never, &never, &more), (false, vec!["min_samples".into()]));
}

/// A candidate that fails is soon left alone, so that few of its mistakes are seen.
#[test]
fn what_nobody_saw_is_no_proof() {
    let folder = Folder::new("unseen");
    let parity = folder.parity(DECIDES);
    let batch: Vec<Observation> = (0..95).map(|n| seen(n, sold("a", "40.00"), sold("a", "40.00"))).collect();
    parity.record(&batch).expect("it is recorded");
    let gate = Gate { min_samples: 95, max_mismatch: 1.0, ..Gate::default() };
    let failed = || {
        let check = parity.check(&gate, at(0), None).expect("it is checked");
        let failed = check.steps["decide"].conditions.iter().filter(|one| !one.met);
        failed.map(|one| (one.condition.clone(), one.found.clone())).collect::<Vec<_>>()
    };
    let count = |counts: &str| {
        let counts = counts_from_json(format!(r#"{{"decide": {counts}}}"#).as_bytes()).expect("counts");
        parity.count(&counts, at(0)).expect("they are counted");
    };
    count(r#"{"calls": 1000, "sampled_out": 900, "dropped": 2, "unsnapshotable": 1, "skipped_breaker": 2}"#);
    assert_eq!(failed(), [], "5 of 100");
    count(r#"{"skipped_breaker": 1}"#);
    assert_eq!(failed(), [("max_unseen".to_owned(), "5.9406%".to_owned())]);
}

#[test]
fn an_expired_difference_is_known_no_more_and_fails_the_gate() {
    let folder = Folder::new("expired");
    let known = r#"{"id": "K1", "reason": "r", "owner": "ann", "expires": "2026-11-28", "class": "value"}"#;
    let parity = folder.parity(&format!(r#"{{"steps": {{"decide": {{"known": [{known}]}}}}}}"#));
    let one = |n: u64| seen(n, RawValue::text("a"), RawValue::text("b"));
    let gate = Gate { min_samples: 1, max_known: 1.0, max_mismatch: 1.0, ..Gate::default() };
    assert_eq!(parity.record(&[one(0)]).expect("it is recorded")[0].verdict, Word::Known);
    assert!(parity.check(&gate, at(0), None).expect("it is checked").ready);
    assert_eq!(parity.record(&[one(86_400)]).expect("it is recorded")[0].verdict, Word::Mismatch);
    let check = parity.check(&gate, at(86_400), None).expect("it is checked");
    let failed: Vec<_> = check.steps["decide"].conditions.iter().filter(|one| !one.met).collect();
    assert_eq!(failed.len(), 1);
    assert_eq!((failed[0].condition.as_str(), failed[0].found.as_str()), ("expired_known", "K1 of ann on 2026-11-28"));
}

#[test]
fn money_and_time_are_conditions_too() {
    let folder = Folder::new("money");
    let parity = folder.parity(DECIDES);
    let mut batch: Vec<Observation> = (0..100).map(|n| seen(n, sold("a", "40.00"), sold("a", "40.00"))).collect();
    batch.push(seen(100, sold("a", "40.00"), sold("a", "15.00")));
    batch.push(seen(101, sold("a", "40.00"), sold("a", "65.00")));
    parity.record(&batch).expect("it is recorded");
    let gate = Gate { min_samples: 100, max_mismatch: 1.0, ..Gate::default() };
    let failed = |gate: Gate| {
        let check = parity.check(&gate, at(0), None).expect("it is checked");
        check.steps["decide"].conditions.iter().filter(|one| !one.met).map(|one| one.found.clone()).collect::<Vec<_>>()
    };
    let money = |text: &str| text.parse().ok();
    assert!(failed(Gate { max_unexplained_money: money("50.00"), ..gate.clone() }).is_empty());
    // What one lead gains is no comfort for what another loses.
    let found = failed(Gate { max_unexplained_money: money("49.99"), ..gate.clone() });
    assert_eq!(found, ["50.00 by same_buyer_other_price"]);
    assert!(failed(Gate { max_p99_ratio: Some(0.06), ..gate.clone() }).is_empty());
    assert_eq!(failed(Gate { max_p99_ratio: Some(0.04), ..gate }), ["0.05"]);
}

#[test]
fn a_file_of_something_else_is_not_touched() {
    let folder = Folder::new("foreign");
    let path = folder.0.join("leads.db");
    drop(leadwright::store::SqliteStore::open(&path).expect("a store"));
    let before = std::fs::read(&path).expect("it is read");
    let error =
        Parity::new(&path, "routing", ParityOptions::default()).record(&[seen(0, RawValue::Null, RawValue::Null)]);
    assert_eq!(error.expect_err("it is a store").code(), Code::StoreForeign);
    assert_eq!(Ledger::existing(&path).expect_err("it is a store").code(), Code::StoreForeign);
    assert_eq!(std::fs::read(&path).expect("it is read"), before);
    let parity = folder.parity("{}");
    parity.record(&[seen(0, RawValue::Null, RawValue::Null)]).expect("it is recorded");
    let other = leadwright::store::SqliteStore::open(folder.0.join("parity.db")).expect_err("it is a ledger");
    assert_eq!(other.code(), Code::StoreForeign);
}

#[test]
fn what_is_old_goes_and_what_is_new_stays() {
    let folder = Folder::new("old");
    let parity = folder.parity(r#"{"values": true}"#);
    let day = 86_400;
    parity.record(&[seen(0, RawValue::text("old canary"), RawValue::Null)]).expect("it is recorded");
    parity.record(&[seen(day, RawValue::text("new canary"), RawValue::Bool(true))]).expect("it is recorded");
    assert_eq!(parity.summary(None, Some(at(day))).expect("it is read").steps["decide"].compared, 1);
    let gone = parity.ledger().prune(at(day)).expect("it is pruned");
    assert_eq!(gone.pairs, 1);
    let bytes = folder.bytes();
    assert!(!holds(&bytes, "old canary") && holds(&bytes, "new canary"));
    assert_eq!(parity.summary(None, None).expect("it is read").steps["decide"].compared, 1);
}
