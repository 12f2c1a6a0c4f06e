//! A body takes any bytes. It must not panic, and what it checks must hold.

use leadwright::address::{canonicalize_line, canonicalize_text};
use leadwright::engine::{Engine, replay};
use leadwright::field::{FieldKind, FieldOptions, check, check_line};
use leadwright::model::{RawValue, Tick, Timestamp, read_raw, write_raw};
use leadwright::plan::{MemoryResolver, Plan};
use leadwright::store::MemoryStore;
use leadwright_cli::{Streams, run};
use std::sync::Arc;
use xxhash_rust::xxh3::xxh3_64;

/// A body and the folder of its corpus.
pub type Target = (&'static str, fn(&[u8]));

/// All of them.
pub const TARGETS: &[Target] = &[
    ("lead_json", lead_json),
    ("plan", plan),
    ("address", address),
    ("field", field),
    ("kind", kind),
    ("decide", decide),
    ("lines", lines),
    ("prepared", prepared),
];

/// The canonical form of a lead is read as itself.
pub fn lead_json(bytes: &[u8]) {
    let Ok(read) = read_raw(bytes) else { return };
    let written = write_raw(&RawValue::Object(read.map));
    let again = read_raw(written.as_bytes()).expect("what was written is read");
    assert_eq!(write_raw(&RawValue::Object(again.map)), written);
}

/// A plan of any bytes is checked; every issue has its place.
pub fn plan(bytes: &[u8]) {
    let files = MemoryResolver::new([("plan.jsonc", bytes.to_vec())]);
    let checked = Plan::check(&files, "plan.jsonc");
    assert!(checked.plan.is_some() || !checked.issues.is_empty(), "a refused plan says why");
    assert!(checked.issues.iter().all(|issue| issue.line >= 1 && issue.column >= 1));
}

/// An address of any text; its standard lines are read as the same address.
pub fn address(bytes: &[u8]) {
    let _ = canonicalize_line(bytes, 1);
    let text = String::from_utf8_lossy(bytes);
    let once = canonicalize_text(&text, "");
    let twice = canonicalize_text(&once.lines.join("\n"), "");
    assert!(once.lines.len() <= 6 && twice.lines.len() <= 6);
}

/// A line of `leadwright field`: one line of JSON comes out.
pub fn field(bytes: &[u8]) {
    let answer = check_line(bytes, 1);
    let text = String::from_utf8(answer).expect("an answer is UTF-8");
    assert!(text.starts_with('{') && text.ends_with('}') && !text.contains('\n'));
}

/// A value of one kind: that of `LEADWRIGHT_KIND`, or the one that the first byte chooses. Whatever it is, nothing panics.
pub fn kind(bytes: &[u8]) {
    let Some((first, rest)) = bytes.split_first() else { return };
    let named = std::env::var("LEADWRIGHT_KIND").ok().map(|name| name.parse::<FieldKind>().expect("a kind"));
    let kind = named.unwrap_or(FieldKind::ALL[usize::from(*first) % FieldKind::ALL.len()]);
    let text = String::from_utf8_lossy(rest);
    let options = FieldOptions { region: Some("US".into()), ..FieldOptions::default() };
    let _ = check(kind, &RawValue::text(text.as_ref()), "/value", &options);
}

const PLAN: &str = r#"{ "format": 1, "plan": "tiny", "currency": "USD", "timezone": "America/Chicago",
  "verticals": { "roofing": { "extends": "us/home-services@1" } }, "sources": { "web": { "verticals": ["roofing"] } },
  "intake": { "dedupe": [ { "any": ["phone", "email"], "within": "30d", "scope": "vertical", "against": "sold" } ] },
  "routes": { "roofing": { "groups": [ { "id": "all", "select": "weighted" } ], "on_unsold": { "then": "store" } } },
  "buyers": { "acme": { "contracts": {
    "acme-il": { "in": { "roofing/all": { "weight": 2 } }, "where": { "state": "IL" }, "caps": { "day": 2 }, "sell": { "exclusive": { "price": "40.00" } } },
    "acme-us": { "in": { "roofing/all": { "weight": 1 } }, "sell": { "shared": { "price": "4.00" } } } } } } }"#;

/// Whatever comes in is decided, twice the same, and replayed to the byte.
pub fn decide(bytes: &[u8]) {
    let plan = Plan::load(&MemoryResolver::new([("plan.jsonc", PLAN)]), "plan.jsonc").expect("the plan is right");
    let store = Arc::new(MemoryStore::new());
    let engine = Engine::with_options(plan, store.clone(), Default::default()).expect("an engine");
    let tick = Tick::at(Timestamp::EPOCH.plus_millis(1_795_000_000_000));
    let Ok(first) = engine.decide(bytes, tick) else { return };
    let again = engine.decide(bytes, tick).expect("what was decided is decided");
    assert!(again.receipt.replayed && again.body == first.body);
    assert!(replay(&*store, engine.tenant(), &first.id).expect("it replays").same);
}

/// A prepared lead of any bytes, as they are and with the head and the checksum of a right one: it is refused or settled, and
/// what was settled is so once.
pub fn prepared(bytes: &[u8]) {
    let plan = Plan::load(&MemoryResolver::new([("plan.jsonc", PLAN)]), "plan.jsonc").expect("the plan is right");
    let engine = Engine::open(plan, MemoryStore::new()).expect("an engine");
    let tick = Tick::at(Timestamp::EPOCH.plus_millis(1_795_000_000_000));
    // Magic, form and checksum are 12 bytes; four short texts follow.
    let mut made_up = engine.prepare_row(b"", tick);
    let head = (0..4).fold(12, |at, _| at + 1 + usize::from(made_up[at]));
    made_up.splice(head.., bytes.iter().copied());
    let sum = xxh3_64(&made_up[12..]).to_le_bytes();
    made_up[4..12].copy_from_slice(&sum);
    for row in [bytes, &made_up] {
        match engine.settle_batch(&[row], 1) {
            Ok(settled) => assert_eq!(settled.len(), 1),
            Err(error) => assert!(error.code().as_str().starts_with("prepared."), "{error}"),
        }
    }
    let whole = engine.prepare_batch(bytes, tick);
    let settled = engine.settle_batch(&whole, 1).expect("what was prepared is settled");
    assert_eq!(settled.len(), whole.len());
}

/// Any bytes as the input of `leadwright field`, as JSON Lines and as CSV.
pub fn lines(bytes: &[u8]) {
    for format in ["jsonl", "csv"] {
        let (mut input, mut out, mut err) = (bytes, Vec::new(), Vec::new());
        let mut streams = Streams { input: &mut input, out: &mut out, err: &mut err, is_terminal: false };
        let code = run(["leadwright", "field", "--format", format], &mut streams);
        assert!(matches!(code, 0 | 5), "exit code {code}");
    }
}
