//! A body takes any bytes. It must not panic, and what it checks must hold.

use leadwright::address::{canonicalize_line, canonicalize_text};
use leadwright::deliver::{Asked, Exchanged, Outgoing, Response, Secrets, read_answer, render, verify_webhook};
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
    ("endpoint", endpoint),
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

struct NoSecrets;

impl Secrets for NoSecrets {
    fn secret(&self, _: &str) -> Result<String, leadwright::model::Error> {
        Ok("whsec_c2VjcmV0IGtleQ==".to_owned())
    }
}

/// The first line is a template, the second a content type, the rest an answer. A request is the same twice and goes to the
/// host of the plan; an answer that no row fits is no acceptance.
pub fn endpoint(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let (template, rest) = text.split_once('\n').unwrap_or((&text, ""));
    let (kind, body) = rest.split_once('\n').unwrap_or((rest, ""));
    let template = serde_json::to_string(template).expect("a text");
    for send in ["json", "form", "xml", "text"] {
        let plan = format!(
            r#"{{ "format": 1, "plan": "p", "currency": "USD", "timezone": "UTC",
                "verticals": {{ "roofing": {{ "extends": "us/home-services@1" }} }},
                "endpoints": {{ "e": {{ "url": "https://e.example/in?k={{{{ lead.zip }}}}", "send": "{send}", "body": {template},
                  "headers": {{ "X-Of": {template} }}, "auth": {{ "sign": "secret://s" }},
                  "answers": [ {{ "if": {{ "/status": "ok" }}, "is": "accepted", "price": "/price", "id": "/id", "reason": "/why" }},
                               {{ "if": {{ "/r/ok": {{ "contains": "y" }} }}, "is": "rejected", "expires": "/r/t" }} ] }} }} }}"#
        );
        let files = MemoryResolver::new([("plan.jsonc", plan)]);
        let Some(plan) = Plan::check(&files, "plan.jsonc").plan else { continue };
        let endpoint = plan.endpoint("e").expect("it was declared");
        let fields = [("zip".to_owned(), body.into()), ("first_name".to_owned(), "A\"<&\u{1}".into())].into();
        let (lead, source, decision) = ("l".parse(), "s".parse(), "s/l.1".parse());
        let (buyer, contract) = ("b".parse(), "c".parse());
        let outgoing = Outgoing {
            key: "k",
            lead: lead.as_ref().expect("an id"),
            source: source.as_ref().expect("an id"),
            decision: decision.as_ref().expect("an id"),
            buyer: buyer.as_ref().expect("an id"),
            contract: contract.as_ref().expect("an id"),
            sale: leadwright::model::Sale::Shared,
            price: None,
            currency: leadwright::model::Currency::USD,
            day: leadwright::model::Date::FIRST,
            fields: &fields,
            send: &[],
        };
        let once = render(endpoint, &outgoing, Timestamp::EPOCH, &NoSecrets);
        assert_eq!(once, render(endpoint, &outgoing, Timestamp::EPOCH, &NoSecrets));
        let Ok(request) = once else { continue };
        assert!(request.url.starts_with("https://e.example/in?k=") && !request.url.contains([' ', '\n']));
        assert!(request.headers.iter().all(|(_, value)| !value.contains(['\r', '\n'])));
        verify_webhook(&["c2VjcmV0IGtleQ=="], &request.headers, &request.body, Timestamp::EPOCH, 300)
            .expect("it is signed");
        if send == "json" {
            serde_json::from_slice::<serde_json::Value>(&request.body).expect("JSON");
        }
        let headers = vec![("content-type".to_owned(), kind.to_owned()), ("retry-after".to_owned(), body.to_owned())];
        let response = Exchanged::Answered(Response { status: 200, headers, body: body.into() });
        let answered = read_answer(endpoint, Asked::Post, &response, Timestamp::EPOCH);
        assert!(answered.row == Some(0) || !answered.class.is_taken());
        assert!(answered.retry_after.is_none_or(|millis| (0..=86_400_000).contains(&millis)));
    }
}
