//! What many machines prepare and one settles is what one machine decides, to the byte; and rows that are not what they
//! should be are refused.

#[path = "support/dice.rs"]
mod dice;
mod support;

use dice::Dice;
use leadwright::engine::{Engine, EngineOptions, Line};
use leadwright::lists::{Entries, ListOf, MemoryList};
use leadwright::model::limits::ROW_BYTES;
use leadwright::model::{Code, EngineVersion, Error, Seed, TenantId, Tick};
use leadwright::plan::{MemoryResolver, Plan};
use leadwright::store::MemoryStore;
use proptest::prelude::*;
use serde_json::value::RawValue;
use std::sync::Arc;
use xxhash_rust::xxh3::xxh3_64;

/// Caps that run out, turns, duplicates, a list in the plan and one outside, leads that wait, and every kind of field.
const PLAN: &str = r#"{ "format": 1, "plan": "handover", "currency": "USD", "timezone": "America/Chicago",
  "verticals": {
    "roofing": { "extends": "us/home-services@1", "fields": { "roof_age": { "is": "int", "optional": true }, "budget": { "is": "money", "optional": true } } },
    "auto": { "extends": "us/auto-insurance@1" } },
  "sources": { "web": { "verticals": ["roofing"] }, "both": { "verticals": ["roofing", "auto"], "caps": { "day": 30 },
      "payout": { "percent_of_price": 50 }, "sub_ids": { "x9": { "status": "blocked" } } } },
  "lists": { "opt-outs": { "host": true, "of": "phone" }, "metro": { "file": "metro.txt", "of": "zip" } },
  "intake": { "repair": ["zip_leading_zero", "state_from_zip"], "on_zip_state_conflict": "reject", "max_age": "31d", "suppress": ["opt-outs"],
    "repeats": { "ip": "1d" },
    "dedupe": [ { "any": ["phone", "email"], "within": "30d", "scope": "vertical", "against": "sold" } ] },
  "routes": {
    "roofing": { "max_sales": 2, "groups": [ { "id": "turns", "select": "weighted", "take": 1 }, { "id": "open", "select": "price" } ], "on_unsold": { "retry_for": "4h", "then": "store" } },
    "auto": { "groups": [ { "id": "all", "select": "round_robin" } ], "on_unsold": { "then": "store" } } },
  "buyers": {
    "acme": { "caps": { "day": { "spend": "900.00" } }, "contracts": {
      "acme-il": { "in": { "roofing/turns": { "weight": 3 } }, "where": { "state": ["IL", "WI"] }, "caps": { "day": 7 }, "sell": { "shared": { "price": "40.00" } } },
      "acme-metro": { "in": { "roofing/open": {} }, "where": { "list.metro": true }, "caps": { "hour": 9 }, "sell": { "shared": { "price": "50.00" } } } } },
    "best": { "contracts": {
      "best-any": { "in": { "roofing/turns": { "weight": 2 } }, "where": { "roof_age": { "gte": 10 } }, "sell": { "shared": { "price": "20.00" } } },
      "best-auto": { "in": { "auto/all": {} }, "where": { "state": "IL" }, "caps": { "total": 5 }, "sell": { "exclusive": { "price": "12.00" } } } } },
    "cool": { "contracts": { "cool-auto": { "in": { "auto/all": {} }, "where": { "quality": { "gte": 500 }, "state": ["IL", "WI"] }, "sell": { "exclusive": { "price": "11.00" } } } } } } }"#;

fn plan() -> Plan {
    plan_of(PLAN)
}

fn plan_of(text: &str) -> Plan {
    let files = [("plan.jsonc", text.as_bytes().to_vec()), ("metro.txt", b"60601\n60602\n53202\n".to_vec())];
    Plan::load(&MemoryResolver::new(files), "plan.jsonc")
        .unwrap_or_else(|error| panic!("{error}: {:?}", error.issues()))
}

fn engine() -> Engine {
    engine_of(plan(), Arc::new(MemoryStore::new()), EngineOptions::default())
}

fn engine_of(plan: Plan, store: Arc<MemoryStore>, options: EngineOptions) -> Engine {
    let engine = Engine::with_options(plan, store, options).expect("an engine");
    let entries = Entries::plain(ListOf::Phone);
    let list = MemoryList::new(entries.clone(), "2026-11-24", entries.digests("+13125550100"));
    engine.set_list("opt-outs", Arc::new(list)).expect("the plan has it");
    engine
}

fn tick() -> Tick {
    Tick { now: "2026-11-24T15:30:00Z".parse().expect("a time"), seed: Seed::new(7).expect("a seed") }
}

/// A line as it might come: good, odd, wrong, nothing at all.
fn line(n: u64, dice: &mut Dice) -> Vec<u8> {
    match dice.below(40) {
        0 => return Vec::new(),
        1 => return b"  \t".to_vec(),
        2 => return b"{\"id\":\"L1\",".to_vec(),
        3 => return b"\xFF\xFE{}".to_vec(),
        4 => return "[".repeat(60).into_bytes(),
        5 => return format!("{{\"comments\":\"{}\"}}", "x".repeat(70_000)).into_bytes(),
        6 => return b"\xEF\xBB\xBF{\"id\":\"bom\",\"source\":\"web\",\"zip\":\"60601\"}".to_vec(),
        _ => {}
    }
    let mut fields = Vec::new();
    let mut put = |name: &str, value: String| fields.push(format!("\"{name}\":{value}"));
    match dice.below(12) {
        0 => {}
        1 => put("id", "\"no id at all\"".into()),
        2 => put("idempotency_key", format!("\"key-{}\"", dice.below(20))),
        3 => put("id", format!("\"L{}\"", dice.below(30))),
        _ => put("id", format!("\"L{n}\"")),
    }
    put("source", format!("\"{}\"", dice.one(&["web", "web", "both", "nobody"])));
    if dice.chance(60) {
        put("vertical", format!("\"{}\"", dice.one(&["roofing", "roofing", "auto", "boats"])));
    }
    match dice.below(10) {
        0 => {}
        1..=6 => put("phone", format!("\"(312) 867-{:04}\"", dice.below(900))),
        _ => put("phone", format!("\"{}\"", dice.one(&["312-867-5309", "312 555 0100", "123", "414-271-9000"]))),
    }
    if dice.chance(30) {
        put("email", format!("\"{}{}@Example.com \"", dice.one(&["Ada", "bob", "x"]), dice.below(40)));
    }
    put("zip", dice.one(&["\"60601\"", "\"53202\"", "60602", "\"2108\"", "\"O2108\"", "null"]).to_string());
    if dice.chance(40) {
        put("state", format!("\"{}\"", dice.one(&["IL", "illinois", "WI", "TX", "Nevda"])));
    }
    if dice.chance(30) {
        put("street", format!("\"{} N Main street Apt #{}\"", 1 + dice.below(900), dice.below(9)));
        put("city", "\"chicago\"".into());
    }
    if dice.chance(40) {
        put("roof_age", dice.one(&["12", "\"7 years\"", "-1", "99999999999999999999", "3.5"]).to_string());
    }
    if dice.chance(20) {
        put("budget", dice.one(&["\"$4,100.50\"", "\"lots\"", "2700"]).to_string());
    }
    if dice.chance(20) {
        put("ip", format!("\"203.0.113.{}\"", dice.below(4)));
    }
    if dice.chance(20) {
        put(
            "comments",
            dice.one(&["\"call me\"", "\"ssn 078-05-1120\"", "\"\\ud800 é 🏠\"", "[1,[2,{\"a\":[]}]]"]).to_string(),
        );
    }
    if dice.chance(15) {
        put("received_at", dice.one(&["\"2026-11-24T15:00:00Z\"", "\"2026-09-01T00:00:00Z\"", "\"soon\""]).to_string());
    }
    if dice.chance(10) {
        put("sub_id", dice.one(&["\"x9\"", "\"y1\""]).to_string());
    }
    if dice.chance(10) {
        put("not_to", dice.one(&["[\"cool\",\"acme\",\"acme\"]", "\"best\""]).to_string());
    }
    if dice.chance(10) {
        put("test", "true".into());
    }
    if dice.chance(10) {
        put("dob", dice.one(&["\"06/09/1991\"", "\"2004-02-29\""]).to_string());
        put("drivers", "[{\"age\":44,\"sr22\":false},{\"age\":\"17\"}]".into());
        put("vehicles", "[{\"year\":2019,\"make\":\"Honda\"}]".into());
    }
    format!("{{{}}}", fields.join(",")).into_bytes()
}

fn lines(seed: u64, count: u64) -> Vec<Vec<u8>> {
    let mut dice = Dice(seed);
    (0..count).map(|n| line(n, &mut dice)).collect()
}

fn text(lines: &[Vec<u8>]) -> Vec<u8> {
    lines.iter().flat_map(|line| [line, &b"\n"[..]].concat()).collect()
}

fn written(answers: &[Line]) -> Vec<u8> {
    answers.iter().flat_map(|line| [line.bytes(), b"\n"].concat()).collect()
}

/// Prepares in some machines, each its share in an order of its own, and settles in portions.
fn by_many(engine: &Engine, lines: &[Vec<u8>], machines: usize, portion: usize) -> Vec<u8> {
    let mut rows = vec![Vec::new(); lines.len()];
    for machine in 0..machines {
        let worker = self::engine();
        let share = (0..lines.len()).rev().filter(|place| (place * 7) % machines == machine);
        share.for_each(|place| rows[place] = worker.prepare_row(&lines[place], tick()));
    }
    let mut out = Vec::new();
    for (number, portion) in (1..).step_by(portion).zip(rows.chunks(portion)) {
        out.extend(written(&engine.settle_batch(portion, number).expect("they are settled")));
    }
    out
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn many_machines_prepare_and_one_settles_what_one_machine_decides(
        seed in any::<u64>(), machines in 1..6_usize, portion in 1..400_usize,
    ) {
        let lines = lines(seed, 240);
        let alone = engine();
        let store = Arc::new(MemoryStore::new());
        let engine = engine_of(plan(), store.clone(), EngineOptions::default());
        // What comes again is the same request to both.
        for _ in 0..2 {
            let decided = alone.decide_batch(&text(&lines), tick()).expect("it decides");
            prop_assert!(by_many(&engine, &lines, machines, portion) == decided, "seed {seed}");
        }
        // A row brings the lead as it came: what is recorded decides to the same bytes again.
        let again = Engine::replay_all(&*store, engine.tenant(), 0, 10_000).expect("it replays");
        prop_assert!(again.len() > 60 && again.iter().all(|(_, replay)| replay.same));
    }
}

/// The outcomes that the leads above come to, or the property would say little.
#[test]
fn the_leads_come_to_everything() {
    let decided = engine().decide_batch(&text(&lines(11, 2_000)), tick()).expect("it decides");
    let decided = String::from_utf8(decided).expect("UTF-8");
    let outcomes = ["rejected", "duplicate", "suppressed", "assigned", "unmatched", "unsold", "queued", "test"];
    for outcome in outcomes {
        assert!(decided.contains(&format!("\"outcome\":\"{outcome}\"")), "none is {outcome}");
    }
    for word in [
        "\"lists\":{",
        "limit.lead_bytes",
        "json.empty_line",
        "lead.repeated",
        "\"corrections\":[{",
        "lead.sub_id_blocked",
    ] {
        assert!(decided.contains(word), "none has {word}");
    }
}

/// The golden vectors of decisions whose leads come one after the other.
#[test]
fn the_golden_decisions_come_out_of_rows() {
    let mut compared = 0;
    for path in support::files(&support::folder("decide")) {
        let vector: std::collections::BTreeMap<String, Box<RawValue>> =
            serde_json::from_str(&std::fs::read_to_string(&path).expect("readable")).expect("JSON");
        let given: serde_json::Value = serde_json::from_str(vector["decide"].get()).expect("JSON");
        let members: std::collections::BTreeMap<String, Box<RawValue>> =
            serde_json::from_str(vector["decide"].get()).expect("an object");
        let leads: Vec<Box<RawValue>> = serde_json::from_str(members["leads"].get()).expect("a list");
        let between = ["do", "work", "release", "lead"];
        let plain = |lead: &serde_json::Value| between.iter().all(|word| lead.get(word).is_none());
        if !given["leads"].as_array().expect("a list").iter().all(plain) {
            continue;
        }
        let name = given["plan"].as_str().unwrap_or("plan.jsonc");
        let file =
            |name: &str| (name.to_owned(), std::fs::read(support::folder("decide").join(name)).expect("it is there"));
        let plan =
            Plan::load(&MemoryResolver::new([name, "opt-outs.txt", "metro.txt"].map(file)), name).expect("it is right");
        let pinned = || EngineOptions {
            engine: Some(EngineVersion { version: "0.0.0".into(), data: "vectors".into() }),
            ..EngineOptions::default()
        };
        let open = || Engine::with_options(plan.clone(), Arc::new(MemoryStore::new()), pinned()).expect("an engine");
        let tick = Tick {
            now: given["now"].as_str().expect("a time").parse().expect("a time"),
            seed: Seed::new(given["seed"].as_u64().unwrap_or(0)).expect("a seed"),
        };
        let worker = open();
        let row = |lead: &RawValue| {
            let text: Option<String> = serde_json::from_str(lead.get()).ok();
            worker.prepare_row(text.as_deref().unwrap_or(lead.get()).as_bytes(), tick)
        };
        let engine = open();
        // One by one as the vector says: together, what the store gives back of leases would come at another time.
        let decided: Vec<String> = leads
            .iter()
            .map(|lead| {
                String::from_utf8_lossy(engine.settle_batch(&[row(lead)], 1).expect("settled")[0].bytes()).into_owned()
            })
            .collect();
        let want: std::collections::BTreeMap<String, Box<RawValue>> =
            serde_json::from_str(vector["want"].get()).expect("JSON");
        let want: Vec<Box<RawValue>> = serde_json::from_str(want["decisions"].get()).expect("a list");
        assert_eq!(decided, want.iter().map(|body| body.get().to_owned()).collect::<Vec<_>>(), "{}", path.display());
        compared += 1;
    }
    assert!(compared >= 30, "only {compared} vectors have such leads");
}

#[test]
fn a_row_of_another_engine_is_refused_and_nothing_of_the_batch_is_settled() {
    let lead = br#"{"id":"L1","source":"web","phone":"312-867-5309","zip":"60601"}"#;
    let good = engine().prepare_row(lead, tick());
    let other_plan = PLAN.replace("\"day\": 7", "\"day\": 8");
    let version = |version: &str, data: &str| EngineOptions {
        engine: Some(EngineVersion { version: version.into(), data: data.into() }),
        ..EngineOptions::default()
    };
    let now = EngineVersion::current();
    let tenant = EngineOptions { tenant: TenantId::new("other").expect("an id"), ..EngineOptions::default() };
    let engines = [
        (plan_of(&other_plan), EngineOptions::default(), Code::PreparedOtherPlan),
        (plan(), tenant, Code::PreparedOtherTenant),
        (plan(), version("9.9.9", &now.data), Code::PreparedOtherVersion),
        (plan(), version(&now.version, "other"), Code::PreparedOtherVersion),
    ];
    for (plan, options, code) in engines {
        let other = engine_of(plan, Arc::new(MemoryStore::new()), options);
        let own = other.prepare_row(lead, tick());
        let error = other.settle_batch(&[&own, &good], 41).expect_err("it is another's");
        assert_eq!((error.code(), error.detail()), (code, "line 42"));
        let Line::Decided(decided) = &other.settle_batch(&[&own], 1).expect("its own")[0] else { panic!("a lead") };
        assert!(!decided.receipt.replayed, "nothing was settled before");
    }
    let mut later = good.clone();
    later[3] = b'2';
    assert_eq!(refusal(&later), Some(Code::PreparedOtherVersion), "the form of a later version");
    assert_eq!(refusal(&[good, vec![0; ROW_BYTES]].concat()), Some(Code::PreparedDamaged));
}

fn refusal(row: &[u8]) -> Option<Code> {
    engine().settle_batch(&[row], 1).err().map(|error: Error| error.code())
}

/// After a swap the engine has another plan: what was prepared before is refused, as said, and not decided by old places.
#[test]
fn a_swap_makes_rows_those_of_another_plan() {
    let engine = engine();
    let row = engine.prepare_row(b"{}", tick());
    engine.swap(plan_of(&PLAN.replace("\"day\": 7", "\"day\": 8"))).expect("it swaps");
    assert_eq!(engine.settle_batch(&[row], 1).expect_err("of before").code(), Code::PreparedOtherPlan);
}

/// Where the checksum begins and where what it covers does.
const SUM: usize = 4;
const COVERED: usize = 12;

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_done_to_a_row_is_found(seed in 0..50_u64, at in any::<usize>(), flip in 1..=255_u8, cut in any::<bool>()) {
        let mut row = engine().prepare_row(&lines(seed, 1)[0], tick());
        let at = at % row.len();
        if cut { row.truncate(at) } else { row[at] ^= flip }
        let code = refusal(&row);
        prop_assert!(matches!(code, Some(Code::PreparedDamaged | Code::PreparedOtherVersion)), "{code:?}");
        prop_assert_eq!(code == Some(Code::PreparedOtherVersion), !cut && at == 3 && row[3].is_ascii_digit());
    }

    /// Somebody who knows how rows are made says what they like: it is refused or settled, and the engine goes on.
    #[test]
    fn what_somebody_makes_up_does_no_harm(
        seed in 0..50_u64, at in any::<usize>(), length in 0..9_usize, put in prop::collection::vec(any::<u8>(), 0..12),
    ) {
        let engine = engine();
        let mut row = engine.prepare_row(&lines(seed, 1)[0], tick());
        let from = COVERED + at % (row.len() - COVERED);
        row.splice(from..(from + length).min(row.len()), put);
        let sum = xxh3_64(&row[COVERED..]).to_le_bytes();
        row[SUM..COVERED].copy_from_slice(&sum);
        if let Err(error) = engine.settle_batch(&[&row], 1) {
            prop_assert!(error.code().as_str().starts_with("prepared."), "{error}");
        }
        let good = engine.decide(br#"{"id":"good","source":"both","vertical":"auto"}"#, tick()).expect("it goes on");
        prop_assert!(!good.body.is_empty());
    }
}
